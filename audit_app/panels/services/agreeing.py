"""Recording what a panel agreed. Nothing is overwritten: a change stands beside what it changes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries as cases
from audit_app.cases.models import Case
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.panels import queries, rules
from audit_app.panels.models import AgreedRating, Dissent, ItemNote
from audit_app.panels.queries import ItemToAgree
from audit_app.panels.rules import AgreedHow, Decision, ItemState
from audit_app.panels.services.revision import touch_room
from audit_app.returns.rules import ANSWER_KIND_WORDS, AnswerKind, why_not_kind
from audit_app.rounds.models import RoundLevel

Pair = tuple[ItemToAgree, Decision]
_CHANGED = {AgreedHow.MODERATED: "rating_moderated", AgreedHow.CORRECTED: "rating_corrected"}


def agree_ratings(case_id: int, decisions: Sequence[Decision], *, by: Viewer, at: datetime) -> int:
    """Record what the panel agreed on items of a case, all or none; how many were new or changed.

    A decision that repeats what was agreed changes nothing. An earlier agreement is kept beside its change.

    Raises:
        NotHere: no such case, or an item that is not of it.
        Refused: not the chair, not at panel, a gap in a decision, or a level that is not of this round.
        Stale: someone else decided on some of these items meanwhile. `theirs` names them and what is kept now.
    """
    case = cases.case_for_change(by.partnership_id, case_id)
    hold = queries.hold_of(by.partnership_id, case_id)
    is_chair = rules.is_chair(by, hold.chair_id)
    if reason := rules.why_not_agree(case.state, round_state=hold.round_state, is_chair=is_chair):
        raise Refused(reason)
    items = queries.items_for_change(by.partnership_id, case_id)
    if any(decision.item_id not in items for decision in decisions):
        raise NotHere
    wanted = [(items[decision.item_id], decision) for decision in decisions]
    changes = [(item, decision) for item, decision in wanted if not _is_kept(item, decision)]
    levels = _levels(case)
    if stale := [item for item, decision in changes if item.row.version != decision.version]:
        raise Stale(_kept(stale, levels), version=max(item.row.version for item in stale))
    if not hold.is_on_paper:
        room = queries.room_for_change(by.partnership_id, hold.panel_id)
        is_open = room.opened_at is not None and room.closed_at is None
        if not is_open or room.case_id != case.id:
            raise Refused("This case is not open in the room. Open it first.")
    seats = queries.people_of_panel(by.partnership_id, hold.panel_id)
    for item, decision in changes:
        _check(item, decision, levels, seats=seats, is_on_paper=hold.is_on_paper)
    write_agreed(case, changes, by=by, at=at)
    _mend_notes(changes, by=by, at=at)
    touch_room(by.partnership_id, hold.panel_id)
    return len(changes)


def agree_item(decision: Decision, *, by: Viewer, at: datetime) -> None:
    """Record what the panel agreed in its room on one item, once its ratings are shown.

    Raises:
        NotHere: no such item.
        Refused, Stale: as for several; fields are those of the room's form, without the item's number.
    """
    case_id = queries.case_of_item(by.partnership_id, decision.item_id)
    try:
        agree_ratings(case_id, [decision], by=by, at=at)
    except Stale as stale:
        raise Stale({}, version=stale.version, reason="The room moved on meanwhile. Look at where it is now.") from None
    except Refused as refusal:
        part = (refusal.field or "").removesuffix(f"-{decision.item_id}")
        raise Refused(refusal.reason, field=part or None) from None


def _mend_notes(changes: Sequence[Pair], *, by: Viewer, at: datetime) -> None:
    """Let the notes on these items say what was agreed, so that a name left out in agreeing stays in no note."""
    for item, decision in changes:
        new = {"reason": decision.reason, "better": decision.better, "version": ItemNote.version + 1}
        mine = (ItemNote.partnership_id == by.partnership_id, ItemNote.item_id == item.row.id)
        wanted = update(ItemNote).where(*mine).values(**new, written_at=at, written_by_id=by.id)
        db.session.execute(wanted.execution_options(synchronize_session=False))


def _is_kept(item: ItemToAgree, decision: Decision) -> bool:
    kept = item.current
    wanted = (decision.answer, decision.level_id, decision.reason, decision.better)
    is_same = kept is not None and (kept.answer, kept.level_id, kept.reason, kept.better) == wanted
    return is_same and not decision.dissent


def _levels(case: Case) -> Mapping[int, str]:
    query = select(RoundLevel.id, RoundLevel.words).where(
        RoundLevel.partnership_id == case.partnership_id, RoundLevel.round_id == case.round_id
    )
    return dict(db.session.execute(query).all())


def _kept(stale: Sequence[ItemToAgree], levels: Mapping[int, str]) -> Mapping[str, str]:
    """What is kept of these items now, under the names of their fields in the form."""
    theirs: dict[str, str] = {}
    for item in stale:
        if item.current is not None:
            words = levels.get(item.current.level_id or 0) or ANSWER_KIND_WORDS[item.current.answer]
            theirs |= {f"answer-{item.row.id}": words, f"reason-{item.row.id}": item.current.reason}
    return theirs


def _check(
    item: ItemToAgree, decision: Decision, levels: Mapping[int, str], *, seats: Collection[int], is_on_paper: bool
) -> None:
    is_rest = item.row.is_shown and item.row.pulled_out_by_id is None and not item.is_panel
    reason = rules.why_not_agree_item(item.row.state, how=decision.how, is_on_paper=is_on_paper, is_rest=is_rest)
    if reason:
        raise Refused(reason, field=f"answer-{item.row.id}")
    if not decision.dissent.keys() <= set(seats):
        raise Refused("Only somebody who sits on this panel can have it noted that they see it differently.")
    for part, sentence in rules.gaps_in(decision, is_change=item.current is not None).items():
        raise Refused(sentence, field=f"{part}-{item.row.id}")
    is_known = decision.level_id in levels if decision.answer is AnswerKind.LEVEL else decision.level_id is None
    if not is_known:
        raise Refused("Choose one of the answers shown.", field=f"answer-{item.row.id}")
    if reason := why_not_kind(decision.answer, is_narrative=item.is_narrative):
        raise Refused(reason, field=f"answer-{item.row.id}")


def write_agreed(case: Case, changes: Sequence[Pair], *, by: Actor, at: datetime) -> None:
    """Keep what was agreed on items of a locked case beside what was agreed before, and say so in its history."""
    before = [item.current.id for item, _ in changes if item.current is not None]
    if before:  # first, since only one row of an item may be current
        db.session.execute(
            update(AgreedRating)
            .where(AgreedRating.partnership_id == case.partnership_id, AgreedRating.id.in_(before))
            .values(is_current=False)
        )
    for item, decision in changes:
        row = AgreedRating(
            partnership_id=case.partnership_id,
            item_id=item.row.id,
            round_id=case.round_id,
            indicator_id=item.row.indicator_id,
            answer=decision.answer,
            level_id=decision.level_id,
            reason=decision.reason,
            better=decision.better,
            changed_because=item.row.reopened_because or (decision.changed_because if item.current else ""),
            how=decision.how,
            agreed_at=at,
            agreed_by_id=by.id,
        )
        db.session.add(row)
        db.session.flush()
        for person_id, words in decision.dissent.items():
            dissent = Dissent(partnership_id=case.partnership_id, agreed_rating_id=row.id, person_id=person_id)
            dissent.words = words
            db.session.add(dissent)
        item.row.state, item.row.is_shown, item.row.reopened_because = ItemState.AGREED, True, ""
        item.row.version += 1
        if item.current is None:
            record("rating_agreed", by=by, of=case, indicator=item.name)
        else:
            record(_CHANGED.get(decision.how, "rating_reopened"), by=by, of=case, indicator=item.name)
    db.session.flush()
