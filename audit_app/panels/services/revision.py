"""What a screen in a panel's room sees has changed."""

from typing import Any

from sqlalchemy import update

from audit_app.core.db import db
from audit_app.panels.models import PanelRoom, new_mark


def touch_room(partnership_id: int, panel_id: int | None, **changes: Any) -> None:
    """Raise the revision of a panel's room, changing the room itself so far: whoever asks next gets it anew.

    The last statement of every deed that changes what a screen in the room shows, so that locks are taken in one order
    (round, case, items, room). A case without a panel has no room.
    """
    if panel_id is not None:
        db.session.execute(
            update(PanelRoom)
            .where(PanelRoom.partnership_id == partnership_id, PanelRoom.panel_id == panel_id)
            .values(revision=PanelRoom.revision + 1, mark=new_mark(), **changes)
            .execution_options(synchronize_session=False)
        )
