"""Forms of panels: planning, agreeing on paper, and what is sent from the room."""

from audit_app.panels.forms.accuracy import (
    AskForm,
    DecideForm,
    EndForm,
    MoreTimeForm,
)
from audit_app.panels.forms.calibration import ClosePracticeForm, PracticeCaseForm, PracticeScoreForm
from audit_app.panels.forms.case_actions import (
    CloseRoundForm,
    FinishCaseActionForm,
    MoveCaseActionForm,
    RaiseCaseActionForm,
    SendCaseActionBackForm,
    WithdrawCaseActionForm,
)
from audit_app.panels.forms.moderation import (
    ChangeForm,
    DecideChangeForm,
    DoneForm,
    ReaderForm,
)
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
    "AskForm",
    "ChangeForm",
    "ClosePracticeForm",
    "CloseRoundForm",
    "DecideChangeForm",
    "DecideForm",
    "DoneForm",
    "EndForm",
    "FinishCaseActionForm",
    "FinishForm",
    "MoreTimeForm",
    "MoveCaseActionForm",
    "OrderField",
    "PanelChoices",
    "PanelForm",
    "PracticeCaseForm",
    "PracticeScoreForm",
    "RaiseCaseActionForm",
    "ReaderForm",
    "ReleaseForm",
    "RoomForm",
    "ScoreForm",
    "SendCaseActionBackForm",
    "WithdrawCaseActionForm",
    "WithdrawForm",
]
