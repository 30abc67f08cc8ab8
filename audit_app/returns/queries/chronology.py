"""Chronologies: of one return, and of all agencies on one time line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.clock import LONDON
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import AgeBand
from audit_app.returns.models import AgencyReturn, ChronologyEvent, Voice
from audit_app.returns.rules import HANDED_OVER, OPEN_STATES, Event, ReturnState, Window, born_after, look_back_start
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class EventShown:
    """An event of a return as its pages show it."""

    id: int
    happened_on: date
    event: str
    impact: str
    response: str
    version: int
    saved_by: str


@dataclass(frozen=True)
class ChronologyFrame:
    """What dates are measured by: the look-back period, and a day before which no child of that age was born."""

    window: Window
    earliest: date


def events_of_return(partnership_id: int, return_id: int) -> Sequence[EventShown]:
    """The events of a return in the order of their days."""
    rows = db.session.execute(
        select(
            ChronologyEvent.id,
            ChronologyEvent.happened_on,
            ChronologyEvent.event,
            ChronologyEvent.impact,
            ChronologyEvent.response,
            ChronologyEvent.version,
            func.coalesce(Person.name, ""),
        )
        .outerjoin(Person, Person.id == ChronologyEvent.saved_by_id)
        .where(ChronologyEvent.partnership_id == partnership_id, ChronologyEvent.return_id == return_id)
        .order_by(ChronologyEvent.happened_on, ChronologyEvent.id)
    )
    return [EventShown(*row) for row in rows]


def events_counted(partnership_id: int, return_id: int) -> int:
    """How many events a return has."""
    of_return = (ChronologyEvent.partnership_id == partnership_id, ChronologyEvent.return_id == return_id)
    return db.session.scalar(select(func.count()).select_from(ChronologyEvent).where(*of_return)) or 0


def beside_counted(partnership_id: int, return_id: int) -> tuple[int, int]:
    """How many events and how many voices a return has. One query."""
    counted = (
        select(func.count())
        .select_from(table)
        .where(table.partnership_id == partnership_id, table.return_id == return_id)
        .scalar_subquery()
        for table in (ChronologyEvent, Voice)
    )
    events, voices = db.session.execute(select(*counted)).one()
    return events, voices


def event_of_return(partnership_id: int, return_id: int, event_id: int) -> EventShown:
    """One event of a return.

    Raises:
        NotHere: the return has no such event.
    """
    found = [one for one in events_of_return(partnership_id, return_id) if one.id == event_id]
    if not found:
        raise NotHere
    return found[0]


def event_for_change(partnership_id: int, return_id: int, event_id: int) -> ChronologyEvent:
    """An event of a return that is locked.

    Raises:
        NotHere: the return has no such event (any more).
    """
    return row_for_change(
        select(ChronologyEvent).where(
            ChronologyEvent.partnership_id == partnership_id,
            ChronologyEvent.return_id == return_id,
            ChronologyEvent.id == event_id,
        )
    )


def kept_events(partnership_id: int, return_id: int) -> Mapping[int, Event]:
    """The events of a return by their ids, without who saved them."""
    shown = events_of_return(partnership_id, return_id)
    return {one.id: Event(one.happened_on, one.event, one.impact, one.response) for one in shown}


def frame_of_chronology(partnership_id: int, return_id: int, *, today: date) -> ChronologyFrame:
    """What the dates of a return's chronology are measured by."""
    row = db.session.execute(
        select(Round.opened_at, Round.look_back_months, Case.released_at, Case.age_band, Case.created_at)
        .select_from(AgencyReturn)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == AgencyReturn.partnership_id) & (Round.id == AgencyReturn.round_id))
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
    ).one()
    return ChronologyFrame(_window(row, today), born_after(row.age_band, row.created_at.astimezone(LONDON).date()))


def _window(row: Any, today: date) -> Window:
    opened_on = row.opened_at.astimezone(LONDON).date() if row.opened_at else None
    end = row.released_at.astimezone(LONDON).date() if row.released_at else today
    return Window(look_back_start(opened_on, row.look_back_months), end)


