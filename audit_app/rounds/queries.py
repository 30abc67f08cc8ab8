"""Reading rounds: one by its reference, the list that a viewer sees, a plan, the frozen template."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select

from audit_app.accounts.models import Agency, Area, Body
from audit_app.accounts.rules import Viewer
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.indicators.models import AuditTemplateVersion, TemplateApplicability, TemplateIndicator
from audit_app.indicators.rules import AppliesBy, AuditTemplate
from audit_app.rounds.models import (
    Round,
    RoundAgency,
    RoundApplicability,
    RoundAttribute,
    RoundAttributeOption,
    RoundDomain,
    RoundGuidance,
    RoundIndicator,
    RoundKeyLine,
    RoundLevel,
)
from audit_app.rounds.rules import (
    ONLY_OF_OWN_AGENCY,
    FrozenAttribute,
    FrozenDomain,
    FrozenIndicator,
    FrozenLevel,
    FrozenOption,
    FrozenTemplate,
    Plan,
    Reach,
    RoundState,
    reach,
    states_seen_by,
)

ROUNDS_A_PAGE = 25
LEVEL = (
    RoundLevel.id,
    RoundLevel.code,
    RoundLevel.letter,
    RoundLevel.words,
    RoundLevel.rank,
    RoundLevel.band,
    RoundLevel.read_at,
)
"""What a `FrozenLevel` is made from."""

Condition = Callable[[], ColumnElement[bool]]
_RELEASED: list[Condition] = []


def has_released(condition: Condition) -> Condition:
    """Make a condition on `Round` known that a case of it was released. Cases lie above, and say so when loaded."""
    _RELEASED.append(condition)
    return condition


def round_by_reference(partnership_id: int, reference: str) -> Round:
    """A round of the partnership, whatever its state. For pages whose roles see every round: see `round_seen_by`.

    Raises:
        NotHere: the partnership has no such round.
    """
    return _found(Round.partnership_id == partnership_id, Round.reference == reference)


def round_seen_by(viewer: Viewer, reference: str) -> Round:
    """A round that this viewer may see.

    Raises:
        NotHere: there is no such round, or not yet for this viewer.
    """
    return _found(seen_by(viewer), Round.reference == reference)


def _found(*which: ColumnElement[bool]) -> Round:
    found = db.session.scalar(select(Round).where(*which))
    if found is None:
        raise NotHere
    return found


def round_for_change(partnership_id: int, round_id: int) -> Round:
    """A round, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such round.
    """
    return row_for_change(select(Round).where(Round.partnership_id == partnership_id, Round.id == round_id))


def is_reference_taken(partnership_id: int, reference: str) -> bool:
    """Whether a round of the partnership has this reference."""
    taken = select(Round.id).where(Round.partnership_id == partnership_id, Round.reference == reference)
    return db.session.scalar(taken) is not None


def references(partnership_id: int) -> Collection[str]:
    """The references that are taken."""
    return set(db.session.scalars(select(Round.reference).where(Round.partnership_id == partnership_id)))


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer sees a round: by its state and their roles, and by their agency for some roles."""
    widely = states_seen_by(viewer.roles - ONLY_OF_OWN_AGENCY)
    with_agency = states_seen_by(viewer.roles & ONLY_OF_OWN_AGENCY)
    takes_part = exists().where(
        RoundAgency.partnership_id == viewer.partnership_id,
        RoundAgency.round_id == Round.id,
        RoundAgency.agency_id.in_(sorted(viewer.agencies(*ONLY_OF_OWN_AGENCY))),
    )
    return and_(
        Round.partnership_id == viewer.partnership_id,
        or_(Round.state.in_(sorted(widely)), and_(Round.state.in_(sorted(with_agency)), takes_part)),
    )


@dataclass(frozen=True)
class RoundLine:
    """A round as a list shows it."""

    reference: str
    title: str
    state: RoundState
    theme: str
    agencies: int
    returns_due_on: date | None
    panel_on: date | None
    report_due_on: date | None


@dataclass(frozen=True)
class RoundLines:
    """One page of a list of rounds, and how many pages there are."""

    lines: Sequence[RoundLine]
    pages: int


