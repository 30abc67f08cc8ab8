"""What agencies answered, and what a panel agreed."""

from collections.abc import Mapping

from pydantic import Field, model_validator

from audit_app.demo.rules.places import Piece
from audit_app.returns.rules import (
    AnswerKind,
    Consent,
    Prompt,
    ReturnState,
    ShouldHaveKnown,
    VoiceOf,
    WordsKind,
    WordsUse,
)


class Answer(Piece):
    """A level by its code exactly when the answer is a level."""

    indicator: str
    answer: AnswerKind
    level: str = ""

    @model_validator(mode="after")
    def _level_exactly_when_level(self) -> "Answer":
        if (self.answer is AnswerKind.LEVEL) != bool(self.level):
            raise ValueError(f"{self.indicator} needs a level exactly when its answer is one")
        return self


class Rating(Answer):
    """An agency's answer: `reason` where it does not apply, else evidence and the dated document it is in."""

    reason: str = ""
    evidence: str = ""
    document: str = ""
    document_days_before: int = 0


class Agreed(Answer):
    """What the panel agreed, why, and what would have made it better. `agency` for what rates an agency's own work."""

    reason: str
    agency: str = ""
    better: str = ""


class Comment(Piece):
    """What the coordinator asked on one indicator, and the evidence as it `was` when it was submitted first."""

    indicator: str
    words: str
    was: str


class SentBack(Piece):
    """Why a return was sent back two days after it was submitted; the day after it is submitted again."""

    reason: str
    comments: tuple[Comment, ...] = Field(alias="comment")


class Event(Piece):
    """A significant event, as one agency's chronology has it."""

    days_before: int
    event: str
    impact: str = ""
    response: str = ""


class Voice(Piece):
    """Somebody who was asked for their voice; `words` with their kind and use exactly when they agreed."""

    whose: VoiceOf
    asked_by: str
    information: str
    consent: Consent
    said_days_before: int | None = None
    kind: WordsKind | None = None
    words: str = ""
    use: WordsUse | None = None
    aid: str = ""


class Discussion(Piece):
    """The reflective discussion that an auditor held: by role, and notes by what was asked."""

    held_days_before: int
    with_whom: str
    notes: Mapping[Prompt, str]


class Practitioner(Piece):
    """Someone named on a return, by e-mail address, and what they answered: by indicator, and to the whole."""

    email: str
    answered_days_before: int
    answers: Mapping[str, str]
    whole: str


class Return(Piece):
    """One agency's return on one case, in the state it has come to; `answered_days_before` is None until touched.

    `overall` is the code of its level over all.
    """

    agency: str
    state: ReturnState
    answered_days_before: int | None = None
    reason: str = ""
    worked_well: str = ""
    to_improve: str = ""
    overall: str = ""
    overall_reason: str = ""
    learning: str = ""
    proposed_actions: str = ""
    sent_back: SentBack | None = None
    should_have_known: ShouldHaveKnown = ShouldHaveKnown.NO  # asked where the child is not known
    on_behalf_of: str = ""
    own_part: str = ""  # that the auditor had in the child's care
    hours_spent: float | None = None
    discussion: Discussion | None = None
    practitioner: Practitioner | None = None
    ratings: tuple[Rating, ...] = Field(alias="rating", default=())
    events: tuple[Event, ...] = Field(alias="event", default=())
    voices: tuple[Voice, ...] = Field(alias="voice", default=())
