"""What the agencies do with the cases they were sent: concerns and returns."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta

from audit_app.accounts.rules import Role
from audit_app.cases import services as cases
from audit_app.cases.models import Case
from audit_app.core.web import day
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story, side_by_side
from audit_app.demo.services.people import Place
from audit_app.demo.services.practice import hear_practitioner, note_discussion
from audit_app.returns import queries, services
from audit_app.returns.rules import (
    KNOWN_STATES,
    Answer,
    AnswerKind,
    AttributeAsked,
    AttributeChange,
    Change,
    Known,
    ReturnState,
)
from audit_app.rounds.rules import FrozenTemplate

MADE_WHOLE = frozenset({ReturnState.SUBMITTED, ReturnState.ACCEPTED})
KNOWN_OF = {state: known for known, state in KNOWN_STATES.items()}
ACCEPTED_AFTER = timedelta(days=2)


NOT_KNOWN_TO = {
    "police": {"P12", "P15"},
    "education": {"P11", "P16"},
    "health": {"P12"},
    "voluntary": {"P11", "P16"},
    "early_help": {"P16"},
}
"""The case attributes that an agency's file says nothing of, by the agency's code."""


def answer_case(story: rules.Case, case: Case, *, template: FrozenTemplate, place: Place, days: Days) -> Story[None]:
    """Have every agency do what the story says of a case: raise concerns, and answer."""
    told_of = queries.attributes_asked(place.id, case.round_id, 0)
    asked = {found.agency_id: found.return_id for found in queries.returns_of_case(place.id, case.id)}
    yield from side_by_side(
        *(_raise(concern, case, number, place=place, days=days) for number, concern in enumerate(story.concerns, 1)),
        *(
            _answer(
                told,
                case,
                asked[place.agencies[told.agency]],
                template=template,
                recorded=_recorded(story, told.agency, told_of),
                place=place,
                days=days,
            )
            for told in story.returns
            if told.answered_days_before is not None
        ),
    )


def _raise(concern: rules.Concern, case: Case, number: int, *, place: Place, days: Days) -> Story[None]:
    at = yield days.at(concern.raised_days_before, concern.raised_at)
    cases.raise_concern(
        case.id,
        token=f"demonstration-{number}",
        worry=concern.worry,
        told_whom=concern.told_whom,
        told_at=days.at(concern.raised_days_before, concern.told_at),
        agreed=concern.agreed,
        agency_id=place.agencies[concern.agency],
        link=place.address(f"cases/{case.reference}/concerns"),
        by=place.one(Role.AUDITOR, concern.agency),
        at=at,
    )


def _answer(
    told: rules.Return,
    case: Case,
    return_id: int,
    *,
    template: FrozenTemplate,
    recorded: Mapping[int, AttributeChange],
    place: Place,
    days: Days,
) -> Story[None]:
    assert told.answered_days_before is not None
    auditor, before = place.one(Role.AUDITOR, told.agency), told.answered_days_before
    known = KNOWN_OF.get(told.state, Known.KNOWN)
    at = yield days.at(before + 1, time(13, 30))
    cases.look_up_identity(case.id, agency_id=place.agencies[told.agency], by=auditor)
    services.say_known(return_id, known=known, reason=told.reason, seen=ReturnState.NOT_STARTED, by=auditor, at=at)
    if known is not Known.KNOWN:
        return
    at = yield days.at(before, time(10, 45))
    services.save_attributes(return_id, recorded, by=auditor, at=at)
    services.save_ratings(return_id, _ratings(told, template, days), by=auditor, at=at)
    if told.discussion:
        note_discussion(told.discussion, return_id, by=auditor, days=days, at=at)
    if told.state in MADE_WHOLE:
        at = yield days.at(before, time(11, 50))
        services.save_words(return_id, worked_well=told.worked_well, to_improve=told.to_improve, version=1, by=auditor)
        services.submit_return(return_id, by=auditor, at=at)
    if told.practitioner:
        yield from hear_practitioner(told, case, return_id, template=template, place=place, days=days)
    if told.state is ReturnState.ACCEPTED:
        yield days.at(before - ACCEPTED_AFTER.days, time(9, 20))
        services.accept_return(return_id, by=place.one(Role.COORDINATOR))


def _recorded(story: rules.Case, agency: str, asked: Sequence[AttributeAsked]) -> Mapping[int, AttributeChange]:
    """What an agency records about the child: what is true, as far as its file says so."""
    known = {**story.child, "P18": (story.plan_status.value,), "Z05": (story.age_band.value,)}
    unknown = dict.fromkeys(NOT_KNOWN_TO.get(agency, ()), ("not_known",))
    told = {**known, **unknown}
    return {
        one.attribute.id: AttributeChange(
            frozenset(option.id for option in one.attribute.options if option.code in told[one.attribute.code]), 0
        )
        for one in asked
        if one.attribute.code in told
    }


def _ratings(told: rules.Return, template: FrozenTemplate, days: Days) -> Mapping[int, Change]:
    indicators = {indicator.code: indicator.id for indicator in template.indicators}
    return {
        indicators[rating.indicator]: Change(
            Answer(
                kind=rating.answer,
                level_id=level_of(rating, template),
                reason=rating.reason,
                evidence=rating.evidence,
                where_on_file=f"{rating.document}, {day(days.day(rating.document_days_before))}"
                if rating.document
                else "",
            ),
            version=1,
        )
        for rating in told.ratings
    }


def level_of(answer: rules.Answer, template: FrozenTemplate) -> int | None:
    """The id of the round's level that an answer names, None for either kind of non-answer."""
    if answer.answer is not AnswerKind.LEVEL:
        return None
    return next(level.id for level in template.levels if level.code == answer.level)
