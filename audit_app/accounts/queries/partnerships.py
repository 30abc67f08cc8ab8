"""Reads of partnerships and what belongs to them. What every page asks first is one query: `who_asks`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Date, Row, Select, bindparam, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from audit_app.accounts.models import Agency, Area, Body, DelegatedPartner, Membership, Partnership, Person
from audit_app.accounts.rules import Part, PartnershipShown, Terms, Viewer
from audit_app.core.db import db
from audit_app.core.errors import NotHere

Place = TypeVar("Place", Agency, Body, Area, DelegatedPartner)

_SHOWN = tuple(field.name for field in fields(PartnershipShown) if field.name not in {"terms", "has_open_concerns"})
_OPEN: list[Callable[[], ColumnElement[bool]]] = []


def open_concerns(condition: Callable[[], ColumnElement[bool]]) -> Callable[[], ColumnElement[bool]]:
    """Make the condition on `Partnership` known that it has open concerns. Cases lie above, and say so when loaded.

    It is asked with the reader of each page, so that pages of a partnership without any cost no statement more.
    """
    _OPEN.append(condition)
    return condition


def counts_on(day: date | ColumnElement[date], membership: type[Membership] = Membership) -> ColumnElement[bool]:
    """The condition that a membership counts on a day."""
    return (membership.from_day <= day) & or_(membership.until_day.is_(None), membership.until_day >= day)


def viewer(person_id: int, slug: str, *, today: date) -> Viewer | None:
    """Everything about a person in the partnership named by the address, or None if they are not in it."""
    rows = db.session.execute(_who_query(Person.id), {"whose": person_id, "slug": slug, "today": today}).all()
    return _viewer(rows) if rows else None


def who_asks(session_key: str, slug: str, *, today: date) -> tuple[Person | None, Viewer | None]:
    """Whose session it is, and what they are in the partnership named by the address: all that every page asks first.

    The person is None where the session is nobody's any more, the viewer where they are not in the partnership.
    """
    rows = db.session.execute(
        _who_query(Person.fs_uniquifier), {"whose": session_key, "slug": slug, "today": today}
    ).all()
    return (rows[0][0], _viewer(rows)) if rows else (None, None)


def _viewer(rows: Sequence[Row[*tuple[Any, ...]]]) -> Viewer | None:
    """What a person is in a partnership, by the rows of `_who_query`: a role each."""
    person, role, _, has_others, has_open, own_terms, *partnership = rows[0]
    if role is None:
        return None
    return Viewer(
        id=person.id,
        name=person.name,
        email=person.email,
        partnership=PartnershipShown(
            **dict(zip(_SHOWN, partnership, strict=True)), terms=Terms(own_terms), has_open_concerns=bool(has_open)
        ),
        parts=tuple(Part(role, agency_id) for _, role, agency_id, *_ in rows),
        has_other_partnerships=bool(has_others),
    )


@cache
def _who_query(whose: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """Every request asks this. Built once, since building it takes longer than answering it."""
    today = bindparam("today", type_=Date())
    elsewhere = aliased(Membership)
    has_others = (
        select(elsewhere.id)
        .where(elsewhere.person_id == Person.id, elsewhere.partnership_id != Partnership.id)
        .where(counts_on(today, elsewhere))
        .exists()
    )
    has_open = or_(false(), *(condition() for condition in _OPEN))
    shown = (getattr(Partnership, name) for name in _SHOWN)
    named = aliased(Partnership)
    here = select(named.id).where(named.slug == bindparam("slug")).scalar_subquery()
    is_theirs = (Membership.person_id == Person.id) & (Membership.partnership_id == here)
    return (
        select(Person, Membership.role, Membership.agency_id, has_others, has_open, Partnership.terms, *shown)
        .select_from(Person)
        .outerjoin(Membership, is_theirs & counts_on(today) & Person.active)
        .outerjoin(Partnership, Partnership.id == Membership.partnership_id)
        .where(whose == bindparam("whose", type_=whose.type))
        .order_by(Membership.id)
    )


@dataclass(frozen=True)
class PartnershipChoice:
    """A partnership that a person may open."""

    id: int
    slug: str
    name: str

    @property
    def address(self) -> str:
        """Where its pages begin."""
        return f"/p/{self.slug}/"


def partnerships_of(person_id: int, *, today: date) -> Sequence[PartnershipChoice]:
    """The partnerships that a person may open today, by name."""
    rows = db.session.execute(
        select(Partnership.id, Partnership.slug, Partnership.name)
        .join(Membership, Membership.partnership_id == Partnership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.person_id == person_id, Person.active, counts_on(today))
        .distinct()
        .order_by(Partnership.name)
    )
    return [PartnershipChoice(row.id, row.slug, row.name) for row in rows]


def agencies(partnership_id: int, *, with_ended: bool = False) -> Sequence[Agency]:
    """The agencies of a partnership, by name."""
    query = select(Agency).where(Agency.partnership_id == partnership_id).order_by(Agency.name)
    if not with_ended:
        query = query.where(Agency.ended_on.is_(None))
    return db.session.scalars(query).all()


def bodies(partnership_id: int, *, with_ended: bool = False) -> Sequence[Body]:
    """The bodies of a partnership, by name."""
    query = select(Body).where(Body.partnership_id == partnership_id).order_by(Body.name)
    if not with_ended:
        query = query.where(Body.ended_on.is_(None))
    return db.session.scalars(query).all()


def areas(partnership_id: int, *, with_ended: bool = False) -> Sequence[Area]:
    """The areas of a partnership, by name."""
    query = select(Area).where(Area.partnership_id == partnership_id).order_by(Area.name)
    if not with_ended:
        query = query.where(Area.ended_on.is_(None))
    return db.session.scalars(query).all()


def delegated_partners(partnership_id: int, *, with_ended: bool = False) -> Sequence[DelegatedPartner]:
    """The delegated partners of a partnership, by organisation."""
    query = select(DelegatedPartner).where(DelegatedPartner.partnership_id == partnership_id)
    if not with_ended:
        query = query.where(DelegatedPartner.ended_on.is_(None))
    return db.session.scalars(query.order_by(DelegatedPartner.organisation, DelegatedPartner.id)).all()


def partners_to_tell(partnership_id: int, agency_id: int | None) -> Sequence[DelegatedPartner]:
    """Who is told for an agency: its own delegated partner, else (none is chosen, or it has ended) all there are."""
    found = delegated_partners(partnership_id)
    own = select(Agency.delegated_partner_id).where(Agency.partnership_id == partnership_id, Agency.id == agency_id)
    chosen = db.session.scalar(own) if agency_id is not None else None
    return [partner for partner in found if partner.id == chosen] or found


def delegated_partner_here(partnership_id: int, partner_id: int) -> DelegatedPartner:
    """One delegated partner of a partnership, ended or not.

    Raises:
        NotHere: the partnership has no such delegated partner.
    """
    return _here(DelegatedPartner, partnership_id, partner_id)


def delegated_partner_for_change(partnership_id: int, partner_id: int) -> DelegatedPartner:
    """One delegated partner of a partnership, ended or not, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such delegated partner.
    """
    return _here(DelegatedPartner, partnership_id, partner_id, is_for_change=True)


def agency_here(partnership_id: int, agency_id: int) -> Agency:
    """One agency of a partnership, ended or not.

    Raises:
        NotHere: the partnership has no such agency.
    """
    return _here(Agency, partnership_id, agency_id)


def body_here(partnership_id: int, body_id: int) -> Body:
    """One body of a partnership, ended or not.

    Raises:
        NotHere: the partnership has no such body.
    """
    return _here(Body, partnership_id, body_id)


def area_here(partnership_id: int, area_id: int) -> Area:
    """One area of a partnership, ended or not.

    Raises:
        NotHere: the partnership has no such area.
    """
    return _here(Area, partnership_id, area_id)


def agency_for_change(partnership_id: int, agency_id: int) -> Agency:
    """One agency of a partnership, ended or not, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such agency.
    """
    return _here(Agency, partnership_id, agency_id, is_for_change=True)


def body_for_change(partnership_id: int, body_id: int) -> Body:
    """One body of a partnership, ended or not, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such body.
    """
    return _here(Body, partnership_id, body_id, is_for_change=True)


def area_for_change(partnership_id: int, area_id: int) -> Area:
    """One area of a partnership, ended or not, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such area.
    """
    return _here(Area, partnership_id, area_id, is_for_change=True)


def _here(table: type[Place], partnership_id: int, row_id: int, *, is_for_change: bool = False) -> Place:
    query = select(table).where(table.partnership_id == partnership_id, table.id == row_id)
    if is_for_change:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    row = db.session.scalars(query).first()
    if row is None:
        raise NotHere
    return row


def partnership_named(slug: str) -> Partnership:
    """The partnership of this short name.

    Raises:
        NotHere: there is none.
    """
    found = db.session.scalars(select(Partnership).where(Partnership.slug == slug)).first()
    if found is None:
        raise NotHere
    return found


def partnership_settings(partnership_id: int) -> Partnership:
    """A partnership with all its settings."""
    return db.session.get_one(Partnership, partnership_id)


def partnership_for_change(partnership_id: int) -> Partnership:
    """A partnership, locked until the deed is done: deeds about its people and settings go one after another.

    The lock (`FOR NO KEY UPDATE`) lets rows that only refer to the partnership be written. Otherwise a deed that has
    locked a person would wait for it to write its history, while the deed that holds it waits for the person.
    """
    query = select(Partnership).where(Partnership.id == partnership_id)
    return db.session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).one()


def has_any_partnership() -> bool:
    """Whether the database holds a partnership at all."""
    return db.session.scalar(select(Partnership.id).limit(1)) is not None
