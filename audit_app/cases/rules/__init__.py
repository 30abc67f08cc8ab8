"""The rules about cases: their states, the identity sheet, immediate concerns, and who sees what."""

from audit_app.cases.rules.concerns import (
    MAIL_SUBJECT,
    TAKES_PART_FOR_AN_AGENCY,
    TAKES_PART_IN_EVERY_ROUND,
    mail_body,
    told_in_words,
    why_not_told_at,
)
from audit_app.cases.rules.identity import SHEET_WORDS, IdentitySheet, still_missing, why_not_save_sheet
from audit_app.cases.rules.names import NamesSought, names_in, names_of
from audit_app.cases.rules.states import (
    CASE_STATE_COLOURS,
    CASE_STATE_WORDS,
    TRANSITIONS,
    CaseState,
    case_reference,
    why_not_move,
    why_not_write_summary,
)
from audit_app.cases.rules.visibility import BLIND, JUDGED, SEEN_FROM, CasePart, Stage, Thing, visible

__all__ = [
    "BLIND",
    "CASE_STATE_COLOURS",
    "CASE_STATE_WORDS",
    "JUDGED",
    "MAIL_SUBJECT",
    "SEEN_FROM",
    "SHEET_WORDS",
    "TAKES_PART_FOR_AN_AGENCY",
    "TAKES_PART_IN_EVERY_ROUND",
    "TRANSITIONS",
    "CasePart",
    "CaseState",
    "IdentitySheet",
    "NamesSought",
    "Stage",
    "Thing",
    "case_reference",
    "mail_body",
    "names_in",
    "names_of",
    "still_missing",
    "told_in_words",
    "visible",
    "why_not_move",
    "why_not_save_sheet",
    "why_not_told_at",
    "why_not_write_summary",
]
