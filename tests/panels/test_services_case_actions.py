"""Actions about one child: raised, done, sent back, moved, withdrawn; who reads them; and closing the round."""

from datetime import date

import pytest
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.models import HistoryEvent
from audit_app.history.queries import deeds_on
from audit_app.messages.models import Message
from audit_app.panels import queries, services
from audit_app.panels.models import CaseAction
from audit_app.panels.queries import CaseActionFilter
from audit_app.panels.rules import CaseActionCounts, CaseActionState
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.case_actions import (
    NOW,
    OUTCOME,
    WORDS,
    a_lead,
    be,
    done,
    moved,
    raised,
    sent_back,
    the_action,
    withdrawn,
)
from tests.factories.panels import Sitting, round_state
from tests.fixtures import Clock, Together

TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.set(NOW)


def mails(words: str) -> list[Message]:
    query = select(Message).where(Message.occasion.contains(words)).order_by(Message.recipient)
    return list(db.session.scalars(query))


def test_an_action_is_due_so_many_working_days_later_and_its_agency_is_told_of_no_case(sitting: Sitting) -> None:
    lead, auditor = a_lead(sitting, sitting.asked.health), sitting.actor(sitting.asked.health_auditor)
    action = raised(sitting, days=5)
    kept = the_action(action)
    assert (kept.due_on, kept.state, kept.raised_by_name) == (date(2026, 3, 11), CaseActionState.OPEN, "Chris Chair")
    told = mails("case action")
    assert {one.recipient for one in told} == {lead.email, auditor.email}
    for mail in told:
        written = f"{mail.subject}{mail.body}"
        assert "by 11 March 2026" in written
        assert sitting.asked.cases[0] not in written
        assert WORDS not in written
    agency = db.session.get_one(Agency, sitting.asked.health).name
    deeds = deeds_on(sitting.asked.partnership_id, "case_action", action.id)
    assert [one.words for one in deeds] == [f"Chris Chair raised an action about {sitting.asked.cases[0]} for {agency}"]


def test_chair_note_taker_and_coordinator_raise_actions_and_nobody_else(sitting: Sitting) -> None:
    for person in (sitting.chair, sitting.note_taker, sitting.asked.coordinator):
        assert raised(sitting, by=person).raised_by_id == person
    for person in (sitting.member, sitting.asked.health_auditor):
        with pytest.raises(NotHere):
            raised(sitting, by=person)
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    with pytest.raises(NotHere):
        raised(sitting, by=a_member(partnership, Role.PANEL_CHAIR).id)


def test_only_an_agency_asked_about_a_released_case_is_asked_to_do_something(sitting: Sitting) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    with pytest.raises(Refused, match="agency that was asked") as refusal:
        raised(sitting, agency=an_agency(partnership).id)
    assert refusal.value.field == "agency"
    with pytest.raises(Refused, match="once the case is released"):
        raised(sitting, case=1)
    be(sitting, RoundState.CLOSED)
    with pytest.raises(Refused, match="until the round is closed"):
        raised(sitting)


def test_the_agency_records_what_it_did(sitting: Sitting) -> None:
    action, lead = raised(sitting), a_lead(sitting, sitting.asked.health)
    done(sitting, action, by=lead.id)
    kept = the_action(action)
    assert (kept.state, kept.outcome, kept.done_on, kept.done_by_name) == (
        CaseActionState.DONE,
        OUTCOME,
        TODAY,
        "Lee Lead",
    )
    with pytest.raises(Refused, match="cannot go to “Done”"):
        done(sitting, action)


def test_nobody_else_records_it_for_the_agency(sitting: Sitting) -> None:
    action = raised(sitting)
    people = (sitting.asked.police_auditor, sitting.asked.coordinator, sitting.chair, sitting.member)
    for person in (*people, a_lead(sitting, sitting.asked.police).id):
        with pytest.raises(NotHere):
            done(sitting, action, by=person)
    assert the_action(action).state is CaseActionState.OPEN


