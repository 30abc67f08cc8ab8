"""The accuracy check: agencies ask to correct facts or say that none are wrong; each request is decided and kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, select

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries as cases
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import day
from audit_app.history.services import record
from audit_app.messages import services as messages
from audit_app.panels import queries, rules
from audit_app.panels.models import AccuracyAnswer, AccuracyExtension, AccuracyRequest, AgreedRating
from audit_app.panels.queries import CaseToCheck
from audit_app.panels.rules import CHECKS_FOR, CORRECTION_STATE_WORDS, AgreedHow, CorrectionState, Decision
from audit_app.panels.services.agreeing import write_agreed
from audit_app.panels.services.checking import ask_agencies, link_to_check, move_after_panels
from audit_app.panels.services.names import check_names
from audit_app.panels.services.revision import touch_room
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round, RoundLevel
from audit_app.rounds.rules import RoundState


class Wrong(NamedTuple):
    """A fact that an agency asks to correct: what is wrong, what is right, and where on file that stands."""

    what_is_wrong: str
    what_is_right: str
    where_on_file: str


def ask_correction(
    case_id: int,
    *,
    agency_id: int,
    item_id: int | None,
    wrong: Wrong,
    are_not_names: bool = False,
    by: Viewer,
    at: datetime,
) -> AccuracyRequest:
    """Ask for an agency to correct a fact in what was agreed on an item or, without one, in the outcome of a case.

    The same words sent twice are one request. An agency that had said that nothing is to be corrected takes that back.

    Raises:
        NotHere: the agency was not asked about the case, the actor does not check facts for it, or the item is not of
            the case or is another agency's own work.
        Refused: it is not the time, something is left empty, or something may name someone (`field`).
    """
    found, case = _locked(by, case_id)
    to_check = _case_of(found, case, agency_id, by)
    if reason := rules.why_not_ask(found.state, due_on=found.accuracy_due_on, today=_day(at), terms=by.terms):
        raise Refused(reason)
    if item_id is not None and item_id not in {fact.item_id for fact in to_check.facts}:
        raise NotHere
    for part, words, sentence in zip(Wrong._fields, wrong, _NEEDED, strict=True):
        if reason := rules.why_not_words(words, sentence):
            raise Refused(reason, field=part)
    its = {"round_id": found.id, "case_id": case_id, "agency_id": agency_id, "item_id": item_id, **wrong._asdict()}
    its |= {"partnership_id": by.partnership_id}
    same = select(AccuracyRequest).filter_by(**its, state=CorrectionState.ASKED, asked_by_id=by.id)
    if before := db.session.scalars(same).first():
        return before
    check_names(*wrong, case_id=case_id, agency_id=agency_id, are_not_names=are_not_names, by=by)
    asked = AccuracyRequest(**its, asked_at=at, asked_by_id=by.id)
    db.session.add(asked)
    db.session.execute(
        delete(AccuracyAnswer).where(
            AccuracyAnswer.partnership_id == by.partnership_id,
            AccuracyAnswer.round_id == found.id,
            AccuracyAnswer.agency_id == agency_id,
        )
    )
    agency = accounts.agency_here(by.partnership_id, agency_id)
    record("correction_asked", by=by, of=case, agency=agency.short_name)
    db.session.flush()
    return asked


_NEEDED = (
    "Say what is wrong in fact.",
    "Say what is right.",
    "Say where on file that stands: the document and its date.",
)


def say_nothing_to_correct(round_id: int, *, agency_id: int, by: Viewer, at: datetime) -> None:
    """Say for an agency that nothing, or nothing more, is to be corrected in a round. Said twice, it counts once.

    Raises:
        NotHere: the agency was not asked, or the actor does not check facts for it.
        Refused: it is not the time.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    if agency_id not in by.agencies(*CHECKS_FOR) or agency_id not in queries.agencies_asked(
        by.partnership_id, round_id
    ):
        raise NotHere
    if reason := rules.why_not_ask(found.state, due_on=found.accuracy_due_on, today=_day(at), terms=by.terms):
        raise Refused(reason)
    its = {"partnership_id": by.partnership_id, "round_id": round_id, "agency_id": agency_id}
    if db.session.scalars(select(AccuracyAnswer).filter_by(**its)).first() is not None:
        return
    db.session.add(AccuracyAnswer(**its, said_at=at, said_by_id=by.id))
    agency = accounts.agency_here(by.partnership_id, agency_id)
    record("nothing_to_correct", by=by, of=found, agency=agency.short_name)
    db.session.flush()


