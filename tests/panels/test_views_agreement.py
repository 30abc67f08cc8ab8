"""The pages that say how far agencies agreed, and how far each lies from what was agreed."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels.models import PanelItem, Vote
from audit_app.panels.rules import VoteKind
from audit_app.rounds.models import Round, RoundAgency, RoundLevel
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, saved
from tests.factories.findings import a_counted_round, an_agreed_case
from tests.factories.panels import Sitting, finish
from tests.factories.rounds import UNGRADED
from tests.fixtures import CountQueries
from tests.pages import PageClient

LEVELS = ("outstanding", "good", "requires_improvement", "inadequate")
EMPTY = "No case is agreed yet"


@dataclass(frozen=True)
class Rated:
    """A round of two agencies, without a case yet."""

    partnership: Partnership
    audit: Round
    health: Agency
    police: Agency

    @property
    def at(self) -> str:
        return f"/p/{self.partnership.slug}/rounds/{self.audit.reference}/agreement"

    def member(self, *roles: Role, agency: Agency | None = None) -> Person:
        return a_member(self.partnership, *roles, agency=agency)

    def add_case(self, health: str, police: str, agreed: str, *, state: CaseState = CaseState.AGREED) -> None:
        """A case on which both rated A04, which is about the child, and A01, which is about their own work."""
        an_agreed_case(
            self.audit,
            rated={
                ("A04", self.health): health,
                ("A04", self.police): police,
                ("A01", self.health): health,
                ("A01", self.police): police,
            },
            agreed={("A04", None): agreed, ("A01", self.health): agreed, ("A01", self.police): agreed},
            state=state,
        )


@pytest.fixture
def rated(app: Flask) -> Rated:
    partnership = a_partnership()
    health = an_agency(partnership, name="Health")
    police = an_agency(partnership, AgencyKind.POLICE, name="Police")
    return Rated(partnership, a_counted_round(partnership, [health, police]), health, police)


def six_cases(rated: Rated) -> None:
    """Police rate one level worse than health in two of six cases, and what is agreed is what health said."""
    for at in range(6):
        health = LEVELS[at % 3]
        rated.add_case(health, LEVELS[at % 3 + 1] if at < 2 else health, agreed=health)


def test_the_coordinator_reads_how_far_agencies_agreed_by_question_and_on_the_whole(
    rated: Rated, client: PageClient
) -> None:
    six_cases(rated)
    page = client.as_(rated.member(Role.COORDINATOR)).get(rated.at)
    assert page.h1 == "How far agencies agreed"
    assert "from 6 of 6 cases" in page.main
    assert "they are the same level 67 times in 100" in page.main
    assert "Gwet's AC2" in page.main
    assert "the true figure may be anywhere from" in page.main
    by_question, pairs, distances = page.tables
    assert [row[:3] for row in by_question[1:]] == [["A04 Harm was weighed", "6", "67%"], ["All of them", "6", "67%"]]
    assert pairs[1][:3] == ["Health and Police", "6", "67%"]
    assert [row[1:] for row in distances[1:]] == [
        ["12", "Neither better nor worse than what was agreed, on average over 12 ratings."],
        ["12", "0.3 levels worse than what was agreed, on average over 12 ratings."],
    ]


def test_answers_that_are_no_level_count_as_missing(rated: Rated, client: PageClient) -> None:
    six_cases(rated)
    rated.add_case("not_applicable", "inadequate", agreed="inadequate")
    rated.add_case("good", "no_evidence", agreed="no_evidence")
    page = client.as_(rated.member(Role.COORDINATOR)).get(rated.at)
    assert page.tables[0][1][1:3] == ["6", "67%"]
    assert [row[1] for row in page.tables[2][1:]] == ["12", "14"]


def test_too_few_cases_and_cases_that_are_all_alike_are_said_in_words(rated: Rated, client: PageClient) -> None:
    coordinator = client.as_(rated.member(Role.COORDINATOR))
    rated.add_case("good", "good", agreed="good")
    page = coordinator.get(rated.at)
    assert "Only 1 case and question had ratings of two or more agencies." in page.main
    assert page.tables[0][1][3] == "Too few"
    for _ in range(5):
        rated.add_case("good", "good", agreed="good")
    page = coordinator.get(rated.at)
    assert "Everybody gave the same level on every case and question." in page.main
    assert page.tables[0][1][3] == "All the same"


def test_only_agreed_cases_count(rated: Rated, client: PageClient) -> None:
    coordinator = client.as_(rated.member(Role.COORDINATOR))
    rated.add_case("good", "inadequate", agreed="good", state=CaseState.AT_PANEL)
    for address, person in ((rated.at, coordinator), (f"{rated.at}/own", None)):
        shown = person or client.as_(rated.member(Role.AUDITOR, agency=rated.health))
        assert EMPTY in shown.get(address).main
    rated.add_case("good", "good", agreed="good")
    page = client.as_(rated.member(Role.COORDINATOR)).get(rated.at)
    assert "from 1 of 2 cases" in page.main
    assert page.tables[0][1][1:3] == ["1", "100%"]


def test_a_round_answered_in_words_has_nothing_to_measure(rated: Rated, client: PageClient) -> None:
    audit = a_counted_round(rated.partnership, [rated.health, rated.police], UNGRADED)
    at = f"/p/{rated.partnership.slug}/rounds/{audit.reference}/agreement"
    assert "Nothing to measure" in client.as_(rated.member(Role.COORDINATOR)).get(at).main


# --- who sees what


def test_the_scrutineer_reads_the_agreement_but_no_agencys_distance(rated: Rated, client: PageClient) -> None:
    six_cases(rated)
    page = client.as_(rated.member(Role.SCRUTINEER)).get(rated.at)
    assert len(page.tables) == 2
    assert "what was agreed, on average" not in page.main


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AGENCY_LEAD])
def test_auditors_and_leads_see_their_own_agencys_distance_alone(rated: Rated, client: PageClient, role: Role) -> None:
    six_cases(rated)
    with transaction():
        db.session.get_one(Round, rated.audit.id).state = RoundState.PUBLISHED
    own = client.as_(rated.member(role, agency=rated.police))
    own.get(rated.at, status=403)
    page = own.get(f"{rated.at}/own")
    assert "0.3 levels worse than what was agreed, on average over 12 ratings." in page.main
    assert "Police" in page.main
    assert "Health" not in page.main
    assert page.tables[0][1][:2] == ["Recognition", "12"]


def test_an_agency_that_takes_no_part_does_not_see_the_round(rated: Rated, client: PageClient) -> None:
    other = an_agency(rated.partnership, name="Housing")
    assert client.as_(rated.member(Role.AUDITOR, agency=other)).get(f"{rated.at}/own", status=404).status == 404


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.PANEL_CHAIR, Role.PANEL_MEMBER, Role.KEY_HOLDER])
def test_nobody_else_opens_either_page(rated: Rated, client: PageClient, role: Role) -> None:
    person = client.as_(rated.member(role))
    person.get(rated.at, status=403)
    assert person.get(f"{rated.at}/own", status=403).status == 403


def test_the_rounds_pages_link_to_it(rated: Rated, client: PageClient) -> None:
    home = f"/p/{rated.partnership.slug}/rounds/{rated.audit.reference}"
    assert client.as_(rated.member(Role.COORDINATOR)).get(home).links["Agreement"] == rated.at
    auditor = client.as_(rated.member(Role.AUDITOR, agency=rated.health)).get(home)
    assert auditor.links["Own ratings"] == f"{rated.at}/own"
    assert "Agreement" not in auditor.links


# --- in step with the panel


def test_a_case_counts_from_when_its_chair_finishes_it(sitting: Sitting, coordinator: PageClient) -> None:
    at = sitting.path(f"/rounds/{sitting.asked.reference}/agreement")
    assert EMPTY in coordinator.get(at).main
    finish(sitting)
    page = coordinator.get(at)
    assert "from 1 of 2 cases" in page.main
    assert [row[2] for row in page.tables[0][1:]] == ["0%", "0%"]


def statements(page: PageClient, address: str, count_queries: CountQueries) -> int:
    page.get(address)
    with count_queries() as queries:
        page.get(address)
    return queries.count


@pytest.mark.parametrize("which", ["", "/own"])
def test_twelve_cases_take_no_more_statements_than_one(
    rated: Rated, client: PageClient, count_queries: CountQueries, which: str
) -> None:
    person = rated.member(Role.AUDITOR, agency=rated.health) if which else rated.member(Role.COORDINATOR)
    reader = client.as_(person)
    rated.add_case("good", "inadequate", agreed="good")
    one = statements(reader, rated.at + which, count_queries)
    for _ in range(11):
        rated.add_case("good", "requires_improvement", agreed="good")
    assert statements(reader, rated.at + which, count_queries) == one


# --- what members rated in the room


def in_the_room(rated: Rated, person: Person, agency: Agency, item: PanelItem, code: str, ballot: int = 1) -> None:
    level = db.session.scalars(
        select(RoundLevel.id).where(RoundLevel.round_id == rated.audit.id, RoundLevel.code == code)
    ).one()
    saved(
        Vote(
            partnership_id=rated.partnership.id,
            item_id=item.id,
            ballot=ballot,
            person_id=person.id,
            agency_id=agency.id,
            answer=VoteKind.LEVEL,
            level_id=level,
            given_at=clock.now() - timedelta(days=1),  # before it was agreed
        )
    )


def test_the_first_vote_of_an_agency_without_a_return_counts_and_no_later_one(rated: Rated, client: PageClient) -> None:
    housing = an_agency(rated.partnership, name="Housing")
    with transaction():
        db.session.add(RoundAgency(partnership_id=rated.partnership.id, round_id=rated.audit.id, agency_id=housing.id))
    rated.add_case("good", "good", agreed="good")
    items = db.session.scalars(select(PanelItem).order_by(PanelItem.id)).all()
    with transaction():
        for item in items:
            item.is_shown, item.ballot = True, 2
    together = next(item for item in items if item.agency_id is None)
    member, second = rated.member(Role.PANEL_MEMBER), rated.member(Role.PANEL_MEMBER)
    in_the_room(rated, member, housing, together, "inadequate")
    in_the_room(rated, second, housing, together, "good")
    in_the_room(rated, member, housing, together, "good", ballot=2)
    nurse = rated.member(Role.PANEL_MEMBER)
    in_the_room(rated, nurse, rated.health, together, "inadequate")
    coordinator = client.as_(rated.member(Role.COORDINATOR))
    assert coordinator.get(rated.at).tables[0][1][1:3] == ["1", "33%"]
    own = next(item for item in items if item.agency_id == rated.police.id)
    in_the_room(rated, member, rated.health, own, "good")
    page = coordinator.get(rated.at)
    assert [row[:3] for row in page.tables[0][1:3]] == [
        ["A01 Signs were seen", "1", "100%"],
        ["A04 Harm was weighed", "1", "33%"],
    ]
