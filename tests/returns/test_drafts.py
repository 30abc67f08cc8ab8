"""What somebody types into a page is kept for them alone until it is saved there: the way in, and who forgets it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from audit_app.accounts import services as accounts
from audit_app.accounts.models import Agency, Draft, KeptPost, Membership, Partnership, Person
from audit_app.accounts.rules import DRAFT_AT_MOST, DRAFTS_AT_MOST, Role
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.jobs.services.worker import _forget_what_is_kept
from audit_app.returns.rules import Known, voices_address
from audit_app.returns.services import withdraw_voice
from tests.factories.accounts import a_member, a_membership, a_partnership, as_actor, what_is_typed
from tests.factories.returns import TOLD, Asked, a_voice, find_file, say
from tests.fixtures import Clock, CountQueries, Prepared, Together
from tests.pages import TOKEN, Page, PageClient

SAID = "I want to see my dad."


@pytest.fixture
def known(asked: Asked, prepared: Prepared) -> Asked:
    """The first case, known to health, whose file is found."""

    def build() -> None:
        auditor = asked.actor(asked.health_auditor)
        say(asked.returns[asked.health][0], Known.KNOWN, auditor)
        find_file(asked.returns[asked.health][0], auditor)

    prepared("a return in which something is typed", build)
    return asked


@pytest.fixture
def auditor(client: PageClient, known: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, known.health_auditor))


def voices(known: Asked) -> str:
    return f"{known.at(known.health)}/voices"


def attribute(page: Page, name: str) -> str:
    """What the page's form has for the script that keeps it."""
    form = next(one for one in page.tree.iter("form") if "data-keeps" in one.attrib)
    return str(form.attrib.get(name, ""))


def typing(words: str = SAID, version: str = "0") -> str:
    typed = {
        "title": "Add a voice, N-01",
        "hidden": [["csrf_token", "abc"], ["version", version]],
        "answers": [["whose", "child"], ["words", words]],
        "changed": [1],
    }
    return json.dumps(typed)


def keep(browser: PageClient, page: Page, typed: str, *, status: int = 200, **headers: str) -> Page:
    """Post what the page's script posts."""
    sent = {"page": attribute(page, "data-keeps"), "typed": typed, TOKEN: ""}
    its = headers or {"X-CSRFToken": browser.token()}
    return browser.post(attribute(page, "data-keep-at"), sent, status=status, headers=its)


def drafts() -> list[Draft]:
    found = list(db.session.scalars(select(Draft).order_by(Draft.id)))
    db.session.rollback()
    return found


def test_what_is_typed_is_kept_encrypted_and_fills_the_page_in_again(
    known: Asked, auditor: PageClient, client: PageClient, clock: Clock
) -> None:
    page = auditor.get(f"{voices(known)}/add")
    assert attribute(page, "data-draft") == ""
    assert keep(auditor, page, typing("I want")).json["at"] == "10:00"
    clock.forward(minutes=2)
    kept = keep(auditor, page, typing()).json
    assert kept["at"] == "10:02"
    assert str(kept["milliseconds"]) == attribute(auditor.get(f"{voices(known)}/add"), "data-draft-at")
    assert len(drafts()) == 1, "the newer takes the place of the older"
    stored = db.session.execute(text("SELECT typed FROM draft")).scalar_one()
    db.session.rollback()
    assert SAID.encode() not in bytes(stored)
    clock.forward(hours=20)
    elsewhere = PageClient(client.app).as_(db.session.get_one(Person, known.health_auditor))
    again = json.loads(attribute(elsewhere.get(f"{voices(known)}/add"), "data-draft"))
    assert again["answers"] == [["whose", "child"], ["words", SAID]]
    assert again["hidden"] == [["version", "0"]], "never a token"


def test_nobody_else_sees_it_nor_keeps_anything_in_somebody_elses_name(known: Asked, auditor: PageClient) -> None:
    page = auditor.get(f"{voices(known)}/add")
    keep(auditor, page, typing())
    here, health = db.session.get_one(Partnership, known.partnership_id), db.session.get_one(Agency, known.health)
    colleague = auditor.as_(a_member(here, Role.AUDITOR, agency=health))
    assert SAID not in colleague.get(f"{voices(known)}/add").html
    assert SAID not in colleague.get(f"/p/{known.slug}/drafts").html
    keep(colleague, page, typing(), status=403)
    colleague.post(f"/p/{known.slug}/drafts/{drafts()[0].id}/remove", {TOKEN: colleague.token()}, status=404)
    assert [one.person_id for one in drafts()] == [known.health_auditor]


