"""Workbooks that people send are opened, or refused with one clear sentence, whatever is in them."""

import io
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
