"""Deeds on returns: answering, saving, submitting, sending back, accepting, closing."""

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import services as case_services
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.models import HistoryEvent
from audit_app.returns import queries, services
from audit_app.returns.rules import Answer, AnswerKind, Change, Known, Overall, ReturnState
from audit_app.rounds.services import withdraw_round
from tests.factories.accounts import a_member
from tests.factories.returns import (
    Asked,
    a_level,
    a_round_with_agencies,
    fill_in,
    ratings_of,
    say,
    submit,
    the_return,
)
from tests.fixtures import Clock, CountQueries, Together

NO_EVIDENCE = Answer(AnswerKind.NO_EVIDENCE)


def events(name: str) -> int:
    found = len(db.session.scalars(select(HistoryEvent.id).where(HistoryEvent.event == name)).all())
    db.session.rollback()
    return found


def save_words(return_id: int, *, by: Viewer, version: int = 1, **words: object) -> None:
    """Save words over the whole return inside a transaction, as somebody who had seen none."""
    services.save_words(return_id, **{**asdict(Overall()), **words}, version=version, by=by)


def change_case(reference: str, **values: object) -> None:
    with transaction():
        case = db.session.scalars(select(Case).where(Case.reference == reference)).one()
        for name, value in values.items():
            setattr(case, name, value)


# --- is the child known?


def test_a_known_child_gets_a_rating_for_each_indicator_that_applies(app: Flask, asked: Asked) -> None:
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    say(asked.returns[asked.police][0], Known.KNOWN, asked.actor(asked.police_auditor))
    assert len(ratings_of(asked.returns[asked.health][0])) == 4
    assert len(ratings_of(asked.returns[asked.police][0])) == 3, "H02 is not asked of the police"
    assert the_return(asked.returns[asked.health][0]).state is ReturnState.IN_PROGRESS


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (Known.NOT_KNOWN, ReturnState.NOT_KNOWN),
        (Known.KNOWN_OUTSIDE, ReturnState.KNOWN_OUTSIDE),
        (Known.FAMILY_KNOWN, ReturnState.FAMILY_KNOWN),
        (Known.DECLINED, ReturnState.DECLINED),
    ],
)
def test_every_other_answer_is_a_whole_answer(app: Flask, asked: Asked, known: Known, state: ReturnState) -> None:
    own = asked.returns[asked.health][0]
    say(own, known, asked.actor(asked.health_auditor), reason="We looked in both systems.")
    assert (the_return(own).state, the_return(own).reason) == (state, "We looked in both systems.")
    assert ratings_of(own) == []


def test_declining_wants_a_reason(app: Flask, asked: Asked) -> None:
    with pytest.raises(Refused, match="Say why") as refused:
        say(asked.returns[asked.health][0], Known.DECLINED, asked.actor(asked.health_auditor))
    assert refused.value.field == "reason"


