"""Who came to a panel, and who is left out of the rating of a case."""

import pytest
from sqlalchemy import update

from audit_app.accounts.rules import Viewer
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_case, deeds_on
from audit_app.panels import queries, services
from audit_app.panels.models import PanelItem
from audit_app.panels.rules import Attendance, ItemState
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from audit_app.rounds.services import change_plan
from tests.factories.panels import Sitting, finish, release, withdraw_round
from tests.factories.rated import being_rated, revision_of, to_the_room, votes_on
from tests.fixtures import Together

PRESENT, APOLOGIES = Attendance.PRESENT, Attendance.APOLOGIES
REASON = "Supervises the worker."


def came(sitting: Sitting) -> dict[str, Attendance | None]:
    db.session.rollback()
    members = queries.panel_members(sitting.asked.partnership_id, sitting.panel_id)
    return {member.name: member.attendance for member in members}


def record(sitting: Sitting, by: int, attendance: dict[int, Attendance | None]) -> int:
    actor = sitting.actor(by)
    with transaction():
        return services.record_attendance(sitting.panel_id, attendance, by=actor)


def mark(sitting: Sitting, person: int, by: int, *, case: int = 0, reason: str = REASON) -> None:
    actor = sitting.actor(by)
    with transaction():
        services.mark_conflict(sitting.cases[case], person, reason=reason, by=actor, at=clock.now())


def unmark(sitting: Sitting, person: int, by: int) -> None:
    with transaction():
        services.unmark_conflict(sitting.cases[0], person, by=sitting.actor(by))


def left_out(sitting: Sitting, case: int = 0) -> dict[int, str]:
    db.session.rollback()
    return dict(queries.conflicts_of(sitting.asked.partnership_id, sitting.cases[case]))


# who came


def test_chair_note_taker_and_coordinator_record_who_came(sitting: Sitting) -> None:
    before = revision_of(sitting)
    assert record(sitting, sitting.chair, {sitting.member: PRESENT, sitting.note_taker: None}) == 1
    assert came(sitting) == {"Mo Member": PRESENT, "Nat Notes": None}
    assert record(sitting, sitting.note_taker, {sitting.note_taker: PRESENT}) == 1
    assert record(sitting, sitting.asked.coordinator, {sitting.member: APOLOGIES, sitting.note_taker: None}) == 2
    assert came(sitting) == {"Mo Member": APOLOGIES, "Nat Notes": None}
    assert revision_of(sitting) == before + 3
    words = deeds_on(sitting.asked.partnership_id, "panel", sitting.panel_id)[0].words
    assert words.endswith("recorded who came to the panel of 20 March 2026")


def test_recording_what_is_known_already_changes_nothing(sitting: Sitting) -> None:
    record(sitting, sitting.chair, {sitting.member: PRESENT})
    before = revision_of(sitting)
    assert record(sitting, sitting.chair, {sitting.member: PRESENT}) == 0
    assert revision_of(sitting) == before


def test_a_member_records_nobody_and_says_that_they_are_here(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="Only the chair"):
        record(sitting, sitting.member, {sitting.member: PRESENT})
    before = revision_of(sitting)
    for is_new in (True, False):
        with transaction():
            assert services.say_here(sitting.panel_id, by=sitting.actor(sitting.member)) is is_new
    assert came(sitting)["Mo Member"] is PRESENT
    assert revision_of(sitting) == before + 1
    words = deeds_on(sitting.asked.partnership_id, "panel", sitting.panel_id)[0].words
    assert words == "Mo Member said that they are at the panel of 20 March 2026"


def test_nobody_comes_to_a_panel_on_which_they_do_not_sit(sitting: Sitting) -> None:
    with pytest.raises(NotHere):
        record(sitting, sitting.chair, {sitting.asked.health_auditor: PRESENT})
    for person in (sitting.chair, sitting.asked.coordinator):
        with pytest.raises(NotHere), transaction():
            services.say_here(sitting.panel_id, by=sitting.actor(person))
    with pytest.raises(NotHere), transaction():
        services.say_here(0, by=sitting.actor(sitting.member))


def test_who_came_to_a_published_round_stays_as_it_is(sitting: Sitting) -> None:
    with transaction():
        db.session.execute(update(Round).values(state=RoundState.PUBLISHED))
    with pytest.raises(Refused, match="has been published"):
        record(sitting, sitting.chair, {sitting.member: PRESENT})


# whose own case it is


def test_a_conflict_is_marked_by_whoever_steers_the_panel_or_by_oneself(sitting: Sitting) -> None:
    before = revision_of(sitting)
    mark(sitting, sitting.member, sitting.member)
    assert left_out(sitting) == {sitting.member: REASON}
    assert left_out(sitting, case=1) == {}
    mark(sitting, sitting.note_taker, sitting.asked.coordinator)
    mark(sitting, sitting.member, sitting.chair, case=1)
    assert revision_of(sitting) == before + 3
    shown = queries.conflicts_on_panel(sitting.asked.partnership_id, sitting.panel_id)
    first, second = sitting.asked.cases
    assert [(one.reference, one.name) for one in shown] == [
        (first, "Mo Member"),
        (first, "Nat Notes"),
        (second, "Mo Member"),
    ]
    words = deeds_of_case(sitting.asked.partnership_id, sitting.cases[1])[0].words
    assert words == f"Chris Chair marked that Mo Member has a conflict of interest in {second}, with a reason"


