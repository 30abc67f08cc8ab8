"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.comments import CommentsForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.pages import KnownForm, OverallForm, ReasonForm, SendForm, SubmitForm

__all__ = [
    "AttributesForm",
    "CommentsForm",
    "DomainForm",
    "KnownForm",
    "OverallForm",
    "ReasonForm",
    "SendForm",
    "SubmitForm",
]
