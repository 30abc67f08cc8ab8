"""Returns with their ratings and words, what was recorded about the child, chronologies, voices, versions,
practitioners' part, and what was late."""

from audit_app.returns.models.answers import AgencyReturn, AttributeAnswer, AttributeChoice, Rating
from audit_app.returns.models.chronology import ChronologyEvent
from audit_app.returns.models.late import ReturnExtension, ReturnReminder
from audit_app.returns.models.practice import Discussion, Feedback, PractitionerAnswer, ReturnPractitioner
from audit_app.returns.models.versions import ChoiceVersion, EventVersion, RatingVersion, ReturnComment, ReturnVersion
from audit_app.returns.models.voices import Voice
from audit_app.returns.models.workbooks import LoadedFile, ReturnFile, StandIn

__all__ = [
    "AgencyReturn",
    "AttributeAnswer",
    "AttributeChoice",
    "ChoiceVersion",
    "ChronologyEvent",
    "Discussion",
    "EventVersion",
    "Feedback",
    "LoadedFile",
    "PractitionerAnswer",
    "Rating",
    "RatingVersion",
    "ReturnComment",
    "ReturnExtension",
    "ReturnFile",
    "ReturnPractitioner",
    "ReturnReminder",
    "ReturnVersion",
    "StandIn",
    "Voice",
]
