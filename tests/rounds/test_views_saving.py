"""What a saved page of a plan says, and what can still be changed in an open round."""

import pytest

from audit_app.accounts.rules import Role
from audit_app.rounds.models import Round
from tests.factories.rounds import a_planned_round, a_round, an_open_round
from tests.pages import PageClient
from tests.rounds.conftest import Place


@pytest.fixture
def cora(place: Place, client: PageClient) -> PageClient:
    return client.as_(place.cora)


def plan_page(place: Place, made: Round, page: str = "") -> str:
    return f"{place.rounds}/{made.reference}/plan{'/' if page else ''}{page}"


def test_the_coordinator_moves_the_dates_of_an_open_round(place: Place, cora: PageClient, client: PageClient) -> None:
    made = an_open_round(place.partnership, [place.health, place.police])
    shown = cora.get(plan_page(place, made))
    assert "You can still change its dates and reminders, until the round is published, and what is" in shown.main
    links = ["Change (Dates)", "Change (Reminders and feedback)", "Change (Panels)"]
    assert [words for words in shown.links if words.startswith("Change")] == links
    moved = {"panel_on": ["1", "4", "2100"], "report_due_on": ["1", "5", "2100"]}
    page = cora.send(cora.get(shown.links["Change (Dates)"]), moved)
    assert page.notices == ["Dates: saved."]
    assert "1 April 2100" in page.main
    page = cora.send(cora.get(plan_page(place, made, "dates")), {"panel_on": ["", "", ""]}, status=200)
    assert page.errors == ["The day of the panel is needed: the round has been opened with it."]
    cora.get(plan_page(place, made, "terms"), status=302)
    client.as_(place.member(Role.SCRUTINEER)).get(plan_page(place, made, "dates"), status=403)


def test_reminders_of_an_open_round_change_and_what_was_promised_to_practitioners_does_not(
    place: Place, cora: PageClient
) -> None:
    made = an_open_round(place.partnership, [place.health, place.police])
    page = cora.get(plan_page(place, made, "returns"))
    assert set(page.form().values) == {
        *("csrf_token", "version", "remind_auditors_days", "remind_leads_days", "remind_partners_days")
    }
    page = cora.send(page, {"remind_leads_days": "8"}, status=200)
    assert page.errors == ["Delegated partners must not be told before the agency's own lead."]
    page = cora.send(page, {"remind_leads_days": "0", "remind_partners_days": "200"}, status=200)
    assert page.errors == ["Enter a whole number from 1 to 60.", "Enter a whole number from 1 to 90."]
    page = cora.send(page, {"remind_leads_days": "2", "remind_partners_days": "9"})
    assert page.notices == ["Reminders and feedback: saved."]
    assert ("2 days after" in page.main, "9 days after" in page.main) == (True, True)


def test_what_is_decided_about_panels_changes_in_an_open_round(place: Place, cora: PageClient) -> None:
    made = an_open_round(place.partnership, [place.health, place.police])
    page = cora.get(plan_page(place, made, "panels"))
    saved = cora.send(page, {"agreement_rule": "more_than_half", "is_pack_printed": "yes"})
    assert saved.notices == ["Panels: saved."]
    assert "More than half of those who rate" in saved.main
    assert "Members may take it away as a PDF" in saved.main
    assert "not what they rated" in saved.main
    assert "Cases are not read side by side" in saved.main
    after = cora.send(cora.get(plan_page(place, made, "panels")), {"is_moderated": "yes", "accuracy_days": "5"})
    assert "All cases are read side by side" in after.main
    assert "Within 5 working days" in after.main
    wrong = cora.send(cora.get(plan_page(place, made, "panels")), {"accuracy_days": "99"}, status=200)
    assert wrong.errors == ["Enter a whole number from 0 to 60."]
    back = cora.send(cora.get(plan_page(place, made, "panels")), {"agreement_rule": []}, status=200)
    assert back.errors == ["Choose how many must say the same."]


def test_a_page_that_still_lacks_something_is_saved_and_says_what(place: Place, cora: PageClient) -> None:
    made = a_round(place.partnership)
    page = cora.send(cora.get(plan_page(place, made, "terms")), {"theme": "Under fives"})
    assert page.notices == [
        "Saved. Theme and terms of reference is not complete yet: it still needs terms of reference."
    ]
    assert "Done" not in page.main.split()
    page = cora.send(cora.get(plan_page(place, made, "terms")), {"terms_of_reference": "What it covers."})
    assert page.notices == ["Theme and terms of reference: saved."]


def test_changing_from_the_check_page_leads_back_to_it(place: Place, cora: PageClient) -> None:
    check = cora.get(plan_page(place, a_planned_round(place.partnership), "check"))
    page = cora.get(check.links["Change (Look-back period)"])
    assert cora.send(page, {"look_back_months": "6"}).h1 == "Check the plan"


def test_a_new_reference_leads_to_the_plans_new_address(place: Place, cora: PageClient) -> None:
    made = a_round(place.partnership, reference="N26")
    shown = cora.send(cora.get(plan_page(place, made, "name")), {"reference": "n27"})
    assert shown.path.endswith("/rounds/N27/plan")
