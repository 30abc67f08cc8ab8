"""The questions about actions: writing one, changing it, posting progress, deciding on what was done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from audit_app.actions.rules import BRAG_WORDS
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    DayNeeded,
    PageForm,
    SelectField,
    TextField,
    VersionField,
    WordsField,
    YesField,
    as_choices,
    at_most,
    needed,
)
from audit_app.core.web import day

BRAG_CHOICES = [(brag.value, words) for brag, words in BRAG_WORDS.items()]


def owner_value(agency_id: int, lead_id: int) -> str:
    """An agency and who leads the action there, as one answer."""
    return f"{agency_id}-{lead_id}"


class ActionForm(PageForm):
    """What an action says. Its owner is one question: the lead names the agency."""

    title = TextField(
        "What will be done?",
        [needed("Say what will be done."), at_most(300, "The action")],
        description="Begin with who or what changes. For example, “Every strategy meeting hears from the school”.",
    )
    owner = SelectField(
        "Who leads it?",
        [],
        [needed("Choose who leads it.")],
        description="By agency. The action belongs to the agency of its lead.",
    )
    due_on = DayField(
        "When is it due?",
        [DayNeeded("Enter the day it is due.")],
        what="The day it is due",
        description="For example, 30 9 2027.",
    )
    outcome_measure = WordsField(
        "How will you know that it worked?",
        [needed("Say how you will know that it worked."), at_most(2000, "The outcome measure")],
        description="What will be different for children, and what you will count or look at to see it.",
    )

    def __init__(self, leads: Choices, **more: Any) -> None:
        super().__init__(**more)
        self.owner.choices = as_choices([("", "Choose a lead"), *leads])

    @property
    def owned_by(self) -> tuple[int, int]:
        """The agency and the lead that were chosen, as ids."""
        agency_id, lead_id = str(self.owner.data).split("-")
        return int(agency_id), int(lead_id)

    @property
    def due_day(self) -> date:
        """The day that was entered, once the form is valid."""
        assert self.due_on.data is not None, "asked of a form that is not valid"
        return self.due_on.data


class ProposeForm(ActionForm):
    brag = ChoiceField("How is it going so far?", BRAG_CHOICES, [needed("Choose how it is going.")], default="green")


class ChangeForm(ActionForm):
    due_reason = WordsField(
        "If you move the date, why?",
        [at_most(1000, "The reason")],
        description="The earlier date and this reason stay on the action's page.",
    )
    version = VersionField()

    def differences(self, stored: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Where what is typed differs from what is stored: the question, what is stored, what is typed."""
        chosen = {choice.value: choice.label for choice in self.owner.iter_choices()}
        typed = {
            "title": self.title.data or "",
            "owner": chosen.get(self.owner.data, ""),
            "due_on": day(self.due_on.data),
            "outcome_measure": self.outcome_measure.data or "",
        }
        return [(self[name].label.text, stored[name], mine) for name, mine in typed.items() if mine != stored[name]]


class ProgressForm(PageForm):
    words = WordsField(
        "What has been done since the last update?",
        [needed("Say what has been done."), at_most(4000, "The update")],
        description="In a few sentences. No child's or parent's name.",
    )
    impact = WordsField(
        "What difference has it made?",
        [at_most(4000, "The evidence")],
        description="Evidence of impact: what you counted, sampled or were told. Empty if it is too early to say.",
    )
    brag = ChoiceField("How is it going?", BRAG_CHOICES, [needed("Choose how it is going.")])
    is_done = YesField("This action is done: ask the board to sign it off")


class DecisionForm(PageForm):
    """The board's look at an action that its agency says is done."""

    decision = ChoiceField(
        "What has the board decided?",
        [("sign_off", "Sign it off"), ("send_back", "Send it back to the agency")],
        [needed("Choose whether to sign it off or send it back.")],
    )
    evaluation = WordsField(
        "What did the board make of it?",
        [at_most(2000, "The evaluation")],
        description="Did it do what it was meant to do, and how do you know?",
    )
    reason = WordsField("What is still to be done?", [at_most(2000, "The reason")])


class WithdrawForm(PageForm):
    reason = WordsField(
        "Why is this action withdrawn?",
        [needed("Say why the action is withdrawn."), at_most(2000, "The reason")],
        description="It stays on the action's page and in its history.",
    )
