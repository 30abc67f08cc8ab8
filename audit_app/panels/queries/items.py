"""Reads of the items of a case: what the agencies said, side by side, and what was agreed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from audit_app.accounts.models import Agency, Person
from audit_app.cases.models import Case
from audit_app.core.db import db
from audit_app.core.errors import NotHere
from audit_app.indicators.rules import Rated
from audit_app.panels.models import AgreedRating, Dissent, PanelItem
from audit_app.panels.rules import OVERALL, AgreedSoFar, Dissenting, Given, Item, ItemState, Sight, redacted
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.queries import ratings_of_case, replies_of_case
from audit_app.returns.rules import HANDED_OVER, Answer, AnswerKind, named
from audit_app.rounds.models import RoundIndicator, RoundLevel
from audit_app.rounds.rules import FrozenTemplate

_ITS_AGENCY = Agency.id == PanelItem.agency_id
_ROW: tuple[InstrumentedAttribute[Any], ...] = (
    PanelItem.id,
    PanelItem.kind,
    PanelItem.indicator_id,
    PanelItem.agency_id,
    PanelItem.state,
    PanelItem.version,
    PanelItem.ballot,
    PanelItem.is_shown,
    PanelItem.pulled_out_by_id,
    PanelItem.reopened_because,
)
"""What an `Item` is made from: columns, since whole rows cost twice the time and every screen of a room reads them."""


def items_of_case(
    partnership_id: int,
    case_id: int,
    template: FrozenTemplate,
    *,
    sight: Sight,
    given: Mapping[int, Sequence[Given]] | None = None,
) -> Sequence[Item]:
    """Every item of a case with its agencies' answers and what was agreed, in the order of the template, overall last.

    Six queries, whatever the size of the case; three for whoever has what `given_on_case` found. For those who may read
    the pack of a released case; `sight` takes what they may not see yet out of it.
    """
    indicators = {indicator.id: indicator for indicator in template.indicators}
    given = given_on_case(partnership_id, case_id, template) if given is None else given
    agreed = _agreed(partnership_id, case_id)
    query = (
        select(*_ROW, Agency.name.label("agency"))
        .outerjoin(Agency, _ITS_AGENCY)
        .where(PanelItem.partnership_id == partnership_id, PanelItem.case_id == case_id)
    )
    items = []
    for row in db.session.execute(query):
        decisions = agreed.get(row.id, [])
        current = decisions[-1] if decisions and row.state is ItemState.AGREED else None
        said = given.get(row.indicator_id or OVERALL.id, ())
        items.append(
            Item(
                id=row.id,
                indicator=indicators[row.indicator_id] if row.indicator_id else OVERALL,
                agency_id=row.agency_id,
                agency=row.agency or "",
                state=row.state,
                version=row.version,
                given=tuple(one for one in said if row.agency_id in {None, one.agency_id}),
                agreed=current,
                earlier=tuple(decisions[:-1] if current else decisions),
                kind=row.kind,
                ballot=row.ballot,
                is_shown=row.is_shown,
                is_pulled_out=row.pulled_out_by_id is not None,
                reopened_because=row.reopened_because,
            )
        )
    items = [redacted(item, sight) for item in items]
    return sorted(items, key=lambda item: (item.indicator.position, item.agency))


def given_on_case(partnership_id: int, case_id: int, template: FrozenTemplate) -> Mapping[int, Sequence[Given]]:
    """What the agencies answered in the returns that they handed over, by the indicator's id, with what practitioners
    said to it. In three queries."""
    ranks: dict[int | None, int] = {level.id: level.rank for level in template.levels}
    replies = replies_of_case(partnership_id, case_id)
    found = defaultdict(list, {OVERALL.id: _given_over_all(partnership_id, case_id, ranks)})
    for indicator_id, ratings in ratings_of_case(partnership_id, case_id).items():
        for one in ratings:
            rank = ranks.get(one.answer.level_id)
            answered = replies.get(one.agency_id, {}).get(indicator_id, ())
            found[indicator_id].append(Given(one.agency_id, one.agency, one.answer, rank, tuple(answered)))
    return found


def _given_over_all(partnership_id: int, case_id: int, ranks: Mapping[int | None, int]) -> list[Given]:
    """The levels over all of the returns that were handed over, by agency."""
    query = (
        select(
            AgencyReturn.agency_id,
            Agency.name,
            AgencyReturn.on_behalf_of,
            AgencyReturn.overall_level_id,
            AgencyReturn.overall_reason,
        )
        .join(Agency, Agency.id == AgencyReturn.agency_id)
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.case_id == case_id,
            AgencyReturn.state.in_(HANDED_OVER),
            AgencyReturn.overall_level_id.is_not(None),
        )
        .order_by(Agency.name)
    )
    return [
        Given(agency_id, named(agency, behalf), Answer(AnswerKind.LEVEL, level_id, "", reason), ranks[level_id])
        for agency_id, agency, behalf, level_id, reason in db.session.execute(query)
    ]


def _agreed(partnership_id: int, case_id: int) -> Mapping[int, list[AgreedSoFar]]:
    """The decisions on each item, oldest first."""
    items = select(PanelItem.id).where(PanelItem.partnership_id == partnership_id, PanelItem.case_id == case_id)
    query: Select[*tuple[Any, ...]] = (
        select(
            AgreedRating.id,
            AgreedRating.item_id,
            AgreedRating.answer,
            AgreedRating.level_id,
            AgreedRating.reason,
            AgreedRating.how,
            AgreedRating.agreed_at,
            Person.name,
            AgreedRating.changed_because,
            AgreedRating.better,
        )
        .join(Person, Person.id == AgreedRating.agreed_by_id)
        .where(AgreedRating.partnership_id == partnership_id, AgreedRating.item_id.in_(items))
    )
    dissent = _dissent(partnership_id, items)
    found: dict[int, list[AgreedSoFar]] = defaultdict(list)
    # Sorted here: asked for an order, SQLite walks all agreed ratings of the partnership by their ids.
    for row in sorted(db.session.execute(query), key=lambda row: row.id):
        agreed = AgreedSoFar(*row[2:])
        found[row.item_id].append(replace(agreed, dissent=tuple(dissent.get(row.id, ()))))
    return found


def _dissent(partnership_id: int, items: Select[int]) -> Mapping[int, Sequence[Dissenting]]:
    """Who sees an agreed rating of these items differently and asked that it be noted, by the agreed rating's id."""
    query = (
        select(Dissent.agreed_rating_id, Person.id, Person.name, Dissent.words)
        .select_from(AgreedRating)
        .join(Dissent, Dissent.agreed_rating_id == AgreedRating.id)
        .join(Person, Person.id == Dissent.person_id)
        .where(
            AgreedRating.partnership_id == partnership_id,
            Dissent.partnership_id == partnership_id,
            AgreedRating.item_id.in_(items),
        )
    )
    found: dict[int, list[Dissenting]] = defaultdict(list)
    for rating_id, person_id, name, words in sorted(db.session.execute(query), key=lambda row: (row[0], row[2])):
        found[rating_id].append(Dissenting(person_id, name, words))
    return found


