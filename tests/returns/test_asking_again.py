"""An agency that answered without ratings is asked again whether it knows the child, with a reason."""

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.models import HistoryEvent
from audit_app.messages.models import Message
from audit_app.returns import queries, services
from audit_app.returns.rules import Known, ReturnState, Standing, why_not_ask_again
from tests.factories.accounts import a_member, a_membership, a_partnership, as_actor, saved
from tests.factories.returns import Asked, hand_over, say, the_return
from tests.pages import PageClient

LINK = "http://service.example/returns"
WITHOUT_RATINGS = [known for known in Known if known is not Known.KNOWN]


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def ask_again(asked: Asked, own: int, reason: str = "Look under the mother's name.", by: int = 0) -> None:
    with transaction():
        actor = asked.actor(by or asked.coordinator)
        services.ask_again(own, reason=reason, link=LINK, by=actor, at=clock.now())


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        (Standing(ReturnState.NOT_KNOWN, CaseState.WITH_AGENCIES, is_released=False), None),
        (Standing(ReturnState.DECLINED, CaseState.WITH_AGENCIES, is_released=False), None),
        (Standing(ReturnState.SUBMITTED, CaseState.WITH_AGENCIES, is_released=False), "without ratings"),
        (Standing(ReturnState.NOT_STARTED, CaseState.WITH_AGENCIES, is_released=False), "without ratings"),
        (Standing(ReturnState.NOT_KNOWN, CaseState.AT_PANEL, is_released=True), "released"),
        (Standing(ReturnState.NOT_KNOWN, CaseState.PAUSED, is_released=False), "paused"),
    ],
)
def test_only_an_answer_without_ratings_is_questioned_and_not_after_the_release(
    standing: Standing, refusal: str | None
) -> None:
    said = why_not_ask_again(standing, "A reason")
    assert (refusal or "") in (said or "")
    assert (said is None) is (refusal is None)
    assert why_not_ask_again(standing, "") is not None


@pytest.mark.parametrize("known", WITHOUT_RATINGS)
def test_whoever_is_asked_again_owes_an_answer_and_is_mailed_without_the_reason(
    app: Flask, asked: Asked, known: Known
) -> None:
    own = asked.returns[asked.health][0]
    say(own, known, asked.actor(asked.health_auditor), "We looked.")
    ask_again(asked, own)
    found = the_return(own)
    assert (found.state, found.reason, found.should_have_known) == (ReturnState.NOT_STARTED, "We looked.", None)
    assert found.asked_again == "Look under the mother's name."
    mail = db.session.scalars(select(Message).where(Message.subject.contains("asked again"))).one()
    assert mail.recipient == person(asked.health_auditor).email
    assert "mother" not in f"{mail.subject} {mail.body}"
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.event == "return_asked_again")).one()
    assert "mother" not in str(event.facts)
    assert queries.has_agency_begun(asked.partnership_id, own)  # nobody stands in for an agency that has answered
    say(own, Known.KNOWN, asked.actor(asked.health_auditor))
    assert the_return(own).state == ReturnState.IN_PROGRESS


def test_nobody_asks_again_without_a_reason_or_without_being_a_coordinator_who_reads_the_answer(
    app: Flask, asked: Asked
) -> None:
    own = asked.returns[asked.health][0]
    say(own, Known.DECLINED, asked.actor(asked.health_auditor), "The file is lost.")
    with pytest.raises(Refused) as refused:
        ask_again(asked, own, "")
    assert refused.value.field == "reason"
    for by in (asked.health_auditor, asked.police_auditor):
        with pytest.raises(NotHere):
            ask_again(asked, own, by=by)
    elsewhere = a_partnership()
    stranger = a_member(elsewhere, Role.COORDINATOR)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR, name="Both Ways")
    saved(a_membership(both, partnership, Role.AUDITOR, agency_id=asked.police))
    for actor in (as_actor(stranger, elsewhere), asked.actor(both.id)):
        with pytest.raises(NotHere), transaction():
            services.ask_again(own, reason="Why?", link=LINK, by=actor, at=clock.now())
    assert the_return(own).state == ReturnState.DECLINED


def test_the_coordinator_asks_on_a_page_and_the_auditor_reads_why_above_the_question(
    asked: Asked, client: PageClient
) -> None:
    own = asked.returns[asked.health][0]
    say(own, Known.NOT_KNOWN, asked.actor(asked.health_auditor), "Looked by name only.")
    coordinator = client.as_(person(asked.coordinator))
    page = coordinator.get(asked.at(asked.health))
    page = coordinator.get(page.links["Ask again whether the agency knows the child"])
    assert "Looked by name only." in page.main
    assert coordinator.send(page, status=200).errors == ["Say why you ask again."]
    page = coordinator.send(page, {"reason": "Look by the NHS number."})
    assert "is asked again" in page.notices[0]
    assert "Look by the NHS number." in page.main
    assert "Only an agency that answered" in coordinator.get(asked.at(asked.health) + "/ask-again").main
    auditor = client.as_(person(asked.health_auditor))
    assert "Asked again: Look by the NHS number." in auditor.get(f"/p/{asked.slug}/returns").main
    home = auditor.get(f"/p/{asked.slug}/")
    page = auditor.get(home.links["1 return was sent back to you with questions"])
    assert "Look by the NHS number." in page.main
    page = auditor.get(page.links["Answer the first question"])
    assert "Look by the NHS number." in page.main
    assert page.form().values["reason"] == ["Looked by name only."]
    page = auditor.send(page, {"known": "known_outside"})
    assert "Look by the NHS number." in page.main  # still read beside the new answer
    assert "Look by the NHS number." not in auditor.get(f"/p/{asked.slug}/returns").main
    police = client.as_(person(asked.police_auditor))
    police.get(asked.at(asked.health) + "/ask-again", status=403)
    hand_over(asked.returns[asked.health][1], asked.actor(asked.health_auditor))
    coordinator = client.as_(person(asked.coordinator))
    assert "Ask again whether the agency knows the child" not in coordinator.get(asked.at(asked.health, 1)).links
