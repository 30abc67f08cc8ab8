"""Pages on cases: lists, identity sheets, immediate concerns and what follows, what goes by other routes."""

from audit_app.cases.views import cases, concerns, following, passed_on
from audit_app.cases.views.blueprint import blueprint

__all__ = ["blueprint", "cases", "concerns", "following", "passed_on"]
