"""What people do with cases: complete and release identity sheets, look one up, raise an immediate concern."""

from audit_app.cases.services.cases import make_case, move_case, withdraw_case, write_summary
from audit_app.cases.services.concerns import raise_concern
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

__all__ = [
    "add_identities",
    "destroy_identities",
    "destroy_unused_identities",
    "forget_file_number",
    "look_up_identity",
    "make_case",
    "move_case",
    "note_file_number",
    "open_identity_sheet",
    "raise_concern",
    "release_to_agencies",
    "save_identity_sheet",
    "withdraw_case",
    "write_summary",
]
