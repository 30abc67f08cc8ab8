"""Forms of panels: planning, agreeing on paper, and what is sent from the room."""

from audit_app.panels.forms.calibration import ClosePracticeForm, PracticeCaseForm, PracticeScoreForm
from audit_app.panels.forms.case_actions import (
    CloseRoundForm,
    FinishCaseActionForm,
    MoveCaseActionForm,
    RaiseCaseActionForm,
    SendCaseActionBackForm,
    WithdrawCaseActionForm,
)
from audit_app.panels.forms.outcomes import AnswerForm, FinishForm, OutcomeForm
from audit_app.panels.forms.pages import (
    OrderField,
    PanelChoices,
    PanelForm,
    ReleaseForm,
    ScoreForm,
    WithdrawForm,
)
from audit_app.panels.forms.room import RoomForm

__all__ = [
    "AnswerForm",
    "ClosePracticeForm",
    "CloseRoundForm",
    "FinishCaseActionForm",
    "FinishForm",
    "MoveCaseActionForm",
    "OrderField",
    "OutcomeForm",
    "PanelChoices",
    "PanelForm",
    "PracticeCaseForm",
    "PracticeScoreForm",
    "RaiseCaseActionForm",
    "ReleaseForm",
    "RoomForm",
    "ScoreForm",
    "SendCaseActionBackForm",
    "WithdrawCaseActionForm",
    "WithdrawForm",
]
