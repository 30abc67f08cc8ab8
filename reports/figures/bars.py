"""Bars of counts: levels from the left, best to worst, and the answers that are no level apart on the right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.counts import IndicatorCounts, Scale, how_many
from reports.figures.drawing import (
    GREY,
    INK,
    RULE,
    STRIPE,
    WHITE,
    Figure,
    label,
    layout,
    level_inks,
    level_markers,
    whole_steps,
)

_OUTLINED = {"color": WHITE, "line": {"color": GREY, "width": 1}}
_STRIPES = {"shape": "/", "bgcolor": WHITE, "fgcolor": STRIPE, "size": 8, "solidity": 0.4}
_NO_LEVELS: tuple[tuple[str, str, str, Figure], ...] = (
    ("not_applicable", "NA", "Not applicable", _OUTLINED),
    ("no_evidence", "NE", "No evidence on file", {**_OUTLINED, "pattern": _STRIPES}),
)
_NARROWEST_SIDE = 0.18
"""The part of the width that the answers that are no level keep, so that their heading can be read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, the label at its start (lines broken by <br>), and from an answer (a level's code,
    "not_applicable" or "no_evidence") to the cases behind it. `at` is its place on an axis of numbers; without one the
    label is its place."""

    counted: IndicatorCounts
    label: str
    address_of: Callable[[str], str | None] = lambda _answer: None
    at: float | None = None

    @property
    def place(self) -> str | float:
        return self.label if self.at is None else self.at

    @property
    def name(self) -> str:
        """What a reader who points at it is told that it is."""
        return f"{self.counted.code} {self.counted.title}"


def level_bars(scale: Scale, bars: Sequence[Bar]) -> list[Figure]:
    """A trace a level, best to worst, each part with its letter and number."""
    traces = []
    for place, (level, marker, ink) in enumerate(
        zip(scale.levels, level_markers(scale), level_inks(scale), strict=True)
    ):
        numbers = [bar.counted.counts.levels[place] for bar in bars]
        said = [
            f"{bar.name}: {level.words} in {n} of {how_many(bar.counted.counts.rated, bar.counted.counted)}"
            for bar, n in zip(bars, numbers, strict=True)
        ]
        trace = _trace(bars, numbers, level.letter, said, level.code)
        traces.append({**trace, "name": label(f"{level.letter} {level.words}", 60), "marker": marker})
        traces[-1]["insidetextfont"] = {"color": ink, "size": 14}
    return traces


def other_bars(bars: Sequence[Bar]) -> list[Figure]:
    """A trace for each kind of answer that is no level, where there is any, on an axis of its own."""
    traces = []
    for answer, letters, words, marker in _NO_LEVELS:
        numbers: list[int] = [getattr(bar.counted.counts, answer) for bar in bars]
        if not any(numbers):
            continue
        said = [
            f"{bar.name}: {words.lower()} in {how_many(n, bar.counted.counted)}"
            for bar, n in zip(bars, numbers, strict=True)
        ]
        trace = _trace(bars, numbers, letters, said, answer)
        trace["x"] = [n or None for n in numbers]  # the outline of a bar of no length would be a line
        traces.append({**trace, "name": f"{letters} {words}", "marker": marker, "xaxis": "x2"})
        traces[-1]["insidetextfont"] = {"color": INK, "size": 14}
    return traces


def _trace(bars: Sequence[Bar], numbers: list[int], letters: str, said: list[str], answer: str) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [bar.place for bar in bars],
        "x": numbers,
        "text": [f"{label(letters, 12)}: {n}" if n else "" for n in numbers],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "hovertext": [label(words, 60) for words in said],
        "hoverinfo": "text",
        "customdata": [bar.address_of(answer) for bar in bars],
    }


def lines_of(bars: Sequence[Bar]) -> int:
    """The lines of the longest label."""
    return max((bar.label.count("<br>") + 1 for bar in bars), default=1)


def bars_layout(headline: str, bars: Sequence[Bar], height: int, *, yaxis: Figure) -> Figure:
    """The layout of such bars on this axis of names, `height` in pixels. A case is as long right as left."""
    every = [bar.counted for bar in bars]
    most = max((one.counts.rated for one in every), default=0) or 1
    others = max((one.counts.not_applicable + one.counts.no_evidence for one in every), default=0)
    counted = list(dict.fromkeys(one.counted for one in every)) or ["cases"]
    axis = {"dtick": whole_steps(most), "gridcolor": RULE, "zeroline": False, "fixedrange": True}
    side = max(others, most * _NARROWEST_SIDE / (0.95 - _NARROWEST_SIDE))
    width = 0.95 * most / (most + side) if others else 1.0
    figure = layout(
        headline,
        height,
        barmode="stack",
        bargap=0.25,
        margin={"l": 0, "r": 10, "t": 50, "b": 50},
        legend={"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "traceorder": "normal", "itemclick": False},
        uniformtext={"minsize": 11, "mode": "hide"},
        yaxis=yaxis,
        xaxis={
            **axis,
            "title": {"text": " or ".join(counted).capitalize()},
            "range": [0, most * 1.01],
            "domain": [0, round(width, 4)],
        },
    )
    if others:
        figure["xaxis2"] = {
            **axis,
            "title": {"text": "Not rated"},
            "range": [-0.01 * most, round(side * 1.01, 4)],  # room for the outline
            "domain": [round(width + 0.05, 4), 1],
            "anchor": "y",
        }
    return figure
