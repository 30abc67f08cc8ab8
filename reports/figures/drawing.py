"""What the charts share: colours, labels that cannot become markup, and axes that count in whole numbers."""

import html
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reports.counts import CountTable, Scale

Figure = dict[str, Any]

INK, WHITE, GREY, STRIPE, RULE = "#0b0c0c", "#ffffff", "#505a5f", "#cfd2d4", "#e6e7e8"

FOUR_TONES = (("#12436D", WHITE), ("#28A197", INK), ("#F46A25", INK), ("#801650", WHITE))
"""Fill and text of the levels of a scale of four, best to worst."""

BAND_TONES = {"strong": FOUR_TONES[0], "adequate": FOUR_TONES[1], "weak": FOUR_TONES[3]}
"""Any other scale takes its bands' colours; these three differ by 3 to 1 where they touch."""

PATTERNS = ("", "/", "x", ".", "-", "|")
"""What tells the levels of one band apart, beside their letters."""


DOWN: Figure = {
    "type": "category",
    "autorange": "reversed",
    "automargin": True,
    "fixedrange": True,
    "ticks": "",
    "ticklabelstandoff": 6,
}
"""The axis of names, read from the top."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and everything that must agree with it.

    `headline` is the finding in words. `figure` is what plotly.js draws; `figure["layout"]["meta"]["headline"]` repeats
    the headline for a picture that leaves the page. `table` is the page's table, `counts` every number for a file.
    """

    headline: str
    figure: Figure
    table: CountTable
    counts: CountTable


@lru_cache(maxsize=10_000)  # breaking lines takes most of a chart's time, and the same labels come with every request
def label(text: str, width: int) -> str:
    """Text for plotly.js, broken into lines of about `width` characters, in which nothing can be a tag."""
    return "<br>".join(html.escape(line, quote=False) for line in textwrap.wrap(text, width)) or " "


def whole_steps(most: int) -> int:
    """The distance of the marks on an axis of counts up to `most`: 1, 2 or 5 times a power of ten; at most 12 marks."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= 12 * step:
                return step
        power *= 10


def level_markers(scale: Scale) -> list[Figure]:
    """The fill of each level, best to worst, with white gaps between the parts of a bar."""
    markers: list[Figure] = []
    seen = dict.fromkeys(BAND_TONES, 0)
    for number, level in enumerate(scale.levels):
        gap = {"color": WHITE, "width": 2}
        if len(scale.levels) == len(FOUR_TONES):
            markers.append({"color": FOUR_TONES[number][0], "line": gap})
            continue
        colour, ink = BAND_TONES[level.band]
        shape = PATTERNS[seen[level.band] % len(PATTERNS)]
        seen[level.band] += 1
        pattern = {"shape": shape, "bgcolor": colour, "fgcolor": ink, "fgopacity": 0.35, "size": 8, "solidity": 0.2}
        markers.append({"color": colour, "line": gap, "pattern": pattern})
    return markers


def level_inks(scale: Scale) -> list[str]:
    """The colour of the text on each level, best to worst."""
    if len(scale.levels) == len(FOUR_TONES):
        return [ink for _, ink in FOUR_TONES]
    return [BAND_TONES[level.band][1] for level in scale.levels]


def layout(headline: str, height: int, **more: object) -> Figure:
    """The layout that all charts begin with; `height` in pixels."""
    return {
        "height": height,
        "font": {"family": "Arial, Helvetica, sans-serif", "size": 14, "color": INK},
        "paper_bgcolor": WHITE,
        "plot_bgcolor": WHITE,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": WHITE, "bordercolor": INK, "font": {"color": INK}, "align": "left"},
        "meta": {"headline": headline},
        **more,
    }
