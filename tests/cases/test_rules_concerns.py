"""Who may do what with an immediate concern, and when; the other routes."""

from datetime import UTC, datetime, timedelta

import pytest

from audit_app.accounts.rules import Role
from audit_app.cases import rules
from audit_app.cases.rules import ConcernDeed, ConcernPart, ConcernState, LimitUnit, OtherRoute, Standing

NOBODY = {
    "is_raiser": False,
    "is_contact": False,
    "is_holder_contact": False,
    "is_partner": False,
    "is_another_agency_there": True,
    "roles": frozenset({Role.AUDITOR}),
    "agencies": frozenset[int](),
}
HOLDER = 7
OPEN = [ConcernState.RAISED, ConcernState.ACKNOWLEDGED, ConcernState.OUTCOME_RECORDED]
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def parts(**more: object) -> frozenset[ConcernPart]:
    return rules.parts_in_concern(Standing(**{**NOBODY, **more}), holder_id=HOLDER)  # type: ignore[arg-type]


CONTACT = parts(is_contact=True)
HOLDER_CONTACT = parts(is_holder_contact=True)
HOLDERS_AUDITOR = parts(agencies=frozenset({HOLDER}))
COORDINATOR = parts(roles=frozenset({Role.COORDINATOR}))
HOLDERS_COORDINATOR = parts(roles=frozenset({Role.COORDINATOR, Role.AUDITOR}), agencies=frozenset({HOLDER, 3}))
ANOTHERS_COORDINATOR = parts(roles=frozenset({Role.COORDINATOR, Role.AUDITOR}), agencies=frozenset({3}))
LONE_COORDINATOR = parts(roles=frozenset({Role.COORDINATOR}), is_another_agency_there=False)
PARTNER = parts(is_partner=True, roles=frozenset({Role.BOARD_MEMBER}))
ANOTHERS_AUDITOR = parts(agencies=frozenset({3}))
SCRUTINEER = parts(roles=frozenset({Role.SCRUTINEER}))
RAISER = parts(is_raiser=True)


def test_those_who_were_told_acknowledge_and_nobody_else() -> None:
    told = (CONTACT, HOLDER_CONTACT, COORDINATOR, PARTNER)
    assert all(rules.why_not_acknowledge(ConcernState.RAISED, one) is None for one in told)
    for one in (HOLDERS_AUDITOR, ANOTHERS_AUDITOR, SCRUTINEER, RAISER):
        assert "Only those who were told" in (rules.why_not_acknowledge(ConcernState.RAISED, one) or "")
    assert rules.why_not_acknowledge(ConcernState.ACKNOWLEDGED, CONTACT, by="Kim") == "Kim has this concern already."


def test_the_identity_is_opened_by_those_who_must_act_while_the_concern_is_open() -> None:
    for one in (CONTACT, HOLDER_CONTACT, COORDINATOR):
        assert all(rules.why_not_open_identity(state, one) is None for state in OPEN)
        assert "is closed" in (rules.why_not_open_identity(ConcernState.CLOSED, one) or "")
    for one in (PARTNER, HOLDERS_AUDITOR, ANOTHERS_AUDITOR, SCRUTINEER, RAISER):
        assert "coordinators" in (rules.why_not_open_identity(ConcernState.RAISED, one) or "")


def test_the_agency_holding_the_case_records_the_outcome_and_another_agrees() -> None:
    for one in (HOLDER_CONTACT, HOLDERS_AUDITOR, HOLDERS_COORDINATOR):
        assert rules.why_not_record_outcome(ConcernState.ACKNOWLEDGED, one, has_holder=True) is None
        assert "another agency" in (rules.why_not_agree(ConcernState.OUTCOME_RECORDED, one) or "")
    for one in (CONTACT, ANOTHERS_AUDITOR, ANOTHERS_COORDINATOR, LONE_COORDINATOR):
        assert rules.why_not_record_outcome(ConcernState.ACKNOWLEDGED, one, has_holder=True)
        assert rules.why_not_agree(ConcernState.OUTCOME_RECORDED, one) is None
        assert "no outcome" in (rules.why_not_agree(ConcernState.ACKNOWLEDGED, one) or "")
    for one in (SCRUTINEER, PARTNER, RAISER, COORDINATOR):
        assert rules.why_not_agree(ConcernState.OUTCOME_RECORDED, one)
    assert "Say first" in (rules.why_not_record_outcome(ConcernState.RAISED, HOLDERS_AUDITOR, has_holder=False) or "")


