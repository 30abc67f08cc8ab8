"""Reads of counts, of findings, and of the cases behind a count."""

from audit_app.findings.queries.behind import CaseBehind, agreed_behind, rated_behind
from audit_app.findings.queries.children import Recorded, recorded_in_round
from audit_app.findings.queries.comparing import (
    RoundBeside,
    RoundsBeside,
    RoundToCompare,
    rounds_beside,
    rounds_to_compare,
)
from audit_app.findings.queries.counts import (
    AgencyTable,
    Asked,
    Frame,
    agencies_of_round,
    agency_counts,
    agreed_counts,
    cases_agreed,
    frame_of,
    graded,
    in_words,
    missing_returns,
)
from audit_app.findings.queries.everything import Together, agencies_together, levels_together
from audit_app.findings.queries.findings import (
    FindingRow,
    finding_for_change,
    findings_of_round,
    indicator_ids_of_round,
    last_position,
    neighbour_for_change,
)
from audit_app.findings.queries.rounds import round_to_look_behind, round_to_read, round_to_write

__all__ = [
    "AgencyTable",
    "Asked",
    "CaseBehind",
    "FindingRow",
    "Frame",
    "Recorded",
    "RoundBeside",
    "RoundToCompare",
    "RoundsBeside",
    "Together",
    "agencies_of_round",
    "agencies_together",
    "agency_counts",
    "agreed_behind",
    "agreed_counts",
    "cases_agreed",
    "finding_for_change",
    "findings_of_round",
    "frame_of",
    "graded",
    "in_words",
    "indicator_ids_of_round",
    "last_position",
    "levels_together",
    "missing_returns",
    "neighbour_for_change",
    "rated_behind",
    "recorded_in_round",
    "round_to_look_behind",
    "round_to_read",
    "round_to_write",
    "rounds_beside",
    "rounds_to_compare",
]
