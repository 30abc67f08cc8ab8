"""The page on which a plan is checked, and the round opened."""

from dataclasses import replace

import pytest

from audit_app.accounts.rules import AgencyKind
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.indicators.rules import AppliesBy, AuditTemplate
from audit_app.rounds import services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import Section
from tests.factories.accounts import an_agency
from tests.factories.rounds import SMALL, a_planned_round
from tests.fixtures import Clock
from tests.pages import PageClient
from tests.rounds.conftest import Place


@pytest.fixture
def cora(place: Place, client: PageClient) -> PageClient:
    return client.as_(place.cora)


def plan_page(place: Place, made: Round, page: str = "") -> str:
    return f"{place.rounds}/{made.reference}/plan{'/' if page else ''}{page}"


def test_the_check_page_names_what_is_missing_and_offers_no_dead_button(place: Place, cora: PageClient) -> None:
    page = cora.get(plan_page(place, a_planned_round(place.partnership, theme=""), "check"))
    assert "Theme and terms of reference: a theme" in page.main
    assert "can be opened once nothing is missing" in page.main
    assert page.forms == []


def test_the_check_page_says_when_the_dates_have_passed(place: Place, cora: PageClient, clock: Clock) -> None:
    made = a_planned_round(place.partnership, returns_due_on=clock.at.date())
    page = cora.get(plan_page(place, made, "check"))
    assert "The round cannot be opened yet. The day returns are due has passed." in page.main
    assert page.forms == []


def for_one_kind(*kinds: AgencyKind) -> AuditTemplate:
    """The small template with every question for agencies of these kinds alone."""
    limit = {AppliesBy.AGENCY_KIND: frozenset(str(kind) for kind in kinds)}
    return replace(
        SMALL,
        code=f"for-{len(kinds)}",
        title="Our own file",
        domains=tuple(
            replace(domain, indicators=tuple(replace(it, applies=limit) for it in domain.indicators))
            for domain in SMALL.domains
        ),
    )


def test_a_template_for_one_kind_of_agency_is_enough_for_a_round_of_one(place: Place, cora: PageClient) -> None:
    health = an_agency(place.partnership, AgencyKind.HEALTH, name="Community health")
    made = a_planned_round(place.partnership, [health], for_one_kind(AgencyKind.HEALTH))
    page = cora.get(plan_page(place, made, "check"))
    assert "still missing" not in page.main
    assert "open for sampling" in cora.send(page).notices[0]


def test_an_agency_that_would_be_asked_nothing_keeps_the_round_from_opening(place: Place, cora: PageClient) -> None:
    health = an_agency(place.partnership, AgencyKind.HEALTH, name="Community health")
    police = an_agency(place.partnership, AgencyKind.POLICE, name="Saltmere Police")
    made = a_planned_round(place.partnership, [health, police], for_one_kind(AgencyKind.HEALTH))
    page = cora.get(plan_page(place, made, "check"))
    assert "cannot be opened yet. Saltmere Police is asked nothing by this template." in page.main
    assert page.forms == []
    with pytest.raises(Refused, match="Saltmere Police is asked nothing"), transaction():
        services.open_round(made.id, version=made.version, by=place.coordinator, at=made.created_at)


def test_questions_that_nobody_will_answer_are_named_before_the_round_is_opened(place: Place, cora: PageClient) -> None:
    police = [an_agency(place.partnership, AgencyKind.POLICE, name=name) for name in ("North", "South")]
    made = a_planned_round(place.partnership, police)
    page = cora.get(plan_page(place, made, "check"))
    assert "Nobody will answer this question" in page.main
    assert "H02 Missed appointments were followed up" in page.main
    assert "open for sampling" in cora.send(page).notices[0]


def test_opening_a_plan_that_changed_while_it_was_checked_asks_for_another_look(place: Place, cora: PageClient) -> None:
    made = a_planned_round(place.partnership)
    page = cora.get(plan_page(place, made, "check"))
    with transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, theme="Changed meanwhile")
    again = cora.send(page, status=200)
    assert again.errors == ["Someone else changed this plan while you were checking it. Check it once more."]
    assert "Changed meanwhile" in again.main
    assert "open for sampling" in cora.send(again).notices[0]


def test_after_opening_every_door_to_the_plan_says_why_it_is_locked(place: Place, cora: PageClient) -> None:
    made = a_planned_round(place.partnership)
    pages = {section: cora.get(plan_page(place, made, section)) for section in (*Section, "check")}
    with transaction():
        services.open_round(made.id, version=made.version, by=place.coordinator, at=made.created_at)
    dates, panels = pages.pop(Section.DATES), pages.pop(Section.PANELS)
    returns = cora.send(pages.pop(Section.RETURNS), {"practitioners": "read"}, status=200)
    assert returns.errors == ["The plan was frozen when the round was opened for sampling."]
    for section, page in pages.items():
        answer = cora.send(page, status=409 if section == "check" else 200)
        assert "The plan was frozen when the round was opened for sampling." in answer.main
        leads_to = cora.get(plan_page(place, made, section), status=302).headers["Location"]
        assert "The plan was frozen when the round was opened" in cora.get(leads_to).main
    assert cora.send(panels).h1 == "Plan"
    assert cora.send(dates).h1 == "Plan"
