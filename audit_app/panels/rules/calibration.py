"""Calibration: before a round every auditor scores one practice case, and the answers say what to talk about first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit_app.accounts.rules import AgencyKind
from audit_app.indicators.rules import AppliesBy, is_asked
from audit_app.panels.rules.agreement import Agreement, Things, measure
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.rules import ROUND_STATE_WORDS, FrozenIndicator, FrozenLevel, FrozenTemplate, RoundState

TITLE_AT_MOST = 200
STORY_AT_MOST = 20_000
REASONING_AT_MOST = 1_000

TALK_FIRST_FROM = 2
"""Levels between the best and the worst answer from which a question needs a conversation first, as in a panel."""

SET_IN = frozenset({RoundState.SAMPLING, RoundState.RETURNS})
"""Rounds for which a practice case is set: their questions are frozen, and no agency has handed over its ratings."""

PEOPLE = Things("person", "people", "question", "questions")


class CalibrationState(StrEnum):
    """Where a practice case is."""

    OPEN = "open"
    CLOSED = "closed"


CALIBRATION_TRANSITIONS: dict[CalibrationState, frozenset[CalibrationState]] = {
    CalibrationState.OPEN: frozenset({CalibrationState.CLOSED}),
    CalibrationState.CLOSED: frozenset(),
}


@dataclass(frozen=True)
class PracticeAnswer:
    """What one auditor answers on one question of a practice case, with a few words of reasoning.

    `level_id` is there exactly when the answer is a level. `answer` is None while nothing was chosen.
    """

    answer: AnswerKind | None
    level_id: int | None
    reasoning: str = ""


@dataclass(frozen=True)
class PracticeRating:
    """One answer of one auditor, as it was kept. Auditors are told apart, and not named."""

    person_id: int
    indicator_id: int
    said: PracticeAnswer


@dataclass(frozen=True)
class OfQuestion:
    """How far auditors agreed on one question: the share of pairs with the same level, and the levels between them.

    `counts` are how many chose each level, in the order in which people read the scale; `others`, how many chose none.
    """

    indicator: FrozenIndicator
    agreement: Agreement
    apart: int
    counts: Sequence[tuple[FrozenLevel, int]]
    others: int
    reasons: Sequence[tuple[str, str]]
    """Words of reasoning after the words of the answer that they are for, in the order of the scale."""

    @property
    def is_to_talk_about(self) -> bool:
        """Whether its answers lie so far apart that it needs a conversation before the round."""
        return self.apart >= TALK_FIRST_FROM


@dataclass(frozen=True)
class Calibrated:
    """What a practice case showed: over all questions, and by question, the least agreement first."""

    whole: Agreement
    questions: Sequence[OfQuestion]
    people: int


def questions_of(template: FrozenTemplate, kind: AgencyKind) -> Sequence[FrozenIndicator]:
    """The questions of a practice case for an auditor of this kind of agency: those with levels that it is asked."""
    of = {AppliesBy.AGENCY_KIND: kind.value}
    return [one for one in template.indicators if not one.is_narrative and is_asked(one.limits, of)]


def calibrated(ratings: Iterable[PracticeRating], template: FrozenTemplate) -> Calibrated:
    """Measure the answers to a practice case whose round has two levels or more."""
    given: dict[int, dict[int, PracticeAnswer]] = {}
    for rating in ratings:
        given.setdefault(rating.indicator_id, {})[rating.person_id] = rating.said
    people = sorted({person for answers in given.values() for person in answers})
    ranks = {level.id: level.rank for level in template.levels}

    def row(indicator_id: int) -> list[int | None]:
        answers = given[indicator_id]
        return [ranks.get(answers[one].level_id or 0) if one in answers else None for one in people]

    asked = [one for one in template.indicators if one.id in given]
    questions = [_of_question(one, row(one.id), list(given[one.id].values()), template) for one in asked]
    return Calibrated(
        measure([row(one.id) for one in asked], len(template.levels)),
        sorted(questions, key=_least_first),
        len(people),
    )


def _of_question(
    indicator: FrozenIndicator, row: list[int | None], said: Sequence[PracticeAnswer], template: FrozenTemplate
) -> OfQuestion:
    ranks = [rank for rank in row if rank is not None]
    words = {level.id: level.words for level in template.as_read}
    order = list(words)
    reasoned = sorted(
        (one for one in said if one.reasoning),
        key=lambda one: (order.index(one.level_id) if one.level_id in words else len(order), one.reasoning),
    )
    return OfQuestion(
        indicator,
        measure([row], len(template.levels)),
        max(ranks) - min(ranks) if ranks else 0,
        [(level, ranks.count(level.rank)) for level in template.as_read],
        len(said) - len(ranks),
        [(words.get(one.level_id or 0, "No level"), one.reasoning) for one in reasoned],
    )


def _least_first(question: OfQuestion) -> tuple[float, int, int]:
    """What nobody can compare comes last; else the least agreement first, then the furthest apart."""
    percentage = question.agreement.percentage
    return 2.0 if percentage is None else percentage, -question.apart, question.indicator.position


def why_not_set(state: RoundState, *, handed_over: int, levels: int, is_there: bool) -> str | None:
    """The reason no practice case can be set for a round, or None. `handed_over` returns are submitted or accepted."""
    if is_there:
        return "This round has a practice case already."
    if state not in SET_IN:
        return (
            "A practice case is set once a round is opened and before its first return is submitted. "
            f"This one is at “{ROUND_STATE_WORDS[state]}”."
        )
    if handed_over:
        return "A return of this round was submitted already, so practising comes too late."
    if levels < 2:
        return "This round is answered in words: there are no levels to compare."
    return None


def why_not_reword(state: CalibrationState, *, scored: int) -> str | None:
    """The reason the words of a practice case cannot be changed, or None. `scored`: how many people scored it."""
    if state is CalibrationState.CLOSED:
        return "This practice case is closed."
    if scored:
        return "Somebody scored this practice case already, so its words stay as they are."
    return None


def why_not_score(state: CalibrationState) -> str | None:
    """The reason a practice case cannot be scored, or None."""
    if state is CalibrationState.CLOSED:
        return "This practice case is closed. Your answers can no longer be changed."
    return None


def why_not_close_practice(state: CalibrationState) -> str | None:
    """The reason a practice case cannot be closed, or None."""
    return "This practice case is closed already." if state is CalibrationState.CLOSED else None


def gaps_in_practice(answers: Mapping[int, PracticeAnswer]) -> Mapping[int, str]:
    """What keeps answers from being saved, as a sentence by indicator. Empty where they can be.

    A question may be left open for later, but not with words alone.
    """
    gaps = {}
    for indicator_id, said in answers.items():
        if said.answer is None and said.reasoning:
            gaps[indicator_id] = "Choose an answer for these words."
        elif len(said.reasoning) > REASONING_AT_MOST:
            gaps[indicator_id] = f"Your words must be {REASONING_AT_MOST:,} characters or fewer."
    return gaps
