"""The pages on which a template leaves as a file, and comes in from one."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.indicators import queries, rules, services
from audit_app.indicators.forms import PROBLEMS_SHOWN
from tests.factories.accounts import a_member, a_partnership
from tests.factories.rounds import SMALL
from tests.factories.templates import Draft, do, published, the_next_version, words
from tests.indicators.conftest import save, the_partnership
from tests.indicators.exchanged import edited
from tests.pages import Page, PageClient


def chosen(content: bytes, name: str = "template.xlsx") -> dict[str, Any]:
    """A file as a browser sends it."""
    return {"file": (BytesIO(content), name)}


def home(draft: Draft) -> str:
    return f"/p/{draft.coordinator.partnership.slug}/templates"


def own_titles(draft: Draft) -> list[str]:
    return [one.title for one in queries.own_templates(draft.coordinator)]


def send(browser: PageClient, page: Page, button: str, content: bytes, **more: Any) -> Page:
    return save(browser, page, button, **chosen(content), **more)


# --- downloading ---


def test_a_template_is_downloaded_both_ways_and_loaded_again(draft: Draft, cora: PageClient) -> None:
    page = cora.get(draft.address)
    for words_of_link, ending in (("Download as a spreadsheet", "xlsx"), ("Download as TOML", "toml")):
        file = cora.get(page.links[words_of_link])
        assert file.headers["Content-Disposition"] == f"attachment; filename=own-neglect-here-version-1.{ending}"
        assert file.headers["Cache-Control"] == "no-store"
        made = send(cora, cora.get(f"{home(draft)}/load"), "Load as a new template", file.data)
        assert made.h1 == "Edit Neglect here"
        assert made.notices[0].startswith("Neglect here is loaded as a draft.")
    versions = [queries.template_version(one.version_id) for one in queries.own_templates(draft.coordinator)]
    assert len(versions) == 3
    assert {rules.mark_of(one) for one in versions} == {rules.mark_of(draft.whole)}


@pytest.mark.parametrize("kind", ["spreadsheet", "toml"])
def test_a_draft_is_downloaded_by_those_who_see_it_and_by_no_other_partnership(
    app: Flask, client: PageClient, draft: Draft, kind: str
) -> None:
    here = the_partnership(draft)
    client.as_(a_member(here, Role.SCRUTINEER)).get(f"{draft.address}/{kind}")
    client.as_(a_member(here, Role.AUDITOR)).get(f"{draft.address}/{kind}", status=404)
    elsewhere = a_partnership()
    stranger = client.as_(a_member(elsewhere, Role.COORDINATOR))
    stranger.get(f"/p/{elsewhere.slug}/templates/{draft.code}/1/{kind}", status=404)
    assert stranger.get(f"/p/{elsewhere.slug}/templates/core-16/1/{kind}").data
    published(draft)
    assert client.as_(a_member(here, Role.AUDITOR)).get(f"{draft.address}/{kind}").data
    stranger.get(f"/p/{elsewhere.slug}/templates/{draft.code}/1/{kind}", status=404)


# --- loading ---


def test_the_list_leads_coordinators_to_loading(draft: Draft, client: PageClient, cora: PageClient) -> None:
    page = cora.get(cora.get(home(draft)).links["Load a template from a file"])
    assert page.h1 == "Load a template from a file"
    assert page.links["In place of the draft of Neglect here, version 1"].endswith("/own-neglect-here/load")
    published(draft)
    assert "As version 2 of Neglect here" in cora.get(f"{home(draft)}/load").links
    reader = client.as_(a_member(the_partnership(draft), Role.SCRUTINEER))
    assert "Load a template from a file" not in reader.get(home(draft)).links
    reader.get(f"{home(draft)}/load", status=403)


def test_a_file_that_cannot_be_read_changes_nothing_and_all_is_said_that_must_be_mended(
    draft: Draft, cora: PageClient
) -> None:
    def change(book: Any) -> None:
        book["Questions"]["C2"], book["Questions"]["O3"] = None, "x" * 20_000
        book["Template"]["B4"] = "=60"

    before = own_titles(draft)
    page = send(cora, cora.get(f"{home(draft)}/load"), "Load as a new template", edited(change), status=200)
    assert page.errors[0] == "Nothing was loaded. Mend 3 things in the file, then choose it again."
    assert [line.split(": ")[0] for line in page.errors[1:]] == [
        "Template, row 4, column B “Value”",
        "Questions, row 2, column C “Title”",
        "Questions, row 3, column O “Good”",
    ]
    assert own_titles(draft) == before


def test_of_very_many_problems_the_first_are_shown_and_the_rest_counted(draft: Draft, cora: PageClient) -> None:
    def change(book: Any) -> None:
        for number in range(80):
            book["Questions"].append(["More", f"SAL{number + 1:02}"])

    page = send(cora, cora.get(f"{home(draft)}/load"), "Load as a new template", edited(change), status=200)
    assert page.errors[0] == "Nothing was loaded. Mend 160 things in the file, then choose it again."
    assert len(page.errors) == PROBLEMS_SHOWN + 2
    assert page.errors[-1] == "And 110 more."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b"x" * (5 * 1024 * 1024 + 1), "This file is larger than 5 MB, and a template is far smaller."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This file is neither an Excel workbook (.xlsx) nor TOML."),
        (b"PK\x03\x04" + b"0" * 400, "This workbook is damaged"),
    ],
)
def test_a_file_that_is_no_template_is_refused_in_one_sentence(
    draft: Draft, cora: PageClient, content: bytes, says: str
) -> None:
    page = send(cora, cora.get(f"{home(draft)}/load"), "Load as a new template", content, status=200)
    (said,) = page.errors
    assert said.startswith(says)


def test_toml_with_a_slip_is_told_the_line(draft: Draft, cora: PageClient) -> None:
    page = send(cora, cora.get(f"{home(draft)}/load"), "Load as a new template", b'title = "Ours\n', status=200)
    assert page.errors[0] == "Nothing was loaded. Mend one thing in the file, then choose it again."
    assert page.errors[1].startswith("The file is not TOML: Illegal character '\\n' (at line 1, column 14).")


def test_a_page_sent_without_a_file_says_so(draft: Draft, cora: PageClient) -> None:
    page = save(cora, cora.get(f"{home(draft)}/load"), "Load as a new template", status=200)
    assert page.errors == ["Choose the file with the template."]


def test_a_draft_is_replaced_after_a_warning(draft: Draft, cora: PageClient) -> None:
    page = cora.get(cora.get(f"{draft.address}/edit").links["Replace this draft with a file"])
    assert page.h1 == "Replace the draft with a file"
    assert "Everything that this draft says now is replaced by what the file says." in page.main

    def change(book: Any) -> None:
        book["Template"]["B2"] = "Changed in a spreadsheet"

    page = send(cora, page, "Replace the draft", edited(change, draft.whole))
    assert page.h1 == "Edit Changed in a spreadsheet"
    assert page.notices == ["Version 1 is now a draft of what the file says."]


def test_a_draft_that_somebody_changed_meanwhile_is_not_replaced_until_it_was_seen(
    draft: Draft, cora: PageClient
) -> None:
    page = cora.get(f"{home(draft)}/{draft.code}/load")
    do(services.change_draft, draft.version_id, **words(draft, title="Hers"))
    page = send(cora, page, "Replace the draft", edited(lambda _book: None), status=200)
    assert page.errors[0].startswith("Someone changed this draft since you opened this page.")
    assert draft.whole.title == "Hers"
    send(cora, page, "Replace the draft", edited(lambda _book: None))
    assert draft.whole.title == SMALL.title


def test_a_file_becomes_the_next_version_and_the_change_can_be_compared(draft: Draft, cora: PageClient) -> None:
    published(draft)

    def change(book: Any) -> None:
        book["Questions"]["D2"] = "Asked in other words?"

    page = cora.get(f"{home(draft)}/{draft.code}/load")
    assert "The file becomes a draft of version 2." in page.main
    page = send(cora, page, "Load as version 2", edited(change, draft.whole))
    assert page.notices == ["Version 2 is now a draft of what the file says."]
    changes = cora.get(page.links["What changed since version 1"])
    assert "Asked in other words?" in changes.main


def test_a_file_made_from_an_older_version_says_so_once_it_is_loaded(draft: Draft, cora: PageClient) -> None:
    published(draft)
    first = edited(lambda _book: None, draft.whole)
    published(the_next_version(draft), note="Said in other words.")
    page = send(cora, cora.get(f"{home(draft)}/{draft.code}/load"), "Load as version 3", first)
    assert page.notices == [
        "Version 3 is now a draft of what the file says.",
        "This file was made from version 1, and version 2 is newer: see what changed before you publish.",
    ]


def test_nothing_is_loaded_into_a_template_that_is_not_ones_own(client: PageClient, draft: Draft) -> None:
    elsewhere = a_partnership()
    stranger = client.as_(a_member(elsewhere, Role.COORDINATOR))
    for code in (draft.code, "core-16"):
        stranger.get(f"/p/{elsewhere.slug}/templates/{code}/load", status=404)
        stranger.post(f"/p/{elsewhere.slug}/templates/{code}/load", chosen(b"x"), status=404)
    assert draft.whole.title == "Neglect here"
