import csv
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reports.cells import Value, without_controls
from reports.workbook import Column, Sheet, Workbook, write_workbook

HEAD = 5
"""The heading row: below the title, what a row is, the marking and the way back."""

Book = Callable[..., Workbook]
Write = Callable[..., BytesIO]
Read = Callable[[BytesIO, str], Sequence[Sequence[object]]]
Office = Callable[[BytesIO, str], Path]


def sheet(*rows: tuple[Value, ...], name: str = "Ratings", headings: tuple[str, ...] = ("Case", "Evidence")) -> Sheet:
    return Sheet(name, "What was said", "One row a rating.", tuple(Column(heading) for heading in headings), rows)


def test_each_worksheet_has_a_title_a_marking_a_way_back_a_heading_row_and_its_rows(
    book_of: Book, written: Write, read_back: Read
) -> None:
    rows = read_back(written(book_of(sheet(("N26-01", "Seen."), ("N26-02", "Not seen.")))), "Ratings")
    assert [row[0] for row in rows[:4]] == [
        "What was said",
        "One row a rating.",
        "OFFICIAL-SENSITIVE",
        "Back to the contents",
    ]
    assert rows[4:] == [["Case", "Evidence"], ["N26-01", "Seen."], ["N26-02", "Not seen."]]


def test_the_cover_comes_first_and_is_what_opens(book_of: Book, written: Write) -> None:
    book = openpyxl.load_workbook(written(book_of(sheet(("N26-01", "Seen.")))))
    assert book.sheetnames == ["Cover", "Contents", "Ratings"]
    cover = book["Cover"]
    assert book.active is cover
    assert cover.sheet_view.selection[0].activeCell == "A1"
    assert [row[0].value for row in cover.iter_rows()] == [
        "Neglect audit",
        "OFFICIAL-SENSITIVE",
        "Partnership: Fernshire",
        "Contents of this workbook",
    ]
    assert (book.properties.title, book.properties.creator) == ("Neglect audit", "Quality lead")
    assert book.properties.language == "en-GB"


def test_the_contents_lead_to_every_worksheet_and_say_how_many_rows_it_has(
    book_of: Book, written: Write, read_back: Read
) -> None:
    file = written(book_of(sheet(("N26-01", "Seen."), name="It's all"), sheet(name="Nothing")))
    assert read_back(file, "Contents")[3:] == [
        ["Worksheet", "What it holds", "Rows"],
        ["It's all", "What was said", 1.0],
        ["Nothing", "What was said", 0.0],
    ]
    links = openpyxl.load_workbook(file)["Contents"]
    assert links["A5"].hyperlink.location == "'It''s all'!A1"
    assert links["A6"].hyperlink.location == "'Nothing'!A1"


def test_the_heading_row_and_the_first_column_stay_in_view(book_of: Book, written: Write) -> None:
    page = openpyxl.load_workbook(written(book_of(sheet(("N26-01", "Seen.")))))["Ratings"]
    assert page.freeze_panes == f"B{HEAD + 1}"
    assert page.print_title_rows == f"${HEAD}:${HEAD}"
    assert page.column_dimensions["A"].width == 16


def test_every_cell_wraps_without_a_style_of_its_own(
    book_of: Book, written: Write, part_of: Callable[..., str]
) -> None:
    file = written(book_of(sheet(("N26-01", "Seen."))))
    page = openpyxl.load_workbook(file)["Ratings"]
    assert page[f"B{HEAD + 1}"].alignment.wrap_text
    assert '<c r="B6" t="inlineStr">' in part_of(file, "sheet3.xml")


def test_rows_are_a_tagged_table_whose_names_are_its_headings(book_of: Book, written: Write) -> None:
    two = (("N26-01", "Seen."), ("N26-02", "Not seen."))
    book = openpyxl.load_workbook(written(book_of(sheet(*two, name="A b"), sheet(*two, name="A-b"))))
    tables = {page.title: table for page in book for table in page.tables.values()}
    assert {title: (table.displayName, table.ref) for title, table in tables.items()} == {
        "Contents": ("Table_Contents", "A4:C6"),
        "A b": ("Table_A_b", "A5:B7"),
        "A-b": ("Table_A_b_", "A5:B7"),
    }
    for title, table in tables.items():
        assert table.column_names == [cell.value for cell in book[title][table.ref][0]]


