"""Starting and stopping: `make run` on a machine of one's own."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import PROJECT
from tests.journeys.walking import Service, StartService, Walk, workers_of


def start_in_vain(**environment: str) -> str:
    """Start where it must be refused; give what was said."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    return done.stderr.removeprefix("Error: ").strip()


def one_sentence(said: str) -> bool:
    return "\n" not in said and "Traceback" not in said


@pytest.mark.on_both
def test_the_sign_in_page_opens_for_everybody(walk: Walk) -> None:
    assert walk().open("/").heading == "Sign in"
    assert walk(width=375).open("/").heading == "Sign in"
    assert walk(scripts=False).open("/").heading == "Sign in"


def test_a_taken_port_is_refused_before_anything_is_touched(service: Service, tmp_path: Path) -> None:
    port = service.url.rpartition(":")[2]
    said = start_in_vain(INSTANCE=str(tmp_path), PORT=port)
    assert said.startswith(f"Port {port} is taken by another program.")
    assert one_sentence(said)
    assert not (tmp_path / "audits.sqlite3").exists()


def test_a_database_from_a_newer_version_is_refused(start_service: StartService) -> None:
    service = start_service(DEMONSTRATION="no")
    service.process.send_signal(signal.SIGTERM)
    service.process.wait(timeout=20)
    database = sqlite3.connect(service.instance / "audits.sqlite3")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    said = start_in_vain(INSTANCE=str(service.instance), PORT=service.url.rpartition(":")[2])
    assert said.startswith("This database was made by a newer version of the service")
    assert one_sentence(said)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda one: one.name)
def test_the_worker_ends_with_the_service(start_service: StartService, ending: signal.Signals) -> None:
    service = start_service(DEMONSTRATION="no")
    workers = workers_of(service)
    assert len(workers) == 1
    service.process.send_signal(ending)
    code = service.process.wait(timeout=20)
    assert code == (-ending if ending is signal.SIGKILL else 0), service.log.read_text()
    end = time.monotonic() + 15
    while time.monotonic() < end and (left := [pid for pid in workers if is_running(pid)]):
        time.sleep(0.1)
    assert left == []


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - a process, not a file
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_secrets_are_made_at_the_first_start_for_this_user_alone(service: Service) -> None:
    made = service.instance / "secrets"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(service.instance.stat().st_mode) == 0o700


def test_production_refuses_to_start_without_secrets_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    said = start_in_vain(INSTANCE=str(tmp_path_factory.mktemp("instance")), PRODUCTION="1", PORT="0")
    assert said.startswith("In production set SECRET_KEY")
    assert one_sentence(said)
