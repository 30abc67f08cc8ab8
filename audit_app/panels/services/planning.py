"""Planning panels: when and where, who sits, which cases in which order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from audit_app.accounts import queries as accounts
from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role, Terms, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import Panel, PanelCase, PanelMember, PanelRoom
from audit_app.panels.queries import CaseOnPanel
from audit_app.panels.rules import Attendance, Timing
from audit_app.panels.services.revision import touch_room
from audit_app.panels.services.seats import take_out_ratings
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round
from audit_app.rounds.rules import in_a_row

AS_DELIVERED = Timing()

FIELD_WORDS = {
    "held_on": "date",
    "starts_at": "beginning",
    "ends_at": "end",
    "minutes_per_case": "minutes for each case",
    "place": "place",
    "is_on_paper": "how it rates",
    "chair_id": "chair",
    "members": "members",
    "case_ids": "cases",
}
"""What history calls each part of a panel."""


def plan_panel(
    round_id: int,
    *,
    held_on: date,
    place: str,
    chair_id: int,
    members: Mapping[int, int | None],
    case_ids: Sequence[int],
    timing: Timing = AS_DELIVERED,
    is_on_paper: bool = False,
    by: Viewer,
    at: datetime,
) -> Panel:
    """Plan a meeting of a round. `members` gives each person's agency, or None for a note-taker.

    A panel on paper agrees in its meeting, and its chair enters what was agreed afterwards; any other uses its room.

    Raises:
        NotHere: no such round, or a case that is not of this round.
        Refused: the round is past its panels, the times do not hold, a case is on another panel or withdrawn, the chair
            is a member too or has a conflict of interest in a case, or someone has no role that lets them sit.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    if reason := rules.why_not_plan(found.state):
        raise Refused(reason)
    _check_timing(timing)
    panel = Panel(
        partnership_id=by.partnership_id,
        round_id=round_id,
        held_on=held_on,
        **vars(timing),
        place=place,
        chair_id=chair_id,
        is_on_paper=is_on_paper,
        created_at=at,
    )
    db.session.add(panel)
    db.session.flush()
    db.session.add(PanelRoom(partnership_id=by.partnership_id, panel_id=panel.id))
    _check_people(panel, chair_id, members, case_ids, seated=(), terms=by.terms)
    _check_cases(panel, case_ids)
    _seat(panel, members, {})
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
    timing: Timing | None = None,
    is_on_paper: bool | None = None,
    version: int,
    by: Viewer,
) -> Panel:
    """Change a panel. A case that was released stays on it, and whoever sits may stay though their role has ended.

    `timing` and `is_on_paper` stay as they are where they are left out. Whoever leaves takes the rating along that the
    chair has not shown yet; those who stay, and the cases that stay, keep what is recorded of them.

    Raises:
        NotHere, Refused: as for planning; or it has been held, or a released case or somebody who came would leave it,
            or the actor the seat that keeps them blind to returns, or it rates in its room and would go to paper.
        Stale: someone else changed it since `version`.
    """
    found = rounds.round_for_change(by.partnership_id, queries.round_of_panel(by.partnership_id, panel_id))
    opened = queries.open_cases_for_change(by.partnership_id, panel_id)
    panel = queries.panel_for_change(by.partnership_id, panel_id)
    seats = queries.seats_for_change(by.partnership_id, panel_id)
    cases = queries.panel_cases(by.partnership_id, panel_id)
    _check_standing(panel, found, cases, version=version)
    wanted = {
        "held_on": held_on,
        "place": place,
        "chair_id": chair_id,
        **vars(timing or panel.timing),
        "is_on_paper": panel.is_on_paper if is_on_paper is None else is_on_paper,
    }
    _check_timing(timing or panel.timing)
    seated = {panel.chair_id, *seats}
    _check_switch(panel, cases, is_on_paper=wanted["is_on_paper"], is_seated=by.id in seated)
    if by.id in seated:
        _check_own_seat(cases, case_ids, is_leaving=by.id not in {chair_id, *members}, terms=by.terms)
    led_by = panel.chair_id if _has_begun(panel, seats, cases) else None
    _check_leaving(seats, staying={chair_id, *members}, led_by=led_by)
    _check_people(panel, chair_id, members, case_ids, seated=seated, terms=by.terms)
    _check_cases(panel, case_ids, cases)
    changed = {name for name, value in wanted.items() if getattr(panel, name) != value}
    changed |= {"members"} if members != {person: seat.agency_id for person, seat in seats.items()} else set()
    changed |= {"case_ids"} if list(case_ids) != [case.id for case in cases] else set()
    if not changed:
        return panel
    take_out_ratings(opened, [one for one, seat in seats.items() if members.get(one, 0) != seat.agency_id], by=by)
    for name, value in wanted.items():
        setattr(panel, name, value)
    panel.version += 1
    _seat(panel, members, seats, came=led_by)
    _take_cases(panel, case_ids)
    record("panel_changed", by=by, of=panel, fields=in_a_row(_words_of(changed)))
    db.session.flush()
    touch_room(by.partnership_id, panel_id)
    return panel


def _words_of(changed: Collection[str]) -> list[str]:
    return [words for name, words in FIELD_WORDS.items() if name in changed]


def _check_standing(panel: Panel, found: Round, cases: Sequence[CaseOnPanel], *, version: int) -> None:
    """The panel can still be changed, and is as the actor saw it."""
    agreed = sum(case.state is CaseState.AGREED for case in cases)
    if reason := rules.why_not_change(found.state, cases=len(cases), agreed=agreed):
        raise Refused(reason)
    if version != panel.version:
        raise Stale({}, version=panel.version)


