"""The sheets whose rows are a question each: is the child known, about the child, over the whole return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from audit_app.returns.rules.answers import TEXT_AT_MOST
from audit_app.returns.rules.attributes import AttributeAsked
from audit_app.returns.rules.first_answers import (
    KNOWN_WORDS,
    OWN_PART_WORDS,
    SHOULD_HAVE_KNOWN_WORDS,
    Known,
    OwnPart,
    ShouldHaveKnown,
)
from audit_app.returns.rules.states import ANSWERED_WITHOUT_RATINGS, KNOWN_STATES, ReturnState
from audit_app.returns.rules.workbooks import wording
from audit_app.returns.rules.workbooks.paper import Line, option_key

KNOWN_KEY, REASON_KEY, SHOULD_KEY, BEHALF_KEY, FILE_KEY, PART_KEY, PART_WORDS_KEY, NUMBER_KEY = (
    f"Known {number}" for number in range(1, 9)
)
OF_KNOWN = frozenset({KNOWN_KEY, REASON_KEY, SHOULD_KEY, BEHALF_KEY})
OF_FILE = frozenset({FILE_KEY, PART_KEY, PART_WORDS_KEY, NUMBER_KEY})
"""The lines of the first sheet, by the deed that takes them."""
LEVEL_KEY, LEVEL_REASON_KEY, WELL_KEY, IMPROVE_KEY, LEARNING_KEY, ACTIONS_KEY, MINUTES_KEY = (
    f"Whole {number}" for number in range(1, 8)
)

_ABOUT = {
    **dict.fromkeys((KNOWN_KEY, REASON_KEY, SHOULD_KEY), "The child"),
    BEHALF_KEY: "Who answers",
    **dict.fromkeys((FILE_KEY, NUMBER_KEY), "The file"),
    **dict.fromkeys((PART_KEY, PART_WORDS_KEY), "Your own part"),
}
_ONE = "Choose one from the list."
_WORDS = "A few sentences are enough. Write no names."


@dataclass(frozen=True)
class KnownKept:
    """What is saved of the first questions of a return."""

    state: ReturnState
    reason: str = ""
    should_have_known: ShouldHaveKnown | None = None
    on_behalf_of: str = ""
    is_file_confirmed: bool = False
    own_part: OwnPart | None = None
    own_part_words: str = ""


@dataclass(frozen=True)
class OverallKept:
    """What is saved over a whole return. `level` is in words."""

    level: str = ""
    reason: str = ""
    worked_well: str = ""
    to_improve: str = ""
    learning: str = ""
    proposed_actions: str = ""
    minutes_spent: int | None = None
    version: int = 1


def known_in(state: ReturnState) -> Known | None:
    """The answer to the first question that a state of a return stands for, or None where it is not answered."""
    if state in {ReturnState.NOT_STARTED, ReturnState.CLOSED}:
        return None
    return next((known for known, its in KNOWN_STATES.items() if its is state), Known.KNOWN)


_FILE_QUESTION = {
    False: "Did you check against the identity sheet that the right file is open?",
    True: "Did you check, against what you were told of who the child is, that the right file is open?",
}
"""By whether the return is filled in by an agency that does not sign in: it sees no identity sheet."""


def _asked_first(coordinator: str, *, is_for_agency: bool) -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """The lines of the first sheet: key, question, how to answer, what to choose from."""
    return (
        (KNOWN_KEY, "Does your agency know this child?", _ONE, tuple(KNOWN_WORDS.values())),
        (
            REASON_KEY,
            f"What should the {coordinator} know?",
            "Only where the child is not known, or you cannot make this return: where you looked, or why.",
            (),
        ),
        (
            SHOULD_KEY,
            "Should your agency have known this child?",
            "Only where the child is not known. " + _ONE,
            tuple(SHOULD_HAVE_KNOWN_WORDS.values()),
        ),
        (BEHALF_KEY, "On behalf of which practice or school do you answer?", "Leave it empty for your own agency.", ()),
        (
            FILE_KEY,
            _FILE_QUESTION[is_for_agency],
            "Nothing below is taken before this says Yes.",
            (wording.YES, wording.NO),
        ),
        (
            PART_KEY,
            "Had you a part in the child's care, or in supervising it?",
            "Choose one from the list: it goes with the line above.",
            tuple(OWN_PART_WORDS.values()),
        ),
        (PART_WORDS_KEY, "Which part?", "Only where you had one. Write no names.", ()),
        (
            NUMBER_KEY,
            "What is your agency's own number of this file?",
            "You may leave it empty. It goes to the identity sheet, encrypted, and is never written into a file here.",
            (),
        ),
    )


def known_lines(kept: KnownKept, *, coordinator: str, takes_number: bool, is_for_agency: bool = False) -> list[Line]:
    """Whether the agency knows the child, and what is asked with it. `coordinator` is what that role is called.

    The agency's own file number belongs to the identity key: it `takes_number` only from the agency itself. A return
    that `is_for_agency` is filled in by one that does not sign in.
    """
    known = known_in(kept.state)
    is_reason_kept = kept.state in ANSWERED_WITHOUT_RATINGS
    saved = {
        KNOWN_KEY: KNOWN_WORDS[known] if known else "",
        REASON_KEY: kept.reason if is_reason_kept else "",
        SHOULD_KEY: SHOULD_HAVE_KNOWN_WORDS[kept.should_have_known] if kept.should_have_known else "",
        BEHALF_KEY: kept.on_behalf_of,
        FILE_KEY: wording.YES if kept.is_file_confirmed else "",
        PART_KEY: OWN_PART_WORDS[kept.own_part] if kept.own_part else "",
        PART_WORDS_KEY: kept.own_part_words,
        NUMBER_KEY: "",
    }
    return [
        Line(
            wording.KNOWN,
            key,
            _ABOUT[key],
            question,
            how,
            choices=choices,
            kept=saved[key],
            at_most=_AT_MOST.get(key, TEXT_AT_MOST),
            is_secret=key == NUMBER_KEY,
        )
        for key, question, how, choices in _asked_first(coordinator, is_for_agency=is_for_agency)
        if takes_number or key != NUMBER_KEY
    ]


_AT_MOST = {BEHALF_KEY: 200, PART_WORDS_KEY: 2_000, NUMBER_KEY: 100}
"""Characters, as on the pages."""


def child_lines(asked: Sequence[AttributeAsked], sampled: Mapping[int, frozenset[int]]) -> list[Line]:
    """What is recorded about the child: a row for each attribute, or for each option where several may be chosen."""
    lines: list[Line] = []
    for one in asked:
        it, suggested = one.attribute, sampled.get(one.attribute.id, frozenset()) if not one.version else frozenset()
        hint = " ".join(part for part in (it.help, _SAMPLED if suggested else "") if part)
        if it.is_many:
            lines += [
                Line(
                    wording.CHILD,
                    option_key(it, option.code),
                    it.title,
                    it.question,
                    f"{wording.YES} for each that is right, and leave the others empty. {hint}".strip(),
                    f"{it.title}: {option.words}",
                    option.words,
                    choices=(wording.YES,),
                    kept=wording.YES if option.id in one.chosen else "",
                    offered=wording.YES if option.id in suggested else "",
                    version=one.version,
                )
                for option in it.options
            ]
        else:
            words = {option.id: option.words for option in it.options}
            lines.append(
                Line(
                    wording.CHILD,
                    it.code,
                    it.title,
                    it.question,
                    f"{_ONE} {hint}".strip(),
                    it.title,
                    choices=tuple(words.values()),
                    kept="".join(words[option] for option in words if option in one.chosen),
                    offered="".join(words[option] for option in words if option in suggested),
                    version=one.version,
                )
            )
    return lines


_SAMPLED = "The sample says this already: change it if your file shows something else."


def overall_lines(kept: OverallKept, levels: Sequence[str]) -> list[Line]:
    """What is said over the whole return."""
    asked = (
        (LEVEL_KEY, "Over everything, how well did your agency do?", _ONE, kept.level),
        (
            LEVEL_REASON_KEY,
            "Why this level?" if levels else "What is your judgement of your agency's work over all, and why?",
            _WORDS,
            kept.reason,
        ),
        (WELL_KEY, "What worked well for this child?", _WORDS, kept.worked_well),
        (
            IMPROVE_KEY,
            "What could have been better?",
            "In your own agency's work, or between agencies. Write no names.",
            kept.to_improve,
        ),
        (LEARNING_KEY, "What does your agency learn from this?", "For your own agency.", kept.learning),
        (ACTIONS_KEY, "What will your agency do itself?", "Who does what, and by when.", kept.proposed_actions),
        (
            MINUTES_KEY,
            "How many minutes did this return take?",
            "A whole number. You need not say.",
            "" if kept.minutes_spent is None else str(kept.minutes_spent),
        ),
    )
    return [
        Line(
            wording.OVERALL,
            key,
            "The whole return",
            question,
            how,
            choices=tuple(levels) if key == LEVEL_KEY else (),
            kept=saved,
            version=kept.version,
            is_number=key == MINUTES_KEY,
        )
        for key, question, how, saved in asked
        if levels or key != LEVEL_KEY
    ]
