"""A whole return, to be written into a workbook, laid beside one, or printed; and who stood in for its agency."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, true

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case, Identity
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.clock import LONDON
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators.models import AuditTemplateVersion
from audit_app.returns.models import (
    AgencyReturn,
    AttributeAnswer,
    ChronologyEvent,
    Discussion,
    Rating,
    StandIn,
    Voice,
)
from audit_app.returns.queries.attributes import attributes_asked, from_the_sample
from audit_app.returns.queries.one_return import ReturnShown, own_return, return_seen_when
from audit_app.returns.rules import HANDED_OVER, Answer, ReturnState, Standing, born_after
from audit_app.returns.rules.workbooks import (
    Event,
    Heading,
    KeptEvent,
    KnownKept,
    Origin,
    OverallKept,
    Paper,
    RatingAsked,
    StoodInTo,
    Submitted,
    child_lines,
    edition_of,
    known_lines,
    overall_lines,
)
from audit_app.rounds.models import Round
from audit_app.rounds.queries import frozen_template
from audit_app.rounds.rules import FrozenTemplate, RoundState, indicators_for


def offline_return(viewer: Viewer, reference: str, agency_id: int) -> ReturnShown:
    """A return that a viewer may take away and load: their own agency's, or as a coordinator without a part in the case
    that of an agency which does not sign in.

    Raises:
        NotHere: there is none for this viewer.
    """
    if agency_id in viewer.agencies(Role.AUDITOR):
        return own_return(viewer, reference, agency_id)
    if not viewer.has(Role.COORDINATOR):
        raise NotHere
    return return_seen_when(viewer, reference, agency_id, _may_stand_in(viewer), is_readable=_may_stand_in(viewer))


def return_to_print(viewer: Viewer, reference: str, agency_id: int) -> ReturnShown:
    """A return that a viewer may print with its answers: their own agency's, or one that they may read.

    Raises:
        NotHere: there is none for this viewer.
    """
    if agency_id in viewer.agencies(Role.AUDITOR):
        return own_return(viewer, reference, agency_id)
    handed_over = AgencyReturn.state.in_(HANDED_OVER)
    allowed = and_(handed_over, sees(viewer, Thing.OTHER_RETURN, handed_over=handed_over))
    return return_seen_when(viewer, reference, agency_id, allowed, is_readable=true())


def _may_stand_in(viewer: Viewer) -> ColumnElement[bool]:
    """A coordinator who is not blind in the case: who audits it, or sits on its panel, never stands in."""
    return sees(viewer, Thing.OTHER_RETURN, handed_over=true())


def may_stand_in(viewer: Viewer, return_id: int) -> bool:
    """Whether a viewer is a coordinator who may fill in a return for its agency, if the agency did not begin it."""
    if not viewer.has(Role.COORDINATOR):
        return False
    query = (
        select(AgencyReturn.id)
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Round, Round.id == AgencyReturn.round_id)
        .where(
            AgencyReturn.partnership_id == viewer.partnership_id, AgencyReturn.id == return_id, _may_stand_in(viewer)
        )
    )
    return db.session.scalar(query) is not None


def has_agency_begun(partnership_id: int, return_id: int) -> bool:
    """Whether the agency itself saved anything in a return: all that no coordinator loaded on its behalf."""
    its_return = (AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
    of_return = (StandIn.partnership_id == partnership_id, StandIn.return_id == return_id)
    stood_in = select(StandIn.by_id).where(*of_return)
    words_version = select(StandIn.words_version).where(*of_return).order_by(StandIn.id.desc()).limit(1)
    begun = or_(
        and_(
            or_(AgencyReturn.state != ReturnState.NOT_STARTED, AgencyReturn.asked_again_at.is_not(None)),
            ~exists().where(*of_return),
        ),
        and_(exists().where(*of_return), AgencyReturn.version != words_version.scalar_subquery()),
        *(
            and_(by.is_not(None), by.not_in(stood_in))
            for by in (AgencyReturn.known_by_id, AgencyReturn.file_confirmed_by_id)
        ),
        *(
            exists().where(
                table.partnership_id == partnership_id,
                table.return_id == return_id,
                by.is_not(None),
                by.not_in(stood_in),
            )
            for table, by in (
                (Rating, Rating.answered_by_id),
                (AttributeAnswer, AttributeAnswer.answered_by_id),
                (ChronologyEvent, ChronologyEvent.saved_by_id),
                (Voice, Voice.saved_by_id),
                (Discussion, Discussion.saved_by_id),
            )
        ),
    )
    return bool(db.session.scalar(select(literal(value=True)).select_from(AgencyReturn).where(*its_return, begun)))


@dataclass(frozen=True)
class StoodIn:
    """The last coordinator who loaded, and who submitted, a return on behalf of its agency. Either may be nobody."""

    loaded_by: str = ""
    loaded_at: datetime | None = None
    submitted_by: str = ""
    submitted_at: datetime | None = None
    loaders: frozenset[int | None] = frozenset()  # the ids of all who loaded


def stood_in(partnership_id: int, return_id: int) -> StoodIn:
    """Who stood in for the agency of a return."""
    query = select(StandIn).where(StandIn.partnership_id == partnership_id, StandIn.return_id == return_id)
    rows = db.session.scalars(query.order_by(StandIn.id)).all()
    last = {row.deed: row for row in rows}
    loaded, submitted = last.get(StoodInTo.LOAD), last.get(StoodInTo.SUBMIT)
    return StoodIn(
        loaded.by_name if loaded else "",
        loaded.at if loaded else None,
        submitted.by_name if submitted else "",
        submitted.at if submitted else None,
        frozenset(row.by_id for row in rows if row.deed is StoodInTo.LOAD),
    )


def paper_of(viewer: Viewer, return_id: int, *, today: date) -> Paper:
    """A return, whole, for a viewer who fills it in or reads it. About 18 queries, however much is asked.

    Raises:
        NotHere: the partnership has no such return.
    """
    partnership_id = viewer.partnership_id
    row = db.session.execute(_whole(partnership_id, return_id)).one_or_none()
    if row is None:
        raise NotHere
    found: AgencyReturn = row.AgencyReturn
    template = frozen_template(partnership_id, found.round_id)
    attributes = attributes_asked(partnership_id, found.round_id, return_id)
    sampled = from_the_sample(partnership_id, found.case_id, attributes) if attributes else {}
    codes = [indicator.code for indicator in template.indicators]
    edition = edition_of(template.as_read, codes, [one.attribute for one in attributes])
    paper = Paper(
        origin=Origin(row.slug, row.round_reference, row.case_reference, found.agency_id, edition),
        heading=_heading(row, viewer),
        standing=_standing(row),
        levels=template.as_read,
        lines=(),
        ratings=_ratings(row, template),
        attributes=tuple(attributes),
        events=_events(partnership_id, return_id),
        today=today,
        earliest=born_after(row.age_band, row.created_at.astimezone(LONDON).date()),
        submitted=_submitted(row),
        file_loaded_by=row.file_loaded_by or "",
        voices=row.voices,
    )
    takes_number = found.agency_id in viewer.agencies(Role.AUDITOR) and row.has_identity
    lines = (
        *known_lines(
            _known(found),
            coordinator=viewer.terms.said(Role.COORDINATOR),
            takes_number=takes_number,
            is_for_agency=bool(paper.heading.send_to or paper.file_loaded_by),
        ),
        *child_lines(attributes, sampled),
        *overall_lines(_overall(found, paper), tuple(paper.level_words.values())),
    )
    return replace(paper, lines=lines)


def _whole(partnership_id: int, return_id: int) -> Any:
    return (
        select(
            AgencyReturn,
            Case.reference.label("case_reference"),
            Case.state.label("case_state"),
            Case.released_at,
            Case.plan_status,
            Case.age_band,
            Case.created_at,
            exists()
            .where(Identity.partnership_id == AgencyReturn.partnership_id, Identity.case_id == AgencyReturn.case_id)
            .label("has_identity"),
            exists()
            .where(
                StandIn.partnership_id == AgencyReturn.partnership_id,
                StandIn.return_id == AgencyReturn.id,
                StandIn.deed == StoodInTo.SUBMIT,
                StandIn.at == AgencyReturn.submitted_at,
            )
            .label("is_for_agency"),
            select(func.max(StandIn.by_name))
            .where(
                StandIn.partnership_id == AgencyReturn.partnership_id,
                StandIn.return_id == AgencyReturn.id,
                StandIn.by_id == AgencyReturn.file_confirmed_by_id,
            )
            .scalar_subquery()
            .label("file_loaded_by"),
            select(func.count(Voice.id))
            .where(Voice.partnership_id == AgencyReturn.partnership_id, Voice.return_id == AgencyReturn.id)
            .scalar_subquery()
            .label("voices"),
            Person.name.label("submitted_by"),
            Round.reference.label("round_reference"),
            Round.title,
            Round.state.label("round_state"),
            Agency.name.label("agency"),
            Agency.kind,
            Partnership.slug,
            Partnership.name.label("partnership"),
            AuditTemplateVersion.title.label("template"),
            AuditTemplateVersion.version.label("template_version"),
        )
        .join(Case, Case.id == AgencyReturn.case_id)
        .join(Round, Round.id == AgencyReturn.round_id)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .join(Partnership, Partnership.id == AgencyReturn.partnership_id)
        .join(AuditTemplateVersion, AuditTemplateVersion.id == Round.template_version_id)
        .outerjoin(Person, Person.id == AgencyReturn.submitted_by_id)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.id == return_id)
        .execution_options(populate_existing=True)
    )


def _heading(row: Any, viewer: Viewer) -> Heading:
    found: AgencyReturn = row.AgencyReturn
    heading = Heading(
        row.partnership, row.title, row.agency, found.due_on, f"{row.template}, version {row.template_version}"
    )
    is_own = found.agency_id in viewer.agencies(Role.AUDITOR)
    if is_own or found.state in HANDED_OVER or not viewer.has(Role.COORDINATOR):
        return heading
    send_to = f"{viewer.name}, {viewer.terms.said(Role.COORDINATOR)} of {row.partnership}"
    return replace(heading, send_to=send_to, key_holder=viewer.terms.said(Role.KEY_HOLDER))


def _standing(row: Any) -> Standing:
    found: AgencyReturn = row.AgencyReturn
    return Standing(
        found.state,
        row.case_state,
        row.released_at is not None,
        is_round_withdrawn=row.round_state is RoundState.WITHDRAWN,
        is_file_confirmed=found.file_confirmed_at is not None,
    )


def _submitted(row: Any) -> Submitted | None:
    found: AgencyReturn = row.AgencyReturn
    if found.submitted_at is None:
        return None
    return Submitted(found.submitted_at, row.submitted_by or "", found.declaration, row.is_for_agency)


def _ratings(row: Any, template: FrozenTemplate) -> tuple[RatingAsked, ...]:
    """What is asked: the ratings that were made, or those that will be once the child is known."""
    found: AgencyReturn = row.AgencyReturn
    kept = {
        one.indicator_id: one
        for one in db.session.execute(
            select(
                Rating.indicator_id,
                Rating.version,
                Rating.answer,
                Rating.level_id,
                Rating.reason,
                Rating.evidence,
                Rating.where_on_file,
                Rating.tag,
            ).where(Rating.partnership_id == found.partnership_id, Rating.return_id == found.id)
        )
    }
    applying = indicators_for(template, row.kind, row.plan_status, row.age_band)
    asked = [one for one in template.indicators if one.id in kept] if kept else applying
    domains = {domain.id: domain.title for domain in template.domains}
    return tuple(
        RatingAsked(
            indicator_id=one.id,
            code=one.code,
            domain=domains[one.domain_id],
            title=one.title,
            question=one.question,
            look_for=one.look_for,
            is_narrative=one.is_narrative,
            guidance=one.guidance,
            answer=Answer(*kept[one.id][2:]) if one.id in kept else Answer(),
            version=kept[one.id].version if one.id in kept else 1,
        )
        for one in asked
    )


def _events(partnership_id: int, return_id: int) -> tuple[KeptEvent, ...]:
    rows = db.session.scalars(
        select(ChronologyEvent)
        .where(ChronologyEvent.partnership_id == partnership_id, ChronologyEvent.return_id == return_id)
        .order_by(ChronologyEvent.happened_on, ChronologyEvent.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        KeptEvent(row.id, Event(row.happened_on, row.event, row.impact, row.response), row.version) for row in rows
    )


def _known(found: AgencyReturn) -> KnownKept:
    return KnownKept(
        state=found.state,
        reason=found.reason,
        should_have_known=found.should_have_known,
        on_behalf_of=found.on_behalf_of,
        is_file_confirmed=found.file_confirmed_at is not None,
        own_part=found.own_part,
        own_part_words=found.own_part_words,
    )


def _overall(found: AgencyReturn, paper: Paper) -> OverallKept:
    return OverallKept(
        level=paper.level_words[found.overall_level_id] if found.overall_level_id else "",
        reason=found.overall_reason,
        worked_well=found.worked_well,
        to_improve=found.to_improve,
        learning=found.learning,
        proposed_actions=found.proposed_actions,
        minutes_spent=found.minutes_spent,
        version=found.version,
    )
