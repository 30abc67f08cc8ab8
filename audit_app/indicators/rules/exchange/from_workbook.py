"""From a workbook to the template that its sheets describe."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from audit_app.core.spreadsheets import Workbook
from audit_app.indicators.rules.catalogue import (
    ANSWERED_WORDS,
    APPLIES_BY_WORDS,
    RATED_WORDS,
    AppliesBy,
    AuditTemplate,
    Rated,
    Scale,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.indicators.rules.drafts import why_not_ask
from audit_app.indicators.rules.exchange.checks import problems_of
from audit_app.indicators.rules.exchange.tables import Problem, Row, Table, sheet_named
from audit_app.indicators.rules.exchange.wording import (
    ANSWERED,
    COLUMNS,
    LINES,
    NO_SCALE,
    OPTIONAL_LINES,
    PANEL,
    QUESTIONS,
    RATED,
    TEMPLATE,
    VALUE,
    WHAT,
    Known,
    level_headings,
    listed,
    plain_title,
)
from audit_app.indicators.rules.titles import key_of
from audit_app.indicators.rules.versions import TEXTS

_LEVEL = "level_"
"""Begins the name of a level's column, as it begins that of a level's field on a page."""

Meant = TypeVar("Meant")


def from_workbook(workbook: Workbook, known: Known) -> tuple[AuditTemplate | None, list[Problem]]:
    """The template in a workbook, and everything that is wrong in it: (place, how to mend it), in the order of rows.

    None where one of its two sheets is missing, or it asks far too much.

    Raises:
        UnreadableFile: a sheet is too large, or damaged.
    """
    names = {wanted: sheet_named(workbook, wanted) for wanted in (TEMPLATE, QUESTIONS)}
    template, questions = names[TEMPLATE], names[QUESTIONS]
    if template is None or questions is None:
        lacking = [wanted for wanted, name in names.items() if name is None]
        return None, [(f"Sheet “{one}”", "is missing. Begin with a template downloaded here.") for one in lacking]
    lines = _Lines(Table(workbook, template, {"what": WHAT, "value": VALUE}), known)
    levels = {_LEVEL + code: heading for code, heading in level_headings(lines.scale or NO_SCALE).items()}
    table = Table(workbook, questions, COLUMNS | levels, filled_down="domain", takes_unknown=lines.scale is None)
    if reason := why_not_ask(sum(map(_asks, table.rows))):
        return None, [(questions, reason)]  # alone: what else there is would hide it
    asked = _Questions(table, lines.scale or NO_SCALE, known)
    read = lines.template(asked.domains)
    checked = problems_of(read, known, _Places(lines, asked))
    return read, _in_order([*lines.problems, *asked.problems, *checked])


_SPOT = re.compile(r"(.*?)(?:, row (\d+))?(?:, column ([A-Z]+)\b.*)?", re.DOTALL)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Row by row, and of a cell only what was found first. What has no place is of a column said to be missing."""

    def where(problem: Problem) -> tuple[bool, int, int, str]:
        spot = _SPOT.fullmatch(problem[0])
        assert spot
        column = spot[3] or ""
        return key_of(spot[1]) != key_of(TEMPLATE), int(spot[2] or 0), len(column), column

    of_cells: dict[str, Problem] = {}
    found = []
    for problem in problems:
        if ", row " not in problem[0]:
            found.append(problem)
        elif problem[0] not in of_cells:
            of_cells[problem[0]] = problem
    return sorted((problem for problem in [*found, *of_cells.values()] if problem[0]), key=where)


class _Lines:
    """The first sheet: a line for each thing that a template says of itself."""

    def __init__(self, table: Table, known: Known) -> None:
        self.table, self.known = table, known
        self.problems = list(table.problems)
        self.rows: dict[str, Row] = {}
        names = {key_of(words): field for field, words in LINES.items()}
        for row in table.rows:
            field = names.get(key_of(row["what"]))
            if field is None:
                lines = listed(LINES.values(), last="and")
                self._mend(row, "what", f"“{row['what'][:60]}” is no line of this sheet. Its lines are {lines}.")
            elif field in self.rows:
                self._mend(row, "what", f"“{LINES[field]}” stands here a second time. Remove one of the two lines.")
            else:
                self.rows[field] = row
        for field in LINES.keys() - OPTIONAL_LINES - self.rows.keys() if "what" in table.at else ():
            self.problems.append((table.sheet, f"has no line “{LINES[field]}”. Add it."))
        self.scale = self._scale()

    def _mend(self, row: Row, name: str, mending: str) -> None:
        self.problems.append((self.table.place(row.number, name), mending))

    def _said(self, field: str) -> str:
        return self.rows[field]["value"] if field in self.rows else ""

    def _scale(self) -> Scale | None:
        said = key_of(self._said("scale"))
        for scale in self.known.scales.values():
            if said in {key_of(scale.title), key_of(scale.code)}:
                return scale
        if "scale" in self.rows:
            scales = listed(scale.title for scale in self.known.scales.values())
            self._mend(self.rows["scale"], "value", f"“{self._said('scale')[:60]}” is no scale here. Write {scales}.")
        return None

    def _number(self, field: str, otherwise: int) -> int:
        """A whole number; one that is none is a problem, and 0."""
        said = self._said(field)
        if not said:
            return otherwise
        if said.isdecimal() and len(said) <= 9:
            return int(said)
        self._mend(self.rows[field], "value", f"“{said[:60]}” is no whole number. Write one, such as 60.")
        return otherwise

    def _attributes(self) -> Iterator[str]:
        for said in _several(self._said("attributes"), ";\n"):
            if found := re.match(r"[A-Za-z]{1,4}[0-9]{2}\b", said):
                yield found[0].upper()
            else:
                self._mend(self.rows["attributes"], "value", f"“{said[:60]}” does not begin with a code such as P07.")

    def template(self, domains: Sequence[TemplateDomain]) -> AuditTemplate:
        return AuditTemplate(
            code=self._said("code"),
            title=plain_title(self._said("title")),
            version=self._number("version", 1),
            description=self._said("description"),
            minutes_per_child=self._number("minutes_per_child", 0),
            scale=self.scale or NO_SCALE,
            domains=tuple(domains),
            attributes=tuple(self._attributes()),
        )


