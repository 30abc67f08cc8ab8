"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.comments import CommentsForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.first_pages import KnownForm, RightFileForm
from audit_app.returns.forms.pages import OverallForm, ReasonForm, SendForm
from audit_app.returns.forms.submitting import SubmitForm

__all__ = [
    "AttributesForm",
    "CommentsForm",
    "DomainForm",
    "KnownForm",
    "OverallForm",
    "ReasonForm",
    "RightFileForm",
    "SendForm",
    "SubmitForm",
]
