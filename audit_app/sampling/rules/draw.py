"""The draw: from candidates, a plan and a seed to the same children and reserves on any machine."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.core.errors import Refused
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.rules.strata import Dimension, Stratum, in_order, proportional, stratum_words

SHORTEST_SECRET = 16  # bytes: below this a token could be worked back to a number by trying


@dataclass(frozen=True)
class Candidate:
    """A child who may be drawn. `number` is the council's own: decrypt it for the draw alone, and never show it."""

    number: str = field(repr=False)
    token: str  # see `child_token`; what the caller finds its own row by
    plan_status: PlanStatus
    age_band: AgeBand
    area: str = ""


@dataclass(frozen=True)
class SamplingPlan:
    """What is asked of a draw."""

    size: int
    reserves: int  # for each stratum, so that a replacement comes from where the child came from
    seed: str
    strata_by: tuple[Dimension, ...] = ()
    allocation: Mapping[Stratum, int] | None = None  # children for each stratum; None shares by population
    at_least_one: bool = False  # with a shared allocation: no stratum comes away empty


@dataclass(frozen=True)
class Pick:
    """A drawn child or a reserve, and its place in the order of its stratum, from 1."""

    candidate: Candidate
    stratum: Stratum
    place: int


@dataclass(frozen=True)
class StratumRow:
    """What one stratum had, was asked for and gave: drawn = wanted - short + taken_over."""

    stratum: Stratum
    words: str
    population: int
    wanted: int
    short: int
    taken_over: int  # drawn here because another stratum was short
    drawn: int
    reserves: int


@dataclass(frozen=True)
class Move:
    """Where a shortfall went: so many children drawn from one stratum in place of another's."""

    from_words: str
    to_words: str
    children: int


@dataclass(frozen=True)
class Drawn:
    """A finished draw."""

    drawn: tuple[Pick, ...]  # in the order of the whole draw, which says nothing about strata
    reserves: tuple[Pick, ...]  # stratum by stratum, first reserve first
    strata: tuple[StratumRow, ...]
    moves: tuple[Move, ...]
    population: int  # children drawn from, the excluded not counted
    excluded: int  # children left aside because an earlier draw had them


class DrawRefused(Refused):
    """This plan cannot be drawn; `reason` is one sentence and `field` the part of the plan to change."""


def child_token(number: str, secret: bytes) -> str:
    """The same 64 characters for a child in every import of one partnership, which say nothing without its secret.

    HMAC-SHA256 (RFC 2104) of the council's number under the partnership's secret.

    Raises:
        ValueError: the number is empty or the secret too short to protect anything.
    """
    if not number or len(secret) < SHORTEST_SECRET:
        raise ValueError("a token needs a number and a secret of 16 bytes or more")
    return hmac.new(secret, number.encode(), hashlib.sha256).hexdigest()