def test_what_waits_for_whom_is_one_deed_and_whoever_raised_it_waits_for_another() -> None:
    raised, had, answered = OPEN
    told_raiser = parts(is_raiser=True, is_contact=True)
    for state, held, deed in (
        (raised, CONTACT, ConcernDeed.ACKNOWLEDGE),
        (raised, told_raiser, None),
        (raised, parts(is_raiser=True, agencies=frozenset({HOLDER})), None),
        (had, HOLDERS_AUDITOR, ConcernDeed.RECORD_OUTCOME),
        (had, COORDINATOR, None),
        (answered, HOLDER_CONTACT, None),
        (answered, told_raiser, ConcernDeed.AGREE),
        (ConcernState.CLOSED, COORDINATOR, None),
    ):
        assert rules.next_deed(state, held, has_holder=True) is deed
    assert rules.next_deed(had, COORDINATOR, has_holder=False) is ConcernDeed.CHOOSE_HOLDER
    assert rules.why_not_acknowledge(raised, told_raiser) is None


def test_whoever_raised_a_concern_is_never_sent_to_themselves() -> None:
    alone = rules.told_in_words((), is_mailing=True, is_coordinator=True)
    assert alone.endswith("ring someone who can act on it now.")
    assert rules.told_in_words(("Sam", "Kim"), is_mailing=False).endswith("Now ring Sam and Kim.")


def test_whoever_only_reads_everything_adds_nothing() -> None:
    assert rules.why_not_add_note(ConcernState.RAISED, SCRUTINEER)
    assert rules.why_not_add_note(ConcernState.RAISED, ANOTHERS_AUDITOR) is None
    assert "is closed" in (rules.why_not_add_note(ConcernState.CLOSED, COORDINATOR) or "")
    assert rules.why_not_choose_holder(ConcernState.RAISED, PARTNER)
    assert "outcome is recorded" in (rules.why_not_choose_holder(ConcernState.OUTCOME_RECORDED, CONTACT) or "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (20, "less than a minute"),
        (60, "1 minute"),
        (3660, "1 hour 1 minute"),
        (7200, "2 hours"),
        (90_000, "1 day 1 hour"),
        (172_800, "2 days"),
    ],
)
def test_how_long_something_took_is_said_as_people_say_it(seconds: float | None, words: str) -> None:
    assert rules.duration_in_words(seconds) == words


def test_every_route_is_delivered_with_a_limit_and_says_where_it_is_from() -> None:
    assert set(rules.ROUTES) == set(OtherRoute)
    assert all(words.source and words.goes_to for words in rules.ROUTES.values())
    delivered = {route: rules.limit_in_words(words.number, words.unit) for route, words in rules.ROUTES.items()}
    assert delivered[OtherRoute.ALLEGATION] == "1 working day"
    assert delivered[OtherRoute.SERIOUS_INCIDENT] == "5 working days"
    assert delivered[OtherRoute.DATA_BREACH] == "72 hours"


def test_hours_count_day_and_night_and_working_days_do_not() -> None:
    friday = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
    assert rules.due_at(friday, 72, LimitUnit.HOURS) == datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    assert rules.due_at(friday, 1, LimitUnit.WORKING_DAYS) == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("noticed", "passed", "field"),
    [(0, 1, "passed_on"), (1, 0, "noticed_on"), (-24 * 400, 0, "noticed_on")],
)
def test_times_that_cannot_be_right_are_refused(noticed: int, passed: int, field: str) -> None:
    refused = rules.why_not_passed(
        noticed_at=NOON + timedelta(hours=noticed), passed_at=NOON + timedelta(hours=passed), now=NOON
    )
    assert refused is not None
    assert refused[1] == field
