"""The embedded service: one command that prepares everything on this machine and serves it until it is stopped."""

import ctypes
import errno
import logging
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click
import waitress
from flask import current_app
from flask.cli import with_appcontext

from audit_app.accounts.access import new_password_hash
from audit_app.accounts.queries import has_any_partnership
from audit_app.accounts.rules import ROLE_WORDS
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.core.schema import bring_up_to_date
from audit_app.demo import services
from audit_app.demo.rules import OPEN_TO_ALL
from audit_app.indicators import services as indicators
from audit_app.indicators.rules import CatalogueProblems
from config import PROJECT, Settings

THREADS = 8
CONNECTIONS = 1_000
"""How many connections may be open at once. Screens in a panel's room keep theirs; past a hundred, which is what the
server would allow, all others would wait in vain."""
WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Prepare the database, then serve on this machine beside the background worker."""
    settings: Settings = current_app.extensions["settings"]
    signal.signal(signal.SIGTERM, _leave)
    longest = 2 * current_app.config["MAX_CONTENT_LENGTH"]  # so that what is little too long gets our own page
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is nothing to warn of
    with _listening(settings.port) as door:
        _prepare(settings)
        with _worker():
            _welcome(settings)
            waitress.serve(
                current_app._get_current_object(),  # type: ignore[attr-defined]
                sockets=[door],
                threads=THREADS,
                connection_limit=CONNECTIONS,
                asyncore_use_poll=True,  # the other way to wait serves about a thousand files and connections together
                max_request_body_size=longest,
                inbuf_overflow=2 * longest,  # never on disk: an uploaded file lies there only encrypted
                ident=None,
                _quiet=True,
            )
    click.echo("Stopped.")


def _prepare(settings: Settings) -> None:
    """Bring the tables and the library up to date, and fill an empty database with the demonstration."""
    try:
        bring_up_to_date(PROJECT / "migrations")
        with transaction():
            indicators.load_folder(PROJECT / "audit_templates", at=clock.now())
        if settings.has_demonstration and not has_any_partnership():
            click.echo("Building the demonstration (a few seconds, once)")
            known_to_all = new_password_hash(OPEN_TO_ALL, email="", name="")
            with transaction():
                services.build_demonstration(password_hash=known_to_all, at=clock.now())
    except (Refused, CatalogueProblems) as reason:
        raise click.ClickException(str(reason)) from None
    current_app.config["IS_DEMONSTRATION"] = bool(services.sign_ins_there())
    db.session.remove()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """Take the port before anything is touched, so that a second start by mistake changes nothing."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        door.listen()
    except OSError as error:
        door.close()
        if error.errno == errno.EADDRINUSE:
            raise click.ClickException(
                f"Port {port} is taken by another program. Stop that one, or choose another port: "
                f"PORT={port + 1} make run"
            ) from None
        raise click.ClickException(f"Port {port} cannot be used: {error.strerror}.") from None
    with door:
        yield door


@contextmanager
def _worker() -> Iterator[None]:
    """The background worker as a process of its own, started again should it die, and stopped at the end."""
    stopping = threading.Event()
    running = _start_worker()

    def watch() -> None:
        nonlocal running
        while not stopping.is_set():
            running.wait()
            if not stopping.wait(1):
                running = _start_worker()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        stopping.set()
        running.terminate()
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=10)
        if running.poll() is None:
            running.kill()


def _start_worker() -> subprocess.Popen[bytes]:
    # In a session of its own, so that Ctrl-C reaches it through us alone, after the pages have stopped.
    return subprocess.Popen(  # noqa: S603 - our own command
        WORKER,
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, nothing that another thread could hold
    )


def _die_with_parent() -> None:
    """Where the kernel can (Linux), end the worker even when the service is killed outright."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _welcome(settings: Settings) -> None:
    click.echo(f"{settings.service_name} is ready: http://127.0.0.1:{settings.port}")
    if sign_ins := services.sign_ins_there():
        click.echo(f"\nThis is a demonstration: nobody in it is real. The password is {OPEN_TO_ALL} for each of these.")
        width = max(len(ROLE_WORDS[sign_in.role]) for sign_in in sign_ins)
        for sign_in in sign_ins:
            click.echo(f"  {ROLE_WORDS[sign_in.role]:<{width}}  {sign_in.email}")
    db.session.remove()


COMMANDS = (serve,)
