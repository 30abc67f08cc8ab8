"""A round with agencies, built once a worker."""

import pytest

from tests.factories.returns import Asked, a_round_with_agencies
from tests.fixtures import Prepared


@pytest.fixture
def asked(prepared: Prepared) -> Asked:
    """Two cases, sent to a health agency and a police force. Nobody has answered yet."""
    return prepared("a round with agencies", lambda: a_round_with_agencies(cases=2))
