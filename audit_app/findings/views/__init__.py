"""The pages of findings: reading the counts, and writing what they mean."""

from audit_app.findings.views import reading, writing
from audit_app.findings.views.blueprint import blueprint

__all__ = ["blueprint", "reading", "writing"]
