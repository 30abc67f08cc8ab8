"""A chronology that was copied from a spreadsheet or a document's table: its events, and what cannot be read.

Rows come as spreadsheets put them on the clipboard (tabs between cells, quotation marks round a cell with line breaks),
or as text with semicolons or commas. Columns stand in the order date, event, impact, response, or as a first row of
headings says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit_app.core.spreadsheets import NotReadable, date_in
from audit_app.returns.rules.chronology import Event, why_not_happened, why_not_texts

PASTE_AT_MOST = 1_000_000
"""Characters in one paste: 500 events with a page of text each."""
ROWS_AT_MOST = 1_000
"""Rows that are read of one paste: twice what a chronology holds. Whatever comes after waits to be pasted again."""
_SEPARATORS = ("\t", ";", ",")
COLUMN_WORDS = {"date": "Date", "event": "Event", "impact": "Impact on the child", "response": "Response"}
_HEADINGS = (
    ("date", r"\b(date|when|day)\b"),
    ("impact", r"\b(impact|effect|experience|meant)\b"),
    ("response", r"\b(response|action|actions|outcome|what was done|done|taken|intervention)\b"),
    ("event", r"\b(event|events|what happened|happened|incident|significant|details?|description|chronology)\b"),
)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+", re.IGNORECASE)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_VALUE_SHOWN = 60


@dataclass(frozen=True)
class PasteProblem:
    """A row that cannot be read: where it stands in what was pasted, which column, what is in it, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Pasted:
    """What was pasted: the events, the rows that cannot be read, and these rows as a text to be mended.

    `ignored` are the headings of columns that a chronology has no place for.
    """

    events: Sequence[Event] = ()
    problems: Sequence[PasteProblem] = ()
    left: str = ""
    ignored: Sequence[str] = ()


Row = Sequence[str]


def read_pasted(text: str, *, today: date) -> Pasted:
    """Read what was pasted. `today` is for dates that are too long ago to be meant."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").replace("\ufeff", "")
    rows = [(number, row) for number, row in enumerate(_best_rows(text), 1) if any(cell.strip() for cell in row)]
    columns: Mapping[str, int] = {name: place for place, name in enumerate(COLUMN_WORDS)}
    heading: Row = ()
    ignored: Sequence[str] = ()
    if rows and (found := _columns(rows[0][1])):
        columns, heading = found, rows.pop(0)[1]
        ignored = [cell.strip() for place, cell in enumerate(heading) if cell.strip() and place not in found.values()]
    events, problems, left = [], [], []
    for number, row in rows[:ROWS_AT_MOST]:
        read = _event(number, row, columns, today, has_headings=bool(heading))
        if isinstance(read, Event):
            events.append(read)
        else:
            problems.append(read)
            left.append(row)
    if more := rows[ROWS_AT_MOST:]:
        reason = f"{ROWS_AT_MOST:,} rows are read at a time: this row and those after it wait below"
        problems.append(PasteProblem(more[0][0], COLUMN_WORDS["date"], "", reason))
        left += [row for _, row in more]
    return Pasted(events, problems, _as_text([heading, *left] if heading and left else left), ignored)


def as_pasted(events: Sequence[Event]) -> str:
    """Events as a spreadsheet would put them on the clipboard, under headings. `read_pasted` reads them back."""
    rows = [(one.happened_on.isoformat(), one.event, one.impact, one.response) for one in events]
    return _as_text([tuple(COLUMN_WORDS.values()), *rows]) if rows else ""


def _best_rows(text: str) -> Sequence[Row]:
    """The rows as the separator gives them by which most begin with a date, or are wide at all."""
    tried = [_rows(text, separator) for separator in _SEPARATORS if separator in text]
    return max(tried, key=_likeness, default=[[line] for line in text.split("\n")])


def _likeness(rows: Sequence[Row]) -> tuple[int, int]:
    some = [row for row in rows if len(row) > 1][:50]
    found = _columns(rows[0])
    place = found["date"] if found else 0
    return sum(place < len(row) and _is_day(row[place]) for row in some) + bool(found), len(some)


def _is_day(cell: str) -> bool:
    try:
        return _day(cell) is not None
    except NotReadable:
        return False


def _rows(text: str, separator: str) -> Sequence[Row]:
    """Rows of cells. A cell is quoted only where its closing mark ends it: a quotation at its beginning is text."""
    cut = re.escape(separator)
    cell = re.compile(rf'"((?:[^"]++|"")*+)"(?={cut}|\n|\Z)|([^{cut}\n]*)')
    rows: list[list[str]] = [[]]
    place = 0
    while True:
        found = cell.match(text, place)
        assert found is not None
        quoted, plain = found.groups()
        rows[-1].append(plain if quoted is None else quoted.replace('""', '"'))
        place = found.end()
        if place >= len(text):
            return rows
        if text[place] == "\n":
            rows.append([])
        place += 1


def _columns(row: Row) -> Mapping[str, int] | None:
    """Where each column stands by a row of headings, or None where the row is none: it must name date and event."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        words = " ".join(cell.casefold().split())
        if len(words) > _VALUE_SHOWN or _is_day(cell):
            continue
        name = next((name for name, pattern in _HEADINGS if re.search(pattern, words)), None)
        if name:
            found.setdefault(name, place)
    return found if {"date", "event"} <= found.keys() else None


def _event(
    number: int, row: Row, columns: Mapping[str, int], today: date, *, has_headings: bool
) -> Event | PasteProblem:
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}

    def problem(column: str, reason: str) -> PasteProblem:
        value = " ".join(cells.get(column, "").split())
        return PasteProblem(number, COLUMN_WORDS[column], value[:_VALUE_SHOWN], reason)

    try:
        day = _day(cells["date"], earliest=1)
    except NotReadable as unread:
        return problem("date", str(unread))
    if day is None:
        return problem("date", "there is no date")
    if why := why_not_happened(day, today):
        return problem("date", why)
    if not has_headings and any(cell.strip() for cell in row[len(columns) :]):
        return problem("response", "there are more than four columns: put headings in the first row, or take some out")
    event = Event(day, cells["event"], cells.get("impact", ""), cells.get("response", ""))
    if not event.event:
        return problem("event", "it does not say what happened")
    if why := why_not_texts(event):
        return problem(max(list(cells)[1:], key=lambda name: len(cells[name])), why)
    return event


def _day(cell: str, earliest: int = 1900) -> date | None:
    words = _WEEKDAY.sub("", " ".join(cell.split()))
    return date_in(float(words) if _SERIAL.fullmatch(words) else words, earliest=earliest)


def _as_text(rows: Sequence[Row]) -> str:
    return "\n".join("\t".join(_as_cell(cell) for cell in row) for row in rows)


def _as_cell(cell: str) -> str:
    if any(mark in cell for mark in '\t\n"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
