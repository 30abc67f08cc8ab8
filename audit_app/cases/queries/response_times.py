"""How soon immediate concerns are answered: counted by the database, for coordinators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Float, ScalarSelect, case, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.cases.models import Concern
from audit_app.core.db import db

COUNTED_FOR = timedelta(days=366)


@dataclass(frozen=True)
class Took:
    """How many concerns came so far, and how long it took them, in seconds of the clock: None where none did."""

    count: int
    median: float | None
    longest: float | None


@dataclass(frozen=True)
class ResponseTimes:
    """Of the concerns raised in the last twelve months."""

    raised: int
    in_time: int  # acknowledged within the set working time
    acknowledged: Took
    outcome: Took
    closed: Took


def response_times(partnership_id: int, *, at: datetime) -> ResponseTimes:
    """How soon the concerns of the last twelve months were acknowledged, got an outcome and were closed."""
    counted = _counted(partnership_id, at)
    measured = (Concern.acknowledged_at, Concern.outcome_at, Concern.closed_at)
    columns: list[Any] = [
        func.count(),
        func.count(case((Concern.acknowledged_at <= Concern.acknowledge_by, 1))),
    ]
    for moment in measured:
        columns += [func.count(moment), _median(moment, counted), func.max(_seconds(moment))]
    raised, in_time, *numbers = db.session.execute(select(*columns).where(*counted)).one()
    took = [
        Took(count, None if median is None else float(median), None if longest is None else float(longest))
        for count, median, longest in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    ]
    return ResponseTimes(raised, in_time, *took)


def _counted(partnership_id: int, at: datetime) -> tuple[Any, ...]:
    return Concern.partnership_id == partnership_id, Concern.raised_at >= at - COUNTED_FOR


def _seconds(moment: InstrumentedAttribute[datetime | None]) -> Any:
    return cast(extract("epoch", moment) - extract("epoch", Concern.raised_at), Float)


def _median(moment: InstrumentedAttribute[datetime | None], counted: tuple[Any, ...]) -> ScalarSelect[Any]:
    """The middle of the times, or the mean of the two in the middle (SQLite has no function for it)."""
    seconds = _seconds(moment)
    placed = (
        select(
            seconds.label("seconds"),
            func.row_number().over(order_by=seconds).label("place"),
            func.count().over().label("all"),
        )
        .where(*counted, moment.is_not(None))
        .subquery()
    )
    middle = (placed.c.all + 1) // 2, (placed.c.all + 2) // 2
    return select(func.avg(placed.c.seconds)).where(placed.c.place.in_(middle)).scalar_subquery()
