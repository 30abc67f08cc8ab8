"""What every page carries, whoever looks at it."""

from typing import Any

from flask import Flask, flash, render_template_string

from audit_app.factory import NavigationItem, Shell
from tests.page_checks import parse, words

PAGE = """{% extends "layouts/page.html" %}
{% block title %}Your rounds{% endblock %}
{% block content %}<h1>Your rounds</h1>{% endblock %}"""
SIGNED_IN = Shell(
    service_name="Neglect case audits",
    partnership_name="Saltmere Partnership",
    colour="#0b5c5c",
    slug="saltmere",
    person_name="Ama Osei",
    front_door="01632 960 100",
    navigation=(
        NavigationItem("Home", "/p/saltmere/", is_current=True),
        NavigationItem("Rounds", "/r", is_current=False),
    ),
    csp_nonce="nonce-of-this-page",
)


def page(app: Flask, source: str = PAGE, shell: Shell = SIGNED_IN, **values: Any) -> str:
    with app.test_request_context():
        flash("Your ratings are saved.", "success")
        return render_template_string(source, shell=shell, **values)


def title(html: str) -> str:
    return words(parse(html).find("head/title"))


def test_the_title_says_what_where_and_which_service(app: Flask) -> None:
    assert title(page(app)) == "Your rounds – Saltmere Partnership – Neglect case audits"
    with_round = PAGE + "{% block caption %}Autumn 2026{% endblock %}"
    assert title(page(app, with_round)) == "Your rounds – Autumn 2026 – Neglect case audits"
    assert title(page(app, shell=Shell(service_name="Neglect case audits"))) == "Your rounds – Neglect case audits"


def test_a_form_with_errors_says_so_in_the_title(app: Flask) -> None:
    class Refusing:
        errors = ("Enter a title",)

    assert title(page(app, form=Refusing())).startswith("Error: Your rounds – ")


def test_only_someone_signed_in_can_sign_out(app: Flask) -> None:
    form = parse(page(app)).find(".//header//form")
    assert form is not None
    assert form.get("method") == "post"
    assert "Sign out" not in page(app, shell=Shell(service_name="Neglect case audits"))


def test_the_demonstration_is_marked_on_every_page(app: Flask) -> None:
    shown = "The partnership, the people and the children here are made up."
    assert shown in page(app, shell=Shell(service_name="Neglect case audits", is_demonstration=True))
    assert shown not in page(app)


def test_the_current_part_of_the_service_is_named(app: Flask) -> None:
    current = [words(link) for link in parse(page(app)).iter("a") if link.get("aria-current")]
    assert current == ["Home"]


def test_a_deed_that_was_done_is_said_at_the_top(app: Flask) -> None:
    banners = [words(element) for element in parse(page(app)).iter("div") if element.get("role") == "alert"]
    assert banners == ["Done Your ratings are saved."]


def test_the_only_script_written_into_a_page_carries_its_nonce(app: Flask) -> None:
    scripts = list(parse(page(app)).iter("script"))
    assert [script.get("nonce") for script in scripts if not script.get("src")] == ["nonce-of-this-page"]
    assert "crown" not in page(app).lower()
