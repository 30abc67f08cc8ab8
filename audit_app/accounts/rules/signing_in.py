"""Invitations, e-mail addresses and passwords."""

import re
from datetime import datetime, timedelta

INVITATION_LASTS = timedelta(days=7)
_WORD, _LABEL = r"[\w!#$%&'*+/=^`{|}~-]+", r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_WORD}(\.{_WORD})*@({_LABEL}\.)+{_LABEL}", re.ASCII | re.IGNORECASE)
"""An address that every mail server takes and a mail's header leaves as it stands: the plain form of RFC 5321 without
quotes, brackets or accents, and without `?`, which begins an encoded word."""
FAILURES_ALLOWED = 5
FAILURES_ALLOWED_FROM_ADDRESS = 30  # a whole council can stand behind one address
FAILURES_COUNTED_FOR = timedelta(minutes=15)
RESET_LASTS = timedelta(hours=1)
POST_KEPT_FOR = timedelta(hours=1)
PASSWORD_AT_LEAST, PASSWORD_AT_MOST = 12, 128
COMMON_PASSWORDS = (
    "123456789",
    "abcdefgh",
    "administrator",
    "changeme",
    "iloveyou",
    "letmein",
    "neglectaudit",
    "password",
    "qwertyuiop",
    "safeguarding",
    "welcome",
)
"""A password is refused when it is one of these, once or twice over, with nothing but digits and signs around it."""


def why_not_hand_over(name: str, *, is_elsewhere: bool) -> str | None:
    """The reason nobody can be handed the link of this person, who has no password yet, or None.

    `is_elsewhere` says whether they have roles in a further partnership: whoever held the link could open both.
    """
    if not is_elsewhere:
        return None
    return (
        f"{name} has a role in another partnership too and has not chosen a password yet. No mail server is set, and a "
        "link that is handed over would open both partnerships. Ask them to choose their password with the other "
        "partnership's link, then invite them here. If both partnerships have them already, end their roles in one of "
        "them until then."
    )


def why_not_accept(
    *, expires_at: datetime | None, used_at: datetime | None, has_password: bool, is_member: bool, at: datetime
) -> str | None:
    """The reason an invitation's link cannot set a password now, or None. `expires_at` is None for an unknown link."""
    if expires_at is None:
        return "This link is not known. Check that you copied all of it, or ask for a new one."
    if used_at is not None or has_password:
        return "This link was used already. Sign in with the password that was set."
    if at >= expires_at:
        return "This link has expired, or a newer one took its place. Ask the person who invited you for a new one."
    if not is_member:
        return "Your access to this service has ended. Ask the person who invited you."
    return None


def why_not_password(password: str, *, email: str, name: str) -> str | None:
    """The reason a password cannot be chosen by the person of this e-mail address and name, or None."""
    if len(password) < PASSWORD_AT_LEAST:
        return f"Use at least {PASSWORD_AT_LEAST} characters. Three words that you will remember do well."
    if len(password) > PASSWORD_AT_MOST:
        return f"Use at most {PASSWORD_AT_MOST} characters."
    letters = re.sub(r"[^a-z]", "", password.lower())
    own = {re.sub(r"[^a-z]", "", text.lower()) for text in (email, email.split("@", maxsplit=1)[0], name)} - {""}
    if letters in {word * times for word in own for times in (1, 2)}:
        return "Choose a password that is not your name or e-mail address."
    if len(set(password)) < 5 or _is_common(letters, password):
        return "This password is easy to guess. Choose another."
    return None


def _is_common(letters: str, password: str) -> bool:
    digits = re.sub(r"\D", "", password)
    if not letters and digits and ("1234567890" * 13).startswith(digits):
        return True
    return letters in {word * times for word in COMMON_PASSWORDS for times in (1, 2, 3)}


def tidy_email(text: str) -> str:
    """An e-mail address as it is kept and compared: without spaces around it, in small letters."""
    return text.replace("\0", "").strip().lower()


def why_not_email(email: str) -> str | None:
    """The reason a text cannot be an e-mail address to which a mail can be sent, or None."""
    if len(email) > 254 or not EMAIL.fullmatch(email):
        return "Enter an e-mail address in the correct format, like name@example.org."
    return None
