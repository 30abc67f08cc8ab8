"""The blueprint of the pages on cases, and who may come upon something that somebody must be told."""

from audit_app.accounts.access import partnership_blueprint
from audit_app.cases import rules

blueprint = partnership_blueprint("cases", __name__)

TAKE_PART = (*rules.TAKES_PART_IN_EVERY_ROUND, *rules.TAKES_PART_FOR_AN_AGENCY)