@dataclass(frozen=True)
class Progress:
    """How far the panel is on a case."""

    agreed: int
    items: int

    @property
    def waiting(self) -> int:
        return self.items - self.agreed


def progress_of_case(partnership_id: int, case_id: int) -> Progress:
    """How many items of a case are agreed, and how many there are."""
    query = select(func.count().filter(PanelItem.state == ItemState.AGREED), func.count()).where(
        PanelItem.partnership_id == partnership_id, PanelItem.case_id == case_id
    )
    return Progress(*db.session.execute(query).one())


def things_to_agree(case: Case) -> Sequence[tuple[int, int | None]]:
    """What a panel has to agree on a case, as pairs of an indicator's id and, for own work, an agency's.

    One for each indicator that an agency answered; for an agency's own work, one for each agency that answered it.
    """
    query = (
        select(Rating.indicator_id, Rating.agency_id, RoundIndicator.rated)
        .join(AgencyReturn, AgencyReturn.id == Rating.return_id)
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .where(
            AgencyReturn.partnership_id == case.partnership_id,
            Rating.partnership_id == case.partnership_id,
            AgencyReturn.case_id == case.id,
            AgencyReturn.state.in_(HANDED_OVER),
        )
    )
    wanted = {
        (indicator_id, agency_id if rated is Rated.OWN_WORK else None)
        for indicator_id, agency_id, rated in db.session.execute(query)
    }
    return sorted(wanted, key=lambda one: (one[0], one[1] or 0))


