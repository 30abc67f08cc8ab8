"""Two coordinators at one draft: nothing that either of them typed is lost, and nobody's words are wiped."""

from dataclasses import replace

import pytest

from audit_app.indicators import services
from tests.factories.rounds import SMALL
from tests.factories.templates import Draft, change, do, words
from tests.indicators.conftest import save
from tests.pages import Page, PageClient

SCALE_CHANGED = "The scale of this template was changed while you were working. Look at its levels, then save again."
WORDLESS = replace(SMALL.indicators[0], guidance={})


def she_changes_the_scale_and_writes(draft: Draft) -> None:
    """Another coordinator gives the draft three levels, and says what the first of them looks like."""
    do(services.change_draft, draft.version_id, **words(draft, scale="met"))
    stored = draft.asked("A01")
    change(draft, replace(stored, why="Hers.", guidance={"met": "Hers: within a day."}), scale="met", edition=2)


def test_a_page_from_before_a_change_of_scale_never_wipes_what_a_colleague_wrote(
    draft: Draft, cora: PageClient
) -> None:
    change(draft, WORDLESS)
    page = cora.get(f"{draft.address}/questions/A01")
    she_changes_the_scale_and_writes(draft)
    page = save(cora, page, "Save", status=200, look_for="Mine.")
    assert page.errors == [SCALE_CHANGED]
    assert page.tables[0][1:] == [["Why we ask", "Hers.", WORDLESS.why], ["What to look for", "Dated notes.", "Mine."]]
    assert page.form().values["level_met"] == ["Hers: within a day."]
    save(cora, page, "Save", why="Hers.")
    saved = draft.asked("A01")
    assert (saved.why, saved.look_for, saved.guidance) == ("Hers.", "Mine.", {"met": "Hers: within a day."})


def test_who_typed_for_the_old_levels_goes_on_with_the_new_ones_and_has_their_own_words_to_copy(
    draft: Draft, cora: PageClient
) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    do(services.change_draft, draft.version_id, **words(draft, scale="met"))
    page = save(cora, page, "Save", status=200, level_good="Typed with care.", why="Mine.")
    assert page.errors == [SCALE_CHANGED]
    assert "level_partly_met" in page.form().values
    assert page.form().values["why"] == ["Mine."]
    typed = "What does “Good” look like? Typed with care."
    assert typed in page.main
    page = save(cora, page, "Save", status=200, title="")
    assert page.errors == ["Enter a title."]
    assert typed in page.main, "as long as the page is not saved"
    save(cora, page, "Save", title="Seen early", level_partly_met="Typed with care.")
    assert draft.asked("A01").guidance == {"partly_met": "Typed with care."}


def test_all_that_is_wrong_is_named_beside_a_change_of_scale(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    do(services.change_draft, draft.version_id, **words(draft, scale="met"))
    page = save(cora, page, "Save", status=200, title="", level_good="Typed with care.")
    assert page.errors == [SCALE_CHANGED, "Enter a title."]
    assert "Typed with care." in page.main
    save(cora, page, "Save", title="Seen early")
    assert draft.asked("A01").title == "Seen early"


def test_a_change_of_scale_loses_no_words_and_the_pages_say_what_becomes_of_them(
    draft: Draft, cora: PageClient
) -> None:
    page = cora.get(f"{draft.address}/words")
    assert "kept until you publish: change back, and they are there again." in page.main
    save(cora, page, "Save", scale="met")
    assert "The draft also keeps 16 texts for levels of another scale." in cora.get(f"{draft.address}/publish").main
    save(cora, cora.get(f"{draft.address}/words"), "Save", scale="ofsted")
    assert draft.whole.domains == SMALL.domains
    assert "of another scale" not in cora.get(f"{draft.address}/publish").main


def gone(page: Page, what: str) -> None:
    assert page.h1 == f"This {what} was removed"
    assert f"Someone removed this {what} while you were writing. Copy what you need." in page.main


def test_words_about_a_question_that_somebody_removed_are_given_back(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    do(services.remove_indicator, draft.version_id, "A01", by=draft.coordinator)
    page = save(cora, page, "Save", status=409, why="Typed\nwith care.", level_good="And this.")
    gone(page, "question")
    assert "Why we ask Typed with care." in page.main
    assert "What does “Good” look like? And this." in page.main
    assert page.links["Back to the draft"] == f"{draft.address}/edit"


def test_words_about_a_domain_that_somebody_removed_are_given_back(draft: Draft, cora: PageClient) -> None:
    added = do(services.add_domain, draft.version_id, title="Home", by=draft.coordinator)
    renaming, writing = (cora.get(f"{draft.address}/domains/{added.id}{rest}") for rest in ("", "/write"))
    do(services.remove_domain, draft.version_id, added.id, by=draft.coordinator)
    for typed_on, button in ((renaming, "Save"), (writing, "Continue")):
        page = save(cora, typed_on, button, status=409, title="Typed with care.")
        gone(page, "domain")
        assert "Title Typed with care." in page.main


@pytest.mark.parametrize(("rest", "button"), [("words", "Save"), ("questions/A01", "Save")])
def test_words_about_a_draft_that_somebody_discarded_are_given_back(
    draft: Draft, cora: PageClient, rest: str, button: str
) -> None:
    page = cora.get(f"{draft.address}/{rest}")
    do(services.discard_draft, draft.version_id, by=draft.coordinator)
    page = save(cora, page, button, status=409, title="Typed with care.")
    gone(page, "draft")
    assert "Title Typed with care." in page.main
    assert page.links["Back to the templates"].endswith("/templates")


def test_where_nothing_was_typed_what_is_gone_is_simply_not_there(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01/remove")
    do(services.remove_indicator, draft.version_id, "A01", by=draft.coordinator)
    page = save(cora, page, "Remove the question", status=404)
    assert page.h1 == "Page not found"
