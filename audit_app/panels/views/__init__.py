"""The pages of panels: their list, planning one, its people, steering its cases, agreeing a case, the room."""

from audit_app.panels.views import agreeing, people, planning, room, steering
from audit_app.panels.views.blueprint import blueprint

__all__ = ["agreeing", "blueprint", "people", "planning", "room", "steering"]
