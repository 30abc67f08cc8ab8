"""What a partnership's own template records about each child."""

from audit_app.indicators import queries, services
from tests.factories.templates import Draft, do, published, the_next_version
from tests.indicators.conftest import save
from tests.pages import PageClient


def test_a_coordinator_chooses_what_is_recorded_about_each_child(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/edit")
    page = cora.get(page.links["Change what is recorded about each child"])
    assert page.h1 == "What is recorded about each child"
    titles = [one.title for one in queries.case_attributes().values()]
    assert len(titles) >= 29
    assert all(title in page.main for title in titles)
    page = save(cora, page, "Save", attributes=["Z05", "P07"])
    assert draft.whole.attributes == ("P07", "Z05")
    for shown in (page, cora.get(draft.address)):
        assert "Type of neglect: the six types Age band" in shown.main
    page = save(cora, cora.get(f"{draft.address}/recorded"), "Save", attributes=None)
    assert list(draft.whole.attributes) == []
    assert "What is recorded about each child Nothing yet." in page.main


def test_two_coordinators_who_choose_what_is_recorded_see_both_choices(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/recorded")
    do(services.change_recorded, draft.version_id, edition=1, attributes=["P07"], by=draft.coordinator)
    page = save(cora, page, "Save", status=200, attributes=["Z05"])
    assert page.errors[0].startswith("Someone else saved this while you were working.")
    assert page.tables[0][1:] == [
        ["Type of neglect: the six types", "Recorded", "Not recorded"],
        ["Age band", "Not recorded", "Recorded"],
    ]
    save(cora, page, "Save")
    assert draft.whole.attributes == ("Z05",)


def test_what_the_library_does_not_have_cannot_be_recorded(draft: Draft, cora: PageClient) -> None:
    page = save(cora, cora.get(f"{draft.address}/recorded"), "Save", status=200, attributes=["A01"])
    assert page.errors == ["Choose from the answers shown."]
    assert list(draft.whole.attributes) == []


def test_a_check_before_publication_sees_that_a_colleague_changed_what_is_recorded(
    draft: Draft, cora: PageClient
) -> None:
    page = cora.get(f"{draft.address}/publish")
    do(services.change_recorded, draft.version_id, edition=1, attributes=["P07"], by=draft.coordinator)
    page = save(cora, page, "Publish version 1", status=200)
    assert page.errors == ["Someone changed this draft while you were checking it. Check it once more."]


def test_versions_differ_in_what_is_recorded_by_title(draft: Draft, cora: PageClient) -> None:
    do(services.change_recorded, draft.version_id, edition=1, attributes=["P07", "P11"], by=draft.coordinator)
    second = the_next_version(published(draft))
    do(services.change_recorded, second.version_id, edition=1, attributes=["P11", "Z05"], by=draft.coordinator)
    page = cora.get(f"/p/saltmere/templates/{draft.code}/changes")
    assert page.tables[0][1:] == [
        ["Recorded about each child only in this version", "Type of neglect: the six types", "Age band"]
    ]
