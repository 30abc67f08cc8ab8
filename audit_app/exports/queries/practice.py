"""What those who did the work said of it, and the feedback they were given. Roles, never names."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.core.clock import LONDON
from audit_app.exports.queries.answers import Of, seen_whole
from audit_app.exports.queries.streaming import ROUND_NAME, in_words, stream
from audit_app.returns.models import AgencyReturn, Discussion, Feedback, PractitionerAnswer, ReturnPractitioner
from audit_app.returns.rules import (
    FEEDBACK_HOW_WORDS,
    HANDED_OVER,
    OCCASION_WORDS,
    PROMPT_WORDS,
    PractitionerPart,
    Prompt,
    part_words,
)
from audit_app.rounds.models import Round, RoundIndicator
from reports import round_rows as rows

_CASE = and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id)
_ROUND = and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id)
_AGENCY = and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id)


def reflections(viewer: Viewer, of: Of) -> Iterator[rows.Reflection]:
    """The notes of the discussions, then the answers to the returns that were handed over."""
    return chain(_discussions(viewer, of), _replies(viewer, of))


def _of_returns(viewer: Viewer, of: Of, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(ROUND_NAME, Case.reference, Agency.name, *columns)
        .select_from(AgencyReturn)
        .join(Case, _CASE)
        .join(Round, _ROUND)
        .join(Agency, _AGENCY)
        .where(
            *of,
            AgencyReturn.round_id == Round.id,
            AgencyReturn.state.in_(HANDED_OVER),
            or_(seen_whole(viewer), AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR))),
        )
    )


def _discussions(viewer: Viewer, of: Of) -> Iterator[rows.Reflection]:
    asked = [getattr(Discussion, prompt) for prompt in Prompt]
    query = _of_returns(viewer, of, Discussion.held_on, Discussion.with_whom, Discussion.not_held_reason, *asked)
    query = query.join(Discussion, Discussion.return_id == AgencyReturn.id).order_by(
        Round.id, Case.position, Agency.name
    )
    for round_name, case, agency, held_on, with_whom, not_held, *notes in stream(query):
        its = (round_name, case, agency)
        if held_on is None:
            yield rows.Reflection(*its, "Discussion not held", "", "Why none was held", not_held, None)
            continue
        for question, words in zip(PROMPT_WORDS.values(), notes, strict=True):
            if words:
                yield rows.Reflection(*its, "Discussion", with_whom, question, words, held_on)


def _replies(viewer: Viewer, of: Of) -> Iterator[rows.Reflection]:
    query = (
        _of_returns(
            viewer,
            of,
            literal("Answer to the return"),
            in_words(ReturnPractitioner.part, {part: part_words(part, viewer.terms) for part in PractitionerPart}),
            func.coalesce(RoundIndicator.code + " " + RoundIndicator.title, "The whole return"),
            PractitionerAnswer.words,
            PractitionerAnswer.answered_at,
        )
        .join(ReturnPractitioner, ReturnPractitioner.return_id == AgencyReturn.id)
        .join(PractitionerAnswer, PractitionerAnswer.named_id == ReturnPractitioner.id)
        .outerjoin(RoundIndicator, RoundIndicator.id == PractitionerAnswer.indicator_id)
        .where(PractitionerAnswer.words != "")
        .order_by(
            Round.id,
            Case.position,
            Agency.name,
            PractitionerAnswer.indicator_id.is_not(None),  # the whole first, on every database
            RoundIndicator.position,
            ReturnPractitioner.id,
        )
    )
    for *said, answered_at in stream(query):
        yield rows.Reflection._make([*said, answered_at.astimezone(LONDON).date()])


def feedback(viewer: Viewer, of: Of) -> Iterator[rows.Feedback]:
    """The feedback that is due or was given: dates and roles alone."""
    query = (
        _of_returns(
            viewer,
            of,
            in_words(Feedback.occasion, OCCASION_WORDS),
            Feedback.due_on,
            Feedback.given_on,
            Feedback.given_to,
            func.coalesce(in_words(Feedback.how, FEEDBACK_HOW_WORDS), ""),
        )
        .join(Feedback, Feedback.return_id == AgencyReturn.id)
        .order_by(Round.id, Case.position, Agency.name, Feedback.occasion)
    )
    return map(rows.Feedback._make, stream(query))
