"""What a room should be after each deed, kept beside it in plain Python: what is hidden, and from whom.

Every level of the model's scale is a bird, and no bird is written anywhere else: where one stands on a page outside the
lists to choose from, somebody chose it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select, update

from audit_app.core.db import db, transaction
from audit_app.indicators.rules import AuditTemplate, Band, Level, Scale, ScaleDirection
from audit_app.panels.rules import ItemKind, ItemState
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.rounds.models import RoundLevel
from tests.factories.panels import items_of
from tests.factories.rooms import Room, a_room
from tests.factories.rounds import SMALL

BIRDS = ("Avocet", "Bittern", "Curlew", "Dunlin", "Egret", "Fulmar", "Godwit", "Heron", "Ibis", "Jackdaw", "Kestrel")
RETURNED, GIVEN = BIRDS[:5], BIRDS[5:]
"""What the return of health chose, item by item; and what people in the room choose from."""
CODES = ("good", *(bird.lower() for bird in BIRDS[1:]))
AVIARY = Scale(
    "aviary",
    "From avocet to kestrel",
    ScaleDirection.BEST_FIRST,
    tuple(
        Level(code, bird[0], bird, rank, Band.STRONG if rank < 6 else Band.WEAK)
        for rank, (code, bird) in enumerate(zip(CODES, BIRDS, strict=True), 1)
    ),
)


def _in_birds(template: AuditTemplate) -> AuditTemplate:
    domains = tuple(
        replace(
            domain,
            indicators=tuple(
                replace(it, guidance={code: f"Like number {n}." for n, code in enumerate(CODES, 1)})
                for it in domain.indicators
            ),
        )
        for domain in template.domains
    )
    return replace(template, code="birds", title="Small template with birds", scale=AVIARY, domains=domains)


@dataclass(frozen=True)
class Aviary:
    """A room in which health returned a bird of its own on each item, and two officers sit for police, who declined."""

    room: Room
    items: tuple[int, ...]
    levels: Mapping[str, int]
    returned: Mapping[int, str]


def an_aviary() -> Aviary:
    """The room, open with its one case."""
    room = a_room(template=_in_birds(SMALL), has_second=True)
    items = items_of(room).values()
    returned = dict(zip((item.id for item in items), RETURNED, strict=True))
    with transaction():
        of_round = RoundLevel.round_id == room.asked.round_id
        levels = {row.words: row for row in db.session.scalars(select(RoundLevel).where(of_round))}
        for item in items:
            level = levels[returned[item.id]]
            if item.kind is ItemKind.OVERALL:
                change = update(AgencyReturn).where(AgencyReturn.agency_id == room.asked.health)
                db.session.execute(change.values(overall_level_id=level.id))
            else:
                change = update(Rating).where(Rating.agency_id == room.asked.health)
                its = change.where(Rating.indicator_id == item.indicator.id)
                db.session.execute(its.values(level_id=level.id, level_code=level.code))
        ids = {words: row.id for words, row in levels.items()}
    return Aviary(room, tuple(returned), ids, returned)


@dataclass
class Own:
    """What somebody gave: its unmistakable words, and a bird where they chose one."""

    marker: str
    bird: str | None


@dataclass
class ItemModel:
    """One item as it should be."""

    bird: str
    is_of_rest: bool
    state: ItemState = ItemState.WAITING
    ballot: int = 0
    is_shown: bool = False
    votes: dict[tuple[int, int], Own] = field(default_factory=dict)  # by ballot and person
    agreed: list[str] = field(default_factory=list)

    @property
    def is_decided(self) -> bool:
        return self.state in {ItemState.REVEALED, ItemState.AGREED}

    def begin(self) -> None:
        """A ballot begins."""
        self.state, self.ballot, self.is_of_rest = ItemState.VOTING, self.ballot + 1, False

    def rated(self) -> set[int]:
        """Who has given a rating in the ballot that is under way, or was the last."""
        return {person for ballot, person in self.votes if ballot == self.ballot}

    def take_out(self, person: int) -> None:
        """Somebody rates no more: what the chair has not shown goes."""
        if self.state is ItemState.VOTING:
            self.votes.pop((self.ballot, person), None)

    def open_votes(self) -> Iterator[Own]:
        """What the chair showed."""
        return (own for (ballot, _), own in self.votes.items() if ballot < self.ballot or self.is_decided)

    def hidden_votes(self, viewer: int | None) -> Iterator[Own]:
        """What somebody must not see: what others gave and the chair has not shown. None is the wall."""
        for (ballot, person), own in self.votes.items():
            if not (ballot < self.ballot or self.is_decided) and person != viewer:
                yield own


def birds_shown(item: ItemModel, viewer: int | None, *, sees_return: bool) -> set[str]:
    """The birds of an item that a page of this viewer may hold. None is the wall, which has nothing of its own."""
    own = {own.bird for (_, person), own in item.votes.items() if person == viewer}
    shown = {one.bird for one in item.open_votes()} | own | set(item.agreed)
    return {bird for bird in shown if bird} | ({item.bird} if item.is_shown or sees_return else set())


TO_CHOOSE = re.compile(
    r"<label\b.*?</label>|<option\b.*?</option>|<dl\b.*?</dl>"
    r'|<th scope="row">(?:(?!</th>).)*</th><td class="app-spread__count">0</td>',
    re.DOTALL,
)
"""The lists on a page in which every level stands, whatever anybody chose: to choose from, to read, to count."""
CHOSEN = re.compile(r'<(?:input|option)\b[^>]*value="(\d+)"[^>]*\s(?:checked|selected)\b')
BIRD = re.compile("|".join(BIRDS))


def birds_on(html: str, levels: Mapping[str, int]) -> set[str]:
    """The birds that a page says somebody chose, also those that a list is filled in with."""
    chosen = set(CHOSEN.findall(html))
    return set(BIRD.findall(TO_CHOOSE.sub("", html))) | {bird for bird, n in levels.items() if str(n) in chosen}
