"""Reading history, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from audit_app.core.db import db
from audit_app.history.models import HistoryEvent
from audit_app.history.rules import sentence


@dataclass(frozen=True)
class Deed:
    """One line of history: when, and what happened in words."""

    id: int
    at: datetime
    event: str
    actor: str
    subject: str
    words: str


def deeds_of_round(
    partnership_id: int,
    round_id: int,
    *,
    seen: ColumnElement[bool] | None = None,
    before_id: int | None = None,
    limit: int | None = 50,
) -> Sequence[Deed]:
    """The deeds of one round, newest first; `before_id` continues an earlier page, `limit` None gives all.

    `seen` is the condition on `HistoryEvent` that the reader may be told of a deed: reasons quote what they are about.
    """
    query = select(HistoryEvent).where(HistoryEvent.partnership_id == partnership_id, HistoryEvent.round_id == round_id)
    return _deeds(query.where(true() if seen is None else seen), before_id, limit)


def deeds_of_case(
    partnership_id: int,
    case_id: int,
    *,
    seen: ColumnElement[bool] | None = None,
    before_id: int | None = None,
    limit: int | None = 50,
) -> Sequence[Deed]:
    """The deeds about one case, newest first; `seen` as for a round."""
    query = select(HistoryEvent).where(HistoryEvent.partnership_id == partnership_id, HistoryEvent.case_id == case_id)
    return _deeds(query.where(true() if seen is None else seen), before_id, limit)


def deeds_of_partnership(
    partnership_id: int, *, before_id: int | None = None, limit: int | None = 50
) -> Sequence[Deed]:
    """Every deed of a partnership, newest first."""
    return _deeds(select(HistoryEvent).where(HistoryEvent.partnership_id == partnership_id), before_id, limit)


def deeds_beside_rounds(
    partnership_id: int,
    *,
    seen: ColumnElement[bool] | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[Deed]:
    """The deeds of a partnership that belong to no round (people, settings, sign-ins, mails), newest first.

    `seen` as for a round.
    """
    query = select(HistoryEvent).where(HistoryEvent.partnership_id == partnership_id, HistoryEvent.round_id.is_(None))
    return _deeds(query.where(true() if seen is None else seen), before_id, limit)


def deeds_on(partnership_id: int, subject_type: str, subject_id: int) -> Sequence[Deed]:
    """The deeds on one row, newest first."""
    query = select(HistoryEvent).where(
        HistoryEvent.partnership_id == partnership_id,
        HistoryEvent.subject_type == subject_type,
        HistoryEvent.subject_id == subject_id,
    )
    return _deeds(query, None, None)


def _deeds(query: Select[HistoryEvent], before_id: int | None, limit: int | None) -> Sequence[Deed]:
    if before_id is not None:
        earlier = aliased(HistoryEvent)
        then = select(earlier.at).where(earlier.id == before_id).scalar_subquery()
        query = query.where(or_(HistoryEvent.at < then, and_(HistoryEvent.at == then, HistoryEvent.id < before_id)))
    query = query.order_by(HistoryEvent.at.desc(), HistoryEvent.id.desc())
    if limit is not None:
        query = query.limit(limit)
    return [
        Deed(
            id=row.id,
            at=row.at,
            event=row.event,
            actor=row.actor_name,
            subject=row.subject_name,
            words=sentence(row.event, actor=row.actor_name, subject=row.subject_name, facts=row.facts),
        )
        for row in db.session.scalars(query)
    ]
