"""Deeds on returns: asking for them, answering them, checking them."""

from audit_app.returns.services.answering import save_ratings, save_words, say_known, submit_return
from audit_app.returns.services.attributes import save_attributes
from audit_app.returns.services.checking import accept_return, close_return, send_back
from audit_app.returns.services.feedback import feedback_falls_due, record_feedback
from audit_app.returns.services.practice import end_naming, name_practitioner, save_discussion, save_replies
from audit_app.returns.services.sending import send_to_agencies

__all__ = [
    "accept_return",
    "close_return",
    "end_naming",
    "feedback_falls_due",
    "name_practitioner",
    "record_feedback",
    "save_attributes",
    "save_discussion",
    "save_ratings",
    "save_replies",
    "save_words",
    "say_known",
    "send_back",
    "send_to_agencies",
    "submit_return",
]
