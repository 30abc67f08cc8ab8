"""What the agencies do with the cases they were sent: concerns and returns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import services as cases
from audit_app.cases.models import Case
from audit_app.cases.queries import standing_outcome
from audit_app.core.web import day
from audit_app.demo import rules
from audit_app.demo.services.days import Days, Story, side_by_side
from audit_app.demo.services.people import Place
from audit_app.demo.services.practice import hear_practitioner, name_practitioner, note_discussion
from audit_app.returns import queries, services
from audit_app.returns.rules import (
    KNOWN_STATES,
    Answer,
    AnswerKind,
    AttributeAsked,
    AttributeChange,
    Change,
    Contact,
    Event,
    Known,
    OwnPart,
    ReturnState,
    VoiceTold,
)
from audit_app.rounds.rules import FrozenTemplate

MADE_WHOLE = frozenset({ReturnState.SUBMITTED, ReturnState.ACCEPTED})
KNOWN_OF = {state: known for known, state in KNOWN_STATES.items()}
ACCEPTED_AFTER = timedelta(days=2)
SENT_BACK_AFTER = timedelta(days=2)


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
    raised = cases.raise_concern(
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
    lead, found = place.one(Role.AGENCY_LEAD, concern.agency), raised.concern
    at = yield days.at(concern.raised_days_before, concern.acknowledged_at)
    cases.acknowledge_concern(found.id, by=lead, at=at)
    at = yield days.at(concern.outcome_days_before, time(10, 20))
    holder = place.one(Role.AUDITOR, "childrens_social_care")
    cases.record_outcome(found.id, words=concern.outcome, by=holder, at=at)
    at = yield days.at(concern.closed_days_before, time(9, 35))
    cases.agree_with_outcome(found.id, seen=standing_outcome(place.id, found.id) or 0, by=lead, at=at)


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
    at = yield days.at(before + 1, time(13, 30))
    if not _begin(told, case, return_id, by=auditor, place=place, at=at):
        return
    at = yield days.at(before, time(10, 45))
    services.save_attributes(return_id, recorded, by=auditor, at=at)
    ratings = _ratings(told, template, days)
    services.save_ratings(return_id, _first(told, ratings, template), by=auditor, at=at)
    _tell(told, return_id, by=auditor, at=at, days=days)
    if told.discussion:
        note_discussion(told.discussion, return_id, by=auditor, days=days, at=at)
    if told.state in MADE_WHOLE:
        at = yield days.at(before, time(11, 50))
        services.save_words(
            return_id,
            overall_level_id=next(level.id for level in template.levels if level.code == told.overall),
            overall_reason=told.overall_reason,
            worked_well=told.worked_well,
            to_improve=told.to_improve,
            learning=told.learning,
            proposed_actions=told.proposed_actions,
            version=1,
            by=auditor,
        )
        spent = None if told.hours_spent is None else round(60 * told.hours_spent)
        services.submit_return(return_id, is_declared=True, minutes_spent=spent, by=auditor, at=at)
    if told.practitioner:
        yield from name_practitioner(told, return_id, place=place, days=days)
    if told.sent_back is not None:
        yield from _send_back(told, told.sent_back, case, return_id, ratings, template=template, place=place, days=days)
    if told.practitioner:
        yield from hear_practitioner(told, case, template=template, place=place, days=days)
    if told.state is ReturnState.ACCEPTED:
        yield days.at(before - ACCEPTED_AFTER.days, time(9, 20))
        services.accept_return(return_id, by=place.one(Role.COORDINATOR))


def _begin(told: rules.Return, case: Case, return_id: int, *, by: Viewer, place: Place, at: datetime) -> bool:
    """Have an auditor look for the child and say what they found. Gives whether there is anything to rate."""
    known = KNOWN_OF.get(told.state, Known.KNOWN)
    cases.look_up_identity(case.id, agency_id=place.agencies[told.agency], by=by)
    services.say_known(
        return_id,
        known=known,
        reason=told.reason,
        should_have_known=told.should_have_known if known is Known.NOT_KNOWN else None,
        on_behalf_of=told.on_behalf_of,
        seen=ReturnState.NOT_STARTED,
        by=by,
        at=at,
    )
    if known is not Known.KNOWN:
        return False
    services.confirm_file(
        return_id,
        own_part=OwnPart.SOME if told.own_part else OwnPart.NONE,
        own_part_words=told.own_part,
        file_number=f"{told.agency[:2].upper()}{case.position:02}/{20_000 + 37 * return_id}",
        seen="",
        by=by,
        at=at,
    )
    return True


def _send_back(
    told: rules.Return,
    story: rules.SentBack,
    case: Case,
    return_id: int,
    ratings: Mapping[int, Change],
    *,
    template: FrozenTemplate,
    place: Place,
    days: Days,
) -> Story[None]:
    """Have the coordinator send a return back with comments, and the agency answer them and submit again."""
    before, auditor = told.answered_days_before or 0, place.one(Role.AUDITOR, told.agency)
    indicators = {indicator.code: indicator.id for indicator in template.indicators}
    comments = {indicators[comment.indicator]: comment.words for comment in story.comments}
    at = yield days.at(before - SENT_BACK_AFTER.days, time(14, 5))
    services.send_back(
        return_id,
        reason=story.reason,
        comments=comments,
        link=place.address(f"cases/{case.reference}/return/{place.agencies[told.agency]}"),
        by=place.one(Role.COORDINATOR),
        at=at,
    )
    at = yield days.at(before - SENT_BACK_AFTER.days - 1, time(10, 20))
    changes = {indicator: Change(ratings[indicator].answer, version=2) for indicator in comments}
    services.save_ratings(return_id, changes, by=auditor, at=at)
    services.submit_return(return_id, is_declared=True, by=auditor, at=at)


def _tell(told: rules.Return, return_id: int, *, by: Viewer, at: datetime, days: Days) -> None:
    """An agency's chronology, and the voices that it asked for."""
    events = [Event(days.day(one.days_before), one.event, one.impact, one.response) for one in told.events]
    if events:
        services.add_events(return_id, events, by=by, at=at)
    for one in told.voices:
        voice = VoiceTold(
            whose=one.whose,
            contact=Contact.SAFE,
            decided_by="The lead practitioner, with the family's social worker where there is one",
            asked_by=one.asked_by,
            information=one.information,
            aid=one.aid,
            consent=one.consent,
            said_on=None if one.said_days_before is None else days.day(one.said_days_before),
            kind=one.kind,
            words=one.words,
            use=one.use,
        )
        services.add_voice(return_id, voice, by=by, at=at)


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


def _first(told: rules.Return, ratings: Mapping[int, Change], template: FrozenTemplate) -> Mapping[int, Change]:
    """The ratings as they were saved first, before any was sent back."""
    indicators = {indicator.code: indicator.id for indicator in template.indicators}
    was = {indicators[one.indicator]: one.was for one in told.sent_back.comments} if told.sent_back else {}
    return {
        indicator: replace(change, answer=replace(change.answer, evidence=was.get(indicator, change.answer.evidence)))
        for indicator, change in ratings.items()
    }


def level_of(answer: rules.Answer, template: FrozenTemplate) -> int | None:
    """The id of the round's level that an answer names, None for either kind of non-answer."""
    if answer.answer is not AnswerKind.LEVEL:
        return None
    return next(level.id for level in template.levels if level.code == answer.level)
