"""The blueprint of all pages of this feature."""

from audit_app.accounts.access import partnership_blueprint

blueprint = partnership_blueprint("indicators", __name__)
