"""The shape of each table in the TOML files, and its errors in plain words."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from audit_app.accounts.rules import AgencyKind, Workforce
from audit_app.indicators.rules.catalogue import AgeBand, Band, Rated, ScaleDirection
from audit_app.indicators.rules.drafts import (
    DOMAINS_AT_MOST,
    MINUTES_AT_MOST,
    NAME_AT_MOST,
    TITLE_AT_MOST,
    WORDS_AT_MOST,
)
from audit_app.indicators.rules.problems import cut, shown
from audit_app.indicators.rules.requirements import StatementKind
from audit_app.indicators.rules.titles import one_line

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=WORDS_AT_MOST)]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_AT_MOST), AfterValidator(one_line)
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_AT_MOST), AfterValidator(one_line)
]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=40)]
Limits = dict[Literal["agency_kind", "plan_status", "age_band"], list[str]]
Number = Annotated[int, Field(ge=1, le=9_999)]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}[0-9]{2}$")]


Sources = dict[str, Annotated[list[Name], Field(min_length=1)]]
OptionCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=40)]
Unit = Literal[
    "children", "cases", "percent", "crimes", "referrals", "people", "reviews", "rate_per_10_000", "score", "text"
]
MeasureDirection = Literal["up", "down", "context"]


class Shape(BaseModel):
    """A table of a file: nothing in it is unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelShape(Shape):
    code: Code
    letter: Annotated[str, StringConstraints(min_length=1, max_length=4)]
    words: Annotated[Words, Field(max_length=60)]
    rank: Number
    band: Band
    means: Annotated[str, Field(max_length=WORDS_AT_MOST)] = ""


class ScaleShape(Shape):
    code: Code
    title: Name
    direction: ScaleDirection
    level: list[LevelShape] = []


class StatementShape(Shape):
    kind: StatementKind
    words: Words
    reference: Name
    title: Annotated[str, Field(max_length=200)] = ""
    under: Annotated[str, Field(max_length=200)] = ""
    who: Annotated[str, Field(max_length=200)] = ""
    requirements: list[str] = []


class StrategyShape(Shape):
    key: Annotated[Code, Field(max_length=60)]
    title: Annotated[Words, Field(max_length=200)]
    publisher: Annotated[Words, Field(max_length=200)]
    period: Annotated[Words, Field(max_length=60)]
    approved: Annotated[str, Field(max_length=40)] = ""
    review_due: Annotated[str, Field(max_length=40)] = ""
    statement: list[StatementShape] = []


class IndicatorShape(Shape):
    code: IndicatorCode
    title: Title
    domain: Name
    rated: Rated
    question: Words
    why: Words
    look_for: Words
    example: Words
    sources: Sources = {}
    guidance: dict[str, Words]


class OptionShape(Shape):
    code: OptionCode
    words: Words
    cin_factor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}[A-F]$")] | None = None
    is_also: list[str] = []
    part: Annotated[str, Field(max_length=60)] = ""


class RequirementShape(Shape):
    """What every requirement has. `code`, `group`, `title` and `sources` mean the same in each of their files."""

    code: IndicatorCode
    group: Name
    title: Annotated[Words, Field(max_length=80)]
    sources: Sources = {}


class AttributeShape(RequirementShape):
    question: Words
    help: Words
    answers: Literal["one", "many"]
    option: Annotated[list[OptionShape], Field(min_length=2)]


class ToolUserShape(Shape):
    strategy: str
    who: Workforce
    duty: Literal["must", "should", "may"]
    when: str = ""


class ToolFormShape(Shape):
    title: Words
    age_bands: list[AgeBand] = []


class ToolShape(RequirementShape):
    purpose: Words
    is_licensed: bool
    user: list[ToolUserShape] = []
    form: list[ToolFormShape] = []


class SeriesShape(Shape):
    code: OptionCode
    title: Words
    unit: Unit
    direction: MeasureDirection


class MeasureShape(RequirementShape):
    definition: Words
    unit: Unit
    direction: MeasureDirection
    source_agency: AgencyKind | Literal["partnership", "national"]
    how_often: Literal["monthly", "quarterly", "yearly", "each_audit"]
    series: list[SeriesShape] = []


class DutyShape(RequirementShape):
    """What is asked of a partnership itself: its delivery plan, its governance."""

    kind: Literal["delivery plan", "governance"]
    words: Words
    page: str = ""


class DomainShape(Shape):
    title: Name
    indicators: Annotated[list[str], Field(min_length=1)]


class WordsShape(Shape):
    """An indicator in a template's own terms, where they are not the library's."""

    title: Title | None = None
    question: Words | None = None
    why: Words | None = None
    look_for: Words | None = None
    example: Words | None = None
    rated: Rated | None = None


class TemplateShape(Shape):
    code: Annotated[Code, Field(max_length=60)]
    title: Name
    version: Number
    complete: bool = False
    position: Number = 100
    scale: str
    description: Words
    minutes_per_child: Annotated[int, Field(ge=1, le=MINUTES_AT_MOST)]
    panel_indicators: list[str] = []
    in_words: list[str] = []
    attributes: list[str] = []
    domain: Annotated[list[DomainShape], Field(min_length=1, max_length=DOMAINS_AT_MOST)]
    applies: dict[str, Limits] = {}
    words: dict[str, WordsShape] = {}
    guidance: dict[str, dict[str, Words]] = {}


