"""Returns that are owed: whom the ladder of reminders tells when, and what the coordinator may do about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.returns.rules.states import OPEN_STATES, ReturnState

REMINDERS_FROM = time(7)
"""No reminder leaves in the night."""

NO_RETURN = OPEN_STATES | {ReturnState.CLOSED}
"""States in which there is no return once the panel has gone on: it was closed, or never answered."""


class Rung(StrEnum):
    """A step of the ladder: who is told of a return that is owed."""

    AUDITORS = "auditors"
    LEADS = "leads"
    PARTNERS = "partners"


@dataclass(frozen=True)
class Ladder:
    """When a round tells whom, in days: auditors before returns are due, the others after."""

    auditors: int
    leads: int
    partners: int

    @property
    def first_days(self) -> Mapping[Rung, timedelta]:
        """How long after the day due each step is taken; before it where that is less than nothing."""
        return {
            Rung.AUDITORS: timedelta(days=-self.auditors),
            Rung.LEADS: timedelta(days=self.leads),
            Rung.PARTNERS: timedelta(days=self.partners),
        }


def rungs_due(due_on: date, ladder: Ladder, *, taken: Mapping[Rung, date], today: date) -> Sequence[Rung]:
    """The steps whose day has come for a return that is owed, lowest first. `taken` says when each was taken.

    None is taken twice. Where days were missed, of those that are owing one is taken a day.
    """
    if today in taken.values():
        return []
    return [rung for rung, after in ladder.first_days.items() if today >= due_on + after and rung not in taken]


def why_not_assign_these(agency_ids: Collection[int]) -> str | None:
    """The reason the chosen returns, of these agencies, cannot be asked of one person, or None."""
    if not agency_ids:
        return "Choose at least one return that is still owed."
    return "Choose returns of one agency: its own people are asked for them." if len(agency_ids) > 1 else None


def why_not_extend(
    *, due_on: date, new_day: date, today: date, reason: str, panel_on: date | None = None, is_sure: bool = False
) -> tuple[str, str] | None:
    """The reason returns of which the last is due on `due_on` cannot be due later, with its field, or None. A day that
    leaves the panel of `panel_on` without them is asked about, and taken where somebody `is_sure`."""
    if new_day < today:
        return "The day must be today or later.", "due_on"
    if new_day <= due_on:
        return f"Choose a day after {due_on.day} {due_on:%B %Y}, on which it is due now.", "due_on"
    if not reason:
        return "Say why there is more time.", "reason"
    if panel_on and new_day >= panel_on and not is_sure:
        when = "the day" if new_day == panel_on else "after the day"
        said = f"This is {when} of the panel, {panel_on.day} {panel_on:%B %Y}. Choose an earlier day, or tick that"
        return f"{said} it is meant so.", "is_sure"
    return None


def reminded_in_words(
    *,
    told: Sequence[str],
    told_before: Sequence[str],
    nobody_at: Sequence[str],
    is_mailing: bool,
    terms: Terms = DELIVERED,
) -> str:
    """What the coordinator reads after reminding: who was told, who had been, and where nobody is there.

    `is_mailing` says whether a mail server is set; without one nobody hears of anything.
    """
    said = []
    if told:
        how = "Told by e-mail" if is_mailing else "No e-mail is sent yet, so tell them yourself"
        said.append(f"{how}: {_listed(told)}.")
    if told_before:
        said.append(f"Reminded today already, so not again: {_listed(told_before)}.")
    if nobody_at:
        said.append(f"Nobody was told at {_listed(nobody_at)}, which has no {terms.said(Role.AUDITOR)}.")
    return " ".join(said)


def no_return_from(agencies: Sequence[str]) -> str:
    """What a page says of a case where agencies made no return: “No return from Police and School.” Empty for none."""
    if not agencies:
        return ""
    return f"No return from {_listed(agencies)}."


def returns_missing(counts: Sequence[tuple[str, int]], cases: int) -> str:
    """What stands beside counts that some returns are missing from, by agency and number of cases. Empty for none."""
    if not counts:
        return ""
    said = [f"{agency} in {n} of {cases} {'case' if cases == 1 else 'cases'}" for agency, n in counts]
    total = sum(n for _, n in counts)
    missing = "1 return is" if total == 1 else f"{total} returns are"
    return f"{missing} missing from these counts: no return from {_listed(said)}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
