"""What home pages count. Each function is one query, whatever the size of the partnership."""

from audit_app.home.queries.cases import (
    AgreedLine,
    ReturnLine,
    agreed_of_case,
    may_be_told,
    may_know_of_drafts,
    returns_of_case,
)
from audit_app.home.queries.checking import corrections_to_decide, facts_to_check, moderating
from audit_app.home.queries.panel_feedback import answers_to_panels, said_by_panels
from audit_app.home.queries.people import (
    actions_of,
    auditor_counts,
    case_actions_to_do,
    concerns_to_follow,
    feedback_owed,
    late_of_agencies,
    named_on,
    office_counts,
    panel_counts,
    panels_ahead,
    published_lately,
    returns_to_check,
)
from audit_app.home.queries.rounds import round_progress, rounds_under_way

__all__ = [
    "AgreedLine",
    "ReturnLine",
    "actions_of",
    "agreed_of_case",
    "answers_to_panels",
    "auditor_counts",
    "case_actions_to_do",
    "concerns_to_follow",
    "corrections_to_decide",
    "facts_to_check",
    "feedback_owed",
    "late_of_agencies",
    "may_be_told",
    "may_know_of_drafts",
    "moderating",
    "named_on",
    "office_counts",
    "panel_counts",
    "panels_ahead",
    "published_lately",
    "returns_of_case",
    "returns_to_check",
    "round_progress",
    "rounds_under_way",
    "said_by_panels",
]
