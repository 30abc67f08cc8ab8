"""How the agreed levels of each indicator are spread."""

from collections.abc import Callable, Sequence
from functools import partial

from reports.counts import CountTable, IndicatorCounts, Row, Scale, at_least_share, check_fit, how_many
from reports.figures.bars import Bar, bars_layout, level_bars, lines_of, other_bars
from reports.figures.drawing import DOWN, Chart, label

AddressOf = Callable[[str, str], str | None]
"""From an indicator's code and an answer (a level's code, "not_applicable" or "no_evidence") to the cases behind it."""


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
    bars = [Bar(one, _name(one), partial(address_of, one.code)) for one in indicators]
    data = level_bars(scale, bars) + other_bars(bars)
    height = 130 + len(bars) * (20 + 18 * lines_of(bars))
    return Chart(headline, {"data": data, "layout": bars_layout(headline, bars, height, yaxis=DOWN)}, table, table)


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
        return f"Every rating is {scale.good_words}: {rated} of {rated}" + (
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
