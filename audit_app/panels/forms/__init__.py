"""Forms of panels: planning, agreeing on paper, and what is sent from the room."""

from audit_app.panels.forms.calibration import ClosePracticeForm, PracticeCaseForm, PracticeScoreForm
from audit_app.panels.forms.pages import (
    FinishForm,
    OrderField,
    PanelChoices,
    PanelForm,
    ReleaseForm,
    ScoreForm,
    WithdrawForm,
)
from audit_app.panels.forms.room import RoomForm

__all__ = [
    "ClosePracticeForm",
    "FinishForm",
    "OrderField",
    "PanelChoices",
    "PanelForm",
    "PracticeCaseForm",
    "PracticeScoreForm",
    "ReleaseForm",
    "RoomForm",
    "ScoreForm",
    "WithdrawForm",
]
