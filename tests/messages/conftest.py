"""A real mail server on this machine, of which a test decides how it behaves."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from config import Settings


class MailServer:
    """Takes mails unless `answers` holds an answer for the recipient's address."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the name that the library calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = cast(bytes, envelope.content)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 Taken"


def login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    known = LoginPassword(login=b"audits", password=b"the password")
    return AuthResult(success=data == known, handled=False)  # the library then answers 535 itself


class OnAFreePort(Controller):
    """Listens on a port that the system chose."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = OnAFreePort(server, hostname="127.0.0.1", port=0, authenticator=login, auth_require_tls=False)
    controller.start()
    server.port = controller.port
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def with_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """`with_settings(smtp_host=...)` changes settings of the running application for this test."""

    def change(**changes: Any) -> Settings:
        changed: Settings = replace(app.extensions["settings"], **changes)
        monkeypatch.setitem(app.extensions, "settings", changed)
        return changed

    return change


@pytest.fixture
def mail_set_up(mail_server: MailServer, with_settings: Callable[..., Settings]) -> MailServer:
    """The mail server, with the settings pointing at it."""
    with_settings(smtp_host="127.0.0.1", smtp_port=mail_server.port, mail_from="audits@saltmere.example")
    return mail_server
