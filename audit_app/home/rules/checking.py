"""What to do next between the last panel and the report: reading cases side by side, and checking facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.home.rules import steps
from audit_app.home.rules.steps import NextStep, RoundProgress, Urgency
from audit_app.rounds.rules import RoundState


@dataclass(frozen=True)
class Moderating:
    """A round that is being moderated, for one of its readers. `to_decide`: changes that others proposed."""

    round_reference: str
    to_decide: int
    has_said: bool


def steps_of_moderation(rounds: Iterable[Moderating]) -> Sequence[NextStep]:
    """What somebody does next who reads all cases of a round side by side."""
    found = []
    for one in rounds:
        name, where = one.round_reference, {"reference": one.round_reference}
        if one.to_decide:
            changes = "1 change" if one.to_decide == 1 else f"{one.to_decide} changes"
            words = f"Confirm, or do not confirm, {changes} proposed for {name}"
            found.append(NextStep(Urgency.NOW, words, "panels.moderation", where))
        elif not one.has_said:
            words = f"Read all cases of {name} side by side"
            found.append(NextStep(Urgency.NOW, words, "panels.moderation", where, "Are they rated alike?"))
    return found


@dataclass(frozen=True)
class FactsToCheck:
    """A round whose facts an agency may correct, until a day, and has not said that it is done."""

    round_reference: str
    agency_id: int
    agency: str
    due_on: date


def steps_of_checking(rounds: Iterable[FactsToCheck]) -> Sequence[NextStep]:
    """What somebody does next who checks facts for an agency."""
    return [
        NextStep(
            Urgency.NOW,
            f"Check the facts of {one.round_reference} for {one.agency} by {one.due_on.day} {one.due_on:%B %Y}",
            "panels.check_facts",
            {"reference": one.round_reference, "agency_id": one.agency_id},
            "Say if nothing is to be corrected.",
        )
        for one in rounds
    ]


@dataclass(frozen=True)
class ToDecide:
    """How many corrections, asked for in a round, wait for somebody who may decide them."""

    round_reference: str
    corrections: int


def steps_of_corrections(rounds: Iterable[ToDecide]) -> Sequence[NextStep]:
    """What a chair or coordinator decides next."""
    found = []
    for one in rounds:
        what = "1 correction" if one.corrections == 1 else f"{one.corrections} corrections"
        words = f"Decide {what} that agencies asked for in {one.round_reference}"
        found.append(NextStep(Urgency.NOW, words, "panels.accuracy", {"reference": one.round_reference}))
    return found


def step_of_round(progress: RoundProgress, roles: Iterable[Role], *, today: date) -> NextStep | None:
    """The one thing that someone with these roles does next on a round, or None where it waits for others."""
    held = set(roles)
    here = {"reference": progress.reference}
    if Role.COORDINATOR in held:
        if progress.state is RoundState.MODERATION and not progress.has_reader:
            words = f"Name who reads the cases of {progress.reference} with the chair"
            return NextStep(Urgency.NOW, words, "panels.name_reader", here)
        if progress.state is RoundState.ACCURACY_CHECK and progress.accuracy_due_on:
            if progress.corrections_open:
                return steps_of_corrections([ToDecide(progress.reference, progress.corrections_open)])[0]
            if progress.accuracy_due_on < today or not progress.agencies_checking:
                words = f"End the accuracy check of {progress.reference}"
                return NextStep(Urgency.NOW, words, "panels.end_check", here)
    return steps.step_of_round(progress, held)


def waits_for(progress: RoundProgress, terms: Terms = DELIVERED) -> str:
    """What a round waits for, in a partnership's words, for those who have nothing to do on it."""
    if progress.state is RoundState.MODERATION:
        return (
            "Waiting for the chair and one other to read all cases side by side."
            if progress.has_reader
            else f"Waiting for the {terms.said(Role.COORDINATOR)} to name who reads the cases with the chair."
        )
    if progress.state is RoundState.ACCURACY_CHECK and progress.accuracy_due_on:
        day = f"{progress.accuracy_due_on.day} {progress.accuracy_due_on:%B %Y}"
        return f"Agencies can correct facts until the end of {day}."
    return steps.waits_for(progress, terms)
