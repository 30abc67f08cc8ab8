"""What must go another way than an immediate concern: whom to tell, and that someone was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.cases.rules import LimitUnit, OtherRoute
from audit_app.core.db import Model, Owned, UtcDateTime, belongs_to, enum_type, within_partnership


class RouteContact(Owned, Model):
    """A partnership's contact and time limit for one of the other routes. Without a row the delivered limit counts."""

    __tablename__ = "route_contact"
    __table_args__ = within_partnership(
        UniqueConstraint("partnership_id", "route"), CheckConstraint("limit_number > 0", name="limit_is_some_time")
    )

    route: Mapped[OtherRoute] = mapped_column(enum_type(OtherRoute))
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(60), default="")
    limit_number: Mapped[int]
    limit_unit: Mapped[LimitUnit] = mapped_column(enum_type(LimitUnit))

    @property
    def history_name(self) -> str:
        return self.route.value


class PassedOn(Owned, Model):
    """That something about a case was passed on by another route: by whom, to whom and when. Never what it was."""

    __tablename__ = "passed_on"
    __table_args__ = within_partnership(
        belongs_to("audit_case", "case_id"),
        UniqueConstraint("partnership_id", "case_id", "token"),
        CheckConstraint("passed_at >= noticed_at", name="passed_on_after_noticed"),
        Index("ix_passed_on_recorder", "partnership_id", "recorded_by_id", "recorded_at"),
        Index("ix_passed_on_recorded", "partnership_id", "recorded_at"),
    )

    case_id: Mapped[int]
    token: Mapped[str] = mapped_column(String(40))  # from the form, so that a double click records once
    route: Mapped[OtherRoute] = mapped_column(enum_type(OtherRoute))
    passed_to: Mapped[str] = mapped_column(String(120))
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    passed_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())  # by the limit that counted when it was recorded
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    recorded_by_id: Mapped[int]
    recorded_by_name: Mapped[str] = mapped_column(String(200))
