"""The practitioners of the demonstration: a discussion, answers to a return, and feedback."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story
from audit_app.demo.services.people import Place
from audit_app.returns import queries, services
from audit_app.returns.queries import WHOLE
from audit_app.returns.rules import FeedbackHow, Occasion, PractitionerPart, Reply, Talk, Told
from audit_app.rounds.rules import FrozenTemplate

GIVEN_AFTER = 6
"""Days between what feedback follows and the day on which it is given."""
GIVEN_TO = {
    "childrens_social_care": "the social worker",
    "health": "the health visitor",
    "police": "the officer in the case",
    "education": "the class teacher and the safeguarding lead",
    "early_help": "the family worker",
    "voluntary": "the family support worker",
}
STILL_OWED = "health"
"""The agency that is late with one feedback after publication."""


def note_discussion(told: rules.Discussion, return_id: int, *, by: Viewer, days: Days, at: datetime) -> None:
    """Record the discussion that an auditor held with whoever did the work."""
    talk = Talk(days.day(told.held_days_before), told.with_whom, notes=told.notes)
    services.save_discussion(return_id, talk, is_held=True, version=0, by=by, at=at)


def name_practitioner(told: rules.Return, return_id: int, *, place: Place, days: Days) -> Story[None]:
    """Name a practitioner on a return that was submitted."""
    assert told.practitioner is not None
    assert told.answered_days_before is not None
    at = yield days.at(told.answered_days_before, time(12, 5))
    services.name_practitioner(
        return_id,
        place.people[told.practitioner.email].id,
        part=PractitionerPart.PRACTITIONER,
        link=place.address(""),
        by=place.one(Role.AUDITOR, told.agency),
        at=at,
    )


def hear_practitioner(
    told: rules.Return, case: Case, *, template: FrozenTemplate, place: Place, days: Days
) -> Story[None]:
    """Have the practitioner who was named on a return answer it."""
    assert told.practitioner is not None
    practitioner, indicators = place.people[told.practitioner.email], {one.code: one.id for one in template.indicators}
    at = yield days.at(told.practitioner.answered_days_before, time(16, 20))
    replies = {indicators[code]: Reply(words, 0) for code, words in told.practitioner.answers.items()}
    replies[WHOLE] = Reply(told.practitioner.whole, 0)
    services.save_replies(case.reference, place.agencies[told.agency], replies, by=practitioner, at=at)


def give_feedback(
    occasion: Occasion,
    stories: Sequence[rules.Case],
    drawn: Mapping[int, Case],
    *,
    before: int,
    place: Place,
    days: Days,
) -> Story[None]:
    """Have each agency tell those who did the work what the audit saw, so many days before; all but one in time."""
    told = {(drawn[story.position].reference, one.agency): one for story in stories for one in story.returns}
    at = yield days.at(before, time(15, 30))
    for agency in GIVEN_TO:
        auditor = place.one(Role.AUDITOR, agency)
        due = [line for line in queries.feedback_due(auditor) if line.occasion is occasion]
        for line in due[1:] if occasion is Occasion.PUBLICATION and agency == STILL_OWED else due:
            its = told.get((line.case_reference, agency))
            if its is not None:
                services.record_feedback(line.id, _told(its, agency, days, before), version=1, by=auditor, at=at)


def _told(its: rules.Return, agency: str, days: Days, before: int) -> Told:
    return Told(
        was_good=its.worked_well,
        given_to=GIVEN_TO[agency],
        given_on=days.day(before),
        how=FeedbackHow.BY_CALL if agency == "police" else FeedbackHow.IN_PERSON,
        to_learn=its.to_improve,
    )
