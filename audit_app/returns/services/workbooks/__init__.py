"""A return away from the service: taking it as a workbook or on paper, and loading what was filled in."""

from audit_app.returns.services.workbooks.files import (
    FILE_KEPT_FOR,
    GONE,
    destroy_expired_return_files,
    keep_return_file,
    set_return_file_aside,
)
from audit_app.returns.services.workbooks.loading import take_return_file
from audit_app.returns.services.workbooks.standing_in import acting_for, submit_for_agency
from audit_app.returns.services.workbooks.taking import MOVED
from audit_app.returns.services.workbooks.written import note_printed, return_on_paper, workbook_taken

__all__ = [
    "FILE_KEPT_FOR",
    "GONE",
    "MOVED",
    "acting_for",
    "destroy_expired_return_files",
    "keep_return_file",
    "note_printed",
    "return_on_paper",
    "set_return_file_aside",
    "submit_for_agency",
    "take_return_file",
    "workbook_taken",
]
