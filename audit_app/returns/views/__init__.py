"""Pages on returns: the auditor's list and one return, the coordinator's grid, and sending cases to agencies."""

from audit_app.returns.views import answering, checking, domains, lists, sending
from audit_app.returns.views.blueprint import blueprint

__all__ = ["answering", "blueprint", "checking", "domains", "lists", "sending"]
