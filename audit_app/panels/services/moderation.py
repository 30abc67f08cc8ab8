"""What those do who read all cases of a round side by side. What one proposes counts once the other confirmed it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries as cases
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import ModerationChange, ModerationReading
from audit_app.panels.queries import ItemToAgree
from audit_app.panels.rules import READS_ALONG, AgreedHow, ChangeState, Decision, Readers
from audit_app.panels.services.agreeing import write_agreed
from audit_app.panels.services.checking import move_after_panels
from audit_app.panels.services.names import check_names
from audit_app.panels.services.revision import touch_room
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round, RoundLevel


def name_reader(round_id: int, *, person_id: int, by: Viewer) -> Round:
    """Name the one other who reads all cases of a round side by side with the chair.

    Raises:
        NotHere: the actor is no coordinator, or there is no such round.
        Refused: moderation is left out or over, or the person has no role that lets them read, or is the only chair.
    """
    if not by.has(Role.COORDINATOR):
        raise NotHere
    found = rounds.round_for_change(by.partnership_id, round_id)
    chairs = queries.chairs_of_round(by.partnership_id, round_id)
    reason = rules.why_not_name_reader(found.state, is_moderated=found.is_moderated, chairs=chairs, person_id=person_id)
    if reason:
        raise Refused(reason, field="person")
    may_read = accounts.people_with_role(by.partnership_id, *READS_ALONG, today=clock.today())
    if person_id not in {one.id for one in may_read}:
        raise Refused("Choose somebody who sits on panels or coordinates.", field="person")
    if found.moderated_with_id != person_id:
        found.moderated_with_id = person_id
        record("reader_named", by=by, of=found)
        db.session.flush()
    return found


def propose_change(
    case_id: int, decision: Decision, *, are_not_names: bool = False, by: Viewer, at: datetime
) -> ModerationChange:
    """Propose that an agreed item be changed so that cases are rated alike. It stands as proposed until confirmed.

    Raises:
        NotHere: no such case, or an item that is not of it.
        Refused: the round is not being moderated, the actor is none of its readers or has an interest in the case, a
            gap in the decision (`field`), it says what is agreed already, somebody changed the item meanwhile, or
            something typed may name someone (`field`).
    """
    found, case = _locked(by, case_id)
    _check_reader(found, case, by)
    item = queries.items_for_change(by.partnership_id, case_id).get(decision.item_id)
    if item is None or item.current is None:
        raise NotHere
    for part, sentence in rules.gaps_in_change(decision, levels=_levels(found), is_narrative=item.is_narrative).items():
        raise Refused(sentence, field=part)
    if item.row.version != decision.version:
        raise Refused("Somebody changed this while you were reading. Look at what is agreed now, then propose again.")
    kept = item.current
    if (kept.answer, kept.level_id, kept.reason) == (decision.answer, decision.level_id, decision.reason):
        raise Refused("This is what is agreed already.", field="answer")
    new = () if decision.reason == kept.reason else (decision.reason,)  # what stands was looked at before
    check_names(decision.changed_because, *new, case_id=case_id, are_not_names=are_not_names, by=by)
    change = ModerationChange(
        partnership_id=by.partnership_id,
        round_id=found.id,
        case_id=case.id,
        item_id=item.row.id,
        answer=decision.answer,
        level_id=decision.level_id,
        reason=decision.reason,
        because=decision.changed_because,
        proposed_at=at,
        proposed_by_id=by.id,
    )
    db.session.add(change)
    db.session.flush()
    record("change_proposed", by=by, of=case, indicator=item.name)
    db.session.flush()
    return change


def confirm_change(change_id: int, *, words: str = "", are_not_names: bool = False, by: Viewer, at: datetime) -> None:
    """Confirm what the other reader proposed: from now on it is what is agreed. The earlier rating is kept beside it.

    Raises:
        NotHere: there is no such change.
        Refused: as for proposing; it was decided already, or the actor is not the other of the two.
    """
    found, case, change, item = _locked_with_change(by, change_id)
    _check_other(found, case, change, by)
    check_names(words, case_id=case.id, are_not_names=are_not_names, by=by)
    _decide(change, ChangeState.CONFIRMED, words=words, by=by, at=at)
    decision = Decision(
        item_id=change.item_id,
        version=item.row.version,
        answer=change.answer,
        level_id=change.level_id,
        reason=change.reason,
        changed_because=change.because,
        how=AgreedHow.MODERATED,
        better=item.current.better if item.current is not None else "",
    )
    write_agreed(case, [(item, decision)], by=by, at=at)
    touch_room(by.partnership_id, queries.hold_of(by.partnership_id, case.id).panel_id)


def decline_change(change_id: int, *, words: str, are_not_names: bool = False, by: Viewer, at: datetime) -> None:
    """Do not confirm what the other reader proposed, with a reason: what is agreed stays. Raises as confirming does."""
    found, case, change, item = _locked_with_change(by, change_id)
    _check_other(found, case, change, by)
    if reason := rules.why_not_words(words, "Say why you do not confirm it."):
        raise Refused(reason, field="words")
    check_names(words, case_id=case.id, are_not_names=are_not_names, by=by)
    _decide(change, ChangeState.DECLINED, words=words, by=by, at=at)
    record("change_declined", by=by, of=case, indicator=item.name)
    db.session.flush()


def take_change_back(change_id: int, *, by: Viewer, at: datetime) -> None:
    """Take back what one proposed oneself, before it is decided.

    Raises:
        NotHere: there is no such change.
        Refused: somebody else proposed it, it was decided already, or the round is not being moderated.
    """
    found, case, change, item = _locked_with_change(by, change_id)
    _check_reader(found, case, by)
    if reason := rules.why_not_take_back(change.state, proposed_by=change.proposed_by_id, person_id=by.id):
        raise Refused(reason)
    _decide(change, ChangeState.TAKEN_BACK, words="", by=by, at=at)
    record("change_taken_back", by=by, of=case, indicator=item.name)
    db.session.flush()


def end_moderation(round_id: int, *, note: str, by: Viewer, at: datetime) -> bool:
    """Say, with a note, that one has read all cases and changes nothing more. Gives whether the round has moved on.

    It moves on once a chair and the one other have both said so.

    Raises:
        NotHere: there is no such round.
        Refused: it is not being moderated, the actor is none of its readers or has said so, changes are undecided, or
            the note is empty (`field`).
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    readers = _check_reader(found, None, by)
    said = {one.person_id for one in queries.said_done(by.partnership_id, round_id)}
    waiting = queries.changes_waiting(by.partnership_id, round_id)
    if reason := rules.why_not_end_moderation(waiting=waiting, has_said=by.id in said):
        raise Refused(reason)
    if reason := rules.why_not_words(note, "Say what you looked at, and what you found."):
        raise Refused(reason, field="note")
    db.session.add(
        ModerationReading(partnership_id=by.partnership_id, round_id=round_id, person_id=by.id, note=note, said_at=at)
    )
    record("moderation_read", by=by, of=found)
    db.session.flush()
    if not readers.is_done(said | {by.id}):
        return False
    move_after_panels(found, to=rules.after_moderation(accuracy_days=found.accuracy_days), by=by, at=at)
    return True


