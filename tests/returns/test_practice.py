"""The reflective discussion, and who is named to read a return about their own work."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.models import HistoryEvent
from audit_app.messages.models import Message
from audit_app.returns import queries, services
from audit_app.returns.models import ReturnPractitioner
from audit_app.returns.rules import (
    Known,
    PractitionerPart,
    Prompt,
    Talk,
)
from audit_app.rounds.rules import PractitionerAccess
from tests.factories.accounts import a_membership
from tests.factories.practice import TALK, a_practitioner, note, open_to_practitioners
from tests.factories.returns import (
    Asked,
    fill_in,
    say,
    submit,
)
from tests.pages import PageClient

# --- the discussion


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, in progress."""
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return asked.returns[asked.health][0]


def test_a_discussion_is_saved_changed_and_locked_with_its_return(app: Flask, asked: Asked, own: int) -> None:
    note(asked, own)
    note(asked, own, version=0)  # the same once more: a double click
    with pytest.raises(Stale) as clash:
        note(asked, own, replace(TALK, with_whom="the nurse"), version=0)
    assert (clash.value.theirs["with_whom"], clash.value.theirs["worried"]) == (
        "the health visitor",
        "The winter, and no heating.",
    )
    note(asked, own, Talk(not_held_reason="She has left."), version=1)
    kept = queries.discussion_of_return(asked.partnership_id, own)
    assert (kept.is_held, kept.talk.notes[Prompt.HELPED], kept.version) == (False, TALK.notes[Prompt.HELPED], 2)
    note(asked, own, version=2)
    fill_in(own, asked.actor(asked.health_auditor))
    submit(own, asked.actor(asked.health_auditor))
    with pytest.raises(Refused, match="submitted and can no longer"):
        note(asked, own, replace(TALK, with_whom="the nurse"), version=3)
    events = db.session.scalars(select(HistoryEvent).where(HistoryEvent.event == "discussion_saved")).all()
    assert len(events) == 1
    assert "winter" not in str(events[0].facts)


def test_a_discussion_is_for_the_agencys_own_auditors(app: Flask, asked: Asked, own: int) -> None:
    for by in (asked.police_auditor, asked.coordinator):
        with pytest.raises(NotHere), transaction():
            services.save_discussion(own, TALK, is_held=True, version=0, by=asked.actor(by), at=clock.now())


def test_the_page_keeps_what_was_typed_and_shows_both_when_stale(client: PageClient, asked: Asked, own: int) -> None:
    auditor = client.as_(db.session.get_one(Person, asked.health_auditor))
    shown = auditor.get(asked.at(asked.health))
    assert "Reflective discussion Optional" in shown.main
    fill_in(own, asked.actor(asked.health_auditor))
    assert "reflective discussion with the practitioner" in auditor.get(f"{asked.at(asked.health)}/submit").main
    page = auditor.get(shown.links["Reflective discussion"])
    typed = {"is_held": "yes", "with_whom": "the nurse", "helped": "Time."}
    wrong = auditor.send(page, typed, status=200)
    assert wrong.errors == ["Enter the day on which you talked."]
    assert wrong.form().values["helped"] == ["Time."]
    note(asked, own)
    held_on = [str(part) for part in (2, 3, 2026)]
    stale = auditor.send(wrong, {**typed, "held_on": held_on}, status=200)
    assert "Someone else saved this" in stale.errors[0]
    assert "the health visitor" in stale.main
    saved = auditor.send(stale, {**typed, "held_on": held_on})
    assert "Reflective discussion Completed" in saved.main
    assert "reflective discussion" not in auditor.get(f"{asked.at(asked.health)}/submit").main
    submit(own, asked.actor(asked.health_auditor))
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator)).get(asked.at(asked.health))
    assert "Held on 2 March 2026 with the nurse." in coordinator.main
    assert "can no longer be changed" in auditor.get(f"{asked.at(asked.health)}/discussion").main


# --- who is named


def name(asked: Asked, return_id: int, person_id: int, by: int, part: str = "practitioner") -> None:
    with transaction():
        services.name_practitioner(
            return_id, person_id, part=PractitionerPart(part), link="http://x", by=asked.actor(by), at=clock.now()
        )


def test_the_auditor_or_a_coordinator_names_someone_of_the_agency_who_audits_for_nobody(
    app: Flask, asked: Asked, own: int
) -> None:
    open_to_practitioners(asked.round_id)
    somebody, other = a_practitioner(asked), a_practitioner(asked, asked.police)
    both = a_practitioner(asked)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    a_membership(both, partnership, Role.AUDITOR, db.session.get_one(Agency, asked.police))
    for person in (other, both):
        with pytest.raises(Refused, match="people shown"):
            name(asked, own, person.id, asked.health_auditor)
    with pytest.raises(NotHere):
        name(asked, own, somebody.id, asked.police_auditor)
    name(asked, own, somebody.id, asked.health_auditor)
    name(asked, own, somebody.id, asked.coordinator, "manager")
    kept = db.session.scalars(select(ReturnPractitioner)).one()
    assert kept.part is PractitionerPart.MANAGER
    mails = db.session.scalars(select(Message).where(Message.recipient == somebody.email)).all()
    assert len(mails) == 2
    assert not any(case in f"{mail.subject}{mail.body}" for mail in mails for case in asked.cases)
    with transaction():
        services.end_naming(own, kept.id, by=asked.actor(asked.coordinator), at=clock.now())
    with pytest.raises(NotHere), transaction():
        services.end_naming(own, kept.id, by=asked.actor(asked.coordinator), at=clock.now())
    assert queries.named_on_return(asked.partnership_id, own) == []


def test_names_are_chosen_on_a_page_that_says_who_invites(client: PageClient, asked: Asked, own: int) -> None:
    auditor = client.as_(db.session.get_one(Person, asked.health_auditor))
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    assert "who may read this return" not in auditor.get(asked.at(asked.health)).main
    open_to_practitioners(asked.round_id, PractitionerAccess.ANSWER_BELOW_GOOD)
    page = auditor.get(
        auditor.get(asked.at(asked.health)).links["The practitioner and manager who may read this return"]
    )
    assert "There is nobody yet" in page.main
    assert "Ask the coordinator to invite them" in page.main
    assert "Invite them" in coordinator.get(page.path).links
    person = a_practitioner(asked)
    page = auditor.send(auditor.get(page.path), {"person": str(person.id), "part": "manager"})
    assert page.tables[0][1][:2] == [person.name, "Practitioner’s manager"]
    asking = auditor.get(page.links[f"Take away: {person.name}"])
    assert asking.h1 == f"Take away that {person.name} may read this return"
    assert asking.links["Cancel"] == page.path
    assert auditor.get(page.path).tables  # nothing is taken away by looking
    page = auditor.send(asking)
    assert page.tables == []
