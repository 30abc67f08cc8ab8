"""The agreed levels of two rounds, side by side on the indicators that both asked."""

from collections.abc import Callable, Sequence
from functools import partial

from reports.counts import CountTable, IndicatorCounts, IndicatorPair, Row, Scale, Side, check_fit, how_many
from reports.figures.bars import Bar, bars_layout, level_bars, lines_of, other_bars
from reports.figures.drawing import DOWN, Chart, Figure, label

AddressInRound = Callable[[str, str, str], str | None]
"""From what a round is called, an indicator's code and an answer to the cases behind it."""

_PITCH = 2.7
"""From one indicator to the next, where the two bars of one are 1 apart."""


def pairs_chart(
    scale: Scale, pairs: Sequence[IndicatorPair], headline: str, *, address_of: AddressInRound = lambda *_: None
) -> Chart:
    """Two bars an indicator, in the order given, the earlier round above the later: the number of answers a level.

    Which round a bar is of is written at its start; nothing is told by colour alone. The headline comes from outside:
    a chart of few children claims no change by itself. Raises ValueError where counts do not fit the scale, two
    indicators have one code, or both rounds are called the same.
    """
    if len({pair.code for pair in pairs}) < len(pairs):
        raise ValueError("two indicators have the same code")
    if any(pair.earlier.called == pair.later.called for pair in pairs):
        raise ValueError("both rounds are called the same")
    check_fit(scale, [side.counts for pair in pairs for side in (pair.earlier, pair.later)])
    bars = [bar for number, pair in enumerate(pairs) for bar in _bars(number * _PITCH, pair, address_of)]
    table = _table(headline, scale, pairs)
    data = level_bars(scale, bars) + other_bars(bars)
    return Chart(headline, {"data": data, "layout": _layout(headline, bars)}, table, table)


def _bars(at: float, pair: IndicatorPair, address_of: AddressInRound) -> tuple[Bar, Bar]:
    named = label(f"{pair.code} {pair.later.title}", 42)
    return (
        Bar(_counts(pair.code, pair.earlier), f"{named}<br>{_n(pair.earlier)}", _behind(pair, 0, address_of), at),
        Bar(_counts(pair.code, pair.later), _n(pair.later), _behind(pair, 1, address_of), at + 1),
    )


def _behind(pair: IndicatorPair, place: int, address_of: AddressInRound) -> Callable[[str], str | None]:
    return partial(address_of, (pair.earlier, pair.later)[place].called, pair.code)


def _counts(code: str, side: Side) -> IndicatorCounts:
    return IndicatorCounts(code, f"{side.title}, {side.called}", side.counts, side.counted)


def _n(side: Side) -> str:
    return f"{label(side.called, 42)}, {how_many(side.counts.rated, side.counted)}"


def _layout(headline: str, bars: Sequence[Bar]) -> Figure:
    places = [bar.at or 0.0 for bar in bars]
    length = max(places, default=0) + 1.5
    a_bar = max(50, 9 * lines_of(bars) + 13)  # a label stands at the middle of its bar, and must end before the next
    yaxis = {
        **DOWN,
        "type": "linear",
        "autorange": False,
        "range": [length - 0.75, -0.75],
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [bar.label for bar in bars],
        "showgrid": False,
        "zeroline": False,
    }
    return bars_layout(headline, bars, round(130 + a_bar * length), yaxis=yaxis)


def _table(headline: str, scale: Scale, pairs: Sequence[IndicatorPair]) -> CountTable:
    headers = (
        "Code",
        "Indicator",
        "Round",
        "What is counted",
        *(level.words for level in scale.levels),
        "Number rated",
        "Not applicable",
        "No evidence on file",
        "What differs",
    )
    rows: tuple[Row, ...] = tuple(
        (
            pair.code,
            side.title,
            side.called,
            side.counted.capitalize(),
            *side.counts.levels,
            side.counts.rated,
            side.counts.not_applicable,
            side.counts.no_evidence,
            pair.differs,
        )
        for pair in pairs
        for side in (pair.earlier, pair.later)
    )
    return CountTable(f"How often each level was given: {headline}", headers, rows)
