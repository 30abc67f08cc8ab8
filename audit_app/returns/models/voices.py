"""Voices: what a child, a parent or carer, or a practitioner said about the help. Words are encrypted at rest."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.core.encryption import Encrypted
from audit_app.returns.rules import Consent, Contact, VoiceOf, WordsKind, WordsUse


class Voice(Owned, Model):
    """One person who could be asked, what they answered, and their words if they agreed.

    When a voice is withdrawn everything that was said or told is destroyed. That it was withdrawn stays.
    """

    __tablename__ = "voice"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        CheckConstraint("consent IS NULL OR contact = 'safe'", name="asked_only_if_safe"),
        CheckConstraint(
            "words IS NULL OR (consent IS NOT NULL AND consent = 'agreed' AND withdrawn_at IS NULL)",
            name="words_only_if_agreed",
        ),
        CheckConstraint("(words IS NULL) = (words_kind IS NULL)", name="words_of_a_kind"),
        CheckConstraint("(words IS NULL) = (words_use IS NULL)", name="words_for_a_use"),
        CheckConstraint("(fed_back IS NULL) = (fed_back_on IS NULL)", name="fed_back_on_a_day"),
        CheckConstraint("withdrawn_at IS NULL OR fed_back IS NULL", name="withdrawn_says_nothing"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_someone"),
        Index("ix_voice_return", "partnership_id", "return_id"),
    )

    return_id: Mapped[int]
    whose: Mapped[VoiceOf] = mapped_column(enum_type(VoiceOf))
    contact: Mapped[Contact] = mapped_column(enum_type(Contact))
    decided_by: Mapped[str] = mapped_column(String(200))  # whether contact is safe: a role, never a name
    asked_by: Mapped[str] = mapped_column(String(200), default="")  # someone the family knows, by role
    information: Mapped[str] = mapped_column(Text, default="")  # what they were told before they answered
    aid: Mapped[str] = mapped_column(String(200), default="")  # interpreter or communication aid
    consent: Mapped[Consent | None] = mapped_column(enum_type(Consent))
    said_on: Mapped[date | None]
    words_kind: Mapped[WordsKind | None] = mapped_column(enum_type(WordsKind))
    words: Mapped[str | None] = mapped_column(Encrypted())
    words_use: Mapped[WordsUse | None] = mapped_column(enum_type(WordsUse))
    fed_back: Mapped[str | None] = mapped_column(Encrypted())  # what they were told of the audit
    fed_back_on: Mapped[date | None]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime())
    saved_by_id: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
