"""Signing in and out, forgotten passwords, sessions: through the pages."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from audit_app.accounts.access import new_password_hash, password_link
from audit_app.accounts.models import Membership, Partnership, Person, SignInFailure
from audit_app.accounts.rules import FAILURES_ALLOWED, Role
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.history.queries import deeds_of_partnership
from audit_app.messages.models import Message
from tests.factories.accounts import a_member, a_membership, a_partnership
from tests.fixtures import Clock, Together
from tests.pages import Page, PageClient

PASSWORD = "copper kettle umbrella"
WRONG = "The e-mail address or the password is wrong. Check both, or choose a new password."


def with_password(person: Person, password: str = PASSWORD) -> Person:
    hashed = new_password_hash(password, email=person.email, name=person.name)
    with transaction():
        person.password = hashed
    return person


@pytest.fixture
def person(partnership: Partnership) -> Person:
    return with_password(a_member(partnership, Role.COORDINATOR))


def sign_in(client: PageClient, email: str, password: str = PASSWORD, status: int = 302, **more: str) -> Page:
    return client.post("/sign-in", {"email": email, "password": password, **more}, status=status)


def test_a_person_signs_in_and_lands_in_their_one_partnership(
    client: PageClient, person: Person, partnership: Partnership
) -> None:
    answer = client.send(client.get("/sign-in"), {"email": person.email.upper(), "password": PASSWORD}, status=302)
    assert answer.headers["Location"] == "/"
    assert client.get("/", status=302).headers["Location"] == f"/p/{partnership.slug}/"
    db.session.refresh(person)
    assert person.last_signed_in_at is not None
    assert [deed.event for deed in deeds_of_partnership(partnership.id)] == ["signed_in"]


def test_the_sign_in_page_offers_one_way_to_a_new_password(client: PageClient, app: Flask) -> None:
    ways = [href for href in client.get("/sign-in").links.values() if href == "/forgotten-password"]
    assert len(ways) == 1


def test_the_password_is_kept_as_argon2id(app: Flask, person: Person) -> None:
    assert (person.password or "").startswith("$argon2id$")


def test_a_page_asked_for_before_signing_in_is_opened_after(client: PageClient, person: Person) -> None:
    asked = client.get("/p/here/people", status=302).headers["Location"]
    answer = client.send(client.get(asked), {"email": person.email, "password": PASSWORD}, status=302)
    assert answer.headers["Location"] == "/p/here/people"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(client: PageClient, person: Person, elsewhere: str) -> None:
    page = client.get("/sign-in", next=elsewhere)
    assert "evil" not in str(page.form().values)
    answer = sign_in(client, person.email, next=elsewhere)
    assert urlsplit(urljoin("http://localhost/sign-in", answer.headers["Location"])).netloc == "localhost"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/%5Cevil.example"])
def test_nor_does_an_address_that_was_tampered_with(client: PageClient, person: Person, elsewhere: str) -> None:
    answer = client.post(f"/sign-in?next={elsewhere}", {"email": person.email, "password": PASSWORD}, status=302)
    assert urlsplit(urljoin("http://localhost/sign-in", answer.headers["Location"])).netloc == "localhost"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: PageClient, person: Person) -> None:
    wrong = sign_in(client, person.email, "not the password", status=200)
    unknown = sign_in(client, "nobody@people.example", "not the password", status=200)
    assert wrong.errors == unknown.errors == [WRONG]
    assert wrong.form().values["email"] == [person.email]
    assert "not the password" not in wrong.html


def test_nothing_entered_is_said_so_and_counts_as_no_failure(app: Flask, client: PageClient) -> None:
    page = sign_in(client, "", "", status=200)
    assert page.errors == ["Enter your e-mail address and your password."]
    assert db.session.query(SignInFailure).count() == 0


def test_a_very_long_password_is_wrong_without_being_hashed(
    client: PageClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object) -> bool:
        raise AssertionError("hashed")

    monkeypatch.setattr(Person, "verify_and_update_password", never)
    assert sign_in(client, person.email, "x" * 10_000, status=200).errors == [WRONG]


def test_after_five_failures_even_the_right_password_waits_fifteen_minutes(
    client: PageClient, person: Person, partnership: Partnership, clock: Clock
) -> None:
    for _ in range(FAILURES_ALLOWED):
        assert sign_in(client, person.email, "not the password", status=200).errors == [WRONG]
    refused = sign_in(client, person.email, status=200)
    assert refused.errors == ["There were too many tries. Wait 15 minutes, or choose a new password."]
    assert [deed.words for deed in deeds_of_partnership(partnership.id)] == [
        f"Someone failed 5 times to sign in as {person.name}"
    ]
    clock.forward(minutes=16)
    assert sign_in(client, person.email).headers["Location"] == "/"
    assert db.session.query(SignInFailure).count() == 0


def test_an_unknown_address_is_stopped_just_the_same(client: PageClient, person: Person) -> None:
    answers = [
        sign_in(client, "nobody@people.example", "guess", status=200).errors for _ in range(FAILURES_ALLOWED + 1)
    ]
    assert answers[-1] == ["There were too many tries. Wait 15 minutes, or choose a new password."]


def test_tries_while_stopped_do_not_prolong_the_wait(client: PageClient, person: Person, clock: Clock) -> None:
    for _ in range(FAILURES_ALLOWED):
        sign_in(client, person.email, "not the password", status=200)
    clock.forward(minutes=10)
    for _ in range(3):
        sign_in(client, person.email, status=200)
    clock.forward(minutes=6)
    assert sign_in(client, person.email).headers["Location"] == "/"


def test_many_accounts_tried_from_one_address_are_stopped(
    client: PageClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit_app.accounts.services.sign_in.FAILURES_ALLOWED_FROM_ADDRESS", 4)
    for number in range(4):
        assert sign_in(client, f"guess-{number}@people.example", "guess", status=200).errors == [WRONG]
    assert "too many tries" in sign_in(client, person.email, status=200).errors[0]


def test_guesses_at_the_same_moment_are_counted_together(
    app: Flask, client: PageClient, person: Person, together: Together
) -> None:
    email = person.email
    clients = [PageClient(app) for _ in range(FAILURES_ALLOWED + 3)]
    answers = together(*(lambda one=one: sign_in(one, email, "guess", status=200).errors[0] for one in clients))
    assert answers.count(WRONG) <= FAILURES_ALLOWED
    assert all(isinstance(answer, str) for answer in answers), answers


def test_a_leaver_cannot_sign_in(client: PageClient, partnership: Partnership) -> None:
    leaver = with_password(a_member(partnership))
    a_membership(leaver, partnership, Role.AUDITOR, until_day=core_clock.today() - timedelta(days=1))
    assert sign_in(client, leaver.email, status=200).errors == [WRONG]


def test_nor_can_someone_who_was_made_inactive(client: PageClient, person: Person) -> None:
    with transaction():
        person.active = False
    assert sign_in(client, person.email, status=200).errors == [WRONG]


@pytest.mark.parametrize("path", ["/p/here/people", "/"])
def test_the_open_session_of_a_leaver_ends_at_once(
    client: PageClient, person: Person, partnership: Partnership, path: str
) -> None:
    browser = client.as_(person)
    browser.get("/p/here/people")
    with transaction():
        membership = db.session.query(Membership).one()
        membership.until_day = core_clock.today() - timedelta(days=1)
    page = browser.get(path, status=403)
    assert page.h1 == "Your access to this service has ended"
    assert browser.get("/", status=302).headers["Location"].startswith("/sign-in")


def test_another_partnership_is_not_there_for_a_member_of_this_one(client: PageClient, person: Person) -> None:
    a_partnership("elsewhere")
    assert client.as_(person).get("/p/elsewhere/people", status=404).h1 == "Page not found"


def test_a_session_ends_after_sixty_idle_minutes(client: PageClient, person: Person, clock: Clock) -> None:
    browser = client.as_(person)
    for _ in range(3):
        clock.forward(minutes=59)
        browser.get("/p/here/people")
    clock.forward(minutes=61)
    answer = browser.get("/p/here/people", status=302)
    assert answer.headers["Location"].startswith("/sign-in")
    assert "nothing was done for a while" in browser.get(answer.headers["Location"]).notices[0]


def test_neither_style_sheets_nor_public_pages_keep_a_session_open(
    client: PageClient, person: Person, clock: Clock
) -> None:
    browser = client.as_(person)
    for _ in range(3):
        clock.forward(minutes=25)
        browser.get("/static/app.css")
        browser.get("/cookies")
    assert browser.get("/p/here/people", status=302).headers["Location"].startswith("/sign-in")


def test_signing_out_is_a_post_and_ends_the_session(client: PageClient, person: Person) -> None:
    browser = client.as_(person)
    browser.get("/sign-out", status=405)
    browser.post("/sign-out", status=302)
    assert browser.get("/p/here/people", status=302).headers["Location"].startswith("/sign-in")


def test_a_sign_in_page_that_was_open_for_too_long_is_shown_again(client: PageClient, person: Person) -> None:
    answer = client.post("/sign-in", {"email": person.email, "password": PASSWORD, "csrf_token": "stale"}, status=302)
    assert answer.headers["Location"] == "/sign-in"
    assert "open for a long time" in client.get("/sign-in").notices[0]


def test_a_post_after_the_session_ended_says_that_one_is_signed_out(client: PageClient, person: Person) -> None:
    page = client.post("/p/here/people/new", {"csrf_token": "stale"}, status=401)
    assert page.h1 == "You are signed out"


# --- forgotten passwords ---------------------------------------------------------------------------------------------


def ask_for_link(client: PageClient, email: str) -> Page:
    return client.send(client.get("/forgotten-password"), {"email": email}, status=200)


def link_in_outbox(settings_url: str = "http://127.0.0.1:8000") -> str:
    message = db.session.query(Message).order_by(Message.id).all()[-1]
    line = next(line for line in (message.body or "").splitlines() if line.startswith(settings_url))
    return line.removeprefix(settings_url)


def test_a_forgotten_password_is_set_anew_through_the_mailed_link(
    client: PageClient, person: Person, partnership: Partnership
) -> None:
    page = ask_for_link(client, person.email)
    assert "a link to choose a new password is made" in page.notices[0]
    link = link_in_outbox()
    new = "three blue herons fly"
    done = client.send(client.get(link), {"password": new, "password_confirm": new})
    assert done.notices == ["Your new password is set. Sign in with it."]
    assert sign_in(client, person.email, PASSWORD, status=200).errors == [WRONG]
    assert sign_in(client, person.email, new).headers["Location"] == "/"
    assert "password_reset" in [deed.event for deed in deeds_of_partnership(partnership.id)]
    assert [message.subject for message in db.session.query(Message).order_by(Message.id)] == [
        "Choose a new password",
        "Your password was changed",
    ]


def test_the_link_never_takes_its_host_from_the_request(app: Flask, person: Person) -> None:
    with app.test_request_context(base_url="http://evil.example"):
        assert password_link(person).startswith("http://127.0.0.1:8000/forgotten-password/")


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: PageClient, person: Person) -> None:
    known, unknown = ask_for_link(client, person.email), ask_for_link(client, "nobody@people.example")
    assert known.notices == unknown.notices
    assert known.main.replace(person.email, "") == unknown.main.replace("nobody@people.example", "")
    assert [message.recipient for message in db.session.query(Message)] == [person.email]


def test_a_leaver_and_someone_without_a_password_get_no_link(client: PageClient, partnership: Partnership) -> None:
    leaver = with_password(a_member(partnership))
    invited = a_member(partnership, Role.AUDITOR)
    for person in (leaver, invited):
        assert "If that address is known here" in ask_for_link(client, person.email).notices[0]
    assert db.session.query(Message).count() == 0


def test_what_is_no_address_is_said_so(client: PageClient, app: Flask) -> None:
    page = ask_for_link(client, "sam")
    assert page.errors == ["Enter an e-mail address in the correct format, like name@example.org."]


def test_asking_again_and_again_sends_one_mail_in_ten_minutes(client: PageClient, person: Person, clock: Clock) -> None:
    for _ in range(4):
        ask_for_link(client, person.email)
    assert db.session.query(Message).count() == 1
    clock.forward(minutes=11)
    ask_for_link(client, person.email)
    assert db.session.query(Message).count() == 2


def test_a_link_works_once(client: PageClient, person: Person) -> None:
    ask_for_link(client, person.email)
    link = link_in_outbox()
    new = {"password": "three blue herons fly", "password_confirm": "three blue herons fly"}
    client.send(client.get(link), new)
    again = client.post(link, new)
    assert "used already" in again.notices[0]
    assert again.h1 == "Choose a new password"


def test_a_link_used_twice_at_the_same_moment_sets_one_password(
    app: Flask, client: PageClient, person: Person, together: Together
) -> None:
    ask_for_link(client, person.email)
    link, email = link_in_outbox(), person.email

    chosen = ("three blue herons fly", "seven old lamps shine")

    def use(password: str) -> int:
        data = {"password": password, "password_confirm": password}
        one = PageClient(app)
        return one.ask("POST", link, data={"csrf_token": one.token(), **data}).status

    answers = together(lambda: use(chosen[0]), lambda: use(chosen[1]))
    assert all(answer in {302, 409} for answer in answers), answers
    subjects = [message.subject for message in db.session.query(Message)]
    assert subjects.count("Your password was changed") == 1
    works = [one for one in chosen if can_sign_in(app, email, one)]
    assert len(works) == 1


def can_sign_in(app: Flask, email: str, password: str) -> bool:
    one = PageClient(app)
    data = {"csrf_token": one.token(), "email": email, "password": password}
    return one.ask("POST", "/sign-in", data=data).status == 302


def test_a_link_expires_after_an_hour(client: PageClient, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_for_link(client, person.email)
    link = link_in_outbox()
    monkeypatch.setitem(client.app.config, "SECURITY_RESET_PASSWORD_WITHIN", timedelta(seconds=-1))
    assert client.app.config["SECURITY_MSG_PASSWORD_RESET_REQUEST"][0].endswith("It works for an hour.")
    assert "has expired" in client.get(client.get(link, status=302).headers["Location"]).notices[0]


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "at least 12"),
        ("three blue herons fly", "three blue herons flew", "not the same"),
        ("passwordpassword", "passwordpassword", "easy to guess"),
    ],
)
def test_a_bad_new_password_is_refused_on_the_page(
    client: PageClient, person: Person, password: str, again: str, words: str
) -> None:
    ask_for_link(client, person.email)
    page = client.get(link_in_outbox())
    refused = client.send(page, {"password": password, "password_confirm": again}, status=200)
    assert words in refused.errors[0]


def test_someone_of_two_partnerships_gets_no_link_where_an_administrator_would_read_it(
    client: PageClient, person: Person
) -> None:
    a_membership(person, a_partnership("second"), Role.AUDITOR)
    assert "If that address is known here" in ask_for_link(client, person.email).notices[0]
    assert db.session.query(Message).count() == 0


def test_a_new_password_ends_the_wait_after_too_many_tries(client: PageClient, person: Person) -> None:
    for _ in range(FAILURES_ALLOWED):
        sign_in(client, person.email, "not the password", status=200)
    ask_for_link(client, person.email)
    new = "three blue herons fly"
    client.send(client.get(link_in_outbox()), {"password": new, "password_confirm": new})
    assert sign_in(client, person.email, new).headers["Location"] == "/"


# --- what there is not -----------------------------------------------------------------------------------------------


def test_flask_security_registers_these_routes_and_no_others(application: Flask) -> None:
    routes = {rule.endpoint for rule in application.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert routes == {"security.login", "security.logout", "security.forgot_password", "security.reset_password"}
    assert not {"users", "roles"} & set(application.cli.commands)


def test_a_token_in_a_header_or_an_address_signs_nobody_in(client: PageClient, person: Person) -> None:
    with client.app.test_request_context():
        token = person.get_auth_token()
    client.get("/p/here/people", status=302, auth_token=token)
    answer = client.browser.get("/p/here/people", headers={"Authentication-Token": str(token)})
    assert answer.status_code == 302
