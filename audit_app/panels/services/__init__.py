"""What a panel does: is planned, is given cases, agrees ratings, finishes a case."""

from audit_app.panels.services.accuracy import (
    Wrong,
    ask_correction,
    decide_correction,
    end_check,
    give_more_time,
    say_nothing_to_correct,
)
from audit_app.panels.services.agreeing import agree_item, agree_ratings
from audit_app.panels.services.attendance import record_attendance, say_here
from audit_app.panels.services.calibration import (
    change_practice_case,
    close_practice_case,
    score_practice_case,
    set_practice_case,
)
from audit_app.panels.services.case_action_ladder import chase_case_actions, chase_every_case_action
from audit_app.panels.services.case_actions import (
    finish_case_action,
    move_case_action,
    raise_case_action,
    send_case_action_back,
    withdraw_case_action,
)
from audit_app.panels.services.cases import advance_round, finish_case, release_case, withdraw_case
from audit_app.panels.services.closing import close_round
from audit_app.panels.services.conflicts import mark_conflict, unmark_conflict
from audit_app.panels.services.loading import load_ratings, ratings_taken
from audit_app.panels.services.moderation import (
    confirm_change,
    decline_change,
    end_moderation,
    name_reader,
    propose_change,
    take_change_back,
)
from audit_app.panels.services.outcomes import answer_question, save_outcome
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
from audit_app.panels.services.room import close_room, hide_timer, look_at, open_case, open_room, park_point, take_point

__all__ = [
    "Wrong",
    "advance_round",
    "agree_item",
    "agree_ratings",
    "answer_question",
    "ask_correction",
    "ask_to_rate",
    "change_panel",
    "change_practice_case",
    "chase_case_actions",
    "chase_every_case_action",
    "close_practice_case",
    "close_room",
    "close_round",
    "confirm_change",
    "decide_correction",
    "decline_change",
    "end_check",
    "end_moderation",
    "finish_case",
    "finish_case_action",
    "give_more_time",
    "give_rating",
    "hide_timer",
    "load_ratings",
    "look_at",
    "mark_conflict",
    "move_case_action",
    "name_reader",
    "note_item",
    "note_pack_printed",
    "open_case",
    "open_room",
    "pack_on_paper",
    "park_point",
    "plan_panel",
    "propose_change",
    "pull_out",
    "raise_case_action",
    "rate_again",
    "ratings_taken",
    "record_attendance",
    "release_case",
    "reopen_item",
    "save_outcome",
    "say_here",
    "say_nothing_to_correct",
    "score_practice_case",
    "send_case_action_back",
    "set_practice_case",
    "show_ratings",
    "take_change_back",
    "take_point",
    "touch_room",
    "unmark_conflict",
    "withdraw_case",
    "withdraw_case_action",
]
