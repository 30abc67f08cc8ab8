"""Reads for moderation: who reads a round, all its cases side by side, and what was changed for consistency."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.panels.models import (
    AgreedRating,
    ModerationChange,
    ModerationReading,
    Panel,
    PanelCase,
    PanelConflict,
    PanelItem,
)
from audit_app.panels.rules import OVERALL, READS_ALONG, AgreedHow, ChangeState, Readers
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round, RoundIndicator
from audit_app.rounds.rules import FrozenIndicator, FrozenTemplate, RoundState

_ITS_ROUND = and_(Round.partnership_id == Case.partnership_id, Round.id == Case.round_id)
_HAS_CASES = exists().where(PanelCase.partnership_id == Panel.partnership_id, PanelCase.panel_id == Panel.id)


def moderates(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Round` that a viewer is one of its readers: chairs a panel of it, or is the one other."""
    chairs = exists().where(
        Panel.partnership_id == Round.partnership_id,
        Panel.round_id == Round.id,
        Panel.chair_id == viewer.id,
        _HAS_CASES,
    )
    held: list[ColumnElement[bool]] = []
    if viewer.has(Role.PANEL_CHAIR):
        held.append(chairs)
    if viewer.has(*READS_ALONG):
        held.append(Round.moderated_with_id == viewer.id)
    return or_(*held) if held else ~true()


def chairs_of_round(partnership_id: int, round_id: int) -> Mapping[int, str]:
    """The names of those who chair panels of a round that have cases, by their ids."""
    query = (
        select(Person.id, Person.name)
        .join(Panel, Panel.chair_id == Person.id)
        .where(
            Panel.partnership_id == partnership_id,
            Panel.round_id == round_id,
            _HAS_CASES,
        )
        .distinct()
        .order_by(Person.name)
    )
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class Said:
    """Somebody who said that moderation is done, and their note."""

    person_id: int
    name: str
    note: str
    at: datetime


@dataclass(frozen=True)
class ModeratedRound:
    """A round as those who moderate or check it see it."""

    id: int
    reference: str
    title: str
    state: RoundState
    is_moderated: bool
    accuracy_days: int
    other: str
    readers: Readers
    chairs: Mapping[int, str]
    said: Sequence[Said]
    is_reader: bool


def moderated_round(viewer: Viewer, reference: str) -> ModeratedRound:
    """A round to read side by side: for its readers, the coordinator and the scrutineer. Three queries.

    Raises:
        NotHere: there is none of that reference for this viewer.
    """
    is_reader = moderates(viewer)
    may_read = true() if viewer.has(Role.COORDINATOR, Role.SCRUTINEER) else is_reader
    row = db.session.execute(
        select(Round, Person.name, is_reader)
        .outerjoin(Person, Person.id == Round.moderated_with_id)
        .where(Round.partnership_id == viewer.partnership_id, Round.reference == reference, may_read)
    ).first()
    if row is None:
        raise NotHere
    found, other, reads = row
    chairs = chairs_of_round(viewer.partnership_id, found.id)
    return ModeratedRound(
        id=found.id,
        reference=found.reference,
        title=found.title,
        state=found.state,
        is_moderated=found.is_moderated,
        accuracy_days=found.accuracy_days,
        other=other or "",
        readers=Readers(frozenset(chairs), found.moderated_with_id),
        chairs=chairs,
        said=said_done(viewer.partnership_id, found.id),
        is_reader=bool(reads),
    )


