"""The pages with counts: what they show to whom, their files, and the cases behind a count."""

import csv
import io
from dataclasses import replace

import pytest

from audit_app.accounts.rules import Role
from audit_app.indicators.rules import Band, Level
from audit_app.panels.models import Panel, PanelCase
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import saved
from tests.factories.findings import a_counted_round, a_finding, an_agreed_case
from tests.factories.rounds import OFSTED, SMALL
from tests.findings.conftest import Counted
from tests.fixtures import Clock, CountQueries
from tests.pages import Page, PageClient

NEVER_FOR_THE_BOARD = ("-01", "reason on", "wrote about", "/cases")
"""What would tell a board member of a case: its reference, a reason, evidence, a link."""


def rows(answer: Page) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_page_says_the_finding_in_words_and_shows_the_counts(counted: Counted, client: PageClient) -> None:
    page = client.as_(counted.cora).get(counted.at)
    assert page.h1 == "Findings"
    assert "Harm was weighed: below Good in 1 of 3 cases" not in page.main  # fewer than A01's
    assert "Signs were seen: below Good in 2 of 3 ratings; no evidence on file in 1 more" in page.main
    assert "3 cases that the panel agreed" in page.main
    assert "Small numbers: not for publication" in page.main
    levels, agencies = page.tables
    assert levels[1][:2] == ["A01 Signs were seen", "Ratings"]
    assert [cell.split()[0] for cell in levels[1][2:]] == ["0", "1", "0", "2", "3", "0", "1"]
    assert agencies[0] == ["Indicator", "NHS", "MP"]
    assert [cell.partition(" for ")[0] for cell in agencies[1]] == ["A01 Signs were seen", "1 of 2", "1 of 1"]


def test_every_number_leads_those_who_see_cases_to_the_cases_behind_it(counted: Counted, client: PageClient) -> None:
    coordinator = client.as_(counted.cora)
    page = coordinator.get(counted.at)
    behind = coordinator.get(page.links["2 at Inadequate, A01"])
    assert behind.h1 == "A01 Signs were seen: Inadequate"
    reference = counted.audit.reference
    assert [row[:2] for row in behind.tables[0][1:]] == [[f"{reference}-01", "Police"], [f"{reference}-02", "Health"]]
    assert "The panel's reason on A01." in behind.main
    behind = coordinator.get(page.links["1 of 2 for NHS, A01"])
    assert behind.h1 == "A01 Signs were seen: Health"
    assert [row[0][-2:] for row in behind.tables[0][1:]] == [
        "02",
        "01",
        "03",
    ]  # worst first, answers without a level last
    assert "wrote about A01." in behind.main
    behind = coordinator.get(page.links["1 at No evidence on file, A01"])
    assert [row[0][-2:] for row in behind.tables[0][1:]] == ["03"]
    assert "No evidence on file" in behind.tables[0][1][2]


@pytest.mark.parametrize("wrong", [{"indicator": "Z99"}, {"answer": "poor"}, {"agency": 0}, {"agency": "x"}])
def test_a_cell_that_is_not_there_has_no_page(counted: Counted, client: PageClient, wrong: dict[str, str]) -> None:
    page = client.as_(counted.cora).get(f"{counted.at}/cases", status=404, **wrong)
    assert page.h1 == "Page not found"


def test_a_cell_without_cases_says_so(counted: Counted, client: PageClient) -> None:
    page = client.as_(counted.cora).get(f"{counted.at}/cases", indicator="H02", answer="good")
    assert "No case that you may see was rated so" in page.main


