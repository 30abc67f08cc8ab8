"""Before signing in: the pages that are open to everybody, and the way back for who forgot their password."""

import re
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.journeys.walking import Service, StartService, Walk, free_port

AUDITOR = "oluchi.merridrew@stbrides.saltmere.example"


class MailServer:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Message] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self.mails.append(message_from_bytes(envelope.original_content or b""))
        return "250 OK"

    def mail_to(self, address: str) -> str:
        """The text of the first mail to an address, once it is there."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for mail in self.mails:
                if mail["To"] == address:
                    text = mail.get_payload(decode=True)
                    assert isinstance(text, bytes)
                    return text.decode()
            time.sleep(0.1)
        raise AssertionError(f"no mail came for {address}")


@pytest.fixture
def mail_server() -> Iterator[tuple[MailServer, int]]:
    server, port = MailServer(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield server, port
    controller.stop()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_before_signing_in_is_open_and_accessible(walk: Walk, width: int) -> None:
    visitor = walk(width=width)
    for path in ("/sign-in", "/forgotten-password", "/accessibility", "/privacy", "/cookies"):
        assert visitor.open(path).width_needed <= width, path
    assert visitor.open("/nowhere", status=404).width_needed <= width
    visitor.open("/p/saltmere/rounds")
    assert visitor.heading == "Sign in"


def test_a_wrong_password_is_refused_in_words(walk: Walk) -> None:
    visitor = walk().sign_in(AUDITOR, "not-their-password")
    assert visitor.heading == "Sign in"
    visitor.reads("There is a problem")


def test_everyone_whom_the_start_names_can_sign_in(service: Service, walk: Walk) -> None:
    said = service.log.read_text()
    people = re.findall(r"\S+@\S+\.example", said)
    assert len(people) == 11
    for email in dict.fromkeys(people):
        assert walk(looks=False).sign_in(email).heading == "What to do next"


def test_a_forgotten_password_is_replaced_by_the_link_in_a_mail(
    start_service: StartService, mail_server: tuple[MailServer, int], walk: Walk
) -> None:
    server, port = mail_server
    service = start_service(SMTP_HOST="127.0.0.1", SMTP_PORT=str(port))
    visitor = walk(where=service)
    visitor.open("/sign-in").follow("Choose a new password")
    visitor.fill(email=AUDITOR).press("Send the link")
    link = re.search(r"http://\S+", server.mail_to(AUDITOR))
    assert link
    visitor.open(link.group()).fill(password="a-new-lantern-each-year", password_confirm="a-new-lantern-each-year")
    visitor.press("Set this password")
    visitor.sign_in(AUDITOR, "a-new-lantern-each-year")
    assert visitor.heading == "What to do next"
