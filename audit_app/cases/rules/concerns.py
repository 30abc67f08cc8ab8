"""Immediate concerns: the record that someone was told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from audit_app.accounts.rules import DELIVERED, Role, Terms

TAKES_PART_IN_EVERY_ROUND = (
    Role.COORDINATOR,
    Role.PANEL_CHAIR,
    Role.NOTE_TAKER,
    Role.SCRUTINEER,
    Role.KEY_HOLDER,
)
TAKES_PART_FOR_AN_AGENCY = (Role.AUDITOR, Role.PANEL_MEMBER, Role.PRACTITIONER, Role.AGENCY_LEAD)
"""Whoever may come upon a child who is not safe may raise a concern; those of an agency where it takes part."""

MAIL_SUBJECT = "An immediate concern was recorded"


def mail_body(*, recipient: str, partnership: str, link: str) -> str:
    """The mail that goes out at once. It says nothing of the case: whoever may read the record signs in."""
    return (
        f"Dear {recipient or 'colleague'},\n\n"
        f"Someone taking part in a case audit of {partnership} has recorded an immediate concern about a child, and "
        "that they have told someone about it.\n\n"
        f"Sign in to read the record:\n{link}\n\n"
        "This record is not a referral. If you have any doubt that the child is being kept safe, "
        "speak to the person who raised it, or to the front door of children's social care, now.\n"
    )


ESCALATED_SUBJECT = "An immediate concern has not been acknowledged"


def escalation_body(*, recipient: str, partnership: str, link: str) -> str:
    """The mail to a delegated partner once nobody has acknowledged a concern in time. Not a word of the case."""
    return (
        f"Dear {recipient or 'colleague'},\n\n"
        f"Someone taking part in a case audit of {partnership} has recorded an immediate concern about a child. "
        "Nobody who was told has said in time that they have it.\n\n"
        f"Sign in with this e-mail address to read the record and to say that you have it:\n{link}\n\n"
        "If you cannot sign in, ring the partnership now. This record is not a referral.\n"
    )


def told_in_words(
    names: Sequence[str], *, is_mailing: bool, is_coordinator: bool = False, terms: Terms = DELIVERED
) -> str:
    """What the person who recorded a concern is told: who else hears of it by e-mail, so that they know who does not.

    `is_mailing` says whether a mail server is set; without one nobody hears of anything.
    """
    if not names and is_coordinator:
        return "Your concern is recorded. Nobody else can be told by e-mail: ring someone who can act on it now."
    if not names:
        coordinator = terms.said(Role.COORDINATOR)
        return f"Your concern is recorded. Nobody can be told by e-mail: ring the partnership's {coordinator} as well."
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    if not is_mailing:
        return f"Your concern is recorded. This service sends no e-mail yet, so nobody is told. Now ring {listed}."
    return f"Your concern is recorded. Told by e-mail at once: {listed}."


def why_not_told_at(told_at: datetime, *, now: datetime) -> str | None:
    """The reason the time at which someone was told cannot be right, or None."""
    if told_at > now + timedelta(minutes=1):
        return "The time you told someone cannot be in the future. If you have told no one yet, ring now."
    if told_at < now - timedelta(days=366):
        return "The time you told someone is more than a year ago. Check the date."
    return None
