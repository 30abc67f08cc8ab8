"""Between release and the showing of an item, nobody who sits on the panel or audits the case learns what others chose.

Two worlds that differ only in what the police chose (levels, strength or concern, not applicable or no evidence, the
level over all) and in what a practitioner said about it are walked by everybody who is blind at a panel with a room.
Every page and every file must come out alike, to the letter.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.panels import services as panels
from audit_app.panels.models import Panel, PanelItem, PanelMember
from audit_app.panels.rules import ItemState
from audit_app.returns.models import AgencyReturn, PractitionerAnswer, Rating, ReturnPractitioner, ReturnVersion
from audit_app.returns.models import RatingVersion as Before
from audit_app.returns.rules import AnswerKind, Tag
from audit_app.rounds.models import Round, RoundLevel
from tests.factories.accounts import as_actor
from tests.factories.returns import hand_over
from tests.fixtures import Clock, Prepared
from tests.pages import PageClient
from tests.whole_app.test_blind import Blind, build, shown

AT_PANEL = "the world with a case that is read at a panel with a room"
EVIDENCE = "She was seen at home, and at school."
BLIND_AT_PANEL = (
    *(Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER, Role.AUDITOR),
    *(Role.COORDINATOR, Role.SCRUTINEER),  # who also sit on it
    *(Role.PRACTITIONER, Role.AGENCY_LEAD, Role.BOARD_MEMBER, Role.KEY_HOLDER, Role.ADMINISTRATOR),
)


def released() -> Blind:
    """The blind world once health handed its return over too, and the case was released to a panel with a room."""
    blind = build()
    world, row = blind.world, db.session.get_one(AgencyReturn, blind.submitted)
    here = db.session.get_one(Partnership, row.partnership_id)
    coordinator = as_actor(db.session.get_one(Person, world.people[Role.COORDINATOR]), here)
    health = select(AgencyReturn).where(AgencyReturn.case_id == row.case_id, AgencyReturn.id != row.id)
    theirs = db.session.scalars(health).one()
    hand_over(theirs.id, as_actor(db.session.get_one(Person, world.people[Role.AUDITOR]), here))
    with transaction():
        panels.release_case(row.case_id, by=coordinator, at=core_clock.now())
    panel_id = int(str(world.addresses["panel_id"]))
    with transaction():
        db.session.execute(update(Panel).where(Panel.id == panel_id).values(is_on_paper=False))
        db.session.execute(update(Round).where(Round.id == row.round_id).values(is_pack_printed=True))
        for role in (Role.COORDINATOR, Role.SCRUTINEER):
            seat = PanelMember(partnership_id=here.id, panel_id=panel_id, person_id=world.people[role])
            db.session.add(seat)
    return blind


def choose(return_id: int, *, first: bool) -> None:
    """Let the police have chosen the one or the other on everything, with the same evidence."""
    with transaction():
        row = db.session.get_one(AgencyReturn, return_id)
        level = db.session.scalars(
            select(RoundLevel).where(
                RoundLevel.round_id == row.round_id, RoundLevel.code == ("good" if first else "inadequate")
            )
        ).one()
        tag, mark = (Tag.STRENGTH, "Rightly so") if first else (Tag.CONCERN, "Not so")
        its = (Rating.return_id == return_id, Rating.level_id.is_not(None))
        ids = db.session.scalars(select(Rating.id).where(*its).order_by(Rating.id)).all()
        chosen = {"level_id": level.id, "level_code": level.code, "answer": AnswerKind.LEVEL, "reason": ""}
        _set(update(Rating).where(Rating.id.in_(ids)), evidence=EVIDENCE, tag=tag, **chosen)
        kind, reason = (AnswerKind.NOT_APPLICABLE, "He was away.") if first else (AnswerKind.NO_EVIDENCE, "")
        _set(update(Rating).where(Rating.id == ids[0]), answer=kind, reason=reason, level_id=None, level_code=None)
        versions = select(ReturnVersion.id).where(ReturnVersion.return_id == return_id)
        _set(update(Before).where(Before.version_id.in_(versions), Before.level_id.is_not(None)), level_id=level.id)
        _set(update(ReturnVersion).where(ReturnVersion.return_id == return_id), overall_level_id=level.id)
        _set(update(AgencyReturn).where(AgencyReturn.id == return_id), overall_level_id=level.id)
        named = select(ReturnPractitioner.id).where(ReturnPractitioner.return_id == return_id)
        _set(update(PractitionerAnswer).where(PractitionerAnswer.named_id.in_(named)), words=mark)


def _set(statement: Any, **values: object) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session=False))


def differing(
    client: PageClient, prepared: Prepared, role: Role, then: Callable[[Blind], None] = lambda _blind: None
) -> list[str]:
    """The addresses at which somebody sees whether the police chose the one or the other."""
    seen = []
    for first in (True, False):
        blind = prepared(AT_PANEL, released)
        choose(blind.submitted, first=first)
        then(blind)
        seen.append(shown(client, blind, role, [blind.submitted]))
    return [address for address, once in seen[0].items() if seen[1][address] != once]


def pack_of(blind: Blind) -> str:
    return f"/p/{blind.world.slug}/panels/cases/{blind.references[blind.submitted]}"


@pytest.mark.once
@pytest.mark.parametrize("role", BLIND_AT_PANEL)
def test_until_an_item_is_shown_the_blind_see_the_same_whatever_an_agency_chose(
    client: PageClient, clock: Clock, prepared: Prepared, role: Role
) -> None:
    assert differing(client, prepared, role) == []


@pytest.mark.once
def test_they_do_see_what_the_agency_wrote(client: PageClient, clock: Clock, prepared: Prepared) -> None:
    blind = prepared(AT_PANEL, released)
    choose(blind.submitted, first=True)
    chair = client.as_(db.session.get_one(Person, blind.world.people[Role.PANEL_CHAIR]))
    page = chair.get(pack_of(blind))
    assert EVIDENCE in page.main
    assert "Shown when the panel has given its own ratings" in page.main
    assert "Rightly so" not in page.main


@pytest.mark.once
def test_once_everything_is_shown_the_pack_differs(client: PageClient, clock: Clock, prepared: Prepared) -> None:
    """What the blind do not see is there to be seen, so the walk would notice it. Pages of a whole return still wait
    until the case is agreed."""

    def show(blind: Blind) -> None:
        case_id = db.session.get_one(AgencyReturn, blind.submitted).case_id
        with transaction():
            shown_now = {"is_shown": True, "state": ItemState.REVEALED}
            _set(update(PanelItem).where(PanelItem.case_id == case_id), **shown_now)

    blind = prepared(AT_PANEL, released)
    address = pack_of(blind)
    seen = differing(client, prepared, Role.PANEL_CHAIR, show)
    assert set(seen) == {f"GET {address}", f"POST {address}/print"}


def test_the_walk_looks_at_a_released_case(clock: Clock, prepared: Prepared) -> None:
    blind = prepared(AT_PANEL, released)
    case_id = db.session.get_one(AgencyReturn, blind.submitted).case_id
    items = db.session.scalars(select(PanelItem).where(PanelItem.case_id == case_id)).all()
    assert len(items) > 5
    assert not any(item.is_shown for item in items)
    assert isinstance(core_clock.now(), datetime)
