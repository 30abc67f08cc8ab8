"""What keeps a template that was read from becoming a draft, whatever file it came from."""

from collections.abc import Iterator
from typing import Protocol

from audit_app.indicators.rules.catalogue import AuditTemplate
from audit_app.indicators.rules.drafts import (
    DOMAINS_AT_MOST,
    why_not_add,
    why_not_code,
    why_not_description,
    why_not_domain,
    why_not_name,
    whys_not_indicator,
)
from audit_app.indicators.rules.exchange.wording import Known
from audit_app.indicators.rules.whole import twice

Found = Iterator[tuple[str, str]]


class Places(Protocol):
    """Where in a file something stands, in the words of that kind of file. Numbers count from 0."""

    def of_template(self, field: str) -> str: ...

    def of_domain(self, number: int) -> str: ...

    def of_indicator(self, number: int, field: str) -> str: ...


def problems_of(template: AuditTemplate, known: Known, places: Places) -> Found:
    """Every reason the template cannot become a draft: (place, how to mend it).

    The limits are those of the pages on which drafts are made. Words may be missing, as in any draft. Readers
    refuse more questions than a template asks before they come here.
    """
    yield from _of_itself(template, known, places)
    yield from _of_domains(template, places)
    yield from _of_indicators(template, known, places)


def _of_itself(template: AuditTemplate, known: Known, places: Places) -> Found:
    if reason := why_not_name(template.title, "The title"):
        yield places.of_template("title"), reason
    for described in (
        why_not_description(description=template.description, minutes_per_child=1),
        why_not_description(description="", minutes_per_child=template.minutes_per_child),
    ):
        if described:
            yield places.of_template(described[1]), described[0]
    for code in template.attributes:
        if code not in known.attributes:
            yield places.of_template("attributes"), f"{code} is no case attribute here. Correct the code, or remove it."
    for code in twice(template.attributes):
        yield places.of_template("attributes"), f"{code} is named twice. Remove one."


def _of_domains(template: AuditTemplate, places: Places) -> Found:
    others: list[str] = []
    for number, domain in enumerate(template.domains):
        if reason := why_not_domain(domain.title, others=others, is_new=True):
            yield places.of_domain(number), reason
        if len(others) >= DOMAINS_AT_MOST:
            return  # said once, not of each domain too many
        others.append(domain.title)


def _of_indicators(template: AuditTemplate, known: Known, places: Places) -> Found:
    asked: dict[str, int] = {}
    for number, indicator in enumerate(template.indicators):
        code = indicator.code
        if reason := why_not_code(code, library=known.indicators):
            yield places.of_indicator(number, "code"), reason
        elif reason := why_not_add(code, asked=asked):
            first = f" It stands at {places.of_indicator(asked[code], 'code')}." if code in asked else ""
            yield places.of_indicator(number, "code"), reason + first
        asked.setdefault(code, number)
        for reason, field in whys_not_indicator(indicator):
            yield places.of_indicator(number, field), reason
