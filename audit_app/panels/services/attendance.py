"""Recording who came to a panel."""

from collections.abc import Mapping

from audit_app.accounts.rules import Viewer
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import Panel, PanelMember
from audit_app.panels.rules import Attendance
from audit_app.panels.services.revision import touch_room
from audit_app.rounds import queries as rounds


def record_attendance(panel_id: int, attendance: Mapping[int, Attendance | None], *, by: Viewer) -> int:
    """Record of members, by the person's id, whether they came; None where nobody knows. How many were changed.

    Raises:
        NotHere: no such panel, or somebody who does not sit on it.
        Refused: the actor neither steers it nor takes its notes, or its round is past recording.
    """
    panel, seats = _locked(panel_id, by)
    if not rules.may_record_attendance(by, panel.chair_id, is_seated=by.id in seats):
        raise Refused("Only the chair, a note-taker or whoever plans the panel records who came.")
    if not attendance.keys() <= seats.keys():
        raise NotHere
    changed = [person for person, came in attendance.items() if seats[person].attendance is not came]
    for person in changed:
        seats[person].attendance = attendance[person]
    if changed:
        record("attendance_recorded", by=by, of=panel)
        touch_room(by.partnership_id, panel_id)
    return len(changed)


def say_here(panel_id: int, *, by: Viewer) -> bool:
    """A member says that they are at the meeting. Whether that is new.

    Raises:
        NotHere: the actor is no member of such a panel.
        Refused: its round is past recording.
    """
    panel, seats = _locked(panel_id, by)
    if by.id not in seats:
        raise NotHere
    seat = seats[by.id]
    if seat.attendance is Attendance.PRESENT:
        return False
    seat.attendance = Attendance.PRESENT
    record("said_here", by=by, of=panel)
    touch_room(by.partnership_id, panel_id)
    return True


def _locked(panel_id: int, by: Viewer) -> tuple[Panel, Mapping[int, PanelMember]]:
    """A panel and its seats, locked, of a round in which attendance is still recorded."""
    found = rounds.round_for_change(by.partnership_id, queries.round_of_panel(by.partnership_id, panel_id))
    if reason := rules.why_not_attend(found.state):
        raise Refused(reason)
    panel = queries.panel_for_change(by.partnership_id, panel_id)
    return panel, queries.seats_for_change(by.partnership_id, panel_id)
