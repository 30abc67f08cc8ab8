"""Templates for the tests of exchanging them: any that a draft could be, and workbooks as people change them."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
from hypothesis import strategies as some

from audit_app.indicators.rules import (
    APPLIES_BY_WORDS,
    AppliesBy,
    AuditTemplate,
    Known,
    Rated,
    TemplateDomain,
    TemplateIndicator,
    as_workbook,
    known_to,
    one_line,
    read_template,
    why_not_domain,
)
from reports.cells import without_controls
from reports.plain_workbook import write_plain_workbook
from tests.factories.indicators import the_catalogue
from tests.factories.rounds import SMALL

OURS = replace(SMALL, scale=the_catalogue().scales["ofsted"])
"""A small template on a scale as it is delivered."""

BEGINNINGS = [
    "",
    "=",
    "+",
    "-",
    "@",
    "#N/A",
    "'",
    '"',
    '"""',
    "\\",
    "_x0041_",
    "1",
    "TRUE",
    "😀 ",
    "# ",
    "[a]\n",
    "é",
    "“a”  b",
    '"A" b',
]


def the_known() -> Known:
    return known_to(the_catalogue())


def kept(text: str) -> str:
    """A text as the pages keep it."""
    return without_controls(text).strip()


def texts(longest: int, *, is_needed: bool = False) -> some.SearchStrategy[str]:
    """Anything that somebody could have typed, and what spreadsheets and TOML like least."""
    drawn = some.builds(
        str.__add__, some.sampled_from(BEGINNINGS), some.text(some.characters(codec="utf-8"), max_size=30)
    )
    tidy = drawn.map(lambda text: kept(kept(text)[:longest]))
    return tidy.filter(bool) if is_needed else tidy


def titles(longest: int) -> some.SearchStrategy[str]:
    """Any title: a text in one line."""
    return texts(longest, is_needed=True).map(one_line).filter(bool)


def titles_of_domains(drawn: list[str]) -> list[str]:
    """Of some titles those that the editor lets stand beside each other."""
    beside: list[str] = []
    for title in drawn:
        if not why_not_domain(title, others=beside, is_new=True):
            beside.append(title)
    return beside


@some.composite
def indicators(draw: some.DrawFn, code: str, levels: list[str]) -> TemplateIndicator:
    def limit(by: AppliesBy) -> some.SearchStrategy[frozenset[str]]:
        return some.frozensets(some.sampled_from(list(APPLIES_BY_WORDS[by])))

    applies = {by: draw(limit(by)) for by in AppliesBy}
    guidance = {level: draw(texts(200)) for level in levels}
    return TemplateIndicator(
        code=code,
        title=draw(titles(45)),
        **{name: draw(texts(300)) for name in ("question", "why", "look_for", "example")},
        rated=draw(some.sampled_from(Rated)),
        guidance={level: words for level, words in guidance.items() if words},
        is_panel=draw(some.booleans()),
        is_narrative=draw(some.booleans()),
        applies={by: values for by, values in applies.items() if values},
    )


@some.composite
def templates(draw: some.DrawFn) -> AuditTemplate:
    """Any template that a draft could be, on any of the delivered scales."""
    known = the_known()
    scale = draw(some.sampled_from(list(known.scales.values())))
    codes = draw(some.lists(some.sampled_from([*known.indicators, "SAL01", "FERN12"]), unique=True, max_size=5))
    named = draw(some.lists(titles(120), max_size=3).map(titles_of_domains))
    asked = [draw(indicators(code, [level.code for level in scale.levels])) for code in codes if named]
    domains = [TemplateDomain(title, tuple(asked[number :: len(named)])) for number, title in enumerate(named)]
    return AuditTemplate(
        code="own-ours",
        title=draw(titles(120)),
        version=draw(some.integers(1, 99)),
        description=draw(texts(500)),
        minutes_per_child=draw(some.integers(1, 600)),
        scale=scale,
        domains=tuple(domains),
        attributes=tuple(draw(some.lists(some.sampled_from(list(known.attributes)), unique=True, max_size=3))),
    )


def as_xlsx(template: AuditTemplate) -> bytes:
    return write_plain_workbook(template.title, as_workbook(template, the_known()))


def read(content: bytes) -> AuditTemplate:
    return read_template(content, the_known())


def without_empties(template: AuditTemplate) -> AuditTemplate:
    """A template without guidance that says nothing, which the database does not keep either."""

    def tidied(indicator: TemplateIndicator) -> TemplateIndicator:
        return replace(indicator, guidance={level: words for level, words in indicator.guidance.items() if words})

    return replace(
        template,
        domains=tuple(replace(one, indicators=tuple(map(tidied, one.indicators))) for one in template.domains),
    )


def edited(change: Callable[[Any], None], template: AuditTemplate = OURS) -> bytes:
    """A workbook as somebody changed it: `change` gets the workbook of openpyxl."""
    book = openpyxl.load_workbook(BytesIO(as_xlsx(template)))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