def texts_of_chronology(partnership_id: int, return_id: int) -> Sequence[tuple[str, str, str]]:
    """Every text of a return's chronology: where it stands in words, the place on the page of the chronology, and the
    text itself."""
    return [
        (f"Chronology, {one.happened_on.day} {one.happened_on:%B %Y}: {what}", f"event-{one.id}", text)
        for one in events_of_return(partnership_id, return_id)
        for what, text in (("event", one.event), ("impact", one.impact), ("response", one.response))
        if text
    ]


@dataclass(frozen=True)
class CaseOfLine:
    """The case of a time line. `is_whole`: the viewer reads every chronology that was handed over."""

    id: int
    reference: str
    age_band: AgeBand
    is_released: bool
    round_reference: str
    round_title: str
    look_back_months: int | None
    window: Window
    is_whole: bool


@dataclass(frozen=True)
class AgencyOfLine:
    """An agency asked about the case of a time line, and whether the viewer reads its chronology."""

    id: int
    name: str
    short_name: str
    return_id: int
    state: ReturnState
    is_read: bool


@dataclass(frozen=True)
class LineEvent:
    """An event on a time line."""

    id: int
    agency_id: int
    agency: str
    happened_on: date
    event: str
    impact: str
    response: str


def case_of_line(viewer: Viewer, reference: str, *, today: date) -> CaseOfLine:
    """The case of a time line, for those who see the case.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    row = db.session.execute(
        select(
            Case.id,
            Case.age_band,
            Case.released_at,
            Round.reference.label("round_reference"),
            Round.title,
            Round.opened_at,
            Round.look_back_months,
            sees(viewer, Thing.PACK, handed_over=true()).label("is_whole"),
        )
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .where(Case.partnership_id == viewer.partnership_id, Case.reference == reference, sees(viewer, Thing.CASE))
    ).one_or_none()
    if row is None:
        raise NotHere
    return CaseOfLine(
        id=row.id,
        reference=reference,
        age_band=row.age_band,
        is_released=row.released_at is not None,
        round_reference=row.round_reference,
        round_title=row.title,
        look_back_months=row.look_back_months,
        window=_window(row, today),
        is_whole=bool(row.is_whole),
    )


def agencies_of_line(viewer: Viewer, case_id: int) -> Sequence[AgencyOfLine]:
    """The agencies asked about a case whose states the viewer may know: their own, or all they may read or run."""
    own = AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR))
    rows = db.session.execute(
        select(
            Agency.id,
            Agency.name,
            Agency.short_name,
            AgencyReturn.id,
            AgencyReturn.state,
            _reads_chronology(viewer),
        )
        .select_from(AgencyReturn)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Round, (Round.partnership_id == Case.partnership_id) & (Round.id == Case.round_id))
        .join(Agency, (Agency.partnership_id == AgencyReturn.partnership_id) & (Agency.id == AgencyReturn.agency_id))
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id,
            AgencyReturn.case_id == case_id,
            or_(own, sees(viewer, Thing.PACK, handed_over=true())),
        )
        .order_by(Agency.name)
    )
    return [AgencyOfLine(*row) for row in rows]


def events_of_line(partnership_id: int, agencies: Sequence[AgencyOfLine]) -> Sequence[LineEvent]:
    """The events of those agencies of a case whose chronologies are read, in the order of their days."""
    read = {one.return_id: one for one in agencies if one.is_read}
    rows = db.session.execute(
        select(
            ChronologyEvent.id,
            ChronologyEvent.return_id,
            ChronologyEvent.happened_on,
            ChronologyEvent.event,
            ChronologyEvent.impact,
            ChronologyEvent.response,
        )
        .where(ChronologyEvent.partnership_id == partnership_id, ChronologyEvent.return_id.in_(read))
        .order_by(ChronologyEvent.happened_on, ChronologyEvent.id)
    )
    return [LineEvent(row.id, read[row.return_id].id, read[row.return_id].name, *row[2:]) for row in rows]


def _reads_chronology(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a viewer reads the chronology of a return: their own agency's, or one handed over."""
    handed_over = AgencyReturn.state.in_(HANDED_OVER)
    own = AgencyReturn.agency_id.in_(viewer.agencies(Role.AUDITOR)) & AgencyReturn.state.in_(OPEN_STATES | HANDED_OVER)
    return or_(own, sees(viewer, Thing.PACK, handed_over=handed_over) & handed_over)
