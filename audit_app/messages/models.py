"""The outbox."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, enum_type, within_partnership
from audit_app.core.encryption import Encrypted
from audit_app.messages.rules import MessageState


class Message(Owned, Model):
    """One mail to one address. `occasion` says what it is about, so that no one gets the same mail twice."""

    __tablename__ = "message"
    __table_args__ = within_partnership(
        UniqueConstraint("partnership_id", "recipient", "occasion"),
        Index("ix_message_partnership", "partnership_id", "id"),
    )

    recipient: Mapped[str] = mapped_column(String(254))
    occasion: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Encrypted())  # emptied once sent: it may hold a link that signs in
    state: Mapped[MessageState] = mapped_column(enum_type(MessageState), default=MessageState.WAITING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    @property
    def history_name(self) -> str:
        return self.subject
