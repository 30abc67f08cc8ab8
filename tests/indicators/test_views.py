"""Looking at templates and indicators."""

from dataclasses import replace

import pytest
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.indicators.rules import RequirementKind
from audit_app.indicators.services import load_catalogue
from tests.factories.accounts import a_member, a_partnership, in_own_words
from tests.factories.indicators import the_catalogue, the_templates
from tests.fixtures import CountQueries
from tests.pages import PageClient

ANY_ROLE = [Role.AUDITOR, Role.PANEL_MEMBER, Role.BOARD_MEMBER, Role.PRACTITIONER, Role.ADMINISTRATOR]


@pytest.mark.parametrize("role", ANY_ROLE)
def test_any_member_sees_the_templates_with_core_16_first(app: Flask, client: PageClient, role: Role) -> None:
    the_templates()
    partnership = a_partnership()
    page = client.as_(a_member(partnership, role)).get(f"/p/{partnership.slug}/templates")
    assert page.h1 == "Audit templates"
    assert (
        page.main.index("Core 16") < page.main.index("Shared by the strategies") < page.main.index("City and Hackney")
    )
    assert page.links["Core 16"] == f"/p/{partnership.slug}/templates/core-16/1"


def test_a_template_is_shown_as_its_auditors_will_see_it(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    page = client.as_(a_member(partnership, Role.COORDINATOR)).get(f"/p/{partnership.slug}/templates/core-16/1")
    assert page.h1 == "Core 16"
    for indicator in the_catalogue().templates[0].indicators:
        for words in (indicator.question, indicator.why, indicator.look_for, *indicator.guidance.values()):
            assert words in page.main
    assert "Asked only for: Under 1, 1 to 4, 5 to 9, 10 to 15, 16 and over." in page.main
    assert page.main.count("What you rate: Your own agency's work.") == 8


def test_an_indicator_shows_the_paragraphs_behind_it(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    page = client.as_(a_member(partnership, Role.SCRUTINEER)).get(f"/p/{partnership.slug}/indicators/H01")
    assert page.h1 == "Apparent co-operation without change"
    assert [row[0] for row in page.tables[0][1:]] == [
        "City and Hackney Safeguarding Children Partnership",
        "Herefordshire Safeguarding Children Partnership",
    ]
    assert page.tables[0][2][3] == "paragraph 3, line 84 of the text"
    assert page.links["Core 16"] == f"/p/{partnership.slug}/templates/core-16/1"


def test_every_indicator_has_its_page(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.COORDINATOR))
    for code, indicator in the_catalogue().indicators.items():
        assert browser.get(f"/p/{partnership.slug}/indicators/{code}").h1 == indicator.title


def test_an_indicator_that_no_template_asks_says_so(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    page = client.as_(a_member(partnership, Role.COORDINATOR)).get(f"/p/{partnership.slug}/indicators/F05")
    assert "No template asks it yet." in page.main


@pytest.mark.parametrize("address", ["templates/core-16/9", "templates/nothing/1", "indicators/Z99"])
def test_what_is_not_there_is_not_found(app: Flask, client: PageClient, address: str) -> None:
    the_templates()
    partnership = a_partnership()
    page = client.as_(a_member(partnership, Role.COORDINATOR)).get(f"/p/{partnership.slug}/{address}", status=404)
    assert page.status == 404


def test_before_anything_is_loaded_the_list_says_what_will_be_here(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    page = client.as_(a_member(partnership, Role.COORDINATOR)).get(f"/p/{partnership.slug}/templates")
    assert "No templates yet" in page.main


def test_a_longer_template_asks_the_database_no_more(
    app: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.COORDINATOR))
    counts = []
    for template in ("core-16/1", "city-and-hackney/2"):
        with count_queries() as queried:
            browser.get(f"/p/{partnership.slug}/templates/{template}")
        counts.append(queried.count)
    assert counts[0] == counts[1]


def test_the_library_shows_which_strategies_ask_for_each_indicator(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.BOARD_MEMBER))
    path = f"/p/{partnership.slug}/indicators"
    page = browser.get(path)
    assert len(page.tables[0]) == 1 + 77
    assert [row[0] for row in browser.get(path, shared="5").tables[0][1:]] == ["A01", "A02", "B01", "K01"]
    alone = browser.get(path, shared="1", strategy="lincolnshire").tables[0][1:]
    assert [row[0] for row in alone] == ["G04"]
    assert browser.get(path, domain="Tools").links.keys() >= {"Clear filters"}
    assert "No indicator fits these filters." in browser.get(path, domain="Tools", shared="5").main


def test_a_strategy_is_read_paragraph_by_paragraph(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.AUDITOR))
    for key, strategy in the_catalogue().strategies.items():
        page = browser.get(f"/p/{partnership.slug}/strategies/{key}")
        assert page.h1 == strategy.publisher
        assert all(statement.words in page.main for statement in strategy.statements)
    browser.get(f"/p/{partnership.slug}/strategies/atlantis", status=404)
    assert len(browser.get(f"/p/{partnership.slug}/strategies").tables[0]) == 1 + 5


