"""What a screen in a panel's room sees has changed."""

from sqlalchemy import update

from audit_app.core.db import db
from audit_app.panels.models import PanelRoom


def touch_room(partnership_id: int, panel_id: int | None) -> None:
    """Raise the revision of a panel's room: whoever asks next gets the room anew.

    The last statement of every deed that changes what a screen in the room shows, so that locks are taken in one order
    (round, case, items, room). A case without a panel has no room.
    """
    if panel_id is not None:
        db.session.execute(
            update(PanelRoom)
            .where(PanelRoom.partnership_id == partnership_id, PanelRoom.panel_id == panel_id)
            .values(revision=PanelRoom.revision + 1)
            .execution_options(synchronize_session=False)
        )
