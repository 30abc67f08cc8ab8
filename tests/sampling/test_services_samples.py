"""From a population to the cases of a round: drawing, confirming, setting aside, withdrawing."""

from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import func, select

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role
from audit_app.cases import queries as cases
from audit_app.cases.models import Case, Identity
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_round
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from audit_app.sampling import queries, services
from audit_app.sampling.models import Draw, DrawnChild, PopulationChild
from audit_app.sampling.rules import Dimension, Pool, SamplingFrame, SamplingPlan
from tests.factories.accounts import a_partnership, an_area
from tests.factories.rounds import a_round
from tests.factories.sampling import PLAN, a_draw, a_population, a_sample, somebody, the_file
from tests.fixtures import Clock, Together

BY_AREA = SamplingPlan(size=5, reserves=2, seed="N26", strata_by=(Dimension.AREA,))
"""The worked example of docs/sampling.md."""


@pytest.fixture
def found(app: Flask, clock: Clock) -> Round:
    return a_round(a_partnership(), state=RoundState.SAMPLING, reference="N26")


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_worked_example_is_drawn_as_the_documents_say(found: Round) -> None:
    a_population(found, the_file("early-help-local.csv"))
    draw = a_draw(found, BY_AREA)
    drawn = [
        number
        for (number,) in db.session.execute(
            select(Identity.number)
            .join(PopulationChild, PopulationChild.token == Identity.token)
            .join(DrawnChild, DrawnChild.child_id == PopulationChild.id)
            .where(DrawnChild.draw_id == draw.id, DrawnChild.is_reserve.is_(False))
            .order_by(DrawnChild.position)
        )
    ]
    assert drawn == ["10025271", "10002146", "10025056", "10026810", "10020721"]
    assert drawn == sorted(drawn, key=lambda number: sha256(f"N26:{number}".encode()).hexdigest())


def test_the_same_file_plan_and_seed_draw_the_same_children_elsewhere(found: Round) -> None:
    elsewhere = a_round(a_partnership(), state=RoundState.SAMPLING)
    drawn = []
    for one in (found, elsewhere):
        a_population(one)
        draw = a_draw(one)
        drawn.append(
            [
                (row.position, row.plan_status, row.age_band, row.sex)
                for row in queries.current_sample(one.partnership_id, one.id).drawn  # type: ignore[union-attr]
            ]
        )
        assert draw.population == 76
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("frame", "children"),
    [
        (SamplingFrame(), 76),
        (SamplingFrame(is_with_ended=True), 82),
        (SamplingFrame(Pool.POSSIBLE, is_with_ended=True), 90),
        (SamplingFrame(Pool.ALL), 144),
        (SamplingFrame(Pool.ALL, is_with_ended=True), 157),
    ],
)
def test_the_frame_says_how_many_can_be_drawn(found: Round, frame: SamplingFrame, children: int) -> None:
    a_population(found)
    for by in ((), (Dimension.AGE_BAND,), tuple(Dimension)):
        assert sum(queries.strata_there(found.partnership_id, found.id, frame, by).values()) == children
    assert len(queries.candidates(found.partnership_id, found.id, frame)) == children


def test_children_of_earlier_rounds_can_be_left_out(found: Round) -> None:
    a_sample(found)
    later = a_round(db.session.get_one(Partnership, found.partnership_id), state=RoundState.SAMPLING)
    a_population(later)
    frame = SamplingFrame(is_without_earlier=True)
    assert queries.strata_there(found.partnership_id, later.id, frame, ()) == {(): 67}
    assert a_draw(later, frame=frame).excluded == 9


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (SamplingPlan(size=77, reserves=0, seed="s"), "size"),
        (SamplingPlan(size=75, reserves=2, seed="s"), "reserves"),
        (SamplingPlan(size=3, reserves=0, seed=" "), "seed"),
        (
            SamplingPlan(
                size=3,
                reserves=0,
                seed="s",
                strata_by=(Dimension.PLAN_STATUS,),
                allocation={("child_protection",): 2},
            ),
            "allocation",
        ),
    ],
)
def test_a_plan_that_cannot_be_drawn_changes_nothing(found: Round, plan: SamplingPlan, field: str) -> None:
    a_population(found)
    with pytest.raises(Refused) as refusal:
        a_draw(found, plan)
    assert refusal.value.field == field
    assert count(Draw) == count(DrawnChild) == 0


def test_a_draw_needs_a_population_and_no_other_draw(found: Round) -> None:
    with pytest.raises(Refused, match="has not uploaded the list of children"):
        a_draw(found)
    a_population(found)
    a_draw(found)
    with pytest.raises(Refused, match="drawn already"):
        a_draw(found)


def test_a_sample_set_aside_leaves_its_seed_and_reason(found: Round) -> None:
    a_population(found)
    draw, by = a_draw(found), somebody(found, Role.COORDINATOR)
    with pytest.raises(Refused, match="Say why"), transaction():
        services.set_sample_aside(found.id, draw.id, reason=" ", by=by, at=clock.now())
    with transaction():
        services.set_sample_aside(found.id, draw.id, reason="Wrong reserves.", by=by, at=clock.now())
    assert count(DrawnChild) == 0
    (line,) = queries.discarded_draws(found.partnership_id, found.id)
    assert (line.seed, line.size, line.reason) == ("N26 spring", 9, "Wrong reserves.")
    a_draw(found)
    with pytest.raises(Refused, match="was set aside"), transaction():
        services.confirm_sample(found.id, draw.id, by=by, at=clock.now())


