"""Recording the case attributes of a return."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, update

from audit_app.accounts.rules import Role, Viewer
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record_once_an_hour
from audit_app.returns import queries, rules
from audit_app.returns.models import AgencyReturn, AttributeAnswer, AttributeChoice
from audit_app.returns.queries import KeptAttribute
from audit_app.returns.rules import AttributeChange
from audit_app.rounds import queries as rounds


def save_attributes(
    return_id: int, changes: Mapping[int, AttributeChange], *, by: Viewer, at: datetime
) -> frozenset[int]:
    """Save what an agency records about the child, by the attribute's id. Gives the attributes that somebody else
    changed first: those were not saved.

    Raises:
        Refused: nothing can be saved now, or options do not go together (`field` names the attribute by its id).
        NotHere: the return is not of the actor's agency, or does not record one of the attributes.
    """
    found, standing = queries.return_for_change(by.partnership_id, return_id)
    if found.agency_id not in by.agencies(Role.AUDITOR):
        raise NotHere
    if reason := rules.why_not_rate(standing, by.terms):
        raise Refused(reason)
    attributes = {it.id: it for it in rounds.frozen_attributes(by.partnership_id, found.round_id)}
    if not changes.keys() <= attributes.keys():
        raise NotHere
    for attribute_id, change in changes.items():
        if reason := rules.why_not_choose(attributes[attribute_id], change.chosen):
            raise Refused(reason, field=f"attribute-{attribute_id}")
    kept = queries.kept_answers(by.partnership_id, return_id)
    nothing = KeptAttribute(0, 0, frozenset())
    differing = {one: change for one, change in changes.items() if change.chosen != kept.get(one, nothing).chosen}
    clashes = frozenset(one for one, change in differing.items() if change.version != kept.get(one, nothing).version)
    for one in differing.keys() - clashes:
        _write(found, one, kept.get(one), differing[one].chosen, by, at)
    if differing.keys() - clashes:
        record_once_an_hour("attributes_saved", by=by, of=found)
    return clashes


def _write(
    found: AgencyReturn, attribute_id: int, kept: KeptAttribute | None, chosen: frozenset[int], by: Viewer, at: datetime
) -> None:
    owner = {"partnership_id": found.partnership_id}
    answered = {"answered_at": at, "answered_by_id": by.id}
    if kept is None:
        row = {**owner, "return_id": found.id, "attribute_id": attribute_id, "version": 1, **answered}
        answer_id = db.session.scalars(insert(AttributeAnswer).returning(AttributeAnswer.id), [row]).one()
    else:
        answer_id = kept.id
        db.session.execute(
            update(AttributeAnswer)
            .where(AttributeAnswer.id == answer_id)
            .values(version=kept.version + 1, **answered)
            .execution_options(synchronize_session=False)
        )
        db.session.execute(
            delete(AttributeChoice)
            .where(AttributeChoice.answer_id == answer_id)
            .execution_options(synchronize_session=False)
        )
    if chosen:
        rows = [{**owner, "answer_id": answer_id, "option_id": option_id} for option_id in sorted(chosen)]
        db.session.execute(insert(AttributeChoice), rows)
