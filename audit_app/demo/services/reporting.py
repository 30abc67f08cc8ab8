"""What became of the demonstration's panels: findings, publication, and the action plan."""

from collections.abc import Mapping, Sequence
from datetime import time

from audit_app.accounts.rules import Role
from audit_app.actions import services as actions
from audit_app.actions.rules import ActionState
from audit_app.cases.models import Case
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story, side_by_side
from audit_app.demo.services.people import Place
from audit_app.demo.services.practice import GIVEN_AFTER, give_feedback
from audit_app.findings import services
from audit_app.findings.rules import edition
from audit_app.returns.rules import Occasion
from audit_app.rounds.models import Round
from audit_app.rounds.rules import FrozenTemplate

WRITTEN_BEFORE = 4
"""Days between the last finding and publication."""


def report_round(
    told: rules.Round,
    drawn: Mapping[int, Case],
    found: Round,
    *,
    template: FrozenTemplate,
    place: Place,
    days: Days,
) -> Story[None]:
    """Write the findings of a round, publish it, and carry its action plan on to the day the demonstration is built."""
    assert told.plan.published_days_before is not None
    by, published = place.one(Role.COORDINATOR), told.plan.published_days_before
    findings = yield from _write(
        told.findings, found, before=published + WRITTEN_BEFORE, template=template, place=place, days=days
    )
    at = yield days.at(published, time(15, 0))
    written = edition((finding, 1) for finding in findings.values())
    services.publish_round(found.id, edition=written, by=by, at=at)
    plan = (_carry(action, findings[action.finding], place=place, days=days) for action in told.actions)
    before = published - GIVEN_AFTER
    heard = give_feedback(Occasion.PUBLICATION, told.cases, drawn, before=before, place=place, days=days)
    yield from side_by_side(heard, *plan)


def _write(
    told: Sequence[rules.Finding],
    found: Round,
    *,
    before: int,
    template: FrozenTemplate,
    place: Place,
    days: Days,
) -> Story[Mapping[str, int]]:
    indicators = {indicator.code: indicator.id for indicator in template.indicators}
    written = {}
    for hour, finding in enumerate(told, 9):
        at = yield days.at(before, time(hour, 30))
        made = services.write_finding(
            found.id,
            kind=finding.kind,
            title=finding.title,
            words=finding.words.strip(),
            indicator_ids=[indicators[code] for code in finding.indicators],
            by=place.one(Role.COORDINATOR),
            at=at,
        )
        written[finding.code] = made.id
    return written


def _carry(told: rules.Action, finding_id: int, *, place: Place, days: Days) -> Story[None]:
    lead = place.people[told.lead]
    at = yield days.at(told.opened_days_before, time(10, 30))
    made = actions.propose_action(
        finding_id,
        agency_id=place.agencies[told.agency],
        lead_id=lead.id,
        title=told.title,
        outcome_measure=told.outcome_measure,
        due_on=days.day(told.due_days_before),
        brag=told.updates[0].brag,
        by=place.one(Role.COORDINATOR),
        at=at,
    )
    for update in told.updates:
        at = yield days.at(update.days_before, time(16, 0))
        actions.post_progress(made.id, words=update.words, impact=update.impact, brag=update.brag, by=lead, at=at)
    if told.done_days_before is not None:
        at = yield days.at(told.done_days_before, time(16, 30))
        actions.report_done(made.id, by=lead, at=at)
    if told.state is ActionState.SIGNED_OFF:
        assert told.signed_off_days_before is not None
        at = yield days.at(told.signed_off_days_before, time(17, 15))
        actions.sign_off(made.id, evaluation=told.evaluation, by=place.people[told.signed_off_by], at=at)
