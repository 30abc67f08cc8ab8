"""Nobody learns what an agency wrote before they may see it: whatever it wrote, everybody else's pages are the same.

Two worlds that differ only in what the police wrote are walked by everybody who may not see it yet. Every page and
every file must come out alike, to the letter: in its words, its counts, its hidden fields and its addresses.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Column, ColumnElement, String, Table, Text, func, select, update

from audit_app.accounts.models import Agency, Draft, Membership, Partnership, Person
from audit_app.accounts.rules import Role, Typed, Viewer
from audit_app.cases.models import Case
from audit_app.core import clock as core_clock
from audit_app.core.db import Base, db, transaction
from audit_app.core.encryption import Encrypted
from audit_app.returns import models as returns
from audit_app.returns import services
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.queries import WHOLE
from audit_app.returns.rules import Known, Reply
from audit_app.rounds.models import RoundLevel
from tests.factories.accounts import a_member, as_actor, what_is_typed
from tests.factories.practice import TALK, a_feedback, named, open_to_practitioners
from tests.factories.returns import a_voice, an_event, describe, fill_in, find_file, ratings_of, say, submit
from tests.fixtures import Clock, Prepared
from tests.pages import PageClient
from tests.whole_app.test_access import Route, routes, signed_in
from tests.whole_app.world import World, build_world

CHANGING = re.compile(rb'value="[\w.=-]{80,}"|nonce="[^"]*"|content="[\w.=-]{80,}"|value="[0-9a-f]{32,40}"')
"""What differs between two answers to the same question: tokens of forms, and nonces."""
NOT_TYPED = {"name", "indicator_code", "level_code"}
"""Columns of texts that nobody types."""
THE_WORLD = "the world with returns that nobody may read"
FILES = {
    *("exports.round_workbook", "exports.everything"),
    *("returns.download_workbook", "returns.print_return", "panels.print_pack"),
}
"""Posts that give a file. (An empty form carries the moment at which it was made, and nothing that anybody wrote.)"""
OF_A_RETURN = {
    "return_id": None,
    "answer_id": "attribute_answer",
    "version_id": "return_version",
    "named_id": "return_practitioner",
}
"""The columns that say of which return a row is, at once or through the table named."""
NOT_WRITTEN = {"return_extension", "return_reminder", "return_file", "return_file_loaded", "return_stand_in"}
"""What stands beside a return and no agency wrote: the coordinator's doings, and a file for its person alone."""
ONCE_SUBMITTED = {
    *("return_version", "rating_version", "choice_version", "event_version", "return_comment"),
    *("return_practitioner", "practitioner_answer", "feedback"),
}
"""What there is only of a return that was submitted."""
BLIND_UNTIL_RELEASE = (
    Role.AUDITOR,
    Role.PANEL_CHAIR,
    Role.NOTE_TAKER,
    Role.PANEL_MEMBER,
    Role.PRACTITIONER,
    Role.AGENCY_LEAD,
    Role.BOARD_MEMBER,
    Role.KEY_HOLDER,
    Role.ADMINISTRATOR,
)
"""Who sees nothing of what the police wrote until the case is released. Those of an agency are of health."""


def tables_of_returns() -> Sequence[tuple[Table, Callable[[int], ColumnElement[bool]]]]:
    """Every table of what agencies write, with the condition that a row is of one return."""
    mine = (one.local_table for one in Base.registry.mappers if one.class_.__module__.startswith(returns.__name__))
    tables = {table.name: table for table in mine if isinstance(table, Table) and table.name not in NOT_WRITTEN}
    found = []
    for _, table in sorted(tables.items()):
        key = next((column for column in OF_A_RETURN if column in table.columns), "id")
        parent = OF_A_RETURN.get(key)
        found.append((table, partial(_is_of, table.columns[key], tables[parent] if parent else None)))
    return found


def _is_of(key: Column[int], parent: Table | None, return_id: int) -> ColumnElement[bool]:
    if parent is None:
        return key == return_id
    return key.in_(select(parent.columns.id).where(parent.columns.return_id == return_id))


