"""Mails about actions for one child. They say how many and by when, and nothing of a case or of what is to be done."""

from datetime import date
from typing import Protocol

from audit_app.returns.rules import CLOSING, OwedWords

ACTIONS_OWED = OwedWords(
    "action for a child",
    "actions for children",
    "These are still to be done for children in audits of the partnership:",
    "The agency has nobody who could be told.",
)


class CaseActionMail(Protocol):
    """A mail to somebody of the agency that has something to do for a child: its subject and its body."""

    def __call__(
        self, *, recipient: str, agency: str, round_title: str, due_on: date, link: str
    ) -> tuple[str, str]: ...


def raised_mail(*, recipient: str, agency: str, round_title: str, due_on: date, link: str) -> tuple[str, str]:
    """The subject and body that tell people of an agency that something is to be done for a child."""
    return (
        f"Something to do for {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"In the audit “{round_title}” {agency} is asked to do something for a child, by {_day(due_on)}. "
            f"Sign in to see what it is, and to record what came of it:\n\n{link}\n\n{CLOSING}"
        ),
    )


def action_back_mail(*, recipient: str, agency: str, round_title: str, due_on: date, link: str) -> tuple[str, str]:
    """The subject and body that tell people of an agency that what it did for a child is not the end of it."""
    return (
        f"An action for {round_title} was sent back",
        (
            f"Dear {recipient},\n\n"
            f"In the audit “{round_title}” an action of {agency} for a child was sent back, with the reason. It is due "
            f"on {_day(due_on)}. Sign in to read what is still to be done:\n\n{link}\n\n{CLOSING}"
        ),
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
