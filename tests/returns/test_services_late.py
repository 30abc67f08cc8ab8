"""What is done about returns that are owed: reminding, asking another, more time, and the ladder by itself."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from audit_app.accounts.models import Agency, DelegatedPartner, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.models import HistoryEvent
from audit_app.messages.models import Message
from audit_app.returns import queries, services
from audit_app.returns.models import AgencyReturn, ReturnExtension, ReturnReminder
from audit_app.returns.queries import Picked
from audit_app.returns.rules import Known, Rung
from audit_app.returns.services import Reminded
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, saved
from tests.factories.returns import Asked, a_round_with_agencies, hand_over, say, the_return
from tests.fixtures import Clock, Together

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LINK = "http://service.example/returns"
ALL = Picked(is_late=True)


@pytest.fixture
def late(asked: Asked, clock: Clock) -> Asked:
    """Two cases whose four returns were due two days ago."""
    due(asked.returns[asked.health] + asked.returns[asked.police], date(2026, 3, 2))
    return asked


def due(returns: Iterable[int], day: date) -> None:
    with transaction():
        db.session.execute(update(AgencyReturn).where(AgencyReturn.id.in_(list(returns))).values(due_on=day))


def remind(asked: Asked, picked: Picked = ALL, at: datetime = NOW) -> Reminded:
    with transaction():
        return services.remind(asked.round_id, picked, link=LINK, by=asked.actor(asked.coordinator), at=at)


def mails(prefix: str = "") -> dict[str, Message]:
    """The mails since the cases were sent, by recipient's name, of occasions that hold these words."""
    names = {person.email: person.name for person in db.session.scalars(select(Person))}
    found = db.session.scalars(select(Message).where(Message.occasion.contains(prefix)).order_by(Message.id))
    return {names.get(one.recipient, one.recipient): one for one in found if " asked " not in one.occasion}


