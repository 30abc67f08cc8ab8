"""Returns with their ratings and words, what was recorded about the child, chronologies, and practitioners' part."""

from audit_app.returns.models.answers import AgencyReturn, AttributeAnswer, AttributeChoice, Rating
from audit_app.returns.models.chronology import ChronologyEvent
from audit_app.returns.models.practice import Discussion, Feedback, PractitionerAnswer, ReturnPractitioner

__all__ = [
    "AgencyReturn",
    "AttributeAnswer",
    "AttributeChoice",
    "ChronologyEvent",
    "Discussion",
    "Feedback",
    "PractitionerAnswer",
    "Rating",
    "ReturnPractitioner",
]
