"""The counts of every round together, by the indicator's code.

Rounds are counted on their levels where all have the same scale, else on the bands their levels belong to. What is
answered in words is not counted, and a round without a level is none of these. What the
panels agreed lies by round in its covering index, so SQL counts that first and adds up the few that are left; the
ratings, of which there are many more, lie by code.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, not_, select

from audit_app.accounts.models import Agency
from audit_app.core.db import db
from audit_app.findings.queries.counts import Key, Tally, what_is_counted
from audit_app.indicators.rules import Band, Rated
from audit_app.panels.models import AgreedRating
from audit_app.returns.models import Rating
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round, RoundIndicator, RoundLevel
from audit_app.rounds.rules import RoundState
from reports.counts import AgencyCounts, IndicatorCounts, Level, Scale

BANDS = Scale(
    (
        Level(Band.STRONG.value, "S", "Strong", "strong"),
        Level(Band.ADEQUATE.value, "A", "Adequate", "adequate"),
        Level(Band.WEAK.value, "W", "Weak", "weak"),
    )
)
"""What rounds with different scales are counted on."""


@dataclass(frozen=True)
class Together:
    """How many rounds are counted together, and on what. `is_banded` says that their scales differ.

    `places` gives the place, from 0, of each level's code on the scale that is counted on: a code belongs to one scale.
    """

    rounds: int
    scale: Scale
    is_banded: bool
    places: Mapping[str, int]


def levels_together(
    partnership_id: int, states: Collection[RoundState]
) -> tuple[Together, Sequence[IndicatorCounts]] | None:
    """How the agreed ratings of all rounds in these states are spread, by indicator. None without such a round.

    Three queries. An indicator has the title it had in the newest round.
    """
    together = _together(partnership_id, states)
    if together is None:
        return None
    first = (
        select(
            AgreedRating.round_id,
            AgreedRating.indicator_id,
            AgreedRating.answer,
            AgreedRating.level_id,
            func.count().label("n"),
        )
        .where(
            AgreedRating.partnership_id == partnership_id,
            AgreedRating.is_current,
            AgreedRating.indicator_id.is_not(None),
        )
        .group_by(AgreedRating.round_id, AgreedRating.indicator_id, AgreedRating.answer, AgreedRating.level_id)
        .subquery()
    )
    rows = db.session.execute(_added_up(partnership_id, states, first)).all()
    named = _names(partnership_id, rows)
    tallies = _tallied(((row.code, row.answer, row.level, int(row.n)) for row in rows), together)
    return together, [
        IndicatorCounts(code, named[code][0], tallies[code].counts(), counted=what_is_counted(named[code][1]))
        for code in sorted(tallies)
    ]


@dataclass(frozen=True)
class AgenciesTogether:
    """Every agency's ratings over all rounds: the agencies by name, the indicators as (code, title), the counts, and
    the short names by name."""

    agencies: Sequence[str]
    indicators: Sequence[tuple[str, str]]
    given: Sequence[AgencyCounts]
    short_names: Mapping[str, str]


def agencies_together(partnership_id: int, states: Collection[RoundState]) -> tuple[Together, AgenciesTogether] | None:
    """How the ratings that each agency submitted to all rounds in these states are spread. None without such a round.

    Four queries.
    """
    together = _together(partnership_id, states)
    if together is None:
        return None
    said = (Rating.indicator_code, Rating.agency_id, Rating.answer, Rating.level_code)
    counted = select(Round.id).where(_counted(partnership_id, states))
    rows = db.session.execute(
        select(*said, func.count().label("n"))
        .where(
            Rating.partnership_id == partnership_id,
            Rating.is_submitted,
            Rating.answer != AnswerKind.IN_WORDS,
            Rating.round_id.in_(counted),
        )
        .group_by(*said)
    ).all()
    titles = _newest_titles(partnership_id, states)
    named = db.session.execute(
        select(Agency.id, Agency.name, Agency.short_name)
        .where(Agency.partnership_id == partnership_id)
        .order_by(Agency.name)
    ).all()
    agencies = {agency_id: name for agency_id, name, _ in named}
    tallies = _tallied((((agency, code), answer, level, n) for code, agency, answer, level, n in rows), together)
    rating = {agency_id for agency_id, _ in tallies}
    return together, AgenciesTogether(
        [name for agency_id, name in agencies.items() if agency_id in rating],
        [(code, titles[code]) for code in sorted({row.indicator_code for row in rows} & titles.keys())],
        [
            AgencyCounts(agencies[agency_id], code, tally.counts())
            for (agency_id, code), tally in tallies.items()
            if code in titles
        ],
        {name: short_name for agency_id, name, short_name in named if agency_id in rating},
    )


def _counted(partnership_id: int, states: Collection[RoundState]) -> ColumnElement[bool]:
    return and_(Round.partnership_id == partnership_id, Round.state.in_(sorted(states)))


def _together(partnership_id: int, states: Collection[RoundState]) -> Together | None:
    """One query: every different level with the number of rounds that have it. All alike when each has all of them."""
    row = RoundLevel
    levels = db.session.execute(
        select(row.code, row.letter, row.words, row.band, row.rank, func.count())
        .join(Round, and_(Round.partnership_id == row.partnership_id, Round.id == row.round_id))
        .where(_counted(partnership_id, states))
        .group_by(row.code, row.letter, row.words, row.band, row.rank)
        .order_by(row.rank)
    ).all()
    if not levels:
        return None
    rounds = sum(count for *_, rank, count in levels if rank == 1)
    is_banded = any(count != rounds for *_, count in levels)
    alike = [Level(one.code, one.letter, one.words, one.band.value) for one in levels]
    scale = BANDS if is_banded else Scale(tuple(alike))
    place_of = {level.code: place for place, level in enumerate(scale.levels)}
    places = {one.code: place_of[one.band.value if is_banded else one.code] for one in levels}
    return Together(rounds, scale, is_banded, places)


def _added_up(partnership_id: int, states: Collection[RoundState], first: Subquery) -> Select[*tuple[Any, ...]]:
    """What was counted for each round, added up over the rounds by the indicator's code and the level's."""
    by = (RoundIndicator.code, first.c.answer, RoundLevel.code)
    own_work = case((RoundIndicator.rated == Rated.OWN_WORK, 1), else_=0)
    return (
        select(
            RoundIndicator.code.label("code"),
            first.c.answer,
            RoundLevel.code.label("level"),
            func.sum(first.c.n).label("n"),
            func.max(RoundIndicator.id).label("newest_id"),
            func.max(own_work).label("is_own_work"),
        )
        .select_from(first)
        .join(Round, Round.id == first.c.round_id)
        .join(RoundIndicator, RoundIndicator.id == first.c.indicator_id)
        .outerjoin(RoundLevel, RoundLevel.id == first.c.level_id)
        .where(_counted(partnership_id, states), not_(RoundIndicator.is_narrative))
        .group_by(*by)
    )


def _names(partnership_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> Mapping[str, tuple[str, Rated]]:
    """The title of each indicator in the newest round, and whether any round rated each agency's own work by it."""
    newest: dict[str, int] = {}
    own_work: set[str] = set()
    for row in rows:
        newest[row.code] = max(row.newest_id, newest.get(row.code, 0))
        if row.is_own_work:
            own_work.add(row.code)
    titles = db.session.execute(
        select(RoundIndicator.code, RoundIndicator.title).where(
            RoundIndicator.partnership_id == partnership_id, RoundIndicator.id.in_(newest.values())
        )
    )
    return {code: (title, Rated.OWN_WORK if code in own_work else Rated.CHILD_EXPERIENCE) for code, title in titles}


def _newest_titles(partnership_id: int, states: Collection[RoundState]) -> Mapping[str, str]:
    """The title that each indicator has in the newest of the rounds that are counted, by its code.

    One that every round answers in words is not among them.
    """
    of_counted = select(Round.id).where(_counted(partnership_id, states))
    mine = (
        RoundIndicator.partnership_id == partnership_id,
        RoundIndicator.round_id.in_(of_counted),
        not_(RoundIndicator.is_narrative),
    )
    newest = select(func.max(RoundIndicator.id)).where(*mine).group_by(RoundIndicator.code)
    titles = select(RoundIndicator.code, RoundIndicator.title).where(
        RoundIndicator.partnership_id == partnership_id, RoundIndicator.id.in_(newest)
    )
    return dict(db.session.execute(titles).all())


def _tallied(rows: Iterable[tuple[Key, AnswerKind | None, str | None, int]], together: Together) -> dict[Key, Tally]:
    """Rows of (what it is about, answer, the level's code, how many), added up."""
    tallies: dict[Key, Tally] = {}
    for key, answer, level, n in rows:
        tally = tallies.setdefault(key, Tally([0] * len(together.scale.levels)))
        tally.add(answer, None if level is None else together.places[level], n)
    return tallies
