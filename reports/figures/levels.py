"""How the agreed levels of each indicator are spread."""

from collections.abc import Callable, Sequence

from reports.counts import CountTable, IndicatorCounts, Row, Scale, at_least_share, check_fit, how_many
from reports.figures.drawing import (
    DOWN,
    GREY,
    INK,
    RULE,
    STRIPE,
    WHITE,
    Chart,
    Figure,
    label,
    layout,
    level_inks,
    level_markers,
    whole_steps,
)

AddressOf = Callable[[str, str], str | None]
"""From an indicator's code and an answer (a level's code, "not_applicable" or "no_evidence") to the cases behind it."""

_OUTLINED = {"color": WHITE, "line": {"color": GREY, "width": 1}}
_STRIPES = {"shape": "/", "bgcolor": WHITE, "fgcolor": STRIPE, "size": 8, "solidity": 0.4}
_NO_LEVELS: tuple[tuple[str, str, str, Figure], ...] = (
    ("not_applicable", "NA", "Not applicable", _OUTLINED),
    ("no_evidence", "NE", "No evidence on file", {**_OUTLINED, "pattern": _STRIPES}),
)
_NARROWEST_SIDE = 0.18
"""The part of the width that the answers that are no level keep, so that their heading can be read."""


def levels_chart(
    scale: Scale, indicators: Sequence[IndicatorCounts], *, address_of: AddressOf = lambda *_: None
) -> Chart:
    """A bar an indicator, in the order given: the number of answers at each level, best to worst, from the left.

    Answers that are no level stand apart on the right, drawn to the same measure, and are not in the n of the label.
    `address_of` gives each part of a bar the address of what it counts. Raises ValueError where counts do not fit the
    scale or two indicators have one code.
    """
    if len({indicator.code for indicator in indicators}) < len(indicators):
        raise ValueError("two indicators have the same code")
    check_fit(scale, [indicator.counts for indicator in indicators])
    headline = levels_headline(scale, indicators)
    table = _table(scale, indicators)
    names = [_name(indicator) for indicator in indicators]
    return Chart(
        headline,
        {
            "data": _level_bars(scale, indicators, names, address_of) + _other_bars(indicators, names, address_of),
            "layout": _layout(headline, indicators, names),
        },
        table,
        table,
    )


def levels_headline(scale: Scale, indicators: Sequence[IndicatorCounts]) -> str:
    """The finding in a sentence: where most cases are on the far side of the scale's line, as counts.

    "Most" is by the share that the counts speak for at the least, so that 1 of 1 does not outdo 7 of 9. Indicators with
    equal counts are named together. What is not on file is said, since it is not in the number rated.
    """
    rated = sum(indicator.counts.rated for indicator in indicators)
    missing = sum(indicator.counts.no_evidence for indicator in indicators)
    if not rated:
        return "No level has been given yet" + (f"; no evidence on file in {missing}" if missing else "")
    worst = max(indicators, key=lambda one: at_least_share(one.counts.below(scale), one.counts.rated))
    below, n = worst.counts.below(scale), worst.counts.rated
    if not below:
        return f"Every rating is {scale.pass_words} or better: {rated} of {rated}" + (
            f"; no evidence on file in {missing} more" if missing else ""
        )
    level = [one for one in indicators if (one.counts.below(scale), one.counts.rated) == (below, n)]
    if len(level) > 1:
        codes = [one.code for one in level]
        named = ", ".join(codes[:-1]) + f" and {codes[-1]}"
        counted = worst.counted if len({one.counted for one in level}) == 1 else "answers"
        return f"{named}: each below {scale.pass_words} in {below} of {how_many(n, counted)}"
    words = f"{worst.title}: below {scale.pass_words} in {below} of {how_many(n, worst.counted)}"
    unknown = worst.counts.no_evidence
    return f"{words}; no evidence on file in {unknown} more" if unknown else words


