"""What agencies said, case by case, as far as a viewer may see it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from audit_app.accounts.models import Agency, Area, Person
from audit_app.accounts.rules import Role, Terms, Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import CASE_STATE_WORDS, Thing
from audit_app.core.db import db
from audit_app.exports.queries.streaming import ROUND_NAME, in_words, stream
from audit_app.indicators.rules import AGE_BAND_WORDS
from audit_app.panels.rules import VoteKind
from audit_app.returns.models import AgencyReturn, AttributeAnswer, AttributeChoice, ChronologyEvent, Rating, Voice
from audit_app.returns.rules import (
    ANSWER_KIND_WORDS,
    HANDED_OVER,
    LEAVES_THE_AUDIT,
    OPEN_STATES,
    RETURN_STATE_WORDS,
    SHOULD_HAVE_KNOWN_WORDS,
    TAG_WORDS,
    VOICE_OF_WORDS,
    WORDS_KIND_WORDS,
    WORDS_USE_WORDS,
    AnswerKind,
)
from audit_app.rounds.models import (
    Round,
    RoundAttribute,
    RoundAttributeOption,
    RoundIndicator,
    RoundLevel,
)
from audit_app.sampling.models import Draw
from audit_app.sampling.rules import kept_stratum_words
from reports import round_rows as rows

Of = Sequence[ColumnElement[bool]]
CASE_IN_ROUND = and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id)
# What repeats its round's id is found by it, whatever else a partnership has.


def cases(viewer: Viewer, of: Of) -> Iterator[rows.SampledCase]:
    """The cases that a viewer may know of, in the order of the sample."""
    replaced = aliased(Case)
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            in_words(Case.state, CASE_STATE_WORDS),
            in_words(Case.plan_status, viewer.terms.plan_statuses),
            in_words(Case.age_band, AGE_BAND_WORDS),
            func.coalesce(Area.name, ""),
            Case.stratum,
            Case.summary,
            _once_finished(Case.outcome),
            Case.withdrawn_reason,
            func.coalesce(replaced.reference, ""),
            _once_finished(Case.good_practice),
            Draw.strata_by,
        )
        .join(Round, CASE_IN_ROUND)
        .outerjoin(
            Draw, and_(Draw.partnership_id == Case.partnership_id, Draw.round_id == Case.round_id, Draw.is_current)
        )
        .outerjoin(Area, and_(Area.partnership_id == Case.partnership_id, Area.id == Case.area_id))
        .outerjoin(replaced, and_(replaced.partnership_id == Case.partnership_id, replaced.id == Case.replaces_id))
        .where(*of, sees(viewer, Thing.CASE))
        .order_by(Round.id, Case.position)
    )
    return (_sampled(row, strata_by, viewer.terms) for *row, strata_by in stream(query))


def _once_finished(written: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """What a panel wrote of a case, once the case is finished: before, it is not final."""
    return case((Case.agreed_at.is_not(None), written), else_="")


def _sampled(row: Sequence[Any], strata_by: Sequence[str] | None, terms: Terms) -> rows.SampledCase:
    case = rows.SampledCase._make(row)
    return case._replace(stratum=kept_stratum_words(case.stratum, strata_by or (), terms))


def agency_returns(viewer: Viewer, of: Of) -> Iterator[rows.AgencyReturn]:
    """The returns that were handed over or closed, with what they say beside their ratings."""
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            Agency.name,
            in_words(AgencyReturn.state, RETURN_STATE_WORDS),
            AgencyReturn.reason,
            RoundLevel.words,
            RoundLevel.rank,
            *_said_over_all(),
            func.coalesce(Person.name, ""),
            AgencyReturn.submitted_at,
            AgencyReturn.on_behalf_of,
            in_words(AgencyReturn.should_have_known, SHOULD_HAVE_KNOWN_WORDS),
            case((AgencyReturn.state.in_(HANDED_OVER), AgencyReturn.own_part_words), else_=""),
            case((AgencyReturn.state.in_(HANDED_OVER), AgencyReturn.minutes_spent)),
        )
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, CASE_IN_ROUND)
        .join(Agency, and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id))
        .outerjoin(
            RoundLevel, and_(RoundLevel.id == AgencyReturn.overall_level_id, AgencyReturn.state.in_(HANDED_OVER))
        )
        .outerjoin(Person, Person.id == AgencyReturn.submitted_by_id)
        .where(
            *of,
            AgencyReturn.round_id == Round.id,
            AgencyReturn.state.not_in(OPEN_STATES),
            _said_to(viewer, of, AgencyReturn),
        )
        .order_by(Round.id, Case.position, Agency.name)
    )
    return map(rows.AgencyReturn._make, stream(query))


def _said_over_all() -> Sequence[ColumnElement[str]]:
    """What agencies said over their returns, where they handed them over. What was not stays their own."""
    texts = (
        AgencyReturn.overall_reason,
        AgencyReturn.worked_well,
        AgencyReturn.to_improve,
        AgencyReturn.learning,
        AgencyReturn.proposed_actions,
    )
    return [case((AgencyReturn.state.in_(HANDED_OVER), text), else_="") for text in texts]


def about_children(viewer: Viewer, of: Of) -> Iterator[rows.AboutChild]:
    """What the returns that were handed over record about the children."""
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            Agency.name,
            RoundAttribute.code,
            RoundAttribute.title,
            RoundAttributeOption.words,
        )
        .select_from(AgencyReturn)
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, CASE_IN_ROUND)
        .join(Agency, and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id))
        .join(AttributeAnswer, AttributeAnswer.return_id == AgencyReturn.id)
        .join(RoundAttribute, RoundAttribute.id == AttributeAnswer.attribute_id)
        .join(AttributeChoice, AttributeChoice.answer_id == AttributeAnswer.id)
        .join(RoundAttributeOption, RoundAttributeOption.id == AttributeChoice.option_id)
        .where(
            *of,
            AgencyReturn.round_id == Round.id,
            AgencyReturn.state.in_(HANDED_OVER),
            _said_to(viewer, of, AgencyReturn),
        )
        .order_by(Round.id, Case.position, RoundAttribute.position, Agency.name, RoundAttributeOption.position)
    )
    return map(rows.AboutChild._make, stream(query))


def chronology(viewer: Viewer, of: Of) -> Iterator[rows.ChronologyEvent]:
    """The events in the returns that were handed over, those of a case on one time line."""
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            ChronologyEvent.happened_on,
            Agency.name,
            ChronologyEvent.event,
            ChronologyEvent.impact,
            ChronologyEvent.response,
        )
        .select_from(AgencyReturn)
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, CASE_IN_ROUND)
        .join(Agency, and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id))
        .join(ChronologyEvent, ChronologyEvent.return_id == AgencyReturn.id)
        .where(*of, *_handed_over(viewer, of, ChronologyEvent))
        .order_by(Round.id, Case.position, ChronologyEvent.happened_on, Agency.name, ChronologyEvent.id)
    )
    return map(rows.ChronologyEvent._make, stream(query))


def voices(viewer: Viewer, of: Of) -> Iterator[rows.Voice]:
    """What was said in the returns that were handed over, by those who let it go beyond the audit."""
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            Agency.name,
            in_words(Voice.whose, VOICE_OF_WORDS),
            in_words(Voice.words_kind, WORDS_KIND_WORDS),
            Voice.said_on,
            Voice.words,
            in_words(Voice.words_use, WORDS_USE_WORDS),
        )
        .select_from(AgencyReturn)
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, CASE_IN_ROUND)
        .join(Agency, and_(Agency.partnership_id == AgencyReturn.partnership_id, Agency.id == AgencyReturn.agency_id))
        .join(Voice, Voice.return_id == AgencyReturn.id)
        .where(*of, *_handed_over(viewer, of, Voice), Voice.words_use.in_(LEAVES_THE_AUDIT))
        .order_by(Round.id, Case.position, Agency.name, Voice.id)
    )
    return map(rows.Voice._make, stream(query))


def _handed_over(viewer: Viewer, of: Of, recorded: type[ChronologyEvent | Voice]) -> Of:
    """The conditions that what was recorded is of a return that was handed over and that a viewer may read.

    The returns are found first, and what was recorded by them: its index begins with both.
    """
    returns = (
        select(AgencyReturn.id)
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, CASE_IN_ROUND)
        .where(
            *of,
            AgencyReturn.round_id == Round.id,
            AgencyReturn.state.in_(HANDED_OVER),
            _said_to(viewer, of, AgencyReturn),
        )
        .correlate(None)
    )
    return (recorded.partnership_id == viewer.partnership_id, recorded.return_id.in_(returns))


def agency_ratings(viewer: Viewer, of: Of) -> Iterator[rows.AgencyRating]:
    """The ratings that agencies have submitted, with their evidence."""
    query = (
        select(
            ROUND_NAME,
            Case.reference,
            Agency.name,
            RoundIndicator.code,
            RoundIndicator.title,
            in_words(Rating.answer, ANSWER_KIND_WORDS),
            level_of(Rating.answer),
            RoundLevel.rank,
            Rating.evidence,
            Rating.where_on_file,
            in_words(Rating.tag, TAG_WORDS),
            Rating.reason,
            func.coalesce(Person.name, ""),
            Rating.answered_at,
        )
        .join(
            AgencyReturn,
            and_(AgencyReturn.partnership_id == Rating.partnership_id, AgencyReturn.id == Rating.return_id),
        )
        .join(Case, and_(Case.partnership_id == AgencyReturn.partnership_id, Case.id == AgencyReturn.case_id))
        .join(Round, CASE_IN_ROUND)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(Agency, and_(Agency.partnership_id == Rating.partnership_id, Agency.id == Rating.agency_id))
        .outerjoin(RoundLevel, RoundLevel.id == Rating.level_id)
        .outerjoin(Person, Person.id == Rating.answered_by_id)
        .where(
            *of,
            Rating.round_id == Round.id,
            Rating.is_submitted,
            Rating.answer.is_not(None),
            _said_to(viewer, of, Rating),
        )
        .order_by(Round.id, Case.position, RoundIndicator.position, Agency.name)
    )
    return map(rows.AgencyRating._make, stream(query))


def blind_cases(viewer: Viewer, of: Of) -> int:
    """How many cases a viewer audits or sits on that are not released yet: what others said of them is not shown."""
    query = select(func.count()).select_from(Case).join(Round, CASE_IN_ROUND)
    return db.session.scalar(query.where(*of, not_(seen_whole(viewer)))) or 0


def seen_whole(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Case` that a viewer sees all that was handed over on it."""
    return sees(viewer, Thing.OTHER_RETURN, handed_over=true())


def _said_to(viewer: Viewer, of: Of, said: type[AgencyReturn | Rating]) -> ColumnElement[bool]:
    """The condition that a viewer may read what an agency handed over: what their own agency said, or all of a case."""
    whole = Case.id.in_(cases_where(of, seen_whole(viewer)))
    agencies = viewer.agencies(Role.AUDITOR)
    return or_(whole, said.agency_id.in_(agencies)) if agencies else whole


def cases_where(of: Of, seen: ColumnElement[bool]) -> Select[int]:
    """The ids of the cases that are seen, found once for a whole worksheet and not again for each of its rows."""
    return select(Case.id).join(Round, CASE_IN_ROUND).where(*of, seen).correlate(None)


def level_of(
    answer: InstrumentedAttribute[Any], kinds: type[AnswerKind] | type[VoteKind] = AnswerKind
) -> ColumnElement[str | None]:
    """The level's words, or the shorthand of an answer that is no level."""
    return case(
        (answer == kinds.NOT_APPLICABLE, literal(rows.NOT_APPLICABLE)),
        (answer == kinds.NO_EVIDENCE, literal(rows.NO_EVIDENCE)),
        else_=RoundLevel.words,
    )
