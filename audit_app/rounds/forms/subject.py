"""The pages of a plan that say what is audited, for whom and with which questions."""

from typing import Any

from audit_app.accounts.rules import Role
from audit_app.core.forms import (
    ChoiceField,
    PageForm,
    SeveralField,
    TextField,
    WholeNumberField,
    WordsField,
    as_choices,
    at_most,
    needed,
)
from audit_app.rounds.forms.plan_page import PlanChoices, PlanForm
from audit_app.rounds.rules import PROMPT_WORDS, Plan, PlanChanges, PromptKind, lines_of


class ReferenceField(TextField):
    """A reference, in capitals however it is typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.upper() for value in valuelist])


class NameQuestions:
    """Asked when a round begins, and again as the first page of its plan."""

    title = TextField(
        "What is this audit called?",
        [needed("Enter a title."), at_most(200, "The title")],
        description="Everyone sees it, on every page. For example, “Neglect of children under five, autumn 2026”.",
    )
    reference = ReferenceField(
        "Reference",
        [needed("Enter a reference.")],
        description="Short: it begins the reference of every case. Cases of N26 are N26-01, N26-02 and so on.",
        render_kw={"width": 5},
    )


class StartForm(NameQuestions, PageForm):
    """Beginning a round."""


class NameForm(NameQuestions, PlanForm):
    """Title and reference, as part of the plan."""


class WhyForm(PlanForm):
    prompt_kind = ChoiceField("What prompted it?", [(kind.value, words) for kind, words in PROMPT_WORDS.items()])
    prompt_detail = WordsField(
        "Which one, and what does it say?",
        [at_most(2000, "This")],
        description="Name the review, measure, inspection, audit or paragraph, and what it found. No child's name.",
    )

    def changes(self) -> PlanChanges:
        kind = self.prompt_kind.data
        return {"prompt_kind": PromptKind(kind) if kind else None, "prompt_detail": self.prompt_detail.data or ""}


class BodyForm(PlanForm):
    body_id = ChoiceField("Which body commissions this audit?", [])
    area_id = ChoiceField("Which area does it cover?", [])

    def __init__(self, plan: Plan, choices: PlanChoices, **more: Any) -> None:
        super().__init__(plan, choices, **more)
        self.body_id.choices = as_choices(choices.bodies)
        self.area_id.choices = as_choices([("", "The whole partnership"), *choices.areas])
        if not choices.areas:
            del self.area_id

    @staticmethod
    def shown(plan: Plan) -> dict[str, Any]:
        return {"body_id": str(plan.body_id or ""), "area_id": str(plan.area_id or "")}

    def changes(self) -> PlanChanges:
        changes: PlanChanges = {"body_id": _id(self.body_id.data)}
        if "area_id" in self:
            changes["area_id"] = _id(self.area_id.data)
        return changes


class TermsForm(PlanForm):
    theme = TextField(
        "Theme",
        [at_most(300, "The theme")],
        description="In a line, such as “Neglect of children under five who are on a plan”.",
    )
    terms_of_reference = WordsField(
        "Terms of reference",
        [at_most(10_000, "The terms of reference")],
        description="What the audit covers and what it leaves out, how it is done, and who gets the result.",
        render_kw={"rows": 10},
    )


class EnquiryForm(PlanForm):
    key_lines = WordsField(
        "What does this audit want to find out?",
        [at_most(10_000, "This")],
        description="Write each key line of enquiry on a line of its own. Three to five are usual.",
        render_kw={"rows": 8},
    )

    @staticmethod
    def shown(plan: Plan) -> dict[str, Any]:
        return {"key_lines": "\n".join(plan.key_lines)}

    def changes(self) -> PlanChanges:
        return {"key_lines": lines_of(self.key_lines.data or "")}


class LookBackForm(PlanForm):
    look_back_months = WholeNumberField(
        "",
        sentence="Enter the number of months as a whole number, such as 12.",
        description="Counted back from the day the agencies get the cases. Twelve is usual.",
        render_kw={"width": 2, "suffix": "months", "inputmode": "numeric"},
    )

    def __init__(self, plan: Plan, choices: PlanChoices, **more: Any) -> None:
        super().__init__(plan, choices, **more)
        self.look_back_months.label.text = (
            f"How many months of each file do {choices.terms.several(Role.AUDITOR)} read?"
        )


class AgenciesForm(PlanForm):
    agency_ids = SeveralField(
        "Which agencies take part?", [], description="Each one audits its own file on every child known to it."
    )
    is_showing_returns_when_agreed = ChoiceField(
        "",
        [("yes", "Yes, so that they can learn from each other"), ("no", "No, only their own")],
        description="Before that, no agency sees what another has rated.",
    )

    def __init__(self, plan: Plan, choices: PlanChoices, **more: Any) -> None:
        super().__init__(plan, choices, **more)
        self.agency_ids.choices = as_choices(choices.agencies)
        auditors = choices.terms.several(Role.AUDITOR)
        self.is_showing_returns_when_agreed.label.text = (
            f"When the panel has agreed a case, may its {auditors} read the other agencies' returns?"
        )

    @staticmethod
    def shown(plan: Plan) -> dict[str, Any]:
        return {
            "agency_ids": [str(agency_id) for agency_id, _ in plan.agencies],
            "is_showing_returns_when_agreed": "yes" if plan.is_showing_returns_when_agreed else "no",
        }

    def changes(self) -> PlanChanges:
        return {
            "agency_ids": {int(one) for one in self.agency_ids.data or ()},
            "is_showing_returns_when_agreed": self.is_showing_returns_when_agreed.data == "yes",
        }


class TemplateForm(PlanForm):
    template_version_id = ChoiceField(
        "Which questions do the agencies answer?",
        [],
        description="The round keeps its own copy from the day it is opened: later versions never change it.",
    )

    def __init__(self, plan: Plan, choices: PlanChoices, **more: Any) -> None:
        super().__init__(plan, choices, **more)
        chosen = str(plan.template_version_id or "")
        older = [] if chosen in {"", *dict(choices.templates)} else [(chosen, f"{plan.template}, as chosen before")]
        self.template_version_id.choices = as_choices([*choices.templates, *older])
        self.hints = choices.template_hints

    @staticmethod
    def shown(plan: Plan) -> dict[str, Any]:
        return {"template_version_id": str(plan.template_version_id or "")}

    def changes(self) -> PlanChanges:
        return {"template_version_id": _id(self.template_version_id.data)}


def _id(value: str | None) -> int | None:
    return int(value) if value else None
