"""From a file to a `ReadPopulation`: which sheets, which rows, what each says, and what could not be read."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from audit_app.core.spreadsheets import EMPTY, Sheet, UnreadableFile, column_letter
from audit_app.indicators.rules import PlanStatus
from audit_app.sampling.rules import cells
from audit_app.sampling.rules.cells import NotReadable
from audit_app.sampling.rules.headings import FIELD_WORDS, Columns, Field, columns_found, recognise
from audit_app.sampling.rules.population import Layout, ReadPopulation, RecognisedColumn, RecognisedSheet
from audit_app.sampling.rules.rows import RowReader
from audit_app.sampling.rules.spreadsheets import Opened, TextTable, open_spreadsheet, why_not_a_workbook

_LIST_SHEET = re.compile(r"list\s*(\d+)\b", re.IGNORECASE)
_PLANS_LIST = 7
# What else the workbook says about the plan a child is on once the protection plan has ended, strongest first.
_OTHER_LISTS = ((8, PlanStatus.LOOKED_AFTER), (6, PlanStatus.CHILD_IN_NEED), (2, PlanStatus.EARLY_HELP))
_CATEGORIES = (Field.INITIAL_CATEGORY, Field.LATEST_CATEGORY)
_USED_OF_OTHER_LISTS = (Field.NUMBER, Field.STATUS, Field.END)


def read_population(content: bytes, *, today: date, file_name: str = "") -> ReadPopulation:
    """Read the children of an uploaded file: Ofsted's Annex A workbook, or a plain list in a workbook or as CSV.

    What kind of file it is comes from its bytes; its name may lie, and may name a child. Only where nothing can be read
    does the name say what the file was meant to be: many systems write a text of columns and call it .xls.

    Args:
        content: the bytes as they were uploaded.
        today: the as-at date that is offered is never later than this, and births no more than ten months later.
        file_name: the name of the file, never kept and never shown.

    Raises:
        UnreadableFile: nothing can be read; `reason` is one sentence for the person who chose the file.
    """
    try:
        return _read(content, today)
    except UnreadableFile:
        if why_not := why_not_a_workbook(content, file_name):
            raise UnreadableFile(why_not) from None
        raise


def _read(content: bytes, today: date) -> ReadPopulation:
    spreadsheet = open_spreadsheet(content)
    lists = {int(found[1]): name for name in spreadsheet.sheet_names if (found := _LIST_SHEET.match(name.strip()))}
    if _PLANS_LIST in lists:
        return _read_annex_a(spreadsheet, lists, today)
    if len(lists) >= 2:
        raise UnreadableFile("This looks like an Annex A workbook, but it has no sheet “List 7” with protection plans.")
    return _read_table(spreadsheet, today)


def _read_annex_a(spreadsheet: Opened, lists: Mapping[int, str], today: date) -> ReadPopulation:
    sheet = spreadsheet.sheet(lists[_PLANS_LIST])
    columns = recognise(sheet.rows)
    _refuse_missing_columns(sheet, columns, "a category of abuse", _CATEGORIES)
    sheets = [_recognised_sheet(sheet, columns, "children on protection plans")]
    elsewhere: dict[str, PlanStatus] = {}
    for number, status in _OTHER_LISTS:
        if number in lists:
            other = spreadsheet.sheet(lists[number])
            other_columns = recognise(other.rows)
            sheets.append(
                _recognised_sheet(other, other_columns, "plan status after a protection plan", _USED_OF_OTHER_LISTS)
            )
            for child in _on_list(other, other_columns, status):
                elsewhere.setdefault(child, status)
    return _population(Layout.ANNEX_A, sheets, RowReader(sheet, columns, today, elsewhere), today)


def _read_table(spreadsheet: Opened, today: date) -> ReadPopulation:
    found = [(sheet, recognise(sheet.rows)) for sheet in map(spreadsheet.sheet, spreadsheet.sheet_names)]
    found = [(sheet, columns) for sheet, columns in found if columns.headings]
    if not found:
        raise UnreadableFile(EMPTY)
    sheet, columns = max(found, key=lambda pair: len(pair[1].at))
    _refuse_missing_columns(sheet, columns, "a neglect flag or a category of abuse", (Field.FLAG, *_CATEGORIES))
    sheets = [_recognised_sheet(sheet, columns, "the list of children")]
    population = _population(Layout.TABLE, sheets, RowReader(sheet, columns, today), today)
    if isinstance(spreadsheet, TextTable):
        return replace(population, encoding=spreadsheet.encoding, separator=spreadsheet.separator)
    return population


def _population(layout: Layout, sheets: Sequence[RecognisedSheet], reader: RowReader, today: date) -> ReadPopulation:
    children = reader.children()
    if not children and not reader.problems:
        raise UnreadableFile("This list has headings and no children below them.")
    return ReadPopulation(
        layout=layout,
        sheets=tuple(sheets),
        rows=reader.rows,
        blank=tuple(reader.blank),
        repeated_rows=reader.rows_read - len(children),
        children=children,
        problems=tuple(sorted(reader.problems, key=lambda problem: problem.row)),
        latest_date=max((day for day in reader.event_days() if day <= today), default=None),
    )


def _refuse_missing_columns(sheet: Sheet, columns: Columns, sign: str, one_of: Sequence[Field]) -> None:
    missing = [FIELD_WORDS[each] for each in (Field.NUMBER, Field.BORN) if each not in columns.at]
    if not any(each in columns.at for each in one_of):
        missing.append(sign)
    if missing:
        where = f"Sheet “{sheet.name}”" if sheet.name else "This list"
        raise UnreadableFile(f"{where} has no column for {' and none for '.join(missing)}; {columns_found(columns)}.")


def _recognised_sheet(
    sheet: Sheet, columns: Columns, use: str, fields: Collection[Field] = tuple(Field)
) -> RecognisedSheet:
    by_column = sorted((column, each) for each, column in columns.at.items() if each in fields)
    return RecognisedSheet(
        sheet.name,
        use,
        tuple(
            RecognisedColumn(column_letter(column), columns.heading(each), FIELD_WORDS[each])
            for column, each in by_column
        ),
    )


def _on_list(sheet: Sheet, columns: Columns, status: PlanStatus) -> Iterator[str]:
    """The numbers of the children whose row on another list is open and says no other status."""
    for row in sheet.rows[columns.row + 1 :]:
        try:
            number = cells.number_in(columns.cell(row, Field.NUMBER))
            said = columns.cell(row, Field.STATUS)
            if not cells.text_in(columns.cell(row, Field.END)) and (said is None or cells.status_in(said) is status):
                yield number
        except NotReadable:
            continue
