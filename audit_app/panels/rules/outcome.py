"""What a panel takes from a case and says to its agencies, and when it may be written or answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from audit_app.accounts.rules import DELIVERED, Role, Terms, Viewer
from audit_app.cases.rules import CASE_STATE_WORDS, CaseState
from audit_app.panels.rules.states import why_not_hold
from audit_app.returns.rules import TEXT_AT_MOST, AnswerKind
from audit_app.rounds.rules import ROUND_STATE_WORDS, RoundState

CHANGED_IN = frozenset(
    {
        RoundState.RETURNS,
        RoundState.PANEL,
        RoundState.MODERATION,
        RoundState.ACCURACY_CHECK,
        RoundState.REPORTING,
    }
)
"""Rounds in which an agency may change its answer to a panel's question: until the report is out. The last case of a
round is finished when the round begins to be reported, so its agencies answer during that."""
ANSWERED_IN = CHANGED_IN | {RoundState.PUBLISHED}
"""Rounds in which a question that still waits may be answered."""

CASE_FIELDS = {
    "outcome": "What did the panel learn from this case?",
    "good_practice": "What good practice should be celebrated?",
}
AGENCY_FIELDS = {"feedback": "Feedback", "question": "Question back to this agency"}
"""The questions of an outcome by the names of their fields, in the order of `OutcomePart.words`."""


@dataclass(frozen=True)
class OutcomePart:
    """What of an outcome is saved as one: what is learned and celebrated, or feedback and question to one agency.

    `words` are two texts, in the order of their fields. `version` is of what was seen; 0 where nothing is saved yet.
    """

    agency_id: int | None
    words: tuple[str, str] = ("", "")
    version: int = 0

    @property
    def key(self) -> int:
        """What the fields of a page are told apart by: 0 for the case, else the agency's id."""
        return self.agency_id or 0

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its two fields on a page."""
        if self.agency_id is None:
            return tuple(CASE_FIELDS)
        return tuple(f"{name}-{self.agency_id}" for name in AGENCY_FIELDS)

    @property
    def by_field(self) -> Mapping[str, str]:
        """Its texts by the names of their fields."""
        return dict(zip(self.fields, self.words, strict=True))

    @property
    def mark(self) -> str:
        """What a page carries to tell later which version it showed, and whether anything was typed over it."""
        return f"{self.version}.{crc32(repr(self.words).encode()):08x}"


@dataclass(frozen=True)
class ToAgency:
    """What a panel says to one agency, and what the agency answered."""

    agency_id: int
    agency: str
    part: OutcomePart
    answer: str = ""
    answered_at: datetime | None = None
    answered_by: str = ""

    @property
    def feedback(self) -> str:
        return self.part.words[0]

    @property
    def question(self) -> str:
        return self.part.words[1]


@dataclass(frozen=True)
class AgreedCount:
    """How many items of a case were agreed so; `level_id` is there exactly when `answer` is a level."""

    answer: AnswerKind
    level_id: int | None
    count: int


def is_note_taker(viewer: Viewer, *, is_seated: bool, agency_id: int | None) -> bool:
    """Whether someone takes the notes of a panel: they sit on it for no agency, and hold the role."""
    return is_seated and agency_id is None and viewer.has(Role.NOTE_TAKER)


def why_not_write_outcome(
    case: CaseState, *, round_state: RoundState, is_writer: bool, terms: Terms = DELIVERED
) -> str | None:
    """The reason the outcome of a case cannot be written now, or None. `is_writer`: its panel's chair or note-taker."""
    if not is_writer:
        return f"The chair and the {terms.said(Role.NOTE_TAKER)} of this case's panel write this."
    if case is not CaseState.AT_PANEL:
        return f"This is written while a case is at panel. This one is at “{CASE_STATE_WORDS[case]}”."
    return why_not_hold(round_state)


def too_long(part: OutcomePart) -> tuple[str, str] | None:
    """The first field of a part whose text is too long to keep, and the sentence that says so; None where all fit."""
    for field, text in part.by_field.items():
        if len(text) > TEXT_AT_MOST:
            return field, f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(text):,}."
    return None


def why_not_answer(round_state: RoundState, *, question: str, is_answered: bool) -> str | None:
    """The reason an agency cannot answer the panel's question, or change its answer, or None."""
    if not question:
        return "The panel asked your agency nothing on this case."
    if round_state not in ANSWERED_IN:
        return f"Nothing more is answered in this round: it is at “{ROUND_STATE_WORDS[round_state]}”."
    if is_answered and round_state not in CHANGED_IN:
        return "The round is published, so your agency's answer can no longer be changed."
    return None


def what_is_wrong_with_answer(answer: str) -> str | None:
    """The sentence that says why a text is no answer that can be kept, or None."""
    if not answer:
        return "Write your agency's answer."
    if len(answer) > TEXT_AT_MOST:
        return f"The answer must be {TEXT_AT_MOST:,} characters or fewer. It has {len(answer):,}."
    return None


def question_mail(*, recipient: str, round_title: str, link: str) -> tuple[str, str]:
    """The subject and body that tell an agency that a panel asked it something. Not a word about the case."""
    return (
        f"A question from the panel of {round_title}",
        (
            f"Dear {recipient},\n\n"
            f"A panel of the audit “{round_title}” has feedback for your agency, and asks it a question. "
            f"Sign in to read it and to answer:\n\n{link}\n\n"
            "This mail holds nothing about any child. Please do not answer it with anything that does.\n"
        ),
    )
