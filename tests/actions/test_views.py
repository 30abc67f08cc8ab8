"""The plan and the pages of one action, as the people who use them."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit_app.accounts.models import Membership, Person
from audit_app.actions.models import Action
from audit_app.actions.rules import ActionState, Brag
from audit_app.core.db import db, transaction
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.actions import Place, a_progress_update, an_action
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient

TODAY = date(2026, 3, 4)
IN_A_FORM = {
    "title": "Name every man",
    "due_on": ["1", "9", "2026"],
    "outcome_measure": "9 of 10 assessments",
    "brag": "green",
}


def put(place: Place, state: ActionState) -> None:
    with transaction():
        db.session.get_one(Action, place.action.id).state = state


def put_round(place: Place, state: RoundState) -> None:
    with transaction():
        db.session.get_one(Round, place.round.id).state = state


def new_action(place: Place) -> str:
    return f"/p/{place.partnership.slug}/rounds/N26/findings/{place.finding.id}/actions/new"


def owner(place: Place, person: Person | None = None) -> str:
    person = person or place.lead
    agency = place.police if person is place.police_lead else place.health
    return f"{agency.id}-{person.id}"


# the plan


def test_the_plan_has_the_columns_councils_use(place: Place, client: PageClient) -> None:
    a_progress_update(place.action, place.lead)
    page = client.as_(place.board).get(place.path)
    assert page.h1 == "Action plan"
    heading, row = page.tables[0]
    assert heading == ["Action", "Timescale", "Lead", "Outcome measure", "BRAG", "Evaluation, or the latest update"]
    assert row == [
        "Ask about every man in the home N26: Men are left out",
        "1 January 2100",
        "Health Hana Lead",
        "Men are named in 9 of 10 assessments.",
        "On track",
        "The form asks for every man in the home. Update of 4 March 2026",
    ]


def test_an_overdue_action_says_by_how_much(place: Place, client: PageClient) -> None:
    late = an_action(place.finding, place.police, place.police_lead, due_on=TODAY - timedelta(3), title="Late one")
    page = client.as_(place.coordinator).get(place.path)
    row = page.tables[0][1]
    assert (row[1], row[4]) == ("1 March 2026 3 days late", "On track Overdue")
    assert "On track Overdue" in " ".join(client.as_(place.coordinator).get(page.links[late.title]).main.split())


def test_the_counts_of_the_plan_lead_to_what_they_count(place: Place, client: PageClient) -> None:
    late = an_action(place.finding, place.police, place.police_lead, due_on=TODAY - timedelta(3))
    browser = client.as_(place.coordinator)
    page = browser.get(browser.get(place.path).links["overdue"])
    assert [row[0] for row in page.tables[0][1:]] == [f"{late.title} N26: Men are left out"]


def test_a_filtered_plan_is_an_address_that_can_be_sent(place: Place, client: PageClient) -> None:
    an_action(place.finding, place.police, place.police_lead, title="Theirs", brag=Brag.RED)
    page = client.as_(place.board).get(place.path, agency=place.police.id, state="open", brag="red", round="N26")
    assert [row[0] for row in page.tables[0][1:]] == ["Theirs N26: Men are left out"]
    assert page.forms[0].values == {
        "agency": [str(place.police.id)], "round": ["N26"], "state": ["open"], "brag": ["red"], "overdue": [],
    }  # fmt: skip
    without = client.as_(place.board).get(page.links["Remove this filter: Police"])
    assert without.forms[0].values["agency"] == [""]
    assert without.forms[0].values["brag"] == ["red"]


@pytest.mark.parametrize("query", [{"state": "lost"}, {"agency": "x"}, {"brag": "blue"}, {"page": "x"}])
def test_a_filter_that_means_nothing_is_passed_over(place: Place, client: PageClient, query: dict[str, Any]) -> None:
    assert len(client.as_(place.board).get(place.path, **query).tables[0]) == 2


def test_a_filter_that_nothing_fits_says_so(place: Place, client: PageClient) -> None:
    page = client.as_(place.board).get(place.path, overdue="yes")
    assert "No action fits these filters." in page.main


def test_an_empty_plan_says_what_will_be_here(place: Place, client: PageClient) -> None:
    put_round(place, RoundState.REPORTING)
    assert "No actions yet" in client.as_(place.board).get(place.path).main


def test_a_long_plan_is_cut_into_pages(place: Place, client: PageClient) -> None:
    for _ in range(25):
        an_action(place.finding, place.health, place.lead)
    browser = client.as_(place.board)
    assert len(browser.get(place.path).tables[0]) == 26
    assert len(browser.get(place.path, page=2).tables[0]) == 2


def test_the_plan_takes_as_many_queries_for_thirty_actions_as_for_one(
    place: Place, client: PageClient, count_queries: CountQueries
) -> None:
    browser, path = client.as_(place.lead), place.path
    with count_queries() as for_one:
        browser.get(path)
    for _ in range(29):
        a_progress_update(an_action(place.finding, place.health, place.lead), place.lead)
    with count_queries() as for_thirty:
        browser.get(path)
    assert for_one.count == for_thirty.count <= 7, for_thirty


# writing an action


def test_a_coordinator_writes_an_action_from_a_finding(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.get(new_action(place))
    assert "Men are left out" in page.main
    after = browser.send(page, {**IN_A_FORM, "owner": owner(place, place.police_lead)})
    assert after.h1 == "Name every man"
    assert after.notices == ["The action is in the plan."]
    assert "Pat Lead" in after.main


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": " "}, "Say what will be done."),
        ({"title": "x" * 301}, "The action must be 300 characters or fewer."),
        ({"owner": ""}, "Choose who leads it."),
        ({"owner": "9-9"}, "Choose one of the answers shown."),
        ({"due_on": ["", "", ""]}, "Enter the day it is due."),
        ({"due_on": ["31", "2", "2027"]}, "The day it is due must be a real date."),
        ({"due_on": ["3", "3", "2026"]}, "Choose today or a later day."),
        ({"outcome_measure": ""}, "Say how you will know that it worked."),
        ({"brag": None}, "Choose how it is going."),
    ],
)
def test_an_action_is_not_written_and_what_was_typed_stays(
    place: Place, client: PageClient, change: dict[str, object], error: str
) -> None:
    browser = client.as_(place.coordinator)
    typed = {**IN_A_FORM, "owner": owner(place), **change}
    page = browser.send(browser.get(new_action(place)), typed, status=200)
    assert page.errors == [error]
    kept = page.form().values
    for name in ("outcome_measure", "due_on"):
        wanted = typed[name]
        assert kept[name] == (wanted if isinstance(wanted, list) else [wanted])


def test_a_lead_who_leaves_while_the_form_is_open_is_refused_in_the_form(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.get(new_action(place))
    with transaction():
        db.session.query(Membership).filter_by(person_id=place.lead.id).one().until_day = TODAY - timedelta(1)
    refused = browser.send(page, {**IN_A_FORM, "owner": owner(place)}, status=200)
    assert refused.errors == ["Choose one of the answers shown."]
    assert refused.form().values["title"] == ["Name every man"]


def test_the_page_that_writes_an_action_is_closed_with_the_round(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.get(new_action(place))
    put_round(place, RoundState.CLOSED)
    assert "while a round is reported" in browser.get(new_action(place), status=409).main
    refused = browser.send(page, {**IN_A_FORM, "owner": owner(place)}, status=200)
    assert "while a round is reported" in refused.errors[0]
    assert refused.form().values["title"] == ["Name every man"]


def test_a_finding_is_only_there_in_its_own_round(place: Place, client: PageClient) -> None:
    page = client.as_(place.coordinator).get(new_action(place).replace("N26", "N27"), status=404)
    assert page.h1 == "Page not found"


# one action


def test_the_page_of_an_action_tells_its_whole_story(place: Place, client: PageClient) -> None:
    a_progress_update(place.action, place.lead, impact="9 of 10 name him.")
    page = client.as_(place.board).get(place.action_path)
    assert page.h1 == place.action.title
    for words in ("Open", "On track", "1 January 2100", "Health", "Hana Lead", "Men are left out", "9 of 10 name him."):
        assert words in page.main


def test_each_person_is_offered_what_they_can_do_now(place: Place, client: PageClient) -> None:
    def offers(person: Person) -> set[str]:
        page = client.as_(person).get(place.action_path)
        buttons = {"Report it as done"} if "Report it as done" in page.main else set()
        wanted = {"Post progress", "Sign off or send back", "Change this action", "Withdraw this action"}
        return (wanted & page.links.keys()) | buttons

    a_progress_update(place.action, place.lead)
    coordinator = {"Change this action", "Withdraw this action"}
    assert offers(place.lead) == {"Post progress", "Report it as done"}
    assert [offers(one) for one in (place.board, place.coordinator)] == [set(), coordinator]
    put(place, ActionState.DONE)
    assert [offers(one) for one in (place.lead, place.board)] == [set(), {"Sign off or send back"}]
    put(place, ActionState.SIGNED_OFF)
    assert [offers(one) for one in (place.lead, place.board, place.coordinator)] == [set(), set(), set()]


def test_a_script_in_an_update_is_shown_as_nothing(place: Place, client: PageClient) -> None:
    a_progress_update(place.action, place.lead, words="<script>alert(1)</script>Kept")
    page = client.as_(place.board).get(place.action_path)
    assert "<script>alert" not in page.html
    assert "Kept" in page.main


# changing


def test_a_coordinator_changes_an_action_and_moves_its_date(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.get(f"{place.action_path}/change")
    assert page.form().values["due_on"] == ["1", "1", "2100"]
    changed = {"title": "Ask every time", "due_on": ["1", "9", "2026"], "due_reason": "The system comes later."}
    after = browser.send(page, changed)
    assert after.h1 == "Ask every time"
    assert "1 January 2100, moved to 1 September 2026 on 4 March 2026: The system comes later." in after.main


def test_a_date_without_a_reason_is_refused_beside_the_question(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.get(f"{place.action_path}/change")
    refused = browser.send(page, {"due_on": ["1", "9", "2026"], "title": "Kept as typed"}, status=200)
    assert refused.errors == ["Say why the due date is moved. The earlier date is kept."]
    assert refused.form().values["due_on"] == ["1", "9", "2026"]
    assert refused.form().values["title"] == ["Kept as typed"]


def test_a_stale_change_shows_both_texts_and_the_next_save_goes_through(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    mine, theirs = browser.get(f"{place.action_path}/change"), browser.get(f"{place.action_path}/change")
    browser.send(theirs, {"title": "What they wrote"})
    refused = browser.send(mine, {"title": "What I wrote"}, status=200)
    assert "Someone else saved this" in refused.errors[0]
    assert refused.tables[0][1] == ["What will be done?", "What they wrote", "What I wrote"]
    assert browser.send(refused).h1 == "What I wrote"


def test_a_change_that_does_not_say_what_it_was_typed_on_overwrites_nothing(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.get(f"{place.action_path}/change")
    refused = browser.send(page, {"title": "What I wrote", "version": None}, status=200)
    assert "Someone else saved this" in refused.errors[0]


@pytest.mark.parametrize("page_of", ["change", "withdraw"])
def test_a_finished_action_has_no_such_page(place: Place, client: PageClient, page_of: str) -> None:
    browser = client.as_(place.coordinator)
    open_page = browser.get(f"{place.action_path}/{page_of}")
    put(place, ActionState.SIGNED_OFF)
    browser.get(f"{place.action_path}/{page_of}", status=409)
    typed = {"reason": "Typed."} if page_of == "withdraw" else {"title": "Typed."}
    refused = browser.send(open_page, typed, status=200)
    assert refused.errors
    assert ["Typed."] in refused.form().values.values()


# progress


def test_an_agency_lead_posts_progress(place: Place, client: PageClient) -> None:
    browser = client.as_(place.lead)
    page = browser.get(f"{place.action_path}/progress")
    after = browser.send(page, {"words": "The form was changed.", "impact": "7 of 10.", "brag": "amber"})
    assert after.notices == ["Your update is posted."]
    for words in ("At risk", "The form was changed.", "7 of 10."):
        assert words in after.main


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"words": ""}, "Say what has been done."),
        ({"brag": None}, "Choose how it is going."),
        ({"is_done": "y", "impact": ""}, "Say what difference it made before you report this action as done."),
    ],
)
def test_an_update_is_refused_and_stays_in_the_form(
    place: Place, client: PageClient, change: dict[str, object], error: str
) -> None:
    browser = client.as_(place.lead)
    typed = {"words": "The form was changed.", "impact": "Typed.", "brag": "amber", **change}
    page = browser.send(browser.get(f"{place.action_path}/progress"), typed, status=200)
    assert page.errors == [error]
    assert page.form().values["impact"] == [typed["impact"]]


def test_an_update_typed_while_the_action_was_withdrawn_is_not_lost(place: Place, client: PageClient) -> None:
    browser = client.as_(place.lead)
    page = browser.get(f"{place.action_path}/progress")
    put(place, ActionState.WITHDRAWN)
    refused = browser.send(page, {"words": "Long and typed.", "brag": "green"}, status=200)
    assert "Progress is posted on open actions." in refused.errors[0]
    assert refused.form().values["words"] == ["Long and typed."]
    browser.get(f"{place.action_path}/progress", status=409)


def test_another_agencys_lead_cannot_post_progress(place: Place, client: PageClient) -> None:
    browser = client.as_(place.police_lead)
    browser.get(f"{place.action_path}/progress", status=404)
    browser.post(f"{place.action_path}/progress", {"words": "x", "brag": "green"}, status=404)
    browser.post(f"{place.action_path}/done", status=404)
    assert browser.get(place.action_path, status=404).h1 == "Page not found"


def test_an_action_is_reported_as_done_with_one_button(place: Place, client: PageClient) -> None:
    a_progress_update(place.action, place.lead)
    browser = client.as_(place.lead)
    after = browser.send(browser.get(place.action_path), action="/done")
    assert after.notices == ["Done: the board is asked to sign it off."]
    assert "It waits for the board to sign it off." in after.main
    browser.post(f"{place.action_path}/done", status=409)


# the board


def decided(place: Place, client: PageClient, **changes: object) -> Page:
    a_progress_update(place.action, place.lead)
    put(place, ActionState.DONE)
    browser = client.as_(place.board)
    return browser.send(browser.get(f"{place.action_path}/sign-off"), changes)


def test_the_board_signs_an_action_off(place: Place, client: PageClient) -> None:
    page = decided(place, client, decision="sign_off", evaluation="Men are named now.")
    assert page.notices == ["Signed off."]
    assert "Men are named now." in page.main
    plan = client.as_(place.board).get(place.path)
    assert plan.tables[0][1][4:] == ["Signed off", "Men are named now."]


def test_the_board_sends_an_action_back_and_its_lead_reads_why(place: Place, client: PageClient) -> None:
    decided(place, client, decision="send_back", reason="Sample ten more.")
    page = client.as_(place.lead).get(place.action_path)
    assert "Sent back by the board Sample ten more." in page.main
    assert "Post progress" in page.links


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Choose whether to sign it off or send it back."),
        ({"decision": "sign_off", "reason": "Typed."}, "Say what the board made of it."),
        ({"decision": "send_back", "evaluation": "Typed."}, "Say why the action is sent back."),
    ],
)
def test_a_decision_says_why(place: Place, client: PageClient, typed: dict[str, str], error: str) -> None:
    put(place, ActionState.DONE)
    browser = client.as_(place.board)
    page = browser.send(browser.get(f"{place.action_path}/sign-off"), typed, status=200)
    assert page.errors == [error]
    kept = page.form().values
    assert {name: kept[name] for name in typed} == {name: [words] for name, words in typed.items()}


def test_the_board_decides_on_done_actions_alone(place: Place, client: PageClient) -> None:
    browser = client.as_(place.board)
    browser.get(f"{place.action_path}/sign-off", status=409)
    put_round(place, RoundState.REPORTING)
    put(place, ActionState.DONE)
    assert browser.get(f"{place.action_path}/sign-off", status=404).h1 == "Page not found"


# withdrawing


def test_a_withdrawn_action_stays_in_the_plan_with_its_reason(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    after = browser.send(browser.get(f"{place.action_path}/withdraw"), {"reason": "Another action covers it."})
    assert "Withdrawn Another action covers it." in after.main
    assert browser.get(place.path).tables[0][1][4] == "Withdrawn"


def test_withdrawing_needs_a_reason(place: Place, client: PageClient) -> None:
    browser = client.as_(place.coordinator)
    page = browser.send(browser.get(f"{place.action_path}/withdraw"), {"reason": " "}, status=200)
    assert page.errors == ["Say why the action is withdrawn."]
