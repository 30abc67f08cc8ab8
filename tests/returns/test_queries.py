"""Reads of returns for the features above, and the one definition of progress."""

from itertools import product

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns import queries, services
from audit_app.returns.models import Rating
from audit_app.returns.rules import Answer, AnswerKind, Change, Known, ReturnState, gap_in
from tests.factories.accounts import a_member, as_actor
from tests.factories.returns import Asked, fill_in, hand_over, level_id, ratings_of, say


@pytest.mark.parametrize("column", ["indicator_code", "level_code"])
def test_a_rating_repeats_the_codes_of_its_indicator_and_level_and_no_others(
    app: Flask, asked: Asked, column: str
) -> None:
    own = asked.returns[asked.health][0]
    say(own, Known.KNOWN, asked.actor(asked.health_auditor))
    fill_in(own, asked.actor(asked.health_auditor))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Rating).where(Rating.return_id == own).values({column: "D99"}))


GRADED_KINDS = [AnswerKind.LEVEL, AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE]


def test_sql_counts_as_answered_exactly_what_the_rules_find_without_a_gap(app: Flask, asked: Asked) -> None:
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    first = ratings_of(own)[0]
    good = level_id(asked.round_id)
    version = first.version
    for place, (kind, reason, evidence) in enumerate(product(GRADED_KINDS, ["", "why"], ["", "seen"]), 1):
        answer = Answer(
            kind, good if kind is AnswerKind.LEVEL else None, reason=reason, evidence=evidence, where_on_file=str(place)
        )
        with transaction():
            services.save_ratings(own, {first.indicator_id: Change(answer, version)}, by=auditor, at=clock.now())
        version += 1
        answered = queries.domain_progress(asked.partnership_id, own)[0].answered
        gaps = {gap.indicator_id for gap in queries.gaps_of_return(asked.partnership_id, own)}
        assert (answered == 1) == (gap_in(answer) is None) == (first.indicator_id not in gaps)


def test_ratings_stand_side_by_side_once_they_are_handed_over(app: Flask, asked: Asked) -> None:
    hand_over(asked.returns[asked.health][0], asked.actor(asked.health_auditor), "good")
    say(asked.returns[asked.police][0], Known.KNOWN, asked.actor(asked.police_auditor))
    case_id = queries.own_return(asked.actor(asked.health_auditor), asked.cases[0], asked.health).case_id
    assert {len(side) for side in queries.ratings_of_case(asked.partnership_id, case_id).values()} == {1}
    returns = {row.agency_id: row.state for row in queries.returns_of_case(asked.partnership_id, case_id)}
    assert returns == {asked.health: ReturnState.SUBMITTED, asked.police: ReturnState.IN_PROGRESS}


def test_the_progress_of_a_round_counts_answers_of_every_kind(app: Flask, asked: Asked) -> None:
    hand_over(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    say(asked.returns[asked.police][0], Known.NOT_KNOWN, asked.actor(asked.police_auditor))
    progress = queries.progress_of_round(asked.partnership_id, asked.round_id, today=clock.today())
    assert (progress.returns, progress.answered, progress.late) == (4, 2, 0)
    late = queries.progress_of_round(asked.partnership_id, asked.round_id, today=clock.today().replace(year=2101))
    assert late.late == 2


def test_a_coordinator_who_audits_a_case_is_not_told_why_another_agency_made_no_return(
    app: Flask, asked: Asked
) -> None:
    theirs = asked.returns[asked.police][0]
    say(theirs, Known.NOT_KNOWN, asked.actor(asked.police_auditor), "One call in 2019, and nothing since.")
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR, Role.AUDITOR, agency=db.session.get_one(Agency, asked.health))
    blind = queries.return_shown(as_actor(both, partnership), asked.cases[0], asked.police)
    other = queries.return_shown(asked.actor(asked.coordinator), asked.cases[0], asked.police)
    assert (blind.reason, other.reason) == ("", "One call in 2019, and nothing since.")
