"""The kinds of finding, who reads counts, and when findings are written and a round is published."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from audit_app.accounts.rules import Role
from audit_app.cases.rules import SEEN_FROM, Stage, Thing
from audit_app.rounds.rules import COUNTED, ROUND_STATE_WORDS, SEEN_BY_BOARD, RoundState


class FindingKind(StrEnum):
    """What a finding is."""

    STRENGTH = "strength"
    AREA_FOR_DEVELOPMENT = "area_for_development"


FINDING_KIND_WORDS = {
    FindingKind.STRENGTH: "Strength",
    FindingKind.AREA_FOR_DEVELOPMENT: "Area for development",
}

COUNTS_SEEN_BY: dict[Role, frozenset[RoundState]] = {
    Role[part.name]: SEEN_BY_BOARD if stage is Stage.PUBLISHED else COUNTED
    for part, stage in SEEN_FROM[Thing.COUNTS].items()
}
"""The rounds of which each role sees counts and findings, by their state: the cases' table, in rounds."""

TITLE_AT_MOST, WORDS_AT_MOST = 200, 4000


def states_counted_for(roles: Iterable[Role]) -> frozenset[RoundState]:
    """The states of the rounds of which someone with these roles sees counts and findings."""
    return frozenset(state for role in roles for state in COUNTS_SEEN_BY.get(role, frozenset()))


def why_not_count(state: RoundState, roles: Iterable[Role]) -> str | None:
    """The reason someone with these roles cannot see the counts of a round, or None."""
    if state in states_counted_for(roles):
        return None
    return (
        "The findings of this round can be read once it is published." if state in COUNTED else not_counted_yet(state)
    )


def not_counted_yet(state: RoundState) -> str:
    """Why there is nothing to count in a round that is not among `COUNTED`."""
    if state is RoundState.WITHDRAWN:
        return "This round was withdrawn: nothing in it is counted."
    return f"Ratings are counted once the panel has agreed every case. This round is at “{ROUND_STATE_WORDS[state]}”."


def why_not_write(state: RoundState) -> str | None:
    """The reason findings of a round cannot be written, changed, moved or removed, or None."""
    if state is RoundState.REPORTING:
        return None
    if state in SEEN_BY_BOARD:
        return "This round is published: its findings can no longer be changed."
    return f"Findings are written while a round is being reported. This one is at “{ROUND_STATE_WORDS[state]}”."


def why_not_finding(
    *, title: str, words: str, indicator_ids: Collection[int], asked: Collection[int]
) -> tuple[str, str] | None:
    """The reason a finding cannot say this, with the field it is about, or None. `asked` are the round's indicators."""
    if not title:
        return "Enter a title.", "title"
    if len(title) > TITLE_AT_MOST:
        return f"The title must be {TITLE_AT_MOST} characters or fewer.", "title"
    if not words:
        return "Say what was found.", "words"
    if len(words) > WORDS_AT_MOST:
        return f"The finding must be {WORDS_AT_MOST:,} characters or fewer.", "words"
    if not indicator_ids:
        return "Choose at least one indicator that the finding rests on.", "indicator_ids"
    if not set(indicator_ids) <= set(asked):
        return "Choose from the indicators of this round.", "indicator_ids"
    return None


def edition(findings: Iterable[tuple[int, int]]) -> str:
    """The findings of a round, as (id, version), in a text that differs as soon as any of them does."""
    return " ".join(f"{finding_id}.{version}" for finding_id, version in sorted(findings))


def why_not_publish(state: RoundState, *, findings: int) -> str | None:
    """The reason a round cannot be published, or None."""
    if state in SEEN_BY_BOARD:
        return "This round is published already."
    if state is not RoundState.REPORTING:
        return f"A round is published when it has been reported. This one is at “{ROUND_STATE_WORDS[state]}”."
    if not findings:
        return "Write at least one finding before you publish this round."
    return None
