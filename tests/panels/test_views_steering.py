"""The pages on which a case is released, finished and withdrawn."""

from flask import Flask
from sqlalchemy import update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, transaction
from audit_app.panels.models import Panel
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import ReturnState
from audit_app.sampling.rules import Dimension, SamplingPlan
from tests.factories.accounts import a_member, a_partnership, in_own_words
from tests.factories.panels import (
    Sitting,
    agree_all,
)
from tests.factories.rounds import an_open_round
from tests.factories.sampling import a_sample
from tests.pages import PageClient


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def test_the_chair_releases_a_case(waiting: Sitting, client: PageClient) -> None:
    chair = as_(client, waiting.chair)
    chair.get(waiting.at(), status=404)
    page = chair.get(waiting.at("/release"))
    assert [row[1] for row in page.tables[0][1:]] == ["Submitted", "Submitted"]
    shown = chair.send(page)
    assert "is released to its panel" in shown.notices[0]
    assert chair.get(waiting.at()).h1 == f"Case {waiting.asked.cases[0]}: ratings side by side"


def test_a_case_with_open_returns_names_the_agencies_and_offers_no_button(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at("/release", 1))
    assert "Wait for the return of Health" in page.main
    assert [row[1] for row in page.tables[0][1:]] == ["Not started", "Not started"]
    assert not [form for form in page.forms if form.method == "post"]
    back = chair.post(sitting.at("/release", 1), {}, status=200)
    assert back.errors[0].startswith("Wait for the return of")


def test_only_the_chair_of_its_panel_or_the_coordinator_steers_a_case(waiting: Sitting, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, waiting.asked.partnership_id)
    other = client.as_(a_member(partnership, Role.PANEL_CHAIR))
    for page in ("/release", "/finish"):
        other.get(waiting.at(page), status=404)
        as_(client, waiting.member).get(waiting.at(page), status=403)
        assert waiting.asked.cases[0] in as_(client, waiting.asked.coordinator).get(waiting.at(page)).h1


def test_the_chair_finishes_a_case_and_the_round_moves_on(sitting: Sitting, chair: PageClient) -> None:
    agree_all(sitting)
    page = chair.get(sitting.at())
    assert page.links["Write the outcome"] == sitting.at("/outcome")
    written = chair.send(chair.get(sitting.at("/outcome")), {"outcome": "Agencies met **too late**."})
    finish = chair.get(written.links["Check and finish the case"])
    assert "Agencies met too late." in finish.main
    shown = chair.send(finish)
    assert shown.h1 == "Panel of 20 March 2026"
    read = chair.get(sitting.at())
    assert "Agencies met too late." in read.main
    assert not [form for form in read.forms if form.method == "post"]


def test_an_unfinished_case_says_what_is_missing(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at("/finish"))
    assert "6 ratings are still to be agreed." in page.main
    assert page.links["Go to what is still to be agreed"] == sitting.at()
    assert not [form for form in page.forms if form.method == "post"]
    back = chair.post(sitting.at("/finish"), {}, status=200)
    assert back.errors == ["6 ratings are still to be agreed."]


def test_finishing_needs_what_was_learned(sitting: Sitting, chair: PageClient) -> None:
    agree_all(sitting)
    page = chair.get(sitting.at("/finish"))
    assert "Say first what the panel learned from this case." in page.main
    assert page.links["Write or change the outcome"] == sitting.at("/outcome")
    assert not [form for form in page.forms if form.method == "post"]
    back = chair.post(sitting.at("/finish"), {}, status=200)
    assert back.errors == ["Say first what the panel learned from this case."]


def test_a_coordinator_is_told_that_the_chair_finishes(sitting: Sitting, coordinator: PageClient) -> None:
    agree_all(sitting)
    assert "Only the chair of this case's panel finishes it." in coordinator.get(sitting.at("/finish")).main


