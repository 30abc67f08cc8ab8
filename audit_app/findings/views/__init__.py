"""The pages of findings: reading the counts, comparing two rounds, and writing what they mean."""

from audit_app.findings.views import comparing, reading, writing
from audit_app.findings.views.blueprint import blueprint

__all__ = ["blueprint", "comparing", "reading", "writing"]
