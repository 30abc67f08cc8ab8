"""Posting and sending through a real mail server, one that refuses, and one that is not there."""

import socket
from collections.abc import Callable

import pytest
from flask import Flask

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_partnership
from audit_app.jobs.models import Job
from audit_app.jobs.rules import MAX_ATTEMPTS, JobState
from audit_app.jobs.services import queue_lost_again, run_due
from audit_app.messages import services
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from config import Settings
from tests.factories.accounts import a_member, a_partnership, as_actor
from tests.fixtures import Clock, Together
from tests.messages.conftest import MailServer


@pytest.fixture
def partnership(app: Flask) -> Partnership:
    return a_partnership()


@pytest.fixture
def administrator(partnership: Partnership) -> Viewer:
    return as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)


def post(partnership: Partnership, **changes: str) -> Message:
    known = {
        "recipient": "ravi@health.example",
        "occasion": "invitation-1",
        "subject": "Your invitation to Saltmere",
        "body": "Hello Ravi,\n\nhere is a link with a name: Zoë.\n",
    }
    with transaction():
        services.post(partnership_id=partnership.id, **{**known, **changes})
    return message()


def message() -> Message:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Message).order_by(Message.id.desc()).first() or Message()


def test_a_posted_mail_is_sent_in_the_background_and_its_text_deleted(
    partnership: Partnership, mail_set_up: MailServer
) -> None:
    assert post(partnership).state is MessageState.WAITING
    assert mail_set_up.mails == []
    run_due()
    mail = mail_set_up.mails[0]
    assert (mail["To"], mail["From"]) == ("ravi@health.example", "audits@saltmere.example")
    assert mail["Subject"] == "Your invitation to Saltmere"
    assert "a name: Zoë." in mail.get_content()
    sent = message()
    assert (sent.state, sent.body, sent.error) == (MessageState.SENT, None, "")
    assert sent.sent_at is not None


def test_the_text_is_unreadable_in_the_database(partnership: Partnership, mail_set_up: MailServer) -> None:
    post(partnership)
    raw = db.session.connection().exec_driver_sql("SELECT body FROM message").scalar_one()
    assert b"Ravi" not in bytes(raw)


def test_the_same_occasion_is_posted_once_to_one_recipient(partnership: Partnership, mail_set_up: MailServer) -> None:
    post(partnership)
    post(partnership, subject="Again")
    post(partnership, recipient="duty@police.example")
    run_due()
    assert [mail["To"] for mail in mail_set_up.mails] == ["ravi@health.example", "duty@police.example"]


def test_two_deeds_that_post_the_same_at_one_moment_post_it_once(
    partnership: Partnership, mail_set_up: MailServer, together: Together
) -> None:
    partnership_id = partnership.id

    def do() -> None:
        with transaction():
            services.post(partnership_id=partnership_id, recipient="a@b.example", occasion="x", subject="s", body="b")

    assert together(do, do, do) == [None, None, None]
    assert db.session.query(Message).count() == 1
    assert db.session.query(Job).count() == 1


def test_a_deed_that_is_refused_posts_nothing(partnership: Partnership, mail_set_up: MailServer) -> None:
    def refused() -> None:
        services.post(partnership_id=partnership.id, recipient="a@b.example", occasion="x", subject="s", body="b")
        raise Refused("No.")

    with pytest.raises(Refused), transaction():
        refused()
    assert run_due() == 0
    assert db.session.query(Message).count() == 0


def test_a_line_break_in_a_subject_cannot_forge_a_header(partnership: Partnership, mail_set_up: MailServer) -> None:
    post(partnership, subject="Hello\r\nBcc: all@example.org")
    run_due()
    assert mail_set_up.mails[0]["Subject"] == "Hello Bcc: all@example.org"
    assert mail_set_up.mails[0]["Bcc"] is None


def test_with_no_mail_server_set_a_mail_is_kept(partnership: Partnership) -> None:
    kept = post(partnership)
    assert (kept.state, run_due()) == (MessageState.KEPT, 0)
    assert "Zoë" in (kept.body or "")


def test_a_mail_server_with_a_password_is_signed_in_to(
    partnership: Partnership, mail_server: MailServer, with_settings: Callable[..., Settings]
) -> None:
    with_settings(smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_user="audits", smtp_password="the password")
    post(partnership)
    run_due()
    assert message().state is MessageState.SENT


def test_a_wrong_password_for_the_mail_server_fails_with_the_reason(
    partnership: Partnership, mail_server: MailServer, with_settings: Callable[..., Settings]
) -> None:
    with_settings(smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_user="audits", smtp_password="wrong")
    post(partnership)
    run_due()
    failed = message()
    assert failed.state is MessageState.FAILED
    assert failed.error.startswith("The mail server refused: 535")


def test_an_address_refused_for_good_fails_at_once_with_the_servers_words(
    partnership: Partnership, mail_set_up: MailServer
) -> None:
    mail_set_up.answers["ravi@health.example"] = "550 No such person here"
    post(partnership)
    run_due()
    failed = message()
    assert failed.state is MessageState.FAILED
    assert failed.error == "The mail server refused the address: 550 No such person here"
    assert failed.body is not None
    assert db.session.query(Job).one().state is JobState.DONE


