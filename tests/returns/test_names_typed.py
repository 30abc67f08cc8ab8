"""Submitting: names that were typed are found and named to their own agency, and the time spent is asked."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from audit_app.accounts.models import Person
from audit_app.cases.models import Identity
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.history.models import HistoryEvent
from audit_app.returns import queries, services
from audit_app.returns.models import AgencyReturn
from audit_app.returns.queries import NamesTyped
from audit_app.returns.rules import (
    Answer,
    AnswerKind,
    Change,
    Known,
    Prompt,
    ReturnState,
    Talk,
    minutes_of,
    time_in_words,
    why_not_minutes,
)
from tests.factories.returns import (
    TOLD,
    Asked,
    a_level,
    a_voice,
    an_event,
    fill_in,
    find_file,
    ratings_of,
    say,
    say_overall,
    submit,
    the_return,
)
from tests.fixtures import CountQueries
from tests.pages import PageClient


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, every indicator answered, without a name."""
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    fill_in(own, auditor)
    return own


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


def typed(asked: Asked, own: int) -> list[NamesTyped]:
    found = the_return(own)
    names = queries.names_typed(found.partnership_id, own, case_id=found.case_id, agency_id=asked.health)
    db.session.rollback()
    return list(names)


def write(asked: Asked, own: int, indicator: int, answer: Answer) -> None:
    row = ratings_of(own)[indicator]
    with transaction():
        change = {row.indicator_id: Change(answer, row.version)}
        services.save_ratings(own, change, by=asked.actor(asked.health_auditor), at=clock.now())


def test_names_are_found_wherever_an_agency_types(app: Flask, asked: Asked, own: int) -> None:
    assert typed(asked, own) == []
    auditor = asked.actor(asked.health_auditor)
    find_file(own, auditor, own_part="I visited Kim once.", file_number="SC/2026/0417")
    write(asked, own, 0, a_level(asked.round_id, evidence="ROBIN was seen."))
    write(asked, own, 1, Answer(AnswerKind.NOT_APPLICABLE, reason="Born 1/5/2018.", where_on_file="sc 2026 0417"))
    say_overall(own, auditor, worked_well="They went to Made Up Lane.")
    event = an_event(own, auditor, date(2025, 3, 4), "Robin was seen.")
    voice = a_voice(own, auditor, replace(TOLD, words="Kim never asked me."))
    talk = Talk(date(2026, 3, 2), "the health visitor", notes={Prompt.HELPED: "Robin talked to me."})
    with transaction():
        services.save_discussion(own, talk, is_held=True, version=0, by=auditor, at=clock.now())
    first, second = ratings_of(own)[:2]
    assert [(one.where, one.names, one.position, one.anchor) for one in typed(asked, own)] == [
        ("Your part in the child's care", ("Kim",), None, ""),
        ("A01 Signs were seen", ("ROBIN",), 1, f"rating-{first.indicator_id}"),
        ("A04 Harm was weighed", ("1/5/2018", "sc 2026 0417"), 1, f"rating-{second.indicator_id}"),
        ("Over the whole return", ("Made Up Lane",), None, ""),
        ("Chronology, 4 March 2025: event", ("Robin",), None, f"event-{event}"),
        ("Voice 1: what was said", ("Kim",), None, f"voice-{voice}"),
        ("Reflective discussion: What helped, and what are you pleased with?", ("Robin",), None, "helped"),
    ]


def test_every_text_of_a_return_is_looked_through() -> None:
    """A text that is added to returns gets a line in `queries.names.SOURCES`, or is named here with the reason."""
    left_out = {
        "name",  # ours
        "reason",  # the coordinator's, while a return is written
        "asked_again",  # the coordinator's, too
        "on_behalf_of",  # a practice or school, which the sheet names too
        "declaration",  # ours: the words of the box that was ticked
    }
    texts = {column.key for column in AgencyReturn.__table__.columns if isinstance(column.type, db.String)} - left_out
    looked_at = {"own_part_words", "worked_well", "to_improve", "overall_reason", "learning", "proposed_actions"}
    enums = {column.key for column in AgencyReturn.__table__.columns if isinstance(column.type, db.Enum)}
    assert texts - enums == looked_at


