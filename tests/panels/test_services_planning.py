"""Planning and changing panels."""

from datetime import date, time

import pytest
from sqlalchemy import delete, select, update

from audit_app.accounts.models import Membership
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.queries import deeds_of_case, deeds_on
from audit_app.panels import queries, services
from audit_app.panels.models import AgreedRating, Panel, PanelCase, PanelItem, PanelMember, PanelRoom
from audit_app.panels.rules import Attendance, ItemState, Timing
from tests.factories.panels import (
    Sitting,
    a_decision,
    a_panel,
    agree,
    finish,
    items_of,
    withdraw_round,
)
from tests.factories.rated import a_vote, being_rated, revision_of, to_the_room, votes_on
from tests.factories.returns import a_round_with_agencies
from tests.fixtures import Together


def membership_of(sitting: Sitting, person_id: int, role: Role) -> Membership:
    return Membership(
        partnership_id=sitting.asked.partnership_id, person_id=person_id, role=role, from_day=date(2026, 1, 1)
    )


def change(sitting: Sitting, **changes: object) -> Panel:
    kept = {
        "held_on": date(2026, 3, 20),
        "place": "",
        "chair_id": sitting.chair,
        "members": {sitting.member: sitting.asked.health},
        "case_ids": sitting.cases,
        "version": 1,
        "by": sitting.actor(sitting.asked.coordinator),
    }
    with transaction():
        return services.change_panel(sitting.panel_id, **{**kept, **changes})  # type: ignore[arg-type]


def in_its_room(sitting: Sitting) -> None:
    """The same panel, had it been planned for its room."""
    with transaction():
        db.session.execute(update(Panel).values(is_on_paper=False))


def test_a_panel_keeps_its_people_and_its_cases_in_order(sitting: Sitting) -> None:
    changed = change(sitting, case_ids=sitting.cases[::-1], held_on=date(2026, 3, 27), place="https://call.example/n26")
    assert (changed.held_on, changed.place, changed.version) == (date(2026, 3, 27), "https://call.example/n26", 2)
    cases = queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)
    assert [case.id for case in cases] == list(sitting.cases[::-1])
    members = queries.panel_members(sitting.asked.partnership_id, sitting.panel_id)
    assert [(one.name, one.agency_id) for one in members] == [("Mo Member", sitting.asked.health)]


def test_a_panel_keeps_its_times_and_how_it_rates(waiting: Sitting) -> None:
    timing = Timing(time(9, 30), time(12, 30), 45)
    changed = change(waiting, timing=timing, is_on_paper=False)
    assert (changed.timing, changed.is_on_paper) == (timing, False)
    kept = change(waiting, version=2, place="Room 1")
    assert (kept.timing, kept.is_on_paper) == (timing, False)
    words = deeds_on(waiting.asked.partnership_id, "panel", waiting.panel_id)[1].words
    assert words.endswith(": beginning, end, minutes for each case, place, how it rates and members")


@pytest.mark.parametrize(
    ("timing", "field"),
    [
        (Timing(time(12), time(9)), "ends_at"),
        (Timing(None, time(9)), "starts_at"),
        (Timing(minutes_per_case=5), "minutes_per_case"),
    ],
)
def test_times_that_do_not_hold_are_refused(sitting: Sitting, timing: Timing, field: str) -> None:
    with pytest.raises(Refused) as refused:
        change(sitting, timing=timing)
    assert refused.value.field == field


def test_saving_a_panel_as_it_is_changes_nothing(sitting: Sitting) -> None:
    change(sitting)
    before = revision_of(sitting)
    assert change(sitting, version=2).version == 2
    assert revision_of(sitting) == before


def test_who_stays_and_what_stays_keep_what_is_recorded_of_them(sitting: Sitting) -> None:
    at = clock.now()
    came = update(PanelMember).where(PanelMember.person_id == sitting.member)
    with transaction():
        db.session.execute(came.values(attendance=Attendance.PRESENT))
        db.session.execute(update(PanelCase).values(opened_at=at, rest_shown_at=at))
    before = revision_of(sitting)
    change(sitting, case_ids=sitting.cases[::-1])
    rows = db.session.execute(select(PanelCase.case_id, PanelCase.opened_at, PanelCase.rest_shown_at)).all()
    assert {tuple(row) for row in rows} == {(case_id, at, at) for case_id in sitting.cases}
    seats = db.session.execute(select(PanelMember.person_id, PanelMember.attendance)).all()
    assert [tuple(seat) for seat in seats] == [(sitting.member, Attendance.PRESENT)]
    assert revision_of(sitting) == before + 1


