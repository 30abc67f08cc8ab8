"""A template as a text in TOML, in the language of the files of `audit_templates/templates/`, whole in itself."""

from collections.abc import Callable
from typing import Any

import tomli_w

from audit_app.indicators.rules.catalogue import AuditTemplate, TemplateIndicator
from audit_app.indicators.rules.versions import TEXTS

_HEAD = """\
# An audit template, whole in itself: all its words stand here, and none are taken from a library.
# The README of audit_templates explains every field. A coordinator loads it on the page “Audit templates”.

"""


def as_toml(template: AuditTemplate) -> str:
    """A template as TOML. What is not written yet is left out."""
    table: dict[str, Any] = {
        "code": template.code,
        "title": template.title,
        "version": template.version,
        "complete": True,
        "scale": template.scale.code,
        "minutes_per_child": template.minutes_per_child,
        "description": template.description,
        "panel_indicators": _codes(template, lambda one: one.is_panel),
        "in_words": _codes(template, lambda one: one.is_narrative),
        "attributes": list(template.attributes),
        "domain": [
            {"title": domain.title, "indicators": [one.code for one in domain.indicators]}
            for domain in template.domains
        ],
        "applies": {
            one.code: {by.value: sorted(values) for by, values in one.applies.items()}
            for one in template.indicators
            if one.applies
        },
        "words": {one.code: _words(one) for one in template.indicators},
        "guidance": {one.code: _guidance(one) for one in template.indicators if _guidance(one)},
    }
    return _HEAD + tomli_w.dumps(table, multiline_strings=True)


def _codes(template: AuditTemplate, which: Callable[[TemplateIndicator], bool]) -> list[str]:
    return [one.code for one in template.indicators if which(one)]


def _words(indicator: TemplateIndicator) -> dict[str, str]:
    texts = {name: getattr(indicator, name) for name in TEXTS}
    return {**{name: text for name, text in texts.items() if text}, "rated": indicator.rated.value}


def _guidance(indicator: TemplateIndicator) -> dict[str, str]:
    return {level: words for level, words in indicator.guidance.items() if words}
