"""One cell at a time: what councils write, and what it means."""

import re
from datetime import date, datetime
from enum import StrEnum

from audit_app.core.spreadsheets import NotReadable, date_in, text_in
from audit_app.indicators.rules import PlanStatus

__all__ = [
    "SEX_WORDS",
    "Category",
    "NotReadable",
    "Sex",
    "age_in",
    "birth_in",
    "category_in",
    "count_in",
    "date_in",
    "flag_in",
    "is_closed",
    "is_unborn",
    "number_in",
    "sex_in",
    "status_in",
    "text_in",
]

_SHORTENED_NUMBER = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_LETTER = re.compile(r"^([a-u])\)\s*", re.IGNORECASE)


class Category(StrEnum):
    """A category of abuse, as far as an audit of neglect needs to tell them apart."""

    NEGLECT = "neglect"
    MULTIPLE = "multiple"  # or anything else that may hide neglect: "multiple", "abuse or neglect"
    OTHER = "other"


class Sex(StrEnum):
    """A child's sex as the council recorded it."""

    FEMALE = "female"
    MALE = "male"
    NEITHER = "neither"
    NOT_KNOWN = "not_known"


SEX_WORDS = {Sex.FEMALE: "Female", Sex.MALE: "Male", Sex.NEITHER: "Neither", Sex.NOT_KNOWN: "Not known"}


def number_in(cell: object) -> str:
    """A council's number for a child, the same whether the cell holds 10013125, 10013125.0 or the text "10013125 ".

    Raises:
        NotReadable: the cell is empty, or the spreadsheet has already lost some of the digits.
    """
    if isinstance(cell, (bool, date, datetime)) or (isinstance(cell, float) and not cell.is_integer()):
        raise NotReadable("this is not a child's number")
    words = text_in(cell).upper().lstrip("'")
    if not words:
        raise NotReadable("there is no number for the child")
    if _SHORTENED_NUMBER.fullmatch(words) or (isinstance(cell, float) and abs(cell) > 2**53):
        raise NotReadable("the number was shortened by a spreadsheet (like 1.2E+07), so its last digits are lost")
    return words.removesuffix(".0")


def birth_in(cell: object, *, earliest: int, latest: date) -> date | None:
    """A date of birth, or the day on which a birth is expected; None for an empty cell.

    Args:
        cell: what stands in the cell.
        earliest: the first year that can be meant.
        latest: the last day on which a child who is known today can be born.

    Raises:
        NotReadable: this is no day, or one that no child can have been born on.
    """
    born = date_in(cell, earliest=earliest)
    if born and born > latest:
        raise NotReadable("this is after the day of the list, too far ahead for a birth that is expected")
    return born


def is_unborn(cell: object) -> bool:
    """Whether a date of birth says in words that the child is not born yet."""
    return isinstance(cell, str) and text_in(cell).casefold() in {"unborn", "not yet born", "edd", "expected"}


def age_in(cell: object) -> float | None:
    """An age in years, or None where the cell does not hold one."""
    try:
        age = float(text_in(cell))
    except ValueError:
        return None
    return age if 0 <= age < 30 else None


def count_in(cell: object) -> int | None:
    """A whole number, or None for an empty cell.

    Raises:
        NotReadable: this is something else.
    """
    words = text_in(cell)
    if not words:
        return None
    if not words.removesuffix(".0").isdecimal():
        raise NotReadable("this is not a whole number")
    return int(words.removesuffix(".0"))


def category_in(cell: object) -> Category | None:
    """The category of abuse, written with or without its letter or as the census's code; None for an empty cell.

    Raises:
        NotReadable: none of the statutory categories.
    """
    words = text_in(cell).casefold()
    if not words:
        return None
    name = _LETTER.sub("", words)
    if re.search(r"multiple|not recommended|abuse (or|and|/) ?neglect|^(mul|e\)?)$", name):
        return Category.MULTIPLE
    if re.search(r"\bneglect\b|^(neg|a\)?)$", name):
        return Category.NEGLECT
    if re.search(r"physical|sexual|emotional|^(phy|sab|emo|[bcd]\)?)$", name):
        return Category.OTHER
    raise NotReadable("this is not a category of abuse")


def flag_in(cell: object) -> bool:
    """Whether a neglect flag is set; an empty cell is not.

    Raises:
        NotReadable: the cell says neither yes nor no.
    """
    words = _LETTER.sub("", text_in(cell).casefold())
    if words in {"y", "yes", "true", "t", "1", "x", "✓", "✔", "neglect", "flagged"}:
        return True
    if words in {"", "n", "no", "false", "f", "0", "not neglect", "no neglect"}:
        return False
    raise NotReadable("this says neither yes nor no")


def sex_in(cell: object) -> Sex:
    """The child's sex; anything but female, male and neither is not known."""
    words = _LETTER.sub("", text_in(cell).casefold())
    if words in {"f", "female", "girl", "2"}:
        return Sex.FEMALE
    if words in {"m", "male", "boy", "1"}:
        return Sex.MALE
    return Sex.NEITHER if words in {"neither", "indeterminate", "9"} else Sex.NOT_KNOWN


_STATUSES = (
    (r"child protection|\bcpp?\b", PlanStatus.CHILD_PROTECTION),
    (r"looked after|in care|\b(lac|cla|cic|cwcf)\b", PlanStatus.LOOKED_AFTER),
    (r"child(ren)? in need|\bcinp?\b", PlanStatus.CHILD_IN_NEED),
    (r"early help|family support|team around|\b(eh|ehap?|ehm|caf|ta[cf]|targeted)\b", PlanStatus.EARLY_HELP),
    (r"assessment|section 47|\bs47\b|care leaver|other|none|no plan", PlanStatus.OTHER),
)


def status_in(cell: object) -> PlanStatus:
    """The plan a child is on; `other` for an empty cell and for a closed case.

    Raises:
        NotReadable: nothing that names a plan.
    """
    words = _LETTER.sub("", text_in(cell).casefold())
    if not words or is_closed(cell):
        return PlanStatus.OTHER
    for pattern, status in _STATUSES:
        if re.search(pattern, words):
            return status
    raise NotReadable("this is not a plan that is known here, so it counts as other")


def is_closed(cell: object) -> bool:
    """Whether a status says that the work with the child has ended."""
    return re.search(r"\b(closed|ended|ceased|no longer|inactive)\b", text_in(cell).casefold()) is not None
