"""What the demonstration's panels asked agencies to do for single children."""

from datetime import datetime, time

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.people import Place
from audit_app.panels import services
from audit_app.panels.models import CaseAction


def carry_case_action(told: rules.CaseAction, case: Case, *, place: Place, days: Days) -> Story[None]:
    """Raise an action about a child, and have its agency do it where it did."""
    at = yield days.at(told.raised_days_before, time(16, 30))
    made = raise_case_action(told, case, by=place.one(Role.COORDINATOR), place=place, at=at)
    if told.done_days_before is None:
        return
    at = yield days.at(told.done_days_before, time(14, 20))
    services.finish_case_action(
        made.id,
        outcome=told.outcome,
        done_on=days.day(told.done_days_before),
        by=place.one(Role.AUDITOR, told.agency),
        at=at,
    )


def raise_case_action(told: rules.CaseAction, case: Case, *, by: Viewer, place: Place, at: datetime) -> CaseAction:
    """Raise an action about a child."""
    return services.raise_case_action(
        case.reference,
        agency_id=place.agencies[told.agency],
        words=told.words,
        working_days=told.working_days,
        link=place.address("case-actions"),
        by=by,
        at=at,
    )
