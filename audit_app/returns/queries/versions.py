"""Versions of a return that were submitted and sent back: what was kept, why it came back, and what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, null, or_, select
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees, sits_on_panel
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.returns.models import AgencyReturn, Rating, RatingVersion, ReturnComment, ReturnVersion
from audit_app.returns.rules import HANDED_OVER
from audit_app.rounds.models import RoundDomain, RoundIndicator

_COMPARED = ("answer", "level_id", "reason", "evidence", "where_on_file", "tag")


def reads_versions(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a viewer reads what an agency that is not theirs submitted and got back.

    A version was handed over once, so those who check the round read it as they could on that day, whatever the agency
    is writing now. The panel does from the release on, beside the return that it judges. No other agency ever does.
    """
    checks = sees(viewer, Thing.OTHER_RETURN, handed_over=AgencyReturn.id.is_not(None))
    if viewer.has(Role.COORDINATOR, Role.SCRUTINEER):
        return checks
    is_sitting = and_(sits_on_panel(viewer), Case.released_at.is_not(None), AgencyReturn.state.in_(HANDED_OVER))
    return and_(checks, is_sitting)


def times_sent_back_of() -> ScalarSelect[int]:
    """How often the return that a query is about was sent back."""
    of_return = (
        ReturnVersion.partnership_id == AgencyReturn.partnership_id,
        ReturnVersion.return_id == AgencyReturn.id,
    )
    query = select(func.count()).select_from(ReturnVersion).where(*of_return)
    return query.correlate(AgencyReturn).scalar_subquery()


@dataclass(frozen=True)
class VersionLine:
    """A version of a return: when it was submitted, and when and why it was sent back."""

    id: int
    number: int
    submitted_at: datetime | None
    submitted_by: str
    sent_back_at: datetime
    sent_back_by: str
    reason: str


def versions_of_return(partnership_id: int, return_id: int) -> Sequence[VersionLine]:
    """The versions of a return that were sent back, oldest first. Ask only for a viewer who may read them."""
    submitted_by, sent_back_by = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            ReturnVersion.id,
            ReturnVersion.number,
            ReturnVersion.submitted_at,
            func.coalesce(submitted_by.name, ""),
            ReturnVersion.sent_back_at,
            func.coalesce(sent_back_by.name, ""),
            ReturnVersion.reason,
        )
        .outerjoin(submitted_by, submitted_by.id == ReturnVersion.submitted_by_id)
        .outerjoin(sent_back_by, sent_back_by.id == ReturnVersion.sent_back_by_id)
        .where(ReturnVersion.partnership_id == partnership_id, ReturnVersion.return_id == return_id)
        .order_by(ReturnVersion.number)
    )
    return [VersionLine(*row) for row in rows]


def submissions_of_return(partnership_id: int, return_id: int) -> int:
    """How often a return that is handed over was submitted: once more than it was sent back."""
    of_return = ReturnVersion.partnership_id == partnership_id, ReturnVersion.return_id == return_id
    return (db.session.scalar(select(func.max(ReturnVersion.number)).where(*of_return)) or 0) + 1


@dataclass(frozen=True)
class CommentShown:
    """A comment on one indicator. `is_changed` says whether its answer differs now from the one that was commented on;
    None for whoever does not read the return as it is now."""

    position: int
    indicator_id: int
    code: str
    title: str
    words: str
    by: str
    at: datetime
    is_changed: bool | None


def comments_of_version(
    partnership_id: int, return_id: int, version_id: int | ScalarSelect[int], *, has_current: bool
) -> Sequence[CommentShown]:
    """The comments on a version, in the order of the return's pages. One query.

    `has_current`: whether the viewer reads the return as it is now. What an agency changed and did not submit yet is
    its own.
    """
    is_changed = or_(*(getattr(Rating, name).is_distinct_from(getattr(RatingVersion, name)) for name in _COMPARED))
    rows = db.session.execute(
        select(
            RoundDomain.position,
            RoundIndicator.id,
            RoundIndicator.code,
            RoundIndicator.title,
            ReturnComment.words,
            func.coalesce(Person.name, ""),
            ReturnComment.written_at,
            is_changed if has_current else null(),
        )
        .select_from(ReturnComment)
        .join(RoundIndicator, RoundIndicator.id == ReturnComment.indicator_id)
        .join(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .join(RatingVersion, _same(RatingVersion, ReturnComment))
        .join(
            Rating,
            and_(
                Rating.partnership_id == partnership_id,
                Rating.return_id == return_id,
                Rating.indicator_id == ReturnComment.indicator_id,
            ),
        )
        .outerjoin(Person, Person.id == ReturnComment.written_by_id)
        .where(ReturnComment.partnership_id == partnership_id, ReturnComment.version_id == version_id)
        .order_by(RoundIndicator.position)
    )
    return [CommentShown(*row) for row in rows]


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(
        one.partnership_id == other.partnership_id,
        one.version_id == other.version_id,
        one.indicator_id == other.indicator_id,
    )


def last_comments(partnership_id: int, return_id: int) -> Mapping[int, CommentShown]:
    """The comments with which a return was sent back last, by indicator, for its own agency. One query."""
    of_return = ReturnVersion.partnership_id == partnership_id, ReturnVersion.return_id == return_id
    last = select(ReturnVersion.id).where(*of_return).order_by(ReturnVersion.number.desc()).limit(1).scalar_subquery()
    found = comments_of_version(partnership_id, return_id, last, has_current=True)
    return {comment.indicator_id: comment for comment in found}
