"""Reading a table of ratings that somebody made elsewhere: CSV, a row a unit, a column a rater, blank for missing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from audit_app.core.errors import Refused

UNIT = "unit"
"""The heading of a first column that names units. Without it every column is a rater."""


@dataclass(frozen=True)
class RatingsFile:
    """A table of ratings as it was read. Ranks count from 1 in the order of `levels`."""

    levels: Sequence[str]
    raters: Sequence[str]
    units: Sequence[str]
    ratings: Sequence[Sequence[int | None]]


def read_levels(text: str) -> Sequence[str]:
    """The levels of a scale, first to last, from a text that lists them with commas.

    Raises:
        Refused: fewer than two, an empty one, or one twice.
    """
    levels = [level.strip() for level in text.split(",")]
    if len(levels) < 2 or not all(levels):
        raise Refused("Name two levels or more in --levels, with a comma between them: good,fair,poor.")
    if twice := [level for level in levels if levels.count(level) > 1]:
        raise Refused(f"--levels names “{twice[0]}” twice.")
    return levels


def read_ratings(content: bytes, levels: Sequence[str]) -> RatingsFile:
    """Read a table of ratings whose first row names the raters; a first heading `unit` is for the units' names.

    Raises:
        Refused: no text, no header, no second rater, or a cell that is none of the levels, by row and column.
    """
    rows = _rows(content)
    if not rows:
        raise Refused("The file is empty.")
    (_, header), *lines = rows
    has_units = header[0].casefold() == UNIT
    raters = header[1:] if has_units else header
    _check_raters(raters, levels)
    units: list[str] = []
    ratings: list[list[int | None]] = []
    for number, cells in lines:
        named = cells[:1] if has_units else [str(len(units) + 1)]
        given = cells[1:] if has_units else cells
        if len(given) > len(raters):
            raise Refused(f"Row {number} has {len(given)} ratings, but the first row names {len(raters)} raters.")
        units.append(named[0])
        ratings.append([_rank(cell, levels, number, rater) for cell, rater in zip(given, raters, strict=False)])
    if not units:
        raise Refused("The file has a header but no row of ratings.")
    whole = [row + [None] * (len(raters) - len(row)) for row in ratings]
    return RatingsFile(levels, raters, units, whole)


def _rows(content: bytes) -> Sequence[tuple[int, Sequence[str]]]:
    """The rows that hold anything at all, each with its number in the file."""
    try:
        text = content.decode("utf-8-sig")
        read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Refused("The file cannot be read as a table: save it as CSV with commas, in UTF-8.") from None
    return [(number, [cell.strip() for cell in row]) for number, row in enumerate(read, start=1) if row]


def _check_raters(raters: Sequence[str], levels: Sequence[str]) -> None:
    if ratings := [name for name in raters if name in levels]:
        raise Refused(f"The first row must name the raters, but it holds the level “{ratings[0]}”: add a header.")
    if not all(raters):
        raise Refused("The first row must name the raters, but one of its cells is empty.")
    if twice := [name for name in raters if raters.count(name) > 1]:
        raise Refused(f"Two columns are named “{twice[0]}”: give each rater a name of its own.")
    if len(raters) < 2:
        raise Refused("There is one rater only: agreement needs two columns of ratings or more.")


def _rank(cell: str, levels: Sequence[str], number: int, rater: str) -> int | None:
    if not cell:
        return None
    if cell not in levels:
        raise Refused(f"Row {number}, column “{rater}”: “{cell}” is none of the levels {', '.join(levels)}.")
    return levels.index(cell) + 1
