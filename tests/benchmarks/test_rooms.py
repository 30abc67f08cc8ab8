"""The panel rooms of the bench at their smallest: one room that really rates, while others do ordinary work."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from audit_app.core.db import db
from audit_app.panels.models import PanelRoom, Vote
from benchmarks import rooms
from benchmarks.figures import Figures, verdicts
from benchmarks.loader import load
from benchmarks.measures import Visitors
from benchmarks.rooms import measure_rooms
from benchmarks.server import serving
from config import Settings
from tests.benchmarks.test_benchmarks import SMALL
from tests.fixtures import Prepared


def votes() -> int:
    found = db.session.scalar(select(func.count()).select_from(Vote))
    db.session.rollback()
    return found or 0


def test_every_screen_of_a_room_gets_what_was_done_in_it(
    app: Flask, prepared: Prepared, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared("a small bench with a room", lambda: load(SMALL, rooms=1))
    before = votes()
    monkeypatch.setattr(rooms, "DO_EVERY", (0.0, 0.05))
    monkeypatch.setattr(rooms, "ASK_EVERY", 0.3)
    monkeypatch.setattr(rooms, "ARRIVES_WITHIN", 2.0)
    with serving("waitress", settings) as server:
        measured = measure_rooms(Visitors(server.port, SMALL), server, rooms=1, seconds=6.0)
    assert measured.problems == []
    assert 0 < measured.clients < measured.server
    assert measured.samples.keys() == set(rooms.NAMES)
    assert len(measured.samples[rooms.SPREAD].seconds) == measured.done
    assert measured.samples[rooms.POLL_SAME].statements == 2, "the session's and the room's"
    assert sum(revision - 1 for revision in db.session.scalars(select(PanelRoom.revision))) == measured.done
    assert votes() > before


def test_rooms_have_targets_of_their_own() -> None:
    names = (rooms.POLL, rooms.SPREAD, *rooms.BESIDE)
    slow = Figures(1.0, 4000.0, 5000.0, 3, 50.0)
    said = verdicts({(name, clients): slow for name in names for clients in (1, 160)})
    assert len([line for line in said if line.startswith("- MISSED")]) == len(names)
