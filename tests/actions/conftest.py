import pytest

from tests.factories.actions import Place, a_published_plan
from tests.fixtures import Clock, Prepared


@pytest.fixture
def place(prepared: Prepared, clock: Clock) -> Place:
    return prepared.rows("a published plan", a_published_plan)
