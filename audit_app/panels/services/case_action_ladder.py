"""Reminders of actions about children, which the service sends by itself: auditors and leads, leads, then partners."""

from datetime import datetime, timedelta

from audit_app.jobs.services import regularly
from audit_app.panels import queries
from audit_app.panels.models import CaseActionReminder
from audit_app.panels.rules import ACTIONS_OWED
from audit_app.returns.services import Chase, climb, climb_everywhere

CASE_ACTIONS = Chase(
    occasion="actions for children owed",
    words=ACTIONS_OWED,
    steps=lambda partnership_id, today: queries.action_steps_to_take(partnership_id, today=today),
    asked=lambda step, people: [*people.asked(step.agency_id, None), *people.leads.get(step.agency_id, ())],
    reminder=CaseActionReminder,
    owed="case_action_id",
    event="case_actions_reminded",
)


@regularly(every=timedelta(hours=1))
def chase_every_case_action() -> None:
    """Remind of actions about children, in every partnership. Each step is taken once, however often this is called."""
    climb_everywhere(CASE_ACTIONS)


def chase_case_actions(partnership_id: int, *, link: str, at: datetime) -> int:
    """Take the steps that are to be taken today for a partnership's actions about children. Gives how many people were
    mailed: each gets one such mail a day.

    Before the day due the auditors and leads of the agency are told; after it its leads, then the delegated partner who
    answers for it, each so many days later as the round set for its returns. Where nobody is there to be told, the
    coordinators are. `link` is where those who can sign in begin.
    """
    return climb(CASE_ACTIONS, partnership_id, link=link, at=at)
