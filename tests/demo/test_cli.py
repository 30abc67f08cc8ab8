"""The embedded service, as far as it can be asked without starting it: journeys start it whole."""

import signal
from contextlib import nullcontext
from typing import Any

import pytest
import waitress
from flask import Flask
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from audit_app.demo import cli


@pytest.fixture
def served_with(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Adjustments:
    """How the embedded server is set when `serve` starts it."""
    given: dict[str, Any] = {}
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(waitress, "serve", lambda _app, **settings: given.update(settings))
    monkeypatch.setattr(cli, "_listening", lambda _port: nullcontext())
    monkeypatch.setattr(cli, "_worker", nullcontext)
    for step in ("_prepare", "_welcome"):
        monkeypatch.setattr(cli, step, lambda _settings: None)
    result = app.test_cli_runner().invoke(cli.serve)
    assert result.exit_code == 0, result.output
    return Adjustments(**{name: value for name, value in given.items() if name not in {"sockets", "_quiet"}})


def receive(served_with: Adjustments, size: int) -> HTTPRequestParser:
    """What the server has of a post of this many bytes, once all has come in or it was refused."""
    parser = HTTPRequestParser(served_with)
    parser.received(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % size)
    while not parser.completed:
        parser.received(b"x" * served_with.recv_bytes)
    return parser


def test_what_is_sent_never_lies_on_the_disk(app: Flask, served_with: Adjustments) -> None:
    longest = app.config["MAX_CONTENT_LENGTH"]
    for size in (1024 * 1024, longest, longest + 1024 * 1024):
        received = receive(served_with, size)
        assert not received.error
        assert len(received.body_rcv.getbuf()) >= size
        assert not received.body_rcv.getbuf().overflowed
    assert receive(served_with, 10 * longest).error.code == 413


def test_many_rooms_may_be_connected_at_once(served_with: Adjustments) -> None:
    assert served_with.connection_limit >= 20 * 8 * 6, "twenty rooms of eight, each browser with all it may open"
    assert served_with.asyncore_use_poll
