"""Reads for the draw: who may be drawn, what was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Mapped, aliased

from audit_app.accounts.models import Person
from audit_app.cases.models import Case, Identity
from audit_app.core.db import Owned, db
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.models import Draw, DrawnChild, DrawStratum, PopulationChild, PopulationImport
from audit_app.sampling.rules import Candidate, Dimension, Pool, SamplingFrame, Sex, Stratum, in_order

_COLUMNS = {
    Dimension.PLAN_STATUS: PopulationChild.plan_status,
    Dimension.AGE_BAND: PopulationChild.age_band,
    Dimension.AREA: PopulationChild.area,
}


@dataclass(frozen=True)
class DrawnRow:
    """A drawn child or a reserve as pages show it: never who it is."""

    position: int
    stratum: str
    plan_status: PlanStatus
    age_band: AgeBand
    area: str
    sex: Sex
    case_reference: str  # "" until the sample is confirmed, and of a reserve who took no one's place


@dataclass(frozen=True)
class SampleShown:
    """A draw with its strata and children."""

    id: int
    draw: Draw
    as_at: date | None
    file_sha256: str
    drawn_by: str
    strata: Sequence[DrawStratum]
    drawn: Sequence[DrawnRow]
    reserves: Sequence[DrawnRow]


@dataclass(frozen=True)
class DiscardedDraw:
    """A draw that was set aside: it stays on the page, so that nobody can try seeds unseen."""

    seed: str
    size: int
    drawn_at: datetime
    drawn_by: str
    discarded_at: datetime
    reason: str


def strata_there(
    partnership_id: int, round_id: int, frame: SamplingFrame, strata_by: tuple[Dimension, ...]
) -> Mapping[Stratum, int]:
    """How many children who may be drawn each stratum of the current population has, in the order of the strata."""
    columns = [_COLUMNS[by] for by in strata_by]
    query = (
        select(func.count(), *columns)
        .select_from(PopulationChild)
        .join(PopulationImport, _is_parent(PopulationImport, PopulationChild, PopulationChild.import_id))
        .where(_may_be_drawn(partnership_id, round_id, frame))
        .group_by(*columns)
    )
    if frame.is_without_earlier:
        query = query.where(PopulationChild.token.not_in(_earlier(partnership_id, round_id)))
    counts = {tuple(str(value) for value in values): count for count, *values in db.session.execute(query) if count}
    return {stratum: counts[stratum] for stratum in in_order(counts, strata_by)}


def candidates(partnership_id: int, round_id: int, frame: SamplingFrame) -> Sequence[tuple[int, Candidate]]:
    """The children of the current population who may be drawn, each with its row's id, those of earlier rounds too.

    Decrypts the council's numbers: for the draw alone.
    """
    query = (
        select(PopulationChild, Identity.number)
        .join(PopulationImport, _is_parent(PopulationImport, PopulationChild, PopulationChild.import_id))
        .join(
            Identity,
            and_(
                Identity.partnership_id == PopulationChild.partnership_id,
                Identity.round_id == PopulationImport.round_id,
                Identity.token == PopulationChild.token,
            ),
        )
        .where(_may_be_drawn(partnership_id, round_id, frame))
    )
    return [
        (child.id, Candidate(number, child.token, child.plan_status, child.age_band, child.area))
        for child, number in db.session.execute(query)
    ]


def earlier_tokens(partnership_id: int, round_id: int) -> frozenset[str]:
    """The tokens of the children who are or were cases of this partnership's other rounds."""
    return frozenset(db.session.scalars(_earlier(partnership_id, round_id)))


