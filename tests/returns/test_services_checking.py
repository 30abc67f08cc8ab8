"""What a coordinator does with returns: accept, send back, close. Nobody who takes part in a case decides on it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.messages.models import Message
from audit_app.panels.models import Panel, PanelCase, PanelMember
from audit_app.returns import queries, services
from audit_app.returns.rules import Known, ReturnState
from tests.factories.accounts import a_member, a_membership, as_actor, saved
from tests.factories.returns import Asked, fill_in, hand_over, ratings_of, say, submit, the_return
from tests.pages import PageClient


def release_case(asked: Asked) -> None:
    with transaction():
        case = db.session.scalars(select(Case).where(Case.reference == asked.cases[0])).one()
        case.state, case.released_at, case.released_by_id = CaseState.AT_PANEL, clock.now(), 1


def send_back(asked: Asked, return_id: int, reason: str = "Say more about A04.") -> None:
    coordinator = asked.actor(asked.coordinator)
    with transaction():
        services.send_back(return_id, reason=reason, link="http://service.example", by=coordinator, at=clock.now())


def test_a_return_sent_back_is_not_counted_and_can_be_submitted_again(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    hand_over(own, auditor)
    send_back(asked, own)
    assert the_return(own).state is ReturnState.CHANGES_REQUESTED
    assert not any(row.is_submitted for row in ratings_of(own))
    fill_in(own, auditor, "inadequate")
    submit(own, auditor)
    assert (the_return(own).state, the_return(own).reason) == (ReturnState.SUBMITTED, "")
    assert all(row.is_submitted for row in ratings_of(own))


def test_whoever_submitted_is_mailed_without_the_reason(app: Flask, asked: Asked) -> None:
    own = asked.returns[asked.health][0]
    hand_over(own, asked.actor(asked.health_auditor))
    send_back(asked, own)
    mail = db.session.scalars(select(Message).where(Message.occasion.like("return % sent back %"))).one()
    assert "A04" not in f"{mail.subject}{mail.body}"
    assert asked.cases[0] not in f"{mail.subject}{mail.body}"


def test_sending_back_wants_a_reason_and_a_submitted_return(app: Flask, asked: Asked) -> None:
    own = asked.returns[asked.health][0]
    hand_over(own, asked.actor(asked.health_auditor))
    with pytest.raises(Refused, match="Say what should be changed"):
        send_back(asked, own, reason="")
    coordinator = asked.actor(asked.coordinator)
    with transaction():
        services.accept_return(own, by=coordinator)
    with pytest.raises(Refused, match="not accepted yet"):
        send_back(asked, own)


def test_a_released_return_is_not_sent_back(app: Flask, asked: Asked) -> None:
    own = asked.returns[asked.health][0]
    hand_over(own, asked.actor(asked.health_auditor))
    release_case(asked)
    with pytest.raises(Refused, match="released to its panel"):
        send_back(asked, own)


def test_only_a_submitted_return_is_accepted(app: Flask, asked: Asked) -> None:
    own, coordinator = asked.returns[asked.health][0], asked.actor(asked.coordinator)
    hand_over(own, asked.actor(asked.health_auditor))
    with transaction():
        services.accept_return(own, by=coordinator)
    with pytest.raises(Refused, match="Only a return that was submitted"), transaction():
        services.accept_return(own, by=coordinator)


def test_what_was_submitted_again_meanwhile_is_not_accepted_unread(
    app: Flask, client: PageClient, asked: Asked
) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    hand_over(own, auditor)
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    page = coordinator.get(asked.at(asked.health))
    send_back(asked, own)
    submit(own, auditor)
    late = coordinator.send(page, button="Accept this return", status=409)
    assert "submitted this return again while you were reading" in late.main
    assert the_return(own).state is ReturnState.SUBMITTED
    coordinator.send(coordinator.get(page.path), button="Accept this return")
    assert the_return(own).state is ReturnState.ACCEPTED


def test_a_released_return_stays_as_the_panel_saw_it_and_is_not_accepted(app: Flask, asked: Asked) -> None:
    own, coordinator = asked.returns[asked.health][0], asked.actor(asked.coordinator)
    hand_over(own, asked.actor(asked.health_auditor))
    release_case(asked)
    with pytest.raises(Refused, match="released to its panel"), transaction():
        services.accept_return(own, by=coordinator)
    assert the_return(own).state is ReturnState.SUBMITTED


def test_a_coordinator_who_audits_the_case_is_blind_and_decides_on_no_other_return(app: Flask, asked: Asked) -> None:
    own = asked.returns[asked.health][0]
    hand_over(own, asked.actor(asked.health_auditor))
    partnership, police = (
        db.session.get_one(Partnership, asked.partnership_id),
        db.session.get_one(Agency, asked.police),
    )
    both = a_member(partnership, Role.COORDINATOR)
    a_membership(both, partnership, Role.AUDITOR, police)
    actor = as_actor(both, partnership)
    assert not queries.return_shown(actor, asked.cases[0], asked.health).is_readable
    with pytest.raises(NotHere), transaction():
        services.accept_return(own, by=actor)
    with pytest.raises(NotHere), transaction():
        services.send_back(own, reason="x", link="", by=actor, at=clock.now())
    release_case(asked)
    assert not queries.return_shown(actor, asked.cases[0], asked.health).is_readable
    with transaction():
        agreed = {"state": CaseState.AGREED, "agreed_at": clock.now(), "agreed_by_id": asked.coordinator}
        db.session.execute(update(Case).where(Case.reference == asked.cases[0]).values(**agreed))
    assert queries.return_shown(actor, asked.cases[0], asked.health).is_readable


def test_a_return_is_closed_with_a_reason_and_stays_closed(app: Flask, asked: Asked) -> None:
    own, coordinator = asked.returns[asked.police][1], asked.actor(asked.coordinator)
    with pytest.raises(Refused, match="Say why"), transaction():
        services.close_return(own, reason="", by=coordinator)
    with transaction():
        services.close_return(own, reason="The file was destroyed by fire.", by=coordinator)
    assert the_return(own).state is ReturnState.CLOSED
    with pytest.raises(Refused, match="closed this return"):
        say(own, Known.KNOWN, asked.actor(asked.police_auditor))
    with pytest.raises(Refused, match="cannot be closed"), transaction():
        services.close_return(own, reason="Again.", by=coordinator)


def test_only_a_coordinator_closes_or_accepts(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    with pytest.raises(NotHere), transaction():
        services.close_return(own, reason="x", by=auditor)
    hand_over(own, auditor)
    with pytest.raises(NotHere), transaction():
        services.accept_return(own, by=auditor)


def test_a_coordinator_who_sits_on_a_panel_on_paper_is_blind_until_the_release(app: Flask, asked: Asked) -> None:
    own, coordinator = asked.returns[asked.health][0], asked.actor(asked.coordinator)
    hand_over(own, asked.actor(asked.health_auditor))
    assert queries.return_shown(coordinator, asked.cases[0], asked.health).is_readable
    mine = {"partnership_id": asked.partnership_id}
    case = db.session.scalars(select(Case.id).where(Case.reference == asked.cases[0])).one()
    chair = {
        "held_on": date(2100, 3, 20),
        "chair_id": asked.health_auditor,
        "created_at": clock.now(),
        "is_on_paper": True,
    }
    panel = saved(Panel(round_id=asked.round_id, **chair, **mine))
    saved(PanelCase(panel_id=panel.id, case_id=case, position=1, **mine))
    saved(PanelMember(panel_id=panel.id, person_id=asked.coordinator, agency_id=None, **mine))
    assert not queries.return_shown(coordinator, asked.cases[0], asked.health).is_readable
    with pytest.raises(NotHere), transaction():
        services.accept_return(own, by=coordinator)
    release_case(asked)
    assert queries.return_shown(coordinator, asked.cases[0], asked.health).is_readable
