"""What to do next around practitioners: feedback that is owed, and the returns that someone is named on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.home.rules.steps import NextStep, Urgency


@dataclass(frozen=True)
class FeedbackOwed:
    """Feedback to practitioners that a person's agencies still owe."""

    late: int
    to_come: int


def steps_of_feedback(owed: FeedbackOwed, terms: Terms = DELIVERED) -> Sequence[NextStep]:
    """What whoever gives feedback for an agency does next: its lead, or its auditor."""
    steps, practitioners = [], terms.several(Role.PRACTITIONER)
    if owed.late:
        words = f"Feedback to {practitioners} on {_returns(owed.late)} of your agency is late"
        steps.append(NextStep(Urgency.LATE, words, "returns.my_feedback"))
    if owed.to_come:
        words = f"Give feedback to {practitioners} on {_returns(owed.to_come)} of your agency"
        steps.append(NextStep(Urgency.SOON, words, "returns.my_feedback"))
    return steps


@dataclass(frozen=True)
class NamedOn:
    """A return that a person is named on, as a practitioner or their manager. Words are the page's own."""

    case_reference: str
    agency_id: int
    agency: str
    round_title: str
    is_readable: bool
    is_asking: bool  # for an answer, and nothing stands in its way
    is_answered: bool


def steps_of_practitioner(named: Iterable[NamedOn]) -> Sequence[NextStep]:
    """What someone named on returns does next: a line for each, since it is all that they see."""
    steps = []
    for one in named:
        if one.is_asking and not one.is_answered:
            urgency, words = (
                Urgency.NOW,
                f"Read what {one.agency} says of your work on {one.case_reference}, and answer",
            )
        elif one.is_readable:
            urgency, words = Urgency.NEWS, f"Read what {one.agency} says of your work on {one.case_reference}"
        else:
            urgency = Urgency.SOON
            words = f"{one.agency} is looking at your work on {one.case_reference}: you can read it later"
        values: dict[str, str | int] = {"reference": one.case_reference, "agency_id": one.agency_id}
        steps.append(NextStep(urgency, words, "returns.own_work", values, one.round_title))
    return steps


def _returns(count: int) -> str:
    return "1 return" if count == 1 else f"{count} returns"