def decide_correction(
    request_id: int,
    *,
    is_corrected: bool,
    response: str,
    decision: Decision | None = None,
    outcome: str | None = None,
    outcome_version: int = 0,
    are_not_names: bool = False,
    by: Viewer,
    at: datetime,
) -> None:
    """Decide what an agency asked to correct, with a response that it reads.

    A `decision` records the item anew, with the earlier rating beside it; `outcome` replaces the outcome of the case,
    of which `outcome_version` was seen, and the request keeps the one before. Neither is needed: a fact may be wrong
    and change nothing of what was agreed.

    Raises:
        NotHere: there is no such request.
        Refused: neither the chair of the case's panel nor a coordinator, their own request, decided already, not the
            time, no response, a gap in what is agreed anew, or something typed may name someone (`field`).
        Stale: somebody else changed the outcome, or what is agreed on the item, meanwhile.
    """
    found, case, request = _locked_with_request(by, request_id)
    reason = rules.why_not_decide(
        request.state,
        round_state=found.state,
        is_chair=rules.is_chair(by, queries.hold_of(by.partnership_id, case.id).chair_id),
        is_coordinator=by.has(Role.COORDINATOR),
        has_asked=request.asked_by_id == by.id,
        has_interest=queries.has_interest(by.partnership_id, case.id, by.id),
        terms=by.terms,
    )
    if reason:
        raise Refused(reason)
    if reason := rules.why_not_words(response, "Give a response. The agency reads it."):
        raise Refused(reason, field="response")
    if not is_corrected and (decision is not None or outcome is not None):
        raise Refused("Choose “Corrected” to change what was agreed.", field="is_corrected")
    reworded = outcome if outcome != case.outcome else None
    if reworded is not None:
        _check_outcome(case, reworded, version=outcome_version)
    check_names(response, reworded or "", case_id=case.id, are_not_names=are_not_names, by=by)
    request.state = CorrectionState.CORRECTED if is_corrected else CorrectionState.NOT_CHANGED
    request.response, request.decided_at, request.decided_by_id = response, at, by.id
    if reworded is not None:
        request.outcome_before, case.outcome = case.outcome, reworded
        case.outcome_version += 1
    if decision is not None:
        request.agreed_rating_id = _agree_anew(
            found, case, request, decision, are_not_names=are_not_names, by=by, at=at
        )
    agency = accounts.agency_here(by.partnership_id, request.agency_id)
    decided = CORRECTION_STATE_WORDS[request.state].lower()
    record("correction_decided", by=by, of=case, agency=agency.short_name, decision=decided)
    db.session.flush()
    _tell_asker(found, request)
    touch_room(by.partnership_id, queries.hold_of(by.partnership_id, case.id).panel_id)


def _check_outcome(case: Case, outcome: str, *, version: int) -> None:
    """An outcome in new words says something, and takes the place of the one that was seen."""
    if refusal := rules.why_not_words(outcome, "Say what the panel learned from this case."):
        raise Refused(refusal, field="outcome")
    if version != case.outcome_version:
        raise Stale({"outcome": case.outcome}, version=case.outcome_version)


def give_more_time(round_id: int, *, due_on: date | None, reason: str, by: Viewer, at: datetime) -> None:
    """Give agencies until a later day to check facts, with a reason that they read. They are mailed.

    Raises:
        NotHere: the actor is no coordinator, or there is no such round.
        Refused: no accuracy check is under way, the day is not later, or no reason is given (`field`).
    """
    found = _round_of_coordinator(round_id, by)
    was = found.accuracy_due_on
    if refusal := rules.why_not_more_time(found.state, due_on=was, new_day=due_on, today=_day(at), reason=reason):
        raise Refused(*refusal)
    if was is None or due_on is None:
        raise NotHere
    db.session.add(
        AccuracyExtension(
            partnership_id=by.partnership_id,
            round_id=round_id,
            from_day=was,
            to_day=due_on,
            reason=reason,
            extended_at=at,
            extended_by_id=by.id,
        )
    )
    found.accuracy_due_on = due_on
    record("check_extended", by=by, of=found, from_day=day(was), to_day=day(due_on))
    db.session.flush()
    done = {one.id for one in queries.agencies_checking(by.partnership_id, round_id) if one.done_at is not None}
    asked = queries.agencies_asked(by.partnership_id, round_id)
    ask_agencies(found, [one for one in asked if one not in done], due_on=due_on)