def test_whoever_came_stays_on_the_panel_and_its_record(sitting: Sitting) -> None:
    def came(attendance: Attendance | None) -> None:
        steers = sitting.actor(sitting.chair)
        with transaction():
            services.record_attendance(sitting.panel_id, {sitting.member: attendance}, by=steers)

    came(Attendance.PRESENT)
    with pytest.raises(Refused, match=r"^Mo Member was at this panel and stays on its record\.") as refused:
        change(sitting, members={sitting.note_taker: None})
    assert refused.value.field == "members"
    members = queries.panel_members(sitting.asked.partnership_id, sitting.panel_id)
    assert (sitting.member, Attendance.PRESENT) in {(one.person_id, one.attendance) for one in members}
    for version, attendance in enumerate((Attendance.APOLOGIES, None), 1):
        came(attendance)
        change(sitting, members={}, version=2 * version - 1)
        change(sitting, version=2 * version)
        assert queries.panel_members(sitting.asked.partnership_id, sitting.panel_id)[0].attendance is None


def test_a_member_who_came_may_take_the_chair(sitting: Sitting) -> None:
    with transaction():
        db.session.add(membership_of(sitting, sitting.member, Role.PANEL_CHAIR))
        came = update(PanelMember).where(PanelMember.person_id == sitting.member)
        db.session.execute(came.values(attendance=Attendance.PRESENT))
    changed = change(sitting, chair_id=sitting.member, members={sitting.chair: None, sitting.note_taker: None})
    assert changed.chair_id == sitting.member


def test_nobody_leaves_a_panel_that_has_begun_by_way_of_its_chair(sitting: Sitting) -> None:
    with transaction():
        db.session.add(membership_of(sitting, sitting.member, Role.PANEL_CHAIR))
        came = update(PanelMember).where(PanelMember.person_id == sitting.member)
        db.session.execute(came.values(attendance=Attendance.PRESENT))
    with pytest.raises(Refused, match=r"^This panel has begun, and .+ stays on its record") as refused:
        change(sitting, chair_id=sitting.member, members={sitting.note_taker: None})
    assert refused.value.field == "members"
    change(sitting, chair_id=sitting.member, members={sitting.chair: None})
    with pytest.raises(Refused, match=r"^This panel has begun, and Mo Member stays on its record"):
        change(sitting, members={sitting.note_taker: None}, version=2)
    change(sitting, members={sitting.member: sitting.asked.health}, version=2)
    seats = db.session.execute(select(PanelMember.person_id, PanelMember.attendance)).all()
    assert [tuple(seat) for seat in seats] == [(sitting.member, Attendance.PRESENT)]


def test_who_chaired_once_its_room_was_open_or_something_agreed_stays_on_the_panel(sitting: Sitting) -> None:
    with transaction():
        db.session.add(membership_of(sitting, sitting.note_taker, Role.PANEL_CHAIR))
        db.session.execute(update(PanelRoom).values(opened_at=clock.now(), opened_by_id=sitting.chair))
    with pytest.raises(Refused, match="This panel has begun"):
        change(sitting, chair_id=sitting.note_taker)
    with transaction():
        db.session.execute(update(PanelRoom).values(opened_at=None, opened_by_id=None))
    agree(sitting, a_decision(sitting, items_of(sitting)["A04"]))
    with pytest.raises(Refused, match="This panel has begun"):
        change(sitting, chair_id=sitting.note_taker)


def test_before_it_begins_a_chair_changes_freely_and_one_who_was_not_there_goes_after_saying_so(
    sitting: Sitting,
) -> None:
    with transaction():
        db.session.add(membership_of(sitting, sitting.note_taker, Role.PANEL_CHAIR))
    assert change(sitting, chair_id=sitting.note_taker).chair_id == sitting.note_taker
    change(sitting, version=2)
    with transaction():
        came = update(PanelMember).where(PanelMember.person_id == sitting.member)
        db.session.execute(came.values(attendance=Attendance.PRESENT))
    seats = {sitting.member: sitting.asked.health}
    change(sitting, chair_id=sitting.note_taker, members={**seats, sitting.chair: None}, version=3)
    by = sitting.actor(sitting.asked.coordinator)
    with transaction():
        services.record_attendance(sitting.panel_id, {sitting.chair: Attendance.APOLOGIES}, by=by)
    kept = change(sitting, chair_id=sitting.note_taker, members=seats, version=4)
    assert kept.version == 5


