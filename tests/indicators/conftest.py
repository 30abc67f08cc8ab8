"""A partnership's own template, for the tests of what coordinators make of it."""

from typing import Any

import pytest
from flask import Flask

from audit_app.accounts.models import Partnership, Person
from audit_app.core.db import db
from tests.factories.accounts import a_partnership
from tests.factories.indicators import the_templates
from tests.factories.templates import Draft, a_draft
from tests.pages import Page, PageClient


@pytest.fixture
def draft(app: Flask) -> Draft:
    """Version 1 of the template “Neglect here” of Saltmere, beside the library and what was delivered."""
    the_templates()
    return a_draft(a_partnership("saltmere"))


@pytest.fixture
def cora(client: PageClient, draft: Draft) -> PageClient:
    """The browser of the coordinator who made the draft."""
    return client.as_(db.session.get_one(Person, draft.coordinator.id))


def the_partnership(draft: Draft) -> Partnership:
    return db.session.get_one(Partnership, draft.coordinator.partnership_id)


def save(browser: PageClient, page: Page, button: str, status: int | None = None, **changes: Any) -> Page:
    """Press a button of a page's form, with these answers changed."""
    return browser.send(page, changes, button=button, status=status)