def typed(table: Table) -> list[str]:
    """The columns of a table that hold what somebody typed."""
    texts = [column.name for column in table.columns if isinstance(column.type, Encrypted | Text | String)]
    return [name for name in texts if type(table.columns[name].type) in {Encrypted, Text, String}]


def write(return_id: int, mark: str, level: str) -> None:
    """Let the police have written this in every text they wrote, and chosen this level on every indicator."""
    with transaction():
        for table, is_of in tables_of_returns():
            for name in set(typed(table)) - NOT_TYPED:
                column = table.columns[name]
                is_filled = column.is_not(None) if isinstance(column.type, Encrypted) else column > ""
                words = f"{mark} {name}"[: getattr(column.type, "length", None) or 200]
                db.session.execute(update(table).where(is_of(return_id), is_filled).values({name: words}))
        found = db.session.get_one(AgencyReturn, return_id)
        words = Typed("Over the whole return", [("version", "1")], [("learning", f"{mark} typed")], [0]).as_json()
        db.session.execute(update(Draft).where(Draft.address == address_of(found)).values(typed=words))
        chosen = select(RoundLevel).where(RoundLevel.round_id == found.round_id, RoundLevel.code == level)
        row = db.session.scalars(chosen).one()
        its = update(Rating).where(Rating.return_id == return_id, Rating.level_id.is_not(None))
        db.session.execute(its.values(level_id=row.id, level_code=row.code))


def address_of(row: AgencyReturn) -> str:
    """A page of a return into which somebody types: what they have not saved is kept under it."""
    return f"/cases/{db.session.get_one(Case, row.case_id).reference}/return/{row.agency_id}/words"


@dataclass(frozen=True)
class Blind:
    """The world, with two returns of the police on cases that health is asked about too: not released yet."""

    world: World
    submitted: int
    written: int
    references: dict[int, str]
    """Of their cases, by the return's id."""


def build() -> Blind:
    world = build_world()
    found = {}
    for page in ("panels.release_case", "returns.score_domain"):
        reference = str(world.addresses[f"{page} reference"])
        of_case = select(AgencyReturn).join(Case, Case.id == AgencyReturn.case_id).where(Case.reference == reference)
        theirs = of_case.where(AgencyReturn.agency_id != world.addresses["return/agency_id"])
        found[reference] = db.session.scalars(theirs).one()
    submitted, written = found.values()
    its = select(Membership).where(Membership.agency_id == written.agency_id, Membership.role == Role.AUDITOR)
    here = db.session.get_one(Partnership, written.partnership_id)
    police = as_actor(db.session.get_one(Person, db.session.scalars(its).one().person_id), here)
    coordinator = as_actor(db.session.get_one(Person, world.people[Role.COORDINATOR]), here)
    agency = db.session.get_one(Agency, written.agency_id)
    practitioner = as_actor(a_member(here, Role.PRACTITIONER, agency=agency), here)
    for row in (submitted, written):
        say(row.id, Known.KNOWN, police)
        find_file(row.id, police, own_part="I met the family once.")
        fill_in(row.id, police)
        describe(row.id, police)
        an_event(row.id, police)
        what_is_typed(police, address_of(row), "Half a sentence")
        a_voice(row.id, police)
        with transaction():
            services.save_discussion(row.id, TALK, is_held=True, version=0, by=police, at=core_clock.now())
    submit_again(submitted, police, coordinator)
    open_to_practitioners(submitted.round_id)
    named(submitted.id, practitioner.id)
    reference = next(iter(found))
    with transaction():
        services.save_replies(
            reference, agency.id, {WHOLE: Reply("I was not asked.", 0)}, by=practitioner, at=core_clock.now()
        )
    a_feedback(submitted, given_on=date(2026, 3, 3), was_good="She was seen alone.", given_to="the officer")
    return Blind(world, submitted.id, written.id, {row.id: reference for reference, row in found.items()})


def submit_again(row: AgencyReturn, police: Viewer, coordinator: Viewer) -> None:
    """Submit it, have it sent back with a comment, and submit it again, so that there is a version of before."""
    submit(row.id, police)
    comments = {ratings_of(row.id)[0].indicator_id: "What does this mean for her?"}
    with transaction():
        services.send_back(
            row.id,
            reason="Please judge.",
            comments=comments,
            link="http://service.example",
            by=coordinator,
            at=core_clock.now(),
        )
    submit(row.id, police)