def test_cases_come_and_go_in_any_order(sitting: Sitting) -> None:
    first, second = sitting.cases
    for version, wanted in enumerate(([first], [second, first], [first, second], [first], [first, second]), 1):
        change(sitting, case_ids=wanted, version=version)
        cases = queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)
        assert [(case.id, case.position) for case in cases] == [(one, n) for n, one in enumerate(wanted, 1)]


def test_whoever_leaves_takes_along_what_nobody_saw_yet(sitting: Sitting) -> None:
    to_the_room(sitting)
    item_id = being_rated(sitting, people=(sitting.member, sitting.note_taker), ballot=2)
    a_vote(sitting, item_id, sitting.member, ballot=1)
    change(sitting, members={sitting.note_taker: None})
    assert votes_on(item_id) == [(sitting.note_taker, 2), (sitting.member, 1)]
    words = deeds_of_case(sitting.asked.partnership_id, sitting.cases[0])[0].words
    assert words.endswith("a rating of A04 Harm was weighed by Mo Member that was not shown yet was taken out")


def test_what_was_shown_stays_though_its_person_leaves(sitting: Sitting) -> None:
    to_the_room(sitting)
    item_id = being_rated(sitting, people=(sitting.member,))
    with transaction():
        db.session.get_one(PanelItem, item_id).state = ItemState.REVEALED
    change(sitting, members={})
    assert votes_on(item_id) == [(sitting.member, 1)]


def test_a_panel_that_rated_in_its_room_cannot_go_to_paper(sitting: Sitting) -> None:
    in_its_room(sitting)
    item_id = being_rated(sitting)
    with pytest.raises(Refused, match="has begun to rate in the room") as refused:
        change(sitting, is_on_paper=True)
    assert refused.value.field == "rates"
    with transaction():
        db.session.get_one(PanelItem, item_id).state = ItemState.AGREED
    assert change(sitting, is_on_paper=True).is_on_paper


def test_what_was_seen_on_paper_is_not_rated_blind_afterwards(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="has been seen on paper"):
        change(sitting, is_on_paper=False)


def test_nobody_who_sits_on_a_panel_opens_to_themselves_what_its_agencies_chose(sitting: Sitting) -> None:
    in_its_room(sitting)
    with transaction():
        db.session.add(membership_of(sitting, sitting.member, Role.COORDINATOR))
    with pytest.raises(Refused, match="You sit on this panel"):
        change(sitting, is_on_paper=True, by=sitting.actor(sitting.member))


def test_a_panel_whose_room_is_open_does_not_go_to_paper_before_it_is_closed(sitting: Sitting) -> None:
    in_its_room(sitting)
    chair, at = sitting.actor(sitting.chair), clock.now()
    with transaction():
        services.open_room(sitting.panel_id, is_nobody_recording=True, by=chair, at=at)
    with pytest.raises(Refused, match="The room of this panel is open"):
        change(sitting, is_on_paper=True)
    with transaction():
        services.close_room(sitting.panel_id, by=chair, at=at)
    assert change(sitting, is_on_paper=True).is_on_paper


def test_a_panel_with_a_rating_in_its_room_stays_in_it(sitting: Sitting) -> None:
    in_its_room(sitting)
    item_id = being_rated(sitting, people=(sitting.member,))
    with transaction():
        db.session.get_one(PanelItem, item_id).state = ItemState.AGREED
    with pytest.raises(Refused, match="has begun to rate in the room"):
        change(sitting, is_on_paper=True)


def test_of_two_who_change_a_panel_at_once_one_is_told(sitting: Sitting, together: Together) -> None:
    done = together(
        lambda: change(sitting, place="Room 1"), lambda: change(sitting, place="Room 2", case_ids=sitting.cases[::-1])
    )
    assert sorted(type(one).__name__ for one in done) == ["Panel", "Stale"]
    assert len(queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)) == 2


