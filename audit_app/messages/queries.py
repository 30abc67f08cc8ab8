"""Reads of the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState

PAGE = 50


@dataclass(frozen=True)
class MessageShown:
    """A message as the outbox lists it: everything but its text."""

    id: int
    recipient: str
    subject: str
    state: MessageState
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str


def outbox(partnership_id: int, *, page: int) -> Sequence[MessageShown]:
    """One page of a partnership's messages, newest first."""
    rows = db.session.execute(
        select(
            Message.id,
            Message.recipient,
            Message.subject,
            Message.state,
            Message.created_at,
            Message.sent_at,
            Message.attempts,
            Message.error,
        )
        .where(Message.partnership_id == partnership_id)
        .order_by(Message.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [MessageShown(*row) for row in rows]


def pages_of_outbox(partnership_id: int) -> int:
    """How many pages the outbox has, at least 1."""
    count = db.session.scalar(select(func.count()).where(Message.partnership_id == partnership_id)) or 0
    return max(1, -(-count // PAGE))


def message_for_change(partnership_id: int, message_id: int) -> Message:
    """One message of a partnership, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such message.
    """
    query = select(Message).where(Message.partnership_id == partnership_id, Message.id == message_id)
    message = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if message is None:
        raise NotHere
    return message


def message_to_send(message_id: int) -> Message:
    """The message of a job, locked until it is claimed or settled."""
    query = select(Message).where(Message.id == message_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def is_posted(partnership_id: int, recipient: str, occasion: str) -> bool:
    """Whether a message to this recipient on this occasion is in the outbox already."""
    query = select(Message.id).where(
        Message.partnership_id == partnership_id, Message.recipient == recipient, Message.occasion == occasion
    )
    return db.session.scalar(query) is not None
