"""Ratings of one return, and the one definition of progress."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, or_, select

from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import Answer, AnswerKind
from audit_app.rounds.models import RoundIndicator


def is_answered() -> ColumnElement[bool]:
    """The condition that a rating lacks nothing: what `rules.gap_in` says, for counting in SQL. Never null."""
    return and_(
        Rating.answer.is_not(None),
        or_(
            Rating.answer == AnswerKind.NO_EVIDENCE,
            and_(Rating.answer.in_([AnswerKind.LEVEL, AnswerKind.IN_WORDS]), Rating.evidence != ""),
            and_(Rating.answer == AnswerKind.NOT_APPLICABLE, Rating.reason != ""),
        ),
    )


def answered_of() -> ScalarSelect[int]:
    """How many ratings of the return that a query is about lack nothing. One definition, on every page."""
    return _count(is_answered())


def total_of() -> ScalarSelect[int]:
    """How many ratings the return that a query is about has."""
    return _count()


def _count(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    """Looked up return by return, so that no plan ever begins with all the ratings of a partnership."""
    of_return = (Rating.partnership_id == AgencyReturn.partnership_id, Rating.return_id == AgencyReturn.id)
    return select(func.count()).select_from(Rating).where(*of_return, *which).correlate(AgencyReturn).scalar_subquery()


@dataclass(frozen=True)
class KeptRating:
    """A rating as it is kept, with its level's code, and whether its indicator is answered in words."""

    id: int
    version: int
    is_narrative: bool
    answer: Answer
    level_code: str | None


def ratings_for_change(partnership_id: int, return_id: int, indicator_ids: Collection[int]) -> Mapping[int, KeptRating]:
    """The ratings of a return that is locked, by indicator."""
    asked = {"partnership": partnership_id, "its_return": return_id, "indicators": list(indicator_ids)}
    rows = db.session.execute(_RATINGS_FOR_CHANGE, asked)
    return {row.indicator_id: KeptRating(*row[1:4], Answer(*row[4:10]), row.level_code) for row in rows}


# Built once: every save asks it.
_RATINGS_FOR_CHANGE = (
    select(
        Rating.indicator_id,
        Rating.id,
        Rating.version,
        RoundIndicator.is_narrative,
        Rating.answer,
        Rating.level_id,
        Rating.reason,
        Rating.evidence,
        Rating.where_on_file,
        Rating.tag,
        Rating.level_code,
    )
    .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
    .where(
        Rating.partnership_id == bindparam("partnership"),
        Rating.return_id == bindparam("its_return"),
        Rating.indicator_id.in_(bindparam("indicators", expanding=True)),
    )
)
