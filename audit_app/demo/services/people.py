"""The demonstration's partnerships with their agencies and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from audit_app.accounts import queries, services
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Part, Role, Viewer
from audit_app.accounts.services import Invited
from audit_app.core import clock
from audit_app.core.settings import settings
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story

MADE_BEFORE = 190
"""Days before the demonstration is built on which its partnerships began: earlier than the first round."""


@dataclass(frozen=True)
class Place:
    """A partnership with the ids of what it has by the material's codes, and its people as actors by e-mail address."""

    id: int
    slug: str
    agencies: Mapping[str, int]
    bodies: Mapping[str, int]
    areas: Mapping[str, int]
    people: Mapping[str, Viewer]

    def one(self, role: Role, agency: str | None = None) -> Viewer:
        """The first person with a role, for an agency where one is named."""
        wanted = None if agency is None else self.agencies[agency]
        return next(
            person
            for person in self.people.values()
            if (person.has(role) if wanted is None else wanted in person.agencies(role))
        )

    def address(self, path: str) -> str:
        """The whole address of a page of the partnership."""
        return f"{settings().base_url}/p/{self.slug}/{path}"


def make_partnership(material: rules.Partnership, *, days: Days, password_hash: str) -> Story[Place]:
    """Make a partnership as an administrator would, and have everyone accept their invitation."""
    first = next(person for person in material.people if Role.ADMINISTRATOR in person.roles)
    yield days.at(MADE_BEFORE, time(9, 30))
    made, invited = services.create_partnership(
        slug=material.slug,
        name=material.name,
        administrator_name=first.name,
        administrator_email=first.email,
        is_demonstration=True,
    )
    _accept(invited, password_hash)
    by = _viewer(first.email, material.slug)
    services.change_settings(
        {name: getattr(material, name) for name in ("colour", "front_door_name", "front_door_phone")}
        | {"support_contact": material.support_contact},
        by=by,
    )
    areas = {name: services.add_area(name=name, by=by).id for name in material.areas}
    bodies = {body.code: services.add_body(name=body.name, kind=body.kind, by=by).id for body in material.bodies}
    agencies = _add_agencies(material, by=by)
    yield days.at(MADE_BEFORE - 1, time(10, 15))
    for person in material.people:
        _join(person, is_first=person is first, agencies=agencies, by=by, password_hash=password_hash)
    people = {person.email: _viewer(person.email, material.slug) for person in material.people}
    return Place(made.id, material.slug, agencies, bodies, areas, people)


def _add_agencies(material: rules.Partnership, *, by: Viewer) -> Mapping[str, int]:
    """The agencies by code, each with its delegated partner where the material names one."""
    partners = {
        partner.code: services.add_delegated_partner(partner.model_dump(exclude={"code"}), by=by).id
        for partner in material.delegated_partners
    }
    return {
        agency.code: services.add_agency(
            {
                **agency.model_dump(exclude={"code", "delegated_partner"}),
                "delegated_partner_id": partners[agency.delegated_partner] if agency.delegated_partner else None,
            },
            by=by,
        ).id
        for agency in material.agencies
    }


def _join(person: rules.Person, *, is_first: bool, agencies: Mapping[str, int], by: Viewer, password_hash: str) -> None:
    parts = [Part(role, agencies[person.agency] if role in ROLES_OF_AN_AGENCY else None) for role in person.roles]
    if is_first:
        for part in parts:
            if part.role is not Role.ADMINISTRATOR:
                services.give_role(by.id, part, by=by)
        return
    _accept(services.invite_person(name=person.name, email=person.email, parts=parts, by=by), password_hash)


def _accept(invited: Invited, password_hash: str) -> None:
    """Set the password behind an invitation's link. Somebody who has one already gets no link."""
    if invited.link is not None:
        secret = invited.link.rpartition("/")[2]
        services.accept_invitation(secret, password_hash=password_hash)


def _viewer(email: str, slug: str) -> Viewer:
    found = queries.viewer_of_email(email, slug, today=clock.today())
    assert found is not None, f"{email} has just joined"
    return found
