"""The questions of a round's plan, a form for each of its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from wtforms.fields import Field
from wtforms.validators import NumberRange

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.core.forms import (
    ChoiceField,
    Choices,
    DayField,
    PageForm,
    SeveralField,
    TextField,
    VersionField,
    WholeNumberField,
    WordsField,
    answers_that_differ,
    as_choices,
    at_most,
    needed,
)
from audit_app.rounds.rules import (
    DATE_WORDS,
    DAYS_AT_MOST,
    PRACTITIONER_ACCESS_WORDS,
    PROMPT_WORDS,
    Plan,
    PlanChanges,
    PractitionerAccess,
    PromptKind,
    RoundState,
    Section,
    lines_of,
)

NOT_ASKED = {"csrf_token", "version"}


@dataclass(frozen=True)
class PlanChoices:
    """What there is to choose from: values and words. `template_hints` says more of each template, by its value."""

    bodies: Choices = ()
    areas: Choices = ()
    agencies: Choices = ()
    templates: Choices = ()
    template_hints: Mapping[str, str] = field(default_factory=dict)
    terms: Terms = DELIVERED


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


class PlanForm(PageForm):
    """One page of a plan. `version` is the version of the plan that the person saw."""

    version = VersionField()
    hints: Mapping[str, str] = {}

    def __init__(self, plan: Plan, _choices: PlanChoices, **more: Any) -> None:
        super().__init__(data={**vars(plan), **self.shown(plan)}, **more)

    @staticmethod
    def shown(_plan: Plan) -> dict[str, Any]:
        """What the page shows of a plan, where it is not simply the plan's own value."""
        return {}

    def changes(self) -> PlanChanges:
        """What was answered, as the deed takes it."""
        return cast(PlanChanges, {asked.name: asked.data for asked in self.questions()})

    def questions(self) -> Sequence[Field]:
        return [one for one in self if one.name not in NOT_ASKED]

    def differences(self, stored: "PlanForm") -> list[tuple[str, str, str]]:
        """Where what is typed differs from what is stored: the question, what is stored, what is typed."""
        return answers_that_differ(self.questions(), stored.questions())


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


def _days(label: str, name: str, description: str) -> WholeNumberField:
    """A number of days. What it may be is checked here, so that nothing that was typed is lost."""
    least, most = DAYS_AT_MOST[name]
    sentence = f"Enter a whole number from {least} to {most}."
    return WholeNumberField(
        label,
        [needed(sentence), NumberRange(least, most, sentence)],
        sentence=sentence,
        description=description,
        render_kw={"width": 2, "suffix": "days", "inputmode": "numeric"},
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


FORMS: dict[Section, type[PlanForm]] = {
    Section.NAME: NameForm,
    Section.WHY: WhyForm,
    Section.BODY: BodyForm,
    Section.TERMS: TermsForm,
    Section.ENQUIRY: EnquiryForm,
    Section.LOOK_BACK: LookBackForm,
    Section.AGENCIES: AgenciesForm,
    Section.TEMPLATE: TemplateForm,
    Section.DATES: DatesForm,
    Section.RETURNS: ReturnsForm,
}


class CheckForm(PageForm):
    """Opening a round with the plan that was checked."""

    version = VersionField()


class WithdrawForm(PageForm):
    reason = WordsField(
        "Why is this round withdrawn?",
        [needed("Say why the round is withdrawn."), at_most(2000, "The reason")],
        description="It stays on the round's page and in its history. No child's name.",
    )


def _id(value: str | None) -> int | None:
    return int(value) if value else None
