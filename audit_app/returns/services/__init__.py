"""Deeds on returns: asking for them, answering them, checking them."""

from audit_app.returns.services.answering import save_ratings, save_words, say_known, submit_return
from audit_app.returns.services.attributes import save_attributes
from audit_app.returns.services.chasing import Reminded, assign_returns, extend_returns, remind
from audit_app.returns.services.checking import accept_return, close_return, send_back
from audit_app.returns.services.ladder import climb_every_ladder, climb_ladder
from audit_app.returns.services.sending import send_to_agencies

__all__ = [
    "Reminded",
    "accept_return",
    "assign_returns",
    "climb_every_ladder",
    "climb_ladder",
    "close_return",
    "extend_returns",
    "remind",
    "save_attributes",
    "save_ratings",
    "save_words",
    "say_known",
    "send_back",
    "send_to_agencies",
    "submit_return",
]