def _locked(by: Viewer, case_id: int) -> tuple[Round, Case]:
    found = rounds.round_for_change(by.partnership_id, cases.round_of_case(by.partnership_id, case_id))
    return found, cases.case_for_change(by.partnership_id, case_id)


def _locked_with_change(by: Viewer, change_id: int) -> tuple[Round, Case, ModerationChange, ItemToAgree]:
    """A change with its round, case and item, locked in the order in which every deed locks them."""
    case_id = db.session.scalar(
        select(ModerationChange.case_id).where(
            ModerationChange.partnership_id == by.partnership_id, ModerationChange.id == change_id
        )
    )
    if case_id is None:
        raise NotHere
    found, case = _locked(by, case_id)
    items: Mapping[int, ItemToAgree] = queries.items_for_change(by.partnership_id, case_id)
    change = queries.change_for_change(by.partnership_id, change_id)
    return found, case, change, items[change.item_id]


def _check_reader(found: Round, case: Case | None, by: Viewer) -> Readers:
    """Who reads the round, once it is sure that the actor is among them and still holds the role for it."""
    chairs = queries.chairs_of_round(by.partnership_id, found.id)
    readers = Readers(frozenset(chairs), found.moderated_with_id)
    reason = rules.why_not_moderate(
        found.state,
        readers=readers,
        person_id=by.id if _holds_role(readers, by) else 0,
        has_interest=case is not None and queries.has_interest(by.partnership_id, case.id, by.id),
        terms=by.terms,
    )
    if reason:
        raise Refused(reason)
    return readers


def _holds_role(readers: Readers, by: Viewer) -> bool:
    is_chair = by.id in readers.chairs and by.has(Role.PANEL_CHAIR)
    return is_chair or (by.id == readers.other and by.has(*READS_ALONG))


def _check_other(found: Round, case: Case, change: ModerationChange, by: Viewer) -> None:
    readers = _check_reader(found, case, by)
    reason = rules.why_not_confirm(change.state, readers=readers, proposed_by=change.proposed_by_id, person_id=by.id)
    if reason:
        raise Refused(reason)


def _decide(change: ModerationChange, state: ChangeState, *, words: str, by: Viewer, at: datetime) -> None:
    change.state, change.decided_words = state, words
    change.decided_at, change.decided_by_id = at, by.id


def _levels(found: Round) -> frozenset[int]:
    query = select(RoundLevel.id).where(
        RoundLevel.partnership_id == found.partnership_id, RoundLevel.round_id == found.id
    )
    return frozenset(db.session.scalars(query))
