"""What follows an immediate concern: every door of it, its log, and how soon it was answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import DelegatedPartner, Person
from audit_app.accounts.queries import agency_for_change
from audit_app.accounts.rules import Role
from audit_app.cases import queries, services
from audit_app.cases.queries import Took
from audit_app.cases.rules import ConcernState, EntryKind
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_case
from audit_app.messages.models import Message
from audit_app.rounds.models import Round
from config import PROJECT
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor, saved
from tests.factories.cases import SHEET, a_case, a_concern
from tests.factories.following import LINK, Place, a_followed_concern
from tests.fixtures import Clock, CountQueries, Together


@pytest.fixture
def place(app: Flask, clock: Clock) -> Place:
    return a_followed_concern(clock)


def a_partner(place: Place, email: str = "cath@council.example", **more: object) -> DelegatedPartner:
    known = {"name": "Cath Partner", "organisation": "The council", "email": email, **more}
    return saved(DelegatedPartner(partnership_id=place.partnership.id, **known))


def escalated_to(place: Place) -> list[str]:
    db.session.rollback()
    occasion = f"concern {place.concern} not acknowledged"
    return sorted(db.session.scalars(select(Message.recipient).where(Message.occasion == occasion)))


def test_a_concern_tells_the_agency_holding_the_case_too_and_is_due_in_a_working_hour(place: Place) -> None:
    row = place.row()
    assert row.holder_id == place.social_care.id
    assert row.acknowledge_by - row.raised_at == timedelta(hours=1)
    assert row.other_children == "Two younger ones"
    told = set(db.session.scalars(select(Message.recipient)))
    assert {place.social_care.contact_email, place.social_care.deputy_email, place.coordinator.email} <= told


def test_a_concern_goes_from_hand_to_hand_and_every_step_stands_in_its_log(place: Place) -> None:
    place.clock.forward(minutes=20)
    place.acknowledged()
    place.acknowledged()  # a second press
    place.does(services.add_note, place.auditor, words="The visit is at four")()
    place.does(services.add_note, place.auditor, words="The visit is at four")()
    place.clock.forward(hours=2)
    first = place.outcome()
    place.does(services.disagree_with_outcome, place.auditor, seen=first, words="The baby was not seen")()
    assert (place.row().state, place.row().outcome_at) == (ConcernState.ACKNOWLEDGED, None)
    second = place.outcome("The baby was seen as well")
    place.does(services.agree_with_outcome, place.contact, seen=second)()
    assert place.log() == ["acknowledged", "note", "outcome", "disagreed", "outcome", "agreed"]
    assert place.row().closed_by_name == "Sam Contact"
    assert place.deeds()[1:] == [
        "concern_acknowledged",
        "concern_updated",
        "concern_outcome_recorded",
        "concern_reopened",
        "concern_outcome_recorded",
        "concern_closed",
    ]
    written = " ".join(deed.words for deed in deeds_of_case(place.partnership.id, place.case.id))
    assert not any(secret in written for secret in ("baby", "four", "food"))


def test_a_closed_concern_is_closed_on_every_door(place: Place) -> None:
    place.acknowledged()
    place.does(services.agree_with_outcome, place.auditor, seen=place.outcome())()
    for deed, by, facts in (
        (services.add_note, place.contact, {"words": "Late"}),
        (services.record_outcome, place.social_worker, {"words": "Other"}),
        (services.agree_with_outcome, place.coordinator, {"seen": 1}),
        (services.disagree_with_outcome, place.coordinator, {"seen": 1, "words": "No"}),
        (services.choose_holder, place.coordinator, {"agency_id": place.health.id, "link": LINK}),
        (services.open_identity_for_concern, place.contact, {}),
        (services.acknowledge_concern, place.contact, {}),
    ):
        with pytest.raises(Refused, match="is closed"):
            place.does(deed, by, **facts)()
    assert place.log()[-1] == EntryKind.AGREED


def test_nobody_does_what_is_anothers_part(place: Place) -> None:
    for deed, by, facts, why in (
        (services.acknowledge_concern, place.auditor, {}, "Only those who were told"),
        (services.acknowledge_concern, place.scrutineer, {}, "Only those who were told"),
        (services.open_identity_for_concern, place.auditor, {}, "Only the safeguarding contacts"),
        (services.open_identity_for_concern, place.scrutineer, {}, "Only the safeguarding contacts"),
        (services.add_note, place.scrutineer, {"words": "Hm"}, "but not add"),
        (services.record_outcome, place.coordinator, {"words": "Done"}, "The agency holding the case"),
        (services.agree_with_outcome, place.social_worker, {"seen": 1}, "yours recorded"),
        (services.agree_with_outcome, place.coordinator, {"seen": 1}, "only where nobody of another"),
        (services.disagree_with_outcome, place.coordinator, {"seen": 1, "words": "No"}, "only where nobody of another"),
        (services.choose_holder, place.auditor, {"agency_id": place.health.id, "link": LINK}, "which agency holds"),
    ):
        with pytest.raises(Refused, match=why):
            place.does(deed, by, **facts)()
    assert place.log() == []


def test_outsiders_find_no_concern_on_any_door(place: Place) -> None:
    elsewhere = a_partnership()
    other = an_agency(place.partnership)
    outsiders = (
        as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere),
        as_actor(a_member(place.partnership, Role.AUDITOR, agency=other), place.partnership),
        as_actor(a_member(place.partnership, Role.ADMINISTRATOR), place.partnership),
    )
    doors: tuple[tuple[Callable[..., object], dict[str, object]], ...] = (
        (services.acknowledge_concern, {}),
        (services.add_note, {"words": "Hm"}),
        (services.choose_holder, {"agency_id": other.id, "link": LINK}),
        (services.record_outcome, {"words": "Done"}),
        (services.agree_with_outcome, {"seen": 1}),
        (services.disagree_with_outcome, {"seen": 1, "words": "No"}),
        (services.open_identity_for_concern, {}),
    )
    for outsider in outsiders:
        assert queries.open_concerns_told(outsider) == []
        for deed, facts in doors:
            with pytest.raises(NotHere):
                place.does(deed, outsider, **facts)()
    with pytest.raises(NotHere):
        place.does(services.choose_holder, place.coordinator, agency_id=an_agency(elsewhere).id, link=LINK)()


def test_an_outcome_that_nobody_had_acknowledged_is_an_acknowledgement(place: Place) -> None:
    place.outcome()
    assert place.row().acknowledged_by_name == "Wil Worker"
    assert place.outcome() == place.outcome()  # the same words sent again


def test_one_agrees_only_with_the_outcome_that_one_read(place: Place) -> None:
    first = place.outcome()
    place.does(services.disagree_with_outcome, place.auditor, seen=first, words="Not enough")()
    place.outcome("More was done")
    with pytest.raises(Refused, match="Another outcome was recorded meanwhile"):
        place.does(services.agree_with_outcome, place.contact, seen=first)()


def test_nobody_agrees_with_an_outcome_that_they_recorded_themselves(place: Place) -> None:
    seen = place.outcome()
    with transaction():
        place.row().holder_id = place.health.id  # their own agency holds the case no longer
    with pytest.raises(Refused, match="You recorded the outcome yourself"):
        place.does(services.agree_with_outcome, place.social_worker, seen=seen)()
    colleague = as_actor(a_member(place.partnership, Role.AUDITOR, agency=place.social_care), place.partnership)
    place.does(services.agree_with_outcome, colleague, seen=seen)()
    assert place.row().state is ConcernState.CLOSED


def test_a_coordinator_agrees_only_where_no_other_agency_is_asked(place: Place) -> None:
    alone = a_case(db.session.get_one(Round, place.case.round_id), place.social_care)
    found = a_concern(alone, db.session.get_one(Person, place.coordinator.id), holder_id=place.social_care.id)
    own = replace(place, concern=found.id)
    seen = own.outcome()
    own.does(services.agree_with_outcome, place.coordinator, seen=seen)()
    assert own.row().state is ConcernState.CLOSED
    raised_for_health = a_concern(
        alone, db.session.get_one(Person, place.auditor.id), place.health, holder_id=place.social_care.id
    )
    other = replace(place, concern=raised_for_health.id)
    seen = other.outcome()
    with pytest.raises(Refused, match="Someone of another agency agrees"):
        other.does(services.agree_with_outcome, place.coordinator, seen=seen)()
    other.does(services.agree_with_outcome, place.contact, seen=seen)()
    assert other.row().state is ConcernState.CLOSED


def test_whoever_was_told_opens_the_identity_at_once_and_each_look_is_recorded(place: Place) -> None:
    for viewer in (place.contact, place.coordinator):
        opened = place.does(services.open_identity_for_concern, viewer)()
        assert opened.sheet == SHEET  # type: ignore[attr-defined]
    assert place.log() == [EntryKind.IDENTITY_OPENED] * 2
    assert place.deeds()[1:] == ["identity_opened_for_concern"] * 2


def test_a_sheet_that_nobody_completed_opens_and_one_that_was_destroyed_says_so(place: Place) -> None:
    with transaction():
        queries.identity_for_change(place.partnership.id, place.case.id).sheet = None
    opened = place.does(services.open_identity_for_concern, place.contact)()
    assert opened.sheet.born_on == "2019-05-03"  # type: ignore[attr-defined]
    with transaction():
        db.session.delete(queries.identity_for_change(place.partnership.id, place.case.id))
    with pytest.raises(Refused, match="has been destroyed"):
        place.does(services.open_identity_for_concern, place.contact)()


def test_another_agency_may_be_said_to_hold_the_case_and_its_contacts_are_told(place: Place) -> None:
    other = an_agency(place.partnership, short_name="Elsewhere")
    place.does(services.choose_holder, place.coordinator, agency_id=other.id, link=LINK)()
    place.does(services.choose_holder, place.coordinator, agency_id=other.id, link=LINK)()
    assert place.log() == [EntryKind.HOLDER_CHOSEN]
    assert other.contact_email in set(db.session.scalars(select(Message.recipient)))
    with pytest.raises(Refused, match="holding the case records"):
        place.outcome()


def test_what_nobody_acknowledged_in_time_goes_on_to_the_delegated_partner_once(place: Place) -> None:
    own, other = a_partner(place), a_partner(place, "pat@police.example")
    with transaction():
        agency_for_change(place.partnership.id, place.health.id).delegated_partner_id = own.id
    services.escalate_unacknowledged()
    assert escalated_to(place) == []
    place.clock.forward(minutes=61)
    reader = a_member(place.partnership, Role.BOARD_MEMBER)
    with transaction():
        reader.email, other_email = own.email, other.email
    for _ in range(2):
        services.escalate_unacknowledged()
    assert escalated_to(place) == [own.email] != [other_email]
    assert place.log() == [EntryKind.ESCALATED]
    mail = db.session.scalars(select(Message).where(Message.recipient == own.email)).one()
    for secret in (place.case.reference, "food", "duty team", place.health.name, "Robin"):
        assert secret not in mail.subject + (mail.body or "")
    partner = as_actor(reader, place.partnership)
    with pytest.raises(Refused, match="Only the safeguarding contacts"):
        place.does(services.open_identity_for_concern, partner)()
    place.acknowledged(partner)
    assert place.row().state is ConcernState.ACKNOWLEDGED


def test_without_a_partner_of_its_own_all_are_told_and_without_any_it_waits(place: Place) -> None:
    place.clock.set(datetime(2026, 3, 4, 17, 30, tzinfo=UTC))
    services.escalate_unacknowledged()
    assert (place.row().escalated_at, place.log()) == (None, [])
    gone = a_partner(place, "gone@council.example", ended_on=place.clock.at.date())
    a_partner(place)
    a_partner(place, "pat@police.example")
    with transaction():
        agency_for_change(place.partnership.id, place.health.id).delegated_partner_id = gone.id
    services.escalate_unacknowledged()
    assert escalated_to(place) == ["cath@council.example", "pat@police.example"]


def test_what_was_acknowledged_goes_no_further(place: Place) -> None:
    a_partner(place)
    place.acknowledged()
    place.clock.forward(days=3)
    services.escalate_unacknowledged()
    assert escalated_to(place) == []


def test_two_who_acknowledge_at_once_are_one_and_the_other_reads_who(place: Place, together: Together) -> None:
    both = (place.does(services.acknowledge_concern, one) for one in (place.contact, place.coordinator))
    results = together(*both)
    assert [type(one) for one in results if one is not None] == [Refused]
    assert place.log() == [EntryKind.ACKNOWLEDGED]


def test_agreeing_and_disagreeing_at_once_are_one_of_them(place: Place, together: Together) -> None:
    seen = place.outcome()
    results = together(
        place.does(services.agree_with_outcome, place.contact, seen=seen),
        place.does(services.disagree_with_outcome, place.auditor, seen=seen, words="No"),
    )
    assert [type(one) for one in results if one is not None] == [Refused]
    assert place.row().state is (ConcernState.CLOSED if place.log()[-1] == "agreed" else ConcernState.ACKNOWLEDGED)


def test_response_times_are_counted_by_the_database(place: Place, count_queries: CountQueries) -> None:
    at, raiser = place.clock.at, a_member(place.partnership, Role.AUDITOR, agency=place.health)
    for minutes in (10, 20, 60, 90):
        acknowledged = at + timedelta(minutes=minutes)
        more: dict[str, Any] = {
            "acknowledged_at": acknowledged,
            "acknowledged_by_name": "Kim",
            "state": ConcernState.ACKNOWLEDGED,
        }
        a_concern(place.case, raiser, **more)
    a_concern(place.case, raiser, raised_at=at - timedelta(days=400))
    with count_queries() as counted:
        times = queries.response_times(place.partnership.id, at=at)
    assert counted.count == 1
    assert (times.raised, times.in_time) == (5, 3)
    assert times.acknowledged == Took(4, 2400, 5400)
    assert times.closed == Took(0, None, None)


def test_only_one_who_was_told_reads_of_an_open_concern_on_each_page(place: Place) -> None:
    place.acknowledged()
    for viewer in (place.contact, place.coordinator, place.auditor, place.social_worker, place.scrutineer):
        assert [one.acknowledged_by for one in queries.open_concerns_told(viewer)] == ["Sam Contact"]
    place.does(services.agree_with_outcome, place.auditor, seen=place.outcome())()
    assert queries.open_concerns_told(place.contact) == []
    person = a_member(place.partnership, Role.COORDINATOR)
    assert not as_actor(person, place.partnership).partnership.has_open_concerns


def test_nothing_in_the_code_deletes_or_changes_a_line_of_the_log() -> None:
    code = "\n".join(path.read_text() for path in Path(PROJECT / "audit_app").rglob("*.py"))
    for forbidden in ("delete(Concern", "delete(ConcernEntry", "update(Concern", "update(ConcernEntry"):
        assert forbidden not in code
