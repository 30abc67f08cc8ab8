"""The pages of panels: their list, planning, steering, agreeing, the room, how far agencies agreed, practising."""

from audit_app.panels.views import agreeing, agreement, calibration, planning, room, steering
from audit_app.panels.views.blueprint import blueprint

__all__ = ["agreeing", "agreement", "blueprint", "calibration", "planning", "room", "steering"]