def test_a_coordinator_withdraws_a_child_before_the_release(sitting: Sitting, coordinator: PageClient) -> None:
    address = sitting.path(f"/cases/{sitting.asked.cases[1]}/withdraw")
    page = coordinator.get(address)
    assert "no child takes the place" in page.main
    back = coordinator.send(page, {"reason": ""}, status=200)
    assert back.errors == ["Say why the child is withdrawn."]
    shown = coordinator.send(page, {"reason": "The family moved away."})
    assert shown.notices == [f"{sitting.asked.cases[1]} is withdrawn."]
    assert shown.path == sitting.path(f"/cases/{sitting.asked.cases[1]}")


def test_whoever_withdraws_from_a_panel_comes_back_to_it(sitting: Sitting, coordinator: PageClient) -> None:
    panel = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}"))
    page = coordinator.get(panel.links[f"Withdraw {sitting.asked.cases[1]}"])
    assert page.links["Back to the panel"] == panel.path
    shown = coordinator.send(page, {"reason": "The family moved away."})
    assert [row[0] for row in shown.tables[0][1:]] == [sitting.asked.cases[0]]


def test_a_child_whom_no_agency_knows_is_not_released(waiting: Sitting, client: PageClient) -> None:
    with transaction():
        db.session.execute(update(AgencyReturn).values(state=ReturnState.NOT_KNOWN))
    reason = "No agency knows this child, so there is nothing to agree. Withdraw the child: a reserve takes the place."
    coordinator = as_(client, waiting.asked.coordinator)
    page = coordinator.get(waiting.at("/release"))
    assert reason in page.main
    assert [row[1] for row in page.tables[0][1:]] == ["Child not known", "Child not known"]
    assert page.links["Withdraw this child"].endswith(f"/cases/{waiting.asked.cases[0]}/withdraw")
    assert not [form for form in page.forms if form.method == "post"]
    assert as_(client, waiting.chair).post(waiting.at("/release"), {}, status=200).errors == [reason]
    assert db.session.get_one(Case, waiting.cases[0]).state is CaseState.WITH_AGENCIES


def test_a_reserve_takes_the_place_of_a_child_who_is_withdrawn(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    found = an_open_round(partnership)
    first, *_ = a_sample(found)
    coordinator = client.as_(a_member(partnership, Role.COORDINATOR))
    case = coordinator.get(f"/p/{partnership.slug}/cases/{first.reference}")
    page = coordinator.get(case.links["Withdraw this child"])
    assert "takes the place as a new case: 2 are left." in page.main
    shown = coordinator.send(page, {"reason": "The family moved away."})
    assert shown.notices == [
        f"{first.reference} is withdrawn.",
        f"{found.reference}-10 takes its place and waits for its identity sheet.",
    ]


def test_a_released_child_is_not_withdrawn(sitting: Sitting, coordinator: PageClient) -> None:
    address = sitting.path(f"/cases/{sitting.asked.cases[0]}/withdraw")
    assert "released to its panel" in coordinator.get(address).main
    back = coordinator.post(address, {"reason": "Second thoughts."}, status=200)
    assert "released to its panel" in back.errors[0]
    assert back.form().values["reason"] == ["Second thoughts."]
    assert db.session.get_one(Case, sitting.cases[0]).state is CaseState.AT_PANEL


def test_someone_who_coordinates_and_chairs_stays_blind_until_the_release(waiting: Sitting, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, waiting.asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR, Role.PANEL_CHAIR)
    with transaction():
        db.session.execute(update(Panel).values(chair_id=both.id))
    browser = client.as_(both)
    browser.get(waiting.at(), status=404)
    page = browser.get(waiting.at("/release"))
    assert "Seen on 3 March." not in page.text
    browser.send(page)
    assert "Seen on 3 March." in browser.get(waiting.at()).main


def test_the_group_of_a_reserve_is_said_in_the_partnerships_words(app: Flask, client: PageClient) -> None:
    partnership = a_partnership()
    in_own_words(partnership, plan_status={"child_protection": "Safety plan"})
    first, *_ = a_sample(
        an_open_round(partnership),
        SamplingPlan(size=4, reserves=1, seed="s", strata_by=(Dimension.PLAN_STATUS, Dimension.AGE_BAND)),
    )
    coordinator = client.as_(a_member(partnership, Role.COORDINATOR))
    page = coordinator.get(f"/p/{partnership.slug}/cases/{first.reference}/withdraw")
    assert " of Safety plan, " in page.main
