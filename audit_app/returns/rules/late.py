"""Returns that are owed: whom the ladder of reminders tells when, and what the coordinator may do about them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.returns.rules.states import OPEN_STATES, ReturnState, Standing, why_not_chase

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


def rungs_due(due_on: date, ladder: Ladder, *, taken: Collection[Rung], today: date) -> Sequence[Rung]:
    """The steps to take today for a return that is owed, lowest first: those whose day has come.

    None is taken twice. Where days were missed, every step that is owing is taken at once.
    """
    return [rung for rung, after in ladder.first_days.items() if today >= due_on + after and rung not in taken]


def why_not_assign(standing: Standing, terms: Terms = DELIVERED) -> str | None:
    """The reason a return cannot be asked of someone else, or None."""
    return why_not_chase(standing, terms)


def why_not_extend(
    standing: Standing, *, due_on: date, new_day: date, today: date, reason: str, terms: Terms = DELIVERED
) -> tuple[str, str | None] | None:
    """The reason a return cannot be due later, with the field that it is about, or None. It wants a reason."""
    if refusal := why_not_chase(standing, terms):
        return refusal, None
    if new_day < today:
        return "The day must be today or later.", "due_on"
    if new_day <= due_on:
        return f"Choose a day after {due_on.day} {due_on:%B %Y}, on which it is due now.", "due_on"
    return None if reason else ("Say why there is more time.", "reason")


def no_return_from(agencies: Sequence[str]) -> str:
    """What a page says of a case where agencies made no return: “No return from Police and School.” Empty for none."""
    if not agencies:
        return ""
    names = " and ".join([", ".join(agencies[:-1]), agencies[-1]] if len(agencies) > 1 else agencies)
    return f"No return from {names}."


def returns_missing(counts: Sequence[tuple[str, int]], cases: int) -> str:
    """What stands beside counts that some returns are missing from, by agency and number of cases. Empty for none."""
    if not counts:
        return ""
    said = [f"{agency} in {n} of {cases} {'case' if cases == 1 else 'cases'}" for agency, n in counts]
    total = sum(n for _, n in counts)
    missing = "1 return is" if total == 1 else f"{total} returns are"
    names = " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
    return f"{missing} missing from these counts: no return from {names}."
