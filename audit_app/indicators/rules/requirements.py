"""What strategies ask for beside audit indicators, and what they say in their own words' place: statements."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Source:
    """A paragraph of a strategy, by the strategy's key and the paragraph's reference."""

    strategy: str
    reference: str


class StatementKind(StrEnum):
    """What a strategy says in one of its paragraphs."""

    AIM = "aim"
    OBJECTIVE = "objective"
    PRIORITY = "priority"
    PRINCIPLE = "principle"
    OUTCOME = "outcome"
    ACTION = "action"
    BODY = "body"
    DUTY = "duty"
    MEASURE = "measure"
    DOCUMENT = "document"


STATEMENT_KIND_WORDS = {
    StatementKind.AIM: "Aims",
    StatementKind.OBJECTIVE: "Objectives",
    StatementKind.PRIORITY: "Priorities",
    StatementKind.PRINCIPLE: "Principles",
    StatementKind.OUTCOME: "Outcomes",
    StatementKind.ACTION: "Actions of the delivery plan",
    StatementKind.BODY: "Bodies",
    StatementKind.DUTY: "Duties",
    StatementKind.MEASURE: "How success is measured",
    StatementKind.DOCUMENT: "What it builds on",
}


@dataclass(frozen=True)
class Statement:
    """One thing that a strategy says, in our words, with the paragraph where it says it.

    `under` is the title of the objective or priority it belongs to, `who` has it to do, `requirements` are the codes of
    what it carries out.
    """

    kind: StatementKind
    words: str
    reference: str
    title: str = ""
    under: str = ""
    who: str = ""
    requirements: tuple[str, ...] = ()


STATEMENTS_IN_ONE_PART = 8
"""Of one kind, on the page of a strategy: more are parted by the sections of its text."""


def section_in_words(reference: str) -> str:
    """The section in which a paragraph of a published text stands: `7.10` in Section 7, `App I L161` in Appendix I."""
    number, appendix, name = re.findall(r"^(\d*)(?:App (\w+))?(\w*)", reference)[0]
    return f"Section {number}" if number else f"Appendix {appendix}" if appendix else name.capitalize()


def by_section(statements: Sequence[Statement]) -> dict[StatementKind, dict[str, list[Statement]]]:
    """Statements by their kind, in the order of the kinds; of a kind with many, by section, else in one part, ""."""
    parted: dict[StatementKind, dict[str, list[Statement]]] = {}
    for kind in StatementKind:
        said = [one for one in statements if one.kind is kind]
        for one in said:
            section = section_in_words(one.reference) if len(said) > STATEMENTS_IN_ONE_PART else ""
            parted.setdefault(kind, {}).setdefault(section, []).append(one)
    return parted


class RequirementKind(StrEnum):
    """What kind of thing a strategy asks for, beside audit indicators."""

    ATTRIBUTE = "attribute"
    TOOL = "tool"
    MEASURE = "measure"
    DELIVERY_PLAN = "delivery_plan"
    GOVERNANCE = "governance"


REQUIREMENT_KIND_WORDS = {
    RequirementKind.ATTRIBUTE: "Case attributes",
    RequirementKind.TOOL: "Practitioner tools",
    RequirementKind.MEASURE: "Scorecard measures",
    RequirementKind.DELIVERY_PLAN: "Delivery plan",
    RequirementKind.GOVERNANCE: "Governance",
}


@dataclass(frozen=True)
class Requirement:
    """Something that strategies ask for and that is no audit indicator, by its stable code.

    `words` say what it is: the question of an attribute, the purpose of a tool, what a measure counts. `detail` holds
    what only its kind has, named as in its file: an attribute's options, a tool's users, a measure's unit.
    """

    code: str
    kind: RequirementKind
    group: str
    title: str
    words: str
    sources: tuple[Source, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


def is_local(code: str) -> bool:
    """Whether a code is no strategy's: such codes begin with two letters or more, or with Z."""
    return code[:2].isalpha() or code.startswith("Z")
