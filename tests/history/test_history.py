"""History says what happened, in words, and refuses to say it by halves."""

import pytest
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.history import queries
from audit_app.history.rules import EVENTS, facts_of, sentence
from audit_app.history.services import record
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_becomes_a_sentence(event: str) -> None:
    facts = {fact: f"<{fact}>" for fact in facts_of(event)}
    words = sentence(event, actor="Ann Lee", subject="N26-07", facts=facts)
    assert "{" not in words
    assert all(f"<{fact}>" in words for fact in facts)


def test_a_deed_is_read_back_in_words(app: Flask) -> None:
    partnership = a_partnership()
    actor = as_actor(a_member(partnership, Role.ADMINISTRATOR, name="Ann Lee"), partnership)
    agency = an_agency(partnership, name="Police")
    with transaction():
        record("agency_changed", by=actor, of=agency, fields="contact")
    (deed,) = queries.deeds_on(partnership.id, "agency", agency.id)
    assert deed.words == "Ann Lee changed the agency Police: contact"


def test_an_event_without_its_facts_is_refused(app: Flask) -> None:
    partnership = a_partnership()
    actor = as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)
    agency = an_agency(partnership)
    with pytest.raises(ValueError, match="must say fields"), transaction():
        record("agency_changed", by=actor, of=agency)
    with pytest.raises(ValueError, match="knows no level"), transaction():
        record("agency_changed", by=actor, of=agency, fields="contact", level="good")


def test_an_unknown_event_is_refused(app: Flask) -> None:
    partnership = a_partnership()
    actor = as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)
    with pytest.raises(KeyError), transaction():
        record("something_happened", by=actor, of=partnership)


def test_another_partnership_reads_nothing_of_it(app: Flask) -> None:
    here, there = a_partnership(), a_partnership()
    actor = as_actor(a_member(here, Role.ADMINISTRATOR), here)
    agency = an_agency(here)
    with transaction():
        record("agency_added", by=actor, of=agency)
    assert [deed.event for deed in queries.deeds_of_partnership(here.id)] == ["agency_added"]
    assert queries.deeds_of_partnership(there.id) == []
