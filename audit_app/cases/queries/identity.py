"""Reads of the identity key. Nothing here decrypts a word of it except the reads that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from audit_app.accounts.models import Agency
from audit_app.cases.models import AgencyFileNumber, Case, Identity, IdentityRelease
from audit_app.cases.rules import CaseState, IdentitySheet, NamesSought, names_of
from audit_app.core.db import db
from audit_app.core.errors import NotHere


@dataclass(frozen=True)
class SheetStatus:
    """How far the identity sheet of one case is, without a word of it."""

    case_id: int
    reference: str
    is_saved: bool
    has_gap: bool  # saved without all details, with a reason


@dataclass(frozen=True, repr=False)
class SheetToEdit:
    """A decrypted sheet for the key holder's form."""

    case_id: int
    number: str  # the council's own, by which the key holder finds the child
    sheet: IdentitySheet
    missing_reason: str
    version: int
    file_numbers: Sequence[tuple[str, str]] = ()  # under which each agency keeps its file, by the agency's name


def sheet_statuses(partnership_id: int, round_id: int) -> Sequence[SheetStatus]:
    """The sheets of a round's live cases, in the order of the sample."""
    query = (
        select(Case.id, Case.reference, Identity.sheet_saved_at, Identity.missing_reason.is_not(None).label("gap"))
        .outerjoin(Identity, (Identity.partnership_id == Case.partnership_id) & (Identity.case_id == Case.id))
        .where(
            Case.partnership_id == partnership_id,
            Case.round_id == round_id,
            Case.state != CaseState.WITHDRAWN,
        )
        .order_by(Case.position)
    )
    return [
        SheetStatus(row.id, row.reference, row.sheet_saved_at is not None, bool(row.gap))
        for row in db.session.execute(query)
    ]


def incomplete_sheets(partnership_id: int, round_id: int) -> int:
    """How many live cases of a round wait for their identity sheet."""
    query = (
        select(func.count())
        .select_from(Case)
        .outerjoin(Identity, (Identity.partnership_id == Case.partnership_id) & (Identity.case_id == Case.id))
        .where(
            Case.partnership_id == partnership_id,
            Case.round_id == round_id,
            Case.state.in_([CaseState.SAMPLED, CaseState.WITH_AGENCIES]),
            Identity.sheet_saved_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def sheet_for_key_holder(partnership_id: int, case_id: int) -> SheetToEdit:
    """Decrypt the sheet of a case for the key holder's form. Until it is saved, number and date of birth of the
    population stand in it.

    Raises:
        NotHere: the case has no line in the identity key (or it was destroyed).
    """
    line = _line(partnership_id, case_id)
    sheet = IdentitySheet.from_json(line.sheet)
    if line.sheet is None:
        sheet = IdentitySheet(born_on=line.born_on or "", numbers=f"Council {line.number}")
    numbers = (
        select(Agency.name, AgencyFileNumber.number)
        .join(Agency, Agency.id == AgencyFileNumber.agency_id)
        .where(AgencyFileNumber.partnership_id == partnership_id, AgencyFileNumber.identity_id == line.id)
        .order_by(Agency.name)
    )
    noted = db.session.execute(numbers).all()
    return SheetToEdit(case_id, line.number, sheet, line.missing_reason or "", line.version, noted)


def file_number(partnership_id: int, case_id: int, agency_id: int) -> str:
    """Decrypt the number under which an agency keeps its file on a case; empty where none is noted. Only for the deed
    that records the look at the sheet."""
    return (
        db.session.scalar(select(AgencyFileNumber.number).where(*_number_of(partnership_id, case_id, agency_id))) or ""
    )


def has_file_number(partnership_id: int, case_id: int, agency_id: int) -> bool:
    """Whether an agency has noted its file number on a case. Nothing is decrypted."""
    query = select(AgencyFileNumber.id).where(*_number_of(partnership_id, case_id, agency_id))
    return db.session.scalar(query) is not None


def file_number_for_change(partnership_id: int, identity_id: int, agency_id: int) -> AgencyFileNumber | None:
    """The file number that an agency noted with a line of the identity key that is locked, if any."""
    query = select(AgencyFileNumber).where(
        AgencyFileNumber.partnership_id == partnership_id,
        AgencyFileNumber.identity_id == identity_id,
        AgencyFileNumber.agency_id == agency_id,
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _number_of(partnership_id: int, case_id: int, agency_id: int) -> tuple[ColumnElement[bool], ...]:
    line = select(Identity.id).where(Identity.partnership_id == partnership_id, Identity.case_id == case_id)
    return (
        AgencyFileNumber.partnership_id == partnership_id,
        AgencyFileNumber.identity_id == line.scalar_subquery(),
        AgencyFileNumber.agency_id == agency_id,
    )


def names_sought(partnership_id: int, case_id: int, agency_id: int) -> NamesSought | None:
    """Decrypt what says who the child of a case is, to look for it in what one agency typed: the sheet that was
    released to it, and its own file number. None where the sheet is not there (any more). Two queries.

    Nobody is shown the sheet by this, so it is no look that is recorded: show its result to that agency alone.
    """
    query = (
        select(Identity.sheet)
        .join(
            IdentityRelease,
            (IdentityRelease.partnership_id == Identity.partnership_id) & (IdentityRelease.case_id == Identity.case_id),
        )
        .where(
            Identity.partnership_id == partnership_id,
            Identity.case_id == case_id,
            IdentityRelease.agency_id == agency_id,
        )
    )
    sheet = db.session.scalar(query)
    if sheet is None:
        return None
    return names_of(IdentitySheet.from_json(sheet), file_number(partnership_id, case_id, agency_id))


def names_sought_on_case(partnership_id: int, case_id: int) -> NamesSought | None:
    """Decrypt what says who the child of a case is, to look for it in what its panel typed, or an agency without its
    sheet. None where the sheet is not there (any more).

    Nobody may see the sheet by this: show where something was found, and never what.
    """
    query = select(Identity.sheet).where(Identity.partnership_id == partnership_id, Identity.case_id == case_id)
    sheet = db.session.scalar(query)
    return None if sheet is None else names_of(IdentitySheet.from_json(sheet))


def identity_for_change(partnership_id: int, case_id: int) -> Identity:
    """The line of a case in the identity key, locked for the deed that is under way.

    Raises:
        NotHere: there is none.
    """
    return _line(partnership_id, case_id, is_locking=True)


def released_agencies(partnership_id: int, case_id: int) -> frozenset[int]:
    """The agencies to which the sheet of a case was released."""
    query = select(IdentityRelease.agency_id).where(
        IdentityRelease.partnership_id == partnership_id, IdentityRelease.case_id == case_id
    )
    return frozenset(db.session.scalars(query))


def _line(partnership_id: int, case_id: int, *, is_locking: bool = False) -> Identity:
    query = select(Identity).where(Identity.partnership_id == partnership_id, Identity.case_id == case_id)
    if is_locking:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotHere
    return found