def test_a_server_that_asks_to_come_back_later_gets_the_mail_later(
    partnership: Partnership, mail_set_up: MailServer, clock: Clock
) -> None:
    mail_set_up.answers["ravi@health.example"] = "451 Busy"
    post(partnership)
    run_due()
    assert (message().state, message().error) == (
        MessageState.WAITING,
        "The mail server refused the address: 451 Busy",
    )
    assert run_due() == 0
    mail_set_up.answers.clear()
    clock.forward(seconds=31)
    run_due()
    assert (message().state, message().error, len(mail_set_up.mails)) == (MessageState.SENT, "", 1)


@pytest.fixture
def mail_server_down(with_settings: Callable[..., Settings]) -> None:
    """The settings point at a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with_settings(smtp_host="127.0.0.1", smtp_port=port)


def test_a_mail_server_that_is_down_is_tried_again_with_growing_waits_until_it_is_given_up(
    partnership: Partnership, mail_server_down: None, clock: Clock
) -> None:
    post(partnership)
    for attempt in range(1, MAX_ATTEMPTS):
        run_due()
        assert (message().state, message().attempts) == (MessageState.WAITING, attempt)
        clock.set(db.session.query(Job).one().run_after)
    run_due()
    failed = message()
    assert (failed.state, failed.attempts) == (MessageState.FAILED, MAX_ATTEMPTS)
    assert failed.error.startswith("The mail server could not be reached")
    clock.forward(days=1)
    assert run_due() == 0


@pytest.mark.parametrize(
    ("recipient", "changes"),
    [
        ("a@[x.org", {}),
        ("two\r\nlines@health.example", {}),
        ("ravi@health.example", {"smtp_host": "mail..example"}),
        ("ravi@health.example", {"smtp_user": "zoë", "smtp_password": "the password"}),
    ],
)
def test_a_mail_that_cannot_be_made_fails_with_words_for_the_administrator(
    partnership: Partnership,
    administrator: Viewer,
    mail_set_up: MailServer,
    with_settings: Callable[..., Settings],
    recipient: str,
    changes: dict[str, str],
) -> None:
    with_settings(**{"smtp_host": "127.0.0.1", "smtp_port": mail_set_up.port, **changes})
    failed = post(partnership, recipient=recipient)
    run_due()
    assert message().state is MessageState.FAILED
    assert message().error.startswith("No mail could be made of this. Check the recipient's address")
    assert recipient not in message().error
    assert db.session.query(Job).one().state is JobState.FAILED
    with transaction():
        services.send_again(failed.id, by=administrator)
    assert message().state is MessageState.WAITING


def test_a_mail_claimed_by_a_worker_that_died_is_sent_by_the_next(
    partnership: Partnership, mail_set_up: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object, **_more: object) -> None:
        raise SystemExit

    post(partnership)
    with monkeypatch.context() as patched:
        patched.setattr("audit_app.messages.services.outbox.deliver", dies)
        with pytest.raises(SystemExit):
            run_due()
    assert message().state is MessageState.SENDING
    queue_lost_again()
    run_due()
    assert (message().state, len(mail_set_up.mails)) == (MessageState.SENT, 1)


def test_a_mail_that_was_sent_is_not_sent_again_when_its_job_is_done_twice(
    partnership: Partnership, mail_set_up: MailServer
) -> None:
    sent = post(partnership)
    run_due()
    services.send_message(sent.id)
    assert len(mail_set_up.mails) == 1


def test_a_failed_mail_is_sent_again_when_the_administrator_says_so(
    partnership: Partnership, administrator: Viewer, mail_set_up: MailServer
) -> None:
    mail_set_up.answers["ravi@health.example"] = "550 No such person here"
    failed = post(partnership)
    run_due()
    mail_set_up.answers.clear()
    with transaction():
        services.send_again(failed.id, by=administrator)
    run_due()
    assert (message().state, len(mail_set_up.mails)) == (MessageState.SENT, 1)
    assert [deed.event for deed in deeds_of_partnership(partnership.id)] == ["message_retried"]


def test_only_a_failed_mail_is_sent_again_and_only_a_kept_one_read(
    partnership: Partnership, administrator: Viewer, mail_set_up: MailServer
) -> None:
    waiting = post(partnership)
    with pytest.raises(Refused, match="not sent can be sent again"), transaction():
        services.send_again(waiting.id, by=administrator)
    with pytest.raises(Refused, match="kept here can be read"), transaction():
        services.read_kept(waiting.id, by=administrator)


def test_another_partnerships_mail_is_not_there(administrator: Viewer) -> None:
    theirs = post(a_partnership())
    with pytest.raises(NotHere), transaction():
        services.read_kept(theirs.id, by=administrator)
    with pytest.raises(NotHere), transaction():
        services.send_again(theirs.id, by=administrator)


def test_a_subject_with_a_long_title_is_cut_to_what_is_kept(partnership: Partnership) -> None:
    kept = post(partnership, subject=f"Returns for {'long ' * 60}")
    assert (len(kept.subject), kept.subject[-1]) == (200, "…")
