"""The states of a case."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case is."""

    SAMPLED = "sampled"
    WITH_AGENCIES = "with_agencies"
    AT_PANEL = "at_panel"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"
    PAUSED = "paused"


CASE_STATE_WORDS = {
    CaseState.SAMPLED: "Sampled",
    CaseState.WITH_AGENCIES: "With agencies",
    CaseState.AT_PANEL: "At panel",
    CaseState.AGREED: "Agreed",
    CaseState.WITHDRAWN: "Withdrawn",
    CaseState.PAUSED: "Paused",
}

CASE_STATE_COLOURS = {
    CaseState.SAMPLED: "blue",
    CaseState.WITH_AGENCIES: "blue",
    CaseState.AT_PANEL: "purple",
    CaseState.AGREED: "green",
    CaseState.WITHDRAWN: "red",
    CaseState.PAUSED: "yellow",
}

TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.SAMPLED: frozenset({CaseState.WITH_AGENCIES, CaseState.WITHDRAWN, CaseState.PAUSED}),
    CaseState.WITH_AGENCIES: frozenset({CaseState.AT_PANEL, CaseState.WITHDRAWN, CaseState.PAUSED}),
    CaseState.AT_PANEL: frozenset({CaseState.AGREED, CaseState.WITHDRAWN, CaseState.PAUSED}),
    CaseState.AGREED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
    CaseState.PAUSED: frozenset({CaseState.SAMPLED, CaseState.WITH_AGENCIES, CaseState.AT_PANEL, CaseState.WITHDRAWN}),
}


def why_not_write_summary(state: CaseState) -> str | None:
    """The reason the summary of a case cannot be written now, or None. Once agreed, it is part of the record."""
    if state in {CaseState.AGREED, CaseState.WITHDRAWN}:
        return f"This case is at “{CASE_STATE_WORDS[state]}”: its summary can no longer be changed."
    return None


def why_not_move(state: CaseState, to: CaseState) -> str | None:
    """The reason a case cannot go from one state to another, or None."""
    if to not in TRANSITIONS[state]:
        return f"A case that is at “{CASE_STATE_WORDS[state]}” cannot go to “{CASE_STATE_WORDS[to]}”."
    return None


def case_reference(round_reference: str, position: int) -> str:
    """The reference of a case by its place in the sample: N26-07."""
    return f"{round_reference}-{position:02d}"
