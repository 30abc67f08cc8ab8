"""What people do with an immediate concern once it was raised. Each deed adds to its log; none takes a line away."""

from datetime import datetime, timedelta

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Service, Viewer
from audit_app.cases import queries, rules
from audit_app.cases.models import Case, Concern, ConcernEntry
from audit_app.cases.queries import ConcernRow, SheetToEdit
from audit_app.cases.rules import ConcernState, EntryKind
from audit_app.cases.services.concerns import contacts_of, tell
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.settings import settings
from audit_app.history.services import record
from audit_app.jobs.services import regularly
from audit_app.messages import services as messages


def acknowledge_concern(concern_id: int, *, by: Viewer, at: datetime) -> None:
    """Say that one has a concern: from now on it is in somebody's hands. A second press by the same person is quiet.

    Raises:
        NotHere: there is no such concern for this person.
        Refused: they were not told of it, or somebody has it already.
    """
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    if concern.state is ConcernState.ACKNOWLEDGED and _did_last(concern, EntryKind.ACKNOWLEDGED, by):
        return
    if reason := rules.why_not_acknowledge(concern.state, row.parts, by=row.acknowledged_by):
        raise Refused(reason)
    concern.state = ConcernState.ACKNOWLEDGED
    concern.acknowledged_at, concern.acknowledged_by_name = at, by.name
    _add(concern, EntryKind.ACKNOWLEDGED, by=by, at=at)
    record("concern_acknowledged", by=by, of=_case(concern))
    db.session.flush()


def add_note(concern_id: int, *, words: str, by: Viewer, at: datetime) -> None:
    """Add to the log of a concern what was done or heard. The same words sent twice are one note.

    Raises:
        NotHere: there is no such concern for this person.
        Refused: they only read it, or it is closed.
    """
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    if _is_last(concern, EntryKind.NOTE, words, by):
        return
    if reason := rules.why_not_add_note(concern.state, row.parts):
        raise Refused(reason)
    _add(concern, EntryKind.NOTE, words=words, by=by, at=at)
    record("concern_updated", by=by, of=_case(concern))
    db.session.flush()


def choose_holder(concern_id: int, *, agency_id: int, link: str, by: Viewer, at: datetime) -> None:
    """Say which agency holds the case: it records the outcome. Its contact and deputy are mailed.

    Raises:
        NotHere: there is no such concern for this person, or no such agency.
        Refused: they were not told of it, or there is an outcome already.
    """
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    if reason := rules.why_not_choose_holder(concern.state, row.parts, by.terms):
        raise Refused(reason)
    agency = accounts.agency_here(by.partnership_id, agency_id)
    if concern.holder_id == agency.id:
        return
    concern.holder_id = agency.id
    _add(concern, EntryKind.HOLDER_CHOSEN, by=by, at=at, agency_id=agency.id)
    record("concern_holder_chosen", by=by, of=_case(concern), agency=agency.short_name)
    db.session.flush()
    tell(contacts_of(agency), concern, link=link, by=by)


def record_outcome(concern_id: int, *, words: str, by: Viewer, at: datetime) -> None:
    """Record for the agency holding the case what came of a concern. Someone of another agency agrees or does not.

    Raises:
        NotHere: there is no such concern for this person.
        Refused: they do not act for the agency holding the case, or there is an outcome already.
    """
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    if concern.state is ConcernState.OUTCOME_RECORDED and _is_last(concern, EntryKind.OUTCOME, words, by):
        return
    if reason := rules.why_not_record_outcome(concern.state, row.parts, has_holder=row.holder_id is not None):
        raise Refused(reason)
    if concern.acknowledged_at is None:
        concern.acknowledged_at, concern.acknowledged_by_name = at, by.name
    concern.state = ConcernState.OUTCOME_RECORDED
    concern.outcome_at, concern.outcome_by_name = at, by.name
    _add(concern, EntryKind.OUTCOME, words=words, by=by, at=at, agency_id=concern.holder_id)
    record("concern_outcome_recorded", by=by, of=_case(concern))
    db.session.flush()


def agree_with_outcome(concern_id: int, *, seen: int, by: Viewer, at: datetime) -> None:
    """Agree, for another agency, with the outcome, which closes a concern. `seen` is the line of the log that was read.

    Raises:
        NotHere: there is no such concern for this person.
        Refused: their own agency recorded it, there is none, or another one by now.
    """
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    if concern.state is ConcernState.CLOSED and _did_last(concern, EntryKind.AGREED, by):
        return
    _check_may_agree(concern, row, seen=seen, by=by)
    concern.state, concern.is_open = ConcernState.CLOSED, False
    concern.closed_at, concern.closed_by_name = at, by.name
    _add(concern, EntryKind.AGREED, by=by, at=at, agency_id=_acts_for(by, row))
    record("concern_closed", by=by, of=_case(concern))
    db.session.flush()


