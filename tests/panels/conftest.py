"""A panel whose first case was released, built once a worker."""

import pytest

from audit_app.accounts.models import Person
from audit_app.core.db import db
from tests.factories.panels import Sitting, a_sitting
from tests.factories.rooms import Room, a_room
from tests.fixtures import Prepared
from tests.pages import PageClient


@pytest.fixture
def sitting(prepared: Prepared) -> Sitting:
    """Two cases on one panel: the first released, the second with the agencies, who have not answered."""
    return prepared("a panel with a released case", a_sitting)


@pytest.fixture
def waiting(prepared: Prepared) -> Sitting:
    """One case on a panel, handed over by both agencies and not released."""
    return prepared("a panel with a case to release", lambda: a_sitting(cases=1, is_released=False))


@pytest.fixture
def room(prepared: Prepared) -> Room:
    """A panel in its room, open with its one case: health rated everything good, police declined to answer."""
    return prepared("a room with an open case", a_room)


@pytest.fixture
def closed(prepared: Prepared) -> Room:
    """The same before its chair opened the room."""
    return prepared("a room that is closed", lambda: a_room(is_open=False))


@pytest.fixture
def chair(sitting: Sitting, client: PageClient) -> PageClient:
    return client.as_(db.session.get_one(Person, sitting.chair))


@pytest.fixture
def coordinator(sitting: Sitting, client: PageClient) -> PageClient:
    return client.as_(db.session.get_one(Person, sitting.asked.coordinator))
