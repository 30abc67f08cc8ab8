"""What somebody may see of what agencies chose, while a panel gives its own ratings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from audit_app.panels.rules.order import Given, Item
from audit_app.panels.rules.states import ItemKind


@dataclass(frozen=True)
class Sight:
    """How a viewer sees a case at its panel: blind to what agencies other than their own chose, until it is shown."""

    is_blind: bool
    own_agencies: frozenset[int] = frozenset()


EVERYTHING = Sight(is_blind=False)
"""For deeds of the service itself and for those who are not blind."""


def redacted(item: Item, sight: Sight) -> Item:
    """An item as somebody with this sight may see it: the evidence stays, what other agencies chose goes.

    Tag, reason and replies go with the choice: each of them tells of it.
    """
    if item.is_shown or not sight.is_blind:
        return item
    return replace(item, given=tuple(_hidden(one, sight) for one in item.given))


def hides_over_all(items: Iterable[Item], sight: Sight) -> bool:
    """Whether the levels over all that other agencies chose are not shown to this viewer yet."""
    return sight.is_blind and not any(item.kind is ItemKind.OVERALL and item.is_shown for item in items)


def hides_something(items: Iterable[Item]) -> bool:
    """Whether anything of these items, as somebody sees them, is not shown yet.

    What speaks about a whole return (a practitioner's answer to it) tells of every choice in it, so it waits for them.
    """
    return any(one.is_hidden for item in items for one in item.given)


def _hidden(one: Given, sight: Sight) -> Given:
    if one.agency_id in sight.own_agencies:
        return one
    answer = replace(one.answer, kind=None, level_id=None, reason="", tag=None)
    return replace(one, answer=answer, rank=None, replies=(), is_hidden=True)
