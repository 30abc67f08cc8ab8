"""What the tests of this feature begin with."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Update

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db, transaction
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor


def behind_our_back(change: Update) -> None:
    """Do what somebody else did in the meantime: rows that were loaded here still say what they said before."""
    with transaction():
        db.session.execute(change, execution_options={"synchronize_session": False})


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


@pytest.fixture
def mail_server_set(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the settings name a mail server. What is posted waits in the outbox: no worker runs."""
    changed = replace(app.extensions["settings"], smtp_host="mail.example")
    monkeypatch.setitem(app.extensions, "settings", changed)
