"""What a panel does: is planned, is given cases, agrees ratings, finishes a case."""

from audit_app.panels.services.agreeing import agree_item, agree_ratings
from audit_app.panels.services.cases import advance_round, finish_case, release_case, withdraw_case
from audit_app.panels.services.loading import load_ratings, ratings_taken
from audit_app.panels.services.planning import change_panel, plan_panel
from audit_app.panels.services.printing import note_pack_printed, pack_on_paper
from audit_app.panels.services.rating import (
    ask_to_rate,
    give_rating,
    note_item,
    pull_out,
    rate_again,
    reopen_item,
    show_ratings,
)
from audit_app.panels.services.revision import touch_room
from audit_app.panels.services.room import (
    close_room,
    hide_timer,
    look_at,
    open_case,
    open_room,
    park_point,
    take_point,
)

__all__ = [
    "advance_round",
    "agree_item",
    "agree_ratings",
    "ask_to_rate",
    "change_panel",
    "close_room",
    "finish_case",
    "give_rating",
    "hide_timer",
    "load_ratings",
    "look_at",
    "note_item",
    "note_pack_printed",
    "open_case",
    "open_room",
    "pack_on_paper",
    "park_point",
    "plan_panel",
    "pull_out",
    "rate_again",
    "ratings_taken",
    "release_case",
    "reopen_item",
    "show_ratings",
    "take_point",
    "touch_room",
    "withdraw_case",
]
