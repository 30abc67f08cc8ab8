"""A workbook that came back, as what it says of each question. Nothing is compared here, and nothing taken."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from audit_app.core.errors import Refused
from audit_app.core.spreadsheets import Workbook
from audit_app.indicators.rules import key_of
from audit_app.returns.rules.answers import TAG_WORDS, TEXT_AT_MOST, Answer, AnswerKind, Tag, tidied
from audit_app.returns.rules.chronology import EVENT_TEXT_AT_MOST, EVENTS_AT_MOST, why_not_happened
from audit_app.returns.rules.time_spent import why_not_minutes
from audit_app.returns.rules.workbooks import wording as words
from audit_app.returns.rules.workbooks.as_workbook import offered, read_file_code
from audit_app.returns.rules.workbooks.days import NO_DAY, read_day
from audit_app.returns.rules.workbooks.paper import (
    NO_LEVEL,
    Event,
    Line,
    Origin,
    Paper,
    RatingAsked,
    words_of_levels,
)
from audit_app.returns.rules.workbooks.tables import (
    Row,
    Table,
    Unreadable,
    beside,
    one_of,
    open_filled,
    tables_with,
    too_long,
)
from audit_app.rounds.rules import FrozenLevel

NO_RETURN = "This is not a return as a spreadsheet. Download it from this page, fill it in, and choose that file."
TOO_LARGE = "This file is larger than 5 MB, and a return is far smaller. Choose the file that you downloaded here."

Value = str | Answer | Event


@dataclass(frozen=True)
class Said:
    """What a file says of one question, and what it says it was written from."""

    key: str
    value: Value
    seen: str
    sheet: str
    row: int


@dataclass(frozen=True)
class ReadReturn:
    """What a file says of lines, indicators and saved events, by key; new events in order; what cannot be read."""

    origin: Origin
    said: Mapping[str, Said]
    new_events: Sequence[Said]
    unreadable: Sequence[Unreadable]


def read_return(content: bytes, paper: Paper) -> ReadReturn:
    """Read a file that somebody chose for a return. Rows that cannot be read are named and left out.

    Raises:
        Refused: it is no workbook of a return, or the workbook of another one.
    """
    workbook = open_filled(content, no_such=NO_RETURN, too_large=TOO_LARGE)
    origin = read_file_code(beside(workbook, words.FILE_CODE))
    if origin is None:
        raise Refused(NO_RETURN)
    if reason := why_not_this(origin, paper.origin):
        raise Refused(reason)
    return _Reader(workbook, paper).read(origin)


def why_not_this(said: Origin, own: Origin) -> str | None:
    """The reason a file cannot be loaded into a return, or None: it is of another one."""
    if said.slug != own.slug:
        return "This spreadsheet is of another partnership. Open that partnership to load it."
    if said.round_reference != own.round_reference:
        return f"This spreadsheet is of another audit, {said.round_reference[:20]}, not of {own.round_reference}."
    if said.case_reference != own.case_reference:
        return f"This spreadsheet is of {said.case_reference[:20]}. This is the return on {own.case_reference}."
    if said.agency_id != own.agency_id:
        return "This spreadsheet is the return of another agency."
    if said.edition != own.edition:
        return "This spreadsheet asks other questions than this audit does. Download it again and copy your answers."
    return None


_LINES = (words.LINE, words.YOURS, words.SEEN)
_OF_EVENT = (words.LINE, words.DATE, words.EVENT, words.IMPACT, words.RESPONSE, words.SEEN)
_OF_RATING = (words.CODE, words.ANSWER, words.REASON, words.EVIDENCE, words.WHERE, words.TAG, words.SEEN)


class _Reader:
    """One pass over a workbook. Keys are known everywhere, so it does not matter on which sheet a row stands."""

    def __init__(self, workbook: Workbook, paper: Paper) -> None:
        self.paper = paper
        self.lines = tables_with(workbook, (words.LINE, words.YOURS), _LINES)
        self.ratings = tables_with(workbook, (words.CODE, words.ANSWER), _OF_RATING)
        self.events = tables_with(workbook, (words.DATE, words.EVENT), _OF_EVENT)
        self.said: dict[str, Said] = {}
        self.new: list[Said] = []
        self.unreadable: list[Unreadable] = []

    def read(self, origin: Origin) -> ReadReturn:
        self._look_for_tables()
        self._read_all(self.lines, words.LINE, self.paper.line, _line)
        ratings = {asked.code: asked for asked in self.paper.ratings}
        levels = self.paper.levels
        choices = {asked.code: answers_known(levels, is_narrative=asked.is_narrative) for asked in self.paper.ratings}

        def rating(row: Row, asked: RatingAsked) -> tuple[Value, list[Unreadable]]:
            return _rating(row, asked, choices[asked.code], offered(asked, self.paper))

        self._read_all(self.ratings, words.CODE, ratings, rating)
        self._read_events()
        return ReadReturn(origin, self.said, self.new, self.unreadable)

    def _look_for_tables(self) -> None:
        wanted = (
            (words.KNOWN, self.lines, _LINES),
            (words.RATINGS, self.ratings, _OF_RATING),
            (words.CHRONOLOGY, self.events, _OF_EVENT),
        )
        for name, tables, headings in wanted:
            if not tables:
                gone = "This sheet, or the row of its headings, is not in the file. What is saved of it stays."
                self.unreadable.append(Unreadable(name, 0, "", "", gone))
            for table in tables:
                for heading in headings:
                    if heading not in table.headings and heading != words.SEEN:
                        gone = "This column is not in the file. What is saved of it stays."
                        self.unreadable.append(Unreadable(table.sheet, 0, heading, "", gone))

    def _read_all(self, tables: Iterable[Table], by: str, asked: Mapping[str, object], read: object) -> None:
        keys = {key_of(key): key for key in asked}
        for row in chain.from_iterable(table.rows for table in tables):
            key = keys.get(key_of(row.text(by)))
            if key is None:
                if row.text(by) or _says_something(row, by):
                    self.unreadable.append(row.problem(by, "This is not asked here."))
            elif key in self.said:
                self.unreadable.append(row.problem(by, "This stands in the file a second time. The first one counts."))
            else:
                value, problems = read(row, asked[key])  # type: ignore[operator]
                self._keep(key, value, row, problems)

    def _keep(self, key: str, value: Value, row: Row, problems: Sequence[Unreadable]) -> None:
        found = [*row.unreadable, *problems]
        if found:
            self.unreadable += found
        elif key:
            self.said[key] = Said(key, value, row.text(words.SEEN), row.sheet, row.number)
        else:
            self.new.append(Said("", value, "", row.sheet, row.number))

    def _read_events(self) -> None:
        kept = {key_of(event.key): event.key for event in self.paper.events}
        for row in chain.from_iterable(table.rows for table in self.events):
            line = row.text(words.LINE)
            if line and key_of(line) not in kept:
                if _says_something(row, words.LINE):
                    gone = "This event was removed on screen meanwhile. To add it again, write it into an empty row."
                    self.unreadable.append(row.problem(words.LINE, gone))
                continue
            if not line and not _says_something(row, words.LINE):
                continue
            if len(self.new) >= EVENTS_AT_MOST:
                self.unreadable.append(
                    row.problem(words.EVENT, f"Not more than {EVENTS_AT_MOST} events can be loaded.")
                )
                return
            value, problems = _event(row, self.paper.today)
            self._keep(kept.get(key_of(line), ""), value, row, problems)


def _says_something(row: Row, but: str) -> bool:
    return any(row.text(heading) for heading in row.cells if heading not in {but, words.SEEN})


def _line(row: Row, line: Line) -> tuple[str, list[Unreadable]]:
    text = row.text(words.YOURS)
    if line.choices and text:
        chosen = {key_of(choice): choice for choice in line.choices}.get(key_of(text))
        if chosen is None and line.choices == (words.YES,) and key_of(text) in {"no", "n"}:
            chosen = ""
        if chosen is None:
            return "", [row.problem(words.YOURS, one_of(line.choices))]
        return chosen, []
    if line.is_number and text and not (text.isdecimal() and len(text) <= 5):
        return "", [row.problem(words.YOURS, "Write a whole number, such as 90.")]
    if line.is_number and text and (reason := why_not_minutes(int(text))):
        return "", [row.problem(words.YOURS, reason)]
    return text, too_long(row, (words.YOURS,), line.at_most)


def answers_known(levels: Sequence[FrozenLevel], *, is_narrative: bool) -> dict[str, tuple[AnswerKind, int | None]]:
    """What may be written as an answer, by its key: what the list offers first of all. `levels` as they are read."""
    known: dict[str, tuple[AnswerKind, int | None]] = {key_of(said): (kind, None) for kind, said in NO_LEVEL.items()}
    if is_narrative:
        return known
    ways: tuple[Iterator[tuple[int, str]], ...] = (
        iter(words_of_levels(levels).items()),
        ((level.id, level.words) for level in levels),
        ((level.id, level.letter) for level in levels),
    )
    for level_id, said in chain(*ways):
        known.setdefault(key_of(said), (AnswerKind.LEVEL, level_id))
    return known


def _rating(
    row: Row, asked: RatingAsked, answers: Mapping[str, tuple[AnswerKind, int | None]], choices: Sequence[str]
) -> tuple[Answer, list[Unreadable]]:
    """An answer. Of a column that is missing, what is saved stays."""

    def text(heading: str, kept: str) -> str:
        return row.text(heading) if heading in row.cells else kept

    problems = too_long(row, (words.REASON, words.EVIDENCE, words.WHERE), TEXT_AT_MOST)
    kept = asked.answer
    said = row.text(words.ANSWER)
    evidence, reason = text(words.EVIDENCE, kept.evidence), text(words.REASON, kept.reason)
    kind: AnswerKind | None = AnswerKind.IN_WORDS if asked.is_narrative else None
    level_id = None
    if said:
        if key_of(said) not in answers:
            return Answer(), [row.problem(words.ANSWER, one_of(choices)), *problems]
        kind, level_id = answers[key_of(said)]
    if row.text(words.REASON) and kind is not AnswerKind.NOT_APPLICABLE:
        instead = f"Choose “{NO_LEVEL[AnswerKind.NOT_APPLICABLE]}” with it, or empty this cell."
        problems.append(row.problem(words.REASON, instead))
    tag, wrong = _tag(row, kept)
    answer = Answer(kind, level_id, reason, evidence, text(words.WHERE, kept.where_on_file), tag)
    return tidied(answer), [*problems, *wrong]


def _tag(row: Row, kept: Answer) -> tuple[Tag | None, list[Unreadable]]:
    if words.TAG not in row.cells:
        return kept.tag, []
    said = row.text(words.TAG)
    tags = {key_of(its): tag for tag, its in TAG_WORDS.items()}
    if said and key_of(said) not in tags:
        return None, [row.problem(words.TAG, one_of(tuple(TAG_WORDS.values())))]
    return tags.get(key_of(said)), []


def _event(row: Row, today: date) -> tuple[Event, list[Unreadable]]:
    problems = too_long(row, (words.EVENT, words.IMPACT, words.RESPONSE), EVENT_TEXT_AT_MOST)
    day = read_day(row.cells.get(words.DATE), row.text(words.DATE))
    event = Event(day, row.text(words.EVENT), row.text(words.IMPACT), row.text(words.RESPONSE))
    if event == Event() and not row.text(words.DATE):
        return event, [row.problem(words.LINE, "This row was emptied. The event stays: remove it on screen.")]
    if day is None:
        problems.append(row.problem(words.DATE, NO_DAY))
    elif reason := why_not_happened(day, today):
        problems.append(row.problem(words.DATE, reason))
    if not event.event:
        problems.append(row.problem(words.EVENT, "Write what happened."))
    return event, problems
