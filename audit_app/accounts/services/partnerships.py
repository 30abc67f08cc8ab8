"""A partnership's settings, and its agencies, bodies and areas."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, TypeVar

from audit_app.accounts import queries, rules
from audit_app.accounts.models import Agency, Area, Body, Partnership
from audit_app.accounts.rules import Part, Role, Service, Viewer
from audit_app.accounts.services.invitations import invite_person
from audit_app.accounts.services.links import Invited
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.history.services import record

Place = TypeVar("Place", Agency, Body, Area)

SETTINGS = {
    "name": "name",
    "colour": "colour",
    "front_door_name": "front door",
    "front_door_phone": "front door's number",
    "support_contact": "support contact",
    "acknowledge_minutes": "time to acknowledge a concern",
    "round_retention_years": "how long rounds are kept",
    "identity_retention_months": "how long identities are kept",
}
"""What `change_settings` may change, with the words by which history names it."""

AGENCY_DETAILS = {
    "name": "name",
    "short_name": "short name",
    "kind": "kind",
    "contact_name": "safeguarding contact",
    "contact_email": "safeguarding contact",
    "contact_phone": "safeguarding contact",
    "deputy_name": "deputy",
    "deputy_email": "deputy",
    "deputy_phone": "deputy",
    "delegated_partner_id": "delegated partner",
}
"""What `change_agency` may change, with the words by which history names it."""


def create_partnership(
    *, slug: str, name: str, administrator_name: str, administrator_email: str, is_demonstration: bool = False
) -> tuple[Partnership, Invited]:
    """Make a partnership with its first administrator, who is invited.

    Raises:
        Refused: a short name that is no part of an address or is taken, no name, no e-mail address.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        raise Refused("The short name has small letters, digits and hyphens only, such as saltmere.")
    if not name.strip():
        raise Refused("Enter the partnership's name.")
    partnership = Partnership(
        slug=slug,
        name=name.strip(),
        token_secret=secrets.token_urlsafe(32),
        is_demonstration=is_demonstration,
        created_at=clock.now(),
    )
    db.session.add(partnership)
    db.session.flush()
    service = Service(partnership.id)
    record("partnership_created", by=service, of=partnership)
    invited = invite_person(
        name=administrator_name, email=administrator_email, parts=[Part(Role.ADMINISTRATOR)], by=service
    )
    return partnership, invited


def change_settings(changes: Mapping[str, Any], *, by: Viewer | Service) -> None:
    """Change settings of the actor's partnership; `changes` by the names in SETTINGS.

    Raises:
        Refused: no name, a colour that cannot carry white words, a period or time out of bounds.
    """
    partnership = queries.partnership_for_change(by.partnership_id)
    if "name" in changes and not changes["name"]:
        raise Refused("Enter the partnership's name.", "name")
    if "colour" in changes and (reason := rules.why_not_colour(changes["colour"])):
        raise Refused(reason, "colour")
    minutes = changes.get("acknowledge_minutes", partnership.acknowledge_minutes)
    if reason := rules.why_not_acknowledge_minutes(minutes):
        raise Refused(reason, "acknowledge_minutes")
    out_of_bounds = rules.why_not_retention(
        years=changes.get("round_retention_years", partnership.round_retention_years),
        months=changes.get("identity_retention_months", partnership.identity_retention_months),
    )
    if out_of_bounds:
        raise Refused(*out_of_bounds)
    if changed := _change(partnership, changes, SETTINGS):
        record("settings_changed", by=by, of=partnership, fields=changed)
    db.session.flush()


def add_agency(details: Mapping[str, Any], *, by: Viewer | Service) -> Agency:
    """Add an agency to the actor's partnership; `details` by the names in AGENCY_DETAILS.

    Raises:
        Refused: a needed detail is missing, an e-mail address is none, the name is taken.
        NotHere: the partnership has no such delegated partner.
    """
    _check_agency(details, by=by)
    agency = Agency(partnership_id=by.partnership_id, **{name: details[name] for name in details})
    _add(agency)
    record("agency_added", by=by, of=agency)
    return agency


