"""Pages on people, agencies and settings; choosing a partnership; accepting an invitation; the statements."""

from audit_app.accounts.views import drafts, invitation, partners, people, places, public, settings, words
from audit_app.accounts.views.blueprint import accounts

__all__ = ["accounts", "drafts", "invitation", "partners", "people", "places", "public", "settings", "words"]
