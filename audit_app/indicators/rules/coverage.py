"""Where each thing that the strategies ask for stands in the product."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from audit_app.indicators.rules.catalogue import Catalogue
from audit_app.indicators.rules.requirements import REQUIREMENT_KIND_WORDS, RequirementKind, is_local

_FILES = {
    RequirementKind.ATTRIBUTE: "attributes.toml",
    RequirementKind.TOOL: "tools.toml",
    RequirementKind.MEASURE: "measures.toml",
}
INDICATORS = "Audit indicators"


@dataclass(frozen=True)
class Placed:
    """A requirement and everywhere it stands: files, templates, strategies with their paragraphs, a page. Nowhere is
    missing."""

    code: str
    kind: str
    title: str
    places: Sequence[str]


def coverage(catalogue: Catalogue) -> Sequence[Placed]:
    """Every requirement of the strategies, by code, with its places. Local codes are no strategy's, and left out.

    An indicator, attribute, tool or measure stands in its file. What is asked of the partnership itself (delivery plan,
    governance) stands in the statements of the strategies that carry it out, or in a page of the product.
    """
    asked, stated = defaultdict(list), defaultdict(list)
    for template in catalogue.templates:
        for indicator in template.indicators:
            asked[indicator.code].append(f"template {template.code}")
    for strategy in catalogue.strategies.values():
        for statement in strategy.statements:
            for code in statement.requirements:
                stated[code].append(f"{strategy.key} {statement.reference}")
    placed = [
        Placed(code, INDICATORS, indicator.title, ["library.toml", *asked[code]])
        for code, indicator in catalogue.indicators.items()
        if not is_local(code)
    ]
    for code, requirement in catalogue.requirements.items():
        if not is_local(code):
            file = _FILES.get(requirement.kind)
            page = requirement.detail.get("page", "")
            places = [*([file] if file else []), *stated[code], *([f"page {page}"] if page else [])]
            kind = REQUIREMENT_KIND_WORDS[requirement.kind]
            placed.append(Placed(code, kind, requirement.title, list(dict.fromkeys(places))))
    return placed
