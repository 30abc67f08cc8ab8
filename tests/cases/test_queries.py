"""What the database says of who sees what, and reads of cases and concerns."""

from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import false, select, true

from audit_app.accounts.rules import Part, Role
from audit_app.cases import queries
from audit_app.cases.models import Case
from audit_app.cases.queries import sees, sight
from audit_app.cases.rules import CasePart, CaseState, Stage, Thing, visible
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.cases import SHEET, a_case, a_concern
from tests.factories.rounds import a_round

ROLES = {
    CasePart.COORDINATOR: Role.COORDINATOR,
    CasePart.AUDITOR: Role.AUDITOR,
    CasePart.PANEL: Role.PANEL_MEMBER,
    CasePart.SCRUTINEER: Role.SCRUTINEER,
    CasePart.KEY_HOLDER: Role.KEY_HOLDER,
    CasePart.PRACTITIONER: Role.PRACTITIONER,
    CasePart.AGENCY_LEAD: Role.AGENCY_LEAD,
    CasePart.BOARD_MEMBER: Role.BOARD_MEMBER,
    CasePart.ADMINISTRATOR: Role.ADMINISTRATOR,
}
OF_AN_AGENCY = {CasePart.AUDITOR, CasePart.AGENCY_LEAD}
ALL_PARTS = [set(some) for some in chain.from_iterable(combinations(CasePart, n) for n in range(5))]
"""Every combination of up to four parts: nobody's sight depends on more of them at once."""


def test_the_database_shows_exactly_what_the_rule_says(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every combination of parts, at every stage, every thing."""
    monkeypatch.setattr(sight, "sits_on_panel", lambda viewer: true() if viewer.has(Role.PANEL_MEMBER) else false())
    partnership = a_partnership()
    agency = an_agency(partnership)
    somebody = as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)
    running, published = a_round(partnership), a_round(partnership, state=RoundState.PUBLISHED)
    out: dict[str, Any] = {"released_at": clock.now(), "released_by_id": 0}
    agreed = {**out, "agreed_at": clock.now(), "agreed_by_id": 0}
    cases = {
        Stage.SAMPLED: a_case(running),
        Stage.WITH_AGENCIES: a_case(running, agency),
        Stage.HANDED_OVER: a_case(running, agency),
        Stage.RELEASED: a_case(running, agency, **out),
        Stage.SHOWN: a_case(running, agency, **out),
        Stage.AGREED: a_case(running, agency, **agreed),
        Stage.PUBLISHED: a_case(published, agency, **agreed),
    }
    monkeypatch.setattr(sight, "_SHOWN", [lambda: Case.id == cases[Stage.SHOWN].id])
    handed_over = Case.id.in_([case.id for stage, case in cases.items() if stage >= Stage.HANDED_OVER])
    stage_of = {case.id: stage for stage, case in cases.items()}
    different = []
    for parts in ALL_PARTS:
        held = tuple(Part(ROLES[part], agency.id if part in OF_AN_AGENCY else None) for part in parts & set(ROLES))
        viewer = replace(somebody, parts=held)
        seen = [
            sees(viewer, thing, handed_over=handed_over, named=true(), own=true()).label(thing.name) for thing in Thing
        ]
        query = select(Case.id, *seen).join(Round, Round.id == Case.round_id)
        for case_id, *answers in db.session.execute(query):
            stage = stage_of[case_id]
            # Nobody is asked about a case before it went to the agencies.
            counted = parts - {CasePart.AUDITOR} if stage is Stage.SAMPLED else parts
            different += [
                (sorted(parts), thing, stage)
                for thing, answer in zip(Thing, answers, strict=True)
                if bool(answer) is not visible(counted, thing, stage)
            ]
    assert different == []


def test_an_auditor_of_another_agency_knows_of_no_case(app: Flask) -> None:
    partnership = a_partnership()
    asked, other = an_agency(partnership), an_agency(partnership)
    found = a_round(partnership, state=RoundState.RETURNS)
    case = a_case(found, asked)
    stranger = as_actor(a_member(partnership, Role.AUDITOR, agency=other), partnership)
    assert queries.cases_of_round(stranger, found.id) == []
    assert db.session.scalars(queries.visible_cases(stranger)).all() == []
    with pytest.raises(NotHere):
        queries.case_by_reference(stranger, case.reference)


def test_another_partnership_knows_of_no_case(app: Flask) -> None:
    here, elsewhere = a_partnership(), a_partnership()
    found = a_round(here)
    case = a_case(found)
    coordinator = as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)
    assert queries.cases_of_round(coordinator, found.id) == []
    with pytest.raises(NotHere):
        queries.case_by_reference(coordinator, case.reference)
    with pytest.raises(NotHere):
        queries.case_for_concern(coordinator, case.reference)
    with pytest.raises(NotHere):
        queries.sheet_for_key_holder(elsewhere.id, case.id)


def test_sheets_that_are_missing_are_counted_without_withdrawn_children(app: Flask) -> None:
    found = a_round(a_partnership())
    a_case(found, sheet=SHEET)
    a_case(found)
    a_case(found, state=CaseState.WITHDRAWN)
    assert queries.incomplete_sheets(found.partnership_id, found.id) == 1
    assert [line.is_saved for line in queries.sheet_statuses(found.partnership_id, found.id)] == [True, False]


def test_concerns_are_read_by_coordinators_and_every_agency_asked_about_the_child(app: Flask) -> None:
    partnership = a_partnership()
    health, police, school = an_agency(partnership), an_agency(partnership), an_agency(partnership)
    case = a_case(a_round(partnership), health, police)
    raiser = a_member(partnership, Role.AUDITOR, agency=health)
    concern = a_concern(case, raiser, health)
    readers = {
        "raiser": as_actor(raiser, partnership),
        "colleague": as_actor(a_member(partnership, Role.AUDITOR, agency=health), partnership),
        "coordinator": as_actor(a_member(partnership, Role.COORDINATOR), partnership),
        "scrutineer": as_actor(a_member(partnership, Role.SCRUTINEER), partnership),
        "police": as_actor(a_member(partnership, Role.AUDITOR, agency=police), partnership),
        "school, not asked": as_actor(a_member(partnership, Role.AUDITOR, agency=school), partnership),
        "member of no panel": as_actor(a_member(partnership, Role.PANEL_MEMBER, agency=police), partnership),
        "key holder": as_actor(a_member(partnership, Role.KEY_HOLDER), partnership),
    }
    may_read = {who for who, viewer in readers.items() if queries.concerns(viewer, today=clock.today())}
    assert may_read == {"raiser", "colleague", "coordinator", "scrutineer", "police"}
    with pytest.raises(NotHere):
        queries.concern(readers["school, not asked"], concern.id, today=clock.today())
