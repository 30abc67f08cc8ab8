"""The forms of returns."""

from audit_app.returns.forms.attributes import AttributesForm
from audit_app.returns.forms.chronology import EventForm, PasteForm
from audit_app.returns.forms.domains import DomainForm
from audit_app.returns.forms.pages import KnownForm, OverallForm, ReasonForm, SendForm
from audit_app.returns.forms.voices import NOT_YET, FeedBackForm, VoiceForm

__all__ = [
    "NOT_YET",
    "AttributesForm",
    "DomainForm",
    "EventForm",
    "FeedBackForm",
    "KnownForm",
    "OverallForm",
    "PasteForm",
    "ReasonForm",
    "SendForm",
    "VoiceForm",
]
