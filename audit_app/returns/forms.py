"""The forms of returns. A domain's page is dense, so its form is read by hand; the others are small."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from audit_app.accounts.rules import Role, Terms
from audit_app.core.errors import Refused
from audit_app.core.forms import (
    ChoiceField,
    DayField,
    DayNeeded,
    OptionalAnswer,
    PageForm,
    VersionField,
    WordsField,
    at_most,
    is_number,
    needed,
)
from audit_app.returns.rules import (
    KNOWN_WORDS,
    TEXT_AT_MOST,
    Answer,
    AnswerKind,
    AttributeAsked,
    AttributeChange,
    Change,
    Question,
    read_seen,
    read_seen_choice,
    tidied,
    why_not_text,
)


class SendForm(PageForm):
    """When the returns are due that agencies are asked for."""

    due_on = DayField(
        "When are these returns due?",
        [DayNeeded("Enter the day by which returns are due.")],
        what="The day by which returns are due",
        description="The day in the round's plan is filled in.",
    )


class KnownForm(PageForm):
    """Whether the agency knows the child. `seen` is the state of the return that the page showed."""

    known = ChoiceField(
        "Does your agency know this child?",
        [(known.value, words) for known, words in KNOWN_WORDS.items()],
        [needed("Choose whether your agency knows this child.")],
    )
    reason = WordsField(
        "",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "This text")],
        description="Where you looked, or why you cannot make this return. Write no names.",
    )
    seen = HiddenField()

    def __init__(self, terms: Terms, **more: Any) -> None:
        super().__init__(**more)
        self.reason.label.text = f"What should the {terms.said(Role.COORDINATOR)} know?"


class OverallForm(PageForm):
    """The words over a whole return. `version` is of the words that the page showed."""

    worked_well = WordsField(
        "What worked well for this child?",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "What worked well")],
    )
    to_improve = WordsField(
        "What could have been better?",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "What could have been better")],
        description="In your own agency's work, or between agencies.",
    )
    version = VersionField()


class ReasonForm(PageForm):
    """Why a return is sent back, or closed."""

    reason = WordsField("", [at_most(TEXT_AT_MOST, "The reason")])

    def __init__(self, question: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text = question
        self.reason.description = hint


class AttributesForm:
    """What came back from the page about the child: the attributes that were touched, and what stands in their way.

    `posted` gives everything that was sent under a name. The page carries for each attribute N: attribute-N (ids of
    options), and seen-N (see `rules.seen_choice`).
    """

    def __init__(self, posted: Mapping[str, Sequence[str]]) -> None:
        self.typed: dict[int, frozenset[int]] = {}
        self.changes: dict[int, AttributeChange] = {}
        self.mine: dict[int, frozenset[int]] = {}
        self.problems: dict[int, str] = {}
        self.refusal = ""
        for name in posted:
            number = name.removeprefix("seen-")
            if number != name and is_number(number):
                self._read(int(number), posted)

    def _read(self, attribute: int, posted: Mapping[str, Sequence[str]]) -> None:
        version, saved = read_seen_choice(posted[f"seen-{attribute}"][0])
        chosen = frozenset(int(one) if is_number(one) else 0 for one in posted.get(f"attribute-{attribute}", ()))
        self.typed[attribute] = chosen
        if chosen != saved:
            self.changes[attribute] = AttributeChange(chosen, version)

    def clash(self, attributes: Collection[int]) -> None:
        """Somebody else saved these first: the page shows what they chose, and says what was chosen here."""
        for attribute in attributes:
            self.problems[attribute] = (
                "A colleague answered this meanwhile. What they chose is shown: change it if needed."
            )
            self.mine[attribute] = self.typed.pop(attribute)

    def refuse(self, refusal: Refused) -> None:
        """Nothing can be saved: the page shows everything that was chosen, and why."""
        number = (refusal.field or "").removeprefix("attribute-")
        if is_number(number):
            self.problems[int(number)] = refusal.reason
        self.refusal = refusal.reason

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def problem(self, asked: AttributeAsked) -> str:
        """What stands in the way of an attribute, with what was chosen here where a colleague's choice is shown."""
        problem, mine = self.problems.get(asked.attribute.id, ""), self.mine.get(asked.attribute.id)
        if mine is None:
            return problem
        words = "; ".join(option.words for option in asked.attribute.options if option.id in mine)
        return f"{problem} You had chosen: {words or 'nothing'}."

    def shown(self, asked: AttributeAsked, sampled: Collection[int]) -> Collection[int]:
        """The options to show as chosen: what was chosen and not saved, what is saved, or what the sample says."""
        return sorted(self.typed.get(asked.attribute.id, asked.chosen or sampled or ()))

    def error_list(self, asked: Collection[AttributeAsked]) -> list[tuple[str, str]]:
        """Lines of the error summary, in the order of the page."""
        listed = [(self.refusal, "")] if self.refusal and not self.problems else []
        return listed + [
            (f"{one.attribute.title}: {self.problem(one)}", f"#attribute-{one.attribute.id}")
            for one in asked
            if one.attribute.id in self.problems
        ]


