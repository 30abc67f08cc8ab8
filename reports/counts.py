"""Counts of answers, which every figure, table and worksheet of results is made from.

Levels are counted, never averaged: two levels are not a number, and an average of few cases hides what matters.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

BANDS = ("strong", "adequate", "weak")

Row = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale: its code in the template, its letter and words on the page, and its band (see BANDS)."""

    code: str
    letter: str
    words: str
    band: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The levels from best to worst; none at all where a round is answered in words.

    Raises ValueError where there is a single one, or two cannot be told apart.
    """

    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        if len(self.levels) == 1:
            raise ValueError("a scale needs at least two levels")
        for told_by in ("code", "letter", "words"):
            if len({getattr(level, told_by) for level in self.levels}) < len(self.levels):
                raise ValueError(f"two levels of the scale have the same {told_by}")
        if strange := {level.band for level in self.levels} - set(BANDS):
            raise ValueError(f"unknown band: {', '.join(sorted(strange))}")

    @property
    def line(self) -> int:
        """How many levels, from the best, are on the good side: the strong band, or the best level where none is."""
        return sum(level.band == "strong" for level in self.levels) or 1

    @property
    def pass_words(self) -> str:
        """The words of the lowest level on the good side: "Good" in "below Good" and "Good or better"."""
        return self.levels[self.line - 1].words

    @property
    def good_words(self) -> str:
        """The good side in words: "Good or better", or the best level's words alone where only that is on it."""
        return f"{self.pass_words} or better" if self.line > 1 else self.pass_words


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answers there are: by level from best to worst, in words, and of the two kinds that are no answer."""

    levels: tuple[int, ...]
    in_words: int = 0
    not_applicable: int = 0
    no_evidence: int = 0

    def __post_init__(self) -> None:
        if min((*self.levels, self.in_words, self.not_applicable, self.no_evidence)) < 0:
            raise ValueError("a count cannot be less than nothing")

    @property
    def rated(self) -> int:
        """The n of every label: answers that are a level. Not applicable and no evidence are outside it."""
        return sum(self.levels)

    def below(self, scale: Scale) -> int:
        """Answers on the far side of the scale's line."""
        return sum(self.levels[scale.line :])


@dataclass(frozen=True, slots=True)
class IndicatorCounts:
    """The answers to one indicator. `counted` says in the plural what one answer is: a case, or, where each agency's
    own work is rated, a rating (a case may then bring several). One that is narrative is answered in words: it stands
    in no figure of levels."""

    code: str
    title: str
    counts: Counts
    counted: str = "cases"
    is_narrative: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """The answers to an indicator in one of two rounds: what the round is called, how many children were in it, the
    indicator's title there, and its counts on the scale that both rounds are compared on."""

    called: str
    children: int
    title: str
    counts: Counts
    counted: str = "cases"


@dataclass(frozen=True, slots=True)
class IndicatorPair:
    """An indicator that two rounds share, and in a few words what differs in how it was asked; empty for nothing."""

    code: str
    earlier: Side
    later: Side
    differs: str = ""


@dataclass(frozen=True, slots=True)
class AgencyCounts:
    """One agency's answers to one indicator, by the indicator's code."""

    agency: str
    code: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class CountTable:
    """The table behind a figure: what it shows, its column headings and its rows; the first column names the row."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def check_fit(scale: Scale, every: Sequence[Counts]) -> None:
    """Raise ValueError where counts were made for a scale with another number of levels."""
    for counts in every:
        if len(counts.levels) != len(scale.levels):
            raise ValueError(f"{len(counts.levels)} counts for a scale of {len(scale.levels)} levels")


def how_many(n: int, counted: str) -> str:
    """A number with what it counts: "1 case", "9 cases"."""
    return f"{n} {counted.removesuffix('s') if n == 1 else counted}"


def counts_in_words(scale: Scale, indicator: IndicatorCounts) -> str:
    """The counts as a line of text: "E01 Fathers and other men: Good 2, Inadequate 7 (9 cases); no evidence 1"."""
    return f"{indicator.code} {indicator.title}: {answers_in_words(scale, indicator)}"


def answers_in_words(scale: Scale, indicator: IndicatorCounts) -> str:
    """The same without the indicator's name: "Good 2, Inadequate 7 (9 cases); no evidence 1".

    Levels nobody gave are left out; the number rated, or answered in words, is always there.
    """
    counts = indicator.counts
    check_fit(scale, [counts])
    given = ", ".join(f"{level.words} {n}" for level, n in zip(scale.levels, counts.levels, strict=True) if n)
    words = f"{given or 'no level given'} ({how_many(counts.rated, indicator.counted)})"
    if indicator.is_narrative:
        words = f"answered in words ({how_many(counts.in_words, indicator.counted)})"
    if counts.not_applicable:
        words += f"; not applicable {counts.not_applicable}"
    if counts.no_evidence:
        words += f"; no evidence {counts.no_evidence}"
    return words


TOO_FEW = 30
"""Children in a round, below which a difference between two rounds is never called a trend."""


def pair_in_words(scale: Scale, earlier: Side, later: Side) -> str:
    """One indicator in two rounds, as counts on the good side of the scale's line, and no more than they can carry.

    "Good or better in 4 of 9 cases in N25 and in 6 of 8 cases in N26; too few children to call it a trend". Where a
    round gave no level it says that instead. Raises ValueError where counts do not fit the scale.
    """
    check_fit(scale, [earlier.counts, later.counts])
    empty = [side.called for side in (earlier, later) if not side.counts.rated]
    if empty:
        return f"No level was agreed in {' or '.join(empty)}, so there is nothing to set side by side"
    said = [
        f"in {side.counts.rated - side.counts.below(scale)} of {how_many(side.counts.rated, side.counted)} "
        f"in {side.called}"
        for side in (earlier, later)
    ]
    few = "; too few children to call it a trend" if min(earlier.children, later.children) < TOO_FEW else ""
    return f"{scale.good_words} {' and '.join(said)}{few}"


def at_least_share(part: int, whole: int) -> float:
    """The share that `part` of `whole` speaks for at the least: the lower end of Wilson's 95% interval, 0 to 1.

    It puts 7 of 9 before 1 of 1, which a bare share would not. Only for putting things in order, never shown.
    E. B. Wilson, Journal of the American Statistical Association 22 (1927), page 209. Nothing of nothing is 0.
    """
    if whole == 0:
        return 0.0
    z = 1.959963984540054
    share = part / whole
    middle = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return max(0.0, (middle - spread) / (1 + z * z / whole))
