"""What may be done with a population and a sample, and when."""

from datetime import date, timedelta

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.cases.rules import CaseState
from audit_app.cases.rules import why_not_move as why_not_move_case
from audit_app.rounds.rules import RoundState

FILE_KEPT_FOR = timedelta(hours=1)
"""How long an uploaded file waits, encrypted, to be confirmed."""


def why_not_change_population(state: RoundState, *, is_drawn: bool) -> str | None:
    """The reason a round's population cannot be given or replaced now, or None."""
    if state is RoundState.DRAFT:
        return "Open the round first: the population is given once its plan is settled."
    if state is not RoundState.SAMPLING:
        return "The cases of this round have gone to the agencies, so its population stays as it is."
    if is_drawn:
        return "A sample has been drawn from this population, so another file cannot take its place."
    return None


def why_not_as_at(as_at: date, *, today: date) -> str | None:
    """The reason a file cannot be as at this day, or None."""
    if as_at > today:
        return "The as-at date cannot be in the future."
    if as_at < date(today.year - 10, 1, 1):
        return "The as-at date is more than ten years ago. Check the year."
    return None


def why_not_take_sample(
    state: RoundState, *, has_population: bool, is_drawn: bool, terms: Terms = DELIVERED
) -> str | None:
    """The reason a sample cannot be drawn in a round now, or None."""
    if state is RoundState.DRAFT:
        return "Open the round first: the sample is drawn once its plan is settled."
    if state is not RoundState.SAMPLING:
        return "The cases of this round have gone to the agencies, so its sample stays as it is."
    if not has_population:
        return f"The {terms.said(Role.KEY_HOLDER)} has not uploaded the list of children yet."
    if is_drawn:
        return "A sample has been drawn already. Set it aside before you draw another."
    return None


def why_not_change_sample(state: RoundState, *, is_current: bool, is_confirmed: bool) -> str | None:
    """The reason a drawn sample can no longer be confirmed or set aside, or None."""
    if not is_current:
        return "This sample was set aside, and another may have been drawn since. Look at the page again."
    if is_confirmed:
        return "This sample has been confirmed already: its children are cases now."
    if state is not RoundState.SAMPLING:
        return "This round is no longer being sampled."
    return None


def why_not_withdraw_case(state: CaseState, *, is_released: bool) -> str | None:
    """The reason a child cannot be withdrawn and replaced now, or None."""
    if state is CaseState.WITHDRAWN:
        return "This child has been withdrawn already."
    if is_released:
        return "This case has been released to its panel, so the child can no longer be withdrawn."
    return why_not_move_case(state, CaseState.WITHDRAWN)
