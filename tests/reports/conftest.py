"""Books that are written, and the programs that open them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from reports.workbook import Sheet, Workbook, write_workbook

Grid = Sequence[Sequence[object]]


@pytest.fixture(scope="session")
def book_of() -> Callable[..., Workbook]:
    """A small workbook around the sheets a test cares about."""

    def make(*sheets: Sheet) -> Workbook:
        made_at = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        return Workbook(
            "Neglect audit", "Quality lead", made_at, "OFFICIAL-SENSITIVE", ("Partnership: Fernshire",), sheets
        )

    return make


@pytest.fixture(scope="session")
def written() -> Callable[..., BytesIO]:
    """The bytes of a workbook."""

    def write(book: Workbook, rows_a_sheet: int = 1_000_000) -> BytesIO:
        out = BytesIO()
        write_workbook(book, out, rows_a_sheet=rows_a_sheet)
        out.seek(0)
        return out

    return write


@pytest.fixture(scope="session")
def read_back() -> Callable[[BytesIO, str], Grid]:
    """One worksheet as a spreadsheet reader that shares no code with the writer sees it."""

    def read(file: BytesIO, sheet: str) -> Grid:
        file.seek(0)
        return CalamineWorkbook.from_filelike(file).get_sheet_by_name(sheet).to_python()

    return read


@pytest.fixture(scope="session")
def part_of() -> Callable[[BytesIO, str], str]:
    """One part of the file as text, by the end of its name."""

    def part(file: BytesIO, ending: str) -> str:
        with ZipFile(file) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(ending)]
            return archive.read(name).decode()

    return part
