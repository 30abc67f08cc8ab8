"""The small forms of a return, a question or a few each."""

from typing import Any

from audit_app.core.forms import (
    DayField,
    DayNeeded,
    OptionalAnswer,
    PageForm,
    VersionField,
    WordsField,
    at_most,
)
from audit_app.returns.rules import (
    TEXT_AT_MOST,
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
