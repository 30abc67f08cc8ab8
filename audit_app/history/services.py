"""Writing history: every deed calls `record` once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from audit_app.core import clock
from audit_app.core.actors import Actor, Subject
from audit_app.core.db import db
from audit_app.history.models import HistoryEvent
from audit_app.history.rules import check_facts


def record(
    event: str,
    *,
    by: Actor,
    of: Subject,
    round_id: int | None = None,
    case_id: int | None = None,
    **facts: Any,
) -> None:
    """Write that `by` did `event` to `of`. Runs in the deed's own transaction; `of` must have its id (flush first).

    `round_id` and `case_id` say where it shows; they are taken from `of` when it carries them.

    Raises:
        KeyError: the event is not in the catalogue.
        ValueError: a fact that the event must carry is missing, or one it does not know is given.
    """
    check_facts(event, facts)
    db.session.add(
        HistoryEvent(
            partnership_id=by.partnership_id,
            at=clock.now(),
            event=event,
            actor_id=by.id,
            actor_name=by.name,
            subject_type=of.__tablename__,
            subject_id=of.history_id,
            subject_name=of.history_name,
            round_id=round_id if round_id is not None else getattr(of, "round_id", None),
            case_id=case_id if case_id is not None else getattr(of, "case_id", None),
            facts=facts,
        )
    )


def record_once_an_hour(event: str, *, by: Actor, of: Subject, **facts: Any) -> None:
    """Write that `by` did `event` to `of`, unless the same was written within the last hour. For frequent saving.

    Raises:
        As `record`.
    """
    same = {
        "partnership": by.partnership_id,
        "subject_type": of.__tablename__,
        "subject": of.history_id,
        "event": event,
        "actor": by.id,
        "since": clock.now() - timedelta(hours=1),
    }
    if db.session.scalar(_WRITTEN_LATELY, same) is None:
        record(event, by=by, of=of, **facts)


# Built once: every save asks it.
_WRITTEN_LATELY = (
    select(HistoryEvent.id)
    .where(
        HistoryEvent.partnership_id == bindparam("partnership"),
        HistoryEvent.subject_type == bindparam("subject_type"),
        HistoryEvent.subject_id == bindparam("subject"),
        HistoryEvent.event == bindparam("event"),
        HistoryEvent.actor_id == bindparam("actor"),
        HistoryEvent.at > bindparam("since"),
    )
    .limit(1)
)
