"""The pages on a partnership's words: reading them, changing a group, taking a set over."""

import pytest

from audit_app.accounts import queries
from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role
from audit_app.core.db import db
from tests.factories.accounts import a_member, a_partnership, in_own_words
from tests.fixtures import CountQueries
from tests.pages import PageClient

WORDS, PLANS, ROLES = "/p/here/words", "/p/here/words/plan_status", "/p/here/words/role"


@pytest.fixture
def admin(client: PageClient, partnership: Partnership) -> PageClient:
    return client.as_(a_member(partnership, Role.ADMINISTRATOR, name="Ada Admin"))


@pytest.fixture
def coordinator(client: PageClient, partnership: Partnership) -> PageClient:
    return client.as_(a_member(partnership, Role.COORDINATOR, name="Cora Coordinator"))


def own(partnership: Partnership) -> dict[str, dict[str, str]]:
    db.session.expire_all()
    return queries.partnership_settings(partnership.id).terms


def test_an_administrator_changes_a_word(admin: PageClient, partnership: Partnership) -> None:
    page = admin.get(PLANS)
    assert page.form().values["child_in_need"] == ["Child in need"]
    done = admin.send(page, {"child_in_need": "Family help"})
    assert done.notices == ["Plans of children: the words are saved."]
    assert ["Child in need", "Family help Changed"] in done.tables[0]
    assert own(partnership) == {"plan_status": {"child_in_need": "Family help"}}


def test_a_coordinator_reads_the_words_and_changes_none(coordinator: PageClient) -> None:
    page = coordinator.get(WORDS)
    assert "To have a word changed, ask an administrator." in page.main
    assert "Change the words: Plans of children" not in page.links
    assert page.forms == []
    for path in (PLANS, f"{WORDS}/use/coming"):
        assert coordinator.post(path, status=403).h1 == "You cannot use this page"


def test_words_are_linked_from_people_and_settings(admin: PageClient, coordinator: PageClient) -> None:
    for someone in (admin, coordinator):
        assert someone.get("/p/here/people").links["Words"] == WORDS


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter the word for “Child in need”."),
        ("x" * 81, "The word for “Child in need” must be 80 characters or fewer."),
        ("Early help", "There is “Early help” already. Choose another, so that people can tell them apart."),
    ],
)
def test_a_word_that_cannot_be_comes_back_with_one_sentence(
    admin: PageClient, partnership: Partnership, typed: str, error: str
) -> None:
    page = admin.send(admin.get(PLANS), {"child_in_need": typed, "other": "Universal"}, status=200)
    assert page.errors == [error]
    assert page.form().values["other"] == ["Universal"]
    assert own(partnership) == {}


def test_two_who_change_the_same_words_are_shown_both(admin: PageClient, partnership: Partnership) -> None:
    before = admin.get(PLANS)
    admin.send(admin.get(PLANS), {"other": "Universal"})
    page = admin.send(before, {"other": "Targeted"}, status=200)
    assert "Someone else saved this while you were working." in page.errors[0]
    assert page.tables[0][1:] == [["Other", "Universal", "Targeted"]]
    admin.send(page, {"other": "Targeted"})
    assert own(partnership) == {"plan_status": {"other": "Targeted"}}


def test_the_coming_terms_take_one_press_and_so_do_those_of_today(admin: PageClient, partnership: Partnership) -> None:
    page = admin.get(WORDS)
    assert not any(form.action.endswith("/use/today") for form in page.forms)
    page = admin.send(page, action="/use/coming")
    assert page.notices == ["The partnership now uses the coming terms."]
    assert ["Child in need", "Family help (child in need) Changed"] in page.tables[0]
    assert not any(form.action.endswith("/use/coming") for form in page.forms)
    page = admin.send(page, action="/use/today")
    assert page.notices == ["The partnership now uses the words of today."]
    assert own(partnership) == {}


def test_a_set_is_not_pressed_over_somebody_elses_words(admin: PageClient, partnership: Partnership) -> None:
    before = admin.get(WORDS)
    admin.send(admin.get(ROLES), {"scrutineer": "Independent chair"})
    page = admin.send(before, action="/use/coming")
    assert page.notices == ["Someone else changed the words while you were looking. Look at them again."]
    assert own(partnership) == {"role": {"scrutineer": "Independent chair"}}


def test_a_set_with_a_word_that_is_taken_says_so(admin: PageClient, partnership: Partnership) -> None:
    admin.send(admin.get(f"{WORDS}/agency_kind"), {"voluntary": "Family help"})
    page = admin.get(WORDS)
    page = admin.send(page, action="/use/coming")
    assert "has the word “Family help” already" in page.notices[0]


@pytest.mark.parametrize("path", [f"{WORDS}/area", f"{WORDS}/version", f"{WORDS}/PLAN_STATUS"])
def test_a_group_that_is_none_leads_nowhere(admin: PageClient, path: str) -> None:
    assert admin.get(path, status=404).h1 == "Page not found"
    assert admin.post(f"{WORDS}/use/past", status=404).h1 == "Page not found"


def test_people_have_their_roles_in_the_partnerships_words(admin: PageClient, partnership: Partnership) -> None:
    person = a_member(partnership, Role.SCRUTINEER, name="Sky Scrutineer")
    admin.send(admin.get(ROLES), {"scrutineer": "Independent chair", "auditor": "Reviewer"})
    assert "Independent chair" in [row[2] for row in admin.get("/p/here/people").tables[0]]
    invite = admin.get("/p/here/people/new")
    assert "Independent chair" in invite.main
    assert "Reviewers, panel members, practitioners and agency leads act for one agency." in invite.main
    page = admin.send(admin.get(f"/p/here/people/{person.id}/roles/new"), {"role": "auditor"}, status=200)
    assert page.errors == ["Choose the agency for the role Reviewer."]
    assert "Independent scrutineer" not in page.main


def test_words_cost_no_page_a_query(admin: PageClient, partnership: Partnership, count_queries: CountQueries) -> None:
    with count_queries() as before:
        admin.get("/p/here/people")
    admin.send(admin.get(ROLES), {"scrutineer": "Independent chair"})
    admin.get("/p/here/people")  # shows the notice, and forgets it
    with count_queries() as after:
        admin.get("/p/here/people")
    assert after.count == before.count


def test_a_page_says_each_partnerships_words_whoever_opened_it_first(
    client: PageClient, partnership: Partnership
) -> None:
    in_own_words(partnership, role={"administrator": "Keeper of settings"})
    elsewhere = a_partnership()
    for place, words in ((partnership, "a keeper of settings"), (elsewhere, "an administrator")) * 2:
        coordinator = client.as_(a_member(place, Role.COORDINATOR))
        assert f"ask {words}." in coordinator.get(f"/p/{place.slug}/words").main
