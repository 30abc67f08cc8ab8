"""A round of three agreed cases, rated by two agencies, for the tests of findings."""

from dataclasses import dataclass

import pytest

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.core.db import transaction
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.findings import a_counted_round, an_agreed_case
from tests.fixtures import Prepared


@dataclass(frozen=True)
class Counted:
    """A01 (own work): good, inadequate, inadequate, no evidence. A04: good twice, requires improvement once.
    B01: not applicable once. H02: nothing."""

    partnership: Partnership
    audit: Round
    health: Agency
    police: Agency
    cora: Person
    """The coordinator."""
    coordinator: Viewer

    @property
    def at(self) -> str:
        """The address of the round's findings."""
        return f"/p/{self.partnership.slug}/rounds/{self.audit.reference}/findings"

    def member(self, *roles: Role, agency: Agency | None = None) -> Person:
        return a_member(self.partnership, *roles, agency=agency)

    def viewer(self, *roles: Role, agency: Agency | None = None) -> Viewer:
        return as_actor(self.member(*roles, agency=agency), self.partnership)

    def put(self, state: RoundState) -> None:
        with transaction():
            self.audit.state = state


@pytest.fixture
def counted(prepared: Prepared) -> Counted:
    return prepared.rows("a round of three agreed cases", a_round_of_three)


def a_round_of_three() -> Counted:
    partnership = a_partnership()
    health = an_agency(partnership, name="Health", short_name="NHS")
    police = an_agency(partnership, AgencyKind.POLICE, name="Police", short_name="MP")
    cora = a_member(partnership, Role.COORDINATOR, name="Cora")
    audit = a_counted_round(partnership, [health, police])
    an_agreed_case(
        audit,
        rated={("A01", health): "good", ("A01", police): "inadequate", ("A04", health): "good"},
        agreed={("A01", health): "good", ("A01", police): "inadequate", ("A04", None): "good"},
    )
    an_agreed_case(
        audit,
        rated={("A01", health): "requires_improvement", ("A04", police): "no_evidence"},
        agreed={("A01", health): "inadequate", ("A04", None): "requires_improvement"},
    )
    an_agreed_case(
        audit,
        rated={("A01", health): "no_evidence", ("B01", police): "not_applicable"},
        agreed={("A01", health): "no_evidence", ("A04", None): "good", ("B01", None): "not_applicable"},
    )
    return Counted(partnership, audit, health, police, cora, as_actor(cora, partnership))
