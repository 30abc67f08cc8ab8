"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.chasing import AssignForm, ExtendForm
from audit_app.returns.forms.chronology import EventForm, PasteForm
from audit_app.returns.forms.comments import CommentsForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.first_pages import KnownForm, RightFileForm
from audit_app.returns.forms.pages import OverallForm, ReasonForm, SendForm
from audit_app.returns.forms.practice import DiscussionForm, FeedbackForm, NameForm, RepliesForm
from audit_app.returns.forms.submitting import SubmitForAgencyForm, SubmitForm
from audit_app.returns.forms.voices import NOT_YET, FedBackForm, VoiceForm
from audit_app.returns.forms.workbooks import LoadReturnForm, TakeForm

__all__ = [
    "NOT_YET",
    "AssignForm",
    "AttributesForm",
    "CommentsForm",
    "DiscussionForm",
    "DomainForm",
    "EventForm",
    "ExtendForm",
    "FedBackForm",
    "FeedbackForm",
    "KnownForm",
    "LoadReturnForm",
    "NameForm",
    "OverallForm",
    "PasteForm",
    "ReasonForm",
    "RepliesForm",
    "RightFileForm",
    "SendForm",
    "SubmitForAgencyForm",
    "SubmitForm",
    "TakeForm",
    "VoiceForm",
]
