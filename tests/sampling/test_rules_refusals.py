"""Files that cannot be read are refused with one clear sentence, whatever is in them."""

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit_app.core.errors import Refused
from audit_app.sampling.rules import UnreadableFile, read_population

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 22)
OLD_CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")


def why_refused(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        read_population(content, today=TODAY)
    reason = refusal.value.reason
    assert reason.endswith(".")
    assert "\n" not in reason
    return reason


def archive(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()


def test_a_refusal_is_one_that_every_page_can_show() -> None:
    assert issubclass(UnreadableFile, Refused)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b" \r\n\r\n ", "This file is empty."),
        (b"\xef\xbb\xbf\r\n", "This file is empty."),
        (b"%PDF-1.7 and so on", "not a spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a spreadsheet"),
        (b"<html><table><tr><td>Child ID</td></tr></table></html>", "not a spreadsheet"),
        (b'<?xml version="1.0"?><Message/>', "not a spreadsheet"),
        (b"Child ID;DOB\r\n\x81\x8d\x8f", "not a spreadsheet"),
        (OLD_CONTAINER + b"\x00" * 600, "old Office format"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        (b"PK\x03\x04" + b"0" * 400, "damaged"),
    ],
)
def test_what_is_no_readable_spreadsheet_gets_one_sentence(content: bytes, says: str) -> None:
    assert says in why_refused(content)


def test_another_kind_of_archive_is_not_a_spreadsheet() -> None:
    assert "not a spreadsheet" in why_refused(archive({"word/document.xml": b"<w:document/>"}))


def test_a_workbook_without_a_filled_cell_is_empty() -> None:
    written = io.BytesIO()
    openpyxl.Workbook().save(written)
    assert why_refused(written.getvalue()) == "This file is empty."


def test_formatted_rows_without_content_do_no_harm() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Child ID", "Date of birth", "Neglect"])
    sheet.append([101, "04/03/2019", "Y"])
    sheet.cell(row=1_000_000, column=3).number_format = "0.00"
    written = io.BytesIO()
    book.save(written)
    population = read_population(written.getvalue(), today=TODAY)
    assert (len(population.children), population.blank) == (1, ((3, 1_000_000),))


def test_a_missing_column_is_named_with_the_columns_that_were_found() -> None:
    reason = why_refused(b"Child ID;Name;Neglect\r\n101;Ann;Y\r\n")
    assert reason == "This list has no column for date of birth; the columns found are Child ID, Name, Neglect."


def test_all_missing_columns_are_named_at_once() -> None:
    reason = why_refused(b"Name;Area\r\nAnn;North\r\n")
    assert "no column for the child's number and none for date of birth" in reason
    assert "and none for a neglect flag or a category of abuse" in reason


def test_a_list_without_headings_is_not_shown_its_own_first_child() -> None:
    reason = why_refused(b"10014080;21/09/2010;M;Northside;Y\r\n10017438;19/06/2012;M;Northside;\r\n")
    assert reason.endswith("its first row is not a row of headings.")
    assert "10014080" not in reason


def test_a_first_child_whose_row_holds_a_word_like_a_heading_is_not_shown() -> None:
    reason = why_refused(b"C123,Robin Example,12/03/2015,Neglect\r\nC124,Ann Example,01/01/2014,Physical abuse\r\n")
    assert reason.endswith("the only column found is Neglect.")


def test_annex_a_without_list_7_says_so() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "List 1"
    book.create_sheet("List 2")
    written = io.BytesIO()
    book.save(written)
    assert "no sheet “List 7”" in why_refused(written.getvalue())


def test_annex_a_with_a_list_7_without_categories_says_so() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "List 7"
    book.worksheets[0].append(["Child Unique ID", "Date of Birth", "Gender"])
    written = io.BytesIO()
    book.save(written)
    assert why_refused(written.getvalue()) == (
        "Sheet “List 7” has no column for a category of abuse; "
        "the columns found are Child Unique ID, Date of Birth, Gender."
    )


def test_headings_without_children_are_no_population() -> None:
    assert "no children below them" in why_refused(b"Child ID;DOB;Neglect\r\n")


def test_quotation_marks_that_do_not_pair_up_are_named() -> None:
    assert "row 3" in why_refused(b'Child ID;DOB;Neglect\r\n101;04/03/2019;Y\r\n102;"04/03/2019;Y\r\n')


def test_a_list_of_only_separators_does_not_fill_the_memory() -> None:
    assert "more than two million cells" in why_refused(b"Child ID;DOB;Neglect\r\n" + b";" * 2_000_001)


@given(some.binary(max_size=300), some.sampled_from([b"", b"PK\x03\x04", OLD_CONTAINER, b"Child ID;DOB;Neglect\r\n"]))
def test_any_bytes_are_read_or_refused(content: bytes, start: bytes) -> None:
    assert_read_or_refused(start + content)


@given(some.data())
def test_a_workbook_with_damage_anywhere_is_read_or_refused(data: some.DataObject) -> None:
    content = bytearray((DATA / "annex-a-liia.xlsx").read_bytes())
    at = data.draw(some.integers(0, len(content) - 1))
    content[at : at + data.draw(some.integers(0, 40))] = data.draw(some.binary(max_size=20))
    assert_read_or_refused(bytes(content))


def assert_read_or_refused(content: bytes) -> None:
    try:
        population = read_population(content, today=TODAY)
    except UnreadableFile:
        return
    accounted = len(population.children) + population.repeated_rows + population.blank_rows + population.rows_left_out
    assert accounted == population.rows
