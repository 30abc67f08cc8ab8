"""Taking what was confirmed of a filled workbook, each part through the deed of its page.

Everything was compared under the lock that still holds, so nothing can clash here; if something did, nothing at all is
taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from audit_app.accounts.rules import Viewer
from audit_app.core.errors import Refused, Stale
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import (
    KNOWN_WORDS,
    OWN_PART_WORDS,
    SHOULD_HAVE_KNOWN_WORDS,
    Answer,
    AttributeChange,
    Change,
    OwnPart,
    seen_confirmed,
)
from audit_app.returns.rules import workbooks as rules
from audit_app.returns.rules.workbooks import Event, Outcome, Paper, first_after, meant, wording
from audit_app.returns.rules.workbooks.lines import (
    ACTIONS_KEY,
    BEHALF_KEY,
    IMPROVE_KEY,
    KNOWN_KEY,
    LEARNING_KEY,
    LEVEL_KEY,
    LEVEL_REASON_KEY,
    MINUTES_KEY,
    NUMBER_KEY,
    OF_FILE,
    OF_KNOWN,
    PART_KEY,
    PART_WORDS_KEY,
    REASON_KEY,
    SHOULD_KEY,
    WELL_KEY,
)
from audit_app.returns.services.answering import save_ratings, save_words, say_known
from audit_app.returns.services.attributes import save_attributes
from audit_app.returns.services.chronology import add_events, change_event
from audit_app.returns.services.right_file import confirm_file
from audit_app.returns.services.time_spent import save_minutes

MOVED = "Something was saved on screen since you looked at this page. Look at what it says now, then confirm again."


def take(found: AgencyReturn, paper: Paper, taken: Sequence[Outcome], *, by: Viewer, at: datetime) -> None:
    """Take what changes into a locked return: its first sheet first, since without a known child and the right file
    nothing else is asked.

    Raises:
        Refused: a deed refuses, as it would on its page. Then nothing is to be taken.
    """
    try:
        _take_first(found, paper, _of(wording.KNOWN, taken), by, at)
        _take_attributes(found, paper, taken, by, at)
        _take_ratings(found, paper, taken, by, at)
        _take_overall(found, paper, _of(wording.OVERALL, taken), by)
        _take_events(found, paper, taken, by, at)
    except Stale as stale:
        raise Refused(MOVED) from stale


def _of(sheet: str, taken: Iterable[Outcome]) -> dict[str, str]:
    return {one.key: one.file for one in taken if one.sheet == sheet and isinstance(one.file, str)}


def _take_first(found: AgencyReturn, paper: Paper, said: Mapping[str, str], by: Viewer, at: datetime) -> None:
    after = first_after(paper, said)
    known = meant(after[KNOWN_KEY], KNOWN_WORDS)
    if said.keys() & OF_KNOWN and known is not None:
        say_known(
            found.id,
            known=known,
            reason=after[REASON_KEY],
            should_have_known=meant(after[SHOULD_KEY], SHOULD_HAVE_KNOWN_WORDS),
            on_behalf_of=after[BEHALF_KEY],
            seen=found.state,
            by=by,
            at=at,
        )
    if said.keys() & OF_FILE:
        confirm_file(
            found.id,
            own_part=meant(after[PART_KEY], OWN_PART_WORDS) or OwnPart.NONE,  # the comparison lets no empty one pass
            own_part_words=after[PART_WORDS_KEY],
            file_number=said.get(NUMBER_KEY, ""),
            seen=seen_confirmed(found.file_confirmed_at),
            by=by,
            at=at,
        )


def _take_attributes(found: AgencyReturn, paper: Paper, taken: Sequence[Outcome], by: Viewer, at: datetime) -> None:
    versions = {one.attribute.id: one.version for one in paper.attributes}
    chosen = {
        attribute: AttributeChange(options, versions[attribute])
        for attribute, options in rules.chosen_after(paper, taken).items()
    }
    if chosen:
        _nothing_clashes(save_attributes(found.id, chosen, by=by, at=at))


def _take_ratings(found: AgencyReturn, paper: Paper, taken: Sequence[Outcome], by: Viewer, at: datetime) -> None:
    asked = {one.code: one for one in paper.ratings}
    changes = {
        asked[one.key].indicator_id: Change(one.file, asked[one.key].version)
        for one in taken
        if isinstance(one.file, Answer)
    }
    if changes:
        _nothing_clashes(save_ratings(found.id, changes, by=by, at=at))


def _take_overall(found: AgencyReturn, paper: Paper, said: Mapping[str, str], by: Viewer) -> None:
    def text(key: str) -> str:
        return said.get(key, paper.line[key].kept if key in paper.line else "")

    if said.keys() - {MINUTES_KEY}:
        save_words(
            found.id,
            overall_level_id=meant(text(LEVEL_KEY), paper.level_words),
            overall_reason=text(LEVEL_REASON_KEY),
            worked_well=text(WELL_KEY),
            to_improve=text(IMPROVE_KEY),
            learning=text(LEARNING_KEY),
            proposed_actions=text(ACTIONS_KEY),
            version=found.version,
            by=by,
        )
    if MINUTES_KEY in said:
        save_minutes(found.id, minutes_spent=int(said[MINUTES_KEY]) if said[MINUTES_KEY] else None, by=by)


def _take_events(found: AgencyReturn, paper: Paper, taken: Sequence[Outcome], by: Viewer, at: datetime) -> None:
    """Doubtful dates were named when the file was looked at, so whoever confirms is sure of them."""
    kept = {one.key: one for one in paper.events}
    new = []
    for one in taken:
        if not isinstance(one.file, Event):
            continue
        event = rules.as_told(one.file)
        if one.key in kept:
            it = kept[one.key]
            change_event(found.id, it.id, event, version=it.version, is_sure=True, by=by, at=at)
        else:
            new.append(event)
    if new:
        add_events(found.id, new, by=by, at=at)


def _nothing_clashes(clashes: Iterable[int]) -> None:
    if list(clashes):
        raise Refused(MOVED)
