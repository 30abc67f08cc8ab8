"""What comes back from a domain. The page is dense, so it is read by hand."""

from collections.abc import Collection, Mapping

from audit_app.core.forms import (
    is_number,
)
from audit_app.returns.rules import (
    TEXT_AT_MOST,
    Answer,
    AnswerKind,
    Change,
    Question,
    Tag,
    read_seen,
    tidied,
    why_not_text,
)


class DomainForm:
    """What came back from a domain's page: the answers that were touched, and what stands in the way of each.

    The page carries for each indicator N: answer-N (a level's id, or a kind), reason-N, evidence-N, where-N, tag-N, and
    seen-N (see `rules.seen`). Where somebody else's answer came in between it also carries clash-N, and stand-N says
    which of the two stands: mine or theirs. A page that saves by itself sends the same of one indicator.
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

    def is_unsaved(self, indicator: int) -> bool:
        """Whether something was typed on an indicator and could not be saved."""
        return indicator in self.typed and (bool(self.refusal) or indicator in self.problems)

    def shown(self, question: Question) -> Answer:
        """The answer to show for a question: what is kept, or what was typed and could not be saved."""
        return self.typed[question.indicator_id] if self.is_unsaved(question.indicator_id) else question.answer

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
        tag=Tag(tag) if (tag := posted.get(f"tag-{indicator}", "")) in set(Tag) else None,
    )
    return tidied(answer), is_choice