def disagree_with_outcome(concern_id: int, *, seen: int, words: str, by: Viewer, at: datetime) -> None:
    """Disagree, for another agency, with the outcome, in words: the concern is open again. Raises as agreeing does."""
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    _check_may_agree(concern, row, seen=seen, by=by)
    concern.state = ConcernState.ACKNOWLEDGED
    concern.outcome_at, concern.outcome_by_name = None, None
    _add(concern, EntryKind.DISAGREED, words=words, by=by, at=at, agency_id=_acts_for(by, row))
    record("concern_reopened", by=by, of=_case(concern))
    db.session.flush()


def open_identity_for_concern(concern_id: int, *, by: Viewer, at: datetime) -> SheetToEdit:
    """Decrypt who the child is for someone who was told of a concern, there and then, complete or not. Each look is
    recorded, in the log and in history.

    Raises:
        NotHere: there is no such concern for this person.
        Refused: they are not among those who may, the concern is closed, or the identity has been destroyed.
    """
    concern, row = queries.concern_for_change(by, concern_id, today=clock.today())
    if reason := rules.why_not_open_identity(concern.state, row.parts, by.terms):
        raise Refused(reason)
    try:
        opened = queries.sheet_for_key_holder(by.partnership_id, concern.case_id)
    except NotHere as error:
        raise Refused("The identity of this child has been destroyed. Ask whoever raised the concern.") from error
    _add(concern, EntryKind.IDENTITY_OPENED, by=by, at=at)
    record("identity_opened_for_concern", by=by, of=_case(concern))
    db.session.flush()
    return opened


@regularly(every=timedelta(minutes=2))
def escalate_unacknowledged() -> None:
    """Tell the delegated partners of concerns that nobody acknowledged in time. Where there are none it waits."""
    late = queries.late_concerns(at=clock.now())
    for partnership_id, concern_id in late:
        with transaction():
            _escalate(queries.lock_concern(partnership_id, concern_id), at=clock.now())


def _escalate(concern: Concern, *, at: datetime) -> None:
    """Mail the agency's delegated partner, else all there are, unless somebody acknowledged it meanwhile."""
    if concern.state is not ConcernState.RAISED or concern.escalated_at is not None:
        return
    partners = accounts.partners_to_tell(concern.partnership_id, concern.agency_id)
    if not partners:
        return
    service, partnership = Service(concern.partnership_id), accounts.partnership_settings(concern.partnership_id)
    concern.escalated_at = at
    listed = ", ".join(f"{partner.name} ({partner.organisation})" for partner in partners)
    db.session.add(_entry(concern, EntryKind.ESCALATED, words=listed, by_id=None, by_name=service.name, at=at))
    record("concern_escalated", by=service, of=_case(concern))
    db.session.flush()
    for partner in partners:
        messages.post(
            partnership_id=concern.partnership_id,
            recipient=partner.email,
            occasion=f"concern {concern.id} not acknowledged",
            subject=rules.ESCALATED_SUBJECT,
            body=rules.escalation_body(
                recipient=partner.name,
                partnership=partnership.name,
                link=f"{settings().base_url}/p/{partnership.slug}/concerns",
            ),
        )


def _check_may_agree(concern: Concern, row: ConcernRow, *, seen: int, by: Viewer) -> None:
    if reason := rules.why_not_agree(concern.state, row.parts, by.terms):
        raise Refused(reason)
    if _did_last(concern, EntryKind.OUTCOME, by):
        raise Refused("You recorded the outcome yourself. Someone else, of another agency, must agree with it.")
    if seen != queries.standing_outcome(concern.partnership_id, concern.id):
        raise Refused("Another outcome was recorded meanwhile. Read it, then agree or disagree with it.")


def _acts_for(by: Viewer, row: ConcernRow) -> int | None:
    """The one agency that someone acts for, where it is not the one holding the case; None for another's contact."""
    others = by.agencies(*ROLES_OF_AN_AGENCY) - {row.holder_id}
    return min(others) if others else None


def _is_last(concern: Concern, kind: EntryKind, words: str, by: Viewer) -> bool:
    """Whether this very line is the last of the log already: the button was pressed twice."""
    log = queries.concern_log(concern.partnership_id, concern.id)
    return bool(log) and (log[-1].kind, log[-1].words, log[-1].by) == (kind, words, by.name)


def _did_last(concern: Concern, kind: EntryKind, by: Viewer) -> bool:
    """Whether it is this person, and not another of the same name, who added the last line of a kind."""
    return queries.who_did_last(concern.partnership_id, concern.id, kind) == by.id


def _case(concern: Concern) -> Case:
    return db.session.get_one(Case, concern.case_id)


def _add(
    concern: Concern, kind: EntryKind, *, by: Viewer, at: datetime, words: str = "", agency_id: int | None = None
) -> None:
    db.session.add(_entry(concern, kind, words=words, by_id=by.id, by_name=by.name, at=at, agency_id=agency_id))


def _entry(
    concern: Concern,
    kind: EntryKind,
    *,
    words: str,
    by_id: int | None,
    by_name: str,
    at: datetime,
    agency_id: int | None = None,
) -> ConcernEntry:
    return ConcernEntry(
        partnership_id=concern.partnership_id,
        concern_id=concern.id,
        kind=kind,
        words=words or None,
        agency_id=agency_id,
        at=at,
        by_id=by_id,
        by_name=by_name,
    )
