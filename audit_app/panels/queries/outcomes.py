"""Reads of the outcome of a case: what its panel learned and celebrates, and says to the agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import names_sought_on_case, sees
from audit_app.cases.rules import CaseState, Thing, names_in
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.panels.models import AgreedRating, OutcomeForAgency, Panel, PanelCase, PanelItem, PanelMember
from audit_app.panels.rules import AgreedCount, ItemKind, ItemState, OutcomePart, ToAgency, is_note_taker
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState


@dataclass(frozen=True)
class AgreedOverAll:
    """The level that a panel agreed over all of a case, with its reason."""

    answer: AnswerKind
    level_id: int | None
    reason: str


@dataclass(frozen=True)
class OutcomeShown:
    """The outcome of a case, for those who run, check or sit on its panel.

    `has_overall`: there is a level over all to agree. It is agreed like any other, and never computed: `counts` of what
    was agreed on the indicators only stand beside it.
    """

    id: int
    reference: str
    state: CaseState
    agreed_at: datetime | None
    round_id: int
    round_reference: str
    round_title: str
    round_state: RoundState
    panel_id: int
    held_on: date
    chair_id: int
    is_note_taker: bool
    part: OutcomePart
    to_agencies: Sequence[ToAgency]
    has_overall: bool
    overall: AgreedOverAll | None
    counts: Sequence[AgreedCount]

    @property
    def by_level(self) -> Mapping[int, int]:
        """How many indicators were agreed at each level, by its id."""
        return {one.level_id: one.count for one in self.counts if one.level_id is not None}

    @property
    def without_level(self) -> Mapping[AnswerKind, int]:
        """How many indicators were agreed with an answer that is no level."""
        return {one.answer: one.count for one in self.counts if one.level_id is None}

    @property
    def learned(self) -> str:
        return self.part.words[0]

    @property
    def good_practice(self) -> str:
        return self.part.words[1]


def outcome_shown(viewer: Viewer, reference: str) -> OutcomeShown:
    """The outcome of a released case as far as it is written and agreed. Four queries.

    Raises:
        NotHere: there is none of that reference that this viewer may read.
    """
    query: Select[*tuple[Any, ...]] = (
        select(
            Case.id,
            Case.reference,
            Case.state,
            Case.agreed_at,
            Case.round_id,
            Round.reference.label("round_reference"),
            Round.title,
            Round.state.label("round_state"),
            Panel.id.label("panel_id"),
            Panel.held_on,
            Panel.chair_id,
            PanelMember.id.label("seat_id"),
            PanelMember.agency_id.label("seat_agency_id"),
            Case.outcome,
            Case.good_practice,
            Case.outcome_version,
        )
        .join(Round, and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id))
        .join(PanelCase, and_(PanelCase.partnership_id == Case.partnership_id, PanelCase.case_id == Case.id))
        .join(Panel, Panel.id == PanelCase.panel_id)
        .outerjoin(PanelMember, and_(PanelMember.panel_id == Panel.id, PanelMember.person_id == viewer.id))
        .where(
            Case.partnership_id == viewer.partnership_id,
            Case.reference == reference,
            sees(viewer, Thing.PANEL_FEEDBACK),
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotHere
    is_open, overall = _overall(viewer.partnership_id, row.id)
    return OutcomeShown(
        id=row.id,
        reference=row.reference,
        state=row.state,
        agreed_at=row.agreed_at,
        round_id=row.round_id,
        round_reference=row.round_reference,
        round_title=row.title,
        round_state=row.round_state,
        panel_id=row.panel_id,
        held_on=row.held_on,
        chair_id=row.chair_id,
        is_note_taker=is_note_taker(viewer, is_seated=row.seat_id is not None, agency_id=row.seat_agency_id),
        part=OutcomePart(None, (row.outcome, row.good_practice), row.outcome_version),
        to_agencies=_to_agencies(viewer.partnership_id, row.id),
        has_overall=is_open,
        overall=overall,
        counts=_counts(viewer.partnership_id, row.id),
    )


def _to_agencies(partnership_id: int, case_id: int) -> Sequence[ToAgency]:
    """What is said to each agency with a return on a case, by the agency's name."""
    query: Select[*tuple[Any, ...]] = (
        select(Agency.id, Agency.name, OutcomeForAgency, Person.name)
        .select_from(AgencyReturn)
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .outerjoin(
            OutcomeForAgency,
            and_(
                OutcomeForAgency.partnership_id == AgencyReturn.partnership_id,
                OutcomeForAgency.case_id == AgencyReturn.case_id,
                OutcomeForAgency.agency_id == AgencyReturn.agency_id,
            ),
        )
        .outerjoin(Person, Person.id == OutcomeForAgency.answered_by_id)
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.case_id == case_id)
        .order_by(Agency.name)
        .execution_options(populate_existing=True)
    )
    return [
        ToAgency(agency_id, agency, OutcomePart(agency_id))
        if said is None
        else ToAgency(agency_id, agency, part_of(said), said.answer, said.answered_at, answered_by or "")
        for agency_id, agency, said, answered_by in db.session.execute(query)
    ]


