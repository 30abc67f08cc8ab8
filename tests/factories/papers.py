"""Returns as paper for tests of rules: built without a database, written into workbooks, typed into, read back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit_app.cases.rules import CaseState
from audit_app.indicators.rules import Band
from audit_app.returns.rules import Answer, AttributeAsked, OwnPart, ReturnState, Standing
from audit_app.returns.rules.workbooks import (
    Comparison,
    Event,
    Heading,
    KeptEvent,
    KnownKept,
    Origin,
    OverallKept,
    Paper,
    RatingAsked,
    as_sheets,
    child_lines,
    compare,
    known_lines,
    overall_lines,
    read_return,
)
from audit_app.rounds.rules import FrozenAttribute, FrozenLevel, FrozenOption
from reports.return_workbook import write_return_workbook

LEVELS = (
    FrozenLevel(11, "outstanding", "O", "Outstanding", 1, Band.STRONG, 1),
    FrozenLevel(12, "good", "G", "Good", 2, Band.STRONG, 2),
    FrozenLevel(13, "requires_improvement", "RI", "Requires improvement, as a whole", 3, Band.ADEQUATE, 3),
)
TYPES = FrozenAttribute(
    71,
    "P07",
    "Types of neglect",
    "Which types?",
    "",
    is_many=True,
    options=(
        FrozenOption(1, "medical", "Medical"),
        FrozenOption(2, "physical", "Physical"),
        FrozenOption(3, "none", "None of these"),
    ),
)
PLAN = FrozenAttribute(
    72,
    "P18",
    "Plan",
    "Which plan?",
    "",
    is_many=False,
    options=(FrozenOption(4, "cp", "Yes, one"), FrozenOption(5, "no", "No plan")),
)
ORIGIN = Origin("testshire", "N26", "N26-07", 3, "abc")
A_VISIT = KeptEvent(9, Event(date(2026, 3, 3), "A visit", "", "Came again"), 2)


def a_rating(
    number: int, code: str, answer: Answer | None = None, *, is_narrative: bool = False, version: int = 1
) -> RatingAsked:
    """An indicator with its answer, or without one."""
    return RatingAsked(
        indicator_id=number,
        code=code,
        domain="Recognition",
        title=f"Title of {code}",
        question="How well was it done?",
        look_for="Dated notes.",
        is_narrative=is_narrative,
        guidance={11: "At once.", 12: "Soon."},
        answer=answer or Answer(),
        version=version,
    )


def a_paper(
    *ratings: RatingAsked,
    state: ReturnState = ReturnState.IN_PROGRESS,
    known: KnownKept | None = None,
    overall: OverallKept | None = None,
    attributes: tuple[AttributeAsked, ...] = (AttributeAsked(TYPES), AttributeAsked(PLAN)),
    events: tuple[KeptEvent, ...] = (A_VISIT,),
    is_file_confirmed: bool = True,
    **more: Any,
) -> Paper:
    """A return with two indicators, one of them answered in words, unless told otherwise."""
    paper = Paper(
        origin=ORIGIN,
        heading=Heading("Testshire", "Neglect", "Health", date(2026, 4, 1), "Small, version 1"),
        standing=Standing(state, CaseState.WITH_AGENCIES, is_released=False, is_file_confirmed=is_file_confirmed),
        levels=LEVELS,
        lines=(),
        ratings=ratings or (a_rating(1, "A01"), a_rating(2, "B01", is_narrative=True)),
        attributes=attributes,
        events=events,
        today=date(2026, 4, 1),
        earliest=date(2016, 4, 1),
        **more,
    )
    kept = KnownKept(state, is_file_confirmed=is_file_confirmed, own_part=OwnPart.NONE if is_file_confirmed else None)
    lines = (
        *known_lines(known or kept, coordinator="coordinator", takes_number=True),
        *child_lines(attributes, {}),
        *overall_lines(overall or OverallKept(), tuple(paper.level_words.values())),
    )
    return replace(paper, lines=lines)


def as_file(paper: Paper) -> bytes:
    """A return as it is downloaded."""
    return write_return_workbook("Return", as_sheets(paper))


def edited(content: bytes, edit: Callable[[Workbook], Any]) -> bytes:
    """A workbook after somebody worked on it."""
    book = load_workbook(BytesIO(content))
    edit(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def typed(content: bytes, cells: Mapping[tuple[str, str, str], Any]) -> bytes:
    """A workbook with something typed into cells: by the sheet, the first cell of the row, and the heading."""

    def type_in(book: Workbook) -> None:
        for (sheet, row, heading), value in cells.items():
            page = book[sheet]
            page.cell(row_of(page, row), column_of(page, heading)).value = value

    return edited(content, type_in)


def laid_beside(paper: Paper, content: bytes) -> Comparison:
    """What loading a file would do to a return."""
    return compare(paper, read_return(content, paper))


def changes(comparison: Comparison) -> dict[str, Any]:
    """What it would take without asking, by the key of the question."""
    return {one.key: one.file for one in comparison.changes}


def problems(comparison: Comparison) -> list[tuple[str, int, str, str]]:
    """What cannot be taken: sheet, row, column, reason."""
    return [(one.sheet, one.row, one.column, one.reason) for one in comparison.unreadable]


def row_of(page: Worksheet, first: str) -> int:
    """The row that begins so; the first row without a beginning for an empty text."""
    return next(row for row in range(2, page.max_row + 1) if (page.cell(row, 1).value or "") == first)


def column_of(page: Worksheet, heading: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == heading)
