"""The preview of a template, its publication, and what its versions differ in."""

from dataclasses import replace
from typing import Any

from audit_app.indicators import queries, services
from tests.factories.rounds import SMALL
from tests.factories.templates import Draft, a_draft, codes, do, published, the_next_version
from tests.fixtures import CountQueries
from tests.indicators.conftest import save, the_partnership
from tests.pages import PageClient


def test_the_preview_has_the_very_fields_of_a_return(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/preview")
    assert page.h1 == "Recognition"
    assert "Where on file for A01" in page.main
    assert "No evidence on file" in page.main
    assert SMALL.indicators[0].guidance["good"] in page.main
    assert not any(form.method == "post" for form in page.forms)
    page = cora.get(f"{draft.address}/preview", domain=2)
    assert page.h1 == "The child"
    for wrong in ("0", "3"):
        cora.get(f"{draft.address}/preview", status=404, domain=wrong)


def test_the_preview_says_for_whom_a_question_is(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/preview", domain=2)
    assert page.main.count("Asked only for:") == 2
    heard, followed_up = page.main.split("Missed appointments were followed up", 1)
    assert "Asked only for: Under 1, 1 to 4, 5 to 9, 10 to 15, 16 and over." in heard
    assert "Police" not in followed_up.split("Asked only for:", 1)[1].split(".", 1)[0]
    assert "Asked only for:" not in cora.get(f"{draft.address}/preview").main


def test_the_preview_asks_what_one_kind_of_agency_is_asked_about_one_kind_of_child(
    draft: Draft, cora: PageClient
) -> None:
    page = cora.get(f"{draft.address}/preview", domain=2, agency_kind="police")
    assert "The child was heard" in page.main
    assert "Missed appointments were followed up" not in page.main
    page = cora.get(f"{draft.address}/preview", agency_kind="police", age_band="unborn")
    assert page.h1 == "Recognition"
    assert not any("The child" in link for link in page.links), "a return leaves out a domain that asks nothing of it"
    page = cora.get(f"{draft.address}/preview", domain=2, agency_kind="police", age_band="unborn")
    assert "Such a return is asked nothing in this domain, so it leaves the domain out." in page.main
    page = cora.get(f"{draft.address}/preview", agency_kind="police", plan_status="of no kind")
    link = next(href for words, href in page.links.items() if "The child" in words)
    assert "agency_kind=police" in link, "what was chosen goes along to the next domain"
    assert "plan_status" not in link


def test_the_preview_begins_before_the_domains_with_what_is_recorded_about_the_child(
    cora: PageClient, draft: Draft
) -> None:
    page = cora.get(f"/p/{the_partnership(draft).slug}/templates/core-16/1/preview", domain=0)
    assert page.h1 == "About the child"
    assert "Which types of neglect has this child lived with?" in page.main
    first = cora.get(f"/p/{the_partnership(draft).slug}/templates/core-16/1/preview")
    assert any("About the child" in words for words in first.links)
    cora.get(f"{draft.address}/preview", domain=0, status=404)  # it records nothing


def test_the_preview_of_half_a_question_says_what_is_not_written(draft: Draft, cora: PageClient) -> None:
    added = do(services.add_domain, draft.version_id, title="Home", by=draft.coordinator)
    assert "This domain asks nothing yet." in cora.get(f"{draft.address}/preview", domain=3).main
    do(services.write_indicator, draft.version_id, added.id, title="Warmth", by=draft.coordinator)
    assert "Not written yet." in cora.get(f"{draft.address}/preview", domain=3).main
    for title in list(draft.domains):
        for code in codes(draft)[title]:
            do(services.remove_indicator, draft.version_id, code, by=draft.coordinator)
        do(services.remove_domain, draft.version_id, draft.domains[title], by=draft.coordinator)
    assert cora.get(f"{draft.address}/preview").h1 == "Nothing to preview yet"
    assert "asks no question: add one." in cora.get(f"{draft.address}/publish").main
    assert cora.get(draft.address).h1 == "Neglect here"


def test_publishing_lists_what_is_missing_and_then_publishes(draft: Draft, cora: PageClient) -> None:
    added = do(services.add_domain, draft.version_id, title="Home", by=draft.coordinator)
    page = cora.get(f"{draft.address}/publish")
    assert "Home asks nothing yet: add a question, or remove the domain." in page.main
    assert "Publish version 1" not in page.main
    do(services.remove_domain, draft.version_id, added.id, by=draft.coordinator)
    page = cora.get(f"{draft.address}/publish")
    do(services.move_indicator, draft.version_id, "A04", is_up=True, by=draft.coordinator)
    page = save(cora, page, "Publish version 1", status=200)
    assert page.errors == ["Someone changed this draft while you were checking it. Check it once more."]
    page = save(cora, page, "Publish version 1")
    assert page.h1 == "Neglect here"
    assert "Start version 2" in page.main
    for rest in ("edit", "words", "publish", "discard", "questions/A01"):
        cora.get(f"{draft.address}/{rest}", status=409)


def test_what_is_sent_to_a_version_that_was_published_meanwhile_is_shown_again(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/questions/A01")
    before = published(draft).whole
    page = save(cora, page, "Save", status=200, why="Typed with care.")
    assert page.errors == ["This version is published, so it never changes. Start the next version, and change that."]
    assert page.form().values["why"] == ["Typed with care."]
    assert draft.whole == before


def test_the_next_version_asks_for_a_note_and_shows_what_changed(draft: Draft, cora: PageClient) -> None:
    published(draft)
    page = cora.send(cora.get(draft.address), {}, button="Start version 2")
    second = replace(draft, version=2, version_id=queries.version_seen_by(draft.coordinator, draft.code, 2).version_id)
    assert page.h1 == "Edit Neglect here"
    page = save(cora, cora.get(f"{second.address}/questions/A01"), "Save", question="Was it seen in time?")
    page = cora.get(page.links["What changed since version 1"])
    assert page.tables[0][1:] == [["Question", SMALL.indicators[0].question, "Was it seen in time?"]]
    page = cora.get(f"{second.address}/publish")
    page = save(cora, page, "Publish version 2", status=200)
    assert page.errors == ["Say what has changed since the version before."]
    page = save(cora, page, "Publish version 2", note="A01 asks about time.")
    assert "What changed in version 2: A01 asks about time." in page.main
    assert page.links["Version 1"] == draft.address
    cora.get(f"/p/saltmere/templates/{draft.code}/changes", status=404, old="1", new="3")


def test_versions_are_compared_in_their_order_with_every_note_between_them(draft: Draft, cora: PageClient) -> None:
    published(draft)
    second = published(the_next_version(draft), "The second says more.")
    third = published(the_next_version(second), "The third says less.")
    address = f"/p/saltmere/templates/{draft.code}/changes"
    either_way = [cora.get(address, old=old, new=new) for old, new in ((1, 3), (3, 1))]
    for page in either_way:
        assert page.main.index("note of version 2 says: The second says more.") < page.main.index(
            "note of version 3 says: The third says less."
        )
        assert page.tables[0][1:] == [["Description", "Version 1 of our own.", "Version 3 of our own."]]
    assert "The second" not in cora.get(address, old=2, new=3).main
    assert third.version == 3


def test_versions_that_say_the_same_differ_in_nothing(draft: Draft, cora: PageClient) -> None:
    address = f"/p/saltmere/templates/{draft.code}/changes"
    assert "There is one version so far" in cora.get(address).main
    the_next_version(published(draft))
    assert "An auditor sees no difference between version 1 and version 2." in cora.get(address).main


def test_a_draft_is_discarded(draft: Draft, cora: PageClient) -> None:
    page = save(cora, cora.get(f"{draft.address}/discard"), "Discard the draft")
    assert page.h1 == "Audit templates"
    assert "Neglect here" not in page.main.split("Delivered")[1]
    cora.get(draft.address, status=404)


def test_an_own_question_has_its_page_once_it_is_published(draft: Draft, cora: PageClient) -> None:
    do(services.write_indicator, draft.version_id, draft.domains["The child"], title="Home", by=draft.coordinator)
    cora.get("/p/saltmere/indicators/SAL01", status=404)
    page = cora.get(f"{draft.address}/questions/SAL01")
    texts: dict[str, Any] = {name: f"{name} of it." for name in ("question", "why", "look_for", "example")}
    levels: dict[str, Any] = {f"level_{level.code}": "So." for level in SMALL.scale.levels}
    save(cora, page, "Save", **texts, **levels)
    assert "More about SAL01" not in cora.get(draft.address).links
    published(draft)
    page = cora.get(cora.get(draft.address).links["More about SAL01"])
    assert page.h1 == "Home"
    assert "Your partnership wrote it" in page.main


def test_an_own_question_keeps_its_page_when_the_newest_version_retires_it(draft: Draft, cora: PageClient) -> None:
    do(services.write_indicator, draft.version_id, draft.domains["The child"], title="Home", by=draft.coordinator)
    wanted = replace(SMALL.indicators[0], code="SAL01", title="Home", question="What was the home like?")
    do(
        services.change_indicator,
        draft.version_id,
        "SAL01",
        edition=1,
        wanted=wanted,
        scale="ofsted",
        by=draft.coordinator,
    )
    second = the_next_version(published(draft))
    do(services.remove_indicator, second.version_id, "SAL01", by=draft.coordinator)
    published(second, note="Home is no longer asked.")
    page = cora.get(cora.get(draft.address).links["More about SAL01"])
    assert page.h1 == "Home"
    assert "What was the home like?" in page.main
    assert "No longer asked by the newest version." in page.main
    assert page.links["Neglect here, version 1"] == draft.address
    cora.get("/p/saltmere/indicators/SAL02", status=404)


def test_pages_on_templates_ask_as_often_whatever_they_show(
    draft: Draft, cora: PageClient, count_queries: CountQueries
) -> None:
    pages = ["/p/saltmere/templates", *(f"{draft.address}/{rest}" for rest in ("edit", "publish", "preview"))]

    def asked_of_the_database() -> list[int]:
        counts = []
        for page in pages:
            with count_queries() as queried:
                cora.get(page)
            counts.append(queried.count)
        return counts

    few = asked_of_the_database()
    for title in ("One more", "And another"):
        published(a_draft(the_partnership(draft), title=title, by=draft.coordinator))
    for code in ("H01", "K01", "S02"):
        do(services.add_indicator, draft.version_id, draft.domains["Recognition"], code=code, by=draft.coordinator)
    assert asked_of_the_database() == few
