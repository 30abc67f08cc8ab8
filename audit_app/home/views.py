"""Home, the hub of a round with its history, and the page of one case."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Flask, abort, render_template, request

from audit_app.accounts.access import allow, current_actor, may_use, members, partnership_blueprint
from audit_app.accounts.queries import draft_addresses
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries as cases
from audit_app.cases.rules import CASE_STATE_WORDS, ROUTES
from audit_app.core.clock import now, today
from audit_app.core.forms import whole_number
from audit_app.core.settings import settings
from audit_app.history import queries as history
from audit_app.history.queries import Deed
from audit_app.home import queries, rules
from audit_app.home.rules import NextStep, RoundProgress
from audit_app.indicators.rules import AGE_BAND_WORDS
from audit_app.panels.queries import (
    case_actions_of_case,
    may_raise_case_action,
    may_read_pack,
    panel_feedback_on,
    practice_to_score,
)
from audit_app.panels.rules import CHECKS_FOR, READS_ALONG
from audit_app.returns.rules import NO_RETURN, RETURN_STATE_WORDS, no_return_from
from audit_app.rounds import queries as rounds
from audit_app.rounds.rules import SEEN_BY, RoundState

home: Blueprint = partnership_blueprint("home", __name__)

DEEDS_A_PAGE = 50
SEES_CASES = (
    Role.COORDINATOR,
    Role.SCRUTINEER,
    Role.KEY_HOLDER,
    Role.AUDITOR,
    Role.PANEL_CHAIR,
    Role.NOTE_TAKER,
    Role.PANEL_MEMBER,
)


def init_app(app: Flask) -> None:
    """Words for the codes that a case's page shows."""
    app.add_template_filter(CASE_STATE_WORDS.__getitem__, "case_state")
    app.add_template_filter(AGE_BAND_WORDS.__getitem__, "age_band")
    app.add_template_filter(RETURN_STATE_WORDS.__getitem__, "return_state")


@home.get("/")
@members
def start() -> str:
    viewer = current_actor()
    under_way = (
        queries.rounds_under_way(viewer.partnership_id, today=today())
        if viewer.has(Role.COORDINATOR, Role.KEY_HOLDER, Role.SCRUTINEER)
        else ()
    )
    steps = [step for step in _steps(viewer, under_way) if may_use(step.endpoint)]
    return render_template(
        "home/start.html",
        drafts=len(draft_addresses(viewer, at=now())),
        steps=rules.most_pressing_first(steps),
        under_way=[(progress, rules.waits_for(progress, viewer.terms)) for progress in under_way],
    )


def _steps(viewer: Viewer, under_way: Sequence[RoundProgress]) -> list[NextStep]:
    """What this person should do next, by each of their roles."""
    at = now()
    to_follow = queries.concerns_to_follow(viewer, is_mailing=settings().is_mailing, today=today())
    steps = list(rules.steps_of_concerns(to_follow))
    steps += [step for one in under_way if (step := rules.step_of_round(one, viewer.roles, today=today()))]
    steps += _after_panels(viewer, under_way)
    if viewer.has(Role.AUDITOR):
        steps += rules.steps_of_auditor(queries.auditor_counts(viewer, at=at))
        to_practise = [(one.reference, one.due_on) for one in practice_to_score(viewer)]
        steps += rules.steps_of_practice_cases(to_practise, today=today())
    if viewer.has(Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER):
        steps += rules.steps_of_panel(queries.panel_counts(viewer))
        steps += _panels_ahead(viewer, at)
    if viewer.has(Role.AGENCY_LEAD):
        steps += rules.steps_of_late_agency(queries.late_of_agencies(viewer, at=at))
        steps += rules.steps_of_agency_lead(queries.actions_of(viewer, at=at, is_own=True))
    if viewer.has(Role.AGENCY_LEAD, Role.AUDITOR):
        steps += rules.steps_of_feedback(queries.feedback_owed(viewer, at=at), viewer.terms)
        steps += rules.steps_of_panel_feedback(queries.said_by_panels(viewer, at=at))
    if viewer.has(Role.COORDINATOR, Role.PANEL_CHAIR):
        steps += rules.steps_of_answers(queries.answers_to_panels(viewer, at=at))
    steps += rules.steps_of_case_actions(queries.case_actions_to_do(viewer, today=today()))
    if viewer.has(Role.PRACTITIONER):
        steps += rules.steps_of_practitioner(queries.named_on(viewer))
    if viewer.has(Role.COORDINATOR):
        steps += rules.steps_of_coordinator(
            queries.actions_of(viewer, at=at, is_own=False),
            queries.returns_to_check(viewer),
        )
    if viewer.has(Role.BOARD_MEMBER):
        counts = queries.actions_of(viewer, at=at, is_own=False)
        steps += rules.steps_of_board(counts, queries.published_lately(viewer.partnership_id, at=at))
    if viewer.has(Role.ADMINISTRATOR):
        steps += rules.steps_of_administrator(queries.office_counts(viewer.partnership_id, at=at))
    return steps


