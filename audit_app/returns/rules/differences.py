"""Two versions of a return beside each other: what changed, down to the word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"([^\S\n]*)(\n|\w+|[^\w\s])")

ALIKE_FROM = 0.3
"""The share of words that two texts must have in common to be compared word by word. Below it each stands whole."""


class How(StrEnum):
    """What became of some words between two versions."""

    SAME = "same"
    TAKEN_OUT = "taken_out"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Some words that follow each other, and what became of them. A space before them belongs to them."""

    how: How
    words: str


def differences(old: str, new: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The old text and the new one in pieces: what is the same in both, what was taken out, what was added.

    Words are compared whole, and marks of punctuation for themselves; spaces are not compared, ends of lines are. What
    fills more than a hundredth of a long text begins no match of its own (`difflib`'s shortcut), which keeps it quick.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, [word for _, word in before], [word for _, word in after])
    was: list[Piece] = []
    now: list[Piece] = []
    if matcher.ratio() < ALIKE_FROM:
        _add(was, How.TAKEN_OUT, before)
        _add(now, How.ADDED, after)
        return was, now
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        is_same = kind == "equal"
        _add(was, How.SAME if is_same else How.TAKEN_OUT, before[from_old:to_old])
        _add(now, How.SAME if is_same else How.ADDED, after[from_new:to_new])
    return was, now


def _add(pieces: list[Piece], how: How, words: Sequence[tuple[str, str]]) -> None:
    if words:
        text = "".join(f"{' ' if space else ''}{word}" for space, word in words)
        pieces.append(Piece(how, text if pieces else text.lstrip(" ")))


@dataclass(frozen=True)
class Entry:
    """Something a return says: an indicator, an attribute, or what it says over all. `texts` by what each is called."""

    part: str
    title: str
    texts: Mapping[str, str]
    indicator_id: int | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class TextsBeside:
    """One text in two versions. Where it did not change, `was` and `now` are one piece each, or none."""

    name: str
    was: Sequence[Piece]
    now: Sequence[Piece]
    is_changed: bool


@dataclass(frozen=True)
class Beside:
    """An entry in two versions. `old` or `new` is None where a version does not have it."""

    old: Entry | None
    new: Entry | None
    texts: Sequence[TextsBeside] = field(default_factory=tuple)

    @property
    def entry(self) -> Entry:
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def is_changed(self) -> bool:
        return any(text.is_changed for text in self.texts)


def beside(old: Sequence[Entry], new: Sequence[Entry]) -> Sequence[Beside]:
    """All entries of two versions, in the order of the newer; those that it no longer has come last."""
    olds = {(entry.part, entry.title): entry for entry in old}
    pairs = [(olds.pop((entry.part, entry.title), None), entry) for entry in new]
    return [_beside(was, now) for was, now in pairs] + [_beside(gone, None) for gone in olds.values()]


def _beside(old: Entry | None, new: Entry | None) -> Beside:
    was, now = (entry.texts if entry else {} for entry in (old, new))
    names = dict.fromkeys([*now, *was])
    return Beside(old, new, [_texts(name, was.get(name, ""), now.get(name, "")) for name in names])


def _texts(name: str, old: str, new: str) -> TextsBeside:
    if old == new:
        pieces = [Piece(How.SAME, old)] if old else []
        return TextsBeside(name, pieces, pieces, is_changed=False)
    was, now = differences(old, new)
    return TextsBeside(name, was, now, is_changed=any(piece.how is not How.SAME for piece in (*was, *now)))
