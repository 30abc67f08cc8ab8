"""The blueprint that the pages of this feature stand on."""

from audit_app.accounts.access import partnership_blueprint

blueprint = partnership_blueprint("sampling", "audit_app.sampling.views")
