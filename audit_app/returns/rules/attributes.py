"""Case attributes: what an agency recorded about the child, and how a page knows whether it was touched."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.rounds.rules import FrozenAttribute, FrozenOption


@dataclass(frozen=True)
class AttributeAsked:
    """An attribute as a return's page asks it. `chosen` are the ids of options; `version` 0 where nothing was saved."""

    attribute: FrozenAttribute
    chosen: frozenset[int] = frozenset()
    version: int = 0
    answered_by: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether everything that it asks for was saved."""
        return bool(self.chosen) and not parts_open(self.attribute, self.chosen)


@dataclass(frozen=True)
class OptionGroup:
    """The options of one part of an attribute, with the words under which they are read. Of them `is_one` may hold."""

    heading: str
    options: tuple[tuple[int, str], ...]
    is_one: bool = False


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


def groups_of(attribute: FrozenAttribute) -> Sequence[OptionGroup]:
    """The options of an attribute part by part: one group without a heading where it has no parts.

    What all words of a part begin with (“How long: …”) is its heading, and is not said again at each of them. What
    stands alone comes last.
    """
    parts = list(dict.fromkeys(option.part for option in attribute.options if not option.stands_alone))
    if not any(parts):
        return [OptionGroup("", tuple((option.id, option.words) for option in attribute.options))]
    groups = [
        _group(part, [one for one in attribute.options if one.part == part and not one.stands_alone]) for part in parts
    ]
    alone = tuple((option.id, option.words) for option in attribute.options if option.stands_alone)
    return [*groups, OptionGroup("Or one of these alone", alone)] if alone else groups


def _group(part: str, options: Sequence[FrozenOption]) -> OptionGroup:
    begins = {option.words.partition(": ")[0] if ": " in option.words else "" for option in options}
    shared = begins.pop() if len(begins) == 1 else ""
    named = [(option.id, option.words.removeprefix(f"{shared}: ") if shared else option.words) for option in options]
    short = tuple((number, words[:1].upper() + words[1:]) for number, words in named)
    return OptionGroup(shared or part.capitalize(), short, is_one=bool(part))


def parts_open(attribute: FrozenAttribute, chosen: Collection[int]) -> Sequence[str]:
    """The parts of an attribute that nothing was chosen of, by their headings. None where it has no parts, or where
    something was chosen that stands alone."""
    groups = groups_of(attribute)
    alone = {option.id for option in attribute.options if option.stands_alone}
    if len(groups) == 1 or alone & set(chosen):
        return ()
    wanted = [group for group in groups if not alone.issuperset(number for number, _ in group.options)]
    return [group.heading for group in wanted if not {number for number, _ in group.options} & set(chosen)]


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
