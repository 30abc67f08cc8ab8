"""Returns with their ratings and words, what was recorded about the child, and chronologies."""

from audit_app.returns.models.answers import AgencyReturn, AttributeAnswer, AttributeChoice, Rating
from audit_app.returns.models.chronology import ChronologyEvent
from audit_app.returns.models.workbooks import ReturnFile, StandIn

__all__ = ["AgencyReturn", "AttributeAnswer", "AttributeChoice", "ChronologyEvent", "Rating", "ReturnFile", "StandIn"]
