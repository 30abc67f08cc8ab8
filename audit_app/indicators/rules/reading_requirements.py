"""From the tables of attributes.toml, tools.toml, measures.toml and requirements.toml to requirements."""

from collections.abc import Iterator, Mapping
from typing import Any

from audit_app.indicators.rules.file_shapes import (
    AttributeShape,
    DutyShape,
    MeasureShape,
    RequirementShape,
    ToolShape,
)
from audit_app.indicators.rules.requirements import Requirement, RequirementKind, Source

_COMMON = {"code", "group", "title", "sources"}


def _kind_of(shape: RequirementShape) -> RequirementKind:
    match shape:
        case AttributeShape():
            return RequirementKind.ATTRIBUTE
        case ToolShape():
            return RequirementKind.TOOL
        case MeasureShape():
            return RequirementKind.MEASURE
        case DutyShape(kind="governance"):
            return RequirementKind.GOVERNANCE
        case _:
            return RequirementKind.DELIVERY_PLAN


REQUIREMENT_FILES: Mapping[str, tuple[type[RequirementShape], str]] = {
    "attribute": (AttributeShape, "question"),
    "tool": (ToolShape, "purpose"),
    "measure": (MeasureShape, "definition"),
    "requirement": (DutyShape, "words"),
}
"""The tables of each file, their shape, and the field that says what each is."""


def as_requirement(shape: RequirementShape, words: str) -> Requirement:
    """A table as the requirement it describes. `words` names the field that says what it is."""
    detail: dict[str, Any] = shape.model_dump(mode="json", exclude={*_COMMON, words, "kind"}, exclude_defaults=True)
    return Requirement(
        code=shape.code,
        kind=_kind_of(shape),
        group=shape.group,
        title=shape.title,
        words=getattr(shape, words),
        sources=tuple(Source(key, reference) for key, listed in shape.sources.items() for reference in listed),
        detail=detail,
    )


def problems_of(
    requirement: Requirement, *, strategies: set[str], others: Mapping[str, Requirement]
) -> Iterator[tuple[str, str]]:
    """What is wrong in a requirement that only shows beside the others: (place, how to mend it)."""
    options = requirement.detail.get("option", [])
    for code in _twice([option["code"] for option in options]):
        yield f"option {code}", "two options have this code; change one"
    known = {f"{other.code}.{option['code']}" for other in others.values() for option in other.detail.get("option", [])}
    for option in options:
        for target in option.get("is_also", []):
            if target not in known:
                yield f"option {option['code']}, is_also", f"{target!r} is no option of an attribute; correct it"
    for user in requirement.detail.get("user", []):
        if user["strategy"] not in strategies:
            yield "user, strategy", f"{user['strategy']!r} is no strategy; add it to strategies or correct it"


def _twice(values: list[str]) -> set[str]:
    return {value for value in values if values.count(value) > 1}