@dataclass(frozen=True)
class ItemToAgree:
    """An item, locked for the deed that is under way: its words for history, how it is answered, what was agreed."""

    row: PanelItem
    name: str
    is_narrative: bool
    is_panel: bool  # talked about by every panel, as the level over all is
    current: AgreedRating | None


def items_for_change(partnership_id: int, case_id: int) -> Mapping[int, ItemToAgree]:
    """The items of a case by their ids, locked until the deed is done."""
    return _locked(PanelItem.partnership_id == partnership_id, PanelItem.case_id == case_id)


def item_for_change(partnership_id: int, item_id: int) -> ItemToAgree:
    """One item, locked until the deed is done. Its case is locked before it.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    found = _locked(PanelItem.partnership_id == partnership_id, PanelItem.id == item_id)
    if not found:
        raise NotHere
    return found[item_id]


def case_of_item(partnership_id: int, item_id: int) -> int:
    """The id of the case of an item.

    Raises:
        NotHere: there is none of that id in the partnership.
    """
    query = select(PanelItem.case_id).where(PanelItem.partnership_id == partnership_id, PanelItem.id == item_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotHere
    return found


def _locked(*which: ColumnElement[bool]) -> Mapping[int, ItemToAgree]:
    query = (
        select(
            PanelItem,
            RoundIndicator.code,
            RoundIndicator.title,
            RoundIndicator.is_narrative,
            func.coalesce(RoundIndicator.is_panel, true()),
            Agency.short_name,
            AgreedRating,
        )
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .outerjoin(Agency, _ITS_AGENCY)
        .outerjoin(
            AgreedRating,
            and_(
                AgreedRating.partnership_id == PanelItem.partnership_id,
                AgreedRating.item_id == PanelItem.id,
                AgreedRating.is_current,
            ),
        )
        .where(*which)
        .with_for_update(of=PanelItem)
        .execution_options(populate_existing=True)
    )
    return {
        item.id: ItemToAgree(item, item_name(code, title, agency), bool(is_narrative), bool(is_panel), current)
        for item, code, title, is_narrative, is_panel, agency, current in db.session.execute(query)
    }


def item_name(code: str | None, title: str | None, agency: str | None) -> str:
    """How an item is called: by its indicator, if it has one, and for own work by its agency too."""
    return f"{code or OVERALL.code} {title or OVERALL.title}{f' ({agency})' if agency else ''}"


def agencies_that_rated(item: PanelItem) -> frozenset[int]:
    """The agencies whose returns rated what an item is about: that is their first rating in the room."""
    of_case = (
        AgencyReturn.partnership_id == item.partnership_id,
        AgencyReturn.case_id == item.case_id,
        AgencyReturn.state.in_(HANDED_OVER),
    )
    if item.indicator_id is None:
        query = select(AgencyReturn.agency_id).where(*of_case, AgencyReturn.overall_level_id.is_not(None))
    else:  # joined, SQLite would walk all ratings of the partnership
        query = select(Rating.agency_id).where(
            Rating.partnership_id == item.partnership_id,
            Rating.return_id.in_(select(AgencyReturn.id).where(*of_case)),
            Rating.indicator_id == item.indicator_id,
            Rating.answer.is_not(None),
        )
    found = frozenset(db.session.scalars(query))
    return found if item.agency_id is None else found & {item.agency_id}


def has_levels(case: Case) -> bool:
    """Whether the round of a case has a scale: without one there is no level over all to agree."""
    mine = (RoundLevel.partnership_id == case.partnership_id, RoundLevel.round_id == case.round_id)
    return db.session.scalar(select(RoundLevel.id).where(*mine).limit(1)) is not None


def level_ids(partnership_id: int, round_id: int) -> frozenset[int]:
    """The ids of the levels of a round's scale."""
    query = select(RoundLevel.id).where(RoundLevel.partnership_id == partnership_id, RoundLevel.round_id == round_id)
    return frozenset(db.session.scalars(query))
