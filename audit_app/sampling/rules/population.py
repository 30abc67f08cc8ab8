"""The population: which children a council's file holds, and which of them for neglect."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.rules.cells import Sex


class Layout(StrEnum):
    """The shapes of file that are recognised."""

    ANNEX_A = "annex_a"
    TABLE = "table"


LAYOUT_WORDS = {Layout.ANNEX_A: "Ofsted’s Annex A workbook", Layout.TABLE: "a plain list"}


class Basis(StrEnum):
    """Why a child is counted as a child for whom neglect was recorded, or may have been."""

    INITIAL_CATEGORY = "initial_category"
    LATEST_CATEGORY = "latest_category"
    FLAG = "flag"
    MULTIPLE = "multiple"  # only possible: "multiple" may or may not include neglect


BASIS_WORDS = {
    Basis.INITIAL_CATEGORY: "initial category of abuse",
    Basis.LATEST_CATEGORY: "latest category of abuse",
    Basis.FLAG: "neglect flag",
    Basis.MULTIPLE: "multiple categories of abuse",
}


@dataclass(frozen=True)
class Child:
    """One child of a population. `number` and `born` say who the child is: encrypt them, and never show them."""

    number: str = field(repr=False)
    born: date | None = field(repr=False)
    age_in_file: float | None = field(repr=False)  # years; below 0 is unborn; only used where `born` is None
    sex: Sex
    area: str  # "" where the file has none
    plan_status: PlanStatus
    is_open: bool  # False once the file gives the plan an end, or calls it closed
    plan_start: date | None
    previous_plans: int | None
    basis: tuple[Basis, ...]

    @property
    def is_neglect(self) -> bool:
        """Whether the file records neglect, in an initial or latest category or by a flag."""
        return any(basis is not Basis.MULTIPLE for basis in self.basis)

    @property
    def is_possible(self) -> bool:
        """Whether the file only hints at neglect: a multiple category, and nothing that names it."""
        return bool(self.basis) and not self.is_neglect

    def age_band(self, as_at: date) -> AgeBand:
        """The age band on the day `as_at`."""
        return age_band(self.born, self.age_in_file, as_at)

    def is_open_two_years(self, as_at: date) -> bool:
        """Whether the plan is open and began two years or more before the day `as_at`."""
        return self.is_open and self.plan_start is not None and whole_years(self.plan_start, as_at) >= 2


@dataclass(frozen=True)
class Problem:
    """A cell that could not be read. `value` is "" for columns that say who a child is."""

    sheet: str  # "" for a CSV file
    row: int  # as the spreadsheet program counts, from 1
    column: str  # the heading as it stands in the file
    reason: str
    value: str = ""
    is_left_out: bool = False  # the whole row, and not only this cell


@dataclass(frozen=True)
class RecognisedColumn:
    """A heading of the file and what it was taken for."""

    letter: str
    heading: str
    meaning: str


@dataclass(frozen=True)
class RecognisedSheet:
    """A sheet that was read. `name` is "" for a CSV file."""

    name: str
    use: str
    columns: tuple[RecognisedColumn, ...]


@dataclass(frozen=True)
class ReadPopulation:
    """What a careful reader says about a file: every row is a child, a repetition, blank, or left out with a reason."""

    layout: Layout
    sheets: tuple[RecognisedSheet, ...]
    rows: int  # below the headings, blank ones included
    blank: tuple[tuple[int, int], ...]  # first and last row of each blank stretch
    repeated_rows: int  # further rows about a child who was counted already
    children: tuple[Child, ...]  # each once, in the order of their numbers
    problems: tuple[Problem, ...]
    latest_date: date | None  # offered as the as-at date: the latest day on or before today that something happened
    encoding: str = ""  # of a CSV file
    separator: str = ""

    @property
    def neglect(self) -> tuple[Child, ...]:
        """The children for whom neglect is recorded."""
        return tuple(child for child in self.children if child.is_neglect)

    @property
    def possible(self) -> tuple[Child, ...]:
        """The children whose records may hide neglect: a person should look at them."""
        return tuple(child for child in self.children if child.is_possible)

    @property
    def by_basis(self) -> dict[Basis, int]:
        """How many children for each reason; a child with two reasons counts under both."""
        return {basis: sum(basis in child.basis for child in self.children) for basis in Basis}

    @property
    def blank_rows(self) -> int:
        """How many rows have nothing in them."""
        return sum(last - first + 1 for first, last in self.blank)

    @property
    def rows_left_out(self) -> int:
        """How many rows could not be taken as a child."""
        return len({(problem.sheet, problem.row) for problem in self.problems if problem.is_left_out})


def whole_years(since: date, until: date) -> int:
    """Completed years from one day to another; below 0 when `until` comes first."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def age_band(born: date | None, age: float | None, as_at: date) -> AgeBand:
    """The age band on the day `as_at`, from the date of birth or, without one, from an age in years.

    Args:
        born: the date of birth, or the day the child is expected.
        age: years, below 0 for an unborn child; used where `born` is None.
        as_at: the day at which ages are counted.

    Raises:
        ValueError: neither is known.
    """
    years = whole_years(born, as_at) if born else age
    if years is None:
        raise ValueError("neither a date of birth nor an age")
    for band, below in (
        (AgeBand.UNBORN, 0),
        (AgeBand.UNDER_1, 1),
        (AgeBand.FROM_1_TO_4, 5),
        (AgeBand.FROM_5_TO_9, 10),
        (AgeBand.FROM_10_TO_15, 16),
    ):
        if years < below:
            return band
    return AgeBand.FROM_16


@dataclass(frozen=True)
class ChildRow:
    """One readable row about a child, before the rows of a child are put together."""

    row: int
    child: Child = field(repr=False)


def put_together(rows: Sequence[ChildRow]) -> Child:
    """One child from all rows about them, the same whatever order the rows come in.

    The open plan counts, else the one that began last; what that row leaves empty comes from the others. Neglect that
    any row records is recorded.
    """
    ordered = sorted((row.child for row in rows), key=_standing, reverse=True)
    main = ordered[0]
    return Child(
        number=main.number,
        born=next((child.born for child in ordered if child.born), None),
        age_in_file=next((child.age_in_file for child in ordered if child.age_in_file is not None), None),
        sex=next((child.sex for child in ordered if child.sex is not Sex.NOT_KNOWN), Sex.NOT_KNOWN),
        area=next((child.area for child in ordered if child.area), ""),
        plan_status=main.plan_status,
        is_open=main.is_open,
        plan_start=main.plan_start,
        previous_plans=max(
            (child.previous_plans for child in ordered if child.previous_plans is not None), default=None
        ),
        basis=tuple(basis for basis in Basis if any(basis in child.basis for child in ordered)),
    )


def _standing(child: Child) -> tuple[object, ...]:
    """How a row stands among the rows of its child. The later parts only settle ties, always in the same way."""
    status = list(PlanStatus)
    return (
        child.is_open,
        child.plan_start or date.min,
        -status.index(child.plan_status),
        child.born or date.min,
        child.area,
        child.sex,
    )


def one_spelling(children: Iterable[Child]) -> tuple[Child, ...]:
    """The children with each area in the spelling most of them use: “NORTHSIDE” and “Northside” are one area."""
    children = tuple(children)
    written = Counter(child.area for child in children)
    most_used: dict[str, str] = {}
    for area, _ in sorted(written.items(), key=lambda item: (-item[1], item[0])):
        most_used.setdefault(area.casefold(), area)
    return tuple(replace(child, area=most_used[child.area.casefold()]) for child in children)
