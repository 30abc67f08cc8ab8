"""What to do next about actions for one child: what an agency was asked to do, and what a coordinator sees late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit_app.home.rules.steps import NextStep, Urgency


@dataclass(frozen=True)
class CaseActionsToDo:
    """Open actions about children: those of a person's own agencies, and how many of all are late, for a coordinator.

    `next_due_on` is the first day to come on which one of their own is due.
    """

    late: int = 0
    to_come: int = 0
    next_due_on: date | None = None
    late_of_all: int = 0


def steps_of_case_actions(to_do: CaseActionsToDo) -> Sequence[NextStep]:
    """What the leads and auditors of an agency do next for single children, and what a coordinator chases."""
    steps = []
    if to_do.late:
        words = f"{_actions(to_do.late)} of your agency {_is(to_do.late)} late"
        steps.append(NextStep(Urgency.LATE, words, "panels.case_actions", {"own": "yes", "late": "yes"}))
    if to_do.to_come and to_do.next_due_on:
        due = "it" if to_do.to_come == 1 else "the next"
        day = f"{to_do.next_due_on.day} {to_do.next_due_on:%B %Y}"
        words = f"{_actions(to_do.to_come)} for your agency to do; {due} is due on {day}"
        steps.append(NextStep(Urgency.NOW, words, "panels.case_actions", {"own": "yes"}))
    if to_do.late_of_all:
        words = f"{_actions(to_do.late_of_all)} {_is(to_do.late_of_all)} late"
        steps.append(NextStep(Urgency.LATE, words, "panels.case_actions", {"late": "yes"}, "Of all agencies."))
    return steps


def _actions(count: int) -> str:
    return "1 action about a child" if count == 1 else f"{count} actions about children"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