def name_of(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name


def test_everyone_who_is_late_is_reminded_once_a_day_without_a_word_about_a_case(late: Asked) -> None:
    health, police = name_of(late.health_auditor), name_of(late.police_auditor)
    hand_over(late.returns[late.health][0], late.actor(late.health_auditor))
    assert remind(late).told == sorted([health, police])
    written = {name: f"{mail.subject}{mail.body}" for name, mail in mails().items()}
    assert "asked for 1 return, 1 of them late" in written[health]
    assert "asked for 2 returns, 2 of them late. The first was due on 2 March 2026" in written[police]
    assert not any(case in text for case in late.cases for text in written.values())
    again = remind(late, at=NOW + timedelta(hours=5))
    assert (again.told, again.told_before) == ([], sorted([health, police]))
    assert len(mails()) == 2
    assert remind(late, at=NOW + timedelta(days=1)).told == sorted([health, police])
    deeds = db.session.scalars(select(HistoryEvent.facts).where(HistoryEvent.event == "returns_reminded")).all()
    assert deeds == [{"people": "2 people"}] * 2


def test_whoever_is_asked_by_name_is_reminded_alone_while_they_still_audit(late: Asked) -> None:
    partnership, agency = db.session.get_one(Partnership, late.partnership_id), db.session.get_one(Agency, late.health)
    other = a_member(partnership, Role.AUDITOR, agency=agency, name="Zed Auditor")
    own, coordinator = late.returns[late.health][0], late.actor(late.coordinator)
    picked = Picked(returns=frozenset({own}))
    with transaction():
        services.assign_returns(late.round_id, picked, auditor_id=other.id, link=LINK, by=coordinator, at=NOW)
    assert mails("assigned").keys() == {"Zed Auditor"}
    assert late.cases[0] not in str(mails("assigned")["Zed Auditor"].body)
    assert remind(late, picked).told == ["Zed Auditor"]
    people = queries.people_to_tell(late.partnership_id, today=NOW.date())
    assert len(people.asked(late.health, 0)) == 2, "someone who left is as nobody"
    with transaction():
        changed = services.assign_returns(late.round_id, picked, auditor_id=None, link=LINK, by=coordinator, at=NOW)
    assert ([one.id for one in changed], the_return(own).auditor_id) == ([own], None)
    events = db.session.scalars(select(HistoryEvent.event).where(HistoryEvent.event.startswith("return_"))).all()
    assert {"return_assigned", "return_unassigned"} <= set(events)


def test_returns_are_asked_of_their_own_agencys_people_only(late: Asked) -> None:
    coordinator = late.actor(late.coordinator)

    def assign(picked: Picked, auditor_id: int) -> None:
        with transaction():
            services.assign_returns(late.round_id, picked, auditor_id=auditor_id, link=LINK, by=coordinator, at=NOW)

    with pytest.raises(Refused, match="Choose an auditor of that agency"):
        assign(Picked(agencies=frozenset({late.health})), late.police_auditor)
    with pytest.raises(Refused, match="of one agency"):
        assign(Picked(cases=frozenset(late.cases)), late.police_auditor)
    with pytest.raises(Refused, match="at least one return"):
        assign(Picked(), late.police_auditor)


def test_more_time_is_kept_with_its_reason_and_history_says_only_the_days(late: Asked) -> None:
    own, coordinator = late.returns[late.health][0], late.actor(late.coordinator)
    with transaction():
        services.extend_returns(
            late.round_id,
            Picked(cases=frozenset({late.cases[0]})),
            due_on=date(2026, 3, 20),
            reason="Their system was down.",
            by=coordinator,
            at=NOW,
        )
    assert the_return(own).due_on == date(2026, 3, 20)
    kept = db.session.scalars(select(ReturnExtension).where(ReturnExtension.return_id == own)).one()
    assert (kept.from_day, kept.to_day, kept.reason) == (date(2026, 3, 2), date(2026, 3, 20), "Their system was down.")
    facts = db.session.scalars(select(HistoryEvent.facts).where(HistoryEvent.event == "return_extended")).all()
    assert facts == [{"from_day": "2 March 2026", "to_day": "20 March 2026"}] * 2
    assert len(queries.my_returns(late.actor(late.health_auditor), today=NOW.date()).owed) == 2


@pytest.mark.parametrize("door", ["submitted", "closed", "paused", "withdrawn round"])
def test_what_is_not_owed_is_neither_chased_nor_climbed_for(late: Asked, door: str) -> None:
    own, case = late.returns[late.health][0], late.cases[0]
    coordinator = late.actor(late.coordinator)
    if door == "submitted":
        hand_over(own, late.actor(late.health_auditor))
    with transaction():
        if door == "closed":
            services.close_return(own, reason="The practice has closed.", by=coordinator)
        elif door == "paused":
            db.session.execute(update(Case).where(Case.reference == case).values(state=CaseState.PAUSED))
        elif door == "withdrawn round":
            db.session.execute(update(Round).values(state=RoundState.WITHDRAWN))
    picked = Picked(returns=frozenset({own}))
    with pytest.raises(Refused, match="at least one return"):
        remind(late, picked)
    with pytest.raises(Refused, match="at least one return"), transaction():
        services.extend_returns(late.round_id, picked, due_on=date(2026, 4, 1), reason="Why.", by=coordinator, at=NOW)
    assert own not in {step.owed_id for step in queries.steps_to_take(late.partnership_id, today=NOW.date())}


def test_only_a_coordinator_of_the_partnership_chases(late: Asked) -> None:
    elsewhere = a_round_with_agencies(a_partnership(), is_sent=False)
    for by in (late.actor(late.health_auditor), elsewhere.actor(elsewhere.coordinator)):
        with pytest.raises(NotHere), transaction():
            services.remind(late.round_id, ALL, link=LINK, by=by, at=NOW)
        with pytest.raises(NotHere), transaction():
            services.extend_returns(late.round_id, ALL, due_on=date(2026, 4, 1), reason="Why.", by=by, at=NOW)
        with pytest.raises(NotHere), transaction():
            services.assign_returns(late.round_id, ALL, auditor_id=None, link=LINK, by=by, at=NOW)


# --- the ladder


def climb(asked: Asked, at: datetime = NOW) -> int:
    with transaction():
        return services.climb_ladder(asked.partnership_id, link=LINK, at=at)


def coordinators(asked: Asked) -> set[str]:
    people = queries.people_to_tell(asked.partnership_id, today=NOW.date())
    return {one.name for one in people.coordinators}


def test_the_ladder_is_climbed_step_by_step_with_one_mail_a_person_and_day(asked: Asked, clock: Clock) -> None:
    partnership, health = (
        db.session.get_one(Partnership, asked.partnership_id),
        db.session.get_one(Agency, asked.health),
    )
    police = db.session.get_one(Agency, asked.police)
    a_member(partnership, Role.AGENCY_LEAD, agency=health, name="Lee Lead")
    partner = saved(
        DelegatedPartner(
            partnership_id=partnership.id, name="Pat Partner", organisation="NHS", email="pat@partner.example"
        )
    )
    with transaction():
        db.session.get_one(Agency, health.id).delegated_partner_id = partner.id
    due(asked.returns[asked.health] + asked.returns[asked.police], date(2026, 3, 10))
    auditors = {name_of(asked.health_auditor), name_of(asked.police_auditor)}

    assert climb(asked, NOW - timedelta(days=2)) == 0, "eight days before"
    assert climb(asked) == 2
    assert mails().keys() == auditors
    assert "2 returns are due on 10 March 2026" in str(mails()[name_of(asked.health_auditor)].body)
    assert climb(asked) == climb(asked, NOW + timedelta(days=3)) == 0

    climb(asked, NOW + timedelta(days=7))
    told = mails("2026-03-11")
    assert told.keys() == {"Lee Lead", *coordinators(asked)}
    assert "2 returns were due on 10 March 2026 and are late." in str(told["Lee Lead"].body)
    assert f"{police.name}, " in str(told["Cora Ordinator"].body)
    assert "The agency has no lead who could be told." in str(told["Cora Ordinator"].body)

    climb(asked, NOW + timedelta(days=15))  # two days too late
    told = mails("2026-03-19")
    assert told.keys() == {"pat@partner.example", *coordinators(asked)}
    assert LINK not in str(told["pat@partner.example"].body)
    assert "No delegated partner is set for the agency." in str(told["Cora Ordinator"].body)
    assert not any(case in str(mail.body) for case in asked.cases for mail in mails().values())
    assert climb(asked, NOW + timedelta(days=30)) == 0
    assert len(db.session.scalars(select(ReturnReminder.id)).all()) == 12


def test_after_a_pause_a_return_climbs_one_step_a_day(late: Asked, clock: Clock) -> None:
    with transaction():
        db.session.execute(update(Case).where(Case.reference == late.cases[0]).values(state=CaseState.PAUSED))
    own = late.returns[late.health][0]
    due([own], date(2026, 2, 2))
    climb(late, NOW - timedelta(days=1))
    with transaction():
        db.session.execute(update(Case).where(Case.reference == late.cases[0]).values(state=CaseState.WITH_AGENCIES))
    days = [NOW + timedelta(days=number) for number in range(4)]
    for day in days:
        climb(late, day)
        climb(late, day + timedelta(hours=3))
    found = db.session.scalars(select(ReturnReminder).where(ReturnReminder.return_id == own).order_by("id"))
    assert [(one.rung, one.reminded_at) for one in found] == list(zip(Rung, days, strict=False))


def test_who_is_lead_and_partner_gets_one_mail_with_both(late: Asked, clock: Clock) -> None:
    partnership, health = db.session.get_one(Partnership, late.partnership_id), db.session.get_one(Agency, late.health)
    lead = a_member(partnership, Role.AGENCY_LEAD, agency=health, name="Lee Lead")
    organisation = {"partnership_id": partnership.id, "organisation": "NHS", "email": lead.email.title()}
    partner = saved(DelegatedPartner(name="L. Lead", **organisation))
    with transaction():
        db.session.get_one(Agency, late.health).delegated_partner_id = partner.id
    first, second = late.returns[late.health]
    due([first], date(2026, 2, 2))
    for day in range(2):
        climb(late, NOW - timedelta(days=3 - day))
    due([second], date(2026, 3, 2))
    climb(late, NOW - timedelta(days=1))
    today = [one for one in db.session.scalars(select(Message)) if one.recipient.lower() == lead.email.lower()]
    body = str(today[-1].body)
    assert [one.occasion for one in today].count(today[-1].occasion) == 1
    assert ("2 February 2026" in body, "2 March 2026" in body, LINK in body) == (True, True, True)


def test_more_time_begins_the_ladder_anew_and_what_was_answered_leaves_it(asked: Asked, clock: Clock) -> None:
    due(asked.returns[asked.health] + asked.returns[asked.police], date(2026, 3, 10))
    climb(asked)
    say(asked.returns[asked.police][0], Known.NOT_KNOWN, asked.actor(asked.police_auditor))
    with transaction():
        services.extend_returns(
            asked.round_id,
            Picked(agencies=frozenset({asked.health})),
            due_on=date(2026, 4, 10),
            reason="Leave.",
            by=asked.actor(asked.coordinator),
            at=NOW,
        )
    late = NOW + timedelta(days=7)
    assert {step.agency_id for step in queries.steps_to_take(asked.partnership_id, today=late.date())} == {asked.police}
    climb(asked, late)
    assert mails("2026-03-11").keys() == coordinators(asked)
    climb(asked, NOW + timedelta(days=30))
    told = {name_of(asked.health_auditor), *coordinators(asked)}
    assert mails("2026-04-03").keys() == told, "the health auditor again, and a step further for the police"


def test_what_comes_up_later_on_a_day_waits_until_tomorrow(asked: Asked, clock: Clock) -> None:
    due(asked.returns[asked.health][:1], date(2026, 3, 10))
    assert climb(asked) == 1
    due(asked.returns[asked.health][1:], date(2026, 3, 11))
    assert climb(asked) == 0
    assert climb(asked, NOW + timedelta(days=1)) == 1


def test_the_service_climbs_every_hour_of_the_day_but_not_at_night(app: Flask, asked: Asked, clock: Clock) -> None:
    due(asked.returns[asked.health], date(2026, 3, 5))
    clock.set(NOW.replace(hour=6))
    services.climb_every_ladder()
    assert mails() == {}
    clock.set(NOW.replace(hour=7, minute=5))
    services.climb_every_ladder()
    services.climb_every_ladder()
    mail = mails()[name_of(asked.health_auditor)]
    assert f"/p/{asked.slug}/" in str(mail.body)
    assert len(mails()) == 1


def test_two_workers_tell_nobody_twice(app: Flask, asked: Asked, clock: Clock, together: Together) -> None:
    due(asked.returns[asked.health], date(2026, 3, 5))
    together(services.climb_every_ladder, services.climb_every_ladder)
    assert len(mails()) == 1
    assert len(db.session.scalars(select(ReturnReminder.id)).all()) == 2


def test_auditors_who_were_just_asked_are_not_reminded_at_once(app: Flask, clock: Clock) -> None:
    asked = a_round_with_agencies(is_sent=False)
    with transaction():
        services.send_to_agencies(
            asked.round_id, due_on=date(2026, 3, 6), link=LINK, by=asked.actor(asked.coordinator), at=NOW
        )
    assert climb(asked) == 0
    climb(asked, NOW + timedelta(days=3))
    assert mails().keys() == coordinators(asked), "nobody leads the agencies"
