"""Forms of panels: planning, its people, agreeing on paper, and what is sent from the room."""

from audit_app.panels.forms.accuracy import AskForm, DecideForm, EndForm, MoreTimeForm
from audit_app.panels.forms.calibration import ClosePracticeForm, PracticeCaseForm, PracticeScoreForm
from audit_app.panels.forms.case_actions import (
    CloseRoundForm,
    FinishCaseActionForm,
    MoveCaseActionForm,
    RaiseCaseActionForm,
    SendCaseActionBackForm,
    WithdrawCaseActionForm,
)
from audit_app.panels.forms.moderation import ChangeForm, DecideChangeForm, DoneForm, ReaderForm
from audit_app.panels.forms.offline import LoadRatingsForm, TakeRatingsForm
from audit_app.panels.forms.outcomes import AnswerForm, FinishForm, OutcomeForm
from audit_app.panels.forms.pages import (
    IN_THE_ROOM,
    ON_PAPER,
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
    "AnswerForm",
    "AskForm",
    "AttendanceForm",
    "ChangeForm",
    "ClosePracticeForm",
    "CloseRoundForm",
    "ConflictForm",
    "DecideChangeForm",
    "DecideForm",
    "DoneForm",
    "EndForm",
    "FinishCaseActionForm",
    "FinishForm",
    "LoadRatingsForm",
    "MoreTimeForm",
    "MoveCaseActionForm",
    "OrderField",
    "OutcomeForm",
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
    "TakeRatingsForm",
    "WithdrawCaseActionForm",
    "WithdrawForm",
]
