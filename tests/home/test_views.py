"""Home, the hub of a round, its history, and the page of a case, as each person sees them."""

from datetime import timedelta

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.history.services import record
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from audit_app.panels import services as panel_services
from audit_app.panels.models import Panel
from audit_app.returns import services as return_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from audit_app.rounds.services import withdraw_round
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor, in_own_words, saved
from tests.factories.actions import a_published_plan, an_action
from tests.factories.case_actions import NOW, a_lead, raised
from tests.factories.panels import Sitting, a_sitting, answer, finish, release
from tests.factories.returns import a_round_with_agencies, submit
from tests.factories.rounds import a_round
from tests.factories.templates import a_draft, published
from tests.fixtures import Clock, CountQueries
from tests.pages import Page, PageClient


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def steps(page: Page) -> list[str]:
    """The things to do that a home page lists."""
    items = page.tree.findall(".//{*}a[@class='govuk-link govuk-task-list__link']")
    return ["".join(item.itertext()).strip() for item in items]


def test_what_belongs_to_no_round_has_a_history_of_its_own(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    administrator = a_member(partnership, Role.ADMINISTRATOR)
    actor, found = as_actor(administrator, partnership), a_round(partnership)
    with transaction():
        record("signed_in", by=actor, of=administrator)
        record("round_created", by=actor, of=found, round_id=found.id)
    page = client.as_(administrator).get(f"/p/{partnership.slug}/history")
    assert f"{administrator.name} signed in" in page.main
    assert "began planning" not in page.main


def test_history_keeps_drafts_of_templates_from_those_who_do_not_see_them(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    published(a_draft(partnership, title="Neglect of teenagers"))
    at, secret = f"/p/{partnership.slug}/history", "began Neglect of teenagers, version 1 as a copy"
    assert secret in client.as_(a_member(partnership, Role.COORDINATOR)).get(at).main
    told = client.as_(a_member(partnership, Role.ADMINISTRATOR)).get(at).main
    assert secret not in told
    assert "published Neglect of teenagers, version 1" in told


def test_someone_with_nothing_to_do_is_told_so(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    board = a_member(partnership, Role.BOARD_MEMBER)
    page = client.as_(board).get(f"/p/{partnership.slug}/")
    assert "Nothing waits for you" in page.text


def test_a_coordinator_sees_each_round_with_its_next_step(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    a_round(partnership, reference="N25", title="Older children", state=RoundState.PUBLISHED)
    a_round(partnership, reference="N26", title="Under fives")
    coordinator = a_member(partnership, Role.COORDINATOR)
    page = client.as_(coordinator).get(f"/p/{partnership.slug}/")
    assert steps(page) == ["Finish planning N26"]
    assert [row[0] for row in page.tables[0][1:]] == ["N26 Under fives"]


def test_an_auditor_is_told_of_the_returns_of_their_agency_alone(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(cases=3)
    page = client.as_(person(asked.health_auditor)).get(f"/p/{asked.slug}/")
    assert steps(page) == ["3 returns to complete"]


def test_a_chair_is_told_of_the_cases_to_agree_and_a_member_of_those_to_read(app: Flask, client: PageClient) -> None:
    sitting = a_sitting()
    home = f"/p/{sitting.asked.slug}/"
    assert steps(client.as_(person(sitting.chair)).get(home)) == ["1 case to agree on your panels"]
    assert steps(client.as_(person(sitting.member)).get(home)) == ["1 case to read before your panel"]


def test_a_chair_releases_what_is_answered_and_who_sits_is_told_when(app: Flask, client: PageClient) -> None:
    sitting = a_sitting()
    answer(sitting, 1)
    with transaction():
        db.session.get_one(Panel, sitting.panel_id).held_on = clock.today()
    home, panel = sitting.path("/"), sitting.path(f"/panels/{sitting.panel_id}")
    release_it, next_panel = (
        f"Release 1 case of {sitting.asked.reference} to your panel",
        f"Your next panel, of {sitting.asked.reference}, is today",
    )
    chair = client.as_(person(sitting.chair)).get(home)
    assert steps(chair) == ["1 case to agree on your panels", release_it, next_panel]
    assert {chair.links[release_it], chair.links[next_panel]} == {panel}
    for person_id in (sitting.member, sitting.note_taker):
        page = client.as_(person(person_id)).get(home)
        assert release_it not in page.main
        assert page.links[next_panel] == panel
    assert "Town Hall, room 4" in page.main


def test_a_coordinator_opens_every_return_of_a_case_and_is_told_which_to_check(app: Flask, client: PageClient) -> None:
    sitting = a_sitting(is_handed_over=False)
    asked = sitting.asked
    case = case_page(client, sitting, asked.coordinator)
    for agency_id in (asked.health, asked.police):
        shown = client.as_(person(asked.coordinator)).get(case.links[agency_name(agency_id)])
        assert agency_name(agency_id) in shown.main
    answer(sitting, 0)
    told = f"2 returns of {asked.reference} wait to be accepted or sent back"
    browser = client.as_(person(asked.coordinator))
    page = browser.get(sitting.path("/"))
    assert page.links[told] == sitting.path(f"/rounds/{asked.reference}/returns?state=submitted")
    release(sitting, 0)
    assert told not in browser.get(sitting.path("/")).main


def test_an_administrator_is_told_of_mails_that_lie_in_the_outbox(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    administrator = a_member(partnership, Role.ADMINISTRATOR)
    for number, days in enumerate((0, 13, 15)):
        saved(
            Message(
                partnership_id=partnership.id,
                recipient="a@b.example",
                occasion=str(number),
                subject="A concern",
                body="Read this.",
                state=MessageState.KEPT,
                created_at=clock.now() - timedelta(days=days),
            )
        )
    page = client.as_(administrator).get(f"/p/{partnership.slug}/")
    assert steps(page)[:1] == ["2 mails are kept in the outbox, because no mail server is set"]


@pytest.mark.parametrize(("days", "is_news"), [(29, True), (31, False)])
def test_a_published_round_is_news_for_thirty_days(app: Flask, client: PageClient, days: int, is_news: bool) -> None:
    partnership = a_partnership()
    found = a_round(partnership, reference="N25", title="Older children", state=RoundState.PUBLISHED)
    board = a_member(partnership, Role.BOARD_MEMBER)
    with transaction():
        found.published_at, found.published_by_id = clock.now() - timedelta(days=days), board.id
    page = client.as_(board).get(f"/p/{partnership.slug}/")
    assert ("Read the findings of N25 Older children" in page.main) is is_news
    assert ("Published on" in page.main) is is_news


def test_leads_and_board_are_told_of_actions(app: Flask, client: PageClient) -> None:
    plan = a_published_plan()
    an_action(plan.finding, plan.health, plan.lead, due_on=clock.today().replace(year=2020))
    home = f"/p/{plan.partnership.slug}/"
    assert steps(client.as_(plan.lead).get(home))[0] == "1 action of your agency is overdue"
    assert steps(client.as_(plan.police_lead).get(home)) == []
    assert "1 action of the plan is overdue" in steps(client.as_(plan.board).get(home))


def test_an_agency_is_told_what_it_has_to_do_for_a_child_and_a_coordinator_what_is_late(
    app: Flask, client: PageClient, clock: Clock
) -> None:
    clock.set(NOW)
    sitting = a_sitting()
    raised(sitting, days=1)
    raised(sitting, days=9)
    home, lead = f"/p/{sitting.asked.slug}/", a_lead(sitting, sitting.asked.health)
    clock.set(NOW + timedelta(days=2))
    soon = "1 action about a child for your agency to do; it is due on 17 March 2026"
    page = client.as_(lead).get(home)
    assert steps(page) == ["1 action about a child of your agency is late", soon]
    assert sitting.asked.cases[0] not in page.main
    assert len(client.as_(lead).get(page.links[steps(page)[0]]).tables[0]) == 2
    assert soon in steps(client.as_(person(sitting.asked.health_auditor)).get(home))
    assert "1 action about a child is late" in steps(client.as_(person(sitting.asked.coordinator)).get(home))
    assert not any(
        "about a child" in step for step in steps(client.as_(person(sitting.asked.police_auditor)).get(home))
    )


def test_an_administrator_is_told_of_agencies_that_nobody_can_reach(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    an_agency(partnership, contact_email="")
    administrator = a_member(partnership, Role.ADMINISTRATOR)
    page = client.as_(administrator).get(f"/p/{partnership.slug}/")
    assert steps(page) == ["1 agency has no safeguarding contact", "6 other routes have no contact"]


def test_home_asks_as_many_questions_for_thirty_rounds_as_for_one(
    app: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    partnership = a_partnership()
    everybody = a_member(partnership, *Role, agency=an_agency(partnership))
    a_round(partnership)
    browser = client.as_(everybody)
    with count_queries() as for_one:
        browser.get(f"/p/{partnership.slug}/")
    for _ in range(29):
        a_round(partnership)
    with count_queries() as for_thirty:
        browser.get(f"/p/{partnership.slug}/")
    assert for_thirty.count == for_one.count <= 24  # of somebody who holds every role


def test_the_hub_of_a_round_counts_what_is_there(app: Flask, client: PageClient) -> None:
    sitting = a_sitting()
    page = client.as_(person(sitting.asked.coordinator)).get(
        f"/p/{sitting.asked.slug}/rounds/{sitting.asked.reference}"
    )
    assert "Returns answered" in page.text
    assert "2 of 4" in page.text
    assert "0 of 2" in page.text


def test_history_reads_newest_first_and_turns_its_pages(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    coordinator = a_member(partnership, Role.COORDINATOR, name="Cora")
    found = a_round(partnership, reference="N26")
    write_history(partnership, coordinator, found, 60)
    browser = client.as_(coordinator)
    first = browser.get(f"/p/{partnership.slug}/rounds/N26/history")
    assert first.main.index("field 59") < first.main.index("field 58")
    assert "field 9 " not in first.main
    older = browser.get(first.links["Older"])
    assert "Newest" in older.links
    assert "field 9" in older.main
    assert "field 59" not in older.main


def write_history(partnership: Partnership, coordinator: Person, found: Round, deeds: int) -> None:
    for number in range(deeds):
        with transaction():
            record("round_changed", by=as_actor(coordinator, partnership), of=found, fields=f"field {number}")


def case_page(client: PageClient, sitting: Sitting, person_id: int, *, status: int = 200) -> Page:
    path = f"/p/{sitting.asked.slug}/cases/{sitting.asked.cases[0]}"
    return client.as_(person(person_id)).get(path, status=status)


def test_a_case_opens_step_by_step_to_those_who_work_on_it(app: Flask, client: PageClient) -> None:
    sitting = a_sitting(is_handed_over=False)
    asked = sitting.asked
    case_page(client, sitting, sitting.member, status=404)
    own = case_page(client, sitting, asked.health_auditor)
    assert [row[0] for row in own.tables[0][1:]] == [agency_name(asked.health)]

    answer(sitting, 0)
    assert agency_name(asked.police) not in case_page(client, sitting, asked.health_auditor).main
    assert len(case_page(client, sitting, asked.coordinator).tables[0]) == 3

    release(sitting, 0)
    assert len(case_page(client, sitting, sitting.member).tables[0]) == 3
    assert [row[0] for row in case_page(client, sitting, asked.health_auditor).tables[0][1:]] == [
        agency_name(asked.health)
    ]

    finish(sitting)
    agreed = case_page(client, sitting, asked.health_auditor)
    assert any("What the panel agreed" in " ".join(table[0]) or "Agreed rating" in table[0] for table in agreed.tables)


def agency_name(agency_id: int) -> str:
    return db.session.get_one(Agency, agency_id).name


def test_a_board_member_gets_no_page_of_a_case(app: Flask, client: PageClient) -> None:
    sitting = a_sitting()
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    board = a_member(partnership, Role.BOARD_MEMBER)
    assert case_page(client, sitting, board.id, status=403).h1 == "You cannot use this page"


def test_another_partnerships_case_is_not_there(app: Flask, client: PageClient) -> None:
    sitting = a_sitting()
    elsewhere = a_partnership()
    coordinator = a_member(elsewhere, Role.COORDINATOR)
    page = client.as_(coordinator).get(f"/p/{elsewhere.slug}/cases/{sitting.asked.cases[0]}", status=404)
    assert page.h1 == "Page not found"


def test_a_coordinator_who_audits_a_case_is_told_of_no_deed_on_it_before_its_release(
    app: Flask, client: PageClient
) -> None:
    sitting = a_sitting(is_released=False)
    asked = sitting.asked
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR, Role.AUDITOR, agency=db.session.get_one(Agency, asked.health))
    with transaction():
        return_services.send_back(
            asked.returns[asked.police][0],
            reason="Home visits cannot be good when nobody went.",
            link="",
            by=asked.actor(asked.coordinator),
            at=clock.now(),
        )
    rounds = f"/p/{asked.slug}/rounds/{asked.reference}"
    pages = (rounds, f"{rounds}/history", f"/p/{asked.slug}/cases/{asked.cases[0]}")
    for page in pages:
        told = client.as_(person(asked.coordinator)).get(page).text
        assert "back, with a reason" in told
        assert "nobody went" not in told, "history says that there is a reason, never which"
        assert "back, with a reason" not in client.as_(both).get(page).text
    submit(asked.returns[asked.police][0], asked.actor(asked.police_auditor))
    release(sitting, 0)
    assert all("back, with a reason" in client.as_(both).get(page).text for page in pages)


def test_an_auditor_who_sits_on_another_panel_sees_others_ratings_only_where_the_round_says_so(
    app: Flask, client: PageClient
) -> None:
    sitting = a_sitting(cases=1)
    asked = sitting.asked
    finish(sitting)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.AUDITOR, Role.PANEL_MEMBER, agency=db.session.get_one(Agency, asked.health))
    behind = f"/p/{asked.slug}/rounds/{asked.reference}/findings/cases"
    for is_showing in (True, False):
        with transaction():
            db.session.get_one(Round, asked.round_id).is_showing_returns_when_agreed = is_showing
        assert ("Seen on 3 March." in client.as_(both).get(behind, agency=asked.police).text) is is_showing


def test_what_was_withdrawn_is_asked_of_nobody(app: Flask, client: PageClient) -> None:
    sitting = a_sitting(cases=2, is_handed_over=False)
    asked = sitting.asked
    auditor, coordinator = person(asked.health_auditor), asked.actor(asked.coordinator)
    home, hub = f"/p/{asked.slug}/", f"/p/{asked.slug}/rounds/{asked.reference}"
    with transaction():
        panel_services.withdraw_case(sitting.cases[0], reason="Moved away", by=coordinator, at=clock.now())
    assert steps(client.as_(auditor).get(home)) == ["1 return to complete"]
    assert "Waiting for 2 returns from the agencies." in client.as_(person(asked.coordinator)).get(hub).text
    with transaction():
        withdraw_round(asked.round_id, reason="Called off", by=coordinator)
    assert steps(client.as_(auditor).get(home)) == []


def test_cases_and_what_a_round_waits_for_are_said_in_the_partnerships_words(app: Flask, client: PageClient) -> None:
    sitting = a_sitting(cases=1)
    here = db.session.get_one(Partnership, sitting.asked.partnership_id)
    elsewhere = a_sitting(cases=1).asked
    waiting = a_round(here, state=RoundState.SAMPLING)
    in_own_words(here, plan_status={"child_protection": "Safety plan"}, role={"key_holder": "Council's analyst"})
    for asked, plan in ((sitting.asked, "Safety plan"), (elsewhere, "Child protection plan")):
        coordinator = client.as_(person(asked.coordinator))
        case = f"/p/{asked.slug}/cases/{asked.cases[0]}"
        assert plan in coordinator.get(case).main
        assert plan in [row[2] for row in coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/cases").tables[0]]
    assert "Safety plan" in client.as_(person(sitting.chair)).get(sitting.at()).main
    page = client.as_(person(sitting.asked.coordinator)).get(f"/p/{here.slug}/rounds/{waiting.reference}")
    assert "Waiting for the council's analyst to import the population." in page.main
