"""Returns as spreadsheets: files that wait to be confirmed, and what coordinators did for an agency."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.core.db import JsonFacts, Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership
from audit_app.core.encryption import EncryptedBytes
from audit_app.returns.rules.workbooks import StoodInTo


class ReturnFile(Owned, Model):
    """A filled workbook of a return that was read and waits, encrypted, until its person confirms it or its hour is
    over. Then it is deleted: the file itself is never kept."""

    __tablename__ = "return_file"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        UniqueConstraint("partnership_id", "return_id", "read_by_id"),
        Index("ix_return_file_expires_at", "expires_at"),
    )

    return_id: Mapped[int]
    content: Mapped[bytes] = mapped_column(EncryptedBytes(), deferred=True)
    file_sha256: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime())
    read_by_id: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())


class LoadedFile(Owned, Model):
    """What somebody took from one copy of a return: for each answer, by its key, a digest of what was written.

    Whoever mends the same file and loads it again is not asked whether their own answer of before should stand. It goes
    when the return is submitted.
    """

    __tablename__ = "return_file_loaded"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        UniqueConstraint("partnership_id", "return_id", "loaded_by_id", "copy"),
    )

    return_id: Mapped[int]
    loaded_by_id: Mapped[int]
    copy: Mapped[str] = mapped_column(String(16))
    digests: Mapped[dict[str, str]] = mapped_column(JsonFacts)


class StandIn(Owned, Model):
    """That a coordinator loaded or submitted a return for an agency that does not sign in.

    `words_version` is the version of the return's overall words that this deed left: whoever finds another one knows
    that somebody else wrote in the return since.
    """

    __tablename__ = "return_stand_in"
    __table_args__ = within_partnership(
        belongs_to("agency_return", "return_id", cascade=True),
        Index("ix_return_stand_in_return", "partnership_id", "return_id"),
    )

    return_id: Mapped[int]
    deed: Mapped[StoodInTo] = mapped_column(enum_type(StoodInTo))
    words_version: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    by_id: Mapped[int]
    by_name: Mapped[str] = mapped_column(String(200))
