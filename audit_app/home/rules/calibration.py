"""What waits for an auditor before a round: its practice case."""

from collections.abc import Iterable, Sequence
from datetime import date

from audit_app.home.rules.steps import NextStep, Urgency


def steps_of_practice_cases(waiting: Iterable[tuple[str, date]], *, today: date) -> Sequence[NextStep]:
    """A step for each practice case that somebody has not scored: the round's reference, and the day it is due."""
    return [
        NextStep(
            Urgency.LATE if due_on < today else Urgency.SOON,
            f"Score the practice case of {reference}, by {due_on:%-d %B %Y}",
            "panels.score_practice_case",
            {"reference": reference},
        )
        for reference, due_on in waiting
    ]
