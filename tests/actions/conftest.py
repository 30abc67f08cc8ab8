import pytest
from flask import Flask

from tests.factories.actions import Place, a_published_plan
from tests.fixtures import Clock


@pytest.fixture
def place(app: Flask, clock: Clock) -> Place:
    return a_published_plan()