def end_check(round_id: int, *, by: Viewer, at: datetime) -> None:
    """End the accuracy check: the round goes on to be reported.

    Raises:
        NotHere: the actor is no coordinator, or there is no such round.
        Refused: something is undecided, or it is still the time and an agency has not said that it is done.
    """
    found = _round_of_coordinator(round_id, by)
    agencies = queries.agencies_checking(by.partnership_id, round_id)
    reason = rules.why_not_end_check(
        found.state,
        due_on=found.accuracy_due_on,
        today=_day(at),
        undecided=sum(one.undecided for one in agencies),
        silent=[one.name for one in agencies if one.done_at is None],
    )
    if reason:
        raise Refused(reason)
    move_after_panels(found, to=RoundState.REPORTING, by=by, at=at)


def _round_of_coordinator(round_id: int, by: Viewer) -> Round:
    if not by.has(Role.COORDINATOR):
        raise NotHere
    return rounds.round_for_change(by.partnership_id, round_id)


def _locked(by: Viewer, case_id: int) -> tuple[Round, Case]:
    found = rounds.round_for_change(by.partnership_id, cases.round_of_case(by.partnership_id, case_id))
    return found, cases.case_for_change(by.partnership_id, case_id)


def _locked_with_request(by: Viewer, request_id: int) -> tuple[Round, Case, AccuracyRequest]:
    case_id = db.session.scalar(
        select(AccuracyRequest.case_id).where(
            AccuracyRequest.partnership_id == by.partnership_id, AccuracyRequest.id == request_id
        )
    )
    if case_id is None:
        raise NotHere
    found, case = _locked(by, case_id)
    return found, case, queries.request_for_change(by.partnership_id, request_id)


def _case_of(found: Round, case: Case, agency_id: int, by: Viewer) -> CaseToCheck:
    """What was agreed on a case, as an agency for which the actor checks facts reads it."""
    mine: Sequence[CaseToCheck] = ()
    if agency_id in by.agencies(*CHECKS_FOR):
        mine = queries.cases_to_check(by.partnership_id, found.id, agency_id, reference=case.reference)
    if not mine:
        raise NotHere
    return mine[0]


def _agree_anew(
    found: Round,
    case: Case,
    request: AccuracyRequest,
    decision: Decision,
    *,
    are_not_names: bool,
    by: Viewer,
    at: datetime,
) -> int:
    """Record what is agreed now on the item of a request; the id of the new row."""
    item = queries.items_for_change(by.partnership_id, case.id).get(request.item_id or 0)
    if item is None or item.current is None or decision.item_id != item.row.id:
        raise NotHere
    levels = select(RoundLevel.id).where(
        RoundLevel.partnership_id == by.partnership_id, RoundLevel.round_id == found.id
    )
    gaps = rules.gaps_in_change(decision, levels=db.session.scalars(levels).all(), is_narrative=item.is_narrative)
    for part, sentence in gaps.items():
        raise Refused(sentence, field=part)
    if decision.version != item.row.version:
        raise Refused("Somebody changed this while you were reading. Look at what is agreed now, then decide again.")
    if decision.how is not AgreedHow.CORRECTED:
        raise ValueError("What a correction changes is recorded as corrected.")
    if decision.reason != item.current.reason:  # what stands was looked at before
        check_names(decision.reason, case_id=case.id, are_not_names=are_not_names, by=by)
    write_agreed(case, [(item, replace(decision, better=item.current.better))], by=by, at=at)
    current = select(AgreedRating.id).where(
        AgreedRating.partnership_id == by.partnership_id, AgreedRating.item_id == item.row.id, AgreedRating.is_current
    )
    return db.session.scalars(current).one()


def _tell_asker(found: Round, request: AccuracyRequest) -> None:
    """Mail whoever asked that it was decided, without a word about the case, if they still act for the agency."""
    people = accounts.people_with_role(
        found.partnership_id, *CHECKS_FOR, today=clock.today(), agency_id=request.agency_id
    )
    asker = next((one for one in people if one.id == request.asked_by_id), None)
    if asker is None:
        return
    subject, body = rules.answered_mail(recipient=asker.name, round_title=found.title, link=link_to_check(found))
    messages.post(
        partnership_id=found.partnership_id,
        recipient=asker.email,
        occasion=f"correction {request.id} decided",
        subject=subject,
        body=body,
    )


def _day(at: datetime) -> date:
    return at.astimezone(clock.LONDON).date()
