"""The sampling frame: which children of a population may be drawn."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit_app.sampling.rules.strata import Dimension, Stratum


class Pool(StrEnum):
    """How much a file must say of neglect for a child to be drawn."""

    NEGLECT = "neglect"
    POSSIBLE = "possible"
    ALL = "all"


POOL_WORDS = {
    Pool.NEGLECT: "Children with neglect recorded",
    Pool.POSSIBLE: "Children with neglect recorded, or possibly (“multiple” categories)",
    Pool.ALL: "All children of the file",
}


@dataclass(frozen=True)
class SamplingFrame:
    """Who may be drawn. As delivered: children with neglect recorded whose plan is open."""

    pool: Pool = Pool.NEGLECT
    is_with_ended: bool = False  # also children whose plan has ended
    is_without_earlier: bool = False  # not the children of this partnership's earlier rounds


def fingerprint_of(frame: SamplingFrame, strata_by: tuple[Dimension, ...], strata: Mapping[Stratum, int]) -> str:
    """What a page remembers of who can be drawn, in which groups and how many: the same for the same choice and file.

    Args:
        frame: which children may be drawn.
        strata_by: what they are grouped by.
        strata: how many children each group has.
    """
    said = [
        frame.pool.value,
        str(frame.is_with_ended),
        str(frame.is_without_earlier),
        *(by.value for by in strata_by),
        *(f"{'|'.join(stratum)}: {children}" for stratum, children in strata.items()),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def why_not_draw_unseen(*, is_as_shown: bool) -> str | None:
    """The reason a draw has to wait until a person has seen whom it would be from, or None."""
    if not is_as_shown:
        return (
            "Part 1 has changed since the groups were shown. This page now shows who can be drawn: look at it, and at "
            "the numbers, then draw the sample."
        )
    return None