def test_a_conflict_is_not_marked_by_others_for_others_or_without_a_reason(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="Members mark their own"):
        mark(sitting, sitting.note_taker, sitting.member)
    with pytest.raises(NotHere):
        mark(sitting, sitting.asked.health_auditor, sitting.asked.coordinator)
    with pytest.raises(Refused, match="Say what the conflict of interest is") as refused:
        mark(sitting, sitting.member, sitting.chair, reason="")
    assert refused.value.field == "reason"
    mark(sitting, sitting.member, sitting.chair)
    with pytest.raises(Refused, match="left out of this case already"):
        mark(sitting, sitting.member, sitting.member)


def test_the_chair_is_not_left_out_unless_another_chairs(sitting: Sitting) -> None:
    for by in (sitting.chair, sitting.asked.coordinator):
        with pytest.raises(Refused, match="Choose another panel chair for this panel first"):
            mark(sitting, sitting.chair, by)


def test_the_mark_is_taken_away_by_whoever_steers_the_panel_alone(sitting: Sitting) -> None:
    mark(sitting, sitting.member, sitting.member)
    with pytest.raises(Refused, match="Only the chair or the coordinator"):
        unmark(sitting, sitting.member, sitting.member)
    unmark(sitting, sitting.member, sitting.chair)
    assert left_out(sitting) == {}
    words = deeds_of_case(sitting.asked.partnership_id, sitting.cases[0])[0].words
    assert words.startswith("Chris Chair took the mark away that Mo Member has")
    with pytest.raises(NotHere):
        unmark(sitting, sitting.member, sitting.chair)


def test_whoever_is_left_out_takes_along_what_nobody_saw_yet(sitting: Sitting) -> None:
    to_the_room(sitting)
    item_id = being_rated(sitting, people=(sitting.member, sitting.note_taker))
    mark(sitting, sitting.member, sitting.member)
    assert votes_on(item_id) == [(sitting.note_taker, 1)]
    deeds = [deed.event for deed in deeds_of_case(sitting.asked.partnership_id, sitting.cases[0])]
    assert deeds[:2] == ["own_rating_taken_out", "conflict_marked"]


def test_what_was_shown_before_stays(sitting: Sitting) -> None:
    to_the_room(sitting)
    item_id = being_rated(sitting, people=(sitting.member,))
    with transaction():
        db.session.get_one(PanelItem, item_id).state = ItemState.REVEALED
    mark(sitting, sitting.member, sitting.chair)
    assert votes_on(item_id) == [(sitting.member, 1)]


def test_nobodys_part_changes_in_a_case_that_is_finished_or_a_round_that_was_withdrawn(sitting: Sitting) -> None:
    finish(sitting)
    with pytest.raises(Refused, match="nobody's part in it changes"):
        mark(sitting, sitting.member, sitting.chair)
    withdraw_round(sitting)
    with pytest.raises(Refused, match="Withdrawn"):
        mark(sitting, sitting.member, sitting.chair, case=1)


def test_of_two_who_mark_the_same_conflict_at_once_one_is_told(sitting: Sitting, together: Together) -> None:
    done = together(
        lambda: mark(sitting, sitting.member, sitting.member), lambda: mark(sitting, sitting.member, sitting.chair)
    )
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "Refused"]
    assert left_out(sitting) == {sitting.member: REASON}


def test_a_mark_while_somebody_leaves_and_ratings_are_recorded_waits_its_turn(
    sitting: Sitting, together: Together
) -> None:
    """The three take the same locks in one order: none waits for ever, and no rating is left behind."""
    to_the_room(sitting)
    item_id = being_rated(sitting, people=(sitting.member,))

    coordinator = sitting.actor(sitting.asked.coordinator)

    def leave() -> None:
        with transaction():
            services.change_panel(
                sitting.panel_id,
                held_on=clock.today(),
                place="",
                chair_id=sitting.chair,
                members={sitting.note_taker: None},
                case_ids=sitting.cases[::-1],
                version=1,
                by=coordinator,
            )

    done = together(
        leave,
        lambda: mark(sitting, sitting.member, sitting.chair),
        lambda: record(sitting, sitting.note_taker, {sitting.note_taker: PRESENT}),
    )
    assert done[0] is None
    assert done[1] is None or isinstance(done[1], NotHere)
    assert done[2] == 1
    assert votes_on(item_id) == []


# what a round decides about its panels


def test_what_is_decided_about_panels_stays_once_a_case_is_released(waiting: Sitting) -> None:
    by: Viewer = waiting.actor(waiting.asked.coordinator)
    round_id = waiting.asked.round_id
    version = db.session.get_one(Round, round_id).version
    with transaction():
        version = change_plan(round_id, version=version, by=by, is_pack_printed=True).version
    release(waiting, 0)
    with pytest.raises(Refused, match="first case has been released"), transaction():
        change_plan(round_id, version=version, by=by, is_pack_printed=False)


def test_of_a_release_and_a_change_at_once_the_change_comes_first_or_not_at_all(
    waiting: Sitting, together: Together
) -> None:
    by, chair = waiting.actor(waiting.asked.coordinator), waiting.actor(waiting.chair)
    round_id = waiting.asked.round_id
    version = db.session.get_one(Round, round_id).version

    def change() -> None:
        with transaction():
            change_plan(round_id, version=version, by=by, is_showing_levels_in_pack=True)

    def release_it() -> None:
        with transaction():
            services.release_case(waiting.cases[0], by=chair, at=clock.now())

    released, changed = together(release_it, change)
    assert released is None
    kept = db.session.get_one(Round, round_id, populate_existing=True)
    assert kept.is_showing_levels_in_pack is (changed is None)
    assert changed is None or isinstance(changed, Refused)
