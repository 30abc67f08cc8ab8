"""What someone who is named on a return reads and answers of it."""

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.returns import queries, services
from audit_app.returns.models import ReturnPractitioner
from audit_app.returns.queries import WHOLE
from audit_app.returns.rules import (
    TEXT_AT_MOST,
    Known,
    PractitionerPart,
    Reply,
)
from audit_app.rounds.rules import PractitionerAccess
from tests.factories.accounts import a_membership, in_own_words
from tests.factories.panels import Sitting, a_sitting, release
from tests.factories.practice import a_practitioner, named, note, open_to_practitioners
from tests.factories.returns import (
    Asked,
    fill_in,
    hand_over,
    ratings_of,
    say,
    submit,
)
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, in progress."""
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return asked.returns[asked.health][0]


@pytest.fixture
def handed_over(asked: Asked, own: int) -> int:
    """The same return, submitted with everything requiring improvement; its round asks practitioners for answers."""
    fill_in(own, asked.actor(asked.health_auditor), "requires_improvement")
    note(asked, own)
    submit(own, asked.actor(asked.health_auditor))
    open_to_practitioners(asked.round_id)
    return own


def reply(asked: Asked, person: Person, changes: dict[int, Reply], agency: int | None = None) -> frozenset[int]:
    with transaction():
        return services.save_replies(
            asked.cases[0], agency or asked.health, changes, by=asked.actor(person.id), at=clock.now()
        )


def release_case(asked: Asked) -> None:
    with transaction():
        case = db.session.scalars(select(Case).where(Case.reference == asked.cases[0])).one()
        case.state, case.released_at, case.released_by_id = CaseState.AT_PANEL, clock.now(), 1


def test_an_answer_is_saved_by_rating_and_an_old_window_never_writes_over_it(
    app: Flask, asked: Asked, handed_over: int
) -> None:
    person = a_practitioner(asked)
    named(handed_over, person.id)
    first = ratings_of(handed_over)[0].indicator_id
    assert reply(asked, person, {first: Reply("I rang.", 0), WHOLE: Reply("Fair.", 0)}) == frozenset()
    assert reply(asked, person, {first: Reply("I rang twice.", 0), WHOLE: Reply("Fair.", 0)}) == {first}
    assert reply(asked, person, {first: Reply("I rang twice.", 1)}) == frozenset()
    practice = queries.practice_of_return(asked.partnership_id, handed_over)
    assert [one.words for one in practice.replies[first]] == ["I rang twice."]
    assert [one.words for one in practice.to_it_all] == ["Fair."]
    assert list(practice.replies) == [WHOLE, first], "on every database"
    places = {anchor: text for _, anchor, text in queries.texts_of_discussion(asked.partnership_id, handed_over)}
    assert places[f"replies-{first}"] == "I rang twice."
    assert places["with_whom"] == "the health visitor"
    with pytest.raises(NotHere):
        reply(asked, person, {first + 1000: Reply("x", 0)})
    with pytest.raises(Refused, match="characters or fewer"):
        reply(asked, person, {first: Reply("x" * (TEXT_AT_MOST + 1), 2)})


def test_answers_are_locked_on_the_service_by_the_release_the_round_and_the_naming(
    client: PageClient, asked: Asked, handed_over: int
) -> None:
    person, first = a_practitioner(asked), ratings_of(handed_over)[0].indicator_id
    with pytest.raises(NotHere):
        reply(asked, person, {WHOLE: Reply("x", 0)})
    naming = named(handed_over, person.id)
    with pytest.raises(NotHere):
        reply(asked, person, {WHOLE: Reply("x", 0)}, asked.police)
    open_to_practitioners(asked.round_id, PractitionerAccess.READ)
    with pytest.raises(Refused, match="asks for no answers"):
        reply(asked, person, {WHOLE: Reply("x", 0)})
    open_to_practitioners(asked.round_id, PractitionerAccess.ANSWER_BELOW_GOOD)
    assert reply(asked, person, {first: Reply("Below good.", 0)}) == frozenset()
    with transaction():
        services.send_back(handed_over, reason="x", link="", by=asked.actor(asked.coordinator), at=clock.now())
    with pytest.raises(Refused, match="is changing this return"):
        reply(asked, person, {WHOLE: Reply("x", 0)})
    fill_in(handed_over, asked.actor(asked.health_auditor), "good")
    submit(handed_over, asked.actor(asked.health_auditor))
    with pytest.raises(Refused, match="only ratings below good"):
        reply(asked, person, {first: Reply("Now good.", 1)})
    with pytest.raises(Refused, match="this return has none"):
        reply(asked, person, {WHOLE: Reply("x", 0)})
    page = client.as_(person).get(f"{asked.at(asked.health)}/own-work")
    assert "only ratings below good are answered, and this return has none." in page.main
    assert "answer-0" not in page.html
    release_case(asked)
    with pytest.raises(Refused, match="gone to its panel"):
        reply(asked, person, {WHOLE: Reply("x", 0)})
    assert queries.own_work(asked.actor(person.id), asked.cases[0], asked.health).is_readable
    with transaction():
        db.session.get_one(ReturnPractitioner, naming.id).ended_at = clock.now()
    with pytest.raises(NotHere):
        queries.own_work(asked.actor(person.id), asked.cases[0], asked.health)


def test_whoever_also_audits_the_case_does_not_read_it_earlier_by_this_door(
    app: Flask, asked: Asked, handed_over: int
) -> None:
    person = a_practitioner(asked)
    named(handed_over, person.id)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    a_membership(person, partnership, Role.AUDITOR, db.session.get_one(Agency, asked.police))
    actor = asked.actor(person.id)
    assert not queries.own_work(actor, asked.cases[0], asked.health).is_readable
    with pytest.raises(NotHere):
        reply(asked, person, {WHOLE: Reply("x", 0)})
    release_case(asked)
    assert not queries.own_work(actor, asked.cases[0], asked.health).is_readable, "the panel has not shown it yet"
    with transaction():
        case = db.session.scalars(select(Case).where(Case.reference == asked.cases[0])).one()
        case.state, case.agreed_at, case.agreed_by_id = CaseState.AGREED, clock.now(), 1
    assert queries.own_work(actor, asked.cases[0], asked.health).is_readable


def test_someone_named_opens_that_return_alone(client: PageClient, asked: Asked, own: int) -> None:
    open_to_practitioners(asked.round_id)
    person = a_practitioner(asked)
    named(own, person.id)
    browser = client.as_(person)
    home = browser.get(f"/p/{asked.slug}/")
    waiting = next(href for words, href in home.links.items() if "you can read it later" in words)
    page = browser.get(waiting)
    assert "has not submitted this return yet" in page.main
    fill_in(own, asked.actor(asked.health_auditor), "requires_improvement")
    assert "Seen on 3 March." not in browser.get(waiting).main
    note(asked, own)
    submit(own, asked.actor(asked.health_auditor))
    hand_over(asked.returns[asked.police][0], asked.actor(asked.police_auditor), "inadequate")
    home = browser.get(f"/p/{asked.slug}/")
    page = browser.get(next(href for words, href in home.links.items() if words.endswith("and answer")))
    assert "The winter, and no heating." in page.main
    assert "Inadequate" not in page.main
    for path, status in (
        (asked.at(asked.health), 403),
        (f"/p/{asked.slug}/cases/{asked.cases[0]}", 403),
        (f"{asked.at(asked.police)}/own-work", 404),
        (f"{asked.at(asked.health, 1)}/own-work", 404),
    ):
        browser.get(path, status=status)
    client.as_(a_practitioner(asked)).get(f"{asked.at(asked.health)}/own-work", status=404)
    open_to_practitioners(asked.round_id, PractitionerAccess.NOT_AT_ALL)
    browser.get(page.path, status=404)
    assert "Nothing waits for you" in browser.get(f"/p/{asked.slug}/").main


def test_answers_stand_beside_the_rating_and_nothing_typed_is_lost(
    client: PageClient, asked: Asked, handed_over: int
) -> None:
    person = a_practitioner(asked)
    named(handed_over, person.id, PractitionerPart.MANAGER)
    browser, first = client.as_(person), ratings_of(handed_over)[0].indicator_id
    page = browser.get(f"{asked.at(asked.health)}/own-work")
    long = "x" * (TEXT_AT_MOST + 1)
    wrong = browser.send(page, {f"answer-{first}": long, "answer-0": "Fair."}, status=200)
    assert "characters or fewer" in wrong.errors[0]
    assert (wrong.form().values[f"answer-{first}"], wrong.form().values["answer-0"]) == ([long], ["Fair."])
    saved = browser.send(wrong, {f"answer-{first}": "She was\r\nseen twice."})
    assert saved.form().values[f"answer-{first}"] == ["She was\nseen twice."]
    stale = browser.send(page, {f"answer-{first}": "She was seen."}, status=200)
    assert "another window" in stale.errors[0]
    assert "seen twice." in stale.main
    release_case(asked)
    locked = browser.send(saved, {"answer-0": "Typed too late."}, status=200)
    assert "gone to its panel" in locked.errors[0]
    assert locked.form().values["answer-0"] == ["Typed too late."]
    for reader in (asked.health_auditor, asked.coordinator):
        shown = client.as_(db.session.get_one(Person, reader)).get(asked.at(asked.health)).main
        assert "The practitioner’s manager answered" in shown
        assert "seen twice." in shown
        assert person.name not in shown
    client.as_(db.session.get_one(Person, asked.police_auditor)).get(asked.at(asked.health), status=404)


def test_the_panel_reads_answers_and_discussion_beside_the_agencys_evidence(
    client: PageClient, prepared: Prepared
) -> None:
    sitting: Sitting = prepared("a sitting not handed over", lambda: a_sitting(cases=1, is_handed_over=False))
    asked = sitting.asked
    open_to_practitioners(asked.round_id)
    own, auditor = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, auditor)
    note(asked, own)
    fill_in(own, auditor)
    submit(own, auditor)
    hand_over(asked.returns[asked.police][0], asked.actor(asked.police_auditor), "requires_improvement")
    person = a_practitioner(asked)
    named(own, person.id)
    reply(asked, person, {ratings_of(own)[0].indicator_id: Reply("I rang twice.", 0), WHOLE: Reply("Fair.", 0)})
    release(sitting, 0)
    page = client.as_(db.session.get_one(Person, sitting.chair)).get(sitting.at())
    for words in ("I rang twice.", "Fair.", "The winter, and no heating.", "The practitioner answered"):
        assert words in page.main
    assert person.name not in page.main


def test_pages_of_practice_say_a_partnerships_own_words(client: PageClient, asked: Asked, handed_over: int) -> None:
    person = a_practitioner(asked)
    named(handed_over, person.id)
    own = {"practitioner": "Colleague", "coordinator": "Convenor", "auditor": "Reviewer"}
    in_own_words(db.session.get_one(Partnership, asked.partnership_id), role=own)
    page = client.as_(person).get(f"{asked.at(asked.health)}/own-work")
    assert "You were named as the colleague." in page.main
    assert "to the reviewer, the convenor and the panel" in page.main


def test_a_page_costs_the_same_whatever_was_answered(
    client: PageClient, asked: Asked, handed_over: int, count_queries: CountQueries
) -> None:
    person = a_practitioner(asked)
    named(handed_over, person.id)
    browser = client.as_(person)
    page = browser.get(f"{asked.at(asked.health)}/own-work")
    with count_queries() as before:
        browser.get(page.path)
    replies = {row.indicator_id: Reply("Seen.", 0) for row in ratings_of(handed_over)}
    reply(asked, person, replies)
    with count_queries() as after:
        browser.get(page.path)
    assert before.count == after.count <= 11
