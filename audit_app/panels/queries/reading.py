"""What the pack of a case holds for one reader: all that agencies wrote, and of what they chose as much as is shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from audit_app.panels.queries.cases import Pack
from audit_app.panels.queries.room import shown_ratings
from audit_app.panels.rules import Item, Shown, Sight, hides_over_all, hides_something
from audit_app.returns import queries as returns
from audit_app.returns.queries import AttributeShown, Practice, ReturnOfCase, VoiceShown

Ballot = tuple[int, Sequence[Shown]]
"""One round of own ratings of an item: its number, and what each person gave."""


@dataclass(frozen=True)
class PackRead:
    """The pack of a case as its reader may see it: nothing of what is hidden from them is in it.

    `practice` is by the agency's id, `ballots` by the item's. `is_whole`: nothing is hidden from this reader any more.
    """

    items: Sequence[Item]
    returns: Sequence[ReturnOfCase]
    recorded: Sequence[AttributeShown]
    voices: Sequence[VoiceShown]
    practice: Mapping[int, Practice]
    ballots: Mapping[int, Sequence[Ballot]]
    is_whole: bool


def read_pack(partnership_id: int, pack: Pack, items: Sequence[Item]) -> PackRead:
    """Everything in the pack of a case, with its items as `items_of_case` gave them. Seven queries, whatever its size.

    Own ratings of those who sit on the panel are only for those who are close to it.
    """
    is_whole = not hides_something(items)
    said = returns.returns_of_case(partnership_id, pack.id)
    practice = returns.practice_of_case(partnership_id, pack.id)
    shows_own = pack.is_close and not pack.is_on_paper
    return PackRead(
        items=items,
        returns=_without_levels(said, pack.sight) if hides_over_all(items, pack.sight) else said,
        recorded=returns.attributes_of_case(partnership_id, pack.id),
        voices=returns.voices_of_case(partnership_id, pack.id),
        practice=practice if is_whole else _without_replies(practice, pack.sight),
        ballots=_by_item(shown_ratings(partnership_id, [item.id for item in items])) if shows_own else {},
        is_whole=is_whole,
    )


def _without_levels(said: Sequence[ReturnOfCase], sight: Sight) -> Sequence[ReturnOfCase]:
    """The returns without the level over all, and its reason, of agencies other than the reader's own.

    Their other words stay.
    """
    return [
        one
        if one.agency_id in sight.own_agencies
        else replace(one, overall=replace(one.overall, overall_level_id=None, overall_reason=""))
        for one in said
    ]


def _without_replies(practice: Mapping[int, Practice], sight: Sight) -> Mapping[int, Practice]:
    """The discussions without what was answered to returns: whoever answers speaks about the ratings."""
    return {
        agency_id: its if agency_id in sight.own_agencies else replace(its, replies={})
        for agency_id, its in practice.items()
    }


def _by_item(rated: Mapping[tuple[int, int], Sequence[Shown]]) -> Mapping[int, Sequence[Ballot]]:
    found: dict[int, list[Ballot]] = defaultdict(list)
    for (item_id, ballot), ratings in rated.items():
        found[item_id].append((ballot, ratings))
    return found
