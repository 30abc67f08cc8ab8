"""The pages of panels: their list, planning one, steering its cases, agreeing a case."""

from audit_app.panels.views import agreeing, planning, steering
from audit_app.panels.views.blueprint import blueprint

__all__ = ["agreeing", "blueprint", "planning", "steering"]
