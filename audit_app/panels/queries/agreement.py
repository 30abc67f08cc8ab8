"""Reads of what agencies gave before they talked, and of what was then agreed. Of agreed cases alone: whoever still has
to rate or to vote learns nothing from a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.indicators.rules import Rated
from audit_app.panels.models import AgreedRating, PanelCase, PanelItem, Vote
from audit_app.panels.rules.agreement import FirstVote, Placed
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.rounds.models import RoundIndicator, RoundLevel


@dataclass(frozen=True)
class Counted:
    """How many cases of a round are agreed, of how many that were not withdrawn."""

    agreed: int
    cases: int


@dataclass(frozen=True)
class BeforeTalking:
    """The first votes of a round's agreed cases, and what its agencies rated beside what was agreed."""

    votes: Sequence[FirstVote]
    placed: Sequence[Placed]


def cases_counted(partnership_id: int, round_id: int) -> Counted:
    """How many cases of a round its figures of agreement are from."""
    row = db.session.execute(
        select(func.count().filter(Case.state == CaseState.AGREED), func.count()).where(
            Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state != CaseState.WITHDRAWN
        )
    ).one()
    return Counted(*row)


def before_talking(partnership_id: int, round_id: int) -> BeforeTalking:
    """What agencies gave on the agreed cases of a round before they talked. Two queries, however many cases.

    A return is its agency's first vote; of an agency that gave no level, the first that one of its members chose in the
    room before anything was shown. Answers that are no level are left out. An agency's own work is compared only where
    others rated it in the room: in returns nobody else does.
    """
    returned, in_room = _returned(partnership_id, round_id), _in_room(partnership_id, round_id)
    votes = {(vote.item_id, vote.agency_id): vote for vote in in_room}
    voted = {vote.item_id for vote in in_room}
    votes |= {
        (one.item_id, one.agency_id): FirstVote(one.item_id, one.indicator_id, one.agency_id, one.rank)
        for one in returned
        if one.rated is not Rated.OWN_WORK or one.item_id in voted
    }
    placed = [Placed(one.indicator_id, one.agency_id, one.rank, one.agreed) for one in returned if one.agreed]
    return BeforeTalking(list(votes.values()), placed)


class _Returned(NamedTuple):
    """A level of a return, with the item that it is about and the rank that was agreed on it, if it was a level."""

    item_id: int
    indicator_id: int
    rated: Rated
    agency_id: int
    rank: int
    agreed: int | None


def _returned(partnership_id: int, round_id: int) -> Sequence[_Returned]:
    given, agreed = aliased(RoundLevel), aliased(RoundLevel)
    query = (
        select(PanelItem.id, RoundIndicator.id, RoundIndicator.rated, Rating.agency_id, given.rank, agreed.rank)
        .select_from(Case)
        .join(AgencyReturn, and_(AgencyReturn.partnership_id == Case.partnership_id, AgencyReturn.case_id == Case.id))
        .join(Rating, and_(Rating.partnership_id == AgencyReturn.partnership_id, Rating.return_id == AgencyReturn.id))
        .join(given, and_(given.partnership_id == Rating.partnership_id, given.id == Rating.level_id))
        .join(RoundIndicator, RoundIndicator.id == Rating.indicator_id)
        .join(
            PanelItem,
            and_(
                PanelItem.partnership_id == Case.partnership_id,
                PanelItem.case_id == Case.id,
                PanelItem.indicator_id == Rating.indicator_id,
                or_(PanelItem.agency_id.is_(None), PanelItem.agency_id == Rating.agency_id),
            ),
        )
        .outerjoin(
            AgreedRating,
            and_(
                AgreedRating.partnership_id == PanelItem.partnership_id,
                AgreedRating.item_id == PanelItem.id,
                AgreedRating.is_current,
            ),
        )
        .outerjoin(
            agreed, and_(agreed.partnership_id == AgreedRating.partnership_id, agreed.id == AgreedRating.level_id)
        )
        .where(
            *_of_agreed_cases(partnership_id, round_id),
            Rating.partnership_id == partnership_id,
            Rating.is_submitted,
            Rating.round_id == round_id,
        )
    )
    return [_Returned(*row) for row in db.session.execute(query)]


def _in_room(partnership_id: int, round_id: int) -> Sequence[FirstVote]:
    """The first level that any member chose for each agency on each item, in the first vote on it.

    Only of those given before the panel saw what others chose: not once the item was agreed before and reopened, and
    not of one that was pulled out after what is confirmed together was shown.
    """
    agreed_before = exists().where(
        AgreedRating.partnership_id == Vote.partnership_id,
        AgreedRating.item_id == Vote.item_id,
        AgreedRating.agreed_at < Vote.given_at,
    )
    seen_before = exists().where(
        PanelItem.pulled_out_by_id.is_not(None),
        PanelCase.partnership_id == Case.partnership_id,
        PanelCase.case_id == Case.id,
        PanelCase.rest_shown_at < Vote.given_at,
    )
    query = (
        select(PanelItem.id, RoundIndicator.id, Vote.agency_id, RoundLevel.rank, Vote.given_at, Vote.id)
        .select_from(Case)
        .join(PanelItem, and_(PanelItem.partnership_id == Case.partnership_id, PanelItem.case_id == Case.id))
        .join(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .join(Vote, and_(Vote.partnership_id == PanelItem.partnership_id, Vote.item_id == PanelItem.id))
        .join(RoundLevel, and_(RoundLevel.partnership_id == Vote.partnership_id, RoundLevel.id == Vote.level_id))
        .where(
            *_of_agreed_cases(partnership_id, round_id),
            PanelItem.is_shown,
            Vote.ballot == 1,
            ~agreed_before,
            ~seen_before,
        )
    )
    found: dict[tuple[int, int], FirstVote] = {}
    for item_id, indicator_id, agency_id, rank, *_ in sorted(db.session.execute(query), key=lambda row: row[-2:]):
        found.setdefault((item_id, agency_id), FirstVote(item_id, indicator_id, agency_id, rank))
    return list(found.values())


def _of_agreed_cases(partnership_id: int, round_id: int) -> Sequence[ColumnElement[bool]]:
    return (Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state == CaseState.AGREED)
