"""Questions that are answered in words: on the page, in the deed, and what counts as answered."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from audit_app.accounts.models import Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.indicators.rules import ScaleDirection
from audit_app.returns import queries, services
from audit_app.returns.models import Rating
from audit_app.returns.rules import Answer, AnswerKind, Change, Known, tidied
from tests.factories.returns import IN_WORDS, Asked, a_level, a_round_with_agencies, fill_in, ratings_of, say, submit
from tests.factories.rounds import OFSTED, PARTLY_IN_WORDS, SMALL, UNGRADED
from tests.pages import PageClient


@pytest.fixture
def partly(app: Flask) -> Asked:
    """A round that asks A01 and A04 with a level, B01 and H02 in words; health knows the child."""
    asked = a_round_with_agencies(template=PARTLY_IN_WORDS)
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return asked


@pytest.fixture
def auditor(client: PageClient, partly: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, partly.health_auditor))


def own(asked: Asked) -> int:
    return asked.returns[asked.health][0]


def in_words(asked: Asked) -> int:
    """The indicator B01, which is answered in words."""
    return ratings_of(own(asked))[2].indicator_id


def save(asked: Asked, indicator: int, answer: Answer) -> None:
    with transaction():
        services.save_ratings(
            own(asked), {indicator: Change(answer, 1)}, by=asked.actor(asked.health_auditor), at=clock.now()
        )


def test_the_page_offers_no_level_and_asks_for_the_answer(partly: Asked, auditor: PageClient) -> None:
    page = auditor.get(f"{partly.at(partly.health)}/domain/2")
    assert "I answer in words, below" in page.main
    assert "Your answer: what is your judgement, and why?" in page.main
    assert "What you write about: The child's experience and the work together." in page.main
    assert "Outstanding" not in page.main
    graded = auditor.get(f"{partly.at(partly.health)}/domain/1")
    assert "Outstanding" in graded.main
    assert "in words" not in graded.main


def test_what_is_written_is_the_answer_and_needs_no_tick(partly: Asked, auditor: PageClient) -> None:
    asked, page = in_words(partly), auditor.get(f"{partly.at(partly.health)}/domain/2")
    auditor.send(page, {f"evidence-{asked}": "She was asked twice, and drew her room."})
    kept = ratings_of(own(partly))[2]
    assert (kept.answer, kept.level_id, kept.evidence) == (
        AnswerKind.IN_WORDS,
        None,
        "She was asked twice, and drew her room.",
    )
    progress = {one.position: one.answered for one in queries.domain_progress(partly.partnership_id, own(partly))}
    assert progress == {1: 0, 2: 1}


def test_a_page_that_was_only_looked_at_answers_nothing(partly: Asked, auditor: PageClient) -> None:
    auditor.send(auditor.get(f"{partly.at(partly.health)}/domain/2"))
    assert {row.answer for row in ratings_of(own(partly))} == {None}
    assert {row.version for row in ratings_of(own(partly))} == {1}


def test_words_that_are_taken_away_leave_the_question_open(partly: Asked, auditor: PageClient) -> None:
    asked = in_words(partly)
    save(partly, asked, IN_WORDS)
    auditor.send(auditor.get(f"{partly.at(partly.health)}/domain/2"), {f"evidence-{asked}": " "})
    assert ratings_of(own(partly))[2].answer is None


def test_not_applicable_and_no_evidence_remain_answers(partly: Asked, auditor: PageClient) -> None:
    asked, page = in_words(partly), auditor.get(f"{partly.at(partly.health)}/domain/2")
    auditor.send(page, {f"answer-{asked}": "no_evidence"})
    assert ratings_of(own(partly))[2].answer is AnswerKind.NO_EVIDENCE
    page = auditor.get(f"{partly.at(partly.health)}/domain/2")
    assert page.form().values[f"answer-{asked}"] == ["no_evidence"]


def test_a_level_for_what_is_answered_in_words_is_refused_and_so_are_words_for_a_level(partly: Asked) -> None:
    with pytest.raises(Refused, match="This is answered in words: there is no level to choose"):
        save(partly, in_words(partly), a_level(partly.round_id))
    with pytest.raises(Refused, match="Choose one of the levels shown"):
        save(partly, ratings_of(own(partly))[0].indicator_id, IN_WORDS)
    assert {row.answer for row in ratings_of(own(partly))} == {None}


def test_the_database_refuses_an_answer_in_words_with_a_level(partly: Asked) -> None:
    save(partly, ratings_of(own(partly))[0].indicator_id, a_level(partly.round_id))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Rating).where(Rating.level_id.is_not(None)).values(answer=AnswerKind.IN_WORDS))


def test_an_ungraded_return_is_filled_in_submitted_and_read(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(template=UNGRADED)
    by = asked.actor(asked.health_auditor)
    say(own(asked), Known.KNOWN, by)
    fill_in(own(asked), by, "in_words")
    submit(own(asked), by)
    page = client.as_(db.session.get_one(Person, asked.coordinator)).get(asked.at(asked.health))
    assert page.main.count("Answered in words") == 4
    assert page.main.count("She was asked twice, and drew her room.") == 4


def test_an_answer_without_a_word_is_none_yet(app: Flask) -> None:
    assert tidied(replace(IN_WORDS, evidence=" \r\n ")).kind is None
    assert tidied(IN_WORDS) == IN_WORDS


def test_a_scale_is_offered_in_the_order_in_which_people_read_it(app: Flask, client: PageClient) -> None:
    worst_first = replace(OFSTED, code="worst-first", direction=ScaleDirection.WORST_FIRST)
    upside_down = replace(worst_first, levels=tuple(replace(it, code=f"{it.code}_last") for it in OFSTED.levels))
    domains = tuple(
        replace(domain, indicators=tuple(replace(it, guidance={}) for it in domain.indicators))
        for domain in SMALL.domains
    )
    template = replace(SMALL, code="up", title="Worst first", scale=upside_down, domains=domains)
    asked = a_round_with_agencies(template=template)
    say(own(asked), Known.KNOWN, asked.actor(asked.health_auditor))
    page = client.as_(db.session.get_one(Person, asked.health_auditor)).get(f"{asked.at(asked.health)}/domain/1")
    assert page.main.index("Inadequate") < page.main.index("Requires improvement") < page.main.index("Outstanding")