def test_ratings_survive_a_wrong_not_known(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    fill_in(own, auditor)
    say(own, Known.NOT_KNOWN, auditor)
    say(own, Known.KNOWN, auditor)
    assert [row.evidence for row in ratings_of(own)] == ["Seen on 3 March."] * 4
    assert the_return(own).reason == ""


def test_an_answer_given_meanwhile_is_not_overwritten(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    with pytest.raises(Refused, match="now at “In progress”"), transaction():
        services.say_known(
            own, known=Known.DECLINED, reason="x", seen=ReturnState.NOT_STARTED, by=auditor, at=clock.now()
        )
    assert the_return(own).state is ReturnState.IN_PROGRESS


def test_the_same_persons_second_press_is_quiet(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    with transaction():
        services.say_known(own, known=Known.KNOWN, reason="", seen=ReturnState.NOT_STARTED, by=auditor, at=clock.now())
    fill_in(own, auditor)
    submit(own, auditor)
    at = the_return(own).submitted_at
    submit(own, auditor)
    assert the_return(own).submitted_at == at
    assert (events("return_known"), events("return_submitted")) == (1, 1)


def test_nobody_answers_for_another_agency(app: Flask, asked: Asked) -> None:
    own, stranger = asked.returns[asked.health][0], asked.actor(asked.police_auditor)
    with pytest.raises(NotHere):
        say(own, Known.KNOWN, stranger)
    say(own, Known.KNOWN, asked.actor(asked.health_auditor))
    with pytest.raises(NotHere):
        fill_in(own, stranger)
    with pytest.raises(NotHere):
        submit(own, stranger)
    with pytest.raises(NotHere), transaction():
        save_words(own, worked_well="x", by=stranger)


# --- saving


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, ready to be filled in."""
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return asked.returns[asked.health][0]


def save(asked: Asked, own: int, changes: dict[int, Change]) -> frozenset[int]:
    auditor = asked.actor(asked.health_auditor)
    with transaction():
        return services.save_ratings(own, changes, by=auditor, at=clock.now())


def test_half_an_answer_is_saved_and_not_counted_as_answered(app: Flask, asked: Asked, own: int) -> None:
    first, second, third, fourth = (row.indicator_id for row in ratings_of(own))
    good = a_level(asked.round_id)
    answers = {
        first: replace(good, evidence="  \r\n"),
        second: Answer(AnswerKind.NOT_APPLICABLE, evidence="x"),
        third: NO_EVIDENCE,
        fourth: replace(good, evidence="One line.\r\nAnother.\0"),
    }
    assert save(asked, own, {indicator: Change(answer, 1) for indicator, answer in answers.items()}) == frozenset()
    progress = queries.domain_progress(asked.partnership_id, own)
    assert [(domain.answered, domain.total) for domain in progress] == [(0, 2), (2, 2)]
    assert ratings_of(own)[3].evidence == "One line.\nAnother."
    assert [(gap.code, gap.gap) for gap in queries.gaps_of_return(asked.partnership_id, own)] == [
        ("A01", "evidence"),
        ("A04", "reason"),
    ]


def test_a_reason_is_kept_only_where_nothing_applies(app: Flask, asked: Asked, own: int) -> None:
    first = ratings_of(own)[0].indicator_id
    save(asked, own, {first: Change(replace(NO_EVIDENCE, reason="left over"), 1)})
    assert ratings_of(own)[0].reason == ""


def test_two_people_on_two_indicators_never_refuse_each_other(app: Flask, asked: Asked, own: int) -> None:
    first, second = (row.indicator_id for row in ratings_of(own)[:2])
    assert save(asked, own, {first: Change(NO_EVIDENCE, 1)}) == frozenset()
    assert save(asked, own, {second: Change(NO_EVIDENCE, 1)}) == frozenset()


def test_a_stale_answer_is_not_saved_and_everything_else_is(app: Flask, asked: Asked, own: int) -> None:
    first, second = (row.indicator_id for row in ratings_of(own)[:2])
    save(asked, own, {first: Change(NO_EVIDENCE, 1)})
    good = a_level(asked.round_id)
    assert save(asked, own, {first: Change(good, 1), second: Change(good, 1)}) == {first}
    assert [row.answer for row in ratings_of(own)[:2]] == [AnswerKind.NO_EVIDENCE, AnswerKind.LEVEL]


def test_the_same_save_twice_is_no_clash_and_writes_nothing(
    app: Flask, asked: Asked, own: int, count_queries: CountQueries
) -> None:
    changes = {row.indicator_id: Change(NO_EVIDENCE, 1) for row in ratings_of(own)}
    save(asked, own, changes)
    with count_queries() as queried:
        assert save(asked, own, changes) == frozenset()
    assert not [statement for statement in queried.statements if statement.startswith(("UPDATE", "INSERT"))]
    assert {row.version for row in ratings_of(own)} == {2}


def test_saving_many_ratings_takes_as_many_statements_as_saving_one(
    app: Flask, asked: Asked, own: int, count_queries: CountQueries
) -> None:
    auditor = asked.actor(asked.health_auditor)
    rows = ratings_of(own)
    good = a_level(asked.round_id)

    def statements(changes: dict[int, Change]) -> int:
        with count_queries() as queried, transaction():
            services.save_ratings(own, changes, by=auditor, at=clock.now())
        return queried.count

    one = statements({rows[0].indicator_id: Change(good, 1)})
    three = statements({row.indicator_id: Change(good, 1) for row in rows[1:]})
    assert one == 6, "the return, the levels, the ratings, the update, history's look and its line"
    assert three == one - 1, "history is written once an hour"


def test_history_has_one_line_a_person_return_and_hour(app: Flask, clock: Clock, asked: Asked, own: int) -> None:
    first, second = (row.indicator_id for row in ratings_of(own)[:2])
    save(asked, own, {first: Change(NO_EVIDENCE, 1)})
    clock.forward(minutes=59)
    save(asked, own, {second: Change(NO_EVIDENCE, 1)})
    assert events("ratings_saved") == 1
    clock.forward(minutes=2)
    save(asked, own, {first: Change(a_level(asked.round_id), 2)})
    assert events("ratings_saved") == 2


def test_a_level_of_another_round_is_refused(app: Flask, asked: Asked, own: int) -> None:
    other = a_round_with_agencies(db.session.get_one(Partnership, asked.partnership_id))
    with pytest.raises(Refused, match="one of the levels shown"):
        save(asked, own, {ratings_of(own)[0].indicator_id: Change(a_level(other.round_id), 1)})


def test_an_indicator_of_another_return_is_not_here(app: Flask, asked: Asked, own: int) -> None:
    with pytest.raises(NotHere):
        save(asked, own, {0: Change(NO_EVIDENCE, 1)})


def test_a_text_that_is_too_long_is_refused(app: Flask, asked: Asked, own: int) -> None:
    with pytest.raises(Refused, match="10,000 characters or fewer"):
        save(asked, own, {ratings_of(own)[0].indicator_id: Change(replace(NO_EVIDENCE, evidence="x" * 10_001), 1)})


def test_overall_words_carry_a_version(app: Flask, asked: Asked, own: int) -> None:
    auditor = asked.actor(asked.health_auditor)
    with transaction():
        save_words(own, worked_well="Early help.", by=auditor)
    with pytest.raises(Stale) as stale, transaction():
        save_words(own, worked_well="Mine.", by=auditor)
    assert (stale.value.theirs["worked_well"], stale.value.version) == ("Early help.", 2)


# --- submitting


def test_a_return_with_gaps_is_not_submitted(app: Flask, asked: Asked, own: int) -> None:
    with pytest.raises(Refused, match="Something is still missing"):
        submit(own, asked.actor(asked.health_auditor))
    assert the_return(own).state is ReturnState.IN_PROGRESS


def test_a_submitted_return_counts_its_ratings_and_refuses_a_late_save(app: Flask, asked: Asked, own: int) -> None:
    auditor = asked.actor(asked.health_auditor)
    fill_in(own, auditor)
    submit(own, auditor)
    assert all(row.is_submitted for row in ratings_of(own))
    assert the_return(own).submitted_by_id == asked.health_auditor
    with pytest.raises(Refused, match="was submitted"):
        save(asked, own, {ratings_of(own)[0].indicator_id: Change(NO_EVIDENCE, 2)})
    with pytest.raises(Refused, match="was submitted"), transaction():
        save_words(own, worked_well="x", by=auditor)
    with pytest.raises(Refused, match="was submitted"):
        say(own, Known.NOT_KNOWN, auditor)
    with pytest.raises(Refused, match="was submitted"):
        submit(own, auditor, minutes_spent=5)


def test_submitting_and_saving_at_once_never_leaves_half_of_a_save(
    app: Flask, asked: Asked, own: int, together: Together
) -> None:
    auditor = asked.actor(asked.health_auditor)
    fill_in(own, auditor)
    changes = {row.indicator_id: Change(NO_EVIDENCE, row.version) for row in ratings_of(own)}

    def save_late() -> frozenset[int]:
        with transaction():
            return services.save_ratings(own, changes, by=auditor, at=clock.now())

    def hand_in() -> None:
        submit(own, auditor)

    saved, submitted = together(save_late, hand_in)
    assert submitted is None
    rows = ratings_of(own)
    assert all(row.is_submitted for row in rows)
    if isinstance(saved, Refused):
        assert {row.answer for row in rows} == {AnswerKind.LEVEL}, "the save came late: nothing of it is kept"
    else:
        assert saved == frozenset()
        assert {row.answer for row in rows} == {AnswerKind.NO_EVIDENCE}, "the save came first: all of it is kept"


def test_two_people_saving_the_same_answer_at_once_clash_once(
    app: Flask, asked: Asked, own: int, together: Together
) -> None:
    auditor = asked.actor(asked.health_auditor)
    first = ratings_of(own)[0].indicator_id

    def save_own(words: str) -> frozenset[int]:
        with transaction():
            change = Change(replace(NO_EVIDENCE, evidence=words), 1)
            return services.save_ratings(own, {first: change}, by=auditor, at=clock.now())

    results = together(lambda: save_own("one"), lambda: save_own("two"))
    assert sorted(results, key=len) == [frozenset(), frozenset({first})]
    assert ratings_of(own)[0].version == 2


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": CaseState.WITHDRAWN}, "withdrawn from the sample"),
        ({"state": CaseState.PAUSED}, "is paused"),
        ({"state": CaseState.AT_PANEL, "released_at": clock.now(), "released_by_id": 1}, "released to its panel"),
    ],
)
def test_a_case_that_is_not_with_agencies_locks_its_returns(
    app: Flask, asked: Asked, own: int, values: dict[str, object], why: str
) -> None:
    auditor, coordinator = asked.actor(asked.health_auditor), asked.actor(asked.coordinator)
    fill_in(own, auditor)
    change_case(asked.cases[0], **values)
    with pytest.raises(Refused, match=why):
        save(asked, own, {ratings_of(own)[0].indicator_id: Change(NO_EVIDENCE, 2)})
    with pytest.raises(Refused, match=why):
        submit(own, auditor)
    with pytest.raises(Refused, match=why):
        say(own, Known.NOT_KNOWN, auditor)
    with pytest.raises(Refused, match=why), transaction():
        services.close_return(own, reason="Nobody answers.", by=coordinator)


def test_a_withdrawn_round_locks_its_returns_and_identity_sheets(app: Flask, asked: Asked) -> None:
    own, theirs = asked.returns[asked.health][0], asked.returns[asked.police][0]
    auditor, coordinator = asked.actor(asked.health_auditor), asked.actor(asked.coordinator)
    say(own, Known.KNOWN, auditor)
    fill_in(own, auditor)
    first = ratings_of(own)[0]
    case_id = the_return(own).case_id
    key_holder = a_member(db.session.get_one(Partnership, asked.partnership_id), Role.KEY_HOLDER)
    with transaction():
        withdraw_round(asked.round_id, reason="The review was called off.", by=coordinator)
    now = clock.now()
    no_evidence = {first.indicator_id: Change(NO_EVIDENCE, first.version)}
    late: list[Callable[[], object]] = [
        lambda: services.save_ratings(own, no_evidence, by=auditor, at=now),
        lambda: save_words(own, worked_well="x", by=auditor),
        lambda: services.submit_return(own, is_declared=True, by=auditor, at=now),
        lambda: services.close_return(theirs, reason="Too late", by=coordinator),
        lambda: case_services.look_up_identity(case_id, agency_id=asked.health, by=auditor),
        lambda: case_services.open_identity_sheet(case_id, by=asked.actor(key_holder.id)),
    ]
    for deed in late:
        with pytest.raises(Refused, match="This round was withdrawn"), transaction():
            deed()
