"""A workbook that somebody fills in: locked but for its answers, with lists to choose from."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.return_workbook import CHOICES_SHEET, BookColumn, BookRow, BookSheet, write_return_workbook

LEVELS = ("Good", "Requires improvement, as a whole", "x" * 250)
COLUMNS = (
    BookColumn("Code", 9),
    BookColumn("Answer", 20, takes_answers=True),
    BookColumn("Why", 30, takes_answers=True),
    BookColumn("Seen", 4, is_hidden=True),
)


def a_book(text: str = "") -> BytesIO:
    rows = [BookRow(("A01", "Good", text, "1.x"), {1: LEVELS}), BookRow(("B01", "", "", "1.y"), locked=(1,))]
    return BytesIO(write_return_workbook("Return", [BookSheet("Our ratings", COLUMNS, rows, empty_rows=2)]))


def test_only_answers_can_be_typed_and_the_rest_is_locked() -> None:
    page = load_workbook(a_book())["Our ratings"]
    assert page.protection.sheet
    assert not page.protection.password
    unlocked = {cell.coordinate for row in page.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {"B2", "C2", "C3", "B4", "C4", "B5", "C5"}
    assert page.column_dimensions["D"].hidden
    assert page.freeze_panes == "B2"
    assert (page.page_setup.orientation, page.print_title_rows, page.merged_cells.ranges) == (
        "landscape",
        "$1:$1",
        set(),
    )
    assert all(cell.alignment.wrap_text for row in page.iter_rows() for cell in row)


def test_a_list_may_be_long_and_hold_commas() -> None:
    book = load_workbook(a_book())
    (rule,) = book["Our ratings"].data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref), rule.type) == (f"'{CHOICES_SHEET}'!$A$2:$A$4", "B2", "list")
    assert [cell.value for cell in book[CHOICES_SHEET]["A"]] == ["Our ratings: A01", *LEVELS]


@pytest.mark.parametrize("text", ["=1+1", "+44", "@SUM(A1)", "#N/A", "007", "1/2/2026"])
def test_no_text_is_run(text: str) -> None:
    cell = load_workbook(a_book(text))["Our ratings"]["C2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="Our ratings: row 2 has 1 cells"):
        write_return_workbook("Return", [BookSheet("Our ratings", COLUMNS, [BookRow(("A01",))])])