def test_a_page_says_where_something_is_kept_and_only_the_service_can_have_written_it(
    known: Asked, auditor: PageClient
) -> None:
    page = auditor.get(f"{voices(known)}/add")
    note, headers = attribute(page, "data-keeps"), {"X-CSRFToken": auditor.token()}
    for forged in ("", "nonsense", f"x{note}"):
        sent = {"page": forged, "typed": typing(), TOKEN: ""}
        auditor.post(f"/p/{known.slug}/drafts/keep", sent, status=400, headers=headers)
    elsewhere = a_partnership("elsewhere")
    a_membership(db.session.get_one(Person, known.health_auditor), elsewhere, Role.COORDINATOR)
    sent = {"page": note, "typed": typing(), TOKEN: ""}
    auditor.post("/p/elsewhere/drafts/keep", sent, status=403, headers=headers)
    keep(auditor, page, "[]", status=400)
    assert drafts() == []


def test_what_is_kept_has_a_limit_and_says_so(known: Asked, auditor: PageClient) -> None:
    page = auditor.get(f"{voices(known)}/add")
    assert "too long" in keep(auditor, page, typing("x" * DRAFT_AT_MOST), status=409).json["why"]
    by = known.actor(known.health_auditor)
    for number in range(DRAFTS_AT_MOST):
        what_is_typed(by, f"/pages/{number}", "Half a sentence")
    assert "50 other pages" in keep(auditor, page, typing(), status=409).json["why"]
    auditor.send(auditor.get(f"/p/{known.slug}/drafts"), action=f"/{drafts()[0].id}/remove", status=302)
    keep(auditor, page, typing())


def test_half_an_emoji_is_kept_as_a_sign_that_something_stood_there(known: Asked, auditor: PageClient) -> None:
    page = auditor.get(f"{voices(known)}/add")
    keep(auditor, page, typing("Half \ud83d"))
    assert json.loads(attribute(auditor.get(f"{voices(known)}/add"), "data-draft"))["answers"][1][1] == "Half \ufffd"


def test_keeping_is_no_activity_and_nothing_is_kept_of_somebody_signed_out(
    known: Asked, auditor: PageClient, clock: Clock
) -> None:
    page = auditor.get(f"{voices(known)}/add")
    clock.forward(minutes=50)
    assert keep(auditor, page, typing("Some")).headers.get("Set-Cookie") is None
    clock.forward(minutes=11)
    keep(auditor, page, typing(), status=401)
    assert db.session.scalar(select(KeptPost.id)) is None
    again = auditor.as_(db.session.get_one(Person, known.health_auditor))
    keep(again, page, typing())
    assert SAID in attribute(again.get(f"{voices(known)}/add"), "data-draft"), "the page stayed open meanwhile"


def test_it_is_forgotten_once_the_page_took_its_form_and_not_where_it_was_refused(
    known: Asked, auditor: PageClient
) -> None:
    page = auditor.get(f"{voices(known)}/add")
    keep(auditor, page, typing())
    refused = auditor.send(page, {"whose": "child", "contact": "safe"}, status=200)
    assert attribute(refused, "data-unsaved") == "refused"
    assert len(drafts()) == 1
    told = {"whose": "child", "contact": "not_safe", "decided_by": "The social worker"}
    auditor.send(page, told, status=302)
    assert drafts() == []


def test_it_stays_when_the_form_came_after_the_session_had_ended(
    known: Asked, auditor: PageClient, clock: Clock
) -> None:
    page = auditor.get(f"{voices(known)}/add")
    keep(auditor, page, typing())
    auditor.post(f"{voices(known)}/add", {TOKEN: "stale", "words": SAID}, headers={"Origin": "http://localhost"})
    assert len(drafts()) == 1, "kept whole, to be sent again"
    clock.forward(minutes=61)
    auditor.send(page, {"words": SAID})
    assert len(drafts()) == 1


def test_its_person_lets_it_go_on_the_page_or_in_the_list_of_all(known: Asked, auditor: PageClient) -> None:
    page = auditor.get(f"{voices(known)}/add")
    keep(auditor, page, typing())
    listed = auditor.get(f"/p/{known.slug}/drafts")
    assert SAID in listed.main
    assert listed.links["Add a voice, N-01"] == f"{voices(known)}/add"
    assert auditor.get(f"/p/{known.slug}/").links["What you typed and did not save"] == f"/p/{known.slug}/drafts"
    assert auditor.get(known.at(known.health)).links["Add a voice, N-01"] == f"{voices(known)}/add"
    gone = auditor.send(listed, action="/remove", status=302)
    assert gone.headers["Location"] == f"/p/{known.slug}/drafts"
    assert auditor.get(f"/p/{known.slug}/drafts").h1 == "What you typed and did not save"
    keep(auditor, page, typing())
    keep(auditor, page, "")
    assert drafts() == []


