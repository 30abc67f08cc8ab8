"""What the coordinator does with a return: accept it, send it back, ask again, close it without an answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.messages import services as messages
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import ReturnState
from audit_app.returns.services.keeping import keep_comments, keep_version
from audit_app.rounds.models import Round


def accept_return(return_id: int, *, number: int | None = None, by: Viewer) -> AgencyReturn:
    """Take a submitted return as it is. `number` is that of the submission that was read, where it was read on a page.

    Raises:
        Refused: it is not at “submitted”, or was submitted again meanwhile.
        NotHere: the actor is no coordinator, or may not read it yet.
    """
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    _check_reads(by, return_id)
    if refusal := rules.why_not_accept(standing, terms=by.terms):
        raise Refused(refusal)
    if number is not None and number != queries.submissions_of_return(by.partnership_id, return_id):
        raise Refused("The agency submitted this return again while you were reading. Read it, then accept it.")
    found.state = ReturnState.ACCEPTED
    record("return_accepted", by=by, of=found)
    db.session.flush()
    return found


def send_back(
    return_id: int,
    *,
    reason: str,
    comments: Mapping[int, str] | None = None,
    number: int | None = None,
    link: str,
    by: Viewer,
    at: datetime,
) -> AgencyReturn:
    """Give a submitted return back to its agency with what should be changed. Its ratings are not counted meanwhile.

    `comments` says by indicator what should be changed there; `number` is that of the submission that was read, where
    it was read on a page. What was submitted is kept as a version. Whoever submitted it is mailed, without the reason;
    `link` is where they read it.

    Raises:
        Refused: it is not at “submitted”, was released to the panel or submitted again meanwhile, no reason is given,
            or a comment is too long (`field` names it by its indicator).
        NotHere: the actor is no coordinator, may not read it yet, or it does not ask one of the indicators.
    """
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    _check_reads(by, return_id)
    if refusal := rules.why_not_send_back(standing, reason, terms=by.terms):
        raise Refused(refusal, field=None if reason else "reason")
    for indicator_id, words in (comments or {}).items():
        if refusal := rules.why_not_comment(words):
            raise Refused(refusal, field=f"comment-{indicator_id}")
    kept = keep_version(found, reason=reason, by=by, at=at)
    if number not in {None, kept.number}:
        raise Refused("The agency submitted this return again while you were writing. Read it, then send it back.")
    keep_comments(kept, {one: words for one, words in (comments or {}).items() if words}, by=by, at=at)
    found.state, found.reason = ReturnState.CHANGES_REQUESTED, reason
    db.session.execute(
        update(Rating)
        .where(Rating.partnership_id == found.partnership_id, Rating.return_id == found.id)
        .values(is_submitted=False)
        .execution_options(synchronize_session=False)
    )
    record("return_sent_back", by=by, of=found)
    _tell(found, link, at)
    db.session.flush()
    return found


def ask_again(return_id: int, *, reason: str, link: str, by: Viewer, at: datetime) -> AgencyReturn:
    """Ask an agency again whether it knows the child, where it answered without ratings: it owes an answer once more.

    What it said stays in the return until it answers. Whoever is asked for it is mailed, without the reason; `link` is
    where they read it.

    Raises:
        Refused: it was not answered so, the case was released, or no reason is given.
        NotHere: the actor is no coordinator, or may not read why it was answered so.
    """
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    if not by.has(Role.COORDINATOR) or not queries.is_told_of(by, return_id):
        raise NotHere
    if refusal := rules.why_not_ask_again(standing, reason, terms=by.terms):
        raise Refused(refusal, field=None if reason else "reason")
    found.state, found.should_have_known = ReturnState.NOT_STARTED, None
    found.asked_again, found.asked_again_at = reason, at
    record("return_asked_again", by=by, of=found)
    title = db.session.get_one(Round, found.round_id).title
    people = queries.people_to_tell(by.partnership_id, today=at.astimezone(clock.LONDON).date())
    for person in people.asked(found.agency_id, found.auditor_id):
        subject, body = rules.asked_again_mail(recipient=person.name, round_title=title, link=link)
        messages.post(
            partnership_id=found.partnership_id,
            recipient=person.email,
            occasion=f"return {found.id} asked again {at.isoformat()}",
            subject=subject,
            body=body,
        )
    db.session.flush()
    return found


def _check_reads(by: Viewer, return_id: int) -> None:
    """Only a coordinator who may read a return decides on it: whoever audits the case is blind until its release."""
    if not by.has(Role.COORDINATOR) or not queries.is_readable_by(by, return_id):
        raise NotHere


def _tell(found: AgencyReturn, link: str, at: datetime) -> None:
    person = db.session.get(Person, found.submitted_by_id) if found.submitted_by_id else None
    if person is None or not person.active:
        return
    subject, body = rules.sent_back_mail(
        recipient=person.name, round_title=db.session.get_one(Round, found.round_id).title, link=link
    )
    messages.post(
        partnership_id=found.partnership_id,
        recipient=person.email,
        occasion=f"return {found.id} sent back {at.isoformat()}",
        subject=subject,
        body=body,
    )


def close_return(return_id: int, *, reason: str, by: Viewer) -> AgencyReturn:
    """Go on without an agency's return. What the agency wrote so far stays its own.

    Raises:
        Refused: it was submitted or closed already, was released, or no reason is given.
        NotHere: the actor is no coordinator, or there is no such return.
    """
    found, _, standing = queries.return_and_case_for_change(by.partnership_id, return_id)
    if not by.has(Role.COORDINATOR):
        raise NotHere
    if refusal := rules.why_not_close(standing, reason, terms=by.terms):
        raise Refused(refusal, field=None if reason else "reason")
    found.state, found.reason = ReturnState.CLOSED, reason
    record("return_closed", by=by, of=found)
    db.session.flush()
    return found
