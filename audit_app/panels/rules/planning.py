"""How a panel is planned: its times, what fits into them, how it rates, who came and whose own case it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from audit_app.accounts.rules import DELIVERED, Role, Terms, Viewer
from audit_app.cases.rules import CASE_STATE_WORDS, CaseState
from audit_app.panels.rules.room import MINUTES_PER_CASE
from audit_app.panels.rules.states import is_chair, why_not_plan
from audit_app.rounds.rules import SEEN_BY_BOARD, RoundState, in_a_row

MINUTES_AT_LEAST, MINUTES_AT_MOST = 10, 240
"""Between which a panel's minutes for each child lie."""


@dataclass(frozen=True)
class Timing:
    """When a meeting begins and ends, on the clocks of its day, and how many minutes it gives each case."""

    starts_at: time | None = None
    ends_at: time | None = None
    minutes_per_case: int = MINUTES_PER_CASE


def why_not_timing(timing: Timing) -> Mapping[str, str]:
    """What stands in the way of such times, as a sentence by the part it is about. Empty when they hold."""
    wrong = {}
    if timing.ends_at is not None and timing.starts_at is None:
        wrong["starts_at"] = "Enter the time it begins, or leave the end empty too."
    elif timing.ends_at is not None and timing.starts_at is not None and timing.ends_at <= timing.starts_at:
        wrong["ends_at"] = "The panel must end after it begins."
    if not MINUTES_AT_LEAST <= timing.minutes_per_case <= MINUTES_AT_MOST:
        wrong["minutes_per_case"] = f"Enter a whole number of minutes from {MINUTES_AT_LEAST} to {MINUTES_AT_MOST}."
    return wrong


def what_fits(timing: Timing, cases: int) -> str:
    """Whether so many cases fit between beginning and end, in words; empty where nobody said how long it lasts.

    “4 cases of 60 minutes need 4 hours. There is time for 3.”
    """
    if timing.starts_at is None or timing.ends_at is None or not cases:
        return ""
    minutes = _minutes(timing.ends_at) - _minutes(timing.starts_at)
    fitting, each = minutes // timing.minutes_per_case, timing.minutes_per_case
    need = f"{_counted(cases, 'case')} of {each} minutes {'needs' if cases == 1 else 'need'} {_span(cases * each)}."
    return f"{need} There is time for {fitting if fitting else 'none'}."


def begins_at(timing: Timing, place: int) -> time | None:
    """When the case at this place in the order (the first is 0) begins: the start, and the minutes of those before it.

    None without a start, and where it would be the next day.
    """
    if timing.starts_at is None:
        return None
    minutes = _minutes(timing.starts_at) + place * timing.minutes_per_case
    return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else None


def span_of(held_on: date, timing: Timing, cases: int) -> tuple[datetime, datetime] | None:
    """When the meeting begins and ends on the clocks of its day, without a zone; None without a start.

    Where no end is planned it lasts as many minutes as its cases take. A meeting without cases is given those of one.
    """
    if timing.starts_at is None:
        return None
    starts = datetime.combine(held_on, timing.starts_at)
    if timing.ends_at is not None:
        return starts, datetime.combine(held_on, timing.ends_at)
    return starts, starts + timedelta(minutes=max(cases, 1) * timing.minutes_per_case)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = ([_counted(hours, "hour")] if hours else []) + ([_counted(rest, "minute")] if rest else [])
    return " ".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"


def why_not_switch(*, to_paper: bool, is_begun: bool, is_open: bool, is_released: bool, is_seated: bool) -> str | None:
    """The reason a panel cannot change between its room and paper, or None.

    `is_begun`: something was rated in its room, and others have seen or wait to see it. `is_open`: its room is. Once a
    case is released paper shows what its agencies chose, so there is no way back, and nobody who sits on the panel
    opens it to themselves.
    """
    if is_released and not to_paper:
        return "What the agencies chose has been seen on paper, so this panel stays on paper."
    if is_released and is_seated:
        return "You sit on this panel, and paper would show you what the agencies chose. Ask somebody who does not."
    if is_begun:
        return "This panel has begun to rate in the room, so how it rates stays as it is."
    if is_open:
        return "The room of this panel is open. Its chair closes it first."
    return None


def why_not_take_off(came: Sequence[str]) -> str | None:
    """The reason members cannot be taken off a panel, or None. `came`: the names of those of them who were at it."""
    if not came:
        return None
    were, stay = ("was", "stays") if len(came) == 1 else ("were", "stay")
    return (
        f"{in_a_row(came)} {were} at this panel and {stay} on its record. Mark a conflict of interest to leave "
        "somebody out of the rating of a case; if somebody was not there, change who came first."
    )


def why_not_drop_chair(name: str) -> str:
    """The reason a chair cannot leave a panel that has begun without becoming a member of it. They were there."""
    return (
        f"This panel has begun, and {name} stays on its record: choose them as a member. If they were not there, "
        "change who came after that, and then take them off."
    )


def why_not_attend(state: RoundState) -> str | None:
    """The reason who came to a panel of this round can no longer be recorded, or None.

    The last case of a paper panel moves the round on while its list still lies on the table. The report ends it.
    """
    if state in SEEN_BY_BOARD:
        return "This round has been published, so who came to its panels stays as it is."
    if state is RoundState.WITHDRAWN:
        return "This round was withdrawn, so nothing more is recorded on its panels."
    return None


def may_steer(viewer: Viewer, chair_id: int | None) -> bool:
    """Whether somebody decides over the people of a panel with this chair: the chair, or a coordinator."""
    return viewer.has(Role.COORDINATOR) or is_chair(viewer, chair_id)


def may_record_attendance(viewer: Viewer, chair_id: int, *, is_seated: bool) -> bool:
    """Whether somebody records who came to a panel: who steers it, or takes its notes."""
    return may_steer(viewer, chair_id) or (is_seated and viewer.has(Role.NOTE_TAKER))


def why_not_mark(
    case: CaseState, round_state: RoundState, *, is_of_chair: bool = False, terms: Terms = DELIVERED
) -> str | None:
    """The reason a conflict of interest in a case can no longer be marked, or its mark taken away, or None.

    `is_of_chair`: it is the chair's own. Whoever chairs holds the rating of every case together.
    """
    if is_of_chair:
        chair = terms.said(Role.PANEL_CHAIR)
        return f"The {chair} cannot be left out of a case. Choose another {chair} for this panel first."
    if case in {CaseState.AGREED, CaseState.WITHDRAWN}:
        return f"This case is at “{CASE_STATE_WORDS[case]}”, so nobody's part in it changes."
    return why_not_plan(round_state)


def why_not_chair(chair: str, conflicts: Sequence[str], terms: Terms = DELIVERED) -> str | None:
    """The reason somebody cannot chair a panel, or None. `conflicts`: the references of its cases that concern them."""
    if conflicts:
        other = terms.said(Role.PANEL_CHAIR)
        return f"{chair} has a conflict of interest in {in_a_row(conflicts)}. Choose another {other}."
    return None
