"""What people do with cases: complete and release identity sheets, look one up, raise an immediate concern."""

from audit_app.cases.services.cases import make_case, move_case, withdraw_case, write_summary
from audit_app.cases.services.concerns import raise_concern
from audit_app.cases.services.following import (
    acknowledge_concern,
    add_note,
    agree_with_outcome,
    choose_holder,
    disagree_with_outcome,
    escalate_unacknowledged,
    open_identity_for_concern,
    record_outcome,
)
from audit_app.cases.services.identities import (
    add_identities,
    destroy_identities,
    destroy_unused_identities,
    forget_file_number,
    look_up_identity,
    note_file_number,
    open_identity_sheet,
    release_to_agencies,
    save_identity_sheet,
)
from audit_app.cases.services.passed_on import change_route, record_passed_on

__all__ = [
    "acknowledge_concern",
    "add_identities",
    "add_note",
    "agree_with_outcome",
    "change_route",
    "choose_holder",
    "destroy_identities",
    "destroy_unused_identities",
    "disagree_with_outcome",
    "escalate_unacknowledged",
    "forget_file_number",
    "look_up_identity",
    "make_case",
    "move_case",
    "note_file_number",
    "open_identity_for_concern",
    "open_identity_sheet",
    "raise_concern",
    "record_outcome",
    "record_passed_on",
    "release_to_agencies",
    "save_identity_sheet",
    "withdraw_case",
    "write_summary",
]