def current_sample(partnership_id: int, round_id: int) -> SampleShown | None:
    """The draw of a round that counts, or None. Always three queries."""
    row = db.session.execute(
        select(Draw, PopulationImport.as_at, PopulationImport.file_sha256, Person.name)
        .join(PopulationImport, _is_parent(PopulationImport, Draw, Draw.import_id))
        .outerjoin(Person, Person.id == Draw.drawn_by_id)
        .where(Draw.partnership_id == partnership_id, Draw.round_id == round_id, Draw.is_current)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return None
    draw, as_at, file_sha256, name = row
    strata = db.session.scalars(
        select(DrawStratum)
        .where(DrawStratum.partnership_id == partnership_id, DrawStratum.draw_id == draw.id)
        .order_by(DrawStratum.position)
    ).all()
    children = _children(partnership_id, draw.id)
    return SampleShown(
        draw.id,
        draw,
        as_at,
        file_sha256,
        name or "",
        strata,
        [row for is_reserve, row in children if not is_reserve],
        [row for is_reserve, row in children if is_reserve],
    )


def discarded_draws(partnership_id: int, round_id: int) -> Sequence[DiscardedDraw]:
    """The draws of a round that were set aside, the oldest first."""
    rows = db.session.execute(
        select(Draw, Person.name)
        .outerjoin(Person, Person.id == Draw.drawn_by_id)
        .where(Draw.partnership_id == partnership_id, Draw.round_id == round_id, Draw.discarded_at.is_not(None))
        .order_by(Draw.id)
    )
    return [
        DiscardedDraw(draw.seed, draw.size, draw.drawn_at, name or "", draw.discarded_at, draw.discarded_reason)
        for draw, name in rows
        if draw.discarded_at is not None
    ]


def draw_for_change(partnership_id: int, round_id: int) -> Draw | None:
    """The draw of a round that counts, locked for the deed that is under way."""
    query = select(Draw).where(Draw.partnership_id == partnership_id, Draw.round_id == round_id, Draw.is_current)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def children_of_draw(partnership_id: int, draw_id: int) -> Sequence[tuple[DrawnChild, PopulationChild]]:
    """The children of a draw in order, reserves last, each with its row of the population."""
    query = (
        select(DrawnChild, PopulationChild)
        .join(PopulationChild, _is_parent(PopulationChild, DrawnChild, DrawnChild.child_id))
        .where(DrawnChild.partnership_id == partnership_id, DrawnChild.draw_id == draw_id)
        .order_by(DrawnChild.position)
    )
    return [(drawn, child) for drawn, child in db.session.execute(query)]


def reserves_left(partnership_id: int, round_id: int, stratum: str) -> int:
    """How many reserves of a stratum of a round's sample have taken no one's place yet."""
    query = (
        select(func.count())
        .select_from(DrawnChild)
        .join(Draw, _is_parent(Draw, DrawnChild, DrawnChild.draw_id))
        .where(
            Draw.partnership_id == partnership_id,
            Draw.round_id == round_id,
            Draw.is_current,
            DrawnChild.is_reserve,
            DrawnChild.case_id.is_(None),
            DrawnChild.stratum == stratum,
        )
    )
    return db.session.scalar(query) or 0


def strata_by_of(partnership_id: int, round_id: int) -> Sequence[str]:
    """What the sample of a round that counts was divided by; nothing where there is none."""
    query = select(Draw.strata_by).where(
        Draw.partnership_id == partnership_id, Draw.round_id == round_id, Draw.is_current
    )
    return db.session.scalar(query) or ()


def _children(partnership_id: int, draw_id: int) -> list[tuple[bool, DrawnRow]]:
    query = (
        select(DrawnChild, PopulationChild, Case.reference)
        .join(PopulationChild, _is_parent(PopulationChild, DrawnChild, DrawnChild.child_id))
        .outerjoin(Case, _is_parent(Case, DrawnChild, DrawnChild.case_id))
        .where(DrawnChild.partnership_id == partnership_id, DrawnChild.draw_id == draw_id)
        .order_by(DrawnChild.position)
    )
    return [
        (
            drawn.is_reserve,
            DrawnRow(
                position=drawn.position,
                stratum=drawn.stratum,
                plan_status=child.plan_status,
                age_band=child.age_band,
                area=child.area,
                sex=child.sex,
                case_reference=reference or "",
            ),
        )
        for drawn, child, reference in db.session.execute(query)
    ]


def _may_be_drawn(partnership_id: int, round_id: int, frame: SamplingFrame) -> ColumnElement[bool]:
    """The condition on children joined to their import that the frame takes them."""
    conditions = [
        PopulationImport.partnership_id == partnership_id,
        PopulationImport.round_id == round_id,
        PopulationImport.is_current,
    ]
    if frame.pool is Pool.NEGLECT:
        conditions.append(PopulationChild.is_neglect)
    elif frame.pool is Pool.POSSIBLE:
        conditions.append(or_(PopulationChild.is_neglect, PopulationChild.is_possible))
    if not frame.is_with_ended:
        conditions.append(PopulationChild.is_open)
    return and_(*conditions)


def _earlier(partnership_id: int, round_id: int) -> Select[str]:
    child = aliased(PopulationChild)
    return (
        select(child.token)
        .join(DrawnChild, _is_parent(child, DrawnChild, DrawnChild.child_id))
        .join(Case, _is_parent(Case, DrawnChild, DrawnChild.case_id))
        .where(child.partnership_id == partnership_id, Case.round_id != round_id)
    )


def _is_parent(
    parent: type[Owned], child: type[Owned], column: Mapped[int] | Mapped[int | None]
) -> ColumnElement[bool]:
    """The condition that joins a row to its parent by the key (partnership_id, id)."""
    return and_(child.partnership_id == parent.partnership_id, column == parent.id)