def said_done(partnership_id: int, round_id: int) -> Sequence[Said]:
    """Who has said that the moderation of a round is done, in the order in which they did."""
    query = (
        select(Person.id, Person.name, ModerationReading.note, ModerationReading.said_at)
        .join(Person, Person.id == ModerationReading.person_id)
        .where(ModerationReading.partnership_id == partnership_id, ModerationReading.round_id == round_id)
        .order_by(ModerationReading.id)
    )
    return [Said(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class Cell:
    """What was agreed on one item of a case. `change_id`: a change of it that waits to be decided."""

    item_id: int
    case_id: int
    case_reference: str
    answer: AnswerKind | None
    level_id: int | None
    reason: str
    is_changed: bool  # for consistency
    change_id: int | None


@dataclass(frozen=True)
class Line:
    """One thing that was agreed across cases: an indicator and, for own work, an agency. Cells by the case's id."""

    indicator: FrozenIndicator
    agency: str
    cells: Mapping[int, Cell]


@dataclass(frozen=True)
class SideBySide:
    """All agreed cases of a round, as a grid. `cases` are pairs of id and reference."""

    cases: Sequence[tuple[int, str]]
    lines: Sequence[Line]


def side_by_side(
    partnership_id: int,
    round_id: int,
    template: FrozenTemplate,
    *,
    indicator: str = "",
    domain: int | None = None,
) -> SideBySide:
    """What was agreed on every finished case of a round: two queries, whatever its size.

    `indicator` (a code, or the code of the level over all) and `domain` (its position) leave only their lines.
    """
    cases = db.session.execute(
        select(Case.id, Case.reference)
        .where(Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state == CaseState.AGREED)
        .order_by(Case.position)
    )
    asked = {one.id: one for one in (*_asked_in(template, domain), *(() if domain else (OVERALL,)))}
    asked = {key: one for key, one in asked.items() if indicator in {"", one.code}}
    cells: dict[tuple[int, str], dict[int, Cell]] = defaultdict(dict)
    for row in db.session.execute(_cells(partnership_id, round_id)):
        *cell, indicator_id, agency = row
        if (indicator_id or OVERALL.id) in asked:
            made = Cell(*cell)
            cells[indicator_id or OVERALL.id, agency or ""][made.case_id] = made
    lines = [Line(asked[which], agency, its) for (which, agency), its in cells.items()]
    lines.sort(key=lambda line: (line.indicator.position, line.agency))
    return SideBySide([(row.id, row.reference) for row in cases], lines)


def _asked_in(template: FrozenTemplate, domain: int | None) -> Sequence[FrozenIndicator]:
    return [one for its in template.domains if domain in {None, its.position} for one in its.indicators]


def _cells(partnership_id: int, round_id: int) -> Select[*tuple[Any, ...]]:
    waiting = and_(
        ModerationChange.partnership_id == PanelItem.partnership_id,
        ModerationChange.item_id == PanelItem.id,
        ModerationChange.state == ChangeState.PROPOSED,
    )
    current = and_(
        AgreedRating.partnership_id == PanelItem.partnership_id,
        AgreedRating.item_id == PanelItem.id,
        AgreedRating.is_current,
    )
    return (
        select(
            PanelItem.id,
            Case.id.label("case_id"),
            Case.reference,
            AgreedRating.answer,
            AgreedRating.level_id,
            func.coalesce(AgreedRating.reason, ""),
            func.coalesce(AgreedRating.how == AgreedHow.MODERATED, False),
            ModerationChange.id.label("change_id"),
            PanelItem.indicator_id,
            Agency.name,
        )
        .select_from(Case)
        .join(PanelItem, and_(PanelItem.partnership_id == Case.partnership_id, PanelItem.case_id == Case.id))
        .outerjoin(AgreedRating, current)
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .outerjoin(ModerationChange, waiting)
        .where(Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state == CaseState.AGREED)
    )


@dataclass(frozen=True)
class ChangeRow:
    """A change that was proposed for consistency, with who proposed and decided it."""

    id: int
    item_id: int
    case_id: int
    case_reference: str
    indicator: str
    answer: AnswerKind
    level_id: int | None
    reason: str
    because: str
    state: ChangeState
    proposed_at: datetime
    proposed_by_id: int
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    decided_words: str


def changes_of_round(
    partnership_id: int, round_id: int, *, item_id: int | None = None, change_id: int | None = None
) -> Sequence[ChangeRow]:
    """The changes proposed for consistency in a round, newest first; of one item, or one alone, where it is named."""
    decider = aliased(Person)
    query = (
        select(ModerationChange, Case.reference, RoundIndicator, Agency.name, Person.name, decider.name)
        .join(Case, and_(Case.partnership_id == ModerationChange.partnership_id, Case.id == ModerationChange.case_id))
        .join(
            PanelItem,
            and_(PanelItem.partnership_id == ModerationChange.partnership_id, PanelItem.id == ModerationChange.item_id),
        )
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .join(Person, Person.id == ModerationChange.proposed_by_id)
        .outerjoin(decider, decider.id == ModerationChange.decided_by_id)
        .where(ModerationChange.partnership_id == partnership_id, ModerationChange.round_id == round_id)
        .order_by(ModerationChange.id.desc())
        .execution_options(populate_existing=True)
    )
    if item_id is not None:
        query = query.where(ModerationChange.item_id == item_id)
    if change_id is not None:
        query = query.where(ModerationChange.id == change_id)
    return [
        ChangeRow(
            id=row.id,
            item_id=row.item_id,
            case_id=row.case_id,
            case_reference=reference,
            indicator=item_named(indicator, agency),
            answer=row.answer,
            level_id=row.level_id,
            reason=row.reason,
            because=row.because,
            state=row.state,
            proposed_at=row.proposed_at,
            proposed_by_id=row.proposed_by_id,
            proposed_by=proposer,
            decided_at=row.decided_at,
            decided_by=decided_by or "",
            decided_words=row.decided_words,
        )
        for row, reference, indicator, agency, proposer, decided_by in db.session.execute(query)
    ]


def item_named(indicator: RoundIndicator | None, agency: str | None) -> str:
    """How pages call an item: its code and title and, for own work, the agency."""
    named = indicator.history_name if indicator is not None else f"{OVERALL.code} {OVERALL.title}"
    return f"{named}, {agency}" if agency else named


def reference_of_round(partnership_id: int, case_reference: str) -> tuple[str, int]:
    """The reference of the round of a case, and the case's id, for pages that lie below a case.

    Raises:
        NotHere: there is no case of that reference in the partnership.
    """
    query = (
        select(Round.reference, Case.id)
        .join(Case, _ITS_ROUND)
        .where(Case.partnership_id == partnership_id, Case.reference == case_reference)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotHere
    return row.reference, row.id


def change_for_change(partnership_id: int, change_id: int) -> ModerationChange:
    """A proposed change, locked for the deed that is under way.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    return row_for_change(
        select(ModerationChange).where(
            ModerationChange.partnership_id == partnership_id, ModerationChange.id == change_id
        )
    )


def changes_waiting(partnership_id: int, round_id: int) -> int:
    """How many changes of a round are proposed and not decided."""
    query = select(func.count()).where(
        ModerationChange.partnership_id == partnership_id,
        ModerationChange.round_id == round_id,
        ModerationChange.state == ChangeState.PROPOSED,
    )
    return db.session.scalar(query) or 0


def has_interest(partnership_id: int, case_id: int, person_id: int) -> bool:
    """Whether somebody is marked as having an interest in a case, so that they leave it to others."""
    query = select(PanelConflict.id).where(
        PanelConflict.partnership_id == partnership_id,
        PanelConflict.case_id == case_id,
        PanelConflict.person_id == person_id,
    )
    return db.session.scalar(query) is not None
