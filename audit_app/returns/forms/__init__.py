"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.pages import KnownForm, OverallForm, ReasonForm, SendForm
from audit_app.returns.forms.workbooks import LoadReturnForm, TakeForm

__all__ = [
    "AttributesForm",
    "DomainForm",
    "KnownForm",
    "LoadReturnForm",
    "OverallForm",
    "ReasonForm",
    "SendForm",
    "TakeForm",
]
