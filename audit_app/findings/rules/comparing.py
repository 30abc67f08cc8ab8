"""What two rounds can be compared on, and what differs in the indicators that both of them asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit_app.accounts.rules import Terms
from audit_app.indicators.rules import Happened, Rated, Wording, applies_in_words, differences
from audit_app.rounds.rules import FrozenIndicator, FrozenLevel, FrozenTemplate, as_template


class On(StrEnum):
    """What two rounds are compared on."""

    LEVELS = "levels"
    BANDS = "bands"
    NOTHING = "nothing"


class Mark(StrEnum):
    """What differs in how two rounds asked one indicator, as far as it bears on comparing the answers."""

    REWORDED = "reworded"
    ASKED_OF_OTHERS = "asked_of_others"
    RATES_ANOTHER_THING = "rates_another_thing"
    ANSWERED_OTHERWISE = "answered_otherwise"
    DISCUSSED_OTHERWISE = "discussed_otherwise"


MARK_WORDS = {
    Mark.REWORDED: "Reworded",
    Mark.ASKED_OF_OTHERS: "Asked of others",
    Mark.RATES_ANOTHER_THING: "Rates another thing",
    Mark.ANSWERED_OTHERWISE: "Answered otherwise",
    Mark.DISCUSSED_OTHERWISE: "Panel time differs",
}

MANY_LEVELS = 5
"""A scale with more is named by its ends."""

_MARK_OF = {
    "rated": Mark.RATES_ANOTHER_THING,
    "applies": Mark.ASKED_OF_OTHERS,
    "is_narrative": Mark.ANSWERED_OTHERWISE,
    "is_panel": Mark.DISCUSSED_OTHERWISE,
}
"""The mark for a field that differs. Every other field is words that an auditor reads."""


@dataclass(frozen=True)
class Basis:
    """What two rounds are compared on, and a sentence that says so: on what, and where not on levels, why."""

    on: On
    words: str


@dataclass(frozen=True)
class Graded:
    """A round as far as its scale goes: what it is called, its levels, and how many agreed ratings are a level."""

    called: str
    levels: Sequence[FrozenLevel]
    rated: int


@dataclass(frozen=True)
class SharedIndicator:
    """An indicator that both rounds asked. `wordings` is what differs in what an auditor reads; `marks` say the
    kinds of difference, in the order of `Mark`."""

    earlier: FrozenIndicator
    later: FrozenIndicator
    wordings: tuple[Wording, ...]
    marks: tuple[Mark, ...]

    @property
    def code(self) -> str:
        return self.later.code

    @property
    def title(self) -> str:
        return self.later.title

    @property
    def is_in_words(self) -> bool:
        """Whether it was answered in words in either round, so that there is nothing to count side by side."""
        return self.earlier.is_narrative or self.later.is_narrative

    @property
    def differs(self) -> str:
        """The marks in words: "Reworded, asked of others". Empty where nothing differs."""
        return ", ".join(MARK_WORDS[mark].lower() for mark in self.marks).capitalize()


@dataclass(frozen=True)
class Compared:
    """The indicators of two rounds: shared and new ones in the later round's order, dropped ones in the earlier's."""

    shared: tuple[SharedIndicator, ...]
    new: tuple[FrozenIndicator, ...]
    dropped: tuple[FrozenIndicator, ...]


def pair_of(references: Sequence[str], earlier: str = "", later: str = "") -> tuple[str, str] | None:
    """The two rounds to compare, earlier first, of those that may be, by reference, oldest first.

    One that is not named is the natural partner of the other: the round just before a later one and just after an
    earlier one, or on its other side where there is none. Without either it is the newest two. A round that is named
    twice is given twice: see `why_not_pair`. None where there is no partner.

    Raises:
        ValueError: a round is named that is not among them.
    """
    last = len(references) - 1
    if earlier and later:
        first, second = references.index(earlier), references.index(later)
    elif later:
        second = references.index(later)
        first = second - 1 if second else 1
    elif earlier:
        first = references.index(earlier)
        second = first + 1 if first < last else first - 1
    else:
        first, second = last - 1, last
    if not 0 <= min(first, second) <= max(first, second) <= last:
        return None
    return references[min(first, second)], references[max(first, second)]


def why_not_pair(earlier: str, later: str) -> str | None:
    """The reason a pair of rounds, by reference, says nothing, or None."""
    if earlier == later:
        return f"{earlier} was chosen twice. Choose two different rounds."
    return None


def basis_of(earlier: Graded, later: Graded) -> Basis:
    """What two rounds are compared on: levels that mean the same in both, else bands, else nothing.

    Levels are the same where code, words and rank are.
    """
    reasons = [_why_ungraded(one) for one in (earlier, later) if not one.rated]
    if reasons:
        return Basis(On.NOTHING, f"These rounds are not comparable: {'; '.join(reasons)}. Below is what each asked.")
    if _meaning(earlier.levels) == _meaning(later.levels):
        return Basis(
            On.LEVELS,
            f"Both rounds have the same scale ({_words(later.levels)}), so they are compared level by level on the "
            "indicators that both asked.",
        )
    return Basis(
        On.BANDS,
        f"These rounds have different scales ({earlier.called}: {_words(earlier.levels)}; {later.called}: "
        f"{_words(later.levels)}). So they are compared by the band that each level belongs to: strong, adequate or "
        "weak. What each level looks like is worded for one scale, so it is left out of what differs below.",
    )


def _why_ungraded(one: Graded) -> str:
    if one.levels:
        return f"no level was agreed in {one.called}"
    return f"{one.called} has no levels, everything in it was answered in words"


def _meaning(levels: Sequence[FrozenLevel]) -> set[tuple[str, str, int]]:
    return {(level.code, level.words, level.rank) for level in levels}


def _words(levels: Sequence[FrozenLevel]) -> str:
    if len(levels) > MANY_LEVELS:
        return f"{len(levels)} levels from “{levels[0].words}” to “{levels[-1].words}”"
    return ", ".join(level.words for level in levels)


def compared(earlier: FrozenTemplate, later: FrozenTemplate, terms: Terms) -> Compared:
    """Which indicators two rounds share by their codes, which are new, which dropped, and what differs in the shared.

    Where the scales differ, or one round asked for words, the words about each level are left out: no two of them are
    about one level. `terms` are the words in which the reader's partnership says plans and kinds of agency.
    """
    wordings = {
        one.code: one.words
        for one in differences(as_template(earlier), as_template(later), terms)
        if one.happened is Happened.CHANGED
    }
    has_one_scale = _meaning(earlier.levels) == _meaning(later.levels)
    before = {one.code: one for one in earlier.indicators}
    now = {one.code for one in later.indicators}
    return Compared(
        shared=tuple(
            _shared(before[one.code], one, wordings.get(one.code, ()), has_one_scale=has_one_scale)
            for one in later.indicators
            if one.code in before
        ),
        new=tuple(one for one in later.indicators if one.code not in before),
        dropped=tuple(one for one in earlier.indicators if one.code not in now),
    )


def _shared(
    earlier: FrozenIndicator, later: FrozenIndicator, differing: Sequence[Wording], *, has_one_scale: bool
) -> SharedIndicator:
    levels_are_alike = has_one_scale and earlier.is_narrative == later.is_narrative
    wordings = tuple(one for one in differing if levels_are_alike or one.name != "guidance")
    found = {_MARK_OF.get(wording.name, Mark.REWORDED) for wording in wordings}
    return SharedIndicator(earlier, later, wordings, tuple(mark for mark in Mark if mark in found))


def cautions_on(one: SharedIndicator, earlier: str, later: str, terms: Terms) -> list[str]:
    """What a reader must know before comparing the counts of a shared indicator, a sentence each; rounds are called so.

    `terms` as for `compared`. Words that changed are shown beside each other and speak for themselves; these two change
    what is counted.
    """
    found = []
    if Mark.RATES_ANOTHER_THING in one.marks:
        own, whole = (earlier, later) if one.earlier.rated is Rated.OWN_WORK else (later, earlier)
        found.append(
            f"In {own} each agency's own work was rated, so one case counts several ratings there. In {whole} each "
            "case counts once."
        )
    if Mark.ASKED_OF_OTHERS in one.marks:
        found.append(
            f"Not the same agencies or children were asked about it. {earlier}: {_asked(one.earlier, terms)}. "
            f"{later}: {_asked(one.later, terms)}."
        )
    return found


def _asked(indicator: FrozenIndicator, terms: Terms) -> str:
    return "; ".join(applies_in_words(indicator.limits, terms)) or "all"
