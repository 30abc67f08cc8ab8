"""What the tests of this feature begin with."""

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor


@pytest.fixture
def partnership(app: Flask) -> Partnership:
    return a_partnership("here")


@pytest.fixture
def administrator(partnership: Partnership) -> Viewer:
    return as_actor(a_member(partnership, Role.ADMINISTRATOR), partnership)


@pytest.fixture
def coordinator(partnership: Partnership) -> Viewer:
    return as_actor(a_member(partnership, Role.COORDINATOR), partnership)


@pytest.fixture
def agency(partnership: Partnership) -> Agency:
    return an_agency(partnership)
