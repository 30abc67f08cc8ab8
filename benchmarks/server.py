"""Starts the real servers as processes of their own, and reads how much memory they took."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config import PROJECT, SECRETS, Settings

APP = "benchmarks.service:served()"
SERVERS = {
    "waitress": (
        "waitress, 1 process, 8 threads",
        "waitress-serve --listen=127.0.0.1:{port} --threads=8 --connection-limit=1000 --asyncore-use-poll",
    ),
    "gunicorn": (
        "gunicorn, 2 processes, 16 threads each",
        "gunicorn --bind=127.0.0.1:{port} -w 2 -k gthread --threads=16 --keep-alive=75 --no-control-socket",
    ),
}


@dataclass(frozen=True)
class Server:
    """A server that is running."""

    words: str
    port: int
    process: subprocess.Popen[bytes]

    def forget_peak(self) -> None:
        """Begin to watch for the most memory anew."""
        for pid in self._pids():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_mib(self) -> float:
        """The most memory that its processes held since `forget_peak`, all together, in MiB."""
        statuses = [Path(f"/proc/{pid}/status").read_text() for pid in self._pids()]
        return sum(int(_line(status, "VmHWM").split()[0]) for status in statuses) / 1024

    def processor(self) -> float:
        """The processor's time that its processes took so far, all together, in seconds."""
        ticks = 0
        for pid in self._pids():
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _pids(self) -> Sequence[int]:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]


def _line(status: str, name: str) -> str:
    return next(line.split(":", 1)[1] for line in status.splitlines() if line.startswith(f"{name}:"))


@contextmanager
def serving(kind: str, settings: Settings) -> Iterator[Server]:
    """Start a server on a free port with these settings, wait until it answers, stop it at the end."""
    words, command = SERVERS[kind]
    instance = settings.instance
    port = free_port()
    program, *options = command.format(port=port).split()
    factory = ["--call", APP.removesuffix("()")] if kind == "waitress" else [APP]
    with (instance / f"{kind}.log").open("w") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / program), *options, *factory],
            cwd=PROJECT,
            env={**environment_of(settings), "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    server = Server(words, port, process)
    try:
        _wait(server, instance / f"{kind}.log")
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        if process.poll() is None:
            process.kill()


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process needs to serve with these settings."""
    known = {"PATH": os.environ["PATH"], "INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url}
    return known | {name.upper(): getattr(settings, name) for name in SECRETS}


def _wait(server: Server, log: Path) -> None:
    for _ in range(300):
        if server.process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit(f"{server.words} did not start:\n{log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
