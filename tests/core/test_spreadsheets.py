"""Workbooks that people send are opened, or refused with one clear sentence, whatever is in them."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from audit_app.core.errors import Refused
from audit_app.core.spreadsheets import UnreadableFile, Workbook, column_letter, open_workbook

DATA = Path(__file__).parents[1] / "data"
OLD_CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")


def why_refused(content: bytes) -> str:
    def read() -> None:
        workbook = opened(content)
        for name in workbook.sheet_names:
            workbook.sheet(name)

    with pytest.raises(UnreadableFile) as refusal:
        read()
    assert isinstance(refusal.value, Refused), "every page can show it"
    assert refusal.value.reason.endswith(".")
    return refusal.value.reason


def archive(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return written.getvalue()


def parts_of(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(DATA / name) as packed:
        return {part: packed.read(part) for part in packed.namelist()}


def bytes_of(book: openpyxl.Workbook) -> io.BytesIO:
    written = io.BytesIO()
    book.save(written)
    return written


def opened(content: bytes) -> Workbook:
    found = open_workbook(content)
    assert found
    return found


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b" \r\n\r\n ", "This file is empty."),
        (OLD_CONTAINER + b"\x00" * 600, "old Office format"),
        (OLD_CONTAINER + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"x" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
        (b"PK\x03\x04" + b"0" * 400, "damaged"),
    ],
)
def test_what_cannot_be_opened_gets_one_sentence(content: bytes, says: str) -> None:
    assert says in why_refused(content)


@pytest.mark.parametrize("content", [b"Child ID;DOB", archive({"word/document.xml": b"<w:document/>"})])
def test_what_is_no_workbook_is_left_to_whoever_asked(content: bytes) -> None:
    assert open_workbook(content) is None


def test_a_workbook_that_was_cut_short_is_damaged() -> None:
    assert "damaged" in why_refused((DATA / "annex-a.xlsx").read_bytes()[:-2000])


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_opened() -> None:
    parts = parts_of("annex-a-liia.xlsx")
    bomb = archive(parts | {"xl/media/picture.bin": bytes(201 * 1024 * 1024)})
    assert len(bomb) < 1024 * 1024
    assert "more than 200 MB" in why_refused(bomb)


def test_a_part_that_lies_about_its_size_is_not_opened() -> None:
    honest = archive(parts_of("annex-a-liia.xlsx") | {"xl/media/picture.bin": bytes(3_000_000)})
    claimed, true_size = (1_000).to_bytes(4, "little"), (3_000_000).to_bytes(4, "little")
    assert honest.count(true_size) >= 1
    assert "damaged" in why_refused(honest.replace(true_size, claimed))


def test_one_cell_in_the_far_corner_does_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Child ID", "Date of birth", "Neglect"])
    sheet.cell(row=1_048_576, column=16_384, value="x")
    assert "reaches to row 1048576 and column 16384" in why_refused(bytes_of(book).getvalue())


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letter(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def _fill(sheet: Worksheet) -> None:
    sheet.append(["plain", "=1+1", "#N/A", True])
    sheet.append(["", "=not a formula"])
    sheet["B2"].data_type = "s"
    sheet["AA3"] = '="a"&"b"'
    sheet.merge_cells("A4:B5")


@pytest.mark.parametrize("through_an_office", [False, True])
def test_formulas_errors_and_merged_cells_are_found(office: Callable[..., Path], through_an_office: bool) -> None:
    """LibreOffice writes the answer TRUE as a formula, and an error that was typed as another."""
    book = openpyxl.Workbook()
    _fill(book.worksheets[0])
    written = bytes_of(book)
    content = (office(written, "xlsx") / "book.xlsx").read_bytes() if through_an_office else written.getvalue()
    found = opened(content).not_plain("Sheet")
    assert set(found.formulas) - {(1, 3)} == {(1, 2), (3, 27)}
    assert found.errors == ((1, 3),)
    assert found.merged == (((4, 1), (5, 2)),)
    rows = opened(content).sheet("Sheet").rows
    assert list(rows[0][:4]) == ["plain", 2.0 if through_an_office else "", "", True]
    assert rows[1][1] == "=not a formula"


def with_sheet(xml: bytes, **others: bytes) -> bytes:
    """A workbook of one sheet, whose rows (and whatever else stands beside them) are written as given."""
    with zipfile.ZipFile(bytes_of(openpyxl.Workbook())) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet>" + xml + b"</worksheet>"
    return archive(parts | {f"xl/{name}.xml": part for name, part in others.items()})


@pytest.mark.parametrize(
    "row",
    [
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b"<row r = '1048576'><c r\n=\n'XFD1048576' ><v/></c></row>",
        b"<x:row xmlns:x='y' r='1048576'><x:c r='xfd1048576'><x:is><x:t>1</x:t></x:is></x:c></x:row>",
        b"<row r='1048576'>" + b"<c><v>1</v></c>" * 2 + b"</row>",
        b"<row r='1048576'/><row><c r='XFD1'><v>1</v></c></row>",
        b"<row r='1048576'><c r='XFE1048576'><v>1</v></c></row>",
        b"<row r='9999999999'><c r='A9999999999'><v>1</v></c></row>",
        b"<row r='1'><c r='A1'><c r='XFD1048576'><v>1</v></c></c></row>",
    ],
)
def test_a_far_corner_is_noticed_however_it_is_written(row: bytes) -> None:
    why = why_refused(with_sheet(b"<sheetData>" + row + b"</sheetData>"))
    assert "reaches to row 1048576 and column" in why or "damaged" in why


def test_cells_and_rows_without_a_number_take_the_next() -> None:
    rows = (
        b"<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r='4'><c r='B4'><v>3</v></c><c t='e'><v>#N/A</v></c></row>"
    )
    found = opened(with_sheet(b"<sheetData>" + rows + b"<row r='7'/></sheetData>"))
    assert found.not_plain("Sheet").errors == ((4, 3),)
    assert [list(row) for row in found.sheet("Sheet").rows] == [[1, "", 2], ["", "", ""], ["", "", ""], ["", 3, ""]]
    assert found.sheet("Sheet").last_row == 7


def test_a_far_cell_that_is_only_coloured_or_a_size_that_is_only_claimed_does_no_harm() -> None:
    claimed = b"<dimension ref='A1:XFD1048576'/>"
    rows = b"<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576' s='1'/></row>"
    sheet = opened(with_sheet(claimed + b"<sheetData>" + rows + b"</sheetData>")).sheet("Sheet")
    assert [list(row) for row in sheet.rows] == [[1]]
    assert sheet.last_row == 1_048_576


def test_formulas_errors_and_merged_cells_are_found_in_any_quotation_marks() -> None:
    rows = b"<row r='2'><c r='B2'><f>1+1</f><v>2</v></c><c r='C2' t='e'><v>#N/A</v></c><c t='b'><f>TRUE()</f></c></row>"
    merged = b"<mergeCells><mergeCell ref='A4:B5'/></mergeCells>"
    found = opened(with_sheet(b"<sheetData>" + rows + b"</sheetData>" + merged)).not_plain("Sheet")
    assert (found.formulas, found.errors, found.merged) == (((2, 2),), ((2, 3),), (((4, 1), (5, 2)),))


@pytest.mark.parametrize(
    "sheet",
    [
        b"<!--" + b"<c " * 30_000,
        b"<a>" * 30_000,
        b"<sheetData><row r='1'>" + b"<c r='A1'" * 30_000,
        b"<sheetData><row r='one'/></sheetData>",
        b"<sheetData><row><c r='$A$1'/></row></sheetData>",
        b"<sheetData/><mergeCells><mergeCell/></mergeCells>",
    ],
)
def test_a_sheet_that_is_no_proper_xml_is_damaged_and_said_to_be_at_once(sheet: bytes) -> None:
    begun = time.process_time()
    assert "damaged" in why_refused(with_sheet(sheet))
    assert time.process_time() - begun < 2


def test_a_sheet_with_a_document_type_is_damaged() -> None:
    with zipfile.ZipFile(io.BytesIO(with_sheet(b"<sheetData/>"))) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    sheet = b"<!DOCTYPE worksheet [<!ENTITY e 'x'>]>" + parts["xl/worksheets/sheet1.xml"]
    assert "damaged" in why_refused(archive(parts | {"xl/worksheets/sheet1.xml": sheet}))


def test_one_long_text_that_many_cells_show_does_not_fill_the_memory() -> None:
    strings = b"<sst><si/><si><t>short</t></si><si><r><t>" + b"x" * 1_000_000 + b"</t></r></si></sst>"
    shown = b"<sheetData><row>" + b"<c t='s'><v>%d</v></c>" * 21 + b"</row></sheetData>"
    assert opened(with_sheet(shown % ((1,) * 21), sharedStrings=strings)).sheet("Sheet").rows
    assert "holds more text than can be read" in why_refused(with_sheet(shown % ((2,) * 21), sharedStrings=strings))


def test_texts_in_the_cells_themselves_count_too() -> None:
    cells = b"<c t='str'><v>" + b"x" * 11_000_000 + b"</v></c><c><is><t>" + b"x" * 11_000_000 + b"</t></is></c>"
    assert "holds more text than can be read" in why_refused(
        with_sheet(b"<sheetData><row>" + cells + b"</row></sheetData>")
    )


@pytest.mark.parametrize("number", [b"1<!-- -->0", b"1&#48;", b"<![CDATA[1]]>0", b"99", b"one"])
def test_a_pointer_to_a_text_that_could_be_read_in_two_ways_is_damaged(number: bytes) -> None:
    strings = b"<sst>" + b"<si><t>x</t></si>" * 11 + b"</sst>"
    cell = b"<sheetData><row><c t='s'><v>" + number + b"</v></c></row></sheetData>"
    assert "damaged" in why_refused(with_sheet(cell, sharedStrings=strings))


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_damaged_as_it_is_not_known_which_would_be_read(name: str) -> None:
    twice = io.BytesIO(with_sheet(b"<sheetData/>"))
    with zipfile.ZipFile(twice, "a") as packed:
        packed.writestr(name, b"<worksheet><sheetData/></worksheet>")
    assert "damaged" in why_refused(twice.getvalue())


def test_what_is_read_is_what_was_looked_at_whatever_else_the_archive_points_to() -> None:
    with zipfile.ZipFile(bytes_of(openpyxl.Workbook())) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    pointing = parts["_rels/.rels"].replace(b"xl/workbook.xml", b"other/workbook.xml")
    assert opened(archive(parts | {"_rels/.rels": pointing})).sheet_names == ("Sheet",)
