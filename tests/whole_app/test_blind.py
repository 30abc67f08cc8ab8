"""Nobody learns what an agency wrote before they may see it: whatever it wrote, everybody else's pages are the same.

Two worlds that differ only in what the police wrote are walked by everybody who may not see it yet. Every page and
every file must come out alike, to the letter: in its words, its counts, its hidden fields and its addresses.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import String, Table, Text, func, select, update

from audit_app.accounts.models import Membership, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock as core_clock
from audit_app.core.db import Base, db, transaction
from audit_app.core.encryption import Encrypted
from audit_app.returns import models as returns
from audit_app.returns.models import AgencyReturn, ChronologyEvent, Rating
from audit_app.returns.rules import Known
from audit_app.rounds.models import RoundLevel
from tests.factories.accounts import as_actor, saved
from tests.factories.returns import describe, fill_in, hand_over, say
from tests.fixtures import Clock, Prepared
from tests.pages import PageClient
from tests.whole_app.test_access import Route, routes, signed_in
from tests.whole_app.world import World, build_world

CHANGING = re.compile(rb'value="[\w.=-]{80,}"|nonce="[^"]*"|content="[\w.=-]{80,}"|value="[0-9a-f]{32,40}"')
"""What differs between two answers to the same question: tokens of forms, and nonces."""
NOT_TYPED = {"name", "indicator_code", "level_code"}
"""Columns of texts that nobody types."""
THE_WORLD = "the world with returns that nobody may read"
FILES = {"exports.round_workbook", "exports.everything"}
"""Posts that give a file."""
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
BLIND_UNTIL_SUBMITTED = (*BLIND_UNTIL_RELEASE, Role.COORDINATOR, Role.SCRUTINEER)


def tables_of_returns() -> list[tuple[Table, str]]:
    """Every table of what agencies write, with the column that says of which return a row is."""
    mine = (one.local_table for one in Base.registry.mappers if one.class_.__module__.startswith(returns.__name__))
    tables = sorted((table for table in mine if isinstance(table, Table)), key=lambda table: table.name)
    of_a_return = [(table, "return_id") for table in tables if "return_id" in table.columns]
    return [(Base.metadata.tables["agency_return"], "id"), *of_a_return]


def typed(table: Table) -> list[str]:
    """The columns of a table that hold what somebody typed."""
    texts = [column.name for column in table.columns if isinstance(column.type, Encrypted | Text | String)]
    return [name for name in texts if type(table.columns[name].type) in {Encrypted, Text, String}]


def write(return_id: int, mark: str, level: str) -> None:
    """Let the police have written this in every text they wrote, and chosen this level on every indicator."""
    with transaction():
        for table, key in tables_of_returns():
            for name in set(typed(table)) - NOT_TYPED:
                column = table.columns[name]
                is_filled = column.is_not(None) if isinstance(column.type, Encrypted) else column > ""
                words = f"{mark} {name}"[: getattr(column.type, "length", None) or 200]
                db.session.execute(
                    update(table).where(table.columns[key] == return_id, is_filled).values({name: words})
                )
        round_id = db.session.get_one(AgencyReturn, return_id).round_id
        chosen = select(RoundLevel).where(RoundLevel.round_id == round_id, RoundLevel.code == level)
        row = db.session.scalars(chosen).one()
        its = update(Rating).where(Rating.return_id == return_id, Rating.level_id.is_not(None))
        db.session.execute(its.values(level_id=row.id, level_code=row.code))


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
    auditor = db.session.get_one(Person, db.session.scalars(its).one().person_id)
    police = as_actor(auditor, db.session.get_one(Partnership, written.partnership_id))
    hand_over(submitted.id, police)
    say(written.id, Known.KNOWN, police)
    fill_in(written.id, police)
    describe(written.id, police)
    for row in (submitted, written):
        saved(
            ChronologyEvent(
                partnership_id=row.partnership_id,
                return_id=row.id,
                happened_on=date(2026, 1, 5),
                event="Police were called to the home.",
                impact="She hid.",
                response="A referral.",
                saved_at=core_clock.now(),
                saved_by_id=auditor.id,
            )
        )
    return Blind(world, submitted.id, written.id, {row.id: reference for reference, row in found.items()})


def addresses(route: Route, blind: Blind, return_id: int) -> Iterator[str]:
    """The addresses of a route: where it is of a case, of this return's case, for health's return and the police's."""
    world = blind.world
    if "reference" not in route.parts or route.long_name("reference") != "cases/reference":
        yield route.address(world, world.slug)
        return
    health = world.addresses["return/agency_id"]
    police = db.session.get_one(AgencyReturn, return_id).agency_id
    for agency_id in (health, police) if "agency_id" in route.parts else (health,):
        values = {name: route.value(world, name) for name in route.parts}
        values |= {"slug": world.slug, "reference": blind.references[return_id]}
        values |= {"agency_id": agency_id} if "agency_id" in values else {}
        built = route.rule.build(values)
        assert built is not None
        yield built[1]


def shown(client: PageClient, blind: Blind, role: Role, return_id: int) -> dict[str, bytes]:
    """What somebody gets at every address there is, and in every file they may take."""
    person = signed_in(client, blind.world.people[role])
    person.is_checking = False  # other walks look at the markup
    got = {}
    for route in routes(client.app):
        if route.is_for(role) and (route.method == "GET" or route.rule.endpoint in FILES):
            for address in addresses(route, blind, return_id):
                data = {"csrf_token": person.token()} if route.method == "POST" else None
                page = person.ask(route.method, address, data=data)
                got[f"{route.method} {address}"] = b"%d " % page.status + readable(page.data)
    return got


def differing(client: PageClient, prepared: Prepared, role: Role, which: str) -> list[str]:
    """The addresses at which somebody sees whether the police wrote this or that."""
    seen = []
    for mark, level in (("Once", "good"), ("Otherwise", "inadequate")):
        blind = prepared(THE_WORLD, build)
        return_id = blind.submitted if which == "submitted" else blind.written
        write(return_id, mark, level)
        seen.append(shown(client, blind, role, return_id))
    return [address for address, once in seen[0].items() if seen[1][address] != once]


def readable(data: bytes) -> bytes:
    """An answer without what differs each time; a workbook as its parts."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return b"".join(book.read(name) for name in sorted(book.namelist()) if "docProps" not in name)
    return CHANGING.sub(b"", data)


@pytest.mark.once
@pytest.mark.parametrize(
    ("role", "which"),
    [
        *((role, "submitted") for role in BLIND_UNTIL_RELEASE),
        *((role, "written") for role in BLIND_UNTIL_SUBMITTED),
    ],
)
def test_whatever_an_agency_wrote_others_see_the_same(
    client: PageClient, clock: Clock, prepared: Prepared, role: Role, which: str
) -> None:
    assert differing(client, prepared, role, which) == []


def test_the_walk_would_notice_what_is_shown(client: PageClient, clock: Clock, prepared: Prepared) -> None:
    """Whoever may read the submitted return sees the difference, so what the others do not see is there to be seen."""
    assert differing(client, prepared, Role.COORDINATOR, "submitted")


def test_everything_that_agencies_write_is_in_the_walk(clock: Clock, prepared: Prepared) -> None:
    """A table that is new has rows in both returns, or the walk proves nothing about it."""
    blind = prepared(THE_WORLD, build)
    empty = [
        f"{table.name} of the return that is {state}"
        for table, key in tables_of_returns()
        for state, return_id in (("submitted", blind.submitted), ("written", blind.written))
        if not db.session.scalar(select(func.count()).select_from(table).where(table.columns[key] == return_id))
    ]
    assert empty == []
