"""A return as a workbook and as paper: what it holds, how it is written, read back, and laid beside what is saved."""

from audit_app.returns.rules.workbooks.as_workbook import as_sheets, file_code, read_file_code
from audit_app.returns.rules.workbooks.comparing import (
    Comparison,
    Difference,
    Outcome,
    Stands,
    chosen_after,
    compare,
    digests_after,
    left_in_words,
    why_not_confirm,
)
from audit_app.returns.rules.workbooks.first_sheet import first_after, meant
from audit_app.returns.rules.workbooks.from_workbook import LARGEST_RETURN_FILE, ReadReturn, read_return
from audit_app.returns.rules.workbooks.lines import (
    KnownKept,
    OverallKept,
    child_lines,
    known_lines,
    overall_lines,
)
from audit_app.returns.rules.workbooks.paper import (
    Event,
    Heading,
    KeptEvent,
    Line,
    Origin,
    Paper,
    RatingAsked,
    Submitted,
    as_told,
    copy_code,
    edition_of,
    file_name,
)
from audit_app.returns.rules.workbooks.printing import as_print
from audit_app.returns.rules.workbooks.standing_in import (
    AGENCY_HAS_BEGUN,
    DECLARATION_FOR_AGENCY,
    StoodInTo,
    standing_in,
    why_not_load,
)
from audit_app.returns.rules.workbooks.tables import Unreadable

__all__ = [
    "AGENCY_HAS_BEGUN",
    "DECLARATION_FOR_AGENCY",
    "LARGEST_RETURN_FILE",
    "Comparison",
    "Difference",
    "Event",
    "Heading",
    "KeptEvent",
    "KnownKept",
    "Line",
    "Origin",
    "Outcome",
    "OverallKept",
    "Paper",
    "RatingAsked",
    "ReadReturn",
    "Stands",
    "StoodInTo",
    "Submitted",
    "Unreadable",
    "as_print",
    "as_sheets",
    "as_told",
    "child_lines",
    "chosen_after",
    "compare",
    "copy_code",
    "digests_after",
    "edition_of",
    "file_code",
    "file_name",
    "first_after",
    "known_lines",
    "left_in_words",
    "meant",
    "overall_lines",
    "read_file_code",
    "read_return",
    "standing_in",
    "why_not_confirm",
    "why_not_load",
]