def test_what_is_sent_back_is_open_again_with_the_reason_and_its_agency_is_told(sitting: Sitting) -> None:
    action = raised(sitting)
    with pytest.raises(Refused, match="cannot go to “Open”"):
        sent_back(sitting, action)
    done(sitting, action)
    with pytest.raises(Refused, match="still to be done"):
        sent_back(sitting, action, reason="")
    sent_back(sitting, action, reason="Who takes her?", by=sitting.chair)
    kept = the_action(action)
    assert (kept.state, kept.done_on, kept.reason, kept.outcome) == (
        CaseActionState.OPEN,
        None,
        "Who takes her?",
        OUTCOME,
    )
    assert len(mails("back")) == 1
    assert "Who takes her?" not in str(mails("back")[0].body)
    done(sitting, action)
    sent_back(sitting, action)
    assert len(mails("back")) == 2, "each time is told"


def test_another_day_due_keeps_the_earlier_one_with_its_reason(sitting: Sitting) -> None:
    action = raised(sitting)
    seen = action.version
    moved(sitting, action, date(2026, 3, 20), version=seen)
    moves = queries.due_changes_of(sitting.asked.partnership_id, action.id)
    assert [(one.from_day, one.to_day, one.reason) for one in moves] == [
        (date(2026, 3, 11), date(2026, 3, 20), "A strike.")
    ]
    with pytest.raises(Stale) as stale:
        moved(sitting, action, date(2026, 3, 25), version=seen)
    assert stale.value.theirs == {"due_on": "20 March 2026"}
    with pytest.raises(Refused, match="The earlier day is kept"):
        moved(sitting, the_action(action), date(2026, 3, 25), reason="")
    deed = deeds_on(sitting.asked.partnership_id, "case_action", action.id)[0]
    assert deed.words.endswith("from 11 March 2026 to 20 March 2026, with a reason")


def test_what_is_withdrawn_stays_readable_and_ends(sitting: Sitting) -> None:
    action = raised(sitting)
    with pytest.raises(Refused, match="Say why"):
        withdrawn(sitting, action, reason="")
    withdrawn(sitting, action)
    assert the_action(action).reason == "Done before."
    with pytest.raises(Refused):
        done(sitting, action)
    with pytest.raises(Refused):
        moved(sitting, the_action(action), date(2026, 4, 1))


def test_only_the_coordinator_and_the_chair_of_the_panel_decide(sitting: Sitting) -> None:
    action = raised(sitting)
    for person in (sitting.note_taker, sitting.member, sitting.asked.health_auditor):
        with pytest.raises(NotHere):
            moved(sitting, action, date(2026, 4, 1), by=person)
        with pytest.raises(NotHere):
            withdrawn(sitting, action, by=person)


def readers(sitting: Sitting) -> dict[str, Viewer]:
    asked = sitting.asked
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    other = an_agency(partnership)
    people = {role.value: a_member(partnership, role) for role in (Role.SCRUTINEER, Role.KEY_HOLDER, Role.BOARD_MEMBER)}
    outsiders = a_member(partnership, Role.AUDITOR, Role.AGENCY_LEAD, Role.PANEL_MEMBER, agency=other)
    mine = {name: as_actor(person, partnership) for name, person in {**people, "outsider": outsiders}.items()}
    lead = a_lead(sitting, asked.police)
    known = {"coordinator": asked.coordinator, "chair": sitting.chair, "member": sitting.member, "lead": lead.id}
    known |= {"auditor": asked.police_auditor, "note-taker": sitting.note_taker}
    return mine | {name: sitting.actor(person) for name, person in known.items()}


def test_only_the_agencies_asked_those_who_run_and_check_and_the_panel_read_an_action(sitting: Sitting) -> None:
    action = raised(sitting)
    found = {}
    for name, viewer in readers(sitting).items():
        listed = queries.case_actions(viewer, CaseActionFilter(), today=TODAY).lines
        of_case = queries.case_actions_of_case(viewer, sitting.cases[0], today=TODAY)
        assert [one.id for one in listed] == [one.id for one in of_case]
        found[name] = [one.id for one in listed] == [action.id]
    hidden = {"key_holder", "board_member", "outsider"}
    assert {name for name, is_seen in found.items() if not is_seen} == hidden
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, *Role, agency=an_agency(elsewhere)), elsewhere)
    with pytest.raises(NotHere):
        queries.case_action(stranger, action.id, today=TODAY)


