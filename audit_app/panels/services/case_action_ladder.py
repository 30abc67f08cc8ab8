"""Reminders of actions about children, which the service sends by itself: auditors and leads, leads, then partners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Service
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.settings import settings
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.jobs.services import regularly
from audit_app.messages import queries as outbox
from audit_app.messages import services as messages
from audit_app.panels import queries, rules
from audit_app.panels.models import CaseActionReminder
from audit_app.panels.queries import ActionRungDue
from audit_app.panels.rules import ActionsOwed
from audit_app.returns.queries import People, Recipient, partnerships_at_work, people_to_tell
from audit_app.returns.rules import REMINDERS_FROM, Rung
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class _Told:
    """A step of the ladder that someone is told of, and whether because nobody else is there."""

    step: ActionRungDue
    name: str
    is_instead: bool


@regularly(every=timedelta(hours=1))
def chase_every_case_action() -> None:
    """Remind of actions about children, in every partnership. Each step is taken once, however often this is called."""
    at = clock.now()
    if at.astimezone(clock.LONDON).time() < REMINDERS_FROM:
        return
    for partnership_id, slug in partnerships_at_work():
        if not queries.action_steps_to_take(partnership_id, today=at.astimezone(clock.LONDON).date()):
            continue
        with transaction():
            chase_case_actions(partnership_id, link=f"{settings().base_url}/p/{slug}/", at=at)


def chase_case_actions(partnership_id: int, *, link: str, at: datetime) -> int:
    """Take the steps that are to be taken today for a partnership's actions about children. Gives how many people were
    mailed: each gets one such mail a day.

    Before the day due the auditors and leads of the agency are told; after it its leads, then the delegated partner who
    answers for it, each so many days later as the round set for its returns. Where nobody is there to be told, the
    coordinators are. `link` is where those who can sign in begin.
    """
    accounts.partnership_for_change(partnership_id)  # two workers go one after another
    today = at.astimezone(clock.LONDON).date()
    occasion = f"actions for children owed {today.isoformat()}"
    people = people_to_tell(partnership_id, today=today)
    told: dict[str, list[_Told]] = {}  # by address: one person may be a lead and a partner, under two names
    taken: dict[int, ActionRungDue] = {}  # by action: one step a day
    had_theirs: dict[str, bool] = {}
    for step in queries.action_steps_to_take(partnership_id, today=today):
        recipients, is_instead = _recipients(step, people)
        by_address = {one.email.lower(): one.name for one in recipients}
        if not by_address or step.case_action_id in taken:
            continue
        for address in by_address:
            if address not in had_theirs:
                had_theirs[address] = outbox.is_posted(partnership_id, address, occasion)
        if any(had_theirs[address] for address in by_address):
            continue  # whoever had theirs today hears of this tomorrow
        taken[step.case_action_id] = step
        for address, name in by_address.items():
            told.setdefault(address, []).append(_Told(step, name, is_instead))
    for address, steps in told.items():
        signs_in = any(one.is_instead or one.step.rung is not Rung.PARTNERS for one in steps)
        subject, body = rules.actions_owed_mail(
            recipient=steps[0].name, owed=_added_up(steps), today=today, link=link if signs_in else ""
        )
        messages.post(partnership_id=partnership_id, recipient=address, occasion=occasion, subject=subject, body=body)
    _note(partnership_id, list(taken.values()), told, at)
    return len(told)


def _recipients(step: ActionRungDue, people: People) -> tuple[Sequence[Recipient], bool]:
    """Whom a step tells, and whether they are told because nobody else is there."""
    leads = people.leads.get(step.agency_id, ())
    if step.rung is Rung.AUDITORS:
        found: Sequence[Recipient] = [*people.asked(step.agency_id, None), *leads]
    elif step.rung is Rung.LEADS:
        found = leads
    else:
        found = [step.partner] if step.partner else ()
    return (found, False) if found else (people.coordinators, True)


def _added_up(steps: Sequence[_Told]) -> Sequence[ActionsOwed]:
    """A line for each agency, audit and day due, and what it says, in the order in which the steps came."""
    lines: dict[ActionsOwed, int] = {}
    for one in steps:
        step = one.step
        line = ActionsOwed(step.rung, step.round_title, step.agency, step.due_on, 0, one.is_instead)
        lines[line] = lines.get(line, 0) + 1
    return [replace(line, actions=count) for line, count in lines.items()]


def _note(
    partnership_id: int, taken: Sequence[ActionRungDue], told: Mapping[str, Sequence[_Told]], at: datetime
) -> None:
    """Keep which steps were taken, and write into each round's history how many people were told."""
    if not taken:
        return
    db.session.execute(
        insert(CaseActionReminder),
        [
            {
                "partnership_id": partnership_id,
                "case_action_id": step.case_action_id,
                "rung": step.rung,
                "due_on": step.due_on,
                "reminded_at": at,
            }
            for step in taken
        ],
    )
    for round_id in dict.fromkeys(step.round_id for step in taken):
        count = sum(any(one.step.round_id == round_id for one in steps) for steps in told.values())
        found = db.session.get_one(Round, round_id)
        record("case_actions_reminded", by=Service(partnership_id), of=found, people=plural(count, "person", "people"))
    db.session.flush()
