"""Case attributes: what an agency recorded about the child, and how a page knows whether it was touched."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.rounds.rules import FrozenAttribute


@dataclass(frozen=True)
class AttributeAsked:
    """An attribute as a return's page asks it. `chosen` are the ids of options; `version` 0 where nothing was saved."""

    attribute: FrozenAttribute
    chosen: frozenset[int] = frozenset()
    version: int = 0
    answered_by: str = ""


@dataclass(frozen=True)
class AttributeChange:
    """The options that somebody chose, and the version that they had before their eyes."""

    chosen: frozenset[int]
    version: int


def why_not_choose(attribute: FrozenAttribute, chosen: Collection[int]) -> str | None:
    """The reason an attribute cannot be answered with the options of these ids, or None. Nothing chosen is no answer
    yet, which may be saved."""
    options = [option for option in attribute.options if option.id in chosen]
    if len(options) < len(chosen):
        return "Choose from the answers shown."
    if len(options) > 1 and not attribute.is_many:
        return "Choose one answer."
    for part in {option.part for option in options if option.part}:
        if len([option for option in options if option.part == part]) > 1:
            return f"Choose one answer about {part}."
    alone = [option.words for option in options if option.stands_alone]
    if alone and len(options) > 1:
        return f"“{alone[0]}” stands alone: choose it, or the others."
    return None


def from_the_sample(attribute: FrozenAttribute, plan_status: PlanStatus, age_band: AgeBand) -> frozenset[int]:
    """The option that the sample says already, by its id: of the plan (P18) and the age band (Z05), whose options have
    the codes of these."""
    wanted = {"P18": plan_status.value, "Z05": age_band.value}.get(attribute.code)
    return frozenset(option.id for option in attribute.options if option.code == wanted)


def seen_choice(chosen: Iterable[int], version: int) -> str:
    """What a page carries of an attribute that it shows: its version and the options that are saved."""
    return f"{version}.{'-'.join(str(one) for one in sorted(chosen))}"


def read_seen_choice(text: str) -> tuple[int, frozenset[int]]:
    """The version and the options that a page had shown as saved. Anything else that is sent counts as long gone."""
    version, _, listed = text.partition(".")
    numbers = listed.split("-") if listed else []
    is_sound = all(part.isdecimal() and len(part) < 10 for part in (version, *numbers))
    return (int(version), frozenset(map(int, numbers))) if is_sound else (-1, frozenset())
