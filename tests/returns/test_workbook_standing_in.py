"""A coordinator fills in a return for an agency that does not sign in: who may, until when, and how it is kept."""

from collections.abc import Callable

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.panels.models import PanelMember
from audit_app.returns import queries, services
from audit_app.returns.rules import Known, ReturnState
from audit_app.returns.rules.workbooks import DECLARATION_FOR_AGENCY
from tests.factories.accounts import a_member, a_membership, saved
from tests.factories.panels import a_sitting
from tests.factories.returns import (
    Asked,
    a_voice,
    fill_in,
    ratings_of,
    say,
    say_overall,
    the_return,
)
from tests.factories.workbooks import (
    EVENTS,
    KNOWN,
    OVERALL,
    YES,
    YOURS,
    a_file,
    doors,
    history,
    load,
    looked_at,
    rated,
    the_paper,
)


@pytest.fixture
def own(asked: Asked) -> int:
    return asked.returns[asked.health][0]


@pytest.fixture
def auditor(asked: Asked) -> Viewer:
    return asked.actor(asked.health_auditor)


@pytest.fixture
def coordinator(asked: Asked) -> Viewer:
    return asked.actor(asked.coordinator)


def test_a_coordinator_loads_and_submits_for_an_agency(app: Flask, asked: Asked, own: int, coordinator: Viewer) -> None:
    shown = queries.offline_return(coordinator, asked.cases[0], asked.health)
    with transaction():
        assert services.workbook_taken(shown, by=coordinator).startswith(b"PK")
    load(own, {**YES, **rated("A01", "A04", "B01")}, coordinator)
    with pytest.raises(Refused, match="still missing"), transaction():
        services.submit_for_agency(own, is_declared=True, by=coordinator, at=clock.now())
    load(own, {**rated("H02"), **OVERALL}, coordinator)  # what they loaded before is no secret to them
    with pytest.raises(Refused, match="Tick the declaration"), transaction():
        services.submit_for_agency(own, is_declared=False, by=coordinator, at=clock.now())
    with transaction():
        services.submit_for_agency(own, is_declared=True, by=coordinator, at=clock.now())
    found = the_return(own)
    assert (found.state, found.submitted_by_id) == (ReturnState.SUBMITTED, coordinator.id)
    assert found.declaration == DECLARATION_FOR_AGENCY
    assert [row.answered_by_id for row in ratings_of(own)] == [coordinator.id] * 4
    stood_in = queries.stood_in(asked.partnership_id, own)
    assert (stood_in.loaded_by, stood_in.submitted_by) == (coordinator.name, coordinator.name)
    agency = db.session.get_one(Agency, asked.health).name
    assert [(name, facts.get("agency")) for name, _, facts in history(*_FOR_AGENCY)] == [
        ("return_downloaded_for_agency", agency),
        *[("return_loaded_for_agency", agency)] * 2,
        ("return_submitted_for_agency", agency),
    ]


_FOR_AGENCY = ("return_downloaded_for_agency", "return_loaded_for_agency", "return_submitted_for_agency")


def _rates(asked: Asked, own: int, auditor: Viewer) -> None:
    fill_in(own, auditor, "inadequate")


def _writes_over_the_whole(asked: Asked, own: int, auditor: Viewer) -> None:
    say_overall(own, auditor, worked_well="Only ours.")


def _adds_an_event(asked: Asked, own: int, auditor: Viewer) -> None:
    load(own, {(EVENTS, "", "Date"): "1/2/2026", (EVENTS, "", "What happened"): "Only ours."}, auditor)


def _records_a_voice(asked: Asked, own: int, auditor: Viewer) -> None:
    a_voice(own, auditor)


@pytest.mark.parametrize("begins", [_rates, _writes_over_the_whole, _adds_an_event, _records_a_voice])
def test_once_the_agency_writes_itself_the_coordinator_sees_and_does_nothing(
    app: Flask, asked: Asked, own: int, auditor: Viewer, coordinator: Viewer, begins: Callable[..., None]
) -> None:
    shown = queries.offline_return(coordinator, asked.cases[0], asked.health)
    load(own, {**YES, **rated("A01")}, coordinator)
    assert not queries.has_agency_begun(asked.partnership_id, own)
    db.session.rollback()
    begins(asked, own, auditor)
    late: list[Callable[[], object]] = [
        *doors(own, coordinator),
        lambda: services.workbook_taken(shown, by=coordinator),
        lambda: services.submit_for_agency(own, is_declared=True, by=coordinator, at=clock.now()),
    ]
    for deed in late:
        with pytest.raises(Refused, match="The agency has begun this return itself"), transaction():
            deed()


def test_a_return_that_the_agency_began_was_never_the_coordinators(
    app: Flask, own: int, auditor: Viewer, coordinator: Viewer
) -> None:
    say(own, Known.KNOWN, auditor)
    for deed in doors(own, coordinator):
        with pytest.raises(Refused, match="The agency has begun"), transaction():
            deed()


def test_a_coordinator_is_shown_where_a_name_may_be_and_never_which(
    app: Flask, asked: Asked, own: int, coordinator: Viewer
) -> None:
    cells = {**YES, **rated("A01", "A04", "B01"), **rated("H02", evidence="Robin was seen."), **OVERALL}
    load(own, cells, coordinator)
    deed = {"is_declared": True, "by": coordinator, "at": clock.now()}
    with pytest.raises(Refused, match="Take out the names") as refused, transaction():
        services.submit_for_agency(own, **deed)  # type: ignore[arg-type]
    assert "Robin" not in str(refused.value.reason)
    its = {"case_id": the_return(own).case_id, "agency_id": asked.health}
    assert queries.places_of_names(asked.partnership_id, own, **its) == ["H02 Missed appointments were followed up"]
    db.session.rollback()
    with transaction():
        services.submit_for_agency(own, are_not_names=True, minutes_spent=90, **deed)  # type: ignore[arg-type]
    assert the_return(own).minutes_spent == 90


def test_a_file_number_reaches_the_identity_key_from_the_agency_alone(
    app: Flask, asked: Asked, own: int, auditor: Viewer, coordinator: Viewer
) -> None:
    assert "Known 8" in the_paper(auditor, own).line
    content = a_file(auditor, own, {**YES, (KNOWN, "Known 8", YOURS): "SC/2026/0417"})
    assert "Known 8" not in the_paper(coordinator, own).line
    _, comparison = looked_at(own, content, coordinator)
    assert [one.value for one in comparison.unreadable] == ["Known 8"]


def test_a_coordinator_with_a_part_in_the_case_does_not_stand_in(app: Flask, asked: Asked, own: int) -> None:
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR, name="Both Coordinator and auditor")
    a_membership(both, partnership, Role.AUDITOR, agency=db.session.get_one(Agency, asked.police))
    for deed in doors(own, asked.actor(both.id)):
        with pytest.raises(NotHere), transaction():
            deed()


def test_a_coordinator_on_the_panel_does_not_stand_in(app: Flask) -> None:
    sitting = a_sitting(is_handed_over=False, is_released=False)
    asked = sitting.asked
    own, coordinator = asked.returns[asked.health][0], asked.actor(asked.coordinator)
    assert queries.may_stand_in(coordinator, own)
    saved(
        PanelMember(
            partnership_id=asked.partnership_id, panel_id=sitting.panel_id, person_id=coordinator.id, agency_id=None
        )
    )
    assert not queries.may_stand_in(asked.actor(asked.coordinator), own)
