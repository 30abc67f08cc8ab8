"""Reads of cases, identity sheets and concerns."""

from audit_app.cases.queries.cases import (
    CaseRow,
    case_by_reference,
    case_for_change,
    case_for_concern,
    cases_of_round,
    last_position,
    may_know_of,
    may_raise_concern,
    round_of_case,
    visible_cases,
)
from audit_app.cases.queries.concerns import ConcernRow, agencies_to_speak_for, concern, concerns
from audit_app.cases.queries.identity import (
    SheetStatus,
    SheetToEdit,
    identity_for_change,
    incomplete_sheets,
    released_agencies,
    sheet_for_key_holder,
    sheet_statuses,
)
from audit_app.cases.queries.sight import seat, sees, sits_on_panel

__all__ = [
    "CaseRow",
    "ConcernRow",
    "SheetStatus",
    "SheetToEdit",
    "agencies_to_speak_for",
    "case_by_reference",
    "case_for_change",
    "case_for_concern",
    "cases_of_round",
    "concern",
    "concerns",
    "identity_for_change",
    "incomplete_sheets",
    "last_position",
    "may_know_of",
    "may_raise_concern",
    "released_agencies",
    "round_of_case",
    "seat",
    "sees",
    "sheet_for_key_holder",
    "sheet_statuses",
    "sits_on_panel",
    "visible_cases",
]
