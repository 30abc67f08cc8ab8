"""When findings are written, who reads counts, what publishing asks for."""

import pytest

from audit_app.accounts.rules import Role
from audit_app.findings import rules
from audit_app.rounds.rules import COUNTED, SEEN_BY_BOARD, RoundState

NOT_COUNTED = frozenset(RoundState) - COUNTED


def test_coordinator_and_scrutineer_read_counts_from_reporting_on_and_the_board_once_published() -> None:
    assert rules.COUNTS_SEEN_BY == {
        Role.COORDINATOR: COUNTED,
        Role.SCRUTINEER: COUNTED,
        Role.BOARD_MEMBER: SEEN_BY_BOARD,
        Role.AGENCY_LEAD: SEEN_BY_BOARD,
    }
    assert rules.states_counted_for([Role.AUDITOR, Role.ADMINISTRATOR, Role.KEY_HOLDER]) == frozenset()
    assert rules.states_counted_for([Role.BOARD_MEMBER, Role.COORDINATOR]) == COUNTED


@pytest.mark.parametrize("state", sorted(NOT_COUNTED))
def test_a_round_that_is_not_reported_is_counted_for_nobody(state: RoundState) -> None:
    assert rules.why_not_count(state, Role) == rules.not_counted_yet(state)


def test_the_reason_says_what_the_reader_waits_for() -> None:
    assert "once it is published" in str(rules.why_not_count(RoundState.REPORTING, [Role.BOARD_MEMBER]))
    assert "“At panel”" in str(rules.why_not_count(RoundState.PANEL, [Role.COORDINATOR]))
    assert "withdrawn" in str(rules.why_not_count(RoundState.WITHDRAWN, [Role.COORDINATOR]))
    assert rules.why_not_count(RoundState.PUBLISHED, [Role.AGENCY_LEAD]) is None


def test_findings_are_written_in_reporting_alone() -> None:
    open_in = {state for state in RoundState if rules.why_not_write(state) is None}
    assert open_in == {RoundState.REPORTING}
    assert "published" in str(rules.why_not_write(RoundState.CLOSED))
    assert "“With agencies”" in str(rules.why_not_write(RoundState.RETURNS))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "t" * 201}, "title"),
        ({"words": ""}, "words"),
        ({"words": "w" * 4001}, "words"),
        ({"indicator_ids": ()}, "indicator_ids"),
        ({"indicator_ids": (1, 9)}, "indicator_ids"),
    ],
)
def test_a_finding_needs_a_title_words_and_indicators_of_its_round(changed: dict[str, object], field: str) -> None:
    whole: dict[str, object] = {"title": "t" * 200, "words": "w" * 4000, "indicator_ids": (1, 2), "asked": {1, 2, 3}}
    assert rules.why_not_finding(**whole) is None  # type: ignore[arg-type]
    refusal = rules.why_not_finding(**{**whole, **changed})  # type: ignore[arg-type]
    assert refusal is not None
    assert refusal[1] == field


def test_an_edition_differs_when_a_finding_was_added_changed_or_removed() -> None:
    editions = [rules.edition(them) for them in ([], [(1, 1)], [(1, 2)], [(1, 1), (2, 1)], [(2, 1)])]
    assert len(set(editions)) == len(editions)
    assert rules.edition([(2, 1), (1, 1)]) == rules.edition([(1, 1), (2, 1)])


def test_a_round_is_published_once_from_reporting_with_a_finding() -> None:
    assert rules.why_not_publish(RoundState.REPORTING, findings=1) is None
    assert "at least one finding" in str(rules.why_not_publish(RoundState.REPORTING, findings=0))
    assert "already" in str(rules.why_not_publish(RoundState.PUBLISHED, findings=1))
    assert "“At panel”" in str(rules.why_not_publish(RoundState.PANEL, findings=1))