def test_a_name_holds_the_return_up_until_it_is_gone_or_said_to_be_none(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    write(asked, own, 0, a_level(asked.round_id, evidence="Robin was seen."))
    with pytest.raises(Refused, match="Take out the names") as refused:
        submit(own, asked.actor(asked.health_auditor))
    assert refused.value.field == "are_not_names"
    page = auditor.get(f"{asked.at(asked.health)}/submit")
    assert "A01 Signs were seen: “Robin”" in page.main
    first = ratings_of(own)[0].indicator_id
    assert page.links["A01 Signs were seen"] == f"{asked.at(asked.health)}/domain/1#rating-{first}"
    page = auditor.send(page, {"is_declared": "y"}, status=200)
    assert page.errors == ["Take out the names that this page lists, or tick that they are not names."]
    auditor.send(page, {"are_not_names": "y", "is_declared": "y"})
    assert the_return(own).state is ReturnState.SUBMITTED
    facts = db.session.scalars(select(HistoryEvent.facts)).all()
    assert "Robin" not in str(facts)


def test_where_the_identity_was_destroyed_nothing_is_said(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    write(asked, own, 0, a_level(asked.round_id, evidence="Robin was seen."))
    with transaction():
        db.session.execute(delete(Identity).where(Identity.case_id == the_case(own)))
    page = auditor.get(f"{asked.at(asked.health)}/submit")
    assert "may name someone" not in page.main
    auditor.send(page, {"is_declared": "y"})
    assert the_return(own).state is ReturnState.SUBMITTED


def the_case(own: int) -> int:
    return db.session.get_one(AgencyReturn, own).case_id


def test_looking_for_names_costs_the_same_however_much_was_written(
    app: Flask, asked: Asked, auditor: PageClient, own: int, count_queries: CountQueries
) -> None:
    counts, actor = [], asked.actor(asked.health_auditor)
    an_event(own, actor)
    a_voice(own, actor)
    for evidence in ("Seen.", "Robin and Kim were seen at Made Up Lane. " * 20):
        for number in range(3):
            an_event(own, actor, event=f"{number}: {evidence}")
            a_voice(own, actor, replace(TOLD, words=evidence))
        for indicator in range(4):
            write(asked, own, indicator, a_level(asked.round_id, evidence=evidence))
        with count_queries() as queried:
            auditor.get(f"{asked.at(asked.health)}/submit")
        counts.append(queried.count)
    assert counts[0] == counts[1]


# --- the time it took


@given(st.integers(0, 199), st.integers(0, 59))
def test_a_time_is_kept_in_minutes_and_told_in_words(hours: int, minutes: int) -> None:
    kept = minutes_of(hours, minutes)
    assert kept == (hours * 60 + minutes or None)
    assert why_not_minutes(kept) is None
    words = time_in_words(kept or 0).split()
    told = {unit.rstrip("s"): int(number) for number, unit in zip(words[::2], words[1::2], strict=True)}
    assert told.get("hour", 0) * 60 + told.get("minute", 0) == (kept or 0)


@pytest.mark.parametrize(
    ("answers", "errors", "kept"),
    [
        ({}, [], None),
        ({"hours": "2", "minutes": "15"}, [], 135),
        ({"minutes": "90"}, [], 90),
        ({"hours": "two"}, ["Enter the hours as a whole number."], None),
        ({"hours": "1000"}, ["The time spent on one return must be 200 hours or less."], None),
    ],
)
def test_the_time_is_asked_and_need_not_be_said(
    app: Flask, asked: Asked, auditor: PageClient, own: int, answers: dict[str, Any], errors: list[str], kept: int
) -> None:
    page, answers = auditor.get(f"{asked.at(asked.health)}/submit"), {**answers, "is_declared": "y"}
    page = auditor.send(page, answers, status=200) if errors else auditor.send(page, answers)
    assert page.errors == errors
    assert the_return(own).minutes_spent == kept
    if kept == 135:
        assert "2 hours 15 minutes" in page.main


def test_a_time_that_was_shown_is_taken_back_and_one_that_was_not_shown_stays(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    at, declared = f"{asked.at(asked.health)}/submit", {"is_declared": "y"}
    before = auditor.get(at)
    with transaction():
        services.save_minutes(own, minutes_spent=75, by=asked.actor(asked.health_auditor))
    shown = auditor.get(at)
    assert (shown.form().values["hours"], shown.form().values["minutes"]) == (["1"], ["15"])
    auditor.send(before, declared)
    assert the_return(own).minutes_spent == 75
    with transaction():
        services.send_back(own, reason="x", link="", by=asked.actor(asked.coordinator), at=clock.now())
    auditor.send(shown, {"hours": "", "minutes": "", **declared})
    assert the_return(own).minutes_spent is None
