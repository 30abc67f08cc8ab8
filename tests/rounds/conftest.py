"""A partnership with its people, for the tests of rounds."""

from dataclasses import dataclass

import pytest

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role, Viewer
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.fixtures import Prepared


@dataclass(frozen=True)
class Place:
    partnership: Partnership
    cora: Person
    """The coordinator."""
    coordinator: Viewer
    health: Agency
    police: Agency

    @property
    def rounds(self) -> str:
        """The address of the list of rounds."""
        return f"/p/{self.partnership.slug}/rounds"

    def member(self, *roles: Role, agency: Agency | None = None) -> Person:
        return a_member(self.partnership, *roles, agency=agency)

    def viewer(self, *roles: Role, agency: Agency | None = None) -> Viewer:
        return as_actor(self.member(*roles, agency=agency), self.partnership)


@pytest.fixture
def place(prepared: Prepared) -> Place:
    return prepared.rows("a partnership of two agencies", a_place)


def a_place() -> Place:
    partnership = a_partnership()
    cora = a_member(partnership, Role.COORDINATOR, name="Cora")
    return Place(
        partnership,
        cora,
        as_actor(cora, partnership),
        an_agency(partnership, name="Health"),
        an_agency(partnership, name="Police"),
    )
