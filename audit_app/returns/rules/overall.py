"""What an agency says over a whole return, and what a return needs before it is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace

from audit_app.returns.rules.answers import TEXT_AT_MOST

DECLARATION = (
    "I have read our file on this child. What this return says is our agency's own judgement and rests on what the "
    "file shows. It names nobody: no child, family member or worker."
)
"""What whoever submits a return ticks. It is kept with the submission in the words of that day."""


@dataclass(frozen=True)
class Overall:
    """What an agency says over a whole return. The level is chosen, never worked out from the ratings."""

    overall_level_id: int | None = None
    overall_reason: str = ""
    worked_well: str = ""
    to_improve: str = ""
    learning: str = ""
    proposed_actions: str = ""


OVERALL_WORDS = {
    "overall_level_id": "Overall level",
    "overall_reason": "Overall judgement and its reason",
    "worked_well": "What worked well",
    "to_improve": "What could have been better",
    "learning": "Learning for the agency itself",
    "proposed_actions": "Actions that the agency proposes for itself",
}
"""What each of these is called where it is read, in the order in which it is asked."""


LEVEL_ASKED = "How good was your agency's own work with this child, over all?"
REASON_ASKED = "What is the reason for this level?"
JUDGEMENT_ASKED = "What is your judgement of your agency's work over all, and why?"
"""The questions that must be answered, as the page asks them: the last one alone where a round has no levels."""


def tidied_overall(overall: Overall) -> Overall:
    """These words as they are kept: line ends of one kind, no spaces around a text."""
    texts = {one.name: getattr(overall, one.name) for one in fields(Overall) if one.name != "overall_level_id"}
    return replace(
        overall, **{name: text.replace("\r\n", "\n").replace("\0", "").strip() for name, text in texts.items()}
    )


def why_not_overall(overall: Overall) -> str | None:
    """The reason these (tidied) words cannot be kept, or None."""
    for name, words in OVERALL_WORDS.items():
        text = getattr(overall, name)
        if isinstance(text, str) and len(text) > TEXT_AT_MOST:
            return f"{words} must be {TEXT_AT_MOST:,} characters or fewer. It has {len(text):,}."
    return None


@dataclass(frozen=True)
class Need:
    """Something that a return still needs before it can be submitted.

    `part` is where it belongs, a heading; `page` the endpoint among returns' pages that mends it, asked `where` besides
    the return, at `anchor`.
    """

    part: str
    title: str
    words: str
    page: str
    anchor: str = ""
    where: Mapping[str, int] = field(default_factory=dict)


def overall_needs(overall: Overall, *, has_levels: bool) -> list[Need]:
    """What the words over a whole return still need: a level where the round has levels, and the reason for it, which
    is the judgement itself where it has none. The other texts are asked, and may stay empty."""
    part, needs = "Over the whole return", []
    if has_levels and overall.overall_level_id is None:
        needs.append(Need(part, LEVEL_ASKED, "Not chosen yet", "save_words", "overall_level"))
    if not overall.overall_reason:
        asked = REASON_ASKED if has_levels else JUDGEMENT_ASKED
        needs.append(Need(part, asked, "Not written yet", "save_words", "overall_reason"))
    return needs
