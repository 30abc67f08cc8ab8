"""The demonstration's panels: planned, given their cases, and what they agreed."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.demo import rules
from audit_app.demo.services.auditing import level_of
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.people import Place
from audit_app.panels import queries, services
from audit_app.panels.rules import EVERYTHING, MINUTES_PER_CASE, Decision, Item, OutcomePart, Timing
from audit_app.rounds.models import Round
from audit_app.rounds.rules import FrozenTemplate

RELEASED_BEFORE = 3
BREAK = 30
"""Minutes of a meeting that belong to no case."""


def plan_panels(plan: rules.Plan, drawn: Mapping[int, Case], *, found: Round, place: Place, days: Days) -> Story[None]:
    """Plan the meetings of a round on the day on which its cases go out."""
    for panel in plan.panels:
        assert plan.confirmed_days_before is not None
        at = yield days.at(plan.confirmed_days_before, time(16, 10))
        services.plan_panel(
            found.id,
            held_on=_day_of(panel, days),
            timing=_timing(panel, days),
            place=panel.place,
            chair_id=place.people[panel.chair].id,
            members={person.id: _agency(person) for person in map(place.people.__getitem__, panel.members)},
            case_ids=[drawn[position].id for position in panel.cases],
            is_on_paper=panel.began_minutes_before is None,
            by=place.one(Role.COORDINATOR),
            at=at,
        )


def _day_of(panel: rules.Panel, days: Days) -> date:
    """The day of a meeting; one whose room is open meets today, on a weekend too."""
    return days.day(panel.held_days_before) if panel.began_minutes_before is None else days.today


def _timing(panel: rules.Panel, days: Days) -> Timing:
    """When a meeting begins and ends; one whose room is open began at the quarter of an hour before it was opened."""
    if panel.began_minutes_before is None:
        return Timing(panel.starts_at, panel.ends_at)
    opened = days.minutes_ago(panel.began_minutes_before).astimezone(clock.LONDON)
    begins = opened.replace(minute=opened.minute // 15 * 15, second=0, microsecond=0)
    ends = begins + timedelta(minutes=MINUTES_PER_CASE * len(panel.cases) + BREAK)
    return Timing(begins.time(), ends.time() if ends.date() == begins.date() else None)


def _agency(member: Viewer) -> int | None:
    return next(iter(member.agencies(Role.PANEL_MEMBER)), None)


def hold_panels(
    plan: rules.Plan,
    stories: Sequence[rules.Case],
    drawn: Mapping[int, Case],
    *,
    template: FrozenTemplate,
    place: Place,
    days: Days,
) -> Story[None]:
    """Hold the meetings of a round: cases are released, agreed and finished."""
    told = {story.position: story for story in stories}
    for panel in plan.panels:
        yield from release_cases(panel, drawn, place=place, days=days)
        chair = place.people[panel.chair]
        for hour, position in enumerate(panel.cases, 9):
            case, story = drawn[position], told[position]
            items = queries.items_of_case(place.id, case.id, template, sight=EVERYTHING)
            at = yield days.at(panel.held_days_before, time(hour, 50))
            services.agree_ratings(case.id, _decisions(story, items, template, place), by=chair, at=at)
            at = yield days.at(panel.held_days_before, time(hour, 55))
            services.save_outcome(case.id, outcome_of(story, place), by=chair)
            services.finish_case(case.id, link=place.address("panel-feedback"), by=chair, at=at)


def release_cases(panel: rules.Panel, drawn: Mapping[int, Case], *, place: Place, days: Days) -> Story[None]:
    """Release the cases of a panel to its members, some days before they meet."""
    at = yield days.at(panel.held_days_before + RELEASED_BEFORE, time(12, 0))
    for position in panel.cases:
        services.release_case(drawn[position].id, by=place.one(Role.COORDINATOR), at=at)


def outcome_of(story: rules.Case, place: Place) -> Sequence[OutcomePart]:
    """What a panel takes from a case, and says to its agencies."""
    of_case = OutcomePart(None, (story.outcome, story.good_practice), version=1)
    return [of_case, *(OutcomePart(place.agencies[one.agency], (one.feedback, one.question)) for one in story.told)]


def answer_questions(
    stories: Sequence[rules.Case], drawn: Mapping[int, Case], *, place: Place, days: Days
) -> Story[None]:
    """Have agencies answer what the panel asked them, where the material says so."""
    answered = [(one.answered_days_before, story, one) for story in stories for one in story.told if one.answer]
    for before, story, told in sorted(answered, key=lambda its: -(its[0] or 0)):
        at = yield days.at(before or 0, time(11, 20))
        agency_id = place.agencies[told.agency]
        services.answer_question(
            drawn[story.position].id,
            agency_id,
            answer=told.answer,
            version=1,
            by=place.one(Role.AUDITOR, told.agency),
            at=at,
        )


def _decisions(story: rules.Case, items: Sequence[Item], template: FrozenTemplate, place: Place) -> Sequence[Decision]:
    agreed = {(one.indicator, place.agencies[one.agency] if one.agency else None): one for one in story.agreed}
    return [
        Decision(item.id, item.version, decision.answer, level_of(decision, template), decision.reason)
        for item in items
        for decision in (agreed[item.indicator.code, item.agency_id],)
    ]
