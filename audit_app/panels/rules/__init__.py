"""The rules of panels: the states of an item, what to talk about first, and when something may be agreed."""

from audit_app.panels.rules.deciding import Decision, gaps_in
from audit_app.panels.rules.order import (
    Agenda,
    AgreedSoFar,
    Given,
    Item,
    agenda,
    furthest_apart_first,
    is_together,
    levels_apart,
)
from audit_app.panels.rules.states import (
    AGREED_HOW_WORDS,
    HELD_IN,
    PLANNED_IN,
    TRANSITIONS,
    AgreedHow,
    ItemState,
    why_not_agree,
    why_not_agree_item,
    why_not_change,
    why_not_finish,
    why_not_plan,
    why_not_release,
)

__all__ = [
    "AGREED_HOW_WORDS",
    "HELD_IN",
    "PLANNED_IN",
    "TRANSITIONS",
    "Agenda",
    "AgreedHow",
    "AgreedSoFar",
    "Decision",
    "Given",
    "Item",
    "ItemState",
    "agenda",
    "furthest_apart_first",
    "gaps_in",
    "is_together",
    "levels_apart",
    "why_not_agree",
    "why_not_agree_item",
    "why_not_change",
    "why_not_finish",
    "why_not_plan",
    "why_not_release",
]
