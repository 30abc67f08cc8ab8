"""Planning and opening the demonstration's rounds."""

from datetime import time

from audit_app.accounts.rules import Role
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.people import Place
from audit_app.indicators.queries import version_id
from audit_app.rounds import services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import PlanChanges


def plan_round(plan: rules.Plan, *, place: Place, days: Days) -> Story[Round]:
    """Plan a round, and open it where it was opened."""
    by = place.one(Role.COORDINATOR)
    at = yield days.at(plan.created_days_before, time(9, 10))
    made = services.create_round(title=plan.title, reference=plan.reference, by=by, at=at)
    yield days.at(plan.created_days_before, time(11, 25))
    made = services.change_plan(made.id, version=made.version, by=by, **_changes(plan, place, days))
    made.practitioners = plan.practitioners
    if plan.opened_days_before is not None:
        at = yield days.at(plan.opened_days_before, time(14, 0))
        made = services.open_round(made.id, version=made.version, by=by, at=at)
    return made


def _changes(plan: rules.Plan, place: Place, days: Days) -> PlanChanges:
    return {
        "prompt_kind": plan.prompt_kind,
        "prompt_detail": plan.prompt_detail.strip(),
        "body_id": place.bodies[plan.commissioned_by],
        "area_id": place.areas[plan.area] if plan.area else None,
        "theme": plan.theme,
        "terms_of_reference": plan.terms_of_reference.strip(),
        "key_lines": plan.key_lines_of_enquiry,
        "look_back_months": plan.look_back_months,
        "agency_ids": [place.agencies[code] for code in plan.agencies],
        "template_version_id": version_id(plan.template, 1),
        "returns_due_on": days.day(plan.returns_due_days_before),
        "panel_on": days.day(plan.panel_days_before),
        "report_due_on": days.day(plan.report_due_days_before),
        "agreement_rule": plan.agreement_rule,
        "is_pack_printed": plan.is_pack_printed,
        "is_moderated": plan.is_moderated,
        "accuracy_days": plan.accuracy_days,
    }
