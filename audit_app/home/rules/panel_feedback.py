"""What panels say to agencies, as things to do: questions to answer, feedback to read, and answers that came in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit_app.home.rules.steps import NextStep, Urgency


@dataclass(frozen=True)
class SaidByPanel:
    """What a panel said to one of a person's agencies. `is_asking`: it asks a question that waits for its answer."""

    case_reference: str
    agency_id: int
    is_asking: bool


@dataclass(frozen=True)
class AnswerIn:
    """An agency's answer to a panel's question that came in lately."""

    case_reference: str
    agency: str


def steps_of_panel_feedback(said: Iterable[SaidByPanel]) -> Sequence[NextStep]:
    """What whoever hears panels for an agency does next. One alone is led to at once, several by their list."""
    said = list(said)
    asking, telling = [one for one in said if one.is_asking], [one for one in said if not one.is_asking]
    steps = []
    if asking:
        words = "The panel asks you a question" if len(asking) == 1 else f"Panels ask you {len(asking)} questions"
        steps.append(_step(Urgency.NOW, words, asking))
    if telling:
        words = "The panel has feedback for you"
        steps.append(_step(Urgency.NEWS, words if len(telling) == 1 else f"{words} on {len(telling)} cases", telling))
    return steps


def _step(urgency: Urgency, words: str, said: Sequence[SaidByPanel]) -> NextStep:
    if len(said) > 1:
        return NextStep(urgency, words, "panels.my_panel_feedback")
    (one,) = said
    its: dict[str, str | int] = {"reference": one.case_reference, "agency_id": one.agency_id}
    return NextStep(urgency, f"{words} on {one.case_reference}", "panels.panel_feedback", its)


def steps_of_answers(answers: Iterable[AnswerIn]) -> Sequence[NextStep]:
    """The answers that a chair or a coordinator reads."""
    return [
        NextStep(
            Urgency.NEWS,
            f"{one.agency} answered the panel's question on {one.case_reference}",
            "panels.case_outcome",
            {"reference": one.case_reference},
        )
        for one in answers
    ]
