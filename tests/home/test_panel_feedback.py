"""What home tells of panels: what they say to an agency, and what agencies answered."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.home import queries, rules
from audit_app.home.rules import AnswerIn, SaidByPanel, Urgency
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, as_actor
from tests.factories.panels import Sitting, a_sitting, answer_panel, finish, withdraw_round, write_outcome
from tests.pages import PageClient


@pytest.fixture
def sitting(app: Flask) -> Sitting:
    """A finished case on which health is asked a question, and the police hear feedback alone."""
    made = a_sitting()
    asked = made.asked
    write_outcome(made, to={asked.health: ("Well seen.", "Who rings back?"), asked.police: ("Quick.", "")})
    finish(made)
    return made


def said(sitting: Sitting, person_id: int) -> list[SaidByPanel]:
    db.session.rollback()
    return list(queries.said_by_panels(sitting.actor(person_id), at=clock.now()))


def test_a_question_comes_before_feedback_and_several_are_led_to_by_their_list() -> None:
    asks, tells = SaidByPanel("N1-01", 7, is_asking=True), SaidByPanel("N1-02", 7, is_asking=False)
    question, news = rules.steps_of_panel_feedback([tells, asks])
    assert (question.urgency, question.words) == (Urgency.NOW, "The panel asks you a question on N1-01")
    assert (question.endpoint, question.values) == ("panels.panel_feedback", {"reference": "N1-01", "agency_id": 7})
    assert (news.urgency, news.words) == (Urgency.NEWS, "The panel has feedback for you on N1-02")
    several, many = rules.steps_of_panel_feedback([asks, asks, tells, tells])
    assert (several.words, several.endpoint) == ("Panels ask you 2 questions", "panels.my_panel_feedback")
    assert many.words == "The panel has feedback for you on 2 cases"
    assert rules.steps_of_panel_feedback([]) == []


def test_an_answer_leads_to_the_outcome_of_its_case() -> None:
    (step,) = rules.steps_of_answers([AnswerIn("N1-01", "Police")])
    assert step.words == "Police answered the panel's question on N1-01"
    assert (step.endpoint, step.values) == ("panels.case_outcome", {"reference": "N1-01"})


def test_each_agency_is_told_of_its_own(sitting: Sitting) -> None:
    asked = sitting.asked
    assert said(sitting, asked.health_auditor) == [SaidByPanel(asked.cases[0], asked.health, is_asking=True)]
    assert said(sitting, asked.police_auditor) == [SaidByPanel(asked.cases[0], asked.police, is_asking=False)]
    answer_panel(sitting, asked.health, "We do.")
    assert said(sitting, asked.health_auditor) == [SaidByPanel(asked.cases[0], asked.health, is_asking=False)]


def test_feedback_is_news_for_a_month_and_a_question_waits_as_long_as_its_round(sitting: Sitting) -> None:
    asked = sitting.asked
    with transaction():
        long_ago = clock.now() - timedelta(days=31)
        db.session.execute(update(Case).where(Case.agreed_at.is_not(None)).values(agreed_at=long_ago))
    assert said(sitting, asked.police_auditor) == []
    assert len(said(sitting, asked.health_auditor)) == 1
    with transaction():
        db.session.execute(update(Round).values(state=RoundState.CLOSED))
    assert said(sitting, asked.health_auditor) == []


def test_a_withdrawn_round_says_nothing(sitting: Sitting) -> None:
    withdraw_round(sitting)
    assert said(sitting, sitting.asked.health_auditor) == []


def test_chair_and_coordinator_are_told_of_answers_for_a_fortnight(sitting: Sitting) -> None:
    asked = sitting.asked
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    other = as_actor(a_member(partnership, Role.PANEL_CHAIR), partnership)
    chair, coordinator = sitting.actor(sitting.chair), sitting.actor(asked.coordinator)
    for viewer in (chair, coordinator, other):
        assert queries.answers_to_panels(viewer, at=clock.now()) == []
    answer_panel(sitting, asked.health, "We do.")
    db.session.rollback()
    for viewer in (chair, coordinator):
        (one,) = queries.answers_to_panels(viewer, at=clock.now())
        assert one.case_reference == asked.cases[0]
        assert queries.answers_to_panels(viewer, at=clock.now() + timedelta(days=15)) == []
    assert queries.answers_to_panels(other, at=clock.now()) == []


def test_home_leads_to_the_question_and_to_its_answer(sitting: Sitting, client: PageClient) -> None:
    asked = sitting.asked
    auditor = client.as_(db.session.get_one(Person, asked.health_auditor))
    links = auditor.get(f"/p/{asked.slug}/").links
    address = links[f"The panel asks you a question on {asked.cases[0]}"]
    auditor.send(auditor.get(address), {"answer": "We do."})
    chair = client.as_(db.session.get_one(Person, sitting.chair))
    told = [words for words in chair.get(f"/p/{asked.slug}/").links if "answered the panel's question" in words]
    assert len(told) == 1
