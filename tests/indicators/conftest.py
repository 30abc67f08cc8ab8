"""A partnership's own template, for the tests of what coordinators make of it."""

import pytest
from flask import Flask

from tests.factories.accounts import a_partnership
from tests.factories.indicators import the_templates
from tests.factories.templates import Draft, a_draft


@pytest.fixture
def draft(app: Flask) -> Draft:
    """Version 1 of the template “Neglect here” of Saltmere, beside the library and what was delivered."""
    the_templates()
    return a_draft(a_partnership("saltmere"))
