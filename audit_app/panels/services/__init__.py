"""What a panel does: is planned, is given cases, agrees ratings, finishes a case."""

from audit_app.panels.services.agreeing import agree_ratings
from audit_app.panels.services.cases import advance_round, finish_case, release_case, withdraw_case
from audit_app.panels.services.planning import change_panel, plan_panel

__all__ = [
    "advance_round",
    "agree_ratings",
    "change_panel",
    "finish_case",
    "plan_panel",
    "release_case",
    "withdraw_case",
]
