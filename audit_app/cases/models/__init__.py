"""Cases, the identity key, releases of identity sheets, immediate concerns, what was passed on."""

from audit_app.cases.models.cases import AgencyFileNumber, Case, Identity, IdentityRelease
from audit_app.cases.models.concerns import Concern, ConcernEntry
from audit_app.cases.models.passed_on import PassedOn, RouteContact

__all__ = [
    "AgencyFileNumber",
    "Case",
    "Concern",
    "ConcernEntry",
    "Identity",
    "IdentityRelease",
    "PassedOn",
    "RouteContact",
]
