"""Deeds on returns: asking for them, answering them, checking them."""

from audit_app.returns.services.answering import save_rating, save_ratings, save_words, say_known, submit_return
from audit_app.returns.services.attributes import save_attributes
from audit_app.returns.services.chasing import Reminded, assign_returns, extend_returns, remind
from audit_app.returns.services.checking import accept_return, ask_again, close_return, send_back
from audit_app.returns.services.chronology import Taken, add_event, add_events, change_event, remove_event
from audit_app.returns.services.feedback import feedback_falls_due, record_feedback
from audit_app.returns.services.ladder import Chase, climb, climb_every_ladder, climb_everywhere, climb_ladder
from audit_app.returns.services.practice import end_naming, name_practitioner, save_discussion, save_replies
from audit_app.returns.services.right_file import confirm_file
from audit_app.returns.services.sending import send_to_agencies
from audit_app.returns.services.time_spent import save_minutes
from audit_app.returns.services.voices import add_voice, change_voice, feed_back, withdraw_voice
from audit_app.returns.services.workbooks import (
    FILE_KEPT_FOR,
    GONE,
    MOVED,
    destroy_expired_return_files,
    keep_return_file,
    note_printed,
    return_on_paper,
    set_return_file_aside,
    submit_for_agency,
    take_return_file,
    workbook_taken,
)

__all__ = [
    "FILE_KEPT_FOR",
    "GONE",
    "MOVED",
    "Chase",
    "Reminded",
    "Taken",
    "accept_return",
    "add_event",
    "add_events",
    "add_voice",
    "ask_again",
    "assign_returns",
    "change_event",
    "change_voice",
    "climb",
    "climb_every_ladder",
    "climb_everywhere",
    "climb_ladder",
    "close_return",
    "confirm_file",
    "destroy_expired_return_files",
    "end_naming",
    "extend_returns",
    "feed_back",
    "feedback_falls_due",
    "keep_return_file",
    "name_practitioner",
    "note_printed",
    "record_feedback",
    "remind",
    "remove_event",
    "return_on_paper",
    "save_attributes",
    "save_discussion",
    "save_minutes",
    "save_rating",
    "save_ratings",
    "save_replies",
    "save_words",
    "say_known",
    "send_back",
    "send_to_agencies",
    "set_return_file_aside",
    "submit_for_agency",
    "submit_return",
    "take_return_file",
    "withdraw_voice",
    "workbook_taken",
]
