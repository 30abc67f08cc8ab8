"""A template as the sheets of a workbook that people fill in and send back."""

from collections.abc import Mapping

from audit_app.indicators.rules.catalogue import (
    ANSWERED_WORDS,
    APPLIES_BY_WORDS,
    RATED_WORDS,
    AppliesBy,
    AuditTemplate,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.indicators.rules.drafts import (
    DOMAINS_AT_MOST,
    INDICATORS_AT_MOST,
    MINUTES_AT_MOST,
    NAME_AT_MOST,
    TITLE_AT_MOST,
    WORDS_AT_MOST,
)
from audit_app.indicators.rules.exchange.wording import (
    COLUMNS,
    HOW_TO,
    LIMITS,
    LINES,
    NO,
    QUESTIONS,
    TEMPLATE,
    VALUE,
    WHAT,
    YES,
    Known,
    level_headings,
)
from audit_app.indicators.rules.versions import TEXTS
from reports.plain_workbook import PlainColumn, PlainSheet

_WIDTHS = {"domain": 24, "code": 9, "title": 24, "rated": 24, "is_panel": 14, "is_narrative": 16}
_CHOICES = {"rated": tuple(RATED_WORDS.values()), "is_panel": (YES, NO), "is_narrative": tuple(ANSWERED_WORDS.values())}
_MAY_BE_MISSING = (
    "It becomes a draft, so words may still be missing. What may not: the titles of the template, of a domain and of a "
    f"question, its code, “{COLUMNS['rated']}”, “{LINES['scale']}” and “{LINES['minutes_per_child']}”."
)


def as_workbook(template: AuditTemplate, known: Known) -> tuple[PlainSheet, ...]:
    """A template as three sheets: itself, a row for each question, and how to fill them in.

    A domain that asks nothing yet is a row with nothing but its title.
    """
    headings = level_headings(template.scale)
    columns = [PlainColumn(words, _WIDTHS.get(name, 40), _CHOICES.get(name, ())) for name, words in COLUMNS.items()]
    columns += [PlainColumn(words, 40) for words in headings.values()]
    rows = [row for domain in template.domains for row in _rows(domain, list(headings))]
    return (
        PlainSheet(TEMPLATE, (PlainColumn(WHAT, 26), PlainColumn(VALUE, 90)), _lines(template, known)),
        PlainSheet(QUESTIONS, columns, rows),
        PlainSheet(HOW_TO, (PlainColumn("Sheet", 12), PlainColumn(WHAT, 30), PlainColumn("How", 100)), _how_to(known)),
    )


def _lines(template: AuditTemplate, known: Known) -> list[tuple[str, str]]:
    values = {
        "title": template.title,
        "description": template.description,
        "minutes_per_child": str(template.minutes_per_child),
        "scale": template.scale.title,
        "attributes": "; ".join(_named(code, known.attributes) for code in template.attributes),
        "code": template.code,
        "version": str(template.version),
    }
    return [(words, values[field]) for field, words in LINES.items()]


def _named(code: str, titles: Mapping[str, str]) -> str:
    title = titles.get(code, "").replace(";", ",")
    return f"{code} {title}".strip()


def _rows(domain: TemplateDomain, levels: list[str]) -> list[tuple[str, ...]]:
    if not domain.indicators:
        return [(domain.title, *[""] * (len(COLUMNS) - 1 + len(levels)))]
    return [_row(domain.title, indicator, levels) for indicator in domain.indicators]


def _row(domain: str, indicator: TemplateIndicator, levels: list[str]) -> tuple[str, ...]:
    cells = {
        "domain": domain,
        "code": indicator.code,
        **{name: getattr(indicator, name) for name in TEXTS},
        "rated": RATED_WORDS[indicator.rated],
        "is_panel": YES if indicator.is_panel else NO,
        "is_narrative": ANSWERED_WORDS[indicator.is_narrative] if levels or indicator.is_narrative else "",
        **{by.value: _limit(by, indicator) for by in LIMITS},
    }
    return (*(cells[name] for name in COLUMNS), *(indicator.guidance.get(level, "") for level in levels))


def _limit(by: AppliesBy, indicator: TemplateIndicator) -> str:
    limited_to = indicator.applies.get(by, ())
    return "; ".join(words for value, words in APPLIES_BY_WORDS[by].items() if value in limited_to)


def _how_to(known: Known) -> list[tuple[str, str, str]]:
    """What may stand where, in plain words, in the order of the sheets."""
    scales = "; ".join(scale.title for scale in known.scales.values())
    long = f"At most {WORDS_AT_MOST:,} characters."
    of_template = {
        "title": f"What the list of templates calls it. At most {NAME_AT_MOST} characters.",
        "description": f"Whom it is for and what it asks, in a sentence or two. {long}",
        "minutes_per_child": f"A whole number, 1 to {MINUTES_AT_MOST}. Allow three to four minutes a question.",
        "scale": f"One of: {scales}. The sheet Questions has a column for each of its levels, headed by its words.",
        "attributes": "Codes of case attributes with semicolons between them, such as P07; P09. May be empty.",
        "code": "Says where this file comes from. Leave it as it is.",
        "version": "Says where this file comes from. Leave it as it is.",
    }
    of_questions = {
        "domain": f"The group of questions, one page for an auditor. At most {NAME_AT_MOST} characters and "
        f"{DOMAINS_AT_MOST} domains. Rows with the same domain come together, in the order of the rows.",
        "code": "The library's code, such as B01, by which audits are compared: keep it while the meaning is the same. "
        "A question of your own has two to four letters and two digits, such as SAL01. No code twice.",
        "title": f"At most {TITLE_AT_MOST} characters: it stands beside the bars of charts. It cannot be empty.",
        "question": f"What the auditor answers. {long}",
        "why": f"What it means for the child. {long}",
        "look_for": f"Where in the file to look, and what shows that it was done. {long}",
        "example": f"A sentence or two that a good auditor might write. Made up: no child's name. {long}",
        "rated": f"One of: {'; '.join(RATED_WORDS.values())}.",
        "is_panel": f"{YES} or {NO}. Empty means {NO}.",
        "is_narrative": f"{ANSWERED_WORDS[False]} or {ANSWERED_WORDS[True]}. Empty means “{ANSWERED_WORDS[False]}”.",
        **{
            by.value: f"Any of these, with semicolons between them: {'; '.join(APPLIES_BY_WORDS[by].values())}. "
            "Empty means all."
            for by in LIMITS
        },
    }
    return [
        ("Both", "In general", "Type plain text. Formulas and merged cells are not read: paste values instead."),
        (
            "Both",
            "In general",
            "Columns and lines are found by their words and may stand in any order. Keep them all.",
        ),
        ("Both", "In general", "Empty rows are passed over. Rows that are hidden or filtered away are read."),
        *((TEMPLATE, LINES[field], how) for field, how in of_template.items()),
        *((QUESTIONS, COLUMNS[field], how) for field, how in of_questions.items()),
        (QUESTIONS, "A column for each level", f"What that level looks like for this question. {long}"),
        (
            QUESTIONS,
            "How many",
            f"At most {INDICATORS_AT_MOST}. {_MAY_BE_MISSING}",
        ),
    ]
