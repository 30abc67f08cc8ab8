"""Reading all cases side by side: what one proposes counts once the other confirmed it, and both end it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from audit_app.accounts.rules import Role
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_round
from audit_app.messages.models import Message
from audit_app.panels import services
from audit_app.panels.models import PanelConflict, PanelRoom
from audit_app.panels.rules import AgreedHow, ChangeState
from audit_app.rounds import services as round_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, as_actor, saved
from tests.factories.moderation import (
    NOTE,
    Moderation,
    confirm,
    past_its_panel,
    propose,
    say_done,
    set_plan,
    the_change,
    the_round,
)
from tests.factories.panels import a_decision, a_sitting, agree, agreed_rows, finish, last_deed, round_state, the_case
from tests.factories.rounds import a_planned_round
from tests.fixtures import Prepared, Together


@pytest.fixture
def moderation(prepared: Prepared) -> Moderation:
    return prepared("a round in moderation", past_its_panel)


def revision(moderation: Moderation) -> int:
    db.session.rollback()
    query = select(PanelRoom.revision).where(PanelRoom.panel_id == moderation.sitting.panel_id)
    found = db.session.scalars(query).one()
    db.session.rollback()
    return found


def test_a_new_round_is_moderated_and_has_its_facts_checked_for_ten_working_days(prepared: Prepared) -> None:
    partnership = prepared("a partnership", a_partnership)
    by = a_member(partnership, Role.COORDINATOR)
    with transaction():
        made = round_services.create_round(
            title="Neglect", reference="N26", by=as_actor(by, partnership), at=clock.now()
        )
    assert (made.is_moderated, made.accuracy_days, made.moderated_with_id) == (True, 10, None)


def test_a_round_is_moderated_once_its_last_case_is_agreed(moderation: Moderation) -> None:
    assert round_state(moderation.sitting) is RoundState.MODERATION
    assert the_case(moderation.sitting).state is CaseState.AGREED
    with pytest.raises(Refused, match="while a case is at panel"):
        agree(moderation.sitting, a_decision(moderation.sitting, moderation.item(), "good", reason="Other words."))


def test_a_change_stands_as_proposed_until_the_other_confirms_it(moderation: Moderation) -> None:
    before, seen = moderation.item(), revision(moderation)
    change_id = propose(moderation)
    assert the_change(change_id).state is ChangeState.PROPOSED
    assert moderation.item().agreed == before.agreed
    with pytest.raises(Refused, match="counts once the other of you"):
        confirm(moderation, change_id, by=moderation.chair)
    confirm(moderation, change_id)
    earlier, current = agreed_rows(before.id)
    assert (earlier.is_current, earlier.how) == (False, AgreedHow.ON_PAPER)
    assert (current.is_current, current.how) == (True, AgreedHow.MODERATED)
    assert (current.reason, current.changed_because, current.agreed_by_id) == (
        "Nobody asked.",
        "The same facts were rated lower elsewhere.",
        moderation.other,
    )
    kept = the_change(change_id)
    assert (kept.state, kept.proposed_by_id, kept.decided_by_id) == (
        ChangeState.CONFIRMED,
        moderation.chair,
        moderation.other,
    )
    assert revision(moderation) == seen + 1
    assert the_case(moderation.sitting).state is CaseState.AGREED
    reference = the_case(moderation.sitting).reference
    assert last_deed(moderation.sitting) == (
        f"Olu Other confirmed a change of the agreed rating of A04 Harm was weighed for {reference}, "
        "so that cases are rated alike"
    )


def test_the_other_proposes_too_and_a_chair_confirms(moderation: Moderation) -> None:
    confirm(moderation, propose(moderation, by=moderation.other), by=moderation.chair)
    assert len(agreed_rows(moderation.item().id)) == 2


def test_two_who_confirm_at_once_change_it_once(moderation: Moderation, together: Together) -> None:
    change_id = propose(moderation)
    results = together(lambda: confirm(moderation, change_id), lambda: confirm(moderation, change_id))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
    assert len(agreed_rows(moderation.item().id)) == 2


def test_confirming_and_taking_back_at_once_do_one_of_the_two(moderation: Moderation, together: Together) -> None:
    change_id = propose(moderation)

    chair = moderation.actor(moderation.chair)

    def take_back() -> None:
        with transaction():
            services.take_change_back(change_id, by=chair, at=clock.now())

    results = together(lambda: confirm(moderation, change_id), take_back)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
    is_confirmed = the_change(change_id).state is ChangeState.CONFIRMED
    assert len(agreed_rows(moderation.item().id)) == (2 if is_confirmed else 1)


def test_two_who_propose_at_once_leave_one_proposal(moderation: Moderation, together: Together) -> None:
    results = together(lambda: propose(moderation), lambda: propose(moderation, by=moderation.other))
    assert sorted(type(result).__name__ for result in results) == ["Refused", "int"]


def test_a_change_that_is_not_confirmed_changes_nothing_and_says_why(moderation: Moderation) -> None:
    change_id = propose(moderation)

    other = moderation.actor(moderation.other)

    def decline(words: str) -> None:
        with transaction():
            services.decline_change(change_id, words=words, by=other, at=clock.now())

    with pytest.raises(Refused, match="Say why you do not confirm it") as refused:
        decline("")
    assert refused.value.field == "words"
    decline("The facts differ.")
    assert (the_change(change_id).state, the_change(change_id).decided_words) == (
        ChangeState.DECLINED,
        "The facts differ.",
    )
    assert len(agreed_rows(moderation.item().id)) == 1
    with pytest.raises(Refused, match="decided already"):
        confirm(moderation, change_id)
    propose(moderation)  # and it can be proposed again


def test_strangers_to_it_and_those_with_an_interest_change_nothing(moderation: Moderation) -> None:
    for person in (moderation.coordinator, moderation.scrutineer, moderation.sitting.member):
        with pytest.raises(Refused, match="whoever is named to read with them"):
            propose(moderation, by=person)
    saved(
        PanelConflict(
            partnership_id=moderation.sitting.asked.partnership_id,
            case_id=moderation.sitting.cases[0],
            person_id=moderation.chair,
            reason="Their own case.",
            marked_at=clock.now(),
            marked_by_id=moderation.coordinator,
        )
    )
    with pytest.raises(Refused, match="conflict of interest"):
        propose(moderation)
    propose(moderation, case=1)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reason": ""}, "Give the panel's reason"),
        ({"changed_because": ""}, "Say why the agreed rating is changed"),
        ({"level_id": 0}, "Choose one of the answers shown"),
        ({"version": 99}, "Somebody changed this while you were reading"),
        ({}, "This is what is agreed already"),
    ],
)
def test_a_change_that_lacks_something_is_refused(
    moderation: Moderation, more: dict[str, object], sentence: str
) -> None:
    kept = a_decision(moderation.sitting, moderation.item(), changed_because="Alike.")
    decision = replace(kept, **more)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=sentence), transaction():
        services.propose_change(
            moderation.sitting.cases[0], decision, by=moderation.actor(moderation.chair), at=clock.now()
        )


def test_moderation_is_done_once_both_have_said_so_and_agencies_check_facts_then(moderation: Moderation) -> None:
    assert say_done(moderation, moderation.chair) is False
    assert round_state(moderation.sitting) is RoundState.MODERATION
    with pytest.raises(Refused, match="said so already"):
        say_done(moderation, moderation.chair)
    assert say_done(moderation, moderation.other) is True
    assert round_state(moderation.sitting) is RoundState.ACCURACY_CHECK
    assert the_round(moderation.sitting).accuracy_due_on is not None
    asked = moderation.sitting.asked
    said = [deed.words for deed in deeds_of_round(asked.partnership_id, asked.round_id, limit=4)]
    assert any("were asked to check the facts" in words for words in said)
    recipients = set(db.session.scalars(select(Message.recipient).where(Message.subject.like("Check the facts%"))))
    assert len(recipients) == 3  # two auditors and the lead of health
    with pytest.raises(Refused, match="until moderation is done"):
        propose(moderation)


def test_moderation_waits_for_what_is_proposed_and_wants_a_note(moderation: Moderation) -> None:
    change_id = propose(moderation)
    with pytest.raises(Refused, match="1 change is proposed and not decided"):
        say_done(moderation, moderation.other)
    confirm(moderation, change_id)
    with pytest.raises(Refused, match="what you looked at"), transaction():
        services.end_moderation(
            moderation.sitting.asked.round_id, note="", by=moderation.actor(moderation.other), at=clock.now()
        )
    assert NOTE
    assert say_done(moderation, moderation.other) is False


def test_both_who_say_so_at_once_move_the_round_once(moderation: Moderation, together: Together) -> None:
    results = together(lambda: say_done(moderation, moderation.chair), lambda: say_done(moderation, moderation.other))
    assert sorted(results) == [False, True]
    assert round_state(moderation.sitting) is RoundState.ACCURACY_CHECK


@pytest.mark.parametrize(
    ("is_moderated", "days", "state"),
    [(False, 10, RoundState.ACCURACY_CHECK), (False, 0, RoundState.REPORTING), (True, 0, RoundState.MODERATION)],
)
def test_what_the_plan_leaves_out_is_left_out(
    prepared: Prepared, is_moderated: bool, days: int, state: RoundState
) -> None:
    sitting = prepared("one case at panel", lambda: a_sitting(cases=1))
    set_plan(sitting, is_moderated=is_moderated, accuracy_days=days)
    finish(sitting)
    assert round_state(sitting) is state


def test_the_coordinator_names_the_one_other_and_nobody_else_does(moderation: Moderation) -> None:
    asked = moderation.sitting.asked
    person = moderation.sitting.note_taker

    def name(who: int, by: int) -> None:
        actor = moderation.actor(by)
        with transaction():
            services.name_reader(asked.round_id, person_id=who, by=actor)

    name(person, moderation.coordinator)
    assert the_round(moderation.sitting).moderated_with_id == person
    with pytest.raises(Refused, match="chairs all panels"):
        name(moderation.chair, moderation.coordinator)
    with pytest.raises(Refused, match="who sits on panels or coordinates"):
        name(moderation.health_lead, moderation.coordinator)
    with pytest.raises(NotHere):
        name(person, moderation.chair)
    with pytest.raises(Refused, match="whoever is named to read"):
        propose(moderation, by=moderation.other)  # who is it no more


def test_what_is_elsewhere_is_not_there(moderation: Moderation) -> None:
    stranger = a_planned_round(a_partnership()).id
    assert db.session.get(Round, stranger) is not None
    with pytest.raises(NotHere), transaction():
        services.name_reader(stranger, person_id=moderation.other, by=moderation.actor(moderation.coordinator))
    for deed in (services.confirm_change, services.take_change_back):
        with pytest.raises(NotHere), transaction():
            deed(999, by=moderation.actor(moderation.other), at=clock.now())