def order_key(seed: str, number: str) -> str:
    """What children are drawn in the order of: SHA-256 of seed, colon, council's number, in hexadecimal."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def stratum_of(candidate: Candidate, strata_by: tuple[Dimension, ...]) -> Stratum:
    """The stratum a child belongs to."""
    return tuple(str(getattr(candidate, by.value)) for by in strata_by)


def count_strata(candidates: Iterable[Candidate], strata_by: tuple[Dimension, ...]) -> dict[Stratum, int]:
    """How many children each stratum has, in the order of the strata: what a page asks numbers for."""
    counts: dict[Stratum, int] = {}
    for candidate in candidates:
        stratum = stratum_of(candidate, strata_by)
        counts[stratum] = counts.get(stratum, 0) + 1
    return {stratum: counts[stratum] for stratum in in_order(counts, strata_by)}


def draw(
    candidates: Sequence[Candidate],
    plan: SamplingPlan,
    *,
    excluded: Collection[str] = frozenset(),
    terms: Terms = DELIVERED,
) -> Drawn:
    """Draw a sample. The order of `candidates` makes no difference, and reserves never change who is drawn.

    Args:
        candidates: the population, each child once.
        plan: how many, from which strata, with which seed.
        excluded: tokens of children whom earlier draws had.
        terms: the words in which a refusal names a stratum.

    Raises:
        DrawRefused: the plan cannot be drawn from these children.
        ValueError: a child is among the candidates twice.
    """
    if len({candidate.number for candidate in candidates}) < len(candidates):
        raise ValueError("a child is among the candidates twice")
    eligible = [candidate for candidate in candidates if candidate.token not in excluded]
    if refusal := why_not_draw(eligible, plan, terms):
        raise refusal
    populations = count_strata(eligible, plan.strata_by)
    wanted = _wanted(populations, plan)
    moved = _moved(populations, wanted)
    strata: list[StratumRow] = []
    drawn: list[Pick] = []
    reserves: list[Pick] = []
    for stratum, has in populations.items():
        short = sum(children for (source, _), children in moved.items() if source == stratum)
        taken_over = sum(children for (_, target), children in moved.items() if target == stratum)
        count = wanted[stratum] - short + taken_over
        picks = _in_order_of_draw(eligible, stratum, plan)
        drawn += picks[:count]
        reserves += picks[count : count + plan.reserves]
        kept = min(plan.reserves, has - count)
        words = stratum_words(stratum, plan.strata_by)
        strata.append(StratumRow(stratum, words, has, wanted[stratum], short, taken_over, count, kept))
    drawn.sort(key=lambda pick: order_key(plan.seed, pick.candidate.number))
    moves = tuple(
        Move(stratum_words(source, plan.strata_by), stratum_words(target, plan.strata_by), children)
        for (source, target), children in moved.items()
    )
    return Drawn(tuple(drawn), tuple(reserves), tuple(strata), moves, len(eligible), len(candidates) - len(eligible))


def why_not_draw(eligible: Sequence[Candidate], plan: SamplingPlan, terms: Terms = DELIVERED) -> DrawRefused | None:
    """The refusal of a plan for these children, or None."""
    there_are = _there_are(len(eligible))
    if not plan.seed.strip():
        return DrawRefused("Give a seed, so that the draw can be repeated.", "seed")
    if plan.size < 1:
        return DrawRefused("Ask for at least one child.", "size")
    if plan.reserves < 0:
        return DrawRefused("The number of reserves cannot be below 0.", "reserves")
    if plan.size > len(eligible):
        return DrawRefused(f"{there_are} to draw from, so a sample of {plan.size} cannot be drawn.", "size")
    if plan.size + plan.reserves > len(eligible):
        left = len(eligible) - plan.size
        return DrawRefused(
            f"{there_are} to draw from, so a sample of {plan.size} leaves {left} for reserves.", "reserves"
        )
    return _why_not_allocate(count_strata(eligible, plan.strata_by), plan, terms)


def _there_are(children: int) -> str:
    if children == 0:
        return "There are no children"
    return "There is 1 child" if children == 1 else f"There are {children} children"


def _why_not_allocate(populations: Mapping[Stratum, int], plan: SamplingPlan, terms: Terms) -> DrawRefused | None:
    if plan.allocation is None:
        if plan.at_least_one and plan.size < len(populations):
            return DrawRefused(
                f"There are {len(populations)} strata, so a sample of {plan.size} cannot have a child from each.",
                "size",
            )
        return None
    for stratum, wanted in plan.allocation.items():
        words = stratum_words(stratum, plan.strata_by, terms)
        if wanted < 0:
            return DrawRefused(f"The number for “{words}” cannot be below 0.", "allocation")
        if wanted > 0 and stratum not in populations:
            return DrawRefused(f"There is no child in “{words}”, so none can be drawn from it.", "allocation")
    asked = sum(plan.allocation.values())
    if asked != plan.size:
        return DrawRefused(f"The strata add up to {asked}, and the sample is to be {plan.size}.", "allocation")
    return None


def _wanted(populations: Mapping[Stratum, int], plan: SamplingPlan) -> dict[Stratum, int]:
    if plan.allocation is None:
        return proportional(populations, plan.size, at_least_one=plan.at_least_one)
    return {stratum: plan.allocation.get(stratum, 0) for stratum in populations}


def _moved(populations: Mapping[Stratum, int], wanted: Mapping[Stratum, int]) -> dict[tuple[Stratum, Stratum], int]:
    """Where shortfalls go: shared by the children left, first among strata that were asked for, then among the rest."""
    short = {stratum: wanted[stratum] - has for stratum, has in populations.items() if wanted[stratum] > has}
    room = {stratum: has - wanted[stratum] for stratum, has in populations.items() if has > wanted[stratum]}
    missing = sum(short.values())
    receives: dict[Stratum, int] = {}
    for is_asked_for in (True, False):
        group = {stratum: left for stratum, left in room.items() if (wanted[stratum] > 0) is is_asked_for}
        if share := min(missing - sum(receives.values()), sum(group.values())):
            receives |= proportional(group, share)
    moved: dict[tuple[Stratum, Stratum], int] = {}
    for source, children in short.items():
        for target in receives:
            if step := min(children - sum(n for (s, _), n in moved.items() if s == source), receives[target]):
                moved[source, target] = step
                receives[target] -= step
    return moved


def _in_order_of_draw(eligible: Sequence[Candidate], stratum: Stratum, plan: SamplingPlan) -> list[Pick]:
    members = [candidate for candidate in eligible if stratum_of(candidate, plan.strata_by) == stratum]
    members.sort(key=lambda candidate: order_key(plan.seed, candidate.number))
    return [Pick(candidate, stratum, place) for place, candidate in enumerate(members, 1)]