class DomainForm:
    """What came back from a domain's page: the answers that were touched, and what stands in the way of each.

    The page carries for each indicator N: answer-N (a level's id, or a kind), reason-N, evidence-N, where-N, and seen-N
    (see `rules.seen`). Where somebody else's answer came in between it also carries clash-N, and stand-N says which of
    the two stands: mine or theirs.
    """

    def __init__(self, posted: Mapping[str, str]) -> None:
        self.typed: dict[int, Answer] = {}
        self.changes: dict[int, Change] = {}
        self.problems: dict[int, str] = {}
        self.clashes: frozenset[int] = frozenset()
        self.refusal = ""
        for name in posted:
            number = name.removeprefix("seen-")
            if number != name and is_number(number):
                self._read(int(number), posted)

    def _read(self, indicator: int, posted: Mapping[str, str]) -> None:
        answer, is_choice = _answer(indicator, posted)
        version, is_touched = read_seen(posted[f"seen-{indicator}"], answer)
        stands = posted.get(f"stand-{indicator}", "")
        if (is_choice and not is_touched) or stands == "theirs":
            return
        self.typed[indicator] = answer
        if f"clash-{indicator}" in posted and stands != "mine":
            self.problems[indicator] = "Choose which answer should stand."
            self.clashes |= {indicator}
        elif not is_choice:
            self.problems[indicator] = "Choose one of the answers shown."
        elif reason := why_not_text(answer):
            self.problems[indicator] = reason
        else:
            self.changes[indicator] = Change(answer, version)

    def clash(self, indicators: Collection[int]) -> None:
        """Somebody else saved these first: the page shows both."""
        self.clashes |= frozenset(indicators)
        for indicator in indicators:
            self.problems[indicator] = "This was answered elsewhere while you were working. Choose which should stand."

    def refuse(self, reason: str) -> None:
        """Nothing can be saved: the page shows everything that was typed, and why."""
        self.refusal = reason

    @property
    def errors(self) -> bool:
        return bool(self.problems or self.refusal)

    def shown(self, question: Question) -> Answer:
        """The answer to show for a question: what is kept, or what was typed and could not be saved."""
        is_unsaved = self.refusal or question.indicator_id in self.problems
        return self.typed.get(question.indicator_id, question.answer) if is_unsaved else question.answer

    def error_list(self, questions: Collection[Question]) -> list[tuple[str, str]]:
        """Lines of the error summary, in the order of the page."""
        listed = [(self.refusal, "")] if self.refusal else []
        return listed + [
            (f"{question.code}: {self.problems[question.indicator_id]}", f"#{self._first_input(question.indicator_id)}")
            for question in questions
            if question.indicator_id in self.problems
        ]

    def _first_input(self, indicator: int) -> str:
        if indicator in self.clashes:
            return f"stand-{indicator}"
        return f"evidence-{indicator}" if len(self.typed[indicator].evidence) > TEXT_AT_MOST else f"answer-{indicator}"


def _answer(indicator: int, posted: Mapping[str, str]) -> tuple[Answer, bool]:
    """The answer that was posted, and whether its choice is one that the page offers."""
    choice = posted.get(f"answer-{indicator}", "")
    kind, level_id, is_choice = None, None, True
    if is_number(choice):
        kind, level_id = AnswerKind.LEVEL, int(choice)
    elif choice in {AnswerKind.IN_WORDS, AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE}:
        kind = AnswerKind(choice)
    else:
        is_choice = not choice
    answer = Answer(
        kind,
        level_id,
        reason=posted.get(f"reason-{indicator}", ""),
        evidence=posted.get(f"evidence-{indicator}", ""),
        where_on_file=posted.get(f"where-{indicator}", ""),
    )
    return tidied(answer), is_choice