class ExchangedDomainShape(Shape):
    title: str
    indicators: list[str] = []


class ExchangedWordsShape(Shape):
    title: str | None = None
    question: str | None = None
    why: str | None = None
    look_for: str | None = None
    example: str | None = None
    rated: Rated | None = None


class ExchangedShape(Shape):
    """A template that a partnership sends: as TemplateShape, but half done where a draft may be, and of any length.

    Lengths and numbers are held against the limits of a draft once it is read. One that is `complete` has all its words
    itself, and takes none from the library.
    """

    code: str = ""
    title: str = ""
    version: int = 1
    complete: bool = False
    position: int = 100
    scale: str = ""
    description: str = ""
    minutes_per_child: int = 0
    panel_indicators: list[str] = []
    in_words: list[str] = []
    attributes: list[str] = []
    domain: list[ExchangedDomainShape] = []
    applies: dict[str, Limits] = {}
    words: dict[str, ExchangedWordsShape] = {}
    guidance: dict[str, dict[str, str]] = {}


AnyShape = TypeVar("AnyShape", bound=Shape)


def shaped(shape: type[AnyShape], table: Mapping[str, Any]) -> tuple[AnyShape | None, list[tuple[str, str]]]:
    """`table` as `shape`, and every error in it as (place, how to mend it).

    Where something is wrong, the shape is that of the table with the wrong read as it was most likely meant, or left
    out where it may be, so that the rest can be looked at too. None where nothing can be made of it.
    """
    try:
        return shape.model_validate(dict(table)), []
    except ValidationError as error:
        found: list[dict[str, Any]] = [dict(detail) for detail in error.errors(include_url=False)]
    errors = [(_place(detail["loc"]), _mending(detail)) for detail in found]
    try:
        return shape.model_validate(_guessed(table, found)), errors
    except ValidationError:
        return None, errors


def _guessed(table: Mapping[str, Any], errors: list[dict[str, Any]]) -> dict[str, Any]:
    """A table without what is wrong in it, or with it as it was meant: a text as a text, one code as a list of one."""
    guessed = deepcopy(dict(table))
    for detail in sorted(errors, key=lambda detail: _last_number(detail["loc"]), reverse=True):  # lists from their end
        *way, last = (part for part in detail["loc"] if part != "[key]")
        holder: Any = guessed
        for part in way:
            holder = _inside(holder, part)
        if _inside(holder, last) is None:
            continue
        given = detail["input"]
        if detail["type"] == "list_type" and isinstance(given, str):
            holder[last] = [given]
        elif detail["type"] == "string_type" and not isinstance(given, dict | list):
            holder[last] = shown(given)
        elif detail["type"] == "string_too_long":
            holder[last] = given[: detail["ctx"]["max_length"]]
        else:
            del holder[last]
    return guessed


def _last_number(location: tuple[int | str, ...]) -> int:
    return next((part for part in reversed(location) if isinstance(part, int)), 0)


def _inside(holder: Any, part: int | str) -> Any:
    try:
        return holder[part]
    except (LookupError, TypeError):
        return None


def _place(location: tuple[int | str, ...]) -> str:
    parts = [f"number {part + 1}" if isinstance(part, int) else cut(part) for part in location if part != "[key]"]
    return ", ".join(parts)


def _mending(detail: dict[str, Any]) -> str:
    given, context = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return "is not a field of this table; remove it or correct its name"
        case "string_too_short":
            return "is empty; write it"
        case "too_short":
            return "is empty; name at least one"
        case "string_too_long":
            longest = context["max_length"]
            return f"is {len(given)} characters long; shorten it to at most {longest}"
        case "enum" | "literal_error":
            return f"is {shown(given)}; choose {context['expected']}"
        case "string_pattern_mismatch":
            return f"is {shown(given)}, which is no code; codes look like A01 for an indicator, core-16 for the rest"
        case "too_long":
            return f"names {len(given)}; leave at most {context['max_length']}"
        case "greater_than_equal" | "less_than_equal":
            bound = f"{context['ge']} or more" if "ge" in context else f"{context['le']:,} or less"
            return f"is {shown(given)}; it must be {bound}"
        case _:
            return f"is {shown(given)}; {_mending_of_type(detail)}"


def _mending_of_type(detail: dict[str, Any]) -> str:
    """How to write what is a text, a number or a list where something else is needed."""
    given = detail["input"]
    match detail["type"]:
        case "list_type" if isinstance(given, str):
            return f'put it in square brackets: ["{cut(given)}"]'
        case "list_type" if isinstance(given, dict):
            return f"write [[{cut(str(detail['loc'][-1]))}]] with two brackets"
        case "list_type":
            return "write a list in square brackets"
        case "string_type" if isinstance(given, dict | list):
            return "write one text in quotation marks"
        case "string_type":
            return "put it in quotation marks"
        case "int_type" | "int_parsing" | "int_from_float" | "int_parsing_size":
            return "write it as a bare number, whole and without quotation marks"
        case "bool_type" | "bool_parsing":
            return "write true or false, without quotation marks"
        case "dict_type" | "model_type":
            return "it is a table: write its fields below a line in square brackets"
        case _:
            return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
