"""Who sees which rounds, and that reading a template costs the same whatever it holds."""

import pytest
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere
from audit_app.rounds import queries
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.indicators import the_catalogue, the_templates
from tests.factories.rounds import a_planned_round, a_round, an_open_round
from tests.fixtures import CountQueries
from tests.rounds.conftest import Place


def seen(place: Place, *roles: Role, with_agency: bool = False) -> set[str]:
    viewer = place.viewer(*roles, agency=place.health if with_agency else None)
    return {line.reference for line in queries.rounds_seen_by(viewer).lines}


@pytest.fixture
def one_of_each(place: Place) -> Place:
    """A round in each state, named after it, in which health and police take part."""
    for state in RoundState:
        a_planned_round(place.partnership, [place.health, place.police], reference=state.name[:8], state=state)
    a_round(a_partnership(), reference="THEIRS", state=RoundState.PUBLISHED)
    return place


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SCRUTINEER, Role.KEY_HOLDER])
def test_who_plans_or_checks_sees_every_round_of_the_partnership(role: Role, one_of_each: Place) -> None:
    assert seen(one_of_each, role) == {state.name[:8] for state in RoundState}


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.AGENCY_LEAD])
def test_the_board_and_agency_leads_see_published_rounds(role: Role, one_of_each: Place) -> None:
    assert seen(one_of_each, role, with_agency=True) == {"PUBLISHE", "CLOSED"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PANEL_MEMBER])
def test_auditors_and_members_see_rounds_in_which_their_agency_takes_part_once_they_begin(
    role: Role, one_of_each: Place
) -> None:
    assert seen(one_of_each, role, with_agency=True) == {
        state.name[:8] for state in RoundState if state not in {"draft", "sampling", "withdrawn"}
    }
    outsider = one_of_each.viewer(role, agency=an_agency(one_of_each.partnership))
    assert queries.rounds_seen_by(outsider).lines == []


def test_administrators_see_no_round(one_of_each: Place) -> None:
    assert seen(one_of_each, Role.ADMINISTRATOR) == set()


def test_a_round_that_a_viewer_may_not_see_is_not_there(one_of_each: Place) -> None:
    board = one_of_each.viewer(Role.BOARD_MEMBER)
    assert queries.round_seen_by(board, "PUBLISHE").state is RoundState.PUBLISHED
    for reference in ("DRAFT", "THEIRS", "NOWHERE"):
        with pytest.raises(NotHere):
            queries.round_seen_by(board, reference)


def test_another_partnerships_round_is_not_there(place: Place) -> None:
    theirs = a_round(a_partnership(), reference="N26")
    with pytest.raises(NotHere):
        queries.round_by_reference(place.partnership.id, "N26")
    with pytest.raises(NotHere):
        queries.plan_of(place.partnership.id, theirs.id)
    with pytest.raises(NotHere), transaction():
        queries.round_for_change(place.partnership.id, theirs.id)


def test_the_list_comes_newest_first_and_in_pages(place: Place) -> None:
    for number in range(26):
        a_round(place.partnership, reference=f"R{number}")
    first = queries.rounds_seen_by(place.coordinator)
    assert (first.lines[0].reference, len(first.lines), first.pages) == ("R25", 25, 2)
    assert [line.reference for line in queries.rounds_seen_by(place.coordinator, page=2).lines] == ["R0"]


def test_the_list_counts_the_agencies_of_each_round(place: Place) -> None:
    a_round(place.partnership)
    a_planned_round(place.partnership, [place.health, place.police])
    assert [line.agencies for line in queries.rounds_seen_by(place.coordinator).lines] == [2, 0]


def test_a_frozen_template_takes_five_queries_whatever_it_holds(place: Place, count_queries: CountQueries) -> None:
    small = an_open_round(place.partnership)
    the_templates()  # with the case attributes that the largest names
    large = an_open_round(place.partnership, template=max(the_catalogue().templates, key=lambda it: len(it.indicators)))
    counts = []
    for partnership_id, round_id in ((one.partnership_id, one.id) for one in (small, large)):
        with count_queries() as made:
            frozen = queries.frozen_template(partnership_id, round_id)
        counts.append(made.count)
    assert counts == [5, 5]
    assert len(frozen.indicators) > 30


def test_the_frozen_template_of_another_partnerships_round_is_empty(place: Place) -> None:
    theirs = an_open_round(a_partnership())
    assert queries.frozen_template(place.partnership.id, theirs.id).indicators == ()


def test_an_indicator_is_followed_to_the_rounds_that_asked_it_as_far_as_the_viewer_sees_them(app: Flask) -> None:
    here, elsewhere = a_partnership(), a_partnership()
    opened, published = an_open_round(here), an_open_round(here, state=RoundState.PUBLISHED)
    an_open_round(elsewhere)
    a_planned_round(here)
    coordinator = as_actor(a_member(here, Role.COORDINATOR), here)
    board = as_actor(a_member(here, Role.BOARD_MEMBER), here)
    assert [one.reference for one in queries.rounds_asking(coordinator, "B01")] == [
        published.reference,
        opened.reference,
    ]
    assert [one.reference for one in queries.rounds_asking(board, "B01")] == [published.reference]
    assert queries.rounds_asking(coordinator, "K02") == []
