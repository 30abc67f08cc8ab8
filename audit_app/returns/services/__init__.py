"""Deeds on returns: asking for them, answering them, checking them."""

from audit_app.returns.services.answering import save_ratings, save_words, say_known, submit_return
from audit_app.returns.services.attributes import save_attributes
from audit_app.returns.services.checking import accept_return, close_return, send_back
from audit_app.returns.services.sending import send_to_agencies
from audit_app.returns.services.workbooks import (
    FILE_KEPT_FOR,
    GONE,
    MOVED,
    destroy_expired_return_files,
    form_printed,
    keep_return_file,
    return_printed,
    set_return_file_aside,
    submit_for_agency,
    take_return_file,
    workbook_taken,
)

__all__ = [
    "FILE_KEPT_FOR",
    "GONE",
    "MOVED",
    "accept_return",
    "close_return",
    "destroy_expired_return_files",
    "form_printed",
    "keep_return_file",
    "return_printed",
    "save_attributes",
    "save_ratings",
    "save_words",
    "say_known",
    "send_back",
    "send_to_agencies",
    "set_return_file_aside",
    "submit_for_agency",
    "submit_return",
    "take_return_file",
    "workbook_taken",
]
