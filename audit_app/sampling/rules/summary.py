"""What a person is shown of a file before they confirm it, without a word about who a child is."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from audit_app.sampling.rules.population import Basis, Problem, ReadPopulation, RecognisedColumn, RecognisedSheet

MOST_PROBLEMS = 200
"""Problems that are kept to be shown; the rest are counted."""


@dataclass(frozen=True)
class FileSummary:
    """What was recognised in a file and what could not be read. Safe to store and to show as it is."""

    sheets: tuple[RecognisedSheet, ...]
    problems: tuple[Problem, ...]
    problems_in_all: int
    blank_rows: int
    repeated_rows: int
    rows_left_out: int
    possible: int
    open_neglect: int
    by_basis: Mapping[Basis, int]
    areas: Mapping[str, int]  # children by the area's name in the file, "" where it has none
    latest_date: date | None  # offered as the as-at date

    @classmethod
    def of(cls, read: ReadPopulation) -> "FileSummary":
        """The summary of a file that was read."""
        return cls(
            sheets=read.sheets,
            problems=read.problems[:MOST_PROBLEMS],
            problems_in_all=len(read.problems),
            blank_rows=read.blank_rows,
            repeated_rows=read.repeated_rows,
            rows_left_out=read.rows_left_out,
            possible=len(read.possible),
            open_neglect=sum(child.is_open for child in read.neglect),
            by_basis=read.by_basis,
            areas=dict(sorted(Counter(child.area for child in read.children).items())),
            latest_date=read.latest_date,
        )

    def to_facts(self) -> dict[str, Any]:
        """The summary as plain values for a JSON column."""
        return asdict(self) | {"latest_date": self.latest_date.isoformat() if self.latest_date else None}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "FileSummary":
        """The summary that `to_facts` gave."""
        sheets = (
            RecognisedSheet(
                sheet["name"], sheet["use"], tuple(RecognisedColumn(**column) for column in sheet["columns"])
            )
            for sheet in facts["sheets"]
        )
        day = facts["latest_date"]
        return cls(
            **{
                **facts,
                "sheets": tuple(sheets),
                "problems": tuple(Problem(**problem) for problem in facts["problems"]),
                "by_basis": {Basis(basis): count for basis, count in facts["by_basis"].items()},
                "latest_date": date.fromisoformat(day) if day else None,
            }
        )

    def areas_not_in(self, names: Collection[str]) -> list[str]:
        """The file's areas that a partnership with areas of these names does not have."""
        known = {same_area(name) for name in names}
        return [area for area in self.areas if area and same_area(area) not in known]


def same_area(name: str) -> str:
    """What names of areas are compared by: capitals and spaces make no difference."""
    return " ".join(name.split()).casefold()
