"""The forms about returns that are owed: who is asked for them, and until when."""

from typing import Any

from audit_app.accounts.rules import Role, Terms
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    PageForm,
    WordsField,
    YesField,
    as_choices,
    at_most,
)
from audit_app.returns.rules import TEXT_AT_MOST


class ExtendForm(PageForm):
    """A later day, and why."""

    due_on = DayField(
        "When are they due now?", [DayNeeded("Enter the day by which they are due.")], what="The day they are due"
    )
    reason = WordsField(
        "Why is there more time?",
        [at_most(TEXT_AT_MOST, "The reason")],
        description="The agency reads this beside the new day. Write no names of children.",
    )
    is_sure = YesField("It is meant so: the panel goes on without these returns, or will be moved")


class AssignForm(PageForm):
    """Who of an agency's people is asked, or again nobody in particular. `auditors` are (id, name)."""

    auditor_id = ChoiceField("Who is asked?", [])

    def __init__(self, auditors: Choices, terms: Terms, **more: Any) -> None:
        super().__init__(**more)
        nobody = ("", f"Nobody in particular: any {terms.said(Role.AUDITOR)} of the agency")
        self.auditor_id.choices = as_choices([*auditors, nobody])
