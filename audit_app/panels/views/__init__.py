"""The pages of panels: their list, planning one, steering its cases, agreeing a case, the room."""

from audit_app.panels.views import (
    accuracy,
    agreeing,
    agreement,
    calibration,
    case_actions,
    closing,
    moderation,
    offline,
    outcomes,
    people,
    planning,
    printing,
    room,
    steering,
)
from audit_app.panels.views.blueprint import blueprint
from audit_app.panels.views.case_actions import init_app

__all__ = [
    "accuracy",
    "agreeing",
    "agreement",
    "blueprint",
    "calibration",
    "case_actions",
    "closing",
    "init_app",
    "moderation",
    "offline",
    "outcomes",
    "people",
    "planning",
    "printing",
    "room",
    "steering",
]
