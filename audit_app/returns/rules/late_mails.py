"""Mails about returns that are owed. They say how many and by when, and nothing of any case or child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit_app.returns.rules.late import Rung

CLOSING = "This mail holds nothing about any child. Please do not answer it with anything that does.\n"


@dataclass(frozen=True)
class Owed:
    """Returns of one agency for one audit that are due on one day, as one step of the ladder tells of them.

    `is_instead` says that nobody was there to tell at this step, so that the coordinators are told.
    """

    rung: Rung
    round_title: str
    agency: str
    due_on: date
    returns: int
    is_instead: bool = False


def ladder_mail(*, recipient: str, owed: Sequence[Owed], today: date, link: str) -> tuple[str, str]:
    """The one mail a person gets on a day: a line for each agency, audit and day due. `link` may be empty."""
    late = sum(one.returns for one in owed if one.due_on < today)
    lines = "\n".join(f"- {_line(one, today)}" for one in owed)
    sign_in = f"Sign in to see them:\n\n{link}\n\n" if link else ""
    return (
        f"{_returns(late)} late" if late else f"{_returns(sum(one.returns for one in owed))} due soon",
        (
            f"Dear {recipient},\n\nThese returns for audits of the partnership are still owed:\n\n{lines}\n\n"
            f"{sign_in}{CLOSING}"
        ),
    )


def _line(owed: Owed, today: date) -> str:
    is_one, day = owed.returns == 1, f"{owed.due_on.day} {owed.due_on:%B %Y}"
    if owed.due_on < today:
        when = f"{'was' if is_one else 'were'} due on {day} and {'is' if is_one else 'are'} late"
    else:
        when = f"{'is' if is_one else 'are'} due on {day}"
    nobody = {
        Rung.AUDITORS: "The agency has nobody who could make them.",
        Rung.LEADS: "The agency has no lead who could be told.",
        Rung.PARTNERS: "No delegated partner is set for the agency.",
    }
    instead = f" {nobody[owed.rung]}" if owed.is_instead else ""
    return f"{owed.agency}, “{owed.round_title}”: {_returns(owed.returns)} {when}.{instead}"


def reminder_mail(*, recipient: str, round_title: str, days: Sequence[date], today: date, link: str) -> tuple[str, str]:
    """What a coordinator's reminder says to someone whose returns for one audit are due on these days."""
    late = sum(day < today for day in days)
    first = min(days)
    passed = f", {late} of them late" if late else ""
    was = "was" if first < today else "is"
    return (
        f"{_returns(len(days))} for {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"For the audit “{round_title}” you are still asked for {_returns(len(days))}{passed}. "
            f"The first {was} due on {first.day} {first:%B %Y}. Sign in to see {'it' if len(days) == 1 else 'them'}:"
            f"\n\n{link}\n\n{CLOSING}"
        ),
    )


def assigned_mail(*, recipient: str, round_title: str, returns: int, due_on: date, link: str) -> tuple[str, str]:
    """What tells someone that returns of their agency are now asked of them."""
    return (
        f"You are asked for {_returns(returns)} for {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"You, of your agency, are now asked for {_returns(returns)} for the audit “{round_title}”, by "
            f"{due_on.day} {due_on:%B %Y}. Sign in to see which files to look at:\n\n{link}\n\n{CLOSING}"
        ),
    )


def _returns(count: int) -> str:
    return "1 return" if count == 1 else f"{count} returns"
