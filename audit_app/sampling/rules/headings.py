"""Which column is which: headings as councils write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from audit_app.sampling.rules.cells import text_in


class Field(StrEnum):
    """What a column says about a child."""

    NUMBER = "number"
    BORN = "born"
    AGE = "age"
    SEX = "sex"
    AREA = "area"
    STATUS = "status"
    FLAG = "flag"
    INITIAL_CATEGORY = "initial_category"
    LATEST_CATEGORY = "latest_category"
    START = "start"
    END = "end"
    PREVIOUS_PLANS = "previous_plans"


FIELD_WORDS = {
    Field.NUMBER: "the child's number",
    Field.BORN: "date of birth",
    Field.AGE: "age",
    Field.SEX: "sex",
    Field.AREA: "area",
    Field.STATUS: "plan status",
    Field.FLAG: "neglect flag",
    Field.INITIAL_CATEGORY: "initial category of abuse",
    Field.LATEST_CATEGORY: "latest category of abuse",
    Field.START: "start",
    Field.END: "end",
    Field.PREVIOUS_PLANS: "previous plans",
}

# A cell of these columns is never shown to anyone, not even to say that it could not be read.
IDENTIFYING = frozenset({Field.NUMBER, Field.BORN, Field.AGE})

# In order: where two columns could be the same thing, the earlier pattern has it, then the column further left.
_NUMBER = r"( unique)? (id|no|number|ref|reference|identifier)( no| number)?"
_PATTERNS = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.NUMBER, r"(la |local authority |council )?(child|childs|person|client|service user)" + _NUMBER),
        (Field.NUMBER, r"(case|system|mosaic|liquidlogic|lcs|eclipse|social care|unique|record)" + _NUMBER),
        (Field.NUMBER, r"id|identifier|reference|ref"),
        (Field.BORN, r"(childs |child )?(date of birth|birth date|dob|d o b|born|birthday)( dd mm yyyy)?"),
        (Field.BORN, r"(expected )?date of birth.*|.* date of birth"),
        (Field.AGE, r"age|age in years|age of child( years)?|current age"),
        (Field.SEX, r"(childs |child )?(sex|gender)( (or )?(sex|gender))?( current)?( m f)?|m f|f m"),
        (Field.AREA, r"area|locality|district|borough|neighbourhood|area group|ward|locality area|area name"),
        (Field.FLAG, r"(is )?neglect( flag| y n| yes no| identified| concern| a factor| factor| case)?"),
        (Field.INITIAL_CATEGORY, r"(cp |cpp )?initial category( of abuse)?"),
        (Field.LATEST_CATEGORY, r"(cp |cpp )?((latest|current) )?category( of abuse)?|abuse category"),
        (Field.STATUS, r"status|((current|case|plan|child|childs) )+(status|type)|plan|current plan|type of plan"),
        (Field.START, r"((child protection|cp|cpp|cin) )?(plan )?start( date)?|date (plan )?started|plan started"),
        (Field.END, r"((child protection|cp|cpp|cin) )?(plan )?(end|closure)( date)?|date (plan )?(ended|closed)"),
        (Field.END, r"date ceased to be looked after|assessment completion date"),
        (Field.PREVIOUS_PLANS, r"(number of )?previous (child protection |cp )?plans"),
    )
)
_NOT_AN_EVENT = re.compile(r"birth|born|dob|due|next|expected|planned|target")
_LOOK_FOR_COLUMNS_IN = 500
_LOOK_FOR_HEADINGS_IN = 10  # rows: some lists begin with a title and the day they were made


@dataclass(frozen=True)
class Columns:
    """The heading row of a sheet and what its columns were recognised as."""

    row: int  # where the headings stand, counted from 0
    headings: tuple[str, ...]
    at: Mapping[Field, int]  # column, counted from 0

    def cell(self, row: Sequence[object], field: Field) -> object:
        """What `row` holds for `field`; None where there is no such column or the row is too short."""
        column = self.at.get(field)
        return None if column is None or column >= len(row) else row[column]

    def heading(self, field: Field) -> str:
        """The heading of the column for `field`, as it stands in the file; "" without one."""
        return self.headings[self.at[field]][:60] if field in self.at else ""

    @property
    def events(self) -> tuple[int, ...]:
        """The columns that hold the day when something happened."""
        keys = [heading_key(heading) for heading in self.headings]
        return tuple(
            column
            for column, key in enumerate(keys)
            if column in (self.at.get(Field.START), self.at.get(Field.END))
            or ("date" in key.split() and not _NOT_AN_EVENT.search(key))
        )


def heading_key(heading: object) -> str:
    """A heading without what differs from council to council: capitals, brackets, quotes, spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text_in(heading).casefold().replace("'", "")).split())


def recognise(rows: Sequence[Sequence[object]]) -> Columns:
    """The headings of a sheet: of its first rows, the one in which most columns are recognised."""
    best = Columns(0, (), {})
    for number, row in enumerate(rows[:_LOOK_FOR_HEADINGS_IN]):
        headings = tuple(text_in(cell) for cell in row[:_LOOK_FOR_COLUMNS_IN])
        at = _recognised([heading_key(heading) for heading in headings])
        if len(at) > len(best.at) or (not best.headings and any(headings)):
            best = Columns(number, headings, at)
    return best


def _recognised(keys: Sequence[str]) -> dict[Field, int]:
    at: dict[Field, int] = {}
    for field, pattern in _PATTERNS:
        for column, key in enumerate(keys):
            if field not in at and column not in at.values() and pattern.fullmatch(key):
                at[field] = column
    return at


def columns_found(columns: Columns) -> str:
    """The headings of a sheet for a message, or that it has none.

    A row with a digit in a cell may be a row about a child, in which “Neglect” or “Area” stands. Of such a row only
    what is a heading in itself is shown.
    """
    headings = [heading[:40] for heading in columns.headings if heading]
    if not headings:
        return "it has no headings"
    if any(re.search(r"\d", heading) for heading in headings):
        headings = [columns.headings[column][:40] for column in sorted(columns.at.values())]
    if not headings:
        return "its first row is not a row of headings"
    if len(headings) == 1:
        return f"the only column found is {headings[0]}"
    shown = ", ".join(headings[:12])
    return f"the columns found are {shown}" + (f" and {len(headings) - 12} more" if len(headings) > 12 else "")
