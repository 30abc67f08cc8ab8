"""What an administrator does next: invitations, mails, and contacts that nobody could be told at."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit_app.home.rules.steps import NextStep, Urgency


@dataclass(frozen=True)
class OfficeCounts:
    """What an administrator looks after. `kept_messages` are those of the last 14 days."""

    invitations: int
    failed_messages: int
    agencies_without_contact: int
    kept_messages: int = 0
    routes_without_contact: int = 0


def steps_of_administrator(counts: OfficeCounts) -> Sequence[NextStep]:
    """What an administrator does next."""
    steps = []
    if counts.failed_messages:
        words = f"{_how_many(counts.failed_messages, 'message')} could not be sent"
        steps.append(NextStep(Urgency.NOW, words, "messages.outbox"))
    if counts.kept_messages:
        mails = f"{_how_many(counts.kept_messages, 'mail')} {_is(counts.kept_messages)}"
        words = f"{mails} kept in the outbox, because no mail server is set"
        steps.append(
            NextStep(Urgency.NOW, words, "messages.outbox", hint="From the last 14 days. Nobody else gets them.")
        )
    if counts.agencies_without_contact:
        count = counts.agencies_without_contact
        noun = "agency has" if count == 1 else "agencies have"
        steps.append(NextStep(Urgency.NOW, f"{count} {noun} no safeguarding contact", "accounts.agencies"))
    if counts.routes_without_contact:
        count = counts.routes_without_contact
        words = f"{count} other {'route has' if count == 1 else 'routes have'} no contact"
        hint = "Whoever comes upon an allegation, a crime or a data breach reads there whom to tell."
        steps.append(NextStep(Urgency.NOW, words, "cases.other_routes", hint=hint))
    if counts.invitations:
        words = f"{_how_many(counts.invitations, 'invitation')} not accepted yet"
        steps.append(NextStep(Urgency.NEWS, words, "accounts.people"))
    return steps


def _how_many(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