def test_a_chair_sees_behind_a_count_only_the_cases_of_their_panels(
    counted: Counted, client: PageClient, clock: Clock
) -> None:
    chair = counted.member(Role.PANEL_CHAIR)
    case = an_agreed_case(counted.audit, agreed={("A04", None): "good"})
    mine = {"partnership_id": counted.partnership.id}
    panel = saved(
        Panel(round_id=counted.audit.id, held_on=clock.at.date(), chair_id=chair.id, created_at=clock.at, **mine)
    )
    saved(PanelCase(panel_id=panel.id, case_id=case.id, position=1, **mine))
    page = client.as_(chair).get(f"{counted.at}/cases", indicator="A04", answer="good")
    assert [row[0] for row in page.tables[0][1:]] == [f"{counted.audit.reference}-04"]
    client.as_(chair).get(counted.at, status=403)


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.AGENCY_LEAD])
def test_board_members_and_agency_leads_read_a_round_once_it_is_published(
    counted: Counted, client: PageClient, role: Role
) -> None:
    a_finding(counted.audit, "A01", title="Signs were missed")
    reader = client.as_(counted.member(role, agency=counted.health))
    addresses = [
        counted.at,
        *(f"{counted.at}/figures/{name}.{kind}" for name in ("levels", "agencies") for kind in ("json", "csv")),
    ]
    for address in addresses:
        reader.get(address, status=404)
    counted.put(RoundState.PUBLISHED)
    for address in addresses:
        answer = reader.get(address).data.decode()
        assert not [word for word in NEVER_FOR_THE_BOARD if word in answer]
    page = reader.get(counted.at)
    assert "Signs were missed" in page.main
    assert "A01 Signs were seen: Good 1, Inadequate 2 (3 ratings); no evidence 1" in page.main
    assert page.tables[0][1][2:] == ["0", "1", "0", "2", "3", "0", "1"]
    reader.get(f"{counted.at}/cases", status=403)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PANEL_MEMBER, Role.KEY_HOLDER, Role.ADMINISTRATOR])
def test_other_roles_read_no_counts(counted: Counted, client: PageClient, role: Role) -> None:
    counted.put(RoundState.PUBLISHED)
    reader = client.as_(counted.member(role, agency=counted.health))
    for address in (counted.at, f"{counted.at}/figures/levels.json", f"/p/{counted.partnership.slug}/findings/all"):
        assert reader.get(address, status=403).h1 == "You cannot use this page"


@pytest.mark.parametrize("state", [RoundState.RETURNS, RoundState.PANEL, RoundState.WITHDRAWN])
def test_a_round_that_is_not_reported_says_why_it_is_not_counted(
    counted: Counted, client: PageClient, state: RoundState
) -> None:
    counted.put(state)
    coordinator = client.as_(counted.cora)
    for address in ("", "/cases", "/new", "/figures/levels.json"):
        page = coordinator.get(f"{counted.at}{address}", status=409)
        assert ("counted once the panel has agreed every case" in page.main) is (state is not RoundState.WITHDRAWN)


def test_figures_are_what_plotly_draws_and_lead_to_cases_only_those_who_see_them(
    counted: Counted, client: PageClient
) -> None:
    counted.put(RoundState.PUBLISHED)
    board = client.as_(counted.member(Role.BOARD_MEMBER))
    for name in ("levels", "agencies"):
        address = f"{counted.at}/figures/{name}.json"
        figure = client.as_(counted.cora).get(address).json
        assert set(figure) == {"data", "layout"}
        assert f"{counted.at}/cases?indicator=A01&" in str(figure["data"])
        seen = board.get(address).json
        assert figure["layout"] == seen["layout"]
        assert "/cases" not in str(seen)
    client.as_(counted.cora).get(f"{counted.at}/figures/secrets.json", status=404)


def test_a_bar_leads_to_the_cases_it_counts(counted: Counted, client: PageClient) -> None:
    coordinator = client.as_(counted.cora)
    figure = coordinator.get(f"{counted.at}/figures/levels.json").json
    inadequate = next(bar for bar in figure["data"] if bar["name"] == "I Inadequate")
    assert len(coordinator.get(inadequate["customdata"][0]).tables[0]) == 1 + inadequate["x"][0] == 3


def test_the_tables_download_with_every_number(counted: Counted, client: PageClient) -> None:
    coordinator = client.as_(counted.cora)
    levels = coordinator.get(f"{counted.at}/figures/levels.csv")
    assert levels.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert levels.headers["Content-Disposition"] == f'attachment; filename="{counted.audit.reference}-levels.csv"'
    assert rows(levels)[1] == ["A01", "Signs were seen", "Ratings", "0", "1", "0", "2", "3", "0", "1"]
    agencies = rows(coordinator.get(f"{counted.at}/figures/agencies.csv"))
    assert agencies[1][:3] == ["A01", "Signs were seen", "Health"]
    assert len(agencies) == 1 + 4 * 2


