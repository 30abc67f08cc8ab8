"""Mails about actions for one child. They say how many and by when, and nothing of a case or of what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from audit_app.returns.rules import CLOSING, Rung


@dataclass(frozen=True)
class ActionsOwed:
    """Actions about children of one agency and one audit that are due on one day, as one step of the ladder tells it.

    `is_instead` says that nobody was there to tell at this step, so that the coordinators are told.
    """

    rung: Rung
    round_title: str
    agency: str
    due_on: date
    actions: int
    is_instead: bool = False


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


def actions_owed_mail(*, recipient: str, owed: Sequence[ActionsOwed], today: date, link: str) -> tuple[str, str]:
    """The one mail a person gets on a day: a line for each agency, audit and day due. `link` may be empty."""
    late = sum(one.actions for one in owed if one.due_on < today)
    lines = "\n".join(f"- {_line(one, today)}" for one in owed)
    sign_in = f"Sign in to see them:\n\n{link}\n\n" if link else ""
    return (
        f"{_actions(late)} late" if late else f"{_actions(sum(one.actions for one in owed))} due soon",
        (
            f"Dear {recipient},\n\nThese are still to be done for children in audits of the partnership:\n\n{lines}\n\n"
            f"{sign_in}{CLOSING}"
        ),
    )


def _line(owed: ActionsOwed, today: date) -> str:
    is_one, day = owed.actions == 1, _day(owed.due_on)
    if owed.due_on < today:
        when = f"{'was' if is_one else 'were'} due on {day} and {'is' if is_one else 'are'} late"
    else:
        when = f"{'is' if is_one else 'are'} due on {day}"
    nobody = {
        Rung.AUDITORS: "The agency has nobody who could be told.",
        Rung.LEADS: "The agency has no lead who could be told.",
        Rung.PARTNERS: "No delegated partner is set for the agency.",
    }
    instead = f" {nobody[owed.rung]}" if owed.is_instead else ""
    return f"{owed.agency}, “{owed.round_title}”: {_actions(owed.actions)} {when}.{instead}"


def _actions(count: int) -> str:
    return "1 action for a child" if count == 1 else f"{count} actions for children"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
