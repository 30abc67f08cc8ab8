"""The pages of the library and the templates: reading them, and a partnership making its own."""

from audit_app.indicators.views import asked, domains, drafting, exchange, library, reading, removed
from audit_app.indicators.views.blueprint import blueprint

__all__ = ["asked", "blueprint", "domains", "drafting", "exchange", "library", "reading", "removed"]
