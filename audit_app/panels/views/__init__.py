"""The pages of panels: their list, planning one, steering its cases, agreeing a case, the room."""

from audit_app.panels.views import agreeing, offline, planning, printing, room, steering
from audit_app.panels.views.blueprint import blueprint

__all__ = ["agreeing", "blueprint", "offline", "planning", "printing", "room", "steering"]
