"""Tables of panels: the meetings, what is agreed, the room, what agencies are told, and do."""

from audit_app.panels.models.accuracy import (
    AccuracyAnswer,
    AccuracyExtension,
    AccuracyRequest,
)
from audit_app.panels.models.calibration import Calibration, CalibrationRating
from audit_app.panels.models.case_actions import CaseAction, CaseActionDueChange, CaseActionReminder
from audit_app.panels.models.items import AgreedRating, Dissent, ItemNote, PanelItem, Vote
from audit_app.panels.models.moderation import (
    ModerationChange,
    ModerationReading,
)
from audit_app.panels.models.outcomes import OutcomeForAgency
from audit_app.panels.models.panels import Panel, PanelCase, PanelConflict, PanelMember
from audit_app.panels.models.room import PanelRoom, ParkedPoint, new_mark

__all__ = [
    "AccuracyAnswer",
    "AccuracyExtension",
    "AccuracyRequest",
    "AgreedRating",
    "Calibration",
    "CalibrationRating",
    "CaseAction",
    "CaseActionDueChange",
    "CaseActionReminder",
    "Dissent",
    "ItemNote",
    "ModerationChange",
    "ModerationReading",
    "OutcomeForAgency",
    "Panel",
    "PanelCase",
    "PanelConflict",
    "PanelItem",
    "PanelMember",
    "PanelRoom",
    "ParkedPoint",
    "Vote",
    "new_mark",
]
