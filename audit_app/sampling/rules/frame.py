"""The sampling frame: which children of a population may be drawn."""

from dataclasses import dataclass
from enum import StrEnum


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
