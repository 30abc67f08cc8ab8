"""Strata: the groups that a sample is drawn from, and how many children each of them gives."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, TermGroup, Terms
from audit_app.indicators.rules import AGE_BAND_WORDS, AgeBand, PlanStatus

Stratum = tuple[str, ...]
"""The values of the chosen dimensions, in their order; () when there are none and everyone is in one group."""


class Dimension(StrEnum):
    """What a population can be divided by."""

    PLAN_STATUS = "plan_status"
    AGE_BAND = "age_band"
    AREA = "area"


DIMENSION_WORDS = {
    Dimension.PLAN_STATUS: "Plan status",
    Dimension.AGE_BAND: "Age band",
    Dimension.AREA: "Area",
}

_WORDS: Mapping[Dimension, Mapping[str, str]] = {
    Dimension.PLAN_STATUS: DELIVERED.of(TermGroup.PLAN_STATUS),
    Dimension.AGE_BAND: {band.value: words for band, words in AGE_BAND_WORDS.items()},
    Dimension.AREA: {"": "No area"},
}
_PLACES: Mapping[Dimension, Mapping[str, int]] = {
    Dimension.PLAN_STATUS: {status.value: place for place, status in enumerate(PlanStatus)},
    Dimension.AGE_BAND: {band.value: place for place, band in enumerate(AgeBand)},
    Dimension.AREA: {},
}


def stratum_words(stratum: Stratum, strata_by: tuple[Dimension, ...], terms: Terms = DELIVERED) -> str:
    """A stratum as a page names it: “Child protection plan, 5 to 9”.

    A draw keeps its strata under the delivered words, which never change; pages say them in a partnership's own.
    """
    words = {**_WORDS, Dimension.PLAN_STATUS: terms.of(TermGroup.PLAN_STATUS)}
    return (
        ", ".join(words[by].get(value, value) for by, value in zip(strata_by, stratum, strict=True)) or "All children"
    )


def kept_stratum_words(kept: str, strata_by: Sequence[str], terms: Terms) -> str:
    """A stratum that a draw kept under the delivered words, in a partnership's own.

    `strata_by` is what its draw was divided by. Areas, which may hold commas, come last: a word that is looked for
    stands before them.
    """
    if Dimension.PLAN_STATUS not in strata_by:
        return kept
    place = list(strata_by).index(Dimension.PLAN_STATUS)
    parts = kept.split(", ", maxsplit=len(strata_by) - 1)
    own = dict(zip(_WORDS[Dimension.PLAN_STATUS].values(), terms.plan_statuses.values(), strict=True))
    return ", ".join(own.get(part, part) if at == place else part for at, part in enumerate(parts))


def in_order(strata: Iterable[Stratum], strata_by: tuple[Dimension, ...]) -> list[Stratum]:
    """Strata from the highest plan and the youngest age on, areas by name. Every tie is settled in this order."""
    return sorted(
        strata,
        key=lambda stratum: tuple(
            (_PLACES[by].get(value, 0), value) for by, value in zip(strata_by, stratum, strict=True)
        ),
    )


def proportional(populations: Mapping[Stratum, int], size: int, *, at_least_one: bool = False) -> dict[Stratum, int]:
    """Share `size` among strata by how many children each has, by the method of largest remainders (Hamilton).

    Each stratum first gets the whole part of its exact share; the children still wanted go one each to the largest
    remainders; equal remainders go to the larger stratum, then to the earlier one. With `at_least_one`, a stratum whose
    exact share is below one gets one, and the others share what is left in the same way.

    Args:
        populations: children in each stratum, in the order that settles ties; none is 0.
        size: how many children to share out; at most the sum of the populations.
        at_least_one: whether no stratum may come away empty; then `size` is at least the number of strata.

    Returns:
        Children to draw from each stratum, never more than it has; they add up to `size`.
    """
    total = sum(populations.values())
    if at_least_one:
        small = {stratum: 1 for stratum, has in populations.items() if size * has < total}
        if small:
            others = {stratum: has for stratum, has in populations.items() if stratum not in small}
            shared = small | proportional(others, size - len(small), at_least_one=True)
            return {stratum: shared[stratum] for stratum in populations}
    shares = {stratum: size * has // total for stratum, has in populations.items()}
    by_remainder = sorted(populations, key=lambda each: (-(size * populations[each] % total), -populations[each]))
    for stratum in by_remainder[: size - sum(shares.values())]:
        shares[stratum] += 1
    return shares
