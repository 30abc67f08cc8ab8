"""What a chair records of one item, and what it still needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit_app.panels.rules.states import AgreedHow
from audit_app.returns.rules import TEXT_AT_MOST, AnswerKind


@dataclass(frozen=True)
class Decision:
    """What the panel agreed on one item, and the version of the item that the chair saw.

    `level_id` is there exactly when `answer` is a level. `changed_because` is asked when it changes what was agreed.
    `better`: what would have made it better. `dissent`: the words of each person, by id, who asked for it to be noted
    that they see it differently.
    """

    item_id: int
    version: int
    answer: AnswerKind | None
    level_id: int | None
    reason: str
    changed_because: str = ""
    how: AgreedHow = AgreedHow.ON_PAPER
    better: str = ""
    dissent: Mapping[int, str] = field(default_factory=dict)


def gaps_in(decision: Decision, *, is_change: bool) -> Mapping[str, str]:
    """What a decision still needs, as a sentence by part: answer, reason, because, better, dissent-N.

    Empty when it can be kept.
    """
    gaps = {}
    if decision.answer is None:
        gaps["answer"] = "Choose what the panel agreed."
    if not decision.reason:
        gaps["reason"] = "Give the panel's reason."
    if is_change and not decision.changed_because:
        gaps["because"] = "Say why the agreed rating is changed. The earlier one is kept."
    texts = {"reason": decision.reason, "because": decision.changed_because, "better": decision.better}
    texts |= {f"dissent-{person}": words for person, words in decision.dissent.items()}
    for part, text in texts.items():
        if len(text) > TEXT_AT_MOST:
            gaps[part] = f"This must be {TEXT_AT_MOST:,} characters or fewer. It has {len(text):,}."
    return gaps
