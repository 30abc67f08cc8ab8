"""The small forms of a return, a question or a few each."""

from typing import Any

from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    OptionalAnswer,
    PageForm,
    VersionField,
    WordsField,
    as_choices,
    at_most,
    is_number,
)
from audit_app.returns.rules import (
    JUDGEMENT_ASKED,
    LEVEL_ASKED,
    OVERALL_WORDS,
    REASON_ASKED,
    TEXT_AT_MOST,
    Overall,
    tidied_overall,
)


class SendForm(PageForm):
    """When the returns are due that agencies are asked for."""

    due_on = DayField(
        "When are these returns due?",
        [DayNeeded("Enter the day by which returns are due.")],
        what="The day by which returns are due",
        description="The day in the round's plan is filled in.",
    )


class OverallForm(PageForm):
    """What the agency says over the whole return. `version` is of the words that the page showed."""

    overall_level = ChoiceField(
        LEVEL_ASKED,
        [],
        [OptionalAnswer()],
        description="Your judgement over everything. It is not worked out from your ratings.",
    )
    overall_reason = WordsField(
        REASON_ASKED,
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "The reason")],
    )
    worked_well = WordsField(
        "What worked well for this child? (optional)",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "What worked well")],
    )
    to_improve = WordsField(
        "What could have been better? (optional)",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "What could have been better")],
        description="In your own agency's work, or between agencies.",
    )
    learning = WordsField(
        "What has your own agency learned? (optional)",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "What your agency learned")],
        description="What people in your agency should know or do differently next time.",
    )
    proposed_actions = WordsField(
        "What will your agency do about it? (optional)",
        [OptionalAnswer(), at_most(TEXT_AT_MOST, "What your agency will do")],
        description="What your agency proposes to do itself: what, which role does it, and by when.",
    )
    version = VersionField()

    def __init__(self, levels: Choices, overall: Overall, version: int) -> None:
        said = {name: getattr(overall, name) for name in OVERALL_WORDS}
        level_id = said.pop("overall_level_id")
        super().__init__(overall_level=None if level_id is None else str(level_id), version=version, **said)
        self.overall_level.choices = as_choices(levels)
        if not levels:
            del self.overall_level
            self.overall_reason.label.text = JUDGEMENT_ASKED

    @property
    def typed(self) -> Overall:
        """What was chosen and typed."""
        level = str(self.overall_level.data or "") if "overall_level" in self else ""
        texts = {name: self[name].data or "" for name in OVERALL_WORDS if name != "overall_level_id"}
        return tidied_overall(Overall(int(level) if is_number(level) else None, **texts))


class ReasonForm(PageForm):
    """Why a return is sent back, or closed."""

    reason = WordsField("", [at_most(TEXT_AT_MOST, "The reason")])

    def __init__(self, question: str, hint: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.label.text = question
        self.reason.description = hint
