"""Who sat on the panels of each round, and what they put aside."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Row, and_, func, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.exports.queries.answers import Of
from audit_app.exports.queries.streaming import ROUND_NAME
from audit_app.panels.models import Panel, PanelMember, ParkedPoint
from audit_app.panels.rules import ATTENDANCE_WORDS, Attendance
from audit_app.rounds.models import Round
from reports import round_rows as rows

NOT_RECORDED = "Not recorded"
_ITS_ROUND = and_(Round.partnership_id == Panel.partnership_id, Round.id == Panel.round_id)
_Lines = Mapping[int, list[rows.PanelLine]]


def panels(viewer: Viewer, of: Of) -> Iterator[rows.PanelLine]:
    """A line for each panel's chair, then its members, agency by agency, then the points that it put aside."""
    query = (
        select(Panel.id, ROUND_NAME, Panel.held_on, Person.name)
        .join(Round, _ITS_ROUND)
        .join(Person, Person.id == Panel.chair_id)
        .where(Panel.partnership_id == viewer.partnership_id, *of)
        .order_by(Round.id, Panel.held_on, Panel.id)
    )
    found = db.session.execute(query).all()
    ids = [panel_id for panel_id, *_ in found]
    members, points = _members(viewer, ids), _points(viewer, ids)
    for panel_id, name, held_on, chair in found:
        yield rows.PanelLine(name, held_on, "Chair", chair)
        for line in (*members[panel_id], *points[panel_id]):
            yield line._replace(round_name=name, held_on=held_on)


def _members(viewer: Viewer, ids: Sequence[int]) -> _Lines:
    """The members of each panel, those without an agency, such as note-takers, last."""
    query = (
        select(PanelMember.panel_id, Person.name, func.coalesce(Agency.name, ""), PanelMember.attendance)
        .join(Person, Person.id == PanelMember.person_id)
        .outerjoin(Agency, Agency.id == PanelMember.agency_id)
        .where(PanelMember.partnership_id == viewer.partnership_id, PanelMember.panel_id.in_(ids))
    )
    found: dict[int, list[rows.PanelLine]] = defaultdict(list)
    # Sorted here and below: asked for an order, PostgreSQL walks all that a partnership has in that order.
    for panel_id, name, agency, attendance in sorted(db.session.execute(query), key=_by_agency):
        came = NOT_RECORDED if attendance is None else ATTENDANCE_WORDS[attendance]
        found[panel_id].append(rows.PanelLine("", date.min, "Member", name, agency, came))
    return found


def _points(viewer: Viewer, ids: Sequence[int]) -> _Lines:
    """What was put aside in each panel, oldest first."""
    query = (
        select(
            ParkedPoint.id,
            ParkedPoint.panel_id,
            Person.name,
            ParkedPoint.case_reference,
            ParkedPoint.words,
            ParkedPoint.where_to,
        )
        .join(Person, Person.id == ParkedPoint.parked_by_id)
        .where(ParkedPoint.partnership_id == viewer.partnership_id, ParkedPoint.panel_id.in_(ids))
    )
    found: dict[int, list[rows.PanelLine]] = defaultdict(list)
    for _, panel_id, name, case, words, where_to in sorted(db.session.execute(query), key=lambda row: row.id):
        line = rows.PanelLine("", date.min, "Point put aside", name, case=case, point=words, taken_to=where_to)
        found[panel_id].append(line)
    return found


def _by_agency(row: Row[int, str, str, Attendance | None]) -> tuple[bool, str, str]:
    return not row[2], row[2], row[1]
