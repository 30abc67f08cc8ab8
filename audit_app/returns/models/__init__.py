"""Returns with their ratings and words, what was recorded about the child, chronologies, and what was late."""

from audit_app.returns.models.answers import AgencyReturn, AttributeAnswer, AttributeChoice, Rating
from audit_app.returns.models.chronology import ChronologyEvent
from audit_app.returns.models.late import ReturnExtension, ReturnReminder

__all__ = [
    "AgencyReturn",
    "AttributeAnswer",
    "AttributeChoice",
    "ChronologyEvent",
    "Rating",
    "ReturnExtension",
    "ReturnReminder",
]