def test_a_table_without_rows_says_so_and_is_not_tagged(book_of: Book, written: Write) -> None:
    page = openpyxl.load_workbook(written(book_of(sheet())))["Ratings"]
    assert page[f"A{HEAD + 1}"].value == "There are no rows: nothing had been recorded when this workbook was made."
    assert not page.tables


def test_dates_are_dates_numbers_are_numbers_and_yes_is_a_word(book_of: Book, written: Write, read_back: Read) -> None:
    row = (date(2026, 3, 4), datetime(2026, 7, 1, 12, 0, tzinfo=UTC), 7, 2.5, True)
    file = written(book_of(sheet(row, row, headings=("Day", "Moment", "Whole", "Part", "Overdue"))))
    back = [date(2026, 3, 4), datetime(2026, 7, 1, 13, 0), 7.0, 2.5, "Yes"]  # noqa: DTZ001
    assert read_back(file, "Ratings")[HEAD:] == [back, back]
    page = openpyxl.load_workbook(file)["Ratings"]
    assert [page["A6"].number_format, page["B6"].number_format] == ["d mmmm yyyy", "d mmmm yyyy hh:mm"]


def test_two_dates_in_a_row_do_not_become_one(book_of: Book, written: Write, read_back: Read) -> None:
    file = written(book_of(sheet((date(2026, 3, 4), date(2026, 4, 5)))))
    assert read_back(file, "Ratings")[HEAD] == [date(2026, 3, 4), date(2026, 4, 5)]


def test_more_rows_than_a_worksheet_holds_go_on_to_the_next(book_of: Book, written: Write, read_back: Read) -> None:
    rows = tuple((f"N26-{number:02}", "Seen.") for number in range(5))
    file = written(book_of(sheet(*rows), sheet(*rows[:2], name="Other")), rows_a_sheet=2)
    assert CalamineWorkbook.from_filelike(file).sheet_names == [
        "Cover", "Contents", "Ratings", "Ratings 2", "Ratings 3", "Other"
    ]  # fmt: skip
    assert read_back(file, "Ratings 2")[0][0] == "What was said (continued, part 2)"
    parts = [row[0] for name in ("Ratings", "Ratings 2", "Ratings 3") for row in read_back(file, name)[HEAD:]]
    assert parts == [row[0] for row in rows]
    assert [row[2] for row in read_back(file, "Contents")[4:]] == [2.0, 2.0, 1.0, 2.0]


def test_rows_are_taken_one_by_one_and_never_kept(book_of: Book) -> None:
    out, largest = BytesIO(), 0
    waiting: list[int] = []

    def rows() -> Iterator[tuple[Value, ...]]:
        nonlocal largest
        for number in range(500):
            waiting.append(number)
            largest = max(largest, len(waiting))
            yield f"N26-{number}", "Seen."
            waiting.pop()

    book = book_of(Sheet("Ratings", "What was said", "One row.", (Column("Case"), Column("Evidence")), rows()))
    assert write_workbook(book, out).rows == {"Ratings": 500}
    assert largest == 1


def test_a_text_that_was_cut_is_counted_and_the_contents_say_so(book_of: Book, read_back: Read) -> None:
    out = BytesIO()
    result = write_workbook(book_of(sheet(("N26-01", "a" * 40_000), ("N26-02", "b" * 40_000))), out)
    assert result.texts_cut == 2
    assert "Texts too long for a cell: 2." in str(read_back(out, "Contents")[1][0])


@pytest.mark.parametrize(
    "name", ["", " ", "History", "history", "a/b", "a:b", "[a]", "'a", "a'", "Cover", "contents", "a" * 29, "tab\tbed"]
)
def test_a_worksheet_name_that_excel_would_repair_is_refused(name: str, book_of: Book) -> None:
    with pytest.raises(ValueError, match="a worksheet cannot be called"):
        write_workbook(book_of(sheet(name=name)), BytesIO())


def test_two_worksheets_cannot_have_one_name(book_of: Book) -> None:
    with pytest.raises(ValueError, match="cannot be called 'RATINGS'"):
        write_workbook(book_of(sheet(), sheet(name="RATINGS")), BytesIO())


