"""Whom a template reaches in a round: agencies that it asks nothing, and questions that no agency there is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit_app.accounts.rules import AgencyKind
from audit_app.indicators.rules import AppliesBy, AuditTemplate, TemplateIndicator, is_asked


@dataclass(frozen=True)
class Reach:
    """Where a template and the agencies of a round do not meet. `idle` are names of agencies that are asked nothing."""

    idle: tuple[str, ...] = ()
    unanswered: tuple[TemplateIndicator, ...] = ()


def reach(template: AuditTemplate, agencies: Mapping[str, AgencyKind]) -> Reach:
    """Where a template and agencies, by name, do not meet. Plans and ages are not looked at: they differ by child."""
    asked = template.indicators
    of = {name: {AppliesBy.AGENCY_KIND: kind.value} for name, kind in agencies.items()}
    return Reach(
        idle=tuple(name for name in of if not any(is_asked(it.applies, of[name]) for it in asked)),
        unanswered=tuple(it for it in asked if not any(is_asked(it.applies, one) for one in of.values())),
    )


def why_not_reach(found: Reach) -> str | None:
    """The reason a round cannot be opened with its template and agencies, or None. Unanswered questions are no such."""
    if not found.idle:
        return None
    them, verb = ("it", "is") if len(found.idle) == 1 else ("them", "are")
    named = " and ".join(filter(None, [", ".join(found.idle[:-1]), found.idle[-1]]))
    return f"{named} {verb} asked nothing by this template. Take {them} out of the round, or choose another template."
