"""The blueprint of all pages of this feature. Those of a partnership begin with `/p/<slug>`."""

from audit_app.accounts.access import partnership_blueprint

accounts = partnership_blueprint("accounts", __name__, prefix="")
