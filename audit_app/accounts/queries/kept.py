"""What is kept of a post that came after its session had ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from audit_app.accounts.models import KeptPost
from audit_app.accounts.rules import POST_KEPT_FOR
from audit_app.core.db import db


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: where to, when, and its fields as (name, value) in their order."""

    address: str
    kept_at: datetime
    fields: Sequence[tuple[str, str]]


def kept_form(person_id: int, *, at: datetime) -> KeptForm | None:
    """What a person sent within the last hour after their session had ended, or None."""
    found = db.session.scalars(
        select(KeptPost)
        .where(KeptPost.person_id == person_id, KeptPost.kept_at > at - POST_KEPT_FOR)
        .order_by(KeptPost.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    return KeptForm(found.address, found.kept_at, [(name, value) for name, value in json.loads(found.fields)])