def test_confirming_makes_cases_and_destroys_the_identities_of_the_others(found: Round) -> None:
    area = an_area(db.session.get_one(Partnership, found.partnership_id), name=" northside")
    a_population(found, the_file("early-help-local.csv"))
    draw, by = a_draw(found, BY_AREA), somebody(found, Role.COORDINATOR)
    with transaction():
        made = services.confirm_sample(found.id, draw.id, by=by, at=clock.now())
    assert [case.reference for case in made] == ["N26-01", "N26-02", "N26-03", "N26-04", "N26-05"]
    assert {case.state for case in made} == {CaseState.SAMPLED}
    assert sum(case.area_id == area.id for case in made) == 2
    assert count(Identity) == 5 + 4
    assert {line.case_id for line in db.session.scalars(select(Identity))} == {case.id for case in made} | {None}
    first = cases.sheet_for_key_holder(found.partnership_id, made[0].id)
    assert first.number == "10025271"
    assert deeds_of_round(found.partnership_id, found.id)[0].words.endswith("confirmed the sample of 5 children")


def test_a_confirmed_sample_can_be_neither_confirmed_nor_set_aside(found: Round) -> None:
    a_sample(found)
    draw, by = db.session.scalars(select(Draw)).one(), somebody(found, Role.COORDINATOR)
    with pytest.raises(Refused, match="confirmed already"), transaction():
        services.confirm_sample(found.id, draw.id, by=by, at=clock.now())
    with pytest.raises(Refused, match="confirmed already"), transaction():
        services.set_sample_aside(found.id, draw.id, reason="Why not.", by=by, at=clock.now())


def test_two_people_cannot_confirm_a_sample_twice(found: Round, together: Together) -> None:
    a_population(found)
    draw_id, by, round_id = a_draw(found).id, somebody(found, Role.COORDINATOR), found.id

    def confirm_it() -> int:
        with transaction():
            return len(services.confirm_sample(round_id, draw_id, by=by, at=clock.now()))

    results = together(confirm_it, confirm_it)
    assert sorted(str(result) for result in results) == [
        "9",
        "This sample has been confirmed already: its children are cases now.",
    ]
    assert count(Case) == 9


def test_two_people_cannot_draw_twice(found: Round, together: Together) -> None:
    a_population(found)
    by, round_id = somebody(found, Role.COORDINATOR), found.id

    def draw_it() -> int:
        with transaction():
            return services.draw_sample(round_id, frame=SamplingFrame(), plan=PLAN, by=by, at=clock.now()).size

    results = together(draw_it, draw_it)
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert count(Draw) == 1


def test_a_withdrawn_child_is_replaced_by_the_next_reserve_of_its_stratum(found: Round) -> None:
    a_population(found, the_file("early-help-local.csv"))
    draw, by = a_draw(found, BY_AREA), somebody(found, Role.COORDINATOR)
    with transaction():
        made = services.confirm_sample(found.id, draw.id, by=by, at=clock.now())
    south = next(case for case in made if case.stratum == "Südgate")
    assert queries.reserves_left(found.partnership_id, found.id, "Südgate") == 2
    with transaction():
        new = services.withdraw_case(south.id, reason="The family has moved abroad.", by=by, at=clock.now())
    assert new is not None
    assert (new.reference, new.stratum, new.replaces_id, new.is_reserve) == ("N26-06", "Südgate", south.id, True)
    assert cases.sheet_for_key_holder(found.partnership_id, new.id).number == "10038100"
    with transaction():
        assert cases.case_for_change(found.partnership_id, south.id).state is CaseState.WITHDRAWN
    assert queries.reserves_left(found.partnership_id, found.id, "Südgate") == 1
    assert [deed.event for deed in deeds_of_round(found.partnership_id, found.id)][:2] == [
        "case_replaced",
        "case_withdrawn",
    ]


def test_a_stratum_without_reserves_replaces_nobody(found: Round) -> None:
    made = a_sample(found, SamplingPlan(size=3, reserves=0, seed="s"))
    by = somebody(found, Role.COORDINATOR)
    with transaction():
        assert services.withdraw_case(made[0].id, reason="Moved.", by=by, at=clock.now()) is None
    with pytest.raises(Refused, match="withdrawn already"), transaction():
        services.withdraw_case(made[0].id, reason="Moved.", by=by, at=clock.now())


def test_a_child_is_not_withdrawn_without_a_reason_or_after_release(found: Round) -> None:
    made = a_sample(found)
    by = somebody(found, Role.COORDINATOR)
    with pytest.raises(Refused, match="Say why"), transaction():
        services.withdraw_case(made[0].id, reason=" ", by=by, at=clock.now())
    with transaction():
        case = cases.case_for_change(found.partnership_id, made[0].id)
        case.state, case.released_at, case.released_by_id = CaseState.AT_PANEL, clock.now(), 0
    with pytest.raises(Refused, match="released to its panel"), transaction():
        services.withdraw_case(made[0].id, reason="Moved.", by=by, at=clock.now())
    stranger = somebody(a_round(a_partnership()), Role.COORDINATOR)
    with pytest.raises(NotHere), transaction():
        services.withdraw_case(made[1].id, reason="Moved.", by=stranger, at=clock.now())


def test_two_withdrawals_take_two_reserves(found: Round, together: Together) -> None:
    made = a_sample(found)
    by, ids = somebody(found, Role.COORDINATOR), [case.id for case in made[:2]]

    def withdraw(case_id: int) -> str:
        with transaction():
            new = services.withdraw_case(case_id, reason="Moved.", by=by, at=clock.now())
            return new.reference if new else ""

    references = together(lambda: withdraw(ids[0]), lambda: withdraw(ids[1]))
    assert sorted(references) == ["N26-10", "N26-11"]
