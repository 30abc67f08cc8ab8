"""The forms of moderation."""

from collections.abc import Sequence
from typing import Any

from audit_app.core.forms import (
    ChoiceField,
    Choices,
    PageForm,
    SelectField,
    VersionField,
    WordsField,
    as_choices,
    at_most,
    is_number,
    needed,
)
from audit_app.indicators.rules import level_alone
from audit_app.panels.forms.names import MayNameForm
from audit_app.panels.rules import AgreedHow, Decision, Item
from audit_app.returns.rules import ANSWER_KIND_WORDS, TEXT_AT_MOST, AnswerKind
from audit_app.rounds.rules import FrozenLevel


class ReaderForm(PageForm):
    """Who reads all cases side by side with the chair."""

    person = SelectField("Who reads the cases with the chair?", [], [needed("Choose a person.")])

    def __init__(self, people: Choices, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person.choices = as_choices([("", "Choose a person"), *people])


def answers_to(item: Item, levels: Sequence[FrozenLevel]) -> Choices:
    """What can be agreed on an item: the levels in the order in which people read them, or words, then neither."""
    graded = [(str(one.id), level_alone(one.letter, one.words)) for one in levels]
    chosen = [(str(AnswerKind.IN_WORDS), "In words, below")] if item.indicator.is_narrative else graded
    neither = (AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE)
    return [*chosen, *((str(kind), ANSWER_KIND_WORDS[kind]) for kind in neither)]


def answer_of(choice: str | None) -> tuple[AnswerKind | None, int | None]:
    """The answer behind a choice of `answers_to`, and its level's id where it is a level."""
    if choice and is_number(choice):
        return AnswerKind.LEVEL, int(choice)
    kinds = {AnswerKind.IN_WORDS, AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE}
    return (AnswerKind(choice), None) if choice in kinds else (None, None)


class ChangeForm(MayNameForm):
    """What should be agreed on an item instead, and why."""

    answer = ChoiceField("What should be agreed?", [], [needed("Choose what should be agreed.")])
    reason = WordsField(
        "The reason for this rating",
        [needed("Give the reason for this rating."), at_most(TEXT_AT_MOST, "The reason")],
        description="It stands beside the rating, in the place of the panel's. Write no names.",
    )
    because = WordsField(
        "Why is it changed?",
        [needed("Say why the agreed rating is changed."), at_most(TEXT_AT_MOST, "Why it is changed")],
        description="Such as: two cases with the same facts were rated differently. The earlier rating is kept.",
    )
    version = VersionField()

    def __init__(self, item: Item, levels: Sequence[FrozenLevel], **kwargs: Any) -> None:
        super().__init__(version=item.version, **kwargs)
        self.answer.choices = as_choices(answers_to(item, levels))

    def decision(self, item_id: int) -> Decision:
        """What is proposed, as the deed takes it."""
        kind, level_id = answer_of(self.answer.data)
        return Decision(
            item_id=item_id,
            version=self.version.data or 0,
            answer=kind,
            level_id=level_id,
            reason=self.reason.data or "",
            changed_because=self.because.data or "",
            how=AgreedHow.MODERATED,
        )


class DecideChangeForm(MayNameForm):
    """What somebody says to a change that the other proposed."""

    words = WordsField(
        "Your words",
        [at_most(TEXT_AT_MOST, "Your words")],
        description="Needed if you do not confirm it. Write no names.",
    )


class DoneForm(PageForm):
    """A note that somebody has read all cases side by side."""

    note = WordsField(
        "What did you look at, and what did you find?",
        [needed("Say what you looked at, and what you found."), at_most(TEXT_AT_MOST, "The note")],
        description="Whoever runs or checks the round reads it. Name nobody: nothing looks for names here.",
    )