def _table(scale: Scale, indicators: Sequence[IndicatorCounts]) -> CountTable:
    headers = (
        "Code",
        "Indicator",
        "What is counted",
        *(level.words for level in scale.levels),
        "Number rated",
        "Not applicable",
        "No evidence on file",
    )
    rows: tuple[Row, ...] = tuple(
        (
            one.code,
            one.title,
            one.counted.capitalize(),
            *one.counts.levels,
            one.counts.rated,
            one.counts.not_applicable,
            one.counts.no_evidence,
        )
        for one in indicators
    )
    return CountTable("How often each level was given, by indicator", headers, rows)


def _name(indicator: IndicatorCounts) -> str:
    n = how_many(indicator.counts.rated, indicator.counted)
    return f"{label(f'{indicator.code} {indicator.title}', 42)}<br>{n}"


def _level_bars(
    scale: Scale, indicators: Sequence[IndicatorCounts], names: list[str], address_of: AddressOf
) -> list[Figure]:
    bars = []
    for place, (level, marker, ink) in enumerate(
        zip(scale.levels, level_markers(scale), level_inks(scale), strict=True)
    ):
        numbers = [one.counts.levels[place] for one in indicators]
        said = [
            f"{one.code} {one.title}: {level.words} in {n} of {how_many(one.counts.rated, one.counted)}"
            for one, n in zip(indicators, numbers, strict=True)
        ]
        bar = _bar(names, numbers, level.letter, said, [address_of(one.code, level.code) for one in indicators])
        bars.append({**bar, "name": label(f"{level.letter} {level.words}", 60), "marker": marker})
        bars[-1]["insidetextfont"] = {"color": ink, "size": 14}
    return bars


def _other_bars(indicators: Sequence[IndicatorCounts], names: list[str], address_of: AddressOf) -> list[Figure]:
    bars = []
    for answer, letters, words, marker in _NO_LEVELS:
        numbers: list[int] = [getattr(one.counts, answer) for one in indicators]
        if not any(numbers):
            continue
        said = [
            f"{one.code} {one.title}: {words.lower()} in {how_many(n, one.counted)}"
            for one, n in zip(indicators, numbers, strict=True)
        ]
        bar = _bar(names, numbers, letters, said, [address_of(one.code, answer) for one in indicators])
        bar["x"] = [n or None for n in numbers]  # the outline of a bar of no length would be a line
        bars.append({**bar, "name": f"{letters} {words}", "marker": marker, "xaxis": "x2"})
        bars[-1]["insidetextfont"] = {"color": INK, "size": 14}
    return bars


def _bar(names: list[str], numbers: list[int], letters: str, said: list[str], addresses: list[str | None]) -> Figure:
    return {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": numbers,
        "text": [f"{label(letters, 12)}: {n}" if n else "" for n in numbers],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "hovertext": [label(words, 60) for words in said],
        "hoverinfo": "text",
        "customdata": addresses,
    }


def _layout(headline: str, indicators: Sequence[IndicatorCounts], names: list[str]) -> Figure:
    most = max((one.counts.rated for one in indicators), default=0) or 1
    others = max((one.counts.not_applicable + one.counts.no_evidence for one in indicators), default=0)
    lines = max((name.count("<br>") + 1 for name in names), default=1)
    counted = list(dict.fromkeys(one.counted for one in indicators)) or ["cases"]
    axis = {"dtick": whole_steps(most), "gridcolor": RULE, "zeroline": False, "fixedrange": True}
    # one case is as long on the right as on the left
    side = max(others, most * _NARROWEST_SIDE / (0.95 - _NARROWEST_SIDE))
    width = 0.95 * most / (most + side) if others else 1.0
    figure = layout(
        headline,
        130 + len(indicators) * (20 + 18 * lines),
        barmode="stack",
        bargap=0.25,
        margin={"l": 0, "r": 10, "t": 50, "b": 50},
        legend={"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom", "traceorder": "normal", "itemclick": False},
        uniformtext={"minsize": 11, "mode": "hide"},
        yaxis=DOWN,
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
