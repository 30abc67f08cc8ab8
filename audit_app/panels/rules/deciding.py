"""What a chair records of one item, and what it still needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from audit_app.panels.rules.states import AgreedHow
from audit_app.returns.rules import TEXT_AT_MOST, AnswerKind


@dataclass(frozen=True)
class Decision:
    """What the panel agreed on one item, and the version of the item that the chair saw.

    `level_id` is there exactly when `answer` is a level. `changed_because` is asked when it changes what was agreed.
    """

    item_id: int
    version: int
    answer: AnswerKind | None
    level_id: int | None
    reason: str
    changed_because: str = ""
    how: AgreedHow = AgreedHow.ON_PAPER


def gaps_in(decision: Decision, *, is_change: bool) -> Mapping[str, str]:
    """What a decision still needs, as a sentence by part: answer, reason, because. Empty when it can be kept."""
    gaps = {}
    if decision.answer is None:
        gaps["answer"] = "Choose what the panel agreed."
    if not decision.reason:
        gaps["reason"] = "Give the panel's reason."
    if is_change and not decision.changed_because:
        gaps["because"] = "Say why the agreed rating is changed. The earlier one is kept."
    for part, text in (("reason", decision.reason), ("because", decision.changed_because)):
        if len(text) > TEXT_AT_MOST:
            gaps[part] = f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(text):,}."
    return gaps
