"""Returns with their ratings and words, what was recorded about the child, chronologies, and versions."""

from audit_app.returns.models.answers import AgencyReturn, AttributeAnswer, AttributeChoice, Rating
from audit_app.returns.models.chronology import ChronologyEvent
from audit_app.returns.models.versions import ChoiceVersion, RatingVersion, ReturnComment, ReturnVersion

__all__ = [
    "AgencyReturn",
    "AttributeAnswer",
    "AttributeChoice",
    "ChoiceVersion",
    "ChronologyEvent",
    "Rating",
    "RatingVersion",
    "ReturnComment",
    "ReturnVersion",
]
