"""The ladder of reminders, which the service climbs by itself: those asked, then agency leads, then delegated partners.

It climbs for returns, and for whatever a feature above asks agencies for by a day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Service
from audit_app.core import clock
from audit_app.core.db import Model, db, transaction
from audit_app.core.settings import settings
from audit_app.core.web import plural
from audit_app.history.services import record
from audit_app.jobs.services import regularly
from audit_app.messages import queries as outbox
from audit_app.messages import services as messages
from audit_app.returns import queries, rules
from audit_app.returns.models import ReturnReminder
from audit_app.returns.queries import People, Recipient, RungDue
from audit_app.returns.rules import REMINDERS_FROM, RETURNS_OWED, Owed, OwedWords, Rung
from audit_app.rounds.models import Round


@dataclass(frozen=True)
class Told:
    """A step of the ladder that someone is told of, and whether because nobody else is there."""

    step: RungDue
    name: str
    is_instead: bool


@dataclass(frozen=True)
class Chase:
    """What a ladder chases, and how it speaks of it.

    `steps` gives the steps to take in a partnership on a day, `asked` whom the first of them tells. A step that was
    taken is a row of `reminder`, whose column `owed` names what is owed; `event` tells the round's history.
    """

    occasion: str
    words: OwedWords
    steps: Callable[[int, date], Sequence[RungDue]]
    asked: Callable[[RungDue, People], Sequence[Recipient]]
    reminder: type[Model]
    owed: str
    event: str


RETURNS = Chase(
    occasion="returns owed",
    words=RETURNS_OWED,
    steps=lambda partnership_id, today: queries.steps_to_take(partnership_id, today=today),
    asked=lambda step, people: people.asked(step.agency_id, step.auditor_id),
    reminder=ReturnReminder,
    owed="return_id",
    event="returns_reminded",
)


@regularly(every=timedelta(hours=1))
def climb_every_ladder() -> None:
    """Tell of returns that are owed, in every partnership. Each step is taken once, however often this is called."""
    climb_everywhere(RETURNS)


def climb_everywhere(chase: Chase) -> None:
    """Climb a ladder in every partnership that has a step to take today, once its hour has come."""
    at = clock.now()
    if at.astimezone(clock.LONDON).time() < REMINDERS_FROM:
        return
    for partnership_id, slug in queries.partnerships_at_work():
        if not chase.steps(partnership_id, at.astimezone(clock.LONDON).date()):
            continue
        with transaction():
            climb(chase, partnership_id, link=f"{settings().base_url}/p/{slug}/", at=at)


def climb_ladder(partnership_id: int, *, link: str, at: datetime) -> int:
    """Take the steps for returns that are to be taken in a partnership today: see `climb`."""
    return climb(RETURNS, partnership_id, link=link, at=at)


def climb(chase: Chase, partnership_id: int, *, link: str, at: datetime) -> int:
    """Take the steps of a ladder that are to be taken in a partnership today. Gives how many people were mailed.

    Each gets one mail a day: whatever comes up later that day for someone who had theirs waits until tomorrow, and so
    does the next step for the same thing. Where nobody is there to be told at a step, the coordinators are told so.
    `link` is where those who can sign in begin.
    """
    accounts.partnership_for_change(partnership_id)  # two workers go one after another
    today = at.astimezone(clock.LONDON).date()
    occasion = f"{chase.occasion} {today.isoformat()}"
    people = queries.people_to_tell(partnership_id, today=today)
    told: dict[str, list[Told]] = {}  # by address: one person may be a lead and a partner, under two names
    taken: list[RungDue] = []
    had_theirs: dict[str, bool] = {}
    climbed: set[int] = set()
    for step in chase.steps(partnership_id, today):
        recipients, is_instead = _recipients(chase, step, people)
        if not recipients or step.owed_id in climbed:
            continue
        climbed.add(step.owed_id)
        by_address = {one.email.lower(): one.name for one in recipients}
        for address in by_address:
            if address not in had_theirs:
                had_theirs[address] = outbox.is_posted(partnership_id, address, occasion)
        if any(had_theirs[address] for address in by_address):
            continue
        taken.append(step)
        for address, name in by_address.items():
            told.setdefault(address, []).append(Told(step, name, is_instead))
    for address, steps in told.items():
        signs_in = any(one.is_instead or one.step.rung is not Rung.PARTNERS for one in steps)
        subject, body = rules.ladder_mail(
            recipient=steps[0].name,
            owed=_added_up(steps),
            today=today,
            link=link if signs_in else "",
            words=chase.words,
        )
        messages.post(partnership_id=partnership_id, recipient=address, occasion=occasion, subject=subject, body=body)
    _note(chase, partnership_id, taken, told, at)
    return len(told)


def _recipients(chase: Chase, step: RungDue, people: People) -> tuple[Sequence[Recipient], bool]:
    """Whom a step tells, and whether they are told because nobody else is there."""
    if step.rung is Rung.AUDITORS:
        found = chase.asked(step, people)
    elif step.rung is Rung.LEADS:
        found = people.leads.get(step.agency_id, ())
    else:
        found = [step.partner] if step.partner else ()
    return (found, False) if found else (people.coordinators, True)


def _added_up(steps: Sequence[Told]) -> Sequence[Owed]:
    """A line for each agency, audit and day due, and what it says, in the order in which the steps came."""
    lines: dict[Owed, int] = {}
    for one in steps:
        step = one.step
        line = Owed(step.rung, step.round_title, step.agency, step.due_on, 0, one.is_instead)
        lines[line] = lines.get(line, 0) + 1
    return [replace(line, count=count) for line, count in lines.items()]


def _note(
    chase: Chase, partnership_id: int, taken: Sequence[RungDue], told: Mapping[str, Sequence[Told]], at: datetime
) -> None:
    """Keep which steps were taken, and write into each round's history how many people were told."""
    if not taken:
        return
    db.session.execute(
        insert(chase.reminder),
        [
            {
                "partnership_id": partnership_id,
                chase.owed: step.owed_id,
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
        record(chase.event, by=Service(partnership_id), of=found, people=plural(count, "person", "people"))
    db.session.flush()
