"""The demonstration's practice case: set, scored by each agency's auditor, and closed to be talked about."""

from datetime import time

from audit_app.accounts.rules import Role
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.people import Place
from audit_app.panels import services
from audit_app.panels.rules import PracticeAnswer
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round
from audit_app.rounds.queries import frozen_template


def score_practice_case(told: rules.Practice, found: Round, *, place: Place, days: Days) -> Story[None]:
    """Have a practice case set, scored by the auditors that the material names, and closed."""
    by, template = place.one(Role.COORDINATOR), frozen_template(place.id, found.id)
    indicators = {indicator.code: indicator.id for indicator in template.indicators}
    levels = {level.code: level.id for level in template.levels}
    at = yield days.at(told.set_days_before, time(14, 40))
    made = services.set_practice_case(
        found.id, title=told.title, story=told.story.strip(), due_on=days.day(told.due_days_before), by=by, at=at
    )
    for hour, one in enumerate(told.answers, 10):
        answers = {
            indicators[code]: PracticeAnswer(AnswerKind.LEVEL, levels[level], one.words.get(code, ""))
            for code, level in one.levels.items()
        }
        at = yield days.at(told.due_days_before, time(hour, 25))
        services.score_practice_case(made.id, answers, by=place.one(Role.AUDITOR, one.agency), at=at)
    at = yield days.at(told.closed_days_before, time(16, 0))
    services.close_practice_case(made.id, by=by, at=at)
