"""Pages on returns: the auditor's list and one return, the coordinator's grid, and sending cases to agencies."""

from audit_app.returns.views import answering, attributes, checking, domains, lists, offline, printing, sending
from audit_app.returns.views.blueprint import blueprint

__all__ = ["answering", "attributes", "blueprint", "checking", "domains", "lists", "offline", "printing", "sending"]
