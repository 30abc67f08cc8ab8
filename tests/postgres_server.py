"""A PostgreSQL server for one run of the tests: in a temporary folder, on a free port, gone afterwards."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

WANTED = "15"
BINARIES = Path("/usr/lib/postgresql")
PR_SET_PDEATHSIG = 1


class NoPostgres(Exception):
    """PostgreSQL is not installed, or its server does not start. Carries one sentence."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server and give the address of its `postgres` database, without a database name to fall back on.

    Raises:
        NoPostgres: it is not installed, or did not start.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="neglect-audit-postgres-"))
    user = _ordinary_user()
    if user is not None:
        shutil.chown(folder, user, user)
    data, port = folder / "data", _free_port()
    try:
        _make_data_folder(binaries / "initdb", data, user)
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [
                    *(binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder),
                    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
                    *("-c", "max_connections=60", "-c", "timezone=UTC"),
                ],
                cwd=folder,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_stop_when_the_tests_die,  # noqa: PLW1509 - no threads run yet
            )
        try:
            address = f"postgresql://tests@127.0.0.1:{port}"
            _wait_until_ready(server, address, folder / "log")
            yield address
        finally:
            server.send_signal(signal.SIGINT)  # "fast": ends sessions, then the server
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=10)
            if server.poll() is None:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    """The folder with the server's programs: of the wanted version, else the newest there is."""
    versions = sorted((path for path in BINARIES.glob("*/bin") if (path / "initdb").exists()), key=_version)
    if not versions:
        raise NoPostgres("PostgreSQL is not installed. Run: apt-get install postgresql")
    return next((path for path in versions if path.parent.name == WANTED), versions[-1])


def _version(path: Path) -> int:
    return int(path.parent.name) if path.parent.name.isdigit() else 0


def _ordinary_user() -> str | None:
    """Whom the server runs as: it refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise NoPostgres("There is no user `postgres` to run PostgreSQL as, and it refuses root.") from None


def _make_data_folder(initdb: Path, data: Path, user: str | None) -> None:
    done = subprocess.run(
        [initdb, "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoPostgres(f"initdb failed: {done.stderr.strip()}")


def _stop_when_the_tests_die() -> None:
    """Ask the kernel to end the server when this process is killed outright."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise NoPostgres(f"PostgreSQL did not start: {log.read_text()[-500:]}")
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
            return
        time.sleep(0.05)
    raise NoPostgres("PostgreSQL did not answer within ten seconds.")
