"""What somebody may see of what agencies chose, while a panel gives its own ratings."""

from dataclasses import dataclass, replace

from audit_app.panels.rules.order import Given, Item


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


def _hidden(one: Given, sight: Sight) -> Given:
    if one.agency_id in sight.own_agencies:
        return one
    answer = replace(one.answer, kind=None, level_id=None, reason="", tag=None)
    return replace(one, answer=answer, rank=None, replies=(), is_hidden=True)
