"""The macros for WTForms fields: names, answers, hints and errors come from the field."""

from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from audit_app.core.forms import (
    ChoiceField,
    DayField,
    DayNeeded,
    PageForm,
    SeveralField,
    TextField,
    WordsField,
    at_most,
    needed,
)
from tests.page_checks import parse, words

IMPORTS = """{% from "components/fields.html" import field_checkboxes, field_date, field_radios, field_text,
    field_textarea, form_errors %}"""
KNOWN = (("yes", "Yes"), ("no", "No"))


class KnownForm(PageForm):
    known = ChoiceField("Is the child known?", KNOWN, [needed("Select yes if the child is known")])
    agencies = SeveralField("Agencies", (("p", "Police"), ("h", "Health")))
    title = TextField("Title", description="In a few words")
    evidence = WordsField("Evidence")
    reason = WordsField("Reason", [at_most(2_000, "The reason")], description="In a few words.")
    met = DayField("When was it agreed?", [DayNeeded("Enter the day it was agreed")], what="The day")


def page(app: Flask, source: str, typed: dict[str, Any]) -> tuple[Element, KnownForm]:
    with app.test_request_context(method="POST"):
        form = KnownForm(MultiDict(typed), meta={"csrf": False})
        form.validate()
        return parse(render_template_string(IMPORTS + source, form=form)), form


def test_what_was_typed_comes_back(app: Flask) -> None:
    typed = {
        "known": "no",
        "agencies": "h",
        "title": "A & B",
        "evidence": "Seen <b>alone</b>",
        "met": ["31", "2", "2026"],
    }
    source = (
        "{{ field_radios(form.known) }}{{ field_checkboxes(form.agencies) }}{{ field_text(form.title) }}"
        "{{ field_textarea(form.evidence) }}{{ field_date(form.met) }}"
    )
    tree, _ = page(app, source, typed)
    assert [item.get("value") for item in tree.iter("input") if item.get("checked") is not None] == ["no", "h"]
    assert tree.find(".//input[@id='title']").get("value") == "A & B"  # type: ignore[union-attr]
    assert words(tree.find(".//textarea")) == "Seen <b>alone</b>"
    assert [item.get("value") for item in tree.iter("input") if item.get("name") == "met"] == ["31", "2", "2026"]
    assert words(tree.find(".//*[@id='title-hint']")) == "In a few words"


def test_a_long_text_says_how_long_it_may_be(app: Flask) -> None:
    source = """{{ field_textarea(form.reason) }}{{ field_textarea(form.evidence) }}"""
    tree, _ = page(app, source, {})
    assert words(tree.find(".//*[@id='reason-hint']")) == "In a few words. Up to 2,000 characters."
    assert tree.find(".//*[@id='evidence-hint']") is None
    tree, _ = page(app, """{{ field_textarea(form.reason, hint="Why?") }}""", {})
    assert words(tree.find(".//*[@id='reason-hint']")) == "Why? Up to 2,000 characters."


def test_each_line_of_the_error_summary_leads_to_the_first_input_that_mends_it(app: Flask) -> None:
    source = "{{ form_errors(form) }}{{ field_radios(form.known) }}{{ field_date(form.met) }}"
    tree, _ = page(app, source, {"known": "", "met": ["", "", ""]})
    links = list(tree.iter("a"))
    assert [words(link) for link in links] == ["Select yes if the child is known", "Enter the day it was agreed"]
    inputs = {item.get("id") for item in tree.iter("input")}
    assert all((link.get("href") or "").removeprefix("#") in inputs for link in links)
    assert words(tree.find(".//*[@id='known-error']")) == "Error: Select yes if the child is known"


def test_a_form_without_errors_has_no_summary(app: Flask) -> None:
    tree, form = page(app, "{{ form_errors(form) }}", {"known": "yes", "met": ["4", "3", "2026"]})
    assert not form.errors
    assert words(tree.find("body")) == ""
