"""How far the agencies of a round agreed before they talked, and how far each lay from what was then agreed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from audit_app.panels.rules.agreement.distance import Distance, signed_distance
from audit_app.panels.rules.agreement.measures import Agreement, Outcome, measure
from audit_app.rounds.rules import FrozenDomain, FrozenIndicator, FrozenTemplate


@dataclass(frozen=True)
class FirstVote:
    """The level that an agency gave on one item before it was talked about. Rank 1 is best.

    The item is a case and an indicator and, where each agency's own work is rated, the agency whose work it is.
    """

    item_id: int
    indicator_id: int
    agency_id: int
    rank: int


@dataclass(frozen=True)
class Placed:
    """A level that an agency gave in its return, beside the one that was agreed on the same item."""

    indicator_id: int
    agency_id: int
    rank: int
    agreed: int


@dataclass(frozen=True)
class OfDomain:
    """The agreement on each indicator of a domain, and over all of them."""

    domain: FrozenDomain
    indicators: Sequence[tuple[FrozenIndicator, Agreement]]
    whole: Agreement


@dataclass(frozen=True)
class OfPair:
    """The agreement of two agencies, over all that both rated."""

    one: str
    other: str
    agreement: Agreement


@dataclass(frozen=True)
class OfRound:
    """The agreement of a round: over everything, by domain and indicator, and of each two agencies, least first."""

    whole: Agreement
    domains: Sequence[OfDomain]
    pairs: Sequence[OfPair]


Units = Sequence[Mapping[int, int]]
"""The rank that each agency gave, for each unit."""


def agreement_of_round(
    votes: Iterable[FirstVote], template: FrozenTemplate, agencies: Sequence[tuple[int, str]]
) -> OfRound | None:
    """Measure the first votes of a round. None where its scale has fewer than two levels.

    `agencies` are (id, name) of those that take part.
    """
    levels = len(template.levels)
    if levels < 2:
        return None
    by_indicator: dict[int, dict[int, dict[int, int]]] = {}
    for vote in votes:
        by_indicator.setdefault(vote.indicator_id, {}).setdefault(vote.item_id, {})[vote.agency_id] = vote.rank
    ids = [agency_id for agency_id, _ in agencies]
    units = {one: list(items.values()) for one, items in by_indicator.items()}

    def measured(of: Iterable[int], who: Sequence[int] = ids) -> Agreement:
        rows = [[unit.get(agency_id) for agency_id in who] for one in of for unit in units.get(one, ())]
        return measure(rows, levels)

    everything = [indicator.id for indicator in template.indicators]
    return OfRound(
        measured(everything),
        [
            OfDomain(
                domain,
                [(one, measured([one.id])) for one in domain.indicators if one.id in units],
                measured([one.id for one in domain.indicators]),
            )
            for domain in template.domains
            if any(one.id in units for one in domain.indicators)
        ],
        least_first(
            OfPair(names[0], names[1], measured(everything, pair))
            for pair, names in zip(combinations(ids, 2), combinations([name for _, name in agencies], 2), strict=True)
        ),
    )


def least_first(pairs: Iterable[OfPair]) -> Sequence[OfPair]:
    """Pairs that both rated something, the least agreement first."""
    both = [pair for pair in pairs if pair.agreement.outcome is not Outcome.NO_PAIRS]
    return sorted(both, key=lambda pair: (pair.agreement.percentage or 0, pair.one, pair.other))


@dataclass(frozen=True)
class OfAgency:
    """How far one agency lies from what was agreed: over everything, and by domain where it rated any of it."""

    agency_id: int
    agency: str
    whole: Distance | None
    domains: Sequence[tuple[str, Distance]] = field(default=())


def distances_of_round(
    placed: Iterable[Placed], template: FrozenTemplate, agencies: Sequence[tuple[int, str]]
) -> Sequence[OfAgency]:
    """How far each of these agencies, as (id, name), lies from what was agreed, in their order."""
    domain_of = {one.id: domain.title for domain in template.domains for one in domain.indicators}
    pairs: dict[int, list[tuple[str, tuple[int, int]]]] = {agency_id: [] for agency_id, _ in agencies}
    for one in placed:
        if one.agency_id in pairs:
            pairs[one.agency_id].append((domain_of[one.indicator_id], (one.rank, one.agreed)))
    found = []
    for agency_id, name in agencies:
        mine = pairs[agency_id]
        by_domain = [
            (domain.title, signed_distance(pair for title, pair in mine if title == domain.title))
            for domain in template.domains
        ]
        found.append(
            OfAgency(
                agency_id,
                name,
                signed_distance(pair for _, pair in mine),
                [(title, distance) for title, distance in by_domain if distance is not None],
            )
        )
    return found
