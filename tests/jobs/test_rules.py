"""How long a repeat waits."""

from datetime import timedelta

from audit_app.jobs.rules import MAX_ATTEMPTS, TRANSITIONS, JobState, wait_before


def test_each_wait_is_four_times_the_one_before() -> None:
    assert [wait_before(attempt) for attempt in (2, 3, 4)] == [
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=8),
    ]


def test_all_attempts_together_wait_for_a_server_that_is_down_for_a_night() -> None:
    waited = sum((wait_before(attempt) for attempt in range(2, MAX_ATTEMPTS + 1)), timedelta())
    assert timedelta(hours=10) < waited < timedelta(hours=13)


def test_what_is_done_or_failed_stays_so() -> None:
    assert {state for state, ways in TRANSITIONS.items() if not ways} == {JobState.DONE, JobState.FAILED}
