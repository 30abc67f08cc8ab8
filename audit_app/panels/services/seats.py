"""What happens in a panel's room when somebody may no longer rate: their rating that nobody saw yet is gone."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from audit_app.accounts.models import Person
from audit_app.cases.models import Case
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.history.services import record
from audit_app.panels import queries
from audit_app.panels.models import Vote
from audit_app.panels.rules import ItemState


def take_out_ratings(cases: Sequence[Case], person_ids: Collection[int], *, by: Actor) -> None:
    """Take out what these people rated in these cases and the chair has not shown. What was shown stays.

    As part of a deed that locked the cases. History says that a rating was taken out, and never what it was.
    """
    for case in cases if person_ids else ():
        items = queries.items_for_change(case.partnership_id, case.id)
        voting = {one: item for one, item in items.items() if item.row.state is ItemState.VOTING}
        query = (
            select(Vote, Person)
            .join(Person, Person.id == Vote.person_id)
            .where(
                Vote.partnership_id == case.partnership_id,
                Vote.item_id.in_(sorted(voting)),
                Vote.person_id.in_(sorted(person_ids)),
            )
            .order_by(Vote.id)
        )
        for vote, person in db.session.execute(query).all():
            item = voting[vote.item_id]
            if vote.ballot == item.row.ballot:
                db.session.delete(vote)
                at = {"round_id": case.round_id, "case_id": case.id}
                record("own_rating_taken_out", by=by, of=person, **at, case=case.reference, indicator=item.name)
    db.session.flush()
