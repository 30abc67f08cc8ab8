"""Whom to ring about an immediate concern, and whose people may agree with its outcome."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from audit_app.accounts import queries as accounts
from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Concern
from audit_app.cases.queries.agreeing import can_agree
from audit_app.cases.queries.concerns import ConcernRow
from audit_app.core.db import db


def agencies_of_concern(partnership_id: int, shown: ConcernRow) -> Sequence[Agency]:
    """The agency that raised a concern and the one holding the case, with their contacts; each once."""
    named = {shown.agency_id, shown.holder_id} - {None}
    query = select(Agency).where(Agency.partnership_id == partnership_id, Agency.id.in_(named)).order_by(Agency.name)
    return db.session.scalars(query).all()


def agencies_that_agree(partnership_id: int, shown: ConcernRow, *, today: date) -> Sequence[Agency]:
    """The agencies of which somebody can agree today with the outcome of a concern, by name."""
    query = (
        select(Agency)
        .join(Concern, Concern.partnership_id == Agency.partnership_id)
        .where(Agency.partnership_id == partnership_id, Concern.id == shown.id, can_agree(Agency, today=today))
        .order_by(Agency.name)
    )
    return db.session.scalars(query).all()


def people_to_ring(viewer: Viewer, shown: ConcernRow, *, today: date) -> Sequence[tuple[str, str]]:
    """Whom whoever raised a concern rings while no e-mail tells anybody, as (name, number): those who must know of it,
    without the viewer. Of coordinators no number is known."""
    named = [
        (f"{name}, {agency.short_name}", number)
        for agency in agencies_of_concern(viewer.partnership_id, shown)
        for name, email, number in (
            (agency.contact_name, agency.contact_email, agency.contact_phone),
            (agency.deputy_name, agency.deputy_email, agency.deputy_phone),
        )
        if name and email.lower() != viewer.email.lower()
    ]
    people = accounts.people_with_role(viewer.partnership_id, Role.COORDINATOR, today=today)
    coordinator = viewer.terms.said(Role.COORDINATOR)
    return [*named, *((f"{one.name}, {coordinator}", "") for one in people if one.id != viewer.id)]
