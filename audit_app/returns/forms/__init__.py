"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.pages import KnownForm, OverallForm, ReasonForm, SendForm
from audit_app.returns.forms.practice import DiscussionForm, FeedbackForm, NameForm, RepliesForm

__all__ = [
    "AttributesForm",
    "DiscussionForm",
    "DomainForm",
    "FeedbackForm",
    "KnownForm",
    "NameForm",
    "OverallForm",
    "ReasonForm",
    "RepliesForm",
    "SendForm",
]
