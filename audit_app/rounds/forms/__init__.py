"""The questions of a round's plan, a form for each of its pages, and the steps of a round."""

from audit_app.rounds.forms.pages import FORMS
from audit_app.rounds.forms.plan_page import PlanChoices, PlanForm
from audit_app.rounds.forms.steps import CheckForm, WithdrawForm
from audit_app.rounds.forms.subject import StartForm

__all__ = ["FORMS", "CheckForm", "PlanChoices", "PlanForm", "StartForm", "WithdrawForm"]
