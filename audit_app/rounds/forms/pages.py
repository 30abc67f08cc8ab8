"""Which form asks each page of a plan."""

from collections.abc import Mapping

from audit_app.rounds.forms.plan_page import PlanForm
from audit_app.rounds.forms.subject import (
    AgenciesForm,
    BodyForm,
    EnquiryForm,
    LookBackForm,
    NameForm,
    TemplateForm,
    TermsForm,
    WhyForm,
)
from audit_app.rounds.forms.work import DatesForm, PanelsForm, ReturnsForm
from audit_app.rounds.rules import Section

FORMS: Mapping[Section, type[PlanForm]] = {
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
    Section.PANELS: PanelsForm,
}