def test_somebody_with_a_conflict_in_its_cases_cannot_be_made_the_chair(sitting: Sitting) -> None:
    with transaction():
        db.session.add(membership_of(sitting, sitting.member, Role.PANEL_CHAIR))
    with transaction():
        services.mark_conflict(
            sitting.cases[0],
            sitting.member,
            reason="Supervises the worker.",
            by=sitting.actor(sitting.chair),
            at=clock.now(),
        )
    with pytest.raises(Refused, match=f"Mo Member has a conflict of interest in {sitting.asked.cases[0]}") as refused:
        change(sitting, chair_id=sitting.member, members={})
    assert refused.value.field == "chair"


def test_a_panel_that_somebody_else_changed_is_not_overwritten(sitting: Sitting) -> None:
    change(sitting, place="Room 1")
    with pytest.raises(Stale) as stale:
        change(sitting, place="Room 2")
    assert stale.value.version == 2
    assert db.session.get_one(Panel, sitting.panel_id).place == "Room 1"


def test_a_coordinator_who_sits_on_a_panel_cannot_take_their_own_blindness_off(sitting: Sitting) -> None:
    coordinator = sitting.asked.coordinator
    everybody = {sitting.member: sitting.asked.health, coordinator: None}
    with transaction():
        db.session.add(membership_of(sitting, coordinator, Role.NOTE_TAKER))
    change(sitting, members=everybody)
    released, reference = sitting.asked.cases
    with pytest.raises(Refused, match=f"You sit on this panel, and {released} and {reference} are not agreed yet"):
        change(sitting, version=2)
    with pytest.raises(Refused, match=f"cannot take {reference} off"):
        change(sitting, version=2, members=everybody, case_ids=sitting.cases[:1])
    change(sitting, version=2, members=everybody, case_ids=sitting.cases[::-1])


def test_a_case_released_with_nothing_to_agree_stays_on_its_panel_too(sitting: Sitting) -> None:
    with transaction():
        db.session.execute(delete(AgreedRating))
        db.session.execute(delete(PanelItem))
    with pytest.raises(Refused, match="was released to this panel"):
        change(sitting, case_ids=sitting.cases[1:])


def test_a_released_case_stays_on_its_panel(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="was released to this panel") as refused:
        change(sitting, case_ids=sitting.cases[1:])
    assert refused.value.field == "cases"
    change(sitting, case_ids=sitting.cases[:1])
    assert len(queries.panel_cases(sitting.asked.partnership_id, sitting.panel_id)) == 1


def test_nobody_sits_without_a_role_and_nobody_sits_twice(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="not a member as well"):
        change(sitting, members={sitting.chair: None})
    with pytest.raises(Refused, match="role panel chair"):
        change(sitting, chair_id=sitting.asked.health_auditor, members={})
    with pytest.raises(Refused, match="role panel member or note-taker"):
        change(sitting, members={sitting.asked.police_auditor: sitting.asked.police})


def test_whoever_sits_may_go_on_sitting_though_their_role_has_ended(sitting: Sitting) -> None:
    with transaction():
        db.session.execute(
            update(Membership).where(Membership.person_id == sitting.member).values(until_day=date(2021, 1, 1))
        )
    assert change(sitting).version == 2


def test_a_case_is_on_one_panel_only(sitting: Sitting) -> None:
    with pytest.raises(Refused, match="on another panel already"):
        a_panel(sitting.asked, sitting.cases[1:], chair=sitting.chair, members={})


def test_a_panel_takes_cases_of_its_own_round_alone(sitting: Sitting) -> None:
    other = a_round_with_agencies()
    theirs = db.session.scalars(select(Case.id).where(Case.round_id == other.round_id)).one()
    with pytest.raises(NotHere):
        change(sitting, case_ids=(*sitting.cases, theirs))


def test_a_panel_whose_cases_are_all_agreed_has_been_held(sitting: Sitting) -> None:
    change(sitting, case_ids=sitting.cases[:1])
    finish(sitting)
    with pytest.raises(Refused, match="has been held"):
        change(sitting, version=2)


def test_no_panel_is_planned_for_a_round_that_was_withdrawn(sitting: Sitting) -> None:
    withdraw_round(sitting)
    with pytest.raises(Refused, match="Withdrawn"):
        a_panel(sitting.asked, (), chair=sitting.chair, members={})