def part_of(said: OutcomeForAgency) -> OutcomePart:
    """What a row says to its agency."""
    return OutcomePart(said.agency_id, (said.feedback, said.question), said.version)


def _overall(partnership_id: int, case_id: int) -> tuple[bool, AgreedOverAll | None]:
    """Whether there is a level over all of a case to agree, and the one that stands."""
    query: Select[*tuple[Any, ...]] = (
        select(AgreedRating.answer, AgreedRating.level_id, AgreedRating.reason)
        .select_from(PanelItem)
        .outerjoin(AgreedRating, _STANDS)
        .where(
            PanelItem.partnership_id == partnership_id,
            PanelItem.case_id == case_id,
            PanelItem.kind == ItemKind.OVERALL,
        )
    )
    row = db.session.execute(query).one_or_none()
    return row is not None, AgreedOverAll(*row) if row and row.answer is not None else None


_STANDS = and_(
    AgreedRating.partnership_id == PanelItem.partnership_id,
    AgreedRating.item_id == PanelItem.id,
    AgreedRating.is_current,
    PanelItem.state == ItemState.AGREED,
)


def _counts(partnership_id: int, case_id: int) -> Sequence[AgreedCount]:
    """How many indicators of a case were agreed at each level, or with an answer that is none."""
    query = (
        select(AgreedRating.answer, AgreedRating.level_id, func.count())
        .select_from(PanelItem)
        .join(AgreedRating, _STANDS)
        .where(
            PanelItem.partnership_id == partnership_id,
            PanelItem.case_id == case_id,
            PanelItem.kind == ItemKind.INDICATOR,
        )
        .group_by(AgreedRating.answer, AgreedRating.level_id)
    )
    return [AgreedCount(*row) for row in db.session.execute(query)]


def takes_notes(viewer: Viewer, case_id: int) -> bool:
    """Whether a viewer takes the notes of the panel of a case."""
    query = (
        select(PanelMember.agency_id)
        .select_from(PanelCase)
        .join(PanelMember, PanelMember.panel_id == PanelCase.panel_id)
        .where(
            PanelCase.partnership_id == viewer.partnership_id,
            PanelCase.case_id == case_id,
            PanelMember.partnership_id == viewer.partnership_id,
            PanelMember.person_id == viewer.id,
        )
    )
    row = db.session.execute(query).one_or_none()
    return row is not None and is_note_taker(viewer, is_seated=True, agency_id=row.agency_id)


def said_to_agencies_for_change(partnership_id: int, case_id: int) -> Mapping[int, OutcomeForAgency | None]:
    """What is said to each agency with a return on a case that is locked, by the agency's id; None where nothing is."""
    query = (
        select(AgencyReturn.agency_id, OutcomeForAgency)
        .outerjoin(
            OutcomeForAgency,
            and_(
                OutcomeForAgency.partnership_id == AgencyReturn.partnership_id,
                OutcomeForAgency.case_id == AgencyReturn.case_id,
                OutcomeForAgency.agency_id == AgencyReturn.agency_id,
            ),
        )
        .where(AgencyReturn.partnership_id == partnership_id, AgencyReturn.case_id == case_id)
        .execution_options(populate_existing=True)
    )
    return dict(db.session.execute(query).all())


def parts_with_names(partnership_id: int, case_id: int, parts: Sequence[OutcomePart]) -> Sequence[OutcomePart]:
    """The parts of an outcome in which something may say who the child is. Which words, their writers are not told: no
    sheet was released to them. Nothing where the identity was destroyed."""
    sought = names_sought_on_case(partnership_id, case_id)
    return [] if sought is None else [part for part in parts if names_in("\n\n".join(part.words), sought)]


def places_of_names(partnership_id: int, shown: OutcomeShown) -> Sequence[str]:
    """Where in an outcome something may say who the child is, in words."""
    names = {one.agency_id: f"what you say to {one.agency}" for one in shown.to_agencies}
    parts = [shown.part, *(one.part for one in shown.to_agencies)]
    found = parts_with_names(partnership_id, shown.id, parts)
    return [names.get(part.key, "what the panel learned and celebrates") for part in found]
