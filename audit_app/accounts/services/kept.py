"""What someone sent after their session had ended: kept for an hour, so that nothing typed is lost."""

import json
from collections.abc import Sequence

from sqlalchemy import delete

from audit_app.accounts.models import KeptPost
from audit_app.accounts.rules import POST_KEPT_FOR
from audit_app.core import clock
from audit_app.core.db import db

Field = tuple[str, str]


def keep_post(person_id: int, *, address: str, fields: Sequence[Field]) -> None:
    """Keep what a person sent to an address, encrypted, in place of what was kept for them before."""
    db.session.execute(delete(KeptPost).where(KeptPost.person_id == person_id))
    db.session.add(KeptPost(person_id=person_id, kept_at=clock.now(), address=address, fields=json.dumps([*fields])))
    db.session.flush()


def forget_post(person_id: int) -> None:
    """Forget what is kept for a person."""
    db.session.execute(delete(KeptPost).where(KeptPost.person_id == person_id))


def forget_old_posts() -> None:
    """Forget what was kept for an hour and not sent again."""
    db.session.execute(delete(KeptPost).where(KeptPost.kept_at < clock.now() - POST_KEPT_FOR))
