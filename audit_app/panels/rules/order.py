"""What a panel talks about first: what the agencies see most differently."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit_app.indicators.rules import Rated
from audit_app.panels.rules.states import AgreedHow, ItemKind, ItemState
from audit_app.returns.rules import Answer, AnswerKind, ReplyShown
from audit_app.rounds.rules import FrozenIndicator, FrozenTemplate


@dataclass(frozen=True)
class Given:
    """What one agency said on an indicator. `rank` is the level's (1 is best), None for either kind of non-answer.

    `replies` are what those answered whose work it is about.
    """

    agency_id: int
    agency: str
    answer: Answer
    rank: int | None
    replies: tuple[ReplyShown, ...] = ()
    is_hidden: bool = False  # only what it wrote is here: what it chose is not shown to this viewer yet

    @property
    def said(self) -> tuple[AnswerKind | None, int | None]:
        """The answer without its words."""
        return self.answer.kind, self.answer.level_id


@dataclass(frozen=True)
class Dissenting:
    """Somebody who sees what was agreed differently, and asked that it be noted."""

    person_id: int
    person: str
    words: str


@dataclass(frozen=True)
class AgreedSoFar:
    """What the panel agreed on an item."""

    answer: AnswerKind
    level_id: int | None
    reason: str
    how: AgreedHow
    agreed_at: datetime
    agreed_by: str
    changed_because: str
    better: str = ""
    dissent: tuple[Dissenting, ...] = ()


OVERALL = FrozenIndicator(
    id=0,
    domain_id=0,
    position=1_000_000,
    code="Overall",
    title="rating of the case",
    question="How well was this child helped, over all?",
    why="",
    look_for="",
    example="",
    rated=Rated.CHILD_EXPERIENCE,
    is_panel=True,
    is_narrative=False,
    guidance={},
    limits={},
)
"""What stands in the place of an indicator where an item is the level over all: the last on every agenda."""


@dataclass(frozen=True)
class Item:
    """One thing to agree, with what the agencies said. `agency` is set where agencies rate their own work.

    `ballot` counts the rounds of own ratings in the room. `is_shown`: what the agencies chose is open to the panel.
    """

    id: int
    indicator: FrozenIndicator
    agency_id: int | None
    agency: str
    state: ItemState
    version: int
    given: tuple[Given, ...]
    agreed: AgreedSoFar | None
    earlier: tuple[AgreedSoFar, ...] = ()
    kind: ItemKind = ItemKind.INDICATOR
    ballot: int = 0
    is_shown: bool = False
    is_pulled_out: bool = False
    reopened_because: str = ""

    @property
    def name(self) -> str:
        """How lists of errors call it: A01 Signs were seen, Police."""
        return f"{self.indicator.code} {self.indicator.title}{', ' + self.agency if self.agency else ''}"


def levels_apart(given: Iterable[Given]) -> int:
    """How many levels lie between the best and the worst: 0 where all are equal, or fewer than two gave a level."""
    ranks = [one.rank for one in given if one.rank is not None]
    return max(ranks) - min(ranks) if ranks else 0


def is_together(item: Item) -> bool:
    """Whether an item can be confirmed in one go with others: all said the same, and it is no panel indicator.

    The template names the indicators that every panel talks about, whatever the agencies said. All who answered in
    words count as having said the same: the panel notes their words, or talks about them.
    """
    said = {one.said for one in item.given if one.answer.kind is not None}
    return len(said) == 1 and not item.indicator.is_panel


def furthest_apart_first(items: Sequence[Item]) -> list[Item]:
    """The items in the order to talk about them: furthest apart first, then the most different answers, then weakest.

    Ties keep the order of the template.
    """

    def order(item: Item) -> tuple[int, int, int, int]:
        ranks = [one.rank for one in item.given if one.rank is not None]
        answers = {one.said for one in item.given if one.answer.kind is not None}
        return -levels_apart(item.given), -len(answers), -max(ranks, default=0), item.indicator.position

    return sorted(items, key=order)


@dataclass(frozen=True)
class Agenda:
    """The items of a case as a panel goes through them."""

    apart: Sequence[Item]
    """To talk about, furthest apart first: what the agencies rate together."""
    own_work: Sequence[tuple[str, Sequence[Item]]]
    """To talk about, agency by agency: what each rates of its own work."""
    together: Sequence[Item]
    """To confirm in one go: all agencies said the same."""
    agreed: Sequence[Item]


def agenda(items: Sequence[Item], pulled_out: Iterable[int] = ()) -> Agenda:
    """Sort the items of a case, given in the order of the template, into an agenda.

    `pulled_out` are ids of items that somebody wants to talk about although all agencies said the same.
    """
    wanted = set(pulled_out)
    waiting = [item for item in items if item.agreed is None]
    together = {item.id: item for item in waiting if is_together(item) and item.id not in wanted}
    to_talk = [item for item in waiting if item.id not in together]
    agencies = sorted({item.agency for item in to_talk if item.agency_id is not None})
    return Agenda(
        apart=furthest_apart_first([item for item in to_talk if item.agency_id is None]),
        own_work=[(agency, [item for item in to_talk if item.agency == agency]) for agency in agencies],
        together=list(together.values()),
        agreed=[item for item in items if item.agreed is not None],
    )


def by_domain(items: Sequence[Item], template: FrozenTemplate) -> Sequence[tuple[str, Sequence[Item]]]:
    """The items under the titles of their domains, in the order of the template and the level over all last.

    Whatever the agencies chose, so that the order tells nothing of it.
    """
    titles = [*((one.id, one.title) for one in template.domains), (OVERALL.domain_id, "The case over all")]
    parts = [(title, [item for item in items if item.indicator.domain_id == domain]) for domain, title in titles]
    return [(title, its) for title, its in parts if its]
