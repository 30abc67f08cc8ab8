"""What addresses may carry, whoever asks."""

import re
from io import BytesIO

import pytest
from flask import Flask, request

from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.core.web import phone
from tests.factories.accounts import a_member, a_partnership
from tests.pages import PageClient

FAR_TOO_LARGE = ("99999999999", "9" * 30, "9" * 5_000)


@pytest.fixture
def browser(app: Flask, client: PageClient) -> PageClient:
    partnership = a_partnership("here")
    return client.as_(a_member(partnership, Role.COORDINATOR, Role.BOARD_MEMBER, Role.ADMINISTRATOR))


@pytest.mark.parametrize("number", FAR_TOO_LARGE)
def test_an_address_with_a_number_that_no_key_can_be_leads_nowhere(browser: PageClient, number: str) -> None:
    for path in ("panels", "actions", "concerns", "people", "agencies"):
        assert browser.get(f"/p/here/{path}/{number}", status=404).h1 == "Page not found"


@pytest.mark.parametrize("number", [*FAR_TOO_LARGE, "²", "-1", "two"])
def test_a_page_that_no_list_has_counts_as_the_first_page(browser: PageClient, number: str) -> None:
    for path in ("rounds", "panels", "actions", "board", "outbox"):
        assert browser.get(f"/p/here/{path}", page=number, agency=number).h1 == browser.get(f"/p/here/{path}").h1


def test_an_address_with_the_character_nul_leads_nowhere(browser: PageClient) -> None:
    for path in ("rounds/N26%00", "cases/N26%00", "actions?round=N26%00"):
        assert browser.get(f"/p/here/{path}", status=404).h1 == "Page not found"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01632 960100", "01632960100"),
        ("+44 (0)1632 960100, ask for Jo", "+441632960100"),
        ("01632 960100 ext 12", "01632960100"),
        ("999", "999"),
    ],
)
def test_a_telephone_number_is_a_link_that_rings_it(text: str, number: str) -> None:
    assert phone(text) == f'<a class="govuk-link app-phone" href="tel:{number}">{text}</a>'


def test_what_is_no_number_is_no_link(app: Flask) -> None:
    assert phone("<b>the duty desk</b>") == "&lt;b&gt;the duty desk&lt;/b&gt;"
    assert phone(None) == ""
    assert "<b>" not in phone("<b>01632 960100")


@pytest.mark.parametrize("size", [1024, 1024 * 1024, 20 * 1024 * 1024])
def test_a_file_that_is_sent_stays_in_memory_whatever_its_size(app: Flask, size: int) -> None:
    sent = {"file": (BytesIO(b"x" * size), "list.csv")}
    with app.test_request_context(method="POST", data=sent):
        stream = request.files["file"].stream
        assert type(stream) is BytesIO
        assert len(stream.getvalue()) == size


def test_an_error_of_the_database_never_says_what_was_sent_to_it(app: Flask) -> None:
    assert db.engine.hide_parameters


def test_a_page_stopped_at_the_door_names_the_nonce_of_its_header(client: PageClient) -> None:
    answer = client.post("/sign-out", {"csrf_token": "stale"}, status=401)
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    assert nonce
    assert f'nonce="{nonce[1]}"' in answer.html
