"""Sending the cases of a round to its agencies."""

from collections.abc import Sequence
from datetime import date

from audit_app.rounds.rules import RoundState


def why_not_send(
    round_state: RoundState,
    *,
    cases: int,
    sheets_missing: Sequence[str],
    agencies: int,
) -> str | None:
    """The reason the waiting cases of a round cannot go to the agencies now, or None.

    `cases` is how many wait, `sheets_missing` the references of those whose identity sheet is neither complete nor
    saved with a reason. A child who takes another's place is sent later, while the round is with the agencies.
    """
    if round_state not in {RoundState.SAMPLING, RoundState.RETURNS}:
        return "Cases are sent to the agencies after the sample was drawn and before the panel."
    if not cases and round_state is RoundState.RETURNS:
        return "Every case of this round has been sent."
    if not cases:
        return "There are no cases yet: draw the sample and confirm it first."
    if not agencies:
        return "No agency takes part in this round."
    if sheets_missing:
        return "Some identity sheets are not complete yet. Without them agencies cannot find their files."
    return None


def why_not_due(due_on: date, *, today: date) -> str | None:
    """The reason returns cannot be due on a day, or None."""
    return "The day by which returns are due must be today or later." if due_on < today else None
