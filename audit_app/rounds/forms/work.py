"""The pages of a plan that say how the round is worked: its days, reminders and feedback, and its panels."""

from typing import Any

from wtforms.validators import NumberRange

from audit_app.accounts.rules import Role
from audit_app.core.forms import ChoiceField, DayField, WholeNumberField, needed
from audit_app.rounds.forms.plan_page import PlanChoices, PlanForm
from audit_app.rounds.rules import (
    AGREEMENT_RULE_WORDS,
    DATE_WORDS,
    DAYS_AT_MOST,
    PRACTITIONER_ACCESS_WORDS,
    AgreementRule,
    Plan,
    PlanChanges,
    PractitionerAccess,
    RoundState,
)


class DatesForm(PlanForm):
    returns_due_on = DayField(
        "When are returns due?",
        what=DATE_WORDS["returns_due_on"],
        description="Agencies need about four weeks. Cases that were sent already keep the day they were sent with.",
    )
    panel_on = DayField(
        "When is the panel?", what=DATE_WORDS["panel_on"], description="If it meets more than once, the first day."
    )
    report_due_on = DayField("When is the report due?", what=DATE_WORDS["report_due_on"])


def _days(label: str, name: str, description: str, *, suffix: str = "days") -> WholeNumberField:
    """A number of days. What it may be is checked here, so that nothing that was typed is lost."""
    least, most = DAYS_AT_MOST[name]
    sentence = f"Enter a whole number from {least} to {most}."
    return WholeNumberField(
        label,
        [needed(sentence), NumberRange(least, most, sentence)],
        sentence=sentence,
        description=description,
        render_kw={"width": 2, "suffix": suffix, "inputmode": "numeric"},
    )


class ReturnsForm(PlanForm):
    """Whom late returns are told to, and what practitioners see. Once the round is opened only reminders change."""

    remind_auditors_days = _days("", "remind_auditors_days", "Nought is the day itself.")
    remind_leads_days = _days("", "remind_leads_days", "Only of returns that are late.")
    remind_partners_days = _days(
        "How many days after that day are delegated partners told?",
        "remind_partners_days",
        "Of returns that are later still. Where an agency has no delegated partner, you are told instead.",
    )
    practitioners = ChoiceField(
        "",
        [(access.value, words) for access, words in PRACTITIONER_ACCESS_WORDS.items()],
        [needed("Choose what they see.")],
        description="They sign in and see that one return. Once the round is opened this is a promise to them.",
    )
    feedback_days = _days(
        "",
        "feedback_days",
        "Every day counts, not only working days. It is due a second time as many days after publication.",
    )

    def __init__(self, plan: Plan, choices: PlanChoices, **more: Any) -> None:
        super().__init__(plan, choices, **more)
        auditors, leads = choices.terms.several(Role.AUDITOR), choices.terms.several(Role.AGENCY_LEAD)
        self.remind_auditors_days.label.text = f"How many days before returns are due are {auditors} reminded?"
        self.remind_leads_days.label.text = f"How many days after that day are {leads} told?"
        practitioners = choices.terms.several(Role.PRACTITIONER)
        self.practitioners.label.text = (
            f"What do {practitioners} and their managers see of the return about their own work?"
        )
        self.feedback_days.label.text = f"How many days after the panel is feedback to {practitioners} due?"
        if plan.state is not RoundState.DRAFT and not self.practitioners.raw_data:
            del self.practitioners, self.feedback_days  # what was sent all the same is refused, and not dropped

    @staticmethod
    def shown(plan: Plan) -> dict[str, Any]:
        return {"practitioners": plan.practitioners.value}

    def changes(self) -> PlanChanges:
        changes = super().changes()
        if "practitioners" in self:
            changes["practitioners"] = PractitionerAccess(self.practitioners.data)
        return changes


class PanelsForm(PlanForm):
    """How panels agree, and what their members read before they do. It changes until the first case is released."""

    agreement_rule = ChoiceField(
        "How many must say the same for a panel to call it agreed?",
        [(rule.value, words) for rule, words in AGREEMENT_RULE_WORDS.items()],
        [needed("Choose how many must say the same.")],
        description="The panel sees whether it is met. The chair can record what was agreed all the same.",
    )
    is_showing_levels_in_pack = ChoiceField(
        "Do members see what the agencies rated before they give their own rating?",
        [("no", "No, only what the agencies wrote"), ("yes", "Yes, the agencies' ratings too")],
        [needed("Choose what members see.")],
        description="Ratings that are seen first pull the others towards them.",
    )
    is_pack_printed = ChoiceField(
        "May members take the pack of a case away as a PDF?",
        [("no", "No, they read it on the screen"), ("yes", "Yes, marked with their name and the time")],
        [needed("Choose whether members may take the pack away.")],
        description="A file that has left the service cannot be called back. Each one that is taken is recorded.",
    )
    is_moderated = ChoiceField(
        "Are all cases read side by side after the last panel?",
        [("yes", "Yes, by the chair and one other"), ("no", "No")],
        [needed("Choose whether all cases are read side by side.")],
        description="So that what was rated alike is alike. A change needs a reason and both of them.",
    )
    accuracy_days = _days(
        "How many working days do agencies have to correct facts?",
        "accuracy_days",
        "After the last panel, before the findings are written. Nought leaves this out.",
        suffix="working days",
    )

    @staticmethod
    def shown(plan: Plan) -> dict[str, Any]:
        return {
            "agreement_rule": plan.agreement_rule.value,
            "is_showing_levels_in_pack": "yes" if plan.is_showing_levels_in_pack else "no",
            "is_pack_printed": "yes" if plan.is_pack_printed else "no",
            "is_moderated": "yes" if plan.is_moderated else "no",
        }

    def changes(self) -> PlanChanges:
        return {
            "agreement_rule": AgreementRule(self.agreement_rule.data),
            "is_showing_levels_in_pack": self.is_showing_levels_in_pack.data == "yes",
            "is_pack_printed": self.is_pack_printed.data == "yes",
            "is_moderated": self.is_moderated.data == "yes",
            "accuracy_days": self.accuracy_days.data,
        }
