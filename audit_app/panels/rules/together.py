"""What a room talks about and what it confirms together, and how a set of ratings is spread."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from audit_app.panels.rules.order import Item, levels_apart
from audit_app.panels.rules.room import VoteKind
from audit_app.panels.rules.states import ItemKind, ItemState
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.rules import AgreementRule

APART = 2
"""Levels between the best and the worst from which a panel talks about an item, whatever its template says."""

Said = tuple[AnswerKind, int | None]


@dataclass(frozen=True)
class RoomAgenda:
    """The items of a case as the room goes through them."""

    discussed: Sequence[Item]
    """To talk about, each first rated by everyone for themselves: furthest apart first."""
    rest: Sequence[Item]
    """To confirm together."""
    overall: Item | None
    """The level over all, once the others are agreed."""
    agreed: Sequence[Item]

    @property
    def waiting(self) -> int:
        """How many are still to be agreed."""
        return len(self.discussed) + len(self.rest) + (self.overall is not None)


def is_discussed(item: Item) -> bool:
    """Whether a room talks about an item: its template says so, the agencies are far apart, somebody asked for it, or
    it was rated before. Needs what the agencies said, whole."""
    is_begun = item.ballot > 0 or bool(item.reopened_because) or item.kind is ItemKind.OVERALL
    return item.indicator.is_panel or levels_apart(item.given) >= APART or item.is_pulled_out or is_begun


def _furthest_first(item: Item) -> tuple[int, int, str]:
    """Furthest apart first, else as the template has them: nothing else of what is hidden decides where one stands."""
    return -levels_apart(item.given), item.indicator.position, item.agency


def room_agenda(items: Sequence[Item]) -> RoomAgenda:
    """Sort the items of a case, given whole and in the order of the template, into what the room does with them."""
    waiting = [item for item in items if item.state is not ItemState.AGREED]
    of_indicators = [item for item in waiting if item.kind is ItemKind.INDICATOR]
    return RoomAgenda(
        discussed=sorted(filter(is_discussed, of_indicators), key=_furthest_first),
        rest=[item for item in of_indicators if not is_discussed(item)],
        overall=next((item for item in waiting if item.kind is ItemKind.OVERALL), None),
        agreed=[item for item in items if item.state is ItemState.AGREED],
    )


def proposed(item: Item) -> Said | None:
    """What is proposed where items are confirmed together: what most agencies said.

    Where as many said one thing as another, a level goes before no level, and the worse level before the better: the
    panel raises it rather than overlooks it. None where nobody said anything.
    """
    said = [(one.said, one.rank) for one in item.given if one.answer.kind is not None]
    if not said:
        return None
    counts = Counter(said)
    (kind, level_id), _ = max(counts, key=lambda one: (counts[one], one[1] is not None, one[1] or 0))
    return (kind, level_id) if kind is not None else None


@dataclass(frozen=True)
class Shown:
    """One rating of those that the chair showed: whose, and from where (a return, or given in the room)."""

    who: str
    agency: str
    answer: VoteKind
    level_id: int | None
    rank: int | None
    reasoning: str
    is_return: bool = False


def returns_as_shown(item: Item) -> Sequence[Shown]:
    """The ratings of an item, seen whole, that the agencies gave in their returns: their first ratings in the room."""
    return [
        Shown(
            one.agency, one.agency, VoteKind(one.answer.kind.value), one.answer.level_id, one.rank, "", is_return=True
        )
        for one in item.given
        if one.answer.kind is not None
    ]


def furthest_apart(ratings: Iterable[Shown]) -> Sequence[Shown]:
    """Whom to ask to speak first: those at either end of the scale. Nobody where all gave the same level."""
    levels = [one for one in ratings if one.rank is not None]
    ends = {min(one.rank or 0 for one in levels), max(one.rank or 0 for one in levels)} if levels else set()
    return [one for one in levels if one.rank in ends] if len(ends) == 2 else []


@dataclass(frozen=True)
class Share:
    """How many of those who gave a rating said the same as most did. Abstentions are counted apart."""

    most: int
    of: int
    abstained: int
    said: tuple[VoteKind, int | None] | None


def share_of(ratings: Iterable[Shown]) -> Share:
    """The greatest number of ratings that say the same, and of how many. `said` is None where two share the lead."""
    given = list(ratings)
    said = Counter((one.answer, one.level_id) for one in given if one.answer is not VoteKind.ABSTAIN)
    abstained = sum(one.answer is VoteKind.ABSTAIN for one in given)
    if not said:
        return Share(0, 0, abstained, None)
    (first, most), *others = said.most_common(2)
    return Share(most, said.total(), abstained, None if others and others[0][1] == most else first)


def is_met(rule: AgreementRule, share: Share) -> bool:
    """Whether a set of ratings meets the round's rule. It is shown, never enforced: the panel agrees what it agrees."""
    if not share.of or share.said is None:
        return False
    if rule is AgreementRule.MORE_THAN_HALF:
        return 2 * share.most > share.of
    if rule is AgreementRule.TWO_THIRDS:
        return 3 * share.most >= 2 * share.of
    return share.most == share.of


def rule_in_words(rule: AgreementRule, share: Share, levels: Mapping[int, str]) -> str:
    """One sentence about the round's rule and these ratings. `levels`: their words by id."""
    if not share.of:
        return "Nobody gave a rating."
    needs = {
        AgreementRule.MORE_THAN_HALF: "more than half",
        AgreementRule.TWO_THIRDS: "two thirds",
        AgreementRule.ALL: "everyone",
    }[rule]
    if share.said is None:
        return f"No rating has most: {share.most} of {share.of} at the highest. This round's rule is {needs}."
    answer, level_id = share.said
    words = levels[level_id] if level_id is not None else NOT_A_LEVEL[answer]
    ending = "meets" if is_met(rule, share) else "does not meet"
    return f"{share.most} of {share.of} gave “{words}”, which {ending} this round's rule: {needs}."


NOT_A_LEVEL = {
    VoteKind.IN_WORDS: "In words",
    VoteKind.NOT_APPLICABLE: "Not applicable",
    VoteKind.NO_EVIDENCE: "No evidence on file",
    VoteKind.ABSTAIN: "Abstained",
}
"""The words of what is no level, where ratings are counted."""
