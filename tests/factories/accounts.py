"""Partnerships, agencies and people for tests. Every maker gives a saved row; give only what the test is about."""

from datetime import date
from itertools import count
from secrets import token_hex
from typing import TypeVar

from audit_app.accounts import queries, services
from audit_app.accounts.models import Agency, Area, Body, Draft, Membership, Partnership, Person
from audit_app.accounts.rules import AgencyKind, BodyKind, Role, Typed, Viewer
from audit_app.core import clock
from audit_app.core.db import Base, db, transaction

Row = TypeVar("Row", bound=Base)
number = count(1)


def saved(row: Row) -> Row:
    """Save one row in a transaction of its own, or in the one that is open."""
    if db.session().info.get("is_writing"):
        db.session.add(row)
        db.session.flush()
    else:
        with transaction():
            db.session.add(row)
    return row


def a_partnership(slug: str | None = None, **more: object) -> Partnership:
    one = next(number)
    known = {
        "slug": slug or f"partnership-{one}",
        "name": f"Partnership {one}",
        "front_door_phone": "01632 960000",
        "token_secret": f"token secret of partnership {one}",
        "created_at": clock.now(),
    }
    return saved(Partnership(**{**known, **more}))


def an_agency(partnership: Partnership, kind: AgencyKind = AgencyKind.HEALTH, **more: object) -> Agency:
    one = next(number)
    known = {
        "name": f"Agency {one}",
        "short_name": f"A{one}",
        "kind": kind,
        "contact_name": "Sam Contact",
        "contact_email": f"contact-{one}@agency.example",
        "deputy_name": "Dee Deputy",
        "deputy_email": f"deputy-{one}@agency.example",
    }
    return saved(Agency(partnership_id=partnership.id, **{**known, **more}))


def a_body(partnership: Partnership, kind: BodyKind = BodyKind.QUALITY_SUBGROUP, **more: object) -> Body:
    return saved(Body(partnership_id=partnership.id, **{"name": f"Body {next(number)}", "kind": kind, **more}))


def an_area(partnership: Partnership, **more: object) -> Area:
    return saved(Area(partnership_id=partnership.id, **{"name": f"Area {next(number)}", **more}))


def a_person(name: str | None = None, **more: object) -> Person:
    """A sign-in without any membership and without a password."""
    one = next(number)
    known = {
        "name": name or f"Person {one}",
        "email": f"person-{one}@people.example",
        "fs_uniquifier": token_hex(16),
        "created_at": clock.now(),
        "active": True,
    }
    return saved(Person(**{**known, **more}))


def a_membership(
    person: Person, partnership: Partnership, role: Role, agency: Agency | None = None, **more: object
) -> Membership:
    known = {"from_day": date(2020, 1, 1), "agency_id": agency.id if agency else None}
    return saved(Membership(person_id=person.id, partnership_id=partnership.id, role=role, **{**known, **more}))


def a_member(partnership: Partnership, *roles: Role, agency: Agency | None = None, name: str | None = None) -> Person:
    """A person with these roles in the partnership, for the agency where one is given."""
    person = a_person(name)
    for role in roles:
        a_membership(person, partnership, role, agency)
    return person


def as_actor(person: Person, partnership: Partnership) -> Viewer:
    """The person as services and queries see them: `by=as_actor(...)`."""
    actor = queries.viewer(person.id, partnership.slug, today=clock.today())
    db.session.rollback()
    assert actor is not None, f"{person.name} is not a member of {partnership.slug}"
    return actor


def what_is_typed(by: Viewer, address: str, words: str) -> int:
    """Let somebody type this into the page at an address, and not save it: the id under which it is kept."""
    typed = Typed(title="A page", hidden=[("version", "1")], answers=[("words", words)], changed=[0])
    with transaction():
        services.keep_draft(address, typed, by=by, at=clock.now())
        mine = queries.drafts_at(by, address).with_only_columns(Draft.id)
        return db.session.scalars(mine).one()


def in_own_words(partnership: Partnership, **groups: dict[str, str]) -> None:
    """Let a partnership say things in its own words: role={"auditor": "Reviewer"}, plan_status={...}."""
    with transaction():
        db.session.get_one(Partnership, partnership.id).terms = groups
