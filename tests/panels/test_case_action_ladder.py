"""Reminders of actions about children climb by themselves, and tell of no case."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from audit_app.accounts.models import Agency, DelegatedPartner, Person
from audit_app.core.db import db, transaction
from audit_app.messages.models import Message
from audit_app.panels import services
from audit_app.panels.models import CaseActionReminder
from audit_app.returns.rules import Rung
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import saved
from tests.factories.case_actions import LINK, NOW, WORDS, a_lead, be, done, moved, raised
from tests.factories.panels import Sitting
from tests.fixtures import Clock


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.set(NOW)


def chase(sitting: Sitting, day: int, *, month: int = 3) -> dict[str, str]:
    """Remind on a morning; what each person was mailed, by name."""
    at = datetime(2026, month, day, 9, 0, tzinfo=UTC)
    before = set(db.session.scalars(select(Message.id)))
    with transaction():
        services.chase_case_actions(sitting.asked.partnership_id, link=LINK, at=at)
    names = {person.email.lower(): person.name for person in db.session.scalars(select(Person))}
    new = [one for one in db.session.scalars(select(Message)) if one.id not in before]
    return {names.get(one.recipient, one.recipient): f"{one.subject}\n{one.body}" for one in new}


def name_of(person_id: int) -> str:
    return db.session.get_one(Person, person_id).name


def taken() -> list[Rung]:
    return list(db.session.scalars(select(CaseActionReminder.rung).order_by(CaseActionReminder.id)))


def test_auditors_and_leads_are_reminded_before_leads_after_and_partners_last(sitting: Sitting) -> None:
    lead = a_lead(sitting, sitting.asked.health)
    partner = saved(
        DelegatedPartner(
            partnership_id=sitting.asked.partnership_id,
            name="Dana Delegate",
            organisation="The board of health",
            email="dana@health.example",
        )
    )
    with transaction():
        db.session.get_one(Agency, sitting.asked.health).delegated_partner_id = partner.id
    raised(sitting, days=5)  # due on Wednesday 11 March
    assert chase(sitting, 4) == {}, "they were told today"
    first = chase(sitting, 5)
    assert first.keys() == {name_of(sitting.asked.health_auditor), lead.name}
    assert chase(sitting, 5) == chase(sitting, 11) == {}
    second = chase(sitting, 12)
    assert second.keys() == {lead.name}
    assert "was due on 11 March 2026 and is late" in second[lead.name]
    third = chase(sitting, 18)
    assert third.keys() == {"dana@health.example"}
    assert LINK not in third["dana@health.example"]
    assert chase(sitting, 19) == {}
    assert taken() == [Rung.AUDITORS, Rung.LEADS, Rung.PARTNERS]
    for written in (*first.values(), *second.values(), *third.values()):
        assert sitting.asked.cases[0] not in written
        assert WORDS not in written


def test_what_is_done_is_chased_no_more_and_another_day_begins_anew(sitting: Sitting) -> None:
    action, other = raised(sitting), raised(sitting)
    done(sitting, other)
    mail = next(iter(chase(sitting, 5).values()))
    assert "1 action for a child is due on 11 March 2026" in mail
    moved(sitting, action, NOW.date() + timedelta(days=30))
    assert chase(sitting, 20) == {}
    assert "is due on 3 April 2026" in next(iter(chase(sitting, 28).values()))


def test_a_round_that_ends_leaves_no_child_waiting(sitting: Sitting) -> None:
    raised(sitting)
    for state, day in ((RoundState.CLOSED, 5), (RoundState.WITHDRAWN, 12)):
        be(sitting, state)
        assert chase(sitting, day)


def test_coordinators_are_told_where_nobody_else_is_there(sitting: Sitting) -> None:
    raised(sitting)
    with transaction():
        db.session.execute(update(Person).where(Person.id == sitting.asked.health_auditor).values(active=False))
    told = chase(sitting, 5)
    assert "Cora Ordinator" in told
    assert name_of(sitting.asked.health_auditor) not in told
    assert "The agency has nobody who could be told." in told["Cora Ordinator"]


def test_two_agencies_actions_come_in_one_mail_and_nobody_is_mailed_at_night(sitting: Sitting, clock: Clock) -> None:
    raised(sitting, days=5)
    raised(sitting, days=5)
    raised(sitting, agency=sitting.asked.police, days=1)
    told = chase(sitting, 5)
    assert "2 actions for children are due on 11 March 2026" in told[name_of(sitting.asked.health_auditor)]
    clock.set(datetime(2026, 3, 6, 3, 0, tzinfo=UTC))
    services.chase_every_case_action()
    before = len(taken())
    clock.set(datetime(2026, 3, 6, 9, 0, tzinfo=UTC))
    services.chase_every_case_action()
    assert len(taken()) == before + 1
