"""Planning panels: when and where, who sits, which cases in which order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Role, Terms, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import Panel, PanelCase, PanelMember, PanelRoom
from audit_app.rounds import queries as rounds


def plan_panel(
    round_id: int,
    *,
    held_on: date,
    place: str,
    chair_id: int,
    members: Mapping[int, int | None],
    case_ids: Sequence[int],
    is_on_paper: bool = False,
    by: Viewer,
    at: datetime,
) -> Panel:
    """Plan a meeting of a round. `members` gives each person's agency, or None for a note-taker.

    A panel on paper agrees in its meeting, and its chair enters what was agreed afterwards; any other uses its room.

    Raises:
        NotHere: no such round, or a case that is not of this round.
        Refused: the round is past its panels, a case is on another panel or withdrawn, the chair is a member too, or
            someone has no role that lets them sit.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    if reason := rules.why_not_plan(found.state):
        raise Refused(reason)
    panel = Panel(
        partnership_id=by.partnership_id,
        round_id=round_id,
        held_on=held_on,
        place=place,
        chair_id=chair_id,
        is_on_paper=is_on_paper,
        created_at=at,
    )
    db.session.add(panel)
    db.session.flush()
    db.session.add(PanelRoom(partnership_id=by.partnership_id, panel_id=panel.id))
    _seat(panel, chair_id, members, seated=(), terms=by.terms)
    _take_cases(panel, case_ids)
    record("panel_planned", by=by, of=panel)
    db.session.flush()
    return panel


def change_panel(
    panel_id: int,
    *,
    held_on: date,
    place: str,
    chair_id: int,
    members: Mapping[int, int | None],
    case_ids: Sequence[int],
    version: int,
    by: Viewer,
) -> Panel:
    """Change a panel. A case that was released stays on it, and whoever sits may stay though their role has ended.

    Raises:
        NotHere, Refused: as for planning; or it has been held, or a released case would be taken off, or the actor
            would lose the seat that keeps them blind to returns.
        Stale: someone else changed it since `version`.
    """
    panel = queries.panel_for_change(by.partnership_id, panel_id)
    found = rounds.round_for_change(by.partnership_id, panel.round_id)
    cases = queries.panel_cases(by.partnership_id, panel_id)
    agreed = sum(case.state is CaseState.AGREED for case in cases)
    if reason := rules.why_not_change(found.state, cases=len(cases), agreed=agreed):
        raise Refused(reason)
    if version != panel.version:
        raise Stale({}, version=panel.version)
    released = next((case for case in cases if case.is_released and case.id not in case_ids), None)
    if released is not None:
        raise Refused(f"{released.reference} was released to this panel and stays on it.", field="cases")
    seated = {panel.chair_id, *(member.person_id for member in queries.panel_members(by.partnership_id, panel_id))}
    if by.id in seated:
        unreleased = [case for case in cases if not case.is_released and case.state is not CaseState.WITHDRAWN]
        refusal = rules.why_not_leave(
            is_leaving=by.id not in {chair_id, *members},
            dropped=[case.reference for case in unreleased if case.id not in case_ids],
            unreleased=[case.reference for case in unreleased],
            terms=by.terms,
        )
        if refusal:
            raise Refused(refusal)
    panel.held_on, panel.place, panel.chair_id = held_on, place, chair_id
    panel.version += 1
    mine = {"partnership_id": by.partnership_id, "panel_id": panel_id}
    db.session.execute(delete(PanelMember).filter_by(**mine))
    db.session.execute(delete(PanelCase).filter_by(**mine))
    _seat(panel, chair_id, members, seated=seated, terms=by.terms)
    _take_cases(panel, case_ids)
    record("panel_changed", by=by, of=panel, fields="date, place, people or cases")
    db.session.flush()
    return panel


def _seat(
    panel: Panel, chair_id: int, members: Mapping[int, int | None], *, seated: Collection[int], terms: Terms
) -> None:
    if chair_id in members:
        raise Refused("The chair is not a member as well: choose one of the two.", field="members")
    today = clock.today()
    chairs = accounts.people_with_role(panel.partnership_id, Role.PANEL_CHAIR, today=today)
    if chair_id not in {person.id for person in chairs} | set(seated):
        raise Refused(f"Choose a chair who holds the role {terms.said(Role.PANEL_CHAIR)}.", field="chair")
    others = accounts.people_with_role(panel.partnership_id, Role.PANEL_MEMBER, Role.NOTE_TAKER, today=today)
    if not members.keys() <= {person.id for person in others} | set(seated):
        roles = f"{terms.said(Role.PANEL_MEMBER)} or {terms.said(Role.NOTE_TAKER)}"
        raise Refused(f"Choose members who hold the role {roles}.", field="members")
    rows = [
        {"partnership_id": panel.partnership_id, "panel_id": panel.id, "person_id": person, "agency_id": agency}
        for person, agency in members.items()
    ]
    if rows:
        db.session.execute(insert(PanelMember), rows)


def _take_cases(panel: Panel, case_ids: Sequence[int]) -> None:
    if not case_ids:
        return
    mine = (Case.partnership_id == panel.partnership_id, Case.round_id == panel.round_id, Case.id.in_(case_ids))
    known = {
        case_id: (reference, state)
        for case_id, reference, state in db.session.execute(select(Case.id, Case.reference, Case.state).where(*mine))
    }
    if len(known) != len(set(case_ids)):
        raise NotHere
    for reference, state in known.values():
        if state is CaseState.WITHDRAWN:
            raise Refused(f"{reference} was withdrawn, so no panel takes it.", field="cases")
    taken = db.session.scalar(select(PanelCase.case_id).where(PanelCase.case_id.in_(case_ids)))
    if taken is not None:
        raise Refused(f"{known[taken][0]} is on another panel already.", field="cases")
    db.session.execute(
        insert(PanelCase),
        [
            {"partnership_id": panel.partnership_id, "panel_id": panel.id, "case_id": case_id, "position": position}
            for position, case_id in enumerate(case_ids, 1)
        ],
    )
