"""The measures of agreement among raters, as plain arithmetic. docs/agreement.md says why these and how.

A table of ratings has a row for each unit (a case), and in it a rank or None for each rater (an agency): 1 is the first
level of the scale, `levels` the last, None is missing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from audit_app.panels.rules.agreement.student import reach

Ratings = Sequence[Sequence[int | None]]
Counts = Sequence[Sequence[int]]
"""How many raters chose each level, for each unit that anybody rated."""
Weights = Sequence[Sequence[float]]
"""How far two levels count as agreed: 1 for the same, 0 for not at all."""


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with what it is made of. The interval holds 95%, and is None where one unit says nothing of it.

    Observed agreement, and the agreement that is expected by chance, are shares of 1.
    """

    value: float
    observed: float
    by_chance: float
    standard_error: float | None = None
    interval: tuple[float, float] | None = None


def counts_of(ratings: Ratings, levels: int) -> Counts:
    """How many chose each level, of each unit that anybody rated.

    Raises:
        ValueError: there are fewer than two levels, or a rank is none of them.
    """
    if levels < 2:
        raise ValueError("Agreement needs two levels or more.")
    counts = []
    for unit in ratings:
        row = [0] * levels
        for rank in unit:
            if rank is None:
                continue
            if not 1 <= rank <= levels:
                raise ValueError(f"Rank {rank} is none of {levels} levels.")
            row[rank - 1] += 1
        if any(row):
            counts.append(row)
    return counts


def compared(counts: Counts) -> Counts:
    """The units that two or more rated: all that says anything of agreement."""
    return [row for row in counts if sum(row) >= 2]


def identity_weights(levels: int) -> Weights:
    """Only the same level counts as agreed."""
    return [[float(one == other) for other in range(levels)] for one in range(levels)]


def ordinal_weights(levels: int) -> Weights:
    """Levels close together count as partly agreed: Gwet's ordinal weights.

    One less the number of pairs that can be formed of the levels from one to the other, over the most there can be.
    Four levels apart by none, one, two, three: 1, 5/6, 1/2, 0. Gwet, Handbook of Inter-Rater Reliability, 4th edition
    (2014), section 3.5; `ordinal.weights` of the R package irrCAC.
    """
    most = math.comb(levels, 2)
    return [[1 - math.comb(abs(one - other) + 1, 2) / most for other in range(levels)] for one in range(levels)]


def percentage_agreement(counts: Counts) -> float | None:
    """How often two ratings of a unit are the same, as a share of 1: the mean over units of the share of their pairs.

    Only units that two or more rated count. None where there is none. Gwet (2014), section 2.3.
    """
    units = compared(counts)
    if not units:
        return None
    return sum(_own_agreement(row, identity_weights(len(row))) for row in units) / len(units)


def gwet(counts: Counts, weights: Weights) -> Coefficient | None:
    """Gwet's AC1 (with identity weights) or AC2 (with others), with its standard error and 95% interval.

    A unit that one rater alone rated says how levels are used, not how far they are agreed. The variance is that of
    units drawn from a large population, for these raters; the interval takes Student's t with one degree fewer than
    units, and ends at 1. None where no unit was rated by two.

    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48; with weights and missing ratings
    Gwet (2014), sections 2.3 and 5.3; as `gwet.ac1.raw` of irrCAC.
    """
    units, n, levels = compared(counts), len(counts), len(weights)
    if not units:
        return None
    used = _use_of_levels(counts)
    spread = sum(map(sum, weights)) / (levels * (levels - 1))
    by_chance = spread * sum(share * (1 - share) for share in used)
    observed = sum(_own_agreement(row, weights) for row in units) / len(units)
    value = (observed - by_chance) / (1 - by_chance)

    def part_of(row: Sequence[int]) -> float:
        own = _own_agreement(row, weights) - by_chance if sum(row) >= 2 else 0.0
        own_chance = spread * sum(count * (1 - share) for count, share in zip(row, used, strict=True)) / sum(row)
        return (n / len(units) * own - 2 * (1 - value) * (own_chance - by_chance)) / (1 - by_chance)

    if n < 2:
        return Coefficient(value, observed, by_chance)
    error = math.sqrt(sum((part_of(row) - value) ** 2 for row in counts) / (n * (n - 1)))
    far = reach(n - 1) * error
    return Coefficient(value, observed, by_chance, error, (value - far, min(1.0, value + far)))


def fleiss_kappa(counts: Counts, weights: Weights) -> Coefficient | None:
    """Fleiss' kappa with missing ratings, without an interval: to compare with what others publish.

    None where no unit was rated by two, or all used one level alone. Fleiss (1971), Psychological Bulletin 76, 378-382;
    with missing ratings Gwet (2014), section 2.3; as `fleiss.kappa.raw` of irrCAC.
    """
    units = compared(counts)
    if not units:
        return None
    used = _use_of_levels(counts)
    by_chance = sum(
        weight * one * other
        for one, row in zip(used, weights, strict=True)
        for other, weight in zip(used, row, strict=True)
    )
    observed = sum(_own_agreement(row, weights) for row in units) / len(units)
    if math.isclose(by_chance, 1):
        return None
    return Coefficient((observed - by_chance) / (1 - by_chance), observed, by_chance)


Difference = Callable[[int, int, Sequence[float]], float]
"""How far apart two levels are (counted from 0), given how often each level was used: Krippendorff's squared metric."""


def nominal_difference(one: int, other: int, _used: Sequence[float]) -> float:
    """Any two levels are equally far apart."""
    return float(one != other)


def interval_difference(one: int, other: int, _used: Sequence[float]) -> float:
    """Levels are equal steps apart."""
    return float((one - other) ** 2)


def ordinal_difference(one: int, other: int, used: Sequence[float]) -> float:
    """Levels are apart by how many ratings lie from one to the other, those of the two by half."""
    low, high = min(one, other), max(one, other)
    return (sum(used[low : high + 1]) - (used[low] + used[high]) / 2) ** 2


def krippendorff_alpha(counts: Counts, difference: Difference) -> float | None:
    """Krippendorff's alpha. Units that fewer than two rated say nothing. None where all compared used one level alone.

    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: from the matrix of coincidences.
    """
    units = compared(counts)
    together = _coincidences(units)
    used = [sum(row) for row in together]
    both = range(len(used))
    apart = sum(together[one][other] * difference(one, other, used) for one in both for other in both)
    by_chance = sum(used[one] * used[other] * difference(one, other, used) for one in both for other in both)
    return 1 - (sum(used) - 1) * apart / by_chance if by_chance else None


def _own_agreement(row: Sequence[int], weights: Weights) -> float:
    """How far the pairs of ratings of one unit agree, as a share of 1."""
    ratings = sum(row)
    agreed = sum(
        count * (sum(weight * other for weight, other in zip(weights[level], row, strict=True)) - 1)
        for level, count in enumerate(row)
    )
    return agreed / (ratings * (ratings - 1))


def _use_of_levels(counts: Counts) -> Sequence[float]:
    """The share of ratings that each level has, every rated unit counting the same."""
    levels = range(len(counts[0]))
    return [sum(row[level] / sum(row) for row in counts) / len(counts) for level in levels]


def _coincidences(units: Counts) -> list[list[float]]:
    """How often each level was given beside each other one, every rating of a unit counting once."""
    levels = range(len(units[0])) if units else range(0)
    return [
        [sum(row[one] * (row[other] - (one == other)) / (sum(row) - 1) for row in units) for other in levels]
        for one in levels
    ]
