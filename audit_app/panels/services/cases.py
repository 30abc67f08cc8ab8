"""A case's way through its panel: released, finished or withdrawn, and its round with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.cases import services as case_services
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import PanelCase, PanelItem
from audit_app.panels.rules import ItemKind, OutcomePart
from audit_app.panels.services.checking import move_after_panels
from audit_app.panels.services.outcomes import tell_of_questions
from audit_app.panels.services.revision import touch_room
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import Occasion
from audit_app.returns.services import feedback_falls_due
from audit_app.rounds import queries as rounds
from audit_app.rounds import services as round_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from audit_app.sampling import services as sampling


def _locked(partnership_id: int, case_id: int) -> tuple[Round, Case]:
    """A case and its round, locked: the round first, as every deed does that locks both."""
    found = rounds.round_for_change(partnership_id, cases.round_of_case(partnership_id, case_id))
    return found, cases.case_for_change(partnership_id, case_id)


def release_case(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Open a case to its panel: its returns are frozen, and there is one item for each thing to agree.

    Raises:
        NotHere: no such case.
        Refused: it is not with agencies, is on no panel, an agency has not answered, or none has rated anything.
    """
    found, case = _locked(by.partnership_id, case_id)
    reason = rules.why_not_release(
        case.state,
        round_state=found.state,
        is_on_panel=queries.hold_of(by.partnership_id, case_id).chair_id is not None,
        returns=queries.return_states(by.partnership_id, case_id),
    )
    if reason:
        raise Refused(reason)
    case_services.move_case(case, CaseState.AT_PANEL)
    case.released_at, case.released_by_id = at, by.id
    mine = {"partnership_id": case.partnership_id, "case_id": case.id, "kind": ItemKind.INDICATOR}
    items = [mine | {"indicator_id": one, "agency_id": agency} for one, agency in queries.things_to_agree(case)]
    if items and queries.has_levels(case):
        items.append(mine | {"kind": ItemKind.OVERALL, "indicator_id": None, "agency_id": None})
    if items:
        db.session.execute(insert(PanelItem), items)
    record("case_released", by=by, of=case)
    db.session.flush()
    advance_round(case.round_id, by=by, at=at)
    touch_room(by.partnership_id, queries.hold_of(by.partnership_id, case_id).panel_id)
    return case


def finish_case(case_id: int, *, link: str, are_not_names: bool = False, by: Viewer, at: datetime) -> Case:
    """Finish a case: everything on it is agreed and written, and now locked. The round moves on with its last case.

    Agencies read what the panel says to them; those which it asks something are mailed, without a word about the case:
    `link` is where they find it. `are_not_names` is said where something that was written of the case, in its outcome
    or while the panel sat, may name someone.

    Raises:
        NotHere: no such case.
        Refused: not the chair, not at panel, something is still to be agreed, nothing was written of what was learned,
            or a text may name someone and nobody has said that it does not.
    """
    found, case = _locked(by.partnership_id, case_id)
    reason = rules.why_not_finish(
        case.state,
        round_state=found.state,
        is_chair=rules.is_chair(by, queries.hold_of(by.partnership_id, case_id).chair_id),
        waiting=queries.progress_of_case(by.partnership_id, case_id).waiting,
        is_learned=bool(case.outcome),
    )
    if reason:
        raise Refused(reason)
    if not are_not_names and _may_name_someone(case):
        raise Refused("Take out the names at the places listed, or tick that they are not names.", "are_not_names")
    case_services.move_case(case, CaseState.AGREED)
    case.agreed_at, case.agreed_by_id = at, by.id
    record("case_agreed", by=by, of=case)
    db.session.flush()
    feedback_falls_due(Occasion.PANEL, found, at=at, case_id=case.id)
    tell_of_questions(case, found, link=link, at=at)
    advance_round(case.round_id, by=by, at=at)
    touch_room(by.partnership_id, queries.hold_of(by.partnership_id, case_id).panel_id)
    return case


def _may_name_someone(case: Case) -> bool:
    """Whether something in the outcome of a case that is locked, or in what its panel wrote of it, may name someone."""
    found = queries.parts_with_names(case.partnership_id, case.id, _written(case))
    return bool(found or queries.places_at_panel(case.partnership_id, case.id))


def _written(case: Case) -> Sequence[OutcomePart]:
    """All that is written of the outcome of a case that is locked."""
    said = queries.said_to_agencies_for_change(case.partnership_id, case.id)
    of_case = OutcomePart(None, (case.outcome, case.good_practice), case.outcome_version)
    return [of_case, *(queries.part_of(row) for row in said.values() if row is not None)]


def withdraw_case(case_id: int, *, reason: str, by: Actor, at: datetime) -> Case | None:
    """Withdraw a child before the case is released. Its ratings count no more, and it leaves its panel.

    Gives the case of the reserve who takes the place, or None where there is none left.

    Raises:
        NotHere: no such case.
        Refused: withdrawn already, released to its panel, its round is past its panels, or no reason is given.
    """
    found, _ = _locked(by.partnership_id, case_id)
    if refusal := rules.why_not_plan(found.state):
        raise Refused(refusal)
    replacement = sampling.withdraw_case(case_id, reason=reason, by=by, at=at)
    mine = (AgencyReturn.partnership_id == by.partnership_id, AgencyReturn.case_id == case_id)
    db.session.execute(
        update(Rating)
        .where(Rating.partnership_id == by.partnership_id, Rating.return_id.in_(select(AgencyReturn.id).where(*mine)))
        .values(is_submitted=False)
        .execution_options(synchronize_session=False)
    )
    panel_id = queries.hold_of(by.partnership_id, case_id).panel_id
    db.session.execute(delete(PanelCase).filter_by(partnership_id=by.partnership_id, case_id=case_id))
    advance_round(found.id, by=by, at=at)
    touch_room(by.partnership_id, panel_id)
    return replacement


def advance_round(round_id: int, *, by: Actor, at: datetime) -> None:
    """Move a round to the earliest phase that any of its cases is in: returns, panel, then what follows its panels.

    That is moderation, the accuracy check or reporting, as its plan has it. Withdrawn cases count for nothing. A paused
    one does not keep the others from their panels, but the round waits for it before it goes on from them.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    states = set(
        db.session.scalars(
            select(Case.state)
            .where(
                Case.partnership_id == by.partnership_id,
                Case.round_id == round_id,
                Case.state != CaseState.WITHDRAWN,
            )
            .distinct()
        )
    )
    at_panel = states - {CaseState.PAUSED}
    if found.state is RoundState.RETURNS and at_panel and at_panel <= {CaseState.AT_PANEL, CaseState.AGREED}:
        found = round_services.move_round(round_id, to=RoundState.PANEL, by=by)
    if found.state is RoundState.PANEL and states == {CaseState.AGREED}:
        to = rules.after_panels(is_moderated=found.is_moderated, accuracy_days=found.accuracy_days)
        move_after_panels(found, to=to, by=by, at=at)
