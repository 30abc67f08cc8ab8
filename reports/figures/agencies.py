"""Where each agency's ratings are below the line, indicator by indicator."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from reports.counts import AgencyCounts, Counts, CountTable, Row, Scale, at_least_share, check_fit, how_many
from reports.figures.drawing import DOWN, GREY, INK, Chart, Figure, label, layout

AddressOf = Callable[[str, str], str | None]
"""From an agency's name and an indicator's code to the cases behind the cell."""

NO_RATINGS = "no ratings"
_SHADES = [[0, "#fdeee5"], [1, "#F46A25"]]
"""Black text reads on all of it: 7 to 1 at the dark end."""

_BARE = {"showgrid": False, "zeroline": False, "ticks": ""}

_Cells = dict[tuple[str, str], Counts]


def agencies_chart(
    scale: Scale,
    agencies: Sequence[str],
    indicators: Sequence[tuple[str, str]],
    given: Iterable[AgencyCounts],
    *,
    short_names: Mapping[str, str] | None = None,
    address_of: AddressOf = lambda *_: None,
) -> Chart:
    """A cell for each agency (across) and indicator (down, as code and title), in the order given.

    A cell says "3 of 7": how many of the levels that the agency gave are below the line, of how many. The shade is that
    share, and says nothing that the words do not. Nothing is averaged, and no agency is summed up in one number. A cell
    without ratings says so. Headline, labels and the table call an agency by its name in `short_names`, where no other
    has the same; the file of counts has its whole name. Raises ValueError where counts do not fit the scale, come
    twice, or belong to no cell.
    """
    cells = _cells(scale, agencies, indicators, given)
    called = _called(agencies, short_names or {})
    headline = agencies_headline(scale, agencies, indicators, cells, called)
    return Chart(
        headline,
        {
            "data": [_heat_map(scale, agencies, indicators, cells, called, address_of)],
            "layout": _layout(headline, scale, agencies, indicators, cells),
        },
        _grid(scale, agencies, indicators, cells, called),
        _counts(scale, agencies, indicators, cells),
    )


def agencies_headline(
    scale: Scale,
    agencies: Sequence[str],
    indicators: Sequence[tuple[str, str]],
    cells: _Cells,
    called: Mapping[str, str],
) -> str:
    """The finding in a sentence: the cell, or cells with the same counts, with most ratings below the line.

    `cells` is by agency and code, `called` says what each agency is called. "Most" as in `levels_headline`. An
    indicator is named by its title where it is the only one, else by its code.
    """
    titles = dict(indicators)
    places = [(agency, code) for code, _ in indicators for agency in agencies if cells[agency, code].rated]
    if not places:
        return "No agency has given a level yet"
    worst = cells[max(places, key=lambda place: at_least_share(cells[place].below(scale), cells[place].rated))]
    below, n = worst.below(scale), worst.rated
    if not below:
        rated = sum(cells[place].rated for place in places)
        return f"Every agency's ratings are {scale.pass_words} or better: {rated} of {rated}"
    level = [place for place in places if (cells[place].below(scale), cells[place].rated) == (below, n)]
    if len(level) == 1:
        ((agency, code),) = level
        return f"{called[agency]} on “{titles[code]}”: below {scale.pass_words} in {below} of {how_many(n, 'cases')}"
    codes = {code for _, code in level}
    if len(codes) == 1:
        named = ", ".join(called[agency] for agency, _ in level[:3])
        on = f" on “{titles[codes.pop()]}”"
    else:
        named, on = ", ".join(f"{called[agency]} on {code}" for agency, code in level[:3]), ""
    more = f" and {len(level) - 3} more" if len(level) > 3 else ""
    return f"Below {scale.pass_words}{on} in {below} of {how_many(n, 'cases')}: {named}{more}"


def _called(agencies: Sequence[str], short_names: Mapping[str, str]) -> Mapping[str, str]:
    """What each agency is called: its short name, or its whole one where another would be called the same."""
    short = {agency: short_names.get(agency) or agency for agency in agencies}
    taken = Counter(short.values())
    return {agency: agency if taken[name] > 1 else name for agency, name in short.items()}


def _cells(
    scale: Scale, agencies: Sequence[str], indicators: Sequence[tuple[str, str]], given: Iterable[AgencyCounts]
) -> _Cells:
    empty = Counts((0,) * len(scale.levels))
    cells = {(agency, code): empty for code, _ in indicators for agency in agencies}
    if len(cells) < len(agencies) * len(indicators):
        raise ValueError("two agencies or two indicators have the same name")
    for one in given:
        place = (one.agency, one.code)
        if cells.get(place) is not empty:
            raise ValueError(f"counts for {one.agency} and {one.code} come twice or belong to no cell")
        cells[place] = one.counts
    check_fit(scale, list(cells.values()))
    return cells


def _said(scale: Scale, counts: Counts) -> str:
    return f"{counts.below(scale)} of {counts.rated}" if counts.rated else NO_RATINGS


def _grid(
    scale: Scale,
    agencies: Sequence[str],
    indicators: Sequence[tuple[str, str]],
    cells: _Cells,
    called: Mapping[str, str],
) -> CountTable:
    return CountTable(
        f"Ratings below {scale.pass_words}, out of all the levels each agency gave",
        ("Indicator", *called.values()),
        tuple(
            (f"{code} {title}", *(_said(scale, cells[agency, code]) for agency in agencies))
            for code, title in indicators
        ),
    )


def _counts(scale: Scale, agencies: Sequence[str], indicators: Sequence[tuple[str, str]], cells: _Cells) -> CountTable:
    headers = (
        "Code",
        "Indicator",
        "Agency",
        *(level.words for level in scale.levels),
        "Number rated",
        f"Below {scale.pass_words}",
        "Not applicable",
        "No evidence on file",
    )
    rows: list[Row] = []
    for code, title in indicators:
        for agency in agencies:
            one = cells[agency, code]
            ends = (one.rated, one.below(scale), one.not_applicable, one.no_evidence)
            rows.append((code, title, agency, *one.levels, *ends))
    return CountTable("How often each agency gave each level, by indicator", headers, tuple(rows))


def _heat_map(
    scale: Scale,
    agencies: Sequence[str],
    indicators: Sequence[tuple[str, str]],
    cells: _Cells,
    called: Mapping[str, str],
    address_of: AddressOf,
) -> Figure:
    def share(counts: Counts) -> float | None:
        return round(counts.below(scale) / counts.rated, 4) if counts.rated else None

    def hover(agency: str, code: str, title: str) -> str:
        one = cells[agency, code]
        words = f"{agency}, {code} {title}: {_said(scale, one)}"
        if one.rated:
            words += f" below {scale.pass_words}"
        return label(f"{words}. Not applicable {one.not_applicable}, no evidence on file {one.no_evidence}.", 60)

    return {
        "type": "heatmap",
        "x": [_across(called[agency]) for agency in agencies],
        "y": [_down(code, title) for code, title in indicators],
        "z": [[share(cells[agency, code]) for agency in agencies] for code, _ in indicators],
        "text": [
            [_said(scale, cells[agency, code]) if cells[agency, code].rated else "" for agency in agencies]
            for code, _ in indicators
        ],
        "texttemplate": "%{text}",
        "textfont": {"color": INK, "size": 14},
        "hovertext": [[hover(agency, code, title) for agency in agencies] for code, title in indicators],
        "hoverinfo": "text",
        "hoverongaps": False,
        "customdata": [[address_of(agency, code) for agency in agencies] for code, _ in indicators],
        "zmin": 0,
        "zmax": 1,
        "colorscale": _SHADES,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
    }


def _across(agency: str) -> str:
    return label(agency, 14)


def _down(code: str, title: str) -> str:
    return label(f"{code} {title}", 42)


def _layout(
    headline: str, scale: Scale, agencies: Sequence[str], indicators: Sequence[tuple[str, str]], cells: _Cells
) -> Figure:
    empty = [
        {
            "xref": "x",
            "yref": "y",
            "x": across,
            "y": down,
            "text": NO_RATINGS,
            "showarrow": False,
            "font": {"color": GREY, "size": 12},
        }
        for down, (code, _) in enumerate(indicators)
        for across, agency in enumerate(agencies)
        if not cells[agency, code].rated
    ]
    key = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
        "yshift": -8,
        "align": "left",
        "showarrow": False,
        "text": f"Each cell: levels below {label(scale.pass_words, 40)}, out of all that the agency gave.<br>"
        "A darker cell means a larger part.",
    }
    lines = max((_down(code, title).count("<br>") + 1 for code, title in indicators), default=1)
    return layout(
        headline,
        150 + len(indicators) * (16 + 18 * lines),
        margin={"l": 0, "r": 10, "t": 10, "b": 60},
        annotations=[*empty, key],
        xaxis={"type": "category", "side": "top", "automargin": True, "tickangle": 0, "fixedrange": True, **_BARE},
        yaxis={**DOWN, **_BARE},
    )
