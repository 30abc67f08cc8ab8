"""Saying no in one clear sentence."""

from collections.abc import Mapping


class Refused(Exception):
    """A deed that the rules do not allow now. It changed nothing.

    `reason` is one sentence for the person who asked; `field` names the form field it belongs to, if any.
    """

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class Stale(Refused):
    """Someone else saved the same thing first. The page shows both: `theirs` has what is kept now, by field name.

    `reason` says what they did where it is more than saving the same fields.
    """

    def __init__(self, theirs: Mapping[str, str], *, version: int, reason: str = "") -> None:
        super().__init__(reason or "Someone else saved this while you were working. Compare the two, then save again.")
        self.theirs = dict(theirs)
        self.version = version


class NotHere(Exception):
    """What was asked for does not exist for this viewer: another partnership's, hidden or never made (404)."""
