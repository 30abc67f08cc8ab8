"""Forms of panels: planning, its people, agreeing on paper, and what is sent from the room."""

from audit_app.panels.forms.pages import (
    IN_THE_ROOM,
    ON_PAPER,
    FinishForm,
    OrderField,
    PanelChoices,
    PanelForm,
    ReleaseForm,
    ScoreForm,
    WithdrawForm,
)
from audit_app.panels.forms.people import AttendanceForm, ConflictForm
from audit_app.panels.forms.room import RoomForm

__all__ = [
    "IN_THE_ROOM",
    "ON_PAPER",
    "AttendanceForm",
    "ConflictForm",
    "FinishForm",
    "OrderField",
    "PanelChoices",
    "PanelForm",
    "ReleaseForm",
    "RoomForm",
    "ScoreForm",
    "WithdrawForm",
]