def test_long_pages_begin_with_a_list_of_what_is_on_them(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.SCRUTINEER))
    pages = [f"strategies/{key}" for key in the_catalogue().strategies]
    pages += [f"requirements/{kind}" for kind in RequirementKind]
    for address in pages:
        page = browser.get(f"/p/{partnership.slug}/{address}")
        (listed,) = (nav for nav in page.tree.iter("nav") if nav.get("id") == "on-this-page")
        linked = [link.attrib["href"] for link in listed.iter("a")]
        assert len(linked) >= 5, address
        assert set(linked) <= {f"#{one.get('id')}" for one in page.tree.iter() if one.get("id")}, address
        assert page.main.count("Back to the list of what is on this page") >= 5
    herefordshire = browser.get(f"/p/{partnership.slug}/strategies/herefordshire").main
    assert "How success is measured (31): How success is measured: Section 1" in herefordshire
    attributes = browser.get(f"/p/{partnership.slug}/requirements/attribute").main
    assert attributes.index("Graded Care Profile 2 (4)") < attributes.index("As many answers as fit")


def test_what_is_asked_for_beside_indicators_is_shown_kind_by_kind(app: Flask, client: PageClient) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.COORDINATOR))
    for kind in RequirementKind:
        page = browser.get(f"/p/{partnership.slug}/requirements/{kind}")
        shown = [one for one in the_catalogue().requirements.values() if one.kind is kind]
        assert len(shown) >= 15
        assert all(one.title in page.main and one.words in page.main for one in shown)
    browser.get(f"/p/{partnership.slug}/requirements/wishes", status=404)


def test_the_pages_on_the_library_ask_as_often_whatever_they_show(
    app: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    the_templates()
    partnership = a_partnership()
    browser = client.as_(a_member(partnership, Role.COORDINATOR))
    for few, many in (
        ("indicators?shared=5", "indicators"),
        ("strategies/lincolnshire", "strategies/herefordshire"),
        ("requirements/tool", "requirements/attribute"),
    ):
        with count_queries() as one:
            browser.get(f"/p/{partnership.slug}/{few}")
        with count_queries() as another:
            browser.get(f"/p/{partnership.slug}/{many}")
        assert one.count == another.count


def test_limits_and_users_of_tools_are_said_in_the_partnerships_words(app: Flask, client: PageClient) -> None:
    coming = [one for one in the_catalogue().templates if one.code == "coming-terms"]
    with transaction():
        load_catalogue(replace(the_catalogue(), templates=tuple(coming)), at=clock.now())
    here, elsewhere = a_partnership(), a_partnership()
    in_own_words(
        here,
        plan_status={"child_in_need": "Family help"},
        workforce={"social_worker": "Lead child protection practitioner"},
    )
    for partnership, plan, user in (
        (here, "Family help", "Lead child protection practitioner: must use it"),
        (elsewhere, "Child in need", "Social worker: must use it"),
    ):
        browser = client.as_(a_member(partnership, Role.COORDINATOR))
        shown = browser.get(f"/p/{partnership.slug}/templates/coming-terms/2").main
        assert f"Asked only for: Child protection plan, {plan}, Looked after, Other" in shown
        assert user in browser.get(f"/p/{partnership.slug}/requirements/tool").main