def _check_timing(timing: Timing) -> None:
    for field, sentence in rules.why_not_timing(timing).items():
        raise Refused(sentence, field=field)


def _check_switch(panel: Panel, cases: Sequence[CaseOnPanel], *, is_on_paper: bool, is_seated: bool) -> None:
    if is_on_paper == panel.is_on_paper:
        return
    is_begun = queries.is_begun_in_room(panel.partnership_id, panel.id)
    room = queries.room_of(panel.partnership_id, panel.id)
    is_open = room.opened_at is not None and room.closed_at is None
    reason = rules.why_not_switch(
        to_paper=is_on_paper,
        is_begun=is_begun,
        is_open=is_open,
        is_released=any(case.is_released for case in cases),
        is_seated=is_seated,
    )
    if reason:
        raise Refused(reason, field="rates")


def _check_own_seat(cases: Sequence[CaseOnPanel], case_ids: Sequence[int], *, is_leaving: bool, terms: Terms) -> None:
    """Whoever sits on the panel does not take off the seat that keeps them blind to its returns."""
    unfinished = [case for case in cases if case.state not in {CaseState.AGREED, CaseState.WITHDRAWN}]
    refusal = rules.why_not_leave(
        is_leaving=is_leaving,
        dropped=[case.reference for case in unfinished if case.id not in case_ids],
        unfinished=[case.reference for case in unfinished],
        terms=terms,
    )
    if refusal:
        raise Refused(refusal)


def _check_people(
    panel: Panel,
    chair_id: int,
    members: Mapping[int, int | None],
    case_ids: Sequence[int],
    *,
    seated: Collection[int],
    terms: Terms,
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
    conflicts = queries.conflicts_of_person(panel.partnership_id, chair_id, case_ids)
    if reason := rules.why_not_chair(db.session.get_one(Person, chair_id).name, conflicts, terms):
        raise Refused(reason, field="chair")


def _has_begun(panel: Panel, seats: Mapping[int, PanelMember], cases: Sequence[CaseOnPanel]) -> bool:
    """Whether anybody is known to have met: its room was opened, somebody came, or something is agreed."""
    is_there = any(seat.attendance is Attendance.PRESENT for seat in seats.values())
    was_opened = queries.room_of(panel.partnership_id, panel.id).opened_at is not None
    return is_there or was_opened or any(case.items_agreed for case in cases)


def _check_leaving(seats: Mapping[int, PanelMember], *, staying: Collection[int], led_by: int | None) -> None:
    """Whoever came to a panel stays on it: their seat is the record of it. A chair has none, so they get one."""
    if led_by is not None and led_by not in staying:
        raise Refused(rules.why_not_drop_chair(db.session.get_one(Person, led_by).name), field="members")
    came = [one for one, seat in seats.items() if seat.attendance is Attendance.PRESENT and one not in staying]
    names = select(Person.name).where(Person.id.in_(came)).order_by(Person.name)
    if reason := rules.why_not_take_off(db.session.scalars(names).all() if came else ()):
        raise Refused(reason, field="members")


def _seat(
    panel: Panel, members: Mapping[int, int | None], seats: Mapping[int, PanelMember], *, came: int | None = None
) -> None:
    """Seat exactly these. Whoever sits already keeps the row, and with it whether they came. `came` did."""
    for person_id, seat in seats.items():
        if person_id in members:
            seat.agency_id = members[person_id]
        else:
            db.session.delete(seat)
    rows = [
        {
            "partnership_id": panel.partnership_id,
            "panel_id": panel.id,
            "person_id": person,
            "agency_id": agency,
            "attendance": Attendance.PRESENT if person == came else None,
        }
        for person, agency in members.items()
        if person not in seats
    ]
    if rows:
        db.session.execute(insert(PanelMember), rows)


def _check_cases(panel: Panel, case_ids: Sequence[int], cases: Sequence[CaseOnPanel] = ()) -> None:
    """The wanted cases can be on this panel, and those that were released to it stay."""
    released = next((case for case in cases if case.is_released and case.id not in case_ids), None)
    if released is not None:
        raise Refused(f"{released.reference} was released to this panel and stays on it.", field="cases")
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
    taken = db.session.scalar(
        select(PanelCase.case_id).where(
            PanelCase.partnership_id == panel.partnership_id,
            PanelCase.case_id.in_(case_ids),
            PanelCase.panel_id != panel.id,
        )
    )
    if taken is not None:
        raise Refused(f"{known[taken][0]} is on another panel already.", field="cases")


def _take_cases(panel: Panel, case_ids: Sequence[int]) -> None:
    """Put exactly these on a panel, in this order. A case that stays keeps its row, and with it what its room did."""
    of_panel = (PanelCase.partnership_id == panel.partnership_id, PanelCase.panel_id == panel.id)
    rows = dict(db.session.execute(select(PanelCase.case_id, PanelCase.id).where(*of_panel)).all())
    gone = [row for case_id, row in rows.items() if case_id not in case_ids]
    if gone:
        db.session.execute(delete(PanelCase).where(*of_panel, PanelCase.id.in_(gone)))
    places = {case_id: place for place, case_id in enumerate(case_ids, 1)}
    if staying := [{"id": rows[one], "position": place} for one, place in places.items() if one in rows]:
        # first out of each other's way, since no two cases may have one place
        out_of_the_way = update(PanelCase).where(*of_panel).values(position=-PanelCase.position)
        db.session.execute(out_of_the_way.execution_options(synchronize_session=False))
        db.session.execute(update(PanelCase), staying)
    mine = {"partnership_id": panel.partnership_id, "panel_id": panel.id}
    if new := [mine | {"case_id": one, "position": place} for one, place in places.items() if one not in rows]:
        db.session.execute(insert(PanelCase), new)
