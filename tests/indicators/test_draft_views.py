"""The pages on which a coordinator makes their partnership's own templates."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.indicators import queries, services
from tests.factories.accounts import a_member, a_partnership
from tests.factories.rounds import SMALL
from tests.factories.templates import Draft, a_draft, change, codes, do, published, the_next_version, words
from tests.indicators.conftest import save, the_partnership
from tests.pages import Page, PageClient

# --- the list, and copying ---


def test_own_templates_stand_apart_from_those_that_were_delivered(draft: Draft, cora: PageClient) -> None:
    published(draft)
    the_next_version(draft)
    page = cora.get(f"/p/{draft.coordinator.partnership.slug}/templates")
    own, delivered = page.main.split("Delivered with the service")
    assert own.count("Time for one child") == 2, "version 1, and the draft of version 2"
    assert "Neglect here Draft" in own
    assert "Core 16" in delivered
    assert page.links["Go on with the draft of Neglect here"].endswith("/templates/own-neglect-here/2/edit")
    assert not any("Start version" in button for form in page.forms for button in form.buttons)


@pytest.mark.parametrize(("role", "sees_the_draft"), [(Role.SCRUTINEER, True), (Role.AUDITOR, False)])
def test_others_read_and_make_nothing(client: PageClient, draft: Draft, role: Role, sees_the_draft: bool) -> None:
    browser = client.as_(a_member(the_partnership(draft), role))
    page = browser.get(f"/p/{draft.coordinator.partnership.slug}/templates")
    assert ("Neglect here" in page.main) is sees_the_draft
    assert not [link for link in page.links if link.startswith(("Make a copy", "Go on with the draft"))]
    page = browser.get(draft.address, status=200 if sees_the_draft else 404)
    assert not [link for link in page.links if link.startswith(("Make a copy", "Go on with the draft"))]
    browser.get(f"{draft.address}/preview", status=200 if sees_the_draft else 404)
    browser.get(f"{draft.address}/edit", status=403)


def test_a_published_template_is_seen_by_members_and_by_no_other_partnership(
    app: Flask, client: PageClient, draft: Draft
) -> None:
    published(draft)
    member = client.as_(a_member(the_partnership(draft), Role.BOARD_MEMBER))
    assert member.get(draft.address).h1 == "Neglect here"
    elsewhere = a_partnership()
    stranger = client.as_(a_member(elsewhere, Role.COORDINATOR))
    page = stranger.get(f"/p/{elsewhere.slug}/templates")
    assert "Neglect here" not in page.main
    for rest in ("1", "1/preview", "changes", "1/copy", "1/edit"):
        stranger.get(f"/p/{elsewhere.slug}/templates/{draft.code}/{rest}", status=404)


def test_a_delivered_template_is_copied(draft: Draft, cora: PageClient) -> None:
    slug = draft.coordinator.partnership.slug
    page = cora.get(f"/p/{slug}/templates/core-16/1/copy")
    page = save(cora, page, "Make the copy", status=200)
    assert page.errors == ["Enter a title."]
    page = save(cora, page, "Make the copy", title="Core 16 with brothers and sisters")
    assert page.h1 == "Edit Core 16 with brothers and sisters"
    assert page.notices[0].startswith("Core 16 with brothers and sisters is yours to change.")
    assert "The draft is complete" in page.main


# --- the draft ---


def test_the_draft_shows_its_domains_in_order_and_what_is_not_finished(draft: Draft, cora: PageClient) -> None:
    do(services.write_indicator, draft.version_id, draft.domains["The child"], title="Home", by=draft.coordinator)
    page = cora.get(f"{draft.address}/edit")
    assert page.main.index("Recognition") < page.main.index("A04") < page.main.index("The child")
    assert "SAL01 Home Not finished" in page.main
    assert "A01 Signs were seen Not finished" not in page.main
    assert "8 things must be mended" in page.main


def test_words_and_scale_change(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/words")
    page = save(cora, page, "Save", title="Ours", minutes_per_child="45", scale="met")
    assert page.h1 == "Edit Ours"
    assert (draft.whole.minutes_per_child, draft.whole.scale.code) == (45, "met")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": ""}, "Enter a title."),
        ({"title": "x" * 121}, "The title must be 120 characters or fewer."),
        ({"minutes_per_child": "an hour"}, "Enter the minutes as a whole number, such as 60."),
        ({"minutes_per_child": "900"}, "Enter the minutes that one child takes: 1 to 600."),
        ({"scale": "stars"}, "Choose one of the answers shown."),
    ],
)
def test_words_that_cannot_be_are_shown_with_all_that_was_typed(
    draft: Draft, cora: PageClient, changes: dict[str, str], error: str
) -> None:
    page = cora.get(f"{draft.address}/words")
    page = save(cora, page, "Save", status=200, **{"description": "Typed before.", **changes})
    assert page.errors == [error]
    assert page.form().values["description"] == ["Typed before."]
    assert draft.whole.description == SMALL.description


def test_a_stale_save_shows_both_texts_and_the_next_save_stands(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/words")
    do(services.change_draft, draft.version_id, **words(draft, title="Hers", description="Hers too."))
    page = save(cora, page, "Save", status=200, title="Mine")
    assert page.errors[0].startswith("Someone else saved this while you were working.")
    assert page.tables[0][1:] == [
        ["Title", "Hers", "Mine"],
        ["Description", "Hers too.", SMALL.description],
    ]
    save(cora, page, "Save")
    assert draft.whole.title == "Mine"


# --- domains ---


def test_domains_are_made_named_moved_and_removed_on_their_pages(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/domains/new")
    page = save(cora, page, "Add the domain", status=200, title="the child")
    assert page.errors == ["Another domain of this template has that title. Choose another."]
    assert page.form().values["title"] == ["the child"]
    page = save(cora, page, "Add the domain", title="Home")
    home = draft.domains["Home"]
    page = cora.send(page, {}, action=f"/domains/{home}/move")  # the last domain has one button: up
    assert list(draft.domains) == ["Recognition", "Home", "The child"]
    page = cora.get(f"{draft.address}/domains/{home}")
    save(cora, page, "Save", title="Homes")
    assert list(draft.domains) == ["Recognition", "Homes", "The child"]
    page = cora.get(f"{draft.address}/domains/{home}/remove")
    assert "It asks nothing, so nothing is lost." in page.main
    save(cora, page, "Remove the domain")
    assert list(draft.domains) == ["Recognition", "The child"]


def test_a_domain_with_questions_asks_where_they_go(draft: Draft, cora: PageClient) -> None:
    head, last = draft.domains.values()
    page = cora.get(f"{draft.address}/domains/{head}/remove")
    page = save(cora, page, "Remove the domain", status=200)
    assert page.errors == ["Choose the domain that takes its questions, or remove them first."]
    save(cora, page, "Remove the domain", move_to=str(last))
    assert codes(draft) == {"The child": ["B01", "H02", "A01", "A04"]}
    page = cora.get(f"{draft.address}/domains/{last}/remove")
    assert "there is no other domain to take them" in page.main


def test_a_stale_name_of_a_domain_shows_both(draft: Draft, cora: PageClient) -> None:
    head = draft.domains["Recognition"]
    page = cora.get(f"{draft.address}/domains/{head}")
    do(services.rename_domain, draft.version_id, head, edition=1, title="Seeing", by=draft.coordinator)
    page = save(cora, page, "Save", status=200, title="Noticing")
    assert page.tables[0][1:] == [["Title of the domain", "Seeing", "Noticing"]]
    save(cora, page, "Save")
    assert "Noticing" in draft.domains


# --- questions ---


def test_a_question_of_the_library_is_found_and_added(draft: Draft, cora: PageClient) -> None:
    address = f"{draft.address}/domains/{draft.domains['Recognition']}/add"
    page = cora.get(address)
    offered = _options(page, "code")
    assert "H01" in offered
    assert "A01" not in offered, "the template asks it already"
    library = {one.code: one.domain for one in queries.indicators().values()}
    part = cora.get(address, domain=library["H01"])
    assert {library[code] for code in _options(part, "code") if code} == {library["H01"]}
    page = save(cora, page, "Add the question", status=200)
    assert page.errors == ["Choose an indicator of the library."]
    page = save(cora, page, "Add the question", code="H01")
    assert codes(draft)["Recognition"] == ["A01", "A04", "H01"]
    assert "is added to Recognition." in page.main


def _options(page: Page, name: str) -> set[str]:
    return {
        option.get("value") or ""
        for select in page.tree.iter("select")
        if select.get("name") == name
        for option in select.iter("option")
    }


def test_an_own_question_of_another_template_is_added_under_its_code(draft: Draft, cora: PageClient) -> None:
    do(services.write_indicator, draft.version_id, draft.domains["The child"], title="Beds", by=draft.coordinator)
    wanted = replace(SMALL.indicators[0], code="SAL01", title="Beds", question="Is there a bed?")
    how: dict[str, Any] = {"edition": 1, "wanted": wanted, "scale": "ofsted", "by": draft.coordinator}
    do(services.change_indicator, draft.version_id, "SAL01", **how)
    other = a_draft(the_partnership(draft), title="Another", by=draft.coordinator)
    address = f"{other.address}/domains/{other.domains['Recognition']}/add"
    assert "SAL01" not in _options(cora.get(address), "code"), "it is in no published template yet"
    published(draft)
    page = cora.get(address)
    assert "Your own questions" in page.main
    save(cora, page, "Add the question", code="SAL01")
    assert other.asked("SAL01").question == "Is there a bed?"


def test_a_new_question_is_written_in_two_steps(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/domains/{draft.domains['The child']}/write")
    page = save(cora, page, "Continue", status=200, title="x" * 46)
    assert page.errors == ["The title must be 45 characters or fewer."]
    page = save(cora, page, "Continue", title="Home conditions")
    assert page.h1 == "Change SAL01"
    texts: dict[str, Any] = {name: f"{name} of it." for name in ("question", "why", "look_for", "example")}
    levels: dict[str, Any] = {f"level_{level.code}": f"It was {level.words}." for level in SMALL.scale.levels}
    page = save(cora, page, "Save", **texts, **levels, agency_kind=["health", "police"], is_panel="y")
    asked = draft.asked("SAL01")
    assert (asked.question, asked.is_panel, asked.guidance["good"]) == ("question of it.", True, "It was Good.")
    assert {by.value: set(values) for by, values in asked.applies.items()} == {"agency_kind": {"health", "police"}}
    assert "The draft is complete" in page.main


def test_every_problem_of_a_question_is_named_at_once(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    page = save(cora, page, "Save", status=200, title="", agency_kind=None, plan_status=None, age_band=None)
    assert page.errors == [
        "Enter a title.",
        "Choose at least one: otherwise no agency answers it.",
        "Choose at least one: otherwise no plan has it.",
        "Choose at least one: otherwise no age has it.",
    ]


def test_a_line_break_counts_once_as_a_browser_sends_it(draft: Draft, cora: PageClient) -> None:
    lines = "\r\n".join(["x"] * 2_000)
    page = cora.get(f"{draft.address}/questions/A01")
    assert "Up to 4,000 characters." in page.main
    save(cora, page, "Save", why=lines)
    assert draft.asked("A01").why == lines.replace("\r\n", "\n")
    assert len(draft.asked("A01").why) == 3_999


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"title": ""}, "Enter a title."),
        ({"level_good": "x" * 20_000}, "This text must be 4,000 characters or fewer."),
        ({"agency_kind": None}, "Choose at least one: otherwise no agency answers it."),
        ({"rated": "both"}, "Choose one of the answers shown."),
        ({"age_band": ["old"]}, "Choose from the answers shown."),
    ],
)
def test_a_question_that_cannot_be_keeps_all_that_was_typed(
    draft: Draft, cora: PageClient, changes: dict[str, object], error: str
) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    page = save(cora, page, "Save", status=200, **{"why": "Typed before.", **changes})
    assert page.errors == [error]
    assert page.form().values["why"] == ["Typed before."]
    assert draft.asked("A01") == SMALL.indicators[0]


def test_a_stale_question_shows_both_texts(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    hers = replace(draft.asked("A01"), why="Hers.", is_panel=True)
    change(draft, hers)
    page = save(cora, page, "Save", status=200, why="Mine.")
    assert page.tables[0][1:] == [
        ["Why we ask", "Hers.", "Mine."],
        ["The panel always discusses it", "Yes", "No"],
    ]
    save(cora, page, "Save")
    assert draft.asked("A01").why == "Mine."


def test_a_question_may_be_answered_in_words_and_then_needs_no_words_for_levels(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    assert "How it is answered" in page.main
    empty: dict[str, Any] = {f"level_{level.code}": "" for level in SMALL.scale.levels}
    page = save(cora, page, "Save", **empty, is_narrative="y")
    assert draft.asked("A01").is_narrative
    assert "A01 Signs were seen In words" in page.main
    assert "The draft is complete" in page.main
    preview = cora.get(f"{draft.address}/preview").main
    assert preview.count("I answer in words, below") == 1
    assert preview.index("I answer in words, below") < preview.index("A04")


def test_a_template_may_have_no_levels_at_all(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/words")
    assert "Nothing is graded: every answer is a text." in page.main
    page = save(cora, page, "Save", scale="in-words")
    assert page.main.count("In words") >= 4
    page = cora.get(f"{draft.address}/questions/A01")
    assert "This template has no levels, so it is answered in words." in page.main
    assert "looks like" not in page.main
    page = save(cora, page, "Save", why="It matters most.")
    assert (draft.asked("A01").why, draft.asked("A01").is_narrative) == ("It matters most.", False)
    assert "Everything is answered in words, and nothing is graded." in cora.get(draft.address).main


def test_a_question_moves_and_goes(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/edit")
    cora.send(page, {}, action="/questions/A04/move")  # the last of its domain has one button: up
    assert codes(draft)["Recognition"] == ["A04", "A01"]
    page = cora.get(f"{draft.address}/questions/A04/domain")
    page = save(cora, page, "Move the question", status=200)
    assert page.errors == ["Choose a domain."]
    save(cora, page, "Move the question", domain_id=str(draft.domains["The child"]))
    assert codes(draft) == {"Recognition": ["A01"], "The child": ["B01", "H02", "A04"]}
    page = cora.get(f"{draft.address}/questions/A04/remove")
    page = save(cora, page, "Remove the question")
    assert codes(draft)["The child"] == ["B01", "H02"]
    cora.get(f"{draft.address}/questions/A04", status=404)
