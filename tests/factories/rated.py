"""An item in the room of its panel that is being rated, with what members gave so far."""

from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels.models import Panel, PanelItem, PanelRoom, Vote
from audit_app.panels.rules import ItemState, VoteKind
from tests.factories.accounts import saved
from tests.factories.panels import Sitting, items_of
from tests.factories.returns import level_id


def to_the_room(sitting: Sitting) -> None:
    """The panel rates in its room, and not on paper."""
    with transaction():
        db.session.get_one(Panel, sitting.panel_id).is_on_paper = False


def being_rated(sitting: Sitting, code: str = "A04", *, people: tuple[int, ...] = (), ballot: int = 1) -> int:
    """The chair asked for ratings of an item, and these people gave theirs. Gives the item's id."""
    item_id = items_of(sitting)[code].id
    with transaction():
        item = db.session.get_one(PanelItem, item_id)
        item.state, item.ballot = ItemState.VOTING, ballot
    for person_id in people:
        a_vote(sitting, item_id, person_id, ballot=ballot)
    return item_id


def a_vote(sitting: Sitting, item_id: int, person_id: int, *, ballot: int = 1) -> None:
    """What one person rated."""
    saved(
        Vote(
            partnership_id=sitting.asked.partnership_id,
            item_id=item_id,
            ballot=ballot,
            person_id=person_id,
            agency_id=sitting.asked.health,
            answer=VoteKind.LEVEL,
            level_id=level_id(sitting.asked.round_id, "good"),
            given_at=clock.now(),
        )
    )


def votes_on(item_id: int) -> list[tuple[int, int]]:
    """Who rated an item, with the ballot, in order."""
    db.session.rollback()
    rows = db.session.query(Vote.person_id, Vote.ballot).filter(Vote.item_id == item_id).order_by(Vote.id)
    return [(person_id, ballot) for person_id, ballot in rows]


def revision_of(sitting: Sitting) -> int:
    """How often what the room shows has changed."""
    db.session.rollback()
    return db.session.query(PanelRoom.revision).filter(PanelRoom.panel_id == sitting.panel_id).scalar() or 0
