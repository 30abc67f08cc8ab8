"""Figures, their table, and the targets they are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks import rooms
from benchmarks.client import Sample
from benchmarks.measures import (
    BESIDE,
    BY_AGENCY,
    CONTROL,
    DOMAIN,
    EVERYTHING,
    FINDINGS,
    GRID,
    LISTS,
    ONE,
    ONE_CONTROL,
    ROUND_WORKBOOK,
    SAVE,
)
from benchmarks.world import ROOM_SEATS, ROOMS


@dataclass(frozen=True)
class Figures:
    """What several runs of one measure came to: the median of each figure."""

    a_second: float
    p50: float
    p95: float
    statements: int
    peak_mib: float

    @classmethod
    def of(cls, samples: Sequence[Sample], peaks: Sequence[float]) -> "Figures":
        """The medians of runs; the peak is the highest."""
        return cls(
            a_second=median(sample.a_second for sample in samples),
            p50=median(sample.quantile(0.5) for sample in samples),
            p95=median(sample.quantile(0.95) for sample in samples),
            statements=int(median(sample.statements for sample in samples)),
            peak_mib=max(peaks),
        )


Results = Mapping[tuple[str, int], Figures]
"""Figures by the name of the measure and the number of clients."""

HEAD = (
    "| | clients | requests a second | p50 ms | p95 ms | SQL statements | peak memory MiB |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def line(name: str, clients: int, figures: Figures) -> str:
    """One row of the table."""
    return (
        f"| {name} | {clients} | {figures.a_second:.1f} | {figures.p50:.1f} | {figures.p95:.1f} "
        f"| {figures.statements} | {figures.peak_mib:.0f} |"
    )


@dataclass(frozen=True)
class Target:
    """A figure of one measure and what it may at most (or at least) be."""

    name: str
    clients: int
    figure: str
    limit: float
    is_at_least: bool = False

    def verdict(self, results: Results) -> str | None:
        """The target with its figure and whether it is met, or None where it was not measured."""
        found = results.get((self.name, self.clients))
        return _verdict(self, getattr(found, self.figure)) if found else None


TARGETS = (
    Target(SAVE, 1, "p50", 20),
    Target(ONE, 1, "p50", 8),
    Target(ONE, 1, "p95", 25),
    Target(DOMAIN, 1, "p50", 25),
    Target(DOMAIN, 1, "p95", 50),
    Target(DOMAIN, 8, "a_second", 60, is_at_least=True),
    Target(EVERYTHING, 1, "p50", 60),
    Target(BY_AGENCY, 1, "p50", 60),
    Target(FINDINGS, 1, "p50", 40),
    Target(BESIDE, 1, "p50", 60),
    *(Target(measure.name, 1, "p50", 25) for measure in LISTS),
    Target(GRID, 1, "p50", 120),
    Target(ROUND_WORKBOOK, 1, "p50", 1000),
    Target(rooms.POLL, ROOMS * ROOM_SEATS, "p95", 30),
    Target(rooms.SPREAD, ROOMS * ROOM_SEATS, "p95", 3000),
    *(Target(name, 1, "p95", 150) for name in rooms.BESIDE),
)


def verdicts(results: Results) -> list[str]:
    """Each target that was measured, met or missed, as lines."""
    found = [verdict for target in TARGETS if (verdict := target.verdict(results))]
    for save, control in ((SAVE, CONTROL), (ONE, ONE_CONTROL)):
        if (save, 32) in results and (control, 32) in results:
            rate = results[save, 32].a_second / results[control, 32].a_second
            target = Target(f"{save}, as a part of the control's rate", 32, "rate", 0.5, is_at_least=True)
            found.append(_verdict(target, rate))
    return found


def _verdict(target: Target, value: float) -> str:
    is_met = value >= target.limit if target.is_at_least else value <= target.limit
    sign = "at least" if target.is_at_least else "at most"
    words = {"a_second": "a second", "p50": "ms p50", "p95": "ms p95"}.get(target.figure, "")
    return (
        f"- {'met' if is_met else 'MISSED'}: {target.name}, {target.clients} client(s): "
        f"{value:.3g} {words} ({sign} {target.limit:g})"
    )