def test_lists_are_filtered_and_count_what_is_owed(sitting: Sitting) -> None:
    viewer, police = sitting.actor(sitting.asked.health_auditor), sitting.asked.police
    late, soon = raised(sitting, days=1), raised(sitting, days=9)
    other, finished = raised(sitting, agency=police), raised(sitting)
    done(sitting, finished)
    day = date(2026, 3, 6)

    def listed(**more: object) -> list[int]:
        only = CaseActionFilter(**more)  # type: ignore[arg-type]
        return [one.id for one in queries.case_actions(viewer, only, today=day).lines]

    assert listed() == [late.id, other.id, soon.id]
    assert listed(is_late=True) == [late.id]
    assert listed(is_own=True) == [late.id, soon.id]
    assert listed(state=CaseActionState.DONE) == [finished.id]
    assert listed(round_reference="elsewhere") == listed(case_reference=sitting.asked.cases[1]) == []
    owed = queries.case_actions_owed(viewer, today=day, is_own=True)
    assert (owed.late, owed.to_come, owed.next_due_on) == (1, 1, soon.due_on)
    assert queries.case_actions_owed(viewer, today=day, is_own=False).to_come == 2
    counts = queries.case_action_counts(sitting.asked.partnership_id, [sitting.asked.round_id], today=day)
    assert counts == {sitting.asked.round_id: CaseActionCounts(open=3, late=1, done=1)}
    published = queries.published_case_action_counts
    assert published(sitting.asked.partnership_id, "", today=day) == CaseActionCounts()
    be(sitting, RoundState.PUBLISHED)
    assert published(sitting.asked.partnership_id, sitting.asked.reference, today=day) == CaseActionCounts(3, 1, 1)


# closing the round


def close(sitting: Sitting, reason: str = "", by: int | None = None) -> None:
    with transaction():
        services.close_round(sitting.asked.round_id, reason=reason, by=sitting.actor(by or sitting.asked.coordinator))


def test_a_published_round_with_nothing_open_closes_without_a_reason(sitting: Sitting) -> None:
    done(sitting, raised(sitting))
    withdrawn(sitting, raised(sitting))
    with pytest.raises(Refused, match="cannot go to “Closed”"):
        close(sitting)
    be(sitting, RoundState.PUBLISHED)
    with pytest.raises(NotHere):
        close(sitting, by=sitting.chair)
    close(sitting)
    assert round_state(sitting) is RoundState.CLOSED
    with pytest.raises(Refused):
        close(sitting)


def test_a_round_closes_over_an_open_action_only_with_the_reason_of_somebody_named(sitting: Sitting) -> None:
    action, finished = raised(sitting), raised(sitting)
    done(sitting, finished)
    be(sitting, RoundState.PUBLISHED)
    with pytest.raises(Refused, match="1 action about a child is open") as refusal:
        close(sitting)
    assert refusal.value.field == "reason"
    assert round_state(sitting) is RoundState.PUBLISHED
    close(sitting, reason="The reviewing officer sees to it.")
    kept = the_action(action)
    assert (kept.left_open_reason, kept.left_open_by_name, kept.state) == (
        "The reviewing officer sees to it.",
        "Cora Ordinator",
        CaseActionState.OPEN,
    )
    assert the_action(finished).left_open_reason == ""
    events = db.session.scalars(select(HistoryEvent.event).where(HistoryEvent.event == "case_action_left_open")).all()
    assert len(events) == 1
    with pytest.raises(Refused, match="nothing is sent back"):
        sent_back(sitting, finished)
    assert done(sitting, action).state is CaseActionState.DONE, "the child still comes first"


def test_an_action_raised_while_the_round_is_closed_is_either_refused_or_asks_for_a_reason(
    sitting: Sitting, together: Together
) -> None:
    be(sitting, RoundState.PUBLISHED)
    chair, coordinator = sitting.actor(sitting.chair), sitting.actor(sitting.asked.coordinator)

    def raising() -> None:
        with transaction():
            services.raise_case_action(
                sitting.asked.cases[0],
                agency_id=sitting.asked.health,
                words=WORDS,
                working_days=3,
                link="",
                by=chair,
                at=NOW,
            )

    def closing() -> None:
        with transaction():
            services.close_round(sitting.asked.round_id, reason="", by=coordinator)

    results = together(raising, closing)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
    db.session.rollback()
    is_open = db.session.scalars(select(CaseAction)).all() != []
    assert is_open is (round_state(sitting) is RoundState.PUBLISHED)
