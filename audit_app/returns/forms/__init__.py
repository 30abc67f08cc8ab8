"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.chasing import AssignForm, ExtendForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.pages import KnownForm, OverallForm, ReasonForm, SendForm

__all__ = [
    "AssignForm",
    "AttributesForm",
    "DomainForm",
    "ExtendForm",
    "KnownForm",
    "OverallForm",
    "ReasonForm",
    "SendForm",
]
