"""Setting, scoring and closing the practice case of a round."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from audit_app.accounts.rules import Viewer
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record, record_once_an_hour
from audit_app.panels import queries, rules
from audit_app.panels.models import Calibration, CalibrationRating
from audit_app.panels.rules.calibration import CalibrationState, PracticeAnswer
from audit_app.returns.rules import AnswerKind
from audit_app.rounds import queries as rounds


def set_practice_case(round_id: int, *, title: str, story: str, due_on: date, by: Actor, at: datetime) -> Calibration:
    """Set the practice case of a round. Its auditors find it at once, though the round may not be with them yet.

    Raises:
        NotHere: no such round.
        Refused: the round has one, is not open or past its first return, is answered in words, or words are missing.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    reason = rules.why_not_set(
        found.state,
        handed_over=queries.handed_over(by.partnership_id, round_id),
        levels=len(rounds.frozen_template(by.partnership_id, round_id).levels),
        is_there=queries.practice_case_of(by.partnership_id, round_id) is not None,
    )
    if reason:
        raise Refused(reason)
    _check_words(title, story)
    made = Calibration(
        partnership_id=by.partnership_id,
        round_id=round_id,
        title=title,
        story=story,
        due_on=due_on,
        created_at=at,
        created_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    record("practice_case_set", by=by, of=made)
    return made


def change_practice_case(
    calibration_id: int, *, title: str, story: str, due_on: date, version: int, by: Actor
) -> Calibration:
    """Change a practice case: its words until somebody scored it, its day until it is closed.

    Raises:
        NotHere: no such practice case.
        Refused: it is closed, or its words would change under answers, or words are missing.
        Stale: someone else changed it since `version`.
    """
    found = queries.calibration_for_change(by.partnership_id, calibration_id)
    if version != found.version:
        raise Stale({"title": found.title, "story": found.story, "due_on": str(found.due_on)}, version=found.version)
    is_reworded = (title, story) != (found.title, found.story)
    scored = _people(found) if is_reworded else 0
    if reason := rules.why_not_reword(found.state, scored=scored):
        raise Refused(reason)
    _check_words(title, story)
    if not is_reworded and due_on == found.due_on:
        return found
    found.title, found.story, found.due_on, found.version = title, story, due_on, version + 1
    record("practice_case_changed", by=by, of=found)
    db.session.flush()
    return found


def score_practice_case(calibration_id: int, answers: Mapping[int, PracticeAnswer], *, by: Viewer, at: datetime) -> int:
    """Keep what an auditor answers on a practice case, in place of what they answered before; how many answers.

    Raises:
        NotHere: no such practice case, no agency of theirs takes part, or a question that they are not asked.
        Refused: it is closed, nothing is answered, or an answer cannot be kept.
    """
    found = queries.calibration_for_change(by.partnership_id, calibration_id)
    if reason := rules.why_not_score(found.state):
        raise Refused(reason)
    agency = queries.scores_for(by, found.round_id)
    template = rounds.frozen_template(by.partnership_id, found.round_id)
    if agency is None or answers.keys() - {one.id for one in rules.questions_of(template, agency[1])}:
        raise NotHere
    for sentence in rules.gaps_in_practice(answers).values():
        raise Refused(sentence)
    levels = {level.id for level in template.levels}
    given = {one: said for one, said in answers.items() if said.answer is not None}
    if not given:
        raise Refused("Nothing is answered yet.")
    if any(not _is_possible(said, levels) for said in given.values()):
        raise Refused("Choose one of the levels of this round.")
    its: dict[str, Any] = {"partnership_id": by.partnership_id, "calibration_id": found.id, "person_id": by.id}
    db.session.execute(delete(CalibrationRating).filter_by(**its))
    rows = [
        its
        | {
            "agency_id": agency[0],
            "indicator_id": one,
            "answer": said.answer,
            "level_id": said.level_id,
            "reasoning": said.reasoning,
            "answered_at": at,
        }
        for one, said in given.items()
    ]
    db.session.execute(insert(CalibrationRating), rows)
    record_once_an_hour("practice_case_scored", by=by, of=found)
    db.session.flush()
    return len(rows)


def close_practice_case(calibration_id: int, *, by: Actor, at: datetime) -> Calibration:
    """Close a practice case: nobody scores it any more, and its answers are shown without names.

    Raises:
        NotHere: no such practice case.
        Refused: it is closed already.
    """
    found = queries.calibration_for_change(by.partnership_id, calibration_id)
    if reason := rules.why_not_close_practice(found.state):
        raise Refused(reason)
    found.state, found.closed_at, found.closed_by_id = CalibrationState.CLOSED, at, by.id
    found.version += 1
    record("practice_case_closed", by=by, of=found)
    db.session.flush()
    return found


def _check_words(title: str, story: str) -> None:
    if not title:
        raise Refused("Give the practice case a title.", field="title")
    if not story:
        raise Refused("Write the story of the practice case.", field="story")


def _people(found: Calibration) -> int:
    """How many people scored a practice case."""
    its = (
        select(CalibrationRating.person_id)
        .distinct()
        .filter_by(partnership_id=found.partnership_id, calibration_id=found.id)
    )
    return len(db.session.scalars(its).all())


def _is_possible(said: PracticeAnswer, levels: set[int]) -> bool:
    if said.answer is AnswerKind.LEVEL:
        return said.level_id in levels
    return said.level_id is None and said.answer in {AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE}
