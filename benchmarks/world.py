"""What the loaded database looks like, so that loader and clients agree without asking it."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit_app.accounts.rules import AgencyKind
from audit_app.rounds.rules import RoundState

SLUG = "bench"
PARTNERSHIP_ID = 1
PASSWORD = "three plain words together"  # noqa: S105 - of a database that lives for minutes
AGENCIES = (AgencyKind.CHILDRENS_SOCIAL_CARE, AgencyKind.HEALTH, AgencyKind.POLICE, AgencyKind.EDUCATION)
"""The agencies, with ids from 1."""
DOMAINS = (12, 12, 9)
"""The questions of each domain: 33 in all, the first domain the one that is measured."""


@dataclass(frozen=True)
class Size:
    """How much is loaded. As delivered: 132,000 ratings.

    The newest `open_rounds` rounds are with agencies, the one before at panel, the one before that being reported, and
    all others published.
    """

    rounds: int = 100
    cases: int = 10
    open_rounds: int = 4
    auditors: int = 8  # of each agency: as many clients may save at once as there are auditors

    @property
    def ratings(self) -> int:
        return self.rounds * self.cases * sum(DOMAINS) * len(AGENCIES)

    def state(self, number: int) -> RoundState:
        """Where a round is, by its number from 1."""
        newer = self.rounds - number
        if newer < self.open_rounds:
            return RoundState.RETURNS
        return {0: RoundState.PANEL, 1: RoundState.REPORTING}.get(newer - self.open_rounds, RoundState.PUBLISHED)

    @property
    def open_numbers(self) -> range:
        """The numbers of the rounds that are with agencies."""
        return range(self.rounds - self.open_rounds + 1, self.rounds + 1)

    @property
    def at_panel(self) -> int:
        return self.rounds - self.open_rounds

    @property
    def in_reporting(self) -> int:
        return self.at_panel - 1

    @property
    def a_published(self) -> int:
        """A published round in the middle of all."""
        return max(1, self.rounds // 2)

    def open_cases(self) -> Sequence[tuple[int, str]]:
        """The cases that are with agencies, by id and reference."""
        return self.cases_of(*self.open_numbers)

    def cases_of(self, *numbers: int) -> Sequence[tuple[int, str]]:
        """The cases of rounds, by id and reference. The loader numbers from 1 without gaps."""
        return [
            ((number - 1) * self.cases + position, case_of(number, position))
            for number in numbers
            for position in range(1, self.cases + 1)
        ]


def reference(number: int) -> str:
    """The reference of a round."""
    return f"B{number:03d}"


def case_of(number: int, position: int) -> str:
    """The reference of a case."""
    return f"{reference(number)}-{position:02d}"


def return_of(case_id: int, agency_id: int) -> int:
    """The id of the return of an agency on a case."""
    return (case_id - 1) * len(AGENCIES) + agency_id


def auditor(agency_id: int, number: int) -> str:
    """The e-mail address of an auditor of an agency."""
    return f"auditor-{agency_id}-{number}@bench.example"


GRID_SLUG, GRID_ROUND, GRID_COORDINATOR = "grid", "G26", "grid-coordinator@bench.example"
GRID_CASES, GRID_AGENCIES, GRID_INDICATORS = 15, 8, 69
"""A round in a partnership of its own, for the coordinator's grid of returns."""

ROOMS, ROOM_SEATS = 20, 8
"""Rooms of panels that are rating at once, and the people in each: the chair, the note-taker and six members."""

COORDINATOR = "coordinator@bench.example"
CHAIR = "chair@bench.example"
BOARD_MEMBER = "board@bench.example"


def lead(agency_id: int) -> str:
    """The e-mail address of the lead of an agency."""
    return f"lead-{agency_id}@bench.example"


def in_room(room: int, seat: int) -> str:
    """The e-mail address of somebody in a room: its chair in seat 1, its note-taker in seat 2."""
    return f"room-{room}-{seat}@bench.example"
