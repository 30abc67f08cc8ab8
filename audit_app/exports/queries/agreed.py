"""What panels agreed, and what their members said for themselves before, case by case, as far as a viewer sees it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.cases.models import Case
from audit_app.cases.queries import sees
from audit_app.cases.rules import Thing
from audit_app.core.db import db
from audit_app.exports.queries.answers import CASE_IN_ROUND, Of, cases_where, level_of
from audit_app.exports.queries.streaming import ROUND_NAME, in_words, stream
from audit_app.panels.models import AgreedRating, Dissent, PanelItem, Vote
from audit_app.panels.queries import IS_SHOWN
from audit_app.panels.rules import AGREED_HOW_WORDS, NOT_A_LEVEL, OVERALL, VoteKind
from audit_app.returns.rules import ANSWER_KIND_WORDS
from audit_app.rounds.models import Round, RoundDomain, RoundIndicator, RoundLevel
from reports import round_rows as rows

ITEMS_AT_ONCE = 500
_VOTE_WORDS = {
    **{VoteKind(kind.value): words for kind, words in ANSWER_KIND_WORDS.items()},
    VoteKind.ABSTAIN: NOT_A_LEVEL[VoteKind.ABSTAIN],
}
_PLACE = (Round.id, Case.position, func.coalesce(RoundIndicator.position, OVERALL.position))


def agreed_ratings(viewer: Viewer, of: Of) -> Iterator[rows.AgreedRating]:
    """What panels agreed, what a later rating took the place of among it, with who sees it differently."""
    dissent = _dissent(viewer, of)
    query = (
        select(
            AgreedRating.id,
            ROUND_NAME,
            Case.reference,
            func.coalesce(RoundIndicator.code, OVERALL.code),
            func.coalesce(RoundIndicator.title, OVERALL.title),
            func.coalesce(RoundDomain.title, ""),
            func.coalesce(Agency.name, ""),
            in_words(AgreedRating.answer, ANSWER_KIND_WORDS),
            level_of(AgreedRating.answer),
            RoundLevel.rank,
            AgreedRating.reason,
            AgreedRating.better,
            in_words(AgreedRating.how, AGREED_HOW_WORDS),
            func.coalesce(Person.name, ""),
            AgreedRating.agreed_at,
            AgreedRating.is_current,
            AgreedRating.changed_because,
        )
        .join(
            PanelItem,
            and_(PanelItem.partnership_id == AgreedRating.partnership_id, PanelItem.id == AgreedRating.item_id),
        )
        .join(Case, and_(Case.partnership_id == PanelItem.partnership_id, Case.id == PanelItem.case_id))
        .join(Round, CASE_IN_ROUND)
        .outerjoin(RoundIndicator, RoundIndicator.id == AgreedRating.indicator_id)
        .outerjoin(RoundDomain, RoundDomain.id == RoundIndicator.domain_id)
        .outerjoin(RoundLevel, RoundLevel.id == AgreedRating.level_id)
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .outerjoin(Person, Person.id == AgreedRating.agreed_by_id)
        .where(
            *of,
            AgreedRating.is_current.in_((True, False)),  # both: the index by round begins with it
            AgreedRating.round_id == Round.id,
            Case.id.in_(cases_where(of, sees(viewer, Thing.AGREED_RATINGS))),
        )
        .order_by(*_PLACE, Agency.name, AgreedRating.id)
    )
    for agreed_id, *said, how, by, at, stands, because in stream(query):
        yield rows.AgreedRating._make((*said, "\n".join(dissent[agreed_id]), how, by, at, stands, because))


def _dissent(viewer: Viewer, of: Of) -> Mapping[int, list[str]]:
    """Who sees each agreed rating of these rounds differently, and why, by name; whether or not the viewer sees it."""
    ours = (
        select(AgreedRating.id)
        .join(Round, and_(Round.partnership_id == AgreedRating.partnership_id, Round.id == AgreedRating.round_id))
        .where(AgreedRating.partnership_id == viewer.partnership_id, AgreedRating.is_current.in_((True, False)), *of)
    )
    query = (
        select(Dissent.agreed_rating_id, Person.name, Dissent.words)
        .join(Person, Person.id == Dissent.person_id)
        .where(Dissent.partnership_id == viewer.partnership_id, Dissent.agreed_rating_id.in_(ours))
        .order_by(Dissent.agreed_rating_id, Person.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for agreed_id, name, words in db.session.execute(query):
        found[agreed_id].append(f"{name}: {words}")
    return found


def room_ratings(viewer: Viewer, of: Of) -> Iterator[rows.RoomRating]:
    """What the members of panels said for themselves of the cases that are finished, as far as the chair showed it.

    The items come first, then the ratings of some hundred at once: so both are found by their indexes.
    """
    finished = cases_where([*of, Case.agreed_at.is_not(None)], sees(viewer, Thing.AGREED_RATINGS))
    query = (
        select(
            PanelItem.id,
            ROUND_NAME,
            Case.reference,
            func.coalesce(RoundIndicator.code, OVERALL.code),
            func.coalesce(RoundIndicator.title, OVERALL.title),
            func.coalesce(Agency.name, ""),
        )
        .select_from(Case)
        .join(Round, CASE_IN_ROUND)
        .join(PanelItem, and_(PanelItem.partnership_id == Case.partnership_id, PanelItem.case_id == Case.id))
        .outerjoin(RoundIndicator, RoundIndicator.id == PanelItem.indicator_id)
        .outerjoin(Agency, and_(Agency.partnership_id == PanelItem.partnership_id, Agency.id == PanelItem.agency_id))
        .where(*of, PanelItem.case_id.in_(finished), PanelItem.ballot > 0)
        .order_by(*_PLACE, Agency.name, PanelItem.id)
    )
    items = db.session.execute(query).all()
    for start in range(0, len(items), ITEMS_AT_ONCE):
        some = items[start : start + ITEMS_AT_ONCE]
        said = _said_of(viewer, [item_id for item_id, *_ in some])
        for item_id, *place in some:
            yield from (rows.RoomRating._make((*place, *one)) for one in said[item_id])


def _said_of(viewer: Viewer, item_ids: Sequence[int]) -> Mapping[int, list[Sequence[Any]]]:
    """The ratings of items that the chair showed, each as the last fields of its row, by the item's id."""
    query: Select[*tuple[Any, ...]] = (
        select(
            Vote.item_id,
            Vote.ballot,
            Person.name,
            Agency.name,
            in_words(Vote.answer, _VOTE_WORDS),
            level_of(Vote.answer, VoteKind),
            RoundLevel.rank,
            Vote.reasoning,
            Vote.given_at,
        )
        .join(PanelItem, and_(PanelItem.partnership_id == Vote.partnership_id, PanelItem.id == Vote.item_id))
        .join(Person, Person.id == Vote.person_id)
        .join(Agency, and_(Agency.partnership_id == Vote.partnership_id, Agency.id == Vote.agency_id))
        .outerjoin(RoundLevel, RoundLevel.id == Vote.level_id)
        .where(Vote.partnership_id == viewer.partnership_id, Vote.item_id.in_(item_ids), IS_SHOWN)
        .order_by(Vote.item_id, Vote.ballot, Agency.name, Person.name)
    )
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for item_id, *said in db.session.execute(query):
        found[item_id].append(said)
    return found
