"""What of a workbook has a deed of its own: the lines beside the first question, the overall words, the chronology.

Each takes only what changed, of a return that is locked, by an actor who may fill it in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.history.services import record_once_an_hour
from audit_app.returns.models import AgencyReturn, ChronologyEvent
from audit_app.returns.rules.workbooks import Event, Outcome, Paper, wording
from audit_app.returns.rules.workbooks.lines import (
    ACTIONS_KEY,
    BEHALF_KEY,
    FILE_KEY,
    IMPROVE_KEY,
    LEARNING_KEY,
    LEVEL_KEY,
    LEVEL_REASON_KEY,
    MINUTES_KEY,
    PART_KEY,
    PART_WORDS_KEY,
    SHOULD_KEY,
    WELL_KEY,
)

Meaning = TypeVar("Meaning")

_TEXTS_OF_OVERALL = {
    LEVEL_REASON_KEY: "overall_reason",
    WELL_KEY: "worked_well",
    IMPROVE_KEY: "to_improve",
    LEARNING_KEY: "learning",
    ACTIONS_KEY: "proposed_actions",
}
_TEXTS_OF_FIRST = {BEHALF_KEY: "on_behalf_of", PART_WORDS_KEY: "own_part_words"}


def save_first_lines(found: AgencyReturn, lines: Mapping[str, str], *, by: Viewer, at: datetime) -> None:
    """Save what is asked beside the first question, by the key of its line."""
    for key, text in lines.items():
        if key in _TEXTS_OF_FIRST:
            setattr(found, _TEXTS_OF_FIRST[key], text)
    if FILE_KEY in lines:
        is_yes = lines[FILE_KEY] == wording.YES
        found.file_confirmed_at, found.file_confirmed_by_id = (at, by.id) if is_yes else (None, None)
    if SHOULD_KEY in lines:
        found.should_have_known = _meant(lines[SHOULD_KEY], wording.SHOULD_HAVE_WORDS)
    if PART_KEY in lines:
        found.own_part = _meant(lines[PART_KEY], wording.OWN_PART_WORDS)
    if lines:
        db.session.flush()


def save_overall(found: AgencyReturn, paper: Paper, lines: Mapping[str, str], *, by: Viewer) -> None:
    """Save what is said over the whole return, by the key of its line."""
    if not lines:
        return
    for key, text in lines.items():
        if key in _TEXTS_OF_OVERALL:
            setattr(found, _TEXTS_OF_OVERALL[key], text)
    if LEVEL_KEY in lines:
        found.overall_level_id = _meant(lines[LEVEL_KEY], paper.level_words)
    if MINUTES_KEY in lines:
        found.minutes_spent = int(lines[MINUTES_KEY]) if lines[MINUTES_KEY] else None
    found.version += 1
    record_once_an_hour("return_summary_saved", by=by, of=found)
    db.session.flush()


def _meant(said: str, words: Mapping[Meaning, str]) -> Meaning | None:
    return next((meaning for meaning, its in words.items() if its == said), None)


def save_events(found: AgencyReturn, paper: Paper, outcomes: Sequence[Outcome], *, by: Viewer, at: datetime) -> None:
    """Add and change events of the chronology."""
    ids = {kept.key: kept.id for kept in paper.events}
    for one in outcomes:
        event = one.file
        if not isinstance(event, Event) or event.happened_on is None:
            continue
        if one.key in ids:
            row = db.session.get_one(ChronologyEvent, ids[one.key])
            row.version += 1
        else:
            row = ChronologyEvent(partnership_id=found.partnership_id, return_id=found.id, version=1)
            db.session.add(row)
        row.happened_on, row.event, row.impact, row.response = (
            event.happened_on,
            event.event,
            event.impact,
            event.response,
        )
        row.saved_at, row.saved_by_id = at, by.id
    if outcomes:
        db.session.flush()
