"""Answers in words are in no figure: they are listed beside it, with what was written behind each number."""

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import AgencyKind, Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.findings import queries
from audit_app.indicators.rules import AuditTemplate
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency
from tests.factories.findings import a_counted_round, a_finding, an_agreed_case
from tests.factories.rounds import PARTLY_IN_WORDS, SMALL, UNGRADED
from tests.pages import PageClient


@pytest.fixture
def partnership(app: Flask) -> Partnership:
    return a_partnership()


@pytest.fixture
def health(partnership: Partnership) -> Agency:
    return an_agency(partnership, AgencyKind.HEALTH, name="Health")


@pytest.fixture
def cora(partnership: Partnership) -> Person:
    return a_member(partnership, Role.COORDINATOR)


def counted(partnership: Partnership, health: Agency, template: AuditTemplate, **said: str) -> Round:
    """A round with one agreed case: what health said of each indicator and what was agreed, which are the same."""
    audit = a_counted_round(partnership, [health, an_agency(partnership, AgencyKind.POLICE)], template)
    own = {"A01", "H02"}
    an_agreed_case(
        audit,
        rated={(code, health): one for code, one in said.items()},
        agreed={(code, health if code in own else None): one for code, one in said.items()},
    )
    return audit


def test_what_is_answered_in_words_is_listed_beside_the_figures(
    partnership: Partnership, health: Agency, cora: Person, client: PageClient
) -> None:
    audit = counted(partnership, health, PARTLY_IN_WORDS, A04="good", B01="in_words", H02="no_evidence")
    coordinator = client.as_(cora)
    page = coordinator.get(f"/p/{partnership.slug}/rounds/{audit.reference}/findings")
    levels, agencies, in_words = page.tables
    assert [row[0].split()[0] for row in levels[1:]] == ["A01", "A04"]
    assert [row[0].split()[0] for row in agencies[1:]] == ["A01", "A04"]
    assert [[cell.split()[0] for cell in row] for row in in_words[1:]] == [
        ["B01", "Cases", "1", "0", "0"],
        ["H02", "Ratings", "0", "0", "1"],
    ]
    behind = coordinator.get(page.links["1 answered in words, B01"])
    assert "The panel's reason on B01." in behind.main
    assert "Answered in words" in behind.main


def test_an_ungraded_round_has_findings_and_no_figure(
    partnership: Partnership, health: Agency, cora: Person, client: PageClient
) -> None:
    audit = counted(partnership, health, UNGRADED, A01="in_words", A04="in_words")
    a_finding(audit, "A04")
    at = f"/p/{partnership.slug}/rounds/{audit.reference}/findings"
    page = client.as_(cora).get(at)
    assert [len(table) for table in page.tables] == [5]
    assert "A04 Harm was weighed: answered in words (1 case)" in page.main
    client.as_(cora).get(f"{at}/figures/levels.json", status=404)
    client.as_(cora).get(f"{at}/figures/agencies.csv", status=404)
    assert "A04 Harm was weighed answered in words (1 case)" in client.as_(cora).get(f"{at}/new").main


@pytest.mark.parametrize(("template", "figures"), [(PARTLY_IN_WORDS, 1), (UNGRADED, 0)])
def test_the_board_sees_no_figure_of_what_has_no_level(
    template: AuditTemplate, figures: int, partnership: Partnership, health: Agency, client: PageClient
) -> None:
    audit = counted(partnership, health, template, A04="in_words" if template is UNGRADED else "good", B01="in_words")
    with transaction():
        audit = db.session.get_one(Round, audit.id)
        audit.state, audit.published_at, audit.published_by_id = RoundState.PUBLISHED, clock.now(), 1
    page = client.as_(a_member(partnership, Role.BOARD_MEMBER)).get(f"/p/{partnership.slug}/board")
    assert len(page.tables) == figures
    assert "B01" not in page.main


def test_all_rounds_together_count_levels_alone(
    partnership: Partnership, health: Agency, cora: Person, client: PageClient
) -> None:
    counted(partnership, health, UNGRADED, A01="in_words", B01="in_words")
    assert queries.levels_together(partnership.id, {RoundState.REPORTING}) is None
    assert "Nothing to count yet" in client.as_(cora).get(f"/p/{partnership.slug}/findings/all").main
    counted(partnership, health, PARTLY_IN_WORDS, A04="good", B01="not_applicable", H02="in_words")
    counted(partnership, health, SMALL, A04="inadequate", H02="good")
    found = queries.levels_together(partnership.id, {RoundState.REPORTING})
    assert found is not None
    together, agreed = found
    assert (together.rounds, together.is_banded) == (2, False)
    assert {one.code: one.counts.rated for one in agreed} == {"A04": 2, "H02": 1}
    by_agency = queries.agencies_together(partnership.id, {RoundState.REPORTING})
    assert by_agency is not None
    assert [code for code, _ in by_agency[1].indicators] == ["A04", "B01", "H02"]