# --- all rounds together ----------------------------------------------------------------------------------------------


def test_all_rounds_are_counted_on_two_pages(counted: Counted, client: PageClient) -> None:
    second = a_counted_round(counted.partnership, [counted.health, counted.police], state=RoundState.PUBLISHED)
    an_agreed_case(second, rated={("A04", counted.police): "inadequate"}, agreed={("A04", None): "inadequate"})
    coordinator = client.as_(counted.cora)
    page = coordinator.get(f"/p/{counted.partnership.slug}/findings/all")
    assert "Counted from 2 rounds" in page.main
    assert page.tables[0][2] == ["A04 Harm was weighed", "Cases", "0", "2", "1", "1", "4", "0", "0"]
    page = coordinator.get(page.links["By agency"])
    assert page.tables[0][2] == ["A04 Harm was weighed", "0 of 1", "1 of 1"]
    for name in ("levels", "agencies"):
        at = f"/p/{counted.partnership.slug}/findings/all/figures/{name}"
        assert set(coordinator.get(f"{at}.json").json) == {"data", "layout"}
        assert len(rows(coordinator.get(f"{at}.csv"))) > 2


def test_a_board_members_rounds_together_are_the_published_ones(counted: Counted, client: PageClient) -> None:
    second = a_counted_round(counted.partnership, [counted.health, counted.police], state=RoundState.PUBLISHED)
    an_agreed_case(second, agreed={("A04", None): "inadequate"})
    page = client.as_(counted.member(Role.BOARD_MEMBER)).get(f"/p/{counted.partnership.slug}/findings/all")
    assert "Counted from 1 round." in page.main
    assert page.tables[0][1:] == [["A04 Harm was weighed", "Cases", "0", "0", "0", "1", "1", "0", "0"]]


def test_rounds_on_different_scales_say_that_they_are_counted_by_band(counted: Counted, client: PageClient) -> None:
    best, worst = Level("fine", "F", "Fine", 1, Band.STRONG), Level("bad", "B", "Bad", 2, Band.WEAK)
    scale = replace(OFSTED, code="two", levels=(best, worst))
    bare = tuple(
        replace(domain, indicators=tuple(replace(one, guidance={}) for one in domain.indicators))
        for domain in SMALL.domains
    )
    two = replace(SMALL, code="two", title="Two levels", scale=scale, domains=bare)
    an_agreed_case(
        a_counted_round(counted.partnership, [counted.health, counted.police], two), agreed={("A04", None): "bad"}
    )
    page = client.as_(counted.cora).get(f"/p/{counted.partnership.slug}/findings/all")
    assert "rated on different scales" in page.main
    assert page.tables[0][0][2:5] == ["Strong", "Adequate", "Weak"]
    assert page.tables[0][2] == ["A04 Harm was weighed", "Cases", "2", "1", "1", "4", "0", "0"]


def test_before_any_round_is_counted_the_pages_say_what_will_be_there(counted: Counted, client: PageClient) -> None:
    counted.put(RoundState.PANEL)
    coordinator, at = client.as_(counted.cora), f"/p/{counted.partnership.slug}/findings/all"
    for address in (at, f"{at}/agencies"):
        assert "Nothing to count yet" in coordinator.get(address).main
    for name in ("levels", "agencies"):
        coordinator.get(f"{at}/figures/{name}.json", status=404)


def test_pages_take_the_same_queries_for_one_case_and_for_many(
    counted: Counted, client: PageClient, count_queries: CountQueries
) -> None:
    coordinator = client.as_(counted.cora)
    everything = f"/p/{counted.partnership.slug}/findings/all"
    addresses = (counted.at, f"{counted.at}/cases", everything, f"{everything}/agencies")

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with count_queries() as queries:
                coordinator.get(address)
            found.append(queries.count)
        return found

    a_finding(counted.audit)
    before = counts()
    for _ in range(10):
        an_agreed_case(counted.audit, rated={("A01", counted.health): "good"}, agreed={("A01", counted.health): "good"})
        a_finding(counted.audit, "A01", "A04")
    assert counts() == before
    assert max(before) <= 14