def addresses(route: Route, blind: Blind, return_ids: Sequence[int]) -> Iterator[str]:
    """The addresses of a route: where it is of a case, of these returns' cases, for health's and the police's."""
    world = blind.world
    if "reference" not in route.parts or route.long_name("reference") != "cases/reference":
        yield route.address(world, world.slug)
        return
    health = world.addresses["return/agency_id"]
    for return_id in return_ids:
        police = db.session.get_one(AgencyReturn, return_id).agency_id
        for agency_id in (health, police) if "agency_id" in route.parts else (health,):
            values = {name: route.value(world, name) for name in route.parts}
            values |= {"slug": world.slug, "reference": blind.references[return_id]}
            values |= {"agency_id": agency_id} if "agency_id" in values else {}
            built = route.rule.build(values)
            assert built is not None
            yield built[1]


def shown(client: PageClient, blind: Blind, role: Role, return_ids: Sequence[int]) -> dict[str, bytes]:
    """What somebody gets at every address there is, and in every file they may take."""
    person = signed_in(client, blind.world.people[role])
    person.is_checking = False  # other walks look at the markup
    got = {}
    for route in routes(client.app):
        if route.is_for(role) and (route.method == "GET" or route.rule.endpoint in FILES):
            for address in addresses(route, blind, return_ids):
                data = {"csrf_token": person.token()} if route.method == "POST" else None
                page = person.ask(route.method, address, data=data)
                got[f"{route.method} {address}"] = b"%d " % page.status + readable(page.data)
    return got


def differing(client: PageClient, prepared: Prepared, role: Role, *states: str) -> list[str]:
    """The addresses at which somebody sees whether the police wrote this or that in their returns in these states."""
    seen = []
    for mark, level in (("Once", "good"), ("Otherwise", "inadequate")):
        blind = prepared(THE_WORLD, build)
        return_ids = [blind.submitted if state == "submitted" else blind.written for state in states]
        for return_id in return_ids:
            write(return_id, mark, level)
        seen.append(shown(client, blind, role, return_ids))
    return [address for address, once in seen[0].items() if seen[1][address] != once]


def readable(data: bytes) -> bytes:
    """An answer without what differs each time; a workbook as its parts."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return b"".join(book.read(name) for name in sorted(book.namelist()) if "docProps" not in name)
    return CHANGING.sub(b"", data)


@pytest.mark.once
@pytest.mark.parametrize("role", BLIND_UNTIL_RELEASE)
def test_until_release_others_see_the_same_whatever_an_agency_wrote(
    client: PageClient, clock: Clock, prepared: Prepared, role: Role
) -> None:
    assert differing(client, prepared, role, "submitted", "written") == []


@pytest.mark.once
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCRUTINEER])
def test_until_it_is_submitted_nobody_at_all_sees_what_an_agency_writes(
    client: PageClient, clock: Clock, prepared: Prepared, role: Role
) -> None:
    assert differing(client, prepared, role, "written") == []


@pytest.mark.once
def test_the_walk_would_notice_what_is_shown(client: PageClient, clock: Clock, prepared: Prepared) -> None:
    """Whoever may read the submitted return sees the difference, so what the others do not see is there to be seen."""
    assert differing(client, prepared, Role.COORDINATOR, "submitted")


def test_everything_that_agencies_write_is_in_the_walk(clock: Clock, prepared: Prepared) -> None:
    """A table that is new has rows in both returns, or the walk proves nothing about it."""
    blind = prepared(THE_WORLD, build)
    empty = [
        f"{table.name} of the return that is {state}"
        for table, is_of in tables_of_returns()
        for state, return_id in (("submitted", blind.submitted), ("written", blind.written))
        if not (state == "written" and table.name in ONCE_SUBMITTED)
        and not db.session.scalar(select(func.count()).select_from(table).where(is_of(return_id)))
    ]
    kept = set(db.session.scalars(select(Draft.address)))
    assert kept >= {address_of(db.session.get_one(AgencyReturn, one)) for one in (blind.submitted, blind.written)}
    assert empty == []