def _after_panels(viewer: Viewer, under_way: Sequence[RoundProgress]) -> list[NextStep]:
    """What someone reads, checks or decides between the last panel of a round and its report.

    Where it is known already which rounds are under way, and none of them is there, nothing more is asked.
    """
    steps: list[NextStep] = []
    if under_way and not any(one.state in {RoundState.MODERATION, RoundState.ACCURACY_CHECK} for one in under_way):
        return steps
    if viewer.has(*READS_ALONG):
        steps += rules.steps_of_moderation(queries.moderating(viewer))
    if viewer.has(*CHECKS_FOR):
        steps += rules.steps_of_checking(queries.facts_to_check(viewer, today=today()))
    if viewer.has(Role.PANEL_CHAIR):
        steps += rules.steps_of_corrections(queries.corrections_to_decide(viewer))
    return steps


def _panels_ahead(viewer: Viewer, at: datetime) -> list[NextStep]:
    """What someone releases to the panels they chair, and when they sit next."""
    panels = queries.panels_ahead(viewer, at=at)
    steps = list(rules.steps_to_release(panels))
    if to_come := [panel for panel in panels if panel.is_open or panel.held_on >= today()]:
        steps.append(rules.step_of_next_panel(to_come[0], today=today()))
    return steps


@home.get("/rounds/<reference>")
@allow(*SEEN_BY)
def show_round(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    progress = queries.round_progress(viewer.partnership_id, found.id, today=today())
    step = rules.step_of_round(progress, viewer.roles, today=today())
    return render_template(
        "home/show_round.html",
        round=found,
        progress=progress,
        step=step if step and may_use(step.endpoint) else None,
        waiting=rules.waits_for(progress, viewer.terms),
        deeds=_latest(viewer, found.id),
    )


def _latest(viewer: Viewer, round_id: int) -> Sequence[Deed]:
    """The newest deeds of a round, for those who may read its history."""
    if not may_use("home.round_history"):
        return ()
    return history.deeds_of_round(viewer.partnership_id, round_id, seen=queries.may_be_told(viewer), limit=8)


@home.get("/rounds/<reference>/history")
@allow(Role.COORDINATOR, Role.SCRUTINEER)
def round_history(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    before = request.args.get("before", type=whole_number)
    deeds = history.deeds_of_round(
        viewer.partnership_id,
        found.id,
        seen=queries.may_be_told(viewer),
        before_id=before,
        limit=DEEDS_A_PAGE + 1,
    )
    return render_template(
        "home/round_history.html",
        round=found,
        deeds=deeds[:DEEDS_A_PAGE],
        has_older=len(deeds) > DEEDS_A_PAGE,
        is_newest=before is None,
    )


@home.get("/history")
@allow(Role.ADMINISTRATOR, Role.COORDINATOR, Role.SCRUTINEER)
def partnership_history() -> str:
    viewer = current_actor()
    before = request.args.get("before", type=whole_number)
    deeds = history.deeds_beside_rounds(
        viewer.partnership_id, seen=queries.may_know_of_drafts(viewer), before_id=before, limit=DEEDS_A_PAGE + 1
    )
    return render_template(
        "home/partnership_history.html",
        deeds=deeds[:DEEDS_A_PAGE],
        has_older=len(deeds) > DEEDS_A_PAGE,
        is_newest=before is None,
    )


@home.get("/cases/<reference>")
@allow(*SEES_CASES)
def show_case(reference: str) -> str:
    viewer = current_actor()
    if len(reference) > 20:
        abort(404)
    case = cases.case_by_reference(viewer, reference)
    returns = queries.returns_of_case(viewer, case.id)
    return render_template(
        "home/show_case.html",
        case=case,
        is_side_by_side=may_read_pack(viewer, case.id),
        returns=returns,
        panel_said=panel_feedback_on(viewer, case.id) if may_use("panels.panel_feedback") else (),
        no_return=no_return_from([line.agency for line in returns if line.state in NO_RETURN]),
        agreed=queries.agreed_of_case(viewer, case.id),
        actions=case_actions_of_case(viewer, case.id, today=today()),
        may_raise=case.is_released and may_raise_case_action(viewer, case.id),
        concerns=cases.concerns(viewer, today=today(), case_id=case.id),
        passed=cases.passed_on(viewer, case_id=case.id),
        routes=ROUTES,
        deeds=history.deeds_of_case(viewer.partnership_id, case.id, seen=queries.may_be_told(viewer), limit=30)
        if may_use("home.round_history")
        else (),
    )
