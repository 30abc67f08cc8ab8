"""The letters that signing in and inviting need.

The outbox stands above this feature, so it hands in how a letter is posted when it is loaded (`delivered_by`).
"""

from collections.abc import Callable
from typing import Protocol, TypeVar


class Post(Protocol):
    """How a letter leaves: inside the deed's transaction, and once for each recipient and occasion."""

    def __call__(self, *, partnership_id: int, recipient: str, occasion: str, subject: str, body: str) -> object: ...


Posting = TypeVar("Posting", bound=Callable[..., object])
_post: Post | None = None


def delivered_by(post: Posting) -> Posting:
    """Decorates the function of the outbox that takes letters."""
    global _post
    _post = post
    return post


def post_letter(*, partnership_id: int, recipient: str, occasion: str, subject: str, body: str) -> None:
    """Hand a letter to the outbox, inside the deed's transaction."""
    if _post is None:
        raise RuntimeError("No outbox was loaded: the factory registers the feature messages.")
    _post(partnership_id=partnership_id, recipient=recipient, occasion=occasion, subject=subject, body=body)


def invitation_letter(
    *, name: str, inviter: str, partnership: str, roles: str, link: str, until: str
) -> tuple[str, str]:
    """Subject and body of the letter that carries an invitation's link."""
    return (
        f"Your invitation to {partnership}",
        f"""Hello {name},

{inviter} has invited you to the neglect case audits of {partnership}, as: {roles}.

To accept, choose a password here:

{link}

The link works once, until {until}. If you did not expect it, you need do nothing.
""",
    )


def welcome_letter(*, name: str, inviter: str, partnership: str, roles: str, link: str) -> tuple[str, str]:
    """Subject and body of the letter to someone who can sign in already and now has roles in a further partnership."""
    return (
        f"You can now use {partnership}",
        f"""Hello {name},

{inviter} has given you access to the neglect case audits of {partnership}, as: {roles}.

Sign in with the password that you have:

{link}
""",
    )


def reset_letter(*, name: str, link: str) -> str:
    """The letter with the link for a new password."""
    return f"""Hello {name},

Someone, we hope you, asked to choose a new password for the neglect case audits. Do so here:

{link}

The link works once, for an hour. If it was not you, you need do nothing: your password stays as it is.
"""


def password_changed_letter(*, name: str) -> str:
    """The letter that tells someone of their new password."""
    return f"""Hello {name},

Your password for the neglect case audits was changed.

If it was not you who did it, tell your partnership's administrator now.
"""
