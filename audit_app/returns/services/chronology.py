"""What an auditor does with their agency's chronology."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from audit_app.accounts.rules import Viewer
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.core.web import day
from audit_app.history.services import record, record_once_an_hour
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, ChronologyEvent
from audit_app.returns.rules import Event
from audit_app.returns.services.writing import return_to_write


def add_event(return_id: int, event: Event, *, is_sure: bool, by: Viewer, at: datetime) -> None:
    """Add an event. `is_sure` says that a date which is doubted was looked at again. The very same event is not added
    twice, whatever the browser sends twice.

    Raises:
        Refused: nothing can be saved now, the chronology is full, a text is missing or too long, or the date is
            doubted (`field` names what it is about).
        NotHere: the return is not of the actor's agency.
    """
    found = return_to_write(return_id, by)
    _check(found, event, at, is_sure=is_sure)
    there = queries.kept_events(by.partnership_id, return_id)
    if event in there.values():
        return
    if reason := rules.why_not_more(len(there), 1):
        raise Refused(reason)
    _insert(found, [event], by, at)
    record_once_an_hour("chronology_saved", by=by, of=found)


def change_event(
    return_id: int, event_id: int, event: Event, *, version: int, is_sure: bool, by: Viewer, at: datetime
) -> None:
    """Change an event. `version` is of the one that was seen.

    Raises:
        Refused: as `add_event`.
        Stale: somebody else changed this event meanwhile.
        NotHere: the return is not of the actor's agency, or has no such event (any more).
    """
    found = return_to_write(return_id, by)
    kept = queries.event_for_change(by.partnership_id, return_id, event_id)
    if Event(kept.happened_on, kept.event, kept.impact, kept.response) == event:
        return
    _check_seen(kept, version)
    _check(found, event, at, is_sure=is_sure or event.happened_on == kept.happened_on)
    kept.happened_on, kept.event = event.happened_on, event.event
    kept.impact, kept.response = event.impact, event.response
    kept.saved_at, kept.saved_by_id, kept.version = at, by.id, kept.version + 1
    record_once_an_hour("chronology_saved", by=by, of=found)
    db.session.flush()


def remove_event(return_id: int, event_id: int, *, version: int, by: Viewer) -> None:
    """Remove an event for good.

    Raises:
        Refused: nothing can be changed now.
        Stale: somebody else changed this event meanwhile: look at it again first.
        NotHere: as `change_event`.
    """
    found = return_to_write(return_id, by)
    kept = queries.event_for_change(by.partnership_id, return_id, event_id)
    _check_seen(kept, version)
    db.session.delete(kept)
    record("chronology_event_removed", by=by, of=found)
    db.session.flush()


@dataclass(frozen=True)
class Taken:
    """How many pasted events were added, and how many were there already."""

    added: int
    there: int


def add_events(return_id: int, events: Sequence[Event], *, by: Viewer, at: datetime) -> Taken:
    """Add events that were pasted and looked at. One with the same day and the same event as one that is there, or
    earlier among them, is left out.

    Raises:
        Refused: nothing can be saved now, there would be too many, or a text is missing or too long.
        NotHere: the return is not of the actor's agency.
    """
    found = return_to_write(return_id, by)
    for event in events:
        _check(found, event, at, is_sure=True)
    there = queries.kept_events(by.partnership_id, return_id)
    new = rules.not_there_yet(events, there.values())
    if reason := rules.why_not_more(len(there), len(new)):
        raise Refused(reason)
    if new:
        _insert(found, new, by, at)
        record("chronology_pasted", by=by, of=found, events=len(new))
    return Taken(len(new), len(events) - len(new))


def _check(found: AgencyReturn, event: Event, at: datetime, *, is_sure: bool) -> None:
    today = at.astimezone(LONDON).date()
    if reason := rules.why_not_happened(event.happened_on, today):
        raise Refused(reason, field="happened_on")
    if reason := rules.why_not_texts(event):
        raise Refused(reason, field="event" if not event.event else None)
    if is_sure:
        return
    earliest = queries.frame_of_chronology(found.partnership_id, found.id, today=today).earliest
    if doubt := rules.doubt_about(event.happened_on, today=today, earliest=earliest):
        raise Refused(f"{doubt} If it is right, save again.", field="happened_on")


def _check_seen(kept: ChronologyEvent, version: int) -> None:
    if kept.version != version:
        theirs = {
            "happened_on": day(kept.happened_on),
            "event": kept.event,
            "impact": kept.impact,
            "response": kept.response,
        }
        raise Stale(theirs, version=kept.version)


def _insert(found: AgencyReturn, events: Sequence[Event], by: Viewer, at: datetime) -> None:
    rows = [
        {
            "partnership_id": found.partnership_id,
            "return_id": found.id,
            **vars(event),
            "saved_at": at,
            "saved_by_id": by.id,
            "version": 1,
        }
        for event in events
    ]
    db.session.execute(insert(ChronologyEvent), rows)
