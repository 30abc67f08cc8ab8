"""The pages of panels: their list, planning one, steering cases, agreeing, the room, how far agencies agreed."""

from audit_app.panels.views import agreeing, agreement, planning, room, steering
from audit_app.panels.views.blueprint import blueprint

__all__ = ["agreeing", "agreement", "blueprint", "planning", "room", "steering"]
