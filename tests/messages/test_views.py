"""The outbox, as an administrator uses it."""

import pytest
from flask import Flask

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.history.queries import deeds_of_partnership
from audit_app.messages import services
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from tests.factories.accounts import a_member, a_partnership
from tests.fixtures import CountQueries
from tests.pages import PageClient


@pytest.fixture
def partnership(app: Flask) -> Partnership:
    return a_partnership("here")


@pytest.fixture
def admin(client: PageClient, partnership: Partnership) -> PageClient:
    return client.as_(a_member(partnership, Role.ADMINISTRATOR, name="Ada Admin"))


def post(partnership: Partnership, number: int = 1) -> Message:
    with transaction():
        services.post(
            partnership_id=partnership.id,
            recipient="ravi@health.example",
            occasion=f"occasion-{number}",
            subject="Your invitation",
            body="Hello Ravi,\n\nhttp://127.0.0.1:8000/invitation/abc\n",
        )
    return db.session.query(Message).order_by(Message.id.desc()).limit(1).one()


def test_an_empty_outbox_says_what_will_be_there(admin: PageClient) -> None:
    assert "No messages yet" in admin.get("/p/here/outbox").main


def test_a_kept_message_is_listed_without_its_text_and_read_by_a_post_that_history_knows(
    admin: PageClient, partnership: Partnership
) -> None:
    post(partnership)
    page = admin.get("/p/here/outbox")
    assert "/invitation/abc" not in page.html
    assert page.tables[0][1][:2] == ["Your invitation", "ravi@health.example"]
    read = admin.send(page, status=200)
    assert read.links["http://127.0.0.1:8000/invitation/abc"] == "http://127.0.0.1:8000/invitation/abc"
    deed = deeds_of_partnership(partnership.id)[0]
    assert deed.words == "Ada Admin read a message that was kept: Your invitation"


def test_looking_at_a_message_is_never_a_mere_address(admin: PageClient, partnership: Partnership) -> None:
    page = admin.get(f"/p/here/outbox/{post(partnership).id}/read", status=405)
    assert "abc" not in page.main


def test_a_message_that_cannot_be_read_says_why(admin: PageClient, partnership: Partnership) -> None:
    message = post(partnership)
    with transaction():
        message.state, message.body = MessageState.SENT, None
    page = admin.post(f"/p/here/outbox/{message.id}/read", status=409)
    assert "Only messages that are kept here can be read" in page.main


def test_a_failed_message_shows_its_error_and_is_sent_again(admin: PageClient, partnership: Partnership) -> None:
    message = post(partnership)
    with transaction():
        message.state, message.error = MessageState.FAILED, "The mail server refused the address: 550 Unknown"
    page = admin.get("/p/here/outbox")
    assert "550 Unknown" in page.tables[0][1][3]
    done = admin.send(page)
    assert done.notices == ["The message will be sent again."]
    assert "Waiting" in done.tables[0][1][3]


def test_a_message_that_did_not_fail_is_not_sent_again(admin: PageClient, partnership: Partnership) -> None:
    page = admin.post(f"/p/here/outbox/{post(partnership).id}/send-again")
    assert page.notices == ["Only a message that was not sent can be sent again."]


def test_another_partnerships_message_is_not_there(admin: PageClient) -> None:
    theirs = post(a_partnership())
    admin.post(f"/p/here/outbox/{theirs.id}/read", status=404)
    admin.post(f"/p/here/outbox/{theirs.id}/send-again", status=404)
    assert "ravi@health.example" not in admin.get("/p/here/outbox").main


def test_a_long_outbox_has_pages_and_each_takes_the_same_queries(
    admin: PageClient, partnership: Partnership, count_queries: CountQueries
) -> None:
    post(partnership)
    with count_queries() as few:
        admin.get("/p/here/outbox")
    for number in range(2, 60):
        post(partnership, number)
    with count_queries() as many:
        page = admin.get("/p/here/outbox")
    assert many.count == few.count
    assert len(page.tables[0]) == 51
    assert len(admin.get("/p/here/outbox", page=2).tables[0]) == 10
    assert len(admin.get("/p/here/outbox", page=99).tables[0]) == 10
