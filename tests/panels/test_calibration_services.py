"""Setting, scoring and closing a practice case."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.rules import AgencyKind, Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.models import HistoryEvent
from audit_app.panels import queries, services
from audit_app.panels.models import Calibration, CalibrationRating
from audit_app.panels.rules import PracticeAnswer
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, an_agency, as_actor
from tests.factories.calibration import STORY, Practising, a_practice_case, close, practising, said, score
from tests.factories.returns import a_round_with_agencies, hand_over
from tests.factories.rounds import UNGRADED


@pytest.fixture
def here(app: Flask) -> Practising:
    return practising()


def change(here: Practising, practice: Calibration, **changes: Any) -> Calibration:
    words: dict[str, Any] = {
        "title": practice.title,
        "story": STORY,
        "due_on": practice.due_on,
        "version": 1,
        **changes,
    }
    with transaction():
        return services.change_practice_case(practice.id, **words, by=as_actor(here.coordinator, here.partnership))


def deeds(here: Practising) -> list[str]:
    its = select(HistoryEvent.event).where(HistoryEvent.round_id == here.audit.id).order_by(HistoryEvent.id)
    return [event for event in db.session.scalars(its) if event.startswith("practice_case")]


def test_a_practice_case_is_set_scored_and_closed_and_history_says_so_without_answers(here: Practising) -> None:
    practice = a_practice_case(here)
    assert score(here, practice, here.nurse, "The mould.", A01="good", A04="inadequate") == 2
    close(here, practice)
    assert deeds(here) == ["practice_case_set", "practice_case_scored", "practice_case_closed"]
    facts = db.session.scalars(select(HistoryEvent.facts).where(HistoryEvent.event == "practice_case_scored")).one()
    assert facts == {}


def test_answers_are_replaced_as_long_as_it_is_open(here: Practising) -> None:
    practice = a_practice_case(here)
    score(here, practice, here.nurse, A01="good", A04="good")
    score(here, practice, here.nurse, A04="inadequate")
    kept = queries.own_practice(here.partnership.id, practice.id, here.nurse.id)
    assert [one.answer for one in kept.values()] == [AnswerKind.LEVEL]
    assert deeds(here).count("practice_case_scored") == 1
    close(here, practice)
    with pytest.raises(Refused, match="closed"):
        score(here, practice, here.nurse, A01="good")
    with pytest.raises(Refused, match="closed already"):
        close(here, practice)


def test_nobody_reads_answers_before_it_is_closed(here: Practising) -> None:
    practice = a_practice_case(here)
    score(here, practice, here.nurse, A01="good")
    shown = queries.practice_case_of(here.partnership.id, here.audit.id)
    assert shown is not None
    assert queries.practice_ratings(here.partnership.id, shown) == ()
    assert not queries.own_practice(here.partnership.id, practice.id, here.officer.id)
    close(here, practice)
    shown = queries.practice_case_of(here.partnership.id, here.audit.id)
    assert shown is not None
    assert len(queries.practice_ratings(here.partnership.id, shown)) == 1


def test_an_answer_must_be_one_that_can_be_given(here: Practising) -> None:
    practice = a_practice_case(here)
    elsewhere = practising()
    good = said(here, {"A01": "good"})
    (asked,) = good
    for answers, error, words in (
        ({}, Refused, "Nothing is answered"),
        ({asked: PracticeAnswer(None, None)}, Refused, "Nothing is answered"),
        ({asked: PracticeAnswer(None, None, "Because.")}, Refused, "Choose an answer"),
        ({asked: PracticeAnswer(AnswerKind.NO_EVIDENCE, None, "x" * 1_001)}, Refused, "1,000 characters"),
        ({asked: PracticeAnswer(AnswerKind.IN_WORDS, None)}, Refused, "one of the levels"),
        ({asked: PracticeAnswer(AnswerKind.LEVEL, 10**6)}, Refused, "one of the levels"),
        (said(elsewhere, {"A01": "good"}), NotHere, None),
    ):
        with pytest.raises(error, match=words), transaction():
            services.score_practice_case(
                practice.id, answers, by=as_actor(here.nurse, here.partnership), at=clock.now()
            )
    assert not db.session.scalars(select(CalibrationRating)).all()


def test_only_auditors_of_the_rounds_agencies_score_it(here: Practising) -> None:
    practice = a_practice_case(here)
    housing = an_agency(here.partnership, AgencyKind.OTHER, name="Housing")
    for person in (
        here.coordinator,
        a_member(here.partnership, Role.AUDITOR, agency=housing),
        a_member(here.partnership, Role.AGENCY_LEAD, agency=here.health),
    ):
        with pytest.raises(NotHere):
            score(here, practice, person, A01="good")


def test_a_round_has_one_practice_case_before_its_first_return(here: Practising) -> None:
    a_practice_case(here)
    with pytest.raises(Refused, match="has a practice case already"):
        a_practice_case(here)
    with pytest.raises(Refused, match="At panel"):
        a_practice_case(practising(state=RoundState.PANEL))
    with pytest.raises(Refused, match="no levels to compare"):
        a_practice_case(practising(template=UNGRADED))
    asked = a_round_with_agencies()
    hand_over(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    with pytest.raises(Refused, match="submitted already"), transaction():
        services.set_practice_case(
            asked.round_id,
            title="Late",
            story=STORY,
            due_on=date(2026, 3, 20),
            by=asked.actor(asked.coordinator),
            at=clock.now(),
        )


def test_its_words_change_until_somebody_scored_it_and_its_day_until_it_is_closed(here: Practising) -> None:
    practice = a_practice_case(here)
    change(here, practice, story="Robin is five.")
    with pytest.raises(Stale):
        change(here, practice, story="Robin is six.")
    score(here, practice, here.nurse, A01="good")
    with pytest.raises(Refused, match="words stay as they are"):
        change(here, practice, story="Robin is six.", version=2)
    moved = change(here, practice, story="Robin is five.", due_on=date(2026, 3, 27), version=2)
    assert (moved.due_on, moved.version) == (date(2026, 3, 27), 3)
    close(here, practice)
    with pytest.raises(Refused, match="closed"):
        change(here, practice, story="Robin is five.", due_on=date(2026, 4, 1), version=4)


def test_words_that_are_missing_are_asked_for(here: Practising) -> None:
    with pytest.raises(Refused, match="title"):
        a_practice_case(here, title="")
    with pytest.raises(Refused, match="story"):
        a_practice_case(here, story="")


def test_it_waits_for_those_who_have_not_scored_it(here: Practising) -> None:
    practice = a_practice_case(here)
    nurse, officer = (as_actor(one, here.partnership) for one in (here.nurse, here.officer))
    score(here, practice, here.nurse, A01="good")
    assert queries.practice_to_score(nurse) == []
    assert [one.reference for one in queries.practice_to_score(officer)] == [here.audit.reference]
    assert [(one.agency, one.people) for one in queries.scored_by(here.partnership.id, here.audit.id, practice.id)] == [
        ("Health", 1),
        ("Police", 0),
    ]
    with transaction():
        db.session.get_one(Round, here.audit.id).state = RoundState.WITHDRAWN
    assert queries.practice_to_score(officer) == []
