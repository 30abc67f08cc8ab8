"""Forms of panels: planning, agreeing on paper, and what is sent from the room."""

from audit_app.panels.forms.offline import LoadRatingsForm, TakeRatingsForm
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
    "FinishForm",
    "LoadRatingsForm",
    "OrderField",
    "PanelChoices",
    "PanelForm",
    "ReleaseForm",
    "RoomForm",
    "ScoreForm",
    "TakeRatingsForm",
    "WithdrawForm",
]
