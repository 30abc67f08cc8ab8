"""Names in what is written at a panel and after it: where they may stand, how they are put right, and what is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Mend(StrEnum):
    """How a text is put right that was written at a panel. What is `kept` can no longer be changed by anybody."""

    AGREE_ANEW = "agree_anew"
    MARK_ANEW = "mark_anew"
    KEPT = "kept"


@dataclass(frozen=True)
class WrittenAtPanel:
    """A text of a case that was written at its panel, in words where, and how it is put right.

    `item_id`: the item that is agreed anew.
    """

    where: str
    mend: Mend
    text: str
    item_id: int | None = None


@dataclass(frozen=True)
class PlaceOfNames:
    """Where at a panel something may name someone. Never what."""

    where: str
    mend: Mend
    item_id: int | None


def places(found: Sequence[WrittenAtPanel]) -> Sequence[PlaceOfNames]:
    """The places of texts, each once, in their order."""
    return list(dict.fromkeys(PlaceOfNames(one.where, one.mend, one.item_id) for one in found))


def why_names(names: Sequence[str], *, are_told: bool) -> str:
    """The sentence that stops a text in which `names` may name someone. `are_told`: its writer may know which."""
    what = ", ".join(f"“{one}”" for one in names) if are_told else "Something in it"
    return f"{what} may name someone. Write “the mother” or “the school”, or tick that it names nobody."
