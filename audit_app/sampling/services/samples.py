"""Drawing a sample, confirming it or setting it aside, and replacing a child who is withdrawn."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Service, Viewer
from audit_app.cases import queries as cases
from audit_app.cases import services as case_services
from audit_app.cases.models import Case
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.history.services import record
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round
from audit_app.sampling import queries, rules
from audit_app.sampling.models import Draw, DrawnChild, DrawStratum, PopulationChild
from audit_app.sampling.rules import Drawn, SamplingFrame, SamplingPlan, stratum_words
from audit_app.sampling.rules.summary import same_area


def draw_sample(round_id: int, *, frame: SamplingFrame, plan: SamplingPlan, by: Viewer | Service, at: datetime) -> Draw:
    """Draw children from the round's population. The council's numbers are decrypted in here and nowhere else.

    Raises:
        Refused: the round is not being sampled, has no population or a sample already.
        DrawRefused: this plan cannot be drawn from these children.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    population = queries.population_for_change(by.partnership_id, round_id)
    is_drawn = queries.draw_for_change(by.partnership_id, round_id) is not None
    reason = rules.why_not_take_sample(
        found.state, has_population=population is not None, is_drawn=is_drawn, terms=by.terms
    )
    if reason:
        raise Refused(reason)
    assert population is not None
    there = queries.candidates(by.partnership_id, round_id, frame)
    excluded = queries.earlier_tokens(by.partnership_id, round_id) if frame.is_without_earlier else frozenset()
    drawn = rules.draw([candidate for _, candidate in there], plan, excluded=excluded, terms=by.terms)
    kept = Draw(
        partnership_id=by.partnership_id,
        round_id=round_id,
        import_id=population.id,
        pool=frame.pool,
        is_with_ended=frame.is_with_ended,
        is_without_earlier=frame.is_without_earlier,
        size=plan.size,
        reserves=plan.reserves,
        seed=plan.seed,
        strata_by=list(plan.strata_by),
        allocation=None if plan.allocation is None else [[list(key), count] for key, count in plan.allocation.items()],
        is_at_least_one=plan.at_least_one,
        population=drawn.population,
        excluded=drawn.excluded,
        is_current=True,
        drawn_at=at,
        drawn_by_id=by.id,
    )
    db.session.add(kept)
    db.session.flush()
    _keep_children(kept, drawn, plan, {candidate.token: child_id for child_id, candidate in there})
    record("sample_drawn", by=by, of=kept, size=plan.size, reserves=len(drawn.reserves), seed=plan.seed)
    return kept


def _keep_children(kept: Draw, drawn: Drawn, plan: SamplingPlan, child_ids: dict[str, int]) -> None:
    mine = {"partnership_id": kept.partnership_id, "draw_id": kept.id}
    db.session.add_all(
        DrawStratum(
            **mine,
            position=position,
            label=row.words,
            population=row.population,
            wanted=row.wanted,
            short=row.short,
            taken_over=row.taken_over,
            drawn=row.drawn,
            reserves=row.reserves,
        )
        for position, row in enumerate(drawn.strata, 1)
    )
    db.session.add_all(
        DrawnChild(
            **mine,
            child_id=child_ids[pick.candidate.token],
            position=position,
            stratum=stratum_words(pick.stratum, plan.strata_by),
            is_reserve=position > len(drawn.drawn),
        )
        for position, pick in enumerate((*drawn.drawn, *drawn.reserves), 1)
    )
    db.session.flush()


def set_sample_aside(round_id: int, draw_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Set a drawn sample aside, so that another can be drawn. Its seed and the reason stay on the page.

    Raises:
        Refused: it was confirmed or set aside already, or no reason is given.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    draw = _draw_to_change(found, draw_id)
    if not reason.strip():
        raise Refused("Say why this sample is set aside.", "reason")
    draw.is_current, draw.discarded_reason, draw.discarded_at = False, reason, at
    db.session.execute(
        delete(DrawnChild).where(DrawnChild.partnership_id == by.partnership_id, DrawnChild.draw_id == draw.id)
    )
    record("sample_discarded", by=by, of=draw)
    db.session.flush()


def confirm_sample(round_id: int, draw_id: int, *, by: Actor, at: datetime) -> Sequence[Case]:
    """Make each drawn child a case. The identities of children neither drawn nor in reserve are destroyed.

    Raises:
        Refused: it was confirmed or set aside already.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    draw = _draw_to_change(found, draw_id)
    children = queries.children_of_draw(by.partnership_id, draw.id)
    areas = {same_area(area.name): area.id for area in accounts.areas(by.partnership_id)}
    made = [
        _make_case(found, drawn, child, areas, position=drawn.position, at=at)
        for drawn, child in children
        if not drawn.is_reserve
    ]
    case_services.destroy_identities(round_id, keep_tokens={child.token for _, child in children}, by=by)
    draw.confirmed_at, draw.confirmed_by_id = at, by.id
    record("sample_confirmed", by=by, of=draw, size=len(made))
    db.session.flush()
    return made


def withdraw_case(case_id: int, *, reason: str, by: Actor, at: datetime) -> Case | None:
    """Withdraw a child before the case is released to its panel. The next reserve of the stratum takes the place.

    Gives the case that takes the place, or None where the stratum has no reserve left.

    Raises:
        NotHere: the partnership has no such case.
        Refused: withdrawn already, released to the panel, or no reason is given.
    """
    round_id = cases.round_of_case(by.partnership_id, case_id)
    found = rounds.round_for_change(by.partnership_id, round_id)  # before the case, as every deed that locks both
    case = cases.case_for_change(by.partnership_id, case_id)
    if refusal := rules.why_not_withdraw_case(case.state, is_released=case.released_at is not None):
        raise Refused(refusal)
    if not reason.strip():
        raise Refused("Say why the child is withdrawn.", "reason")
    case_services.withdraw_case(case, reason=reason, by=by)
    draw = queries.draw_for_change(by.partnership_id, round_id)
    children = queries.children_of_draw(by.partnership_id, draw.id) if draw is not None else ()
    reserve = next((pair for pair in children if _may_replace(pair[0], case)), None)
    if reserve is None:
        return None
    areas = {same_area(area.name): area.id for area in accounts.areas(by.partnership_id)}
    position = 1 + cases.last_position(by.partnership_id, round_id)
    made = _make_case(found, *reserve, areas, position=position, replaces=case, at=at)
    record("case_replaced", by=by, of=made, withdrawn=case.reference)
    db.session.flush()
    return made


def _may_replace(drawn: DrawnChild, case: Case) -> bool:
    return drawn.is_reserve and drawn.case_id is None and drawn.stratum == case.stratum


def _draw_to_change(found: Round, draw_id: int) -> Draw:
    draw = queries.draw_for_change(found.partnership_id, found.id)
    is_current = draw is not None and draw.id == draw_id
    is_confirmed = draw is not None and draw.confirmed_at is not None
    if reason := rules.why_not_change_sample(found.state, is_current=is_current, is_confirmed=is_confirmed):
        raise Refused(reason)
    assert draw is not None
    return draw


def _make_case(
    found: Round,
    drawn: DrawnChild,
    child: PopulationChild,
    areas: dict[str, int],
    *,
    position: int,
    at: datetime,
    replaces: Case | None = None,
) -> Case:
    case = case_services.make_case(
        found,
        position=position,
        token=child.token,
        plan_status=child.plan_status,
        age_band=child.age_band,
        area_id=areas.get(same_area(child.area)),
        stratum=drawn.stratum,
        replaces_id=replaces.id if replaces is not None else None,
        at=at,
    )
    drawn.case_id = case.id
    return case
