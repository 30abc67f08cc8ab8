"""What was rated in a panel's room, and how auditors scored a practice case."""

from collections.abc import Mapping

from audit_app.demo.rules.places import Piece


class OwnRating(Piece):
    """What one member gave for themselves, before all ratings were shown. `by` is an e-mail address."""

    by: str
    level: str
    why: str


class InRoom(Piece):
    """Something that the chair asked the panel to rate; `agency` for indicators that rate an agency's own work.

    `again` is what was given when the chair asked once more, and `note` what the note-taker wrote meanwhile.
    """

    indicator: str
    agency: str = ""
    given: tuple[OwnRating, ...] = ()
    again: tuple[OwnRating, ...] = ()
    note: str = ""
    is_shown: bool = True


class PracticeAnswers(Piece):
    """How an agency's auditor scored a practice case: levels by indicator, and a few words on some."""

    agency: str
    levels: Mapping[str, str]
    words: Mapping[str, str] = {}


class Practice(Piece):
    """A practice case that all auditors of a round scored before its first return."""

    title: str
    story: str
    set_days_before: int
    due_days_before: int
    closed_days_before: int
    answers: tuple[PracticeAnswers, ...]
