"""The identity key: filled, completed, released, looked up, destroyed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Role, Service, Viewer
from audit_app.cases import queries, rules
from audit_app.cases.models import AgencyFileNumber, Case, Identity, IdentityRelease
from audit_app.cases.queries import SheetToEdit
from audit_app.cases.rules import CaseState, IdentitySheet
from audit_app.core.actors import Actor
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.jobs.services import regularly
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

PAST_REPLACING = (
    RoundState.MODERATION,
    RoundState.ACCURACY_CHECK,
    RoundState.REPORTING,
    RoundState.PUBLISHED,
    RoundState.CLOSED,
    RoundState.WITHDRAWN,
)
"""Rounds in which no reserve can take a place any more."""


def add_identities(found: Round, children: Mapping[str, tuple[str, date | None]]) -> None:
    """Put the children of a population into the identity key: by token, the council's number and the date of birth."""
    mine = {"partnership_id": found.partnership_id, "round_id": found.id, "version": 1}
    rows = [
        {**mine, "token": token, "number": number, "born_on": born.isoformat() if born else None}
        for token, (number, born) in children.items()
    ]
    if rows:
        db.session.execute(insert(Identity), rows)


def give_identity(case: Case, token: str) -> None:
    """Make the line of a child in the identity key the line of a case.

    Raises:
        Refused: there is none any more.
    """
    line = db.session.scalars(
        select(Identity)
        .where(
            Identity.partnership_id == case.partnership_id, Identity.round_id == case.round_id, Identity.token == token
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if line is None:
        raise Refused("The identity of this child has been destroyed, so the child cannot become a case.")
    line.case_id = case.id
    db.session.flush()


def _check_is_needed(case: Case) -> None:
    """Nobody has anything to look up about a child who was withdrawn, or whose round was."""
    if case.state is CaseState.WITHDRAWN:
        raise Refused("This child was withdrawn from the sample: no identity sheet is needed.")
    of_case = (Round.partnership_id == case.partnership_id, Round.id == case.round_id)
    if db.session.scalar(select(Round.state).where(*of_case)) is RoundState.WITHDRAWN:
        raise Refused("This round was withdrawn: no identity sheet is needed.")


def open_identity_sheet(case_id: int, *, by: Actor) -> SheetToEdit:
    """Decrypt the sheet of a case for the key holder to complete. Each look is recorded.

    Raises:
        NotHere: the case has no line in the identity key.
        Refused: the child or the round was withdrawn.
    """
    case = queries.case_for_change(by.partnership_id, case_id)
    _check_is_needed(case)
    opened = queries.sheet_for_key_holder(by.partnership_id, case_id)
    record("identity_opened", by=by, of=case)
    return opened


def save_identity_sheet(
    case_id: int, *, sheet: IdentitySheet, missing_reason: str, version: int, by: Actor, at: datetime
) -> None:
    """Encrypt what agencies need to find their file, into the identity key and nowhere else.

    Raises:
        NotHere: the case has no line in the identity key.
        Refused: it lacks something and no reason is given, or the case was withdrawn.
        Stale: someone else saved the sheet meanwhile.
    """
    case = queries.case_for_change(by.partnership_id, case_id)
    line = queries.identity_for_change(by.partnership_id, case_id)
    _check_is_needed(case)
    if line.version != version:
        kept = IdentitySheet.from_json(line.sheet)
        theirs = {name: getattr(kept, name) for name in rules.SHEET_WORDS}
        raise Stale({**theirs, "missing_reason": line.missing_reason or ""}, version=line.version)
    if reason := rules.why_not_save_sheet(sheet, missing_reason):
        raise Refused(reason, field="missing_reason")
    has_gap = bool(rules.still_missing(sheet))
    line.sheet = sheet.to_json()
    line.missing_reason = missing_reason if has_gap else None
    line.sheet_saved_at, line.sheet_saved_by_id = at, by.id
    line.version += 1
    if has_gap:  # the reason may speak of the family, so history says only that there is one
        record("identity_sheet_incomplete", by=by, of=case)
    else:
        record("identity_sheet_saved", by=by, of=case)
    db.session.flush()


def release_to_agencies(case: Case, agencies: Collection[Agency], *, by: Actor, at: datetime) -> None:
    """Give each agency what it needs to find its file on a case. Part of sending cases to agencies."""
    for agency in agencies:
        db.session.add(
            IdentityRelease(
                partnership_id=by.partnership_id,
                case_id=case.id,
                agency_id=agency.id,
                released_at=at,
                released_by_id=by.id,
            )
        )
        record("identity_released", by=by, of=case, agency=agency.short_name)
    db.session.flush()


def look_up_identity(case_id: int, *, agency_id: int, by: Viewer) -> IdentitySheet:
    """Decrypt the sheet of a case for an auditor of an agency it was released to. Each look is recorded.

    Raises:
        NotHere: the viewer does not audit for that agency, or nothing was released to it.
        Refused: the key holder has not completed the sheet, the panel has finished the case, or it was destroyed.
    """
    case = queries.case_for_change(by.partnership_id, case_id)
    if agency_id not in by.agencies(Role.AUDITOR):
        raise NotHere
    if agency_id not in queries.released_agencies(by.partnership_id, case_id):
        raise NotHere
    _check_is_needed(case)
    if case.agreed_at is not None:
        raise Refused("The panel has finished this case: its identity sheet is closed.")
    try:
        line = queries.identity_for_change(by.partnership_id, case_id)
    except NotHere as error:
        raise Refused("The identity sheet of this case has been destroyed.") from error
    if line.sheet is None:
        raise Refused(f"The {by.terms.said(Role.KEY_HOLDER)} has not completed this identity sheet yet.")
    agency = db.session.get_one(Agency, agency_id)
    record("identity_looked_up", by=by, of=case, agency=agency.short_name, reason="to find the file")
    return IdentitySheet.from_json(line.sheet)


def note_file_number(case: Case, *, agency_id: int, number: str, by: Viewer, at: datetime) -> None:
    """Keep the number of an agency's own file in the identity key. Part of a deed that has locked the case and knows
    that the actor may do it.

    Raises:
        Refused: the identity of the child has been destroyed.
    """
    try:
        line = queries.identity_for_change(case.partnership_id, case.id)
    except NotHere as error:
        reason = "The identity of this child has been destroyed, so no file number can be kept. Leave it empty."
        raise Refused(reason, field="file_number") from error
    kept = queries.file_number_for_change(case.partnership_id, line.id, agency_id)
    if kept is None:
        its = {"partnership_id": case.partnership_id, "identity_id": line.id, "agency_id": agency_id}
        db.session.add(AgencyFileNumber(number=number, noted_at=at, noted_by_id=by.id, **its))
    elif kept.number == number:
        return
    else:
        kept.number, kept.noted_at, kept.noted_by_id = number, at, by.id
    agency = db.session.get_one(Agency, agency_id)
    record("file_number_noted", by=by, of=case, agency=agency.short_name)
    db.session.flush()


def forget_file_number(case: Case, *, agency_id: int) -> None:
    """Destroy the file number of an agency that has no file on the child after all. Part of a deed, as above."""
    lines = select(Identity.id).where(Identity.partnership_id == case.partnership_id, Identity.case_id == case.id)
    db.session.execute(
        delete(AgencyFileNumber).where(
            AgencyFileNumber.partnership_id == case.partnership_id,
            AgencyFileNumber.identity_id == lines.scalar_subquery(),
            AgencyFileNumber.agency_id == agency_id,
        )
    )


def destroy_identities(round_id: int, *, keep_tokens: Collection[str], by: Actor) -> int:
    """Destroy the lines of a round's identity key that belong to no case and to none of these tokens; how many."""
    gone = db.session.execute(
        delete(Identity)
        .where(
            Identity.partnership_id == by.partnership_id,
            Identity.round_id == round_id,
            Identity.case_id.is_(None),
            Identity.token.not_in(keep_tokens),
        )
        .returning(Identity.id)
    )
    count = len(gone.all())
    if count:
        record("identities_destroyed", by=by, of=db.session.get_one(Round, round_id), round_id=round_id, children=count)
    return count


@regularly(every=timedelta(hours=1))
def destroy_unused_identities() -> None:
    """Destroy the lines of reserves and undrawn children once nobody can take a place in their round any more."""
    with transaction():
        unused = select(Identity.round_id).where(Identity.case_id.is_(None))
        over = select(Round).where(Round.state.in_(PAST_REPLACING), Round.id.in_(unused)).order_by(Round.id)
        for found in db.session.scalars(over).all():
            destroy_identities(found.id, keep_tokens=(), by=Service(found.partnership_id))