def change_agency(agency_id: int, details: Mapping[str, Any], *, by: Viewer | Service) -> None:
    """Change an agency's details; see `add_agency`. Raises NotHere where the partnership has no such agency."""
    queries.partnership_for_change(by.partnership_id)
    _check_agency(details, by=by)
    agency = queries.agency_for_change(by.partnership_id, agency_id)
    if changed := _change(agency, details, AGENCY_DETAILS):
        record("agency_changed", by=by, of=agency, fields=changed)
    db.session.flush()


def add_body(*, name: str, kind: rules.BodyKind, by: Viewer | Service) -> Body:
    """Add a body to the actor's partnership. Raises Refused where the name is missing or taken."""
    body = Body(partnership_id=by.partnership_id, name=_named(name), kind=kind)
    _add(body)
    record("body_added", by=by, of=body)
    return body


def change_body(body_id: int, *, name: str, kind: rules.BodyKind, by: Viewer | Service) -> None:
    """Change a body's name and kind. Raises Refused where the name is missing or taken."""
    queries.partnership_for_change(by.partnership_id)
    body = queries.body_for_change(by.partnership_id, body_id)
    body.name, body.kind = _named(name), kind
    record("body_changed", by=by, of=body)
    db.session.flush()


def add_area(*, name: str, by: Viewer | Service) -> Area:
    """Add an area to the actor's partnership. Raises Refused where the name is missing or taken."""
    area = Area(partnership_id=by.partnership_id, name=_named(name))
    _add(area)
    record("area_added", by=by, of=area)
    return area


def change_area(area_id: int, *, name: str, by: Viewer | Service) -> None:
    """Change an area's name. Raises Refused where the name is missing or taken."""
    queries.partnership_for_change(by.partnership_id)
    area = queries.area_for_change(by.partnership_id, area_id)
    area.name = _named(name)
    record("area_changed", by=by, of=area)
    db.session.flush()


def set_agency_ended(agency_id: int, *, is_ended: bool, by: Viewer | Service) -> Agency:
    """End an agency from today, or bring it back. Ended ones are kept but no longer offered.

    Raises:
        NotHere: the partnership has no such agency.
    """
    queries.partnership_for_change(by.partnership_id)
    return _set_ended(queries.agency_for_change(by.partnership_id, agency_id), is_ended=is_ended, by=by)


def set_body_ended(body_id: int, *, is_ended: bool, by: Viewer | Service) -> Body:
    """End a body from today, or bring it back; see `set_agency_ended`."""
    queries.partnership_for_change(by.partnership_id)
    return _set_ended(queries.body_for_change(by.partnership_id, body_id), is_ended=is_ended, by=by)


def set_area_ended(area_id: int, *, is_ended: bool, by: Viewer | Service) -> Area:
    """End an area from today, or bring it back; see `set_agency_ended`."""
    queries.partnership_for_change(by.partnership_id)
    return _set_ended(queries.area_for_change(by.partnership_id, area_id), is_ended=is_ended, by=by)


def _set_ended(place: Place, *, is_ended: bool, by: Viewer | Service) -> Place:
    if (place.ended_on is not None) != is_ended:
        place.ended_on = clock.today() if is_ended else None
        record("place_ended" if is_ended else "place_brought_back", by=by, of=place)
        db.session.flush()
    return place


def _check_agency(details: Mapping[str, Any], *, by: Viewer | Service) -> None:
    for field, sentence in (
        ("name", "Enter the agency's name."),
        ("short_name", "Enter a short name for tables."),
        ("kind", "Choose the kind of agency."),
    ):
        if not details.get(field):
            raise Refused(sentence, field)
    for field in ("contact_email", "deputy_email"):
        if details.get(field) and (reason := rules.why_not_email(details[field])):
            raise Refused(reason, field)
    if (partner_id := details.get("delegated_partner_id")) is not None:
        queries.delegated_partner_here(by.partnership_id, partner_id)


def _named(name: str) -> str:
    if not name.strip():
        raise Refused("Enter a name.", "name")
    return name.strip()


def _add(place: Agency | Body | Area) -> None:
    db.session.add(place)
    db.session.flush()


def _change(row: Partnership | Agency, changes: Mapping[str, Any], known: Mapping[str, str]) -> str:
    """Set what differs; give what it was in words, each once."""
    changed = []
    for field, value in changes.items():
        words = known[field]
        if getattr(row, field) != value:
            setattr(row, field, value)
            changed.append(words)
    return ", ".join(dict.fromkeys(changed))
