"""Mails about returns. They say nothing of any case: whoever wants to know signs in."""

from datetime import date


def asked_mail(*, recipient: str, round_title: str, returns: int, due_on: date, link: str) -> tuple[str, str]:
    """The subject and body that tell an auditor that their agency was asked for returns."""
    count = "1 return" if returns == 1 else f"{returns} returns"
    return (
        f"Returns for {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"Your agency is asked for {count} for the audit “{round_title}”, by {due_on.day} {due_on:%B %Y}. "
            f"Sign in to see which files to look at:\n\n{link}\n\n"
            "This mail holds nothing about any child. Please do not answer it with anything that does.\n"
        ),
    )


def sent_back_mail(*, recipient: str, round_title: str, link: str) -> tuple[str, str]:
    """The subject and body that tell whoever submitted a return that it was sent back."""
    return (
        f"A return for {round_title} was sent back",
        (
            f"Dear {recipient},\n\n"
            f"A return that you submitted for the audit “{round_title}” was sent back, with the reason. "
            f"Sign in to read it and to make the changes:\n\n{link}\n"
        ),
    )


def asked_again_mail(*, recipient: str, round_title: str, link: str) -> tuple[str, str]:
    """The subject and body that tell an auditor that the coordinator doubts an answer without ratings."""
    return (
        f"A return for {round_title} is asked again",
        (
            f"Dear {recipient},\n\n"
            f"Your agency answered a return for the audit “{round_title}” without ratings. It is asked again, with the "
            f"reason. Sign in to read it and to answer:\n\n{link}\n\n"
            "This mail holds nothing about any child. Please do not answer it with anything that does.\n"
        ),
    )


def named_mail(*, recipient: str, round_title: str, link: str) -> tuple[str, str]:
    """The subject and body that tell someone that they are named on a return about their own work, or their team's."""
    return (
        f"Your work in the audit “{round_title}”",
        (
            f"Dear {recipient},\n\n"
            f"Your agency looks at its own work in the audit “{round_title}”, and has named you to read what it says "
            f"about yours, or your team's. Sign in to see what is there and what is asked:\n\n{link}\n\n"
            "This mail holds nothing about any child. Please do not answer it with anything that does.\n"
        ),
    )
