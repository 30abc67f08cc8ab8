"""What somebody typed into a page and has not saved: how much is kept of it, of what, and how long."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

DRAFT_KEPT_FOR = timedelta(days=7)
DRAFTS_AT_MOST = 50  # of one person in one partnership
DRAFT_AT_MOST = 400_000  # characters, with the names of the fields
TITLE_AT_MOST = 200
NEVER_KEPT = ("csrf_token", "password")
"""What a field's name holds that is never kept, whatever a page sends. Files are not among what a page can send."""

Field = tuple[str, str]


@dataclass(frozen=True)
class Typed:
    """A form as it was typed: the page's heading; its hidden fields, which say over what it was typed; its answers as
    (name, value) in their order; and which of these, by their place, are texts that were changed."""

    title: str
    hidden: Sequence[Field]
    answers: Sequence[Field]
    changed: Sequence[int]

    @property
    def texts(self) -> Sequence[str]:
        """The texts that were typed and are not empty."""
        return [self.answers[place][1] for place in self.changed if self.answers[place][1].strip()]

    def as_json(self) -> str:
        """As it is kept, and as the page reads it."""
        return json.dumps(vars(self), ensure_ascii=False)


def typed_in(sent: str) -> Typed | None:
    """What a page sent of a form, without the fields that are never kept; None for what no page of ours would send."""
    try:
        told = json.loads(sent)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or set(told) != {"title", "hidden", "answers", "changed"}:
        return None
    hidden, answers, changed = (told[name] for name in ("hidden", "answers", "changed"))
    if not (isinstance(told["title"], str) and _are_fields(hidden) and _are_fields(answers)):
        return None
    if not isinstance(changed, list) or not all(type(one) is int and 0 <= one < len(answers) for one in changed):
        return None
    places = [place for place, (name, _) in enumerate(answers) if _may_be_kept(name)]
    return Typed(
        title=_whole(told["title"])[:TITLE_AT_MOST],
        hidden=[(_whole(name), _whole(value)) for name, value in hidden if _may_be_kept(name)],
        answers=[(_whole(answers[place][0]), _whole(answers[place][1])) for place in places],
        changed=[number for number, place in enumerate(places) if place in changed],
    )


def typed_as_kept(kept: str) -> Typed:
    """What was kept, read again."""
    told = json.loads(kept)
    pairs = {name: [(one, value) for one, value in told[name]] for name in ("hidden", "answers")}
    return Typed(title=told["title"], changed=told["changed"], **pairs)


def _are_fields(told: Any) -> bool:
    return isinstance(told, list) and all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one) for one in told
    )


def _whole(text: str) -> str:
    """A text without halves of characters, such as a browser has while an emoji is being typed: none can be stored."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _may_be_kept(name: str) -> bool:
    return not any(part in name.lower() for part in NEVER_KEPT)


def why_not_keep_draft(typed: Typed, *, kept_elsewhere: Collection[str]) -> str | None:
    """The reason a form cannot be kept until it is saved, or None. `kept_elsewhere` are the addresses of the person's
    other forms that are kept."""
    if len(typed.as_json()) > DRAFT_AT_MOST:
        return "it is too long to be kept until you save it."
    if len(kept_elsewhere) >= DRAFTS_AT_MOST:
        return f"{DRAFTS_AT_MOST} other pages of yours are kept already. Save or remove some of them first."
    return None
