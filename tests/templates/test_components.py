"""Our macros draw the design system's markup: each state is drawn by both and compared."""

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment, PackageLoader, PrefixLoader

OURS = """
{% from "components/forms.html" import radios, checkboxes, checkbox, text_input, textarea, date_input, select,
    file_input, fieldset, button, button_link, error_summary %}
{% from "components/page_parts.html" import breadcrumbs, back_link, inset, warning, details, notification,
    confirmation %}
{% from "components/lists.html" import tag, summary_list, task_list, table, pagination, pagination_steps %}
"""

VALUES = {
    "day": date(2026, 3, 4),
    "levels": [("g", "Good"), ("r", "Requires improvement")],
    "their_levels": [{"value": "g", "text": "Good"}, {"value": "r", "text": "Requires improvement"}],
    "legend": {"legend": {"text": "Rating", "classes": "govuk-fieldset__legend--s"}},
    "label": {"text": "Evidence", "classes": "govuk-label--s"},
}
STATES = dict(
    part.split("\n", maxsplit=1)
    for part in (Path(__file__).parent / "states.txt").read_text().strip().split("\n\n== ")[1:]
)


@pytest.fixture(scope="module")
def environment() -> Environment:
    loader = PrefixLoader(
        {
            "components": PackageLoader("audit_app", "templates/components"),
            "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
        }
    )
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(
        url_for=lambda _endpoint, page: f"/?page={page[0] if isinstance(page, list) else page}",
        request=SimpleNamespace(endpoint="here", view_args={}, args=SimpleNamespace(to_dict=lambda **_: {})),
    )
    return environment


def drawn(environment: Environment, source: str, **values: Any) -> list[object]:
    return shape(html5lib.parseFragment(environment.from_string(source).render(**values), namespaceHTMLElements=False))


def shape(element: Element) -> list[object]:
    """An element's content without what browsers ignore: order of attributes and classes, spaces between elements."""
    parts: list[object] = [" ".join((element.text or "").split())]
    for child in element:
        attributes = {name: " ".join(sorted(value.split())) for name, value in child.attrib.items()}
        parts += [(child.tag, attributes, shape(child)), " ".join((child.tail or "").split())]
    return [part for part in parts if part]


def theirs(source: str) -> str:
    """A call of the design system's macro, with its import: govukDateInput is in date-input/macro.html."""
    macro = source.split("(", maxsplit=1)[0]
    folder = re.sub(r"(?<!^)(?=[A-Z])", "-", macro.removeprefix("govuk")).lower()
    return f"{{% from 'govuk_frontend_jinja/components/{folder}/macro.html' import {macro} %}}{{{{ {source} }}}}"


@pytest.mark.parametrize("state", STATES)
def test_a_macro_draws_what_the_design_system_draws(environment: Environment, state: str) -> None:
    ours, their_call = re.split(r"\n(?=govuk)", STATES[state])
    mine = drawn(environment, OURS + "{{ " + ours + " }}", **VALUES)
    assert mine
    assert mine == drawn(environment, theirs(their_call), **VALUES)


@pytest.mark.parametrize("word", ["radios", "checkboxes"])
def test_conditional_text_is_shown_without_script(environment: Environment, word: str) -> None:
    source = "{{ " + word + "('a', 'Rating', [{'value': 'na', 'text': 'Not applicable', 'conditional': 'Why?'}]) }}"
    html = environment.from_string(OURS + source).render()
    assert 'id="conditional-a"' in html
    assert "data-aria-controls" not in html
    assert "--hidden" not in html


def test_what_people_type_is_never_markup(environment: Environment) -> None:
    bad = '<script>alert(1)</script>" onclick="x'
    source = (
        "{{ textarea('a', bad, bad, hint=bad, error=bad) }}{{ radios('b', bad, [(bad, bad)], value=bad) }}"
        "{{ table(bad, [bad], [[bad]]) }}"
    )
    html = environment.from_string(OURS + source).render(bad=bad)
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    assert not [element for element in tree.iter() if element.get("onclick")]
    assert tree.find(".//textarea").text == bad
