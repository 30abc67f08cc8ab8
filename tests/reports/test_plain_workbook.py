"""Workbooks that people fill in and send back."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from reports.plain_workbook import PlainColumn, PlainSheet, write_plain_workbook

AWKWARD = ["=1+1", "+44", "@SUM(A1)", "#N/A", "_x0041_", "two\nlines", "1-4", "007", "TRUE", "😀 “quoted”", "1/2/2026"]


def a_book(*rows: Sequence[str], choices: Sequence[str] = ()) -> BytesIO:
    columns = (PlainColumn("Text", 40), PlainColumn("Panel", 10, choices))
    return BytesIO(write_plain_workbook("Ours", (PlainSheet("Questions", columns, rows),)))


def texts(file: BytesIO) -> list[str]:
    return [str(row[0]) for row in CalamineWorkbook.from_filelike(file).get_sheet_by_name("Questions").to_python()]


def test_headings_stand_in_the_first_row_and_every_cell_is_a_text() -> None:
    file = a_book(*((text, "") for text in AWKWARD))
    assert texts(file) == ["Text", *AWKWARD]
    page = openpyxl.load_workbook(file)["Questions"]
    assert {page.cell(row, 1).data_type for row in range(1, len(AWKWARD) + 2)} == {"s"}
    assert page["A2"].number_format == page["B2"].number_format == "@", "what is typed later stays text too"
    assert page.freeze_panes == "A2"


def test_libreoffice_keeps_every_text_when_it_saves_the_workbook(office: Callable[..., Path]) -> None:
    saved = office(a_book(*((text, "") for text in AWKWARD)), "xlsx") / "book.xlsx"
    assert texts(BytesIO(saved.read_bytes())) == ["Text", *AWKWARD]


def test_a_column_offers_its_choices_and_takes_others() -> None:
    page = openpyxl.load_workbook(a_book(("a", "Yes"), choices=("Yes", "No")))["Questions"]
    (offered,) = page.data_validations.dataValidation
    assert (offered.formula1, str(offered.sqref), offered.showErrorMessage) == ('"Yes,No"', "B2:B1000", False)


@pytest.mark.parametrize("choices", [("One, two", "Three"), tuple("x" * 100 for _ in range(3))])
def test_choices_that_a_program_would_cut_in_two_are_not_offered(choices: Sequence[str]) -> None:
    assert not openpyxl.load_workbook(a_book(choices=choices))["Questions"].data_validations.dataValidation


def test_a_row_that_does_not_fit_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="Questions: row 3 has 1 cells for 2 columns"):
        a_book(("a", "b"), ("a",))