def rounds_seen_by(viewer: Viewer, *, page: int = 1) -> RoundLines:
    """The rounds that a viewer sees, newest first, a page at a time."""
    count = db.session.scalar(select(func.count()).select_from(Round).where(seen_by(viewer))) or 0
    takes_part = (RoundAgency.partnership_id == viewer.partnership_id, RoundAgency.round_id == Round.id)
    agencies = select(func.count()).where(*takes_part).correlate(Round).scalar_subquery()
    rows = db.session.execute(
        select(
            Round.reference,
            Round.title,
            Round.state,
            Round.theme,
            agencies,
            Round.returns_due_on,
            Round.panel_on,
            Round.report_due_on,
        )
        .where(seen_by(viewer))
        .order_by(Round.id.desc())
        .limit(ROUNDS_A_PAGE)
        .offset((page - 1) * ROUNDS_A_PAGE)
    )
    return RoundLines([RoundLine(*row) for row in rows], pages=-(-count // ROUNDS_A_PAGE))


@dataclass(frozen=True)
class AskedIn:
    """A round that asks an indicator, with the title it has there."""

    reference: str
    title: str
    state: RoundState
    indicator_title: str


def rounds_asking(viewer: Viewer, code: str) -> Sequence[AskedIn]:
    """The rounds that a viewer sees and that ask the indicator of this code, newest first."""
    rows = db.session.execute(
        select(Round.reference, Round.title, Round.state, RoundIndicator.title)
        .join(
            RoundIndicator,
            and_(RoundIndicator.partnership_id == Round.partnership_id, RoundIndicator.round_id == Round.id),
        )
        .where(seen_by(viewer), RoundIndicator.partnership_id == viewer.partnership_id, RoundIndicator.code == code)
        .order_by(Round.id.desc())
    )
    return [AskedIn(*row) for row in rows]


def plan_of(partnership_id: int, round_id: int) -> Plan:
    """A round's plan with the words of what was chosen. Always three queries.

    Raises:
        NotHere: the partnership has no such round.
    """
    row = db.session.execute(
        select(
            Round,
            Body.name.label("body"),
            Area.name.label("area"),
            AuditTemplateVersion.title.label("template"),
            AuditTemplateVersion.version.label("template_number"),
            _agencies_needed().label("agencies_needed"),
            or_(false(), *(condition() for condition in _RELEASED)).label("is_any_released"),
        )
        .outerjoin(Body, and_(Body.partnership_id == Round.partnership_id, Body.id == Round.body_id))
        .outerjoin(Area, and_(Area.partnership_id == Round.partnership_id, Area.id == Round.area_id))
        .outerjoin(AuditTemplateVersion, AuditTemplateVersion.id == Round.template_version_id)
        .where(Round.partnership_id == partnership_id, Round.id == round_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotHere
    found: Round = row.Round
    as_kept = {field.name: getattr(found, field.name) for field in fields(Plan) if hasattr(Round, field.name)}
    return Plan(
        **as_kept,
        body=row.body or "",
        area=row.area or "",
        key_lines=tuple(key_lines(partnership_id, round_id)),
        agencies=tuple((agency.id, agency.name) for agency in participating_agencies(partnership_id, round_id)),
        agencies_needed=row.agencies_needed,
        template=f"{row.template}, version {row.template_number}" if row.template else "",
        is_any_released=bool(row.is_any_released),
    )


def _agencies_needed() -> ColumnElement[int]:
    """One for a template whose questions are all for one kind of agency, else two."""
    asked, limit = TemplateIndicator, TemplateApplicability
    of_template = asked.version_id == Round.template_version_id
    by_kind = (limit.template_indicator_id == asked.id, limit.applies_by == AppliesBy.AGENCY_KIND)
    for_anyone = select(asked.id).where(of_template, ~exists().where(*by_kind)).correlate(Round).exists()
    kinds = select(func.count(limit.value.distinct())).join(asked, and_(*by_kind)).where(of_template).correlate(Round)
    return case((and_(~for_anyone, kinds.scalar_subquery() == 1), 1), else_=2)


def key_lines(partnership_id: int, round_id: int) -> Sequence[str]:
    """The key lines of enquiry, in order."""
    return db.session.scalars(
        select(RoundKeyLine.words)
        .where(RoundKeyLine.partnership_id == partnership_id, RoundKeyLine.round_id == round_id)
        .order_by(RoundKeyLine.position)
    ).all()


def participating_agencies(partnership_id: int, round_id: int) -> Sequence[Agency]:
    """The agencies that take part in a round, by name."""
    return db.session.scalars(
        select(Agency)
        .join(
            RoundAgency, and_(RoundAgency.partnership_id == Agency.partnership_id, RoundAgency.agency_id == Agency.id)
        )
        .where(RoundAgency.partnership_id == partnership_id, RoundAgency.round_id == round_id)
        .order_by(Agency.name)
    ).all()


def reach_of(partnership_id: int, round_id: int, template: AuditTemplate) -> Reach:
    """Where a template and the agencies that take part in a round do not meet."""
    return reach(template, {it.name: it.kind for it in participating_agencies(partnership_id, round_id)})


def frozen_template(partnership_id: int, round_id: int) -> FrozenTemplate:
    """All that a round was opened with: levels, domains, indicators, guidance, limits. Always five queries.

    A round that is still being planned has an empty one.
    """
    levels = db.session.execute(
        select(*LEVEL)
        .where(RoundLevel.partnership_id == partnership_id, RoundLevel.round_id == round_id)
        .order_by(RoundLevel.rank)
    )
    domains = db.session.execute(
        select(RoundDomain.id, RoundDomain.position, RoundDomain.title)
        .where(RoundDomain.partnership_id == partnership_id, RoundDomain.round_id == round_id)
        .order_by(RoundDomain.position)
    )
    asked = _frozen_indicators(partnership_id, round_id)
    return FrozenTemplate(
        levels=tuple(FrozenLevel(*row) for row in levels),
        domains=tuple(FrozenDomain(*row, indicators=tuple(asked[row.id])) for row in domains),
    )


def frozen_attributes(partnership_id: int, round_id: int) -> Sequence[FrozenAttribute]:
    """The case attributes that a round records, with their options, in order. Two queries at most."""
    attribute, option = RoundAttribute, RoundAttributeOption
    rows = db.session.execute(
        select(attribute.id, attribute.code, attribute.title, attribute.question, attribute.help, attribute.is_many)
        .where(attribute.partnership_id == partnership_id, attribute.round_id == round_id)
        .order_by(attribute.position)
    ).all()
    options: dict[int, list[FrozenOption]] = defaultdict(list)
    if rows:
        query = select(option.attribute_id, option.id, option.code, option.words, option.part).where(
            option.partnership_id == partnership_id, option.attribute_id.in_([row.id for row in rows])
        )
        for row in db.session.execute(query.order_by(option.position)):
            options[row.attribute_id].append(FrozenOption(row.id, row.code, row.words, row.part))
    return [FrozenAttribute(*row, options=tuple(options[row.id])) for row in rows]


def _frozen_indicators(partnership_id: int, round_id: int) -> Mapping[int, list[FrozenIndicator]]:
    """The indicators of a round by their domain's id, in order."""
    of_round = (RoundIndicator.partnership_id == partnership_id, RoundIndicator.round_id == round_id)
    guidance: dict[int, dict[int, str]] = defaultdict(dict)
    for indicator_id, level_id, words in db.session.execute(
        select(RoundGuidance.indicator_id, RoundGuidance.level_id, RoundGuidance.words)
        .join(RoundIndicator, RoundIndicator.id == RoundGuidance.indicator_id)
        .where(*of_round)
    ):
        guidance[indicator_id][level_id] = words
    limits: dict[int, dict[AppliesBy, set[str]]] = defaultdict(lambda: defaultdict(set))
    for indicator_id, by, value in db.session.execute(
        select(RoundApplicability.indicator_id, RoundApplicability.applies_by, RoundApplicability.value)
        .join(RoundIndicator, RoundIndicator.id == RoundApplicability.indicator_id)
        .where(*of_round)
    ):
        limits[indicator_id][by].add(value)
    row = RoundIndicator
    asked: dict[int, list[FrozenIndicator]] = defaultdict(list)
    for found in db.session.execute(
        select(
            row.id,
            row.domain_id,
            row.position,
            row.code,
            row.title,
            row.question,
            row.why,
            row.look_for,
            row.example,
            row.rated,
            row.is_panel,
            row.is_narrative,
        )
        .where(*of_round)
        .order_by(row.position)
    ):
        asked[found.domain_id].append(
            FrozenIndicator(
                **found._mapping,
                guidance=guidance.get(found.id, {}),
                limits={by: frozenset(values) for by, values in limits.get(found.id, {}).items()},
            )
        )
    return asked