class _Questions:
    """The second sheet: rows of questions, together by domain. A row with nothing but its domain asks nothing yet."""

    def __init__(self, table: Table, scale: Scale, known: Known) -> None:
        self.table, self.scale = table, scale
        self.limited_to = {by: known.limited_to(by) for by in AppliesBy}
        self.problems = list(table.problems)
        titles: dict[str, str] = {}
        rows: dict[str, list[Row]] = {}
        for row in table.rows:
            if not row["domain"]:
                self._mend(row, "domain", "is empty. Write the domain that the question belongs to.")
            key = key_of(row["domain"])
            titles.setdefault(key, plain_title(row["domain"]))
            rows.setdefault(key, []).append(row)
        self.first_rows = [its[0].number for its in rows.values()]
        asked = {key: [row for row in its if _asks(row)] for key, its in rows.items()}
        self.numbers = [row.number for its in asked.values() for row in its]
        self.domains = [TemplateDomain(titles[key], tuple(map(self._asked, its))) for key, its in asked.items()]

    def _mend(self, row: Row, name: str, mending: str) -> None:
        self.problems.append((self.table.place(row.number, name), mending))

    def _asked(self, row: Row) -> TemplateIndicator:
        guidance = {level.code: row[_LEVEL + level.code] for level in self.scale.levels}
        rated = self._meant(row, "rated", RATED, RATED_WORDS.values(), Rated.CHILD_EXPERIENCE)
        if not row["rated"]:
            self._mend(row, "rated", f"is empty. Write {listed(RATED_WORDS.values())}.")
        return TemplateIndicator(
            code=row["code"].upper(),
            **{name: plain_title(row[name]) if name == "title" else row[name] for name in TEXTS},
            rated=rated,
            guidance={level: words for level, words in guidance.items() if words},
            is_panel=self._meant(row, "is_panel", PANEL, ("Yes", "No"), False),
            is_narrative=self._meant(row, "is_narrative", ANSWERED, ANSWERED_WORDS.values(), False),
            applies={by: values for by in AppliesBy if (values := self._limit(row, by))},
        )

    def _meant(
        self, row: Row, name: str, meanings: Mapping[str, Meant], words: Iterable[str], otherwise: Meant
    ) -> Meant:
        """What a cell means that takes one of a few answers."""
        said = row[name]
        if said and key_of(said) not in meanings:
            self._mend(row, name, f"“{said[:60]}” is no answer here. Write {listed(words)}.")
        return meanings.get(key_of(said), otherwise)

    def _limit(self, row: Row, by: AppliesBy) -> frozenset[str]:
        said = _several(row[by.value], ";,\n")
        for one in said:
            if key_of(one) not in self.limited_to[by]:
                words = listed(APPLIES_BY_WORDS[by].values(), last="and")
                self._mend(row, by.value, f"“{one[:60]}” is no answer here. Write some of {words}.")
        return frozenset(self.limited_to[by][key_of(one)] for one in said if key_of(one) in self.limited_to[by])


def _asks(row: Row) -> bool:
    return any(text for name, text in row.cells.items() if name != "domain")


def _several(said: str, separators: str) -> list[str]:
    """What a cell lists."""
    return [one.strip() for one in re.split(f"[{separators}]", said) if one.strip()]


@dataclass(frozen=True)
class _Places:
    """Places by sheet, row and column."""

    lines: _Lines
    asked: _Questions

    def of_template(self, field: str) -> str:
        row = self.lines.rows.get(field)
        return self.lines.table.place(row.number, "value") if row else ""

    def of_domain(self, number: int) -> str:
        return self.asked.table.place(self.asked.first_rows[number], "domain")

    def of_indicator(self, number: int, field: str) -> str:
        return self.asked.table.place(self.asked.numbers[number], field)
