"""The questions about an action for one child, and about closing a round over those that are open."""

from collections.abc import Sequence
from typing import Any

from audit_app.core.forms import (
    DayField,
    DayNeeded,
    PageForm,
    SelectField,
    VersionField,
    WholeNumberField,
    WordsField,
    as_choices,
    at_most,
    needed,
)
from audit_app.panels.forms.names import MayNameForm
from audit_app.panels.rules import DAYS_AT_MOST

_DAYS = f"Enter a number of working days from 1 to {DAYS_AT_MOST}."


class RaiseCaseActionForm(MayNameForm):
    """What is to be done for a child, by whom and by when."""

    words = WordsField(
        "What is to be done for this child?",
        [needed("Say what is to be done."), at_most(2000, "What is to be done")],
        description="For example, “Call the core group together, with the school nurse”. Write no names.",
    )
    agency = SelectField(
        "Which agency does it?",
        [],
        [needed("Choose which agency does it.")],
        description="The agencies that were asked about this case. All of them can read it.",
    )
    working_days = WholeNumberField(
        "Within how many working days?",
        [needed(_DAYS)],
        sentence=_DAYS,
        description="Monday to Friday, without bank holidays. 1 is the next working day.",
    )

    def __init__(self, agencies: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(**more)
        self.agency.choices = as_choices([("", "Choose an agency"), *((str(one), name) for one, name in agencies)])


class FinishCaseActionForm(MayNameForm):
    """What an agency did for a child."""

    outcome = WordsField(
        "What was done, and what came of it?",
        [needed("Say what was done, and what came of it."), at_most(4000, "The outcome")],
        description="What is different for the child now. Write no names.",
    )
    done_on = DayField(
        "When was it done?", [DayNeeded("Enter the day on which it was done.")], what="The day on which it was done"
    )


class SendCaseActionBackForm(MayNameForm):
    reason = WordsField(
        "What is still to be done?",
        [needed("Say what is still to be done."), at_most(2000, "The reason")],
        description="The agency reads it above the action. Write no names.",
    )


class MoveCaseActionForm(MayNameForm):
    """Another day by which something is to be done for a child."""

    due_on = DayField("When is it due now?", [DayNeeded("Enter the day on which it is due.")], what="The day due")
    reason = WordsField(
        "Why is the day moved?",
        [needed("Say why the day is moved. The earlier day is kept."), at_most(1000, "The reason")],
        description="The earlier day and this reason stay on the action's page. Write no names.",
    )
    version = VersionField()


class WithdrawCaseActionForm(MayNameForm):
    reason = WordsField(
        "Why is this action withdrawn?",
        [needed("Say why the action is withdrawn."), at_most(2000, "The reason")],
        description="It stays on the action's page. Write no names.",
    )


class CloseRoundForm(PageForm):
    """Closing a round. The deed says whether a reason is needed."""

    reason = WordsField(
        "Why is the round closed all the same, and who sees to what is open?",
        [at_most(2000, "The reason")],
        description="It stands with your name on each action that is open. Name nobody: nothing looks for names here.",
    )
