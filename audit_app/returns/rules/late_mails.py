"""Mails about returns that are owed. They say how many and by when, and nothing of any case or child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit_app.returns.rules.late import Rung

CLOSING = "This mail holds nothing about any child. Please do not answer it with anything that does.\n"


@dataclass(frozen=True)
class OwedWords:
    """How mails of a ladder speak of what is owed: one, several, what begins the list, and where nobody is there."""

    one: str
    several: str
    begins: str
    nobody: str

    def counted(self, count: int) -> str:
        """So many of it."""
        return f"1 {self.one}" if count == 1 else f"{count} {self.several}"


RETURNS_OWED = OwedWords(
    "return",
    "returns",
    "These returns for audits of the partnership are still owed:",
    "The agency has nobody who could make them.",
)


@dataclass(frozen=True)
class Owed:
    """What one agency owes for one audit on one day, as one step of the ladder tells of it.

    `is_instead` says that nobody was there to tell at this step, so that the coordinators are told.
    """

    rung: Rung
    round_title: str
    agency: str
    due_on: date
    count: int
    is_instead: bool = False


def ladder_mail(
    *, recipient: str, owed: Sequence[Owed], today: date, link: str, words: OwedWords = RETURNS_OWED
) -> tuple[str, str]:
    """The one mail a person gets on a day: a line for each agency, audit and day due. `link` may be empty."""
    late = sum(one.count for one in owed if one.due_on < today)
    lines = "\n".join(f"- {_line(one, today, words)}" for one in owed)
    sign_in = f"Sign in to see them:\n\n{link}\n\n" if link else ""
    return (
        f"{words.counted(late)} late" if late else f"{words.counted(sum(one.count for one in owed))} due soon",
        f"Dear {recipient},\n\n{words.begins}\n\n{lines}\n\n{sign_in}{CLOSING}",
    )


def _line(owed: Owed, today: date, words: OwedWords) -> str:
    is_one, day = owed.count == 1, f"{owed.due_on.day} {owed.due_on:%B %Y}"
    if owed.due_on < today:
        when = f"{'was' if is_one else 'were'} due on {day} and {'is' if is_one else 'are'} late"
    else:
        when = f"{'is' if is_one else 'are'} due on {day}"
    nobody = {
        Rung.AUDITORS: words.nobody,
        Rung.LEADS: "The agency has no lead who could be told.",
        Rung.PARTNERS: "No delegated partner is set for the agency.",
    }
    instead = f" {nobody[owed.rung]}" if owed.is_instead else ""
    return f"{owed.agency}, “{owed.round_title}”: {words.counted(owed.count)} {when}.{instead}"


def reminder_mail(*, recipient: str, round_title: str, days: Sequence[date], today: date, link: str) -> tuple[str, str]:
    """What a coordinator's reminder says to someone whose returns for one audit are due on these days."""
    late = sum(day < today for day in days)
    first = min(days)
    passed = f", {late} of them late" if late else ""
    was = "was" if first < today else "is"
    return (
        f"{RETURNS_OWED.counted(len(days))} for {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"For the audit “{round_title}” you are still asked for {RETURNS_OWED.counted(len(days))}{passed}. "
            f"The first {was} due on {first.day} {first:%B %Y}. Sign in to see {'it' if len(days) == 1 else 'them'}:"
            f"\n\n{link}\n\n{CLOSING}"
        ),
    )


def assigned_mail(*, recipient: str, round_title: str, returns: int, due_on: date, link: str) -> tuple[str, str]:
    """What tells someone that returns of their agency are now asked of them."""
    return (
        f"You are asked for {RETURNS_OWED.counted(returns)} for {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"You, of your agency, are now asked for {RETURNS_OWED.counted(returns)} for the audit “{round_title}”, by "
            f"{due_on.day} {due_on:%B %Y}. Sign in to see which files to look at:\n\n{link}\n\n{CLOSING}"
        ),
    )
