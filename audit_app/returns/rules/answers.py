"""An answer on one indicator: what it is, what it still needs, and how a page knows whether it was touched."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from audit_app.indicators.rules import Rated

TEXT_AT_MOST = 10_000
"""Characters in one text. An audit's longest evidence is a page or two."""


class AnswerKind(StrEnum):
    """What an answer is: a level; words, where there is no level to choose; or one of the two different non-answers."""

    LEVEL = "level"
    IN_WORDS = "in_words"
    NOT_APPLICABLE = "not_applicable"
    NO_EVIDENCE = "no_evidence"


ANSWER_KIND_WORDS = {
    AnswerKind.LEVEL: "A level",
    AnswerKind.IN_WORDS: "Answered in words",
    AnswerKind.NOT_APPLICABLE: "Not applicable",
    AnswerKind.NO_EVIDENCE: "No evidence on file",
}


class Tag(StrEnum):
    """What the evidence on an indicator shows, in the auditor's eyes, whatever its level."""

    STRENGTH = "strength"
    CONCERN = "concern"


TAG_WORDS = {Tag.STRENGTH: "Strength", Tag.CONCERN: "Concern"}


@dataclass(frozen=True)
class SavedAnswer:
    """What became of an answer that was saved by itself: the version kept now, or none where somebody else's stands."""

    version: int
    is_clash: bool = False


@dataclass(frozen=True)
class Answer:
    """What an auditor says on one indicator. `level_id` is there exactly when the kind is a level.

    An answer in words stands in `evidence`, where the judgement and its reason are written whatever the kind.
    """

    kind: AnswerKind | None = None
    level_id: int | None = None
    reason: str = ""  # why it does not apply
    evidence: str = ""
    where_on_file: str = ""
    tag: Tag | None = None  # what the evidence shows, whatever its level


@dataclass(frozen=True)
class Change:
    """An answer as somebody wants it, and the version of the answer that they had before their eyes."""

    answer: Answer
    version: int


@dataclass(frozen=True)
class Question:
    """One indicator of a domain page: its words, how it is answered, and what is kept as its answer."""

    indicator_id: int
    code: str
    title: str
    question: str
    why: str
    look_for: str
    example: str
    rated: Rated
    is_narrative: bool
    guidance: Mapping[int, str]
    answer: Answer
    version: int
    answered_at: datetime | None
    answered_by: str


class Gap(StrEnum):
    """What an indicator still needs before its return can be submitted."""

    ANSWER = "answer"
    EVIDENCE = "evidence"
    REASON = "reason"


GAP_WORDS = {
    Gap.ANSWER: "Not answered yet",
    Gap.EVIDENCE: "Needs the evidence for its level",
    Gap.REASON: "Needs the reason why it does not apply",
}


def gap_in(answer: Answer) -> Gap | None:
    """What an answer still needs, or None.

    Anything may be saved half done. To be submitted, a level needs its evidence and “not applicable” its reason;
    “no evidence on file” says all there is to say.
    """
    if answer.kind is None:
        return Gap.ANSWER
    if answer.kind is AnswerKind.LEVEL and not answer.evidence:
        return Gap.EVIDENCE
    if answer.kind is AnswerKind.NOT_APPLICABLE and not answer.reason:
        return Gap.REASON
    return None


def tidied(answer: Answer) -> Answer:
    """An answer as it is kept: line ends of one kind, no spaces around a text, a reason only where nothing applies.

    An answer in words without a word is none yet.
    """
    evidence = _tidy(answer.evidence)
    return replace(
        answer,
        kind=None if answer.kind is AnswerKind.IN_WORDS and not evidence else answer.kind,
        reason=_tidy(answer.reason) if answer.kind is AnswerKind.NOT_APPLICABLE else "",
        evidence=evidence,
        where_on_file=_tidy(answer.where_on_file),
    )


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def why_not_kind(kind: AnswerKind | None, *, is_narrative: bool) -> str | None:
    """The reason an indicator cannot be answered so, or None: with a level, or in words, never either."""
    if kind is AnswerKind.LEVEL and is_narrative:
        return "This is answered in words: there is no level to choose."
    if kind is AnswerKind.IN_WORDS and not is_narrative:
        return "Choose one of the levels shown."
    return None


def why_not_text(answer: Answer) -> str | None:
    """The reason the texts of an answer cannot be kept, or None."""
    longest = max(len(answer.reason), len(answer.evidence), len(answer.where_on_file))
    if longest > TEXT_AT_MOST:
        return f"Each text must be {TEXT_AT_MOST:,} characters or fewer. One has {longest:,}."
    return None


def seen(answer: Answer, version: int) -> str:
    """What a page carries of an answer that it shows: its version, and a digest that tells whether it was touched.

    An answer that comes back untouched is not a save, so nobody clashes over what they only looked at.
    """
    return f"{version}.{_digest(answer)}"


def read_seen(text: str, answer: Answer) -> tuple[int, bool]:
    """The version that a page had shown, and whether the (tidied) answer that came back differs from it."""
    version, _, digest = text.partition(".")
    return (int(version) if version.isdecimal() and len(version) < 10 else 0), digest != _digest(answer)


def _digest(answer: Answer) -> str:
    texts = (answer.reason, answer.evidence, answer.where_on_file)
    parts = (answer.kind or "", answer.level_id or "", *texts, answer.tag or "")
    return blake2b("\0".join(str(part) for part in parts).encode(), digest_size=8).hexdigest()