def test_after_a_week_it_is_not_shown_and_then_destroyed(known: Asked, auditor: PageClient, clock: Clock) -> None:
    keep(auditor, auditor.get(f"{voices(known)}/add"), typing())
    clock.forward(days=6)
    again = auditor.as_(db.session.get_one(Person, known.health_auditor))
    assert attribute(again.get(f"{voices(known)}/add"), "data-draft")
    _forget_what_is_kept()
    assert len(drafts()) == 1
    clock.forward(days=1, minutes=1)
    again = auditor.as_(db.session.get_one(Person, known.health_auditor))
    assert not attribute(again.get(f"{voices(known)}/add"), "data-draft")
    assert SAID not in again.get(f"/p/{known.slug}/drafts").html
    _forget_what_is_kept()
    assert drafts() == []


def test_it_goes_with_whoever_leaves(known: Asked) -> None:
    here = db.session.get_one(Partnership, known.partnership_id)
    administrator = as_actor(a_member(here, Role.ADMINISTRATOR), here)
    leaving = a_member(here, Role.COORDINATOR, Role.SCRUTINEER)
    what_is_typed(as_actor(leaving, here), "/cases/N-01", "Half a sentence")
    first, second = leaving_roles(leaving.id)
    for membership_id, left in ((first, 1), (second, 0)):
        with transaction():
            accounts.end_role(leaving.id, membership_id, from_day=core_clock.today(), by=administrator)
        assert len(drafts()) == left
    someone = a_member(here, Role.COORDINATOR)
    what_is_typed(as_actor(someone, here), "/cases/N-01", "Half a sentence")
    with transaction():
        accounts.end_person(someone.id, by=administrator)
    assert drafts() == []


def test_withdrawing_a_voice_destroys_what_anybody_is_typing_of_it(known: Asked, auditor: PageClient) -> None:
    by, return_id = known.actor(known.health_auditor), known.returns[known.health][0]
    voice_id, other_id = a_voice(return_id, by), a_voice(return_id, by, replace(TOLD, words="Another one."))
    here = db.session.get_one(Partnership, known.partnership_id)
    coordinator = as_actor(db.session.get_one(Person, known.coordinator), here)
    its = voices_address(known.cases[0], known.health)
    assert f"/p/{known.slug}{its}" == voices(known)
    what_is_typed(by, f"{its}/{voice_id}/change", "I want to see my dad more.")
    what_is_typed(coordinator, f"{its}/{voice_id}/feedback", "She was told.")
    what_is_typed(coordinator, f"{its}/add", f"{TOLD.words}\r\n")
    theirs = [what_is_typed(by, f"{its}/{other_id}/change", "Stays."), what_is_typed(by, f"{its}/add", "Stays.")]
    with transaction():
        withdraw_voice(return_id, voice_id, by=by, at=core_clock.now())
    assert [one.id for one in drafts()] == theirs


def test_a_page_that_is_open_when_its_voice_is_withdrawn_keeps_nothing_from_then_on(
    known: Asked, auditor: PageClient
) -> None:
    by, return_id = known.actor(known.health_auditor), known.returns[known.health][0]
    voice_id = a_voice(return_id, by)
    page = auditor.get(f"{voices(known)}/{voice_id}/change")
    keep(auditor, page, typing(version="1"))
    with transaction():
        withdraw_voice(return_id, voice_id, by=by, at=core_clock.now())
    assert "no longer there" in keep(auditor, page, typing(version="1"), status=409).json["why"]
    keep(auditor, page, "")
    assert drafts() == []


def test_a_page_that_is_open_when_the_agency_has_no_file_after_all_keeps_no_number_from_then_on(
    known: Asked, auditor: PageClient
) -> None:
    page = auditor.get(f"{known.at(known.health)}/file")
    keep(auditor, page, typing())
    say(known.returns[known.health][0], Known.NOT_KNOWN, known.actor(known.health_auditor))
    assert "no longer there" in keep(auditor, page, typing(), status=409).json["why"]
    assert drafts() == []


def test_two_pages_of_one_person_may_send_at_once(known: Asked, together: Together) -> None:
    """The first draft of a page is made once, also where two windows show it."""
    by = known.actor(known.health_auditor)

    def type_something(words: str) -> Callable[[], int]:
        return lambda: what_is_typed(by, "/cases/N-01", words)

    together(*(type_something(words) for words in ("One.", "Two.", "Three.")))
    assert len(drafts()) == 1


def test_a_page_carries_its_draft_by_one_query_and_keeps_it_by_a_handful(
    known: Asked, auditor: PageClient, count_queries: CountQueries
) -> None:
    address = f"{voices(known)}/add"
    page = auditor.get(address)
    with count_queries() as before:
        auditor.get(address)
    for number in range(20):
        what_is_typed(known.actor(known.health_auditor), f"/pages/{number}", "Half a sentence")
    with count_queries() as kept:
        keep(auditor, page, typing())
    with count_queries() as after:
        auditor.get(address)
    assert before.count == after.count, "with many drafts, and with none"
    assert kept.count <= 7, kept


def leaving_roles(person_id: int) -> list[int]:
    ids = db.session.scalars(
        select(Membership.id).where(Membership.person_id == person_id).order_by(Membership.id)
    ).all()
    db.session.rollback()
    return list(ids)