@pytest.mark.parametrize("heading", ["", " ", "Two\nlines", "=1", "Case", "case", "a\x07", "a" * 256, " a"])
def test_a_heading_that_excel_would_repair_is_refused(heading: str, book_of: Book) -> None:
    with pytest.raises(ValueError, match="heading"):
        write_workbook(book_of(sheet(headings=("Case", heading))), BytesIO())


def test_a_row_that_does_not_fit_its_columns_is_refused(book_of: Book) -> None:
    with pytest.raises(ValueError, match="row 2 has 3 values for 2 columns"):
        write_workbook(book_of(sheet(("a", "b"), ("a", "b", "c"))), BytesIO())


def test_what_goes_wrong_while_reading_rows_leaves_no_evidence_behind(
    book_of: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[tuple[Value, ...]]:
        yield "N26-01", "Seen."
        raise ConnectionError("the database went away")

    book = book_of(sheet(), Sheet("Broken", "Broken", "One row.", (Column("Case"), Column("Evidence")), rows()))
    with pytest.raises(ConnectionError, match="the database went away"):
        write_workbook(book, BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_the_file_has_nothing_that_makes_excel_offer_a_repair(book_of: Book, written: Write) -> None:
    file = written(book_of(sheet(("=1+1", "a\x00\x0b_x0007_"), ("#N/A", "\ud800\uffff")), sheet(name="Empty")))
    with ZipFile(file) as archive:
        parts = {name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")}
    assert len(parts) == len(set(map(str.casefold, parts)))
    for name, text in parts.items():
        assert ET.fromstring(text).tag, name  # noqa: S314 (written by this test)
        assert not re.search(r"<f[ >/]", text), f"a formula in {name}"
        assert 't="e"' not in text, f"an error value in {name}"


TEXTS = (
    st.text(st.characters(codec="utf-8"), max_size=60)
    | st.text(st.characters(), max_size=20)
    | st.builds(
        str.__add__, st.sampled_from(["=", "+", "-", "@", "#N/A", "\t=", "_x0041_", "\r\n", " ", "'="]), st.text()
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12))
@example(
    ["=1+1", "#DIV/0!", "_x000D_", "a\r\nb\rc", " both ends ", "\u2028", "\U0010ffff", "\ud800", "\x1f", "=", "+", "'"]
)
def test_any_text_comes_back_as_it_was_and_never_as_a_formula(
    book_of: Book, written: Write, read_back: Read, part_of: Callable[..., str], texts: list[str]
) -> None:
    file = written(book_of(sheet(*((f"N{number}", text) for number, text in enumerate(texts)))))
    expected = ["" if clean.isspace() else clean for clean in map(without_controls, texts)]
    assert [row[1] for row in read_back(file, "Ratings")[HEAD:]] == expected
    assert "<f>" not in part_of(file, "sheet3.xml")


AWKWARD = [
    "=HYPERLINK(\"http://example.org\")", "+44 20 7946 0000", "-1+1", "@SUM(A1)", "#N/A", "_x0041_", "two\nlines",
    "a, \"quoted\" text", " both ends ", "Zoë 😀", "<b>&amp;</b>", "1", "01/02/2026", "TRUE",
]  # fmt: skip


def test_libreoffice_opens_it_and_keeps_every_text(
    book_of: Book, written: Write, read_back: Read, office: Office
) -> None:
    file = written(book_of(sheet(*((f"N{number}", text) for number, text in enumerate(AWKWARD)))))
    saved = BytesIO((office(file, "xlsx") / "book.xlsx").read_bytes())
    assert CalamineWorkbook.from_filelike(saved).sheet_names == ["Cover", "Contents", "Ratings"]
    assert [row[1] for row in read_back(saved, "Ratings")[HEAD:]] == AWKWARD
    page = openpyxl.load_workbook(saved)["Ratings"]
    assert [page.cell(HEAD + number, 2).data_type for number in range(1, len(AWKWARD) + 1)] == ["s"] * len(AWKWARD)
    assert page["B6"].alignment.wrap_text
    (table,) = page.tables.values()
    assert table.ref == f"A5:B{HEAD + len(AWKWARD)}"


def test_libreoffice_shows_dates_as_they_are_said(book_of: Book, written: Write, office: Office) -> None:
    row = (date(2026, 3, 4), datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
    folder = office(
        written(book_of(sheet(row))), "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,3"
    )
    (saved,) = folder.iterdir()
    with saved.open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines))[HEAD] == ["4 March 2026", "1 July 2026 13:00"]
