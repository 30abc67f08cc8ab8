"""The counts of one round: one aggregate over a covering index for each figure.

A withdrawn child is in neither: the deed that withdraws takes the submitted mark off its ratings, and nothing is agreed
on a case before its release, after which no child is withdrawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Select, func, select

from audit_app.accounts.models import Agency
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.indicators.rules import Rated
from audit_app.panels.models import AgreedRating
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import NO_RETURN, AnswerKind
from audit_app.rounds.models import RoundAgency, RoundIndicator, RoundLevel
from reports.counts import AgencyCounts, Counts, IndicatorCounts, Level, Scale, counts_in_words

Key = TypeVar("Key")


@dataclass(frozen=True)
class Asked:
    """An indicator of a round, as far as counting needs it."""

    id: int
    code: str
    title: str
    rated: Rated
    is_narrative: bool


@dataclass(frozen=True)
class Frame:
    """What the counts of a round stand on: its scale and its indicators, in the order of the template.

    `level_ids` are the ids of the scale's levels, in the scale's order.
    """

    round_id: int
    scale: Scale
    level_ids: Sequence[int]
    indicators: Sequence[Asked]

    @property
    def graded(self) -> Sequence[Asked]:
        """The indicators that are answered with a level: those that figures show."""
        return [one for one in self.indicators if not one.is_narrative]


@dataclass(frozen=True)
class AgencyTable:
    """The agencies that take part in a round, as (id, name), and what each said on each indicator. `short_names` are
    by name."""

    agencies: Sequence[tuple[int, str]]
    given: Sequence[AgencyCounts]
    short_names: Mapping[str, str]


@dataclass
class Tally:
    """Counts while they are added up."""

    levels: list[int]
    others: dict[AnswerKind, int] = field(default_factory=lambda: dict.fromkeys(AnswerKind, 0))

    def add(self, answer: AnswerKind | None, place: int | None, n: int) -> None:
        """Add `n` answers; `place` is the level's place on the scale, from 0, where the answer is a level."""
        if place is not None:
            self.levels[place] += n
        elif answer is not None:
            self.others[answer] += n

    def counts(self) -> Counts:
        return Counts(
            tuple(self.levels),
            in_words=self.others[AnswerKind.IN_WORDS],
            not_applicable=self.others[AnswerKind.NOT_APPLICABLE],
            no_evidence=self.others[AnswerKind.NO_EVIDENCE],
        )


def frame_of(partnership_id: int, round_id: int) -> Frame:
    """The scale and the indicators of a round that was opened. Two queries."""
    levels = db.session.execute(
        select(RoundLevel.id, RoundLevel.code, RoundLevel.letter, RoundLevel.words, RoundLevel.band)
        .where(RoundLevel.partnership_id == partnership_id, RoundLevel.round_id == round_id)
        .order_by(RoundLevel.rank)
    ).all()
    asked = db.session.execute(
        select(
            RoundIndicator.id,
            RoundIndicator.code,
            RoundIndicator.title,
            RoundIndicator.rated,
            RoundIndicator.is_narrative,
        )
        .where(RoundIndicator.partnership_id == partnership_id, RoundIndicator.round_id == round_id)
        .order_by(RoundIndicator.position)
    )
    return Frame(
        round_id,
        Scale(tuple(Level(code, letter, words, band.value) for _, code, letter, words, band in levels)),
        [level_id for level_id, *_ in levels],
        [Asked(*row) for row in asked],
    )


def agreed_counts(partnership_id: int, frame: Frame) -> Sequence[IndicatorCounts]:
    """How the panel's agreed ratings of each indicator are spread. One query."""
    rows = db.session.execute(
        select(AgreedRating.indicator_id, AgreedRating.answer, AgreedRating.level_id, func.count())
        .where(
            AgreedRating.partnership_id == partnership_id,
            AgreedRating.is_current,
            AgreedRating.round_id == frame.round_id,
            AgreedRating.indicator_id.is_not(None),
        )
        .group_by(AgreedRating.indicator_id, AgreedRating.answer, AgreedRating.level_id)
    )
    tallies = _tallied(rows, frame)
    nothing = Counts((0,) * len(frame.level_ids))
    return [
        IndicatorCounts(
            one.code,
            one.title,
            tallies.get(one.id, nothing),
            counted=what_is_counted(one.rated),
            is_narrative=one.is_narrative,
        )
        for one in frame.indicators
    ]


def agency_counts(partnership_id: int, frame: Frame) -> AgencyTable:
    """How the ratings that each agency submitted are spread, by graded indicator. Two queries."""
    found = db.session.execute(_taking_part(partnership_id, frame.round_id)).all()
    agencies = [(agency_id, name) for agency_id, name, _ in found]
    rows = db.session.execute(
        select(Rating.indicator_id, Rating.agency_id, Rating.answer, Rating.level_id, func.count())
        .where(
            Rating.partnership_id == partnership_id,
            Rating.is_submitted,
            Rating.round_id == frame.round_id,
            Rating.answer.is_not(None),
        )
        .group_by(Rating.indicator_id, Rating.agency_id, Rating.answer, Rating.level_id)
    )
    said = (((indicator_id, agency_id), answer, level_id, n) for indicator_id, agency_id, answer, level_id, n in rows)
    tallies = _tallied(said, frame)
    names, codes = dict(agencies), {one.id: one.code for one in frame.graded}
    return AgencyTable(
        agencies,
        [
            AgencyCounts(names[agency_id], codes[indicator_id], counts)
            for (indicator_id, agency_id), counts in tallies.items()
            if indicator_id in codes
        ],
        {name: short_name for _, name, short_name in found},
    )


def agencies_of_round(partnership_id: int, round_id: int) -> Sequence[tuple[int, str]]:
    """The agencies that take part in a round, as (id, name), by name."""
    return [(row.id, row.name) for row in db.session.execute(_taking_part(partnership_id, round_id))]


def _taking_part(partnership_id: int, round_id: int) -> Select[int, str, str]:
    """The agencies of a round, by name: id, name and short name."""
    return (
        select(Agency.id, Agency.name, Agency.short_name)
        .join(RoundAgency, (RoundAgency.partnership_id == Agency.partnership_id) & (RoundAgency.agency_id == Agency.id))
        .where(RoundAgency.partnership_id == partnership_id, RoundAgency.round_id == round_id)
        .order_by(Agency.name)
    )


def _tallied(rows: Iterable[tuple[Key, AnswerKind | None, int | None, int]], frame: Frame) -> Mapping[Key, Counts]:
    """Rows of (what it is about, answer, level, how many) as counts of what they are about."""
    places = {level_id: place for place, level_id in enumerate(frame.level_ids)}
    tallies: dict[Key, Tally] = {}
    for key, answer, level_id, n in rows:
        tally = tallies.setdefault(key, Tally([0] * len(places)))
        tally.add(answer, None if level_id is None else places[level_id], n)
    return {key: tally.counts() for key, tally in tallies.items()}


def graded(counted: Sequence[IndicatorCounts]) -> Sequence[IndicatorCounts]:
    """The counts that figures of levels show: those of indicators that are answered with a level."""
    return [one for one in counted if not one.is_narrative]


def in_words(frame: Frame, agreed: Sequence[IndicatorCounts]) -> Mapping[int, str]:
    """The counts of each indicator as a line of text, by the indicator's id."""
    return {one.id: counts_in_words(frame.scale, counts) for one, counts in zip(frame.indicators, agreed, strict=True)}


def what_is_counted(rated: Rated) -> str:
    """What one answer stands for, in the plural: agencies that rate their own work bring several for a case."""
    return "ratings" if rated is Rated.OWN_WORK else "cases"


def missing_returns(partnership_id: int, round_id: int) -> Sequence[tuple[str, int]]:
    """How many of the agreed cases of a round have no return from an agency, by its name. One query."""
    query = (
        select(Agency.name, func.count(AgencyReturn.id))
        .select_from(AgencyReturn)
        .join(Case, (Case.partnership_id == AgencyReturn.partnership_id) & (Case.id == AgencyReturn.case_id))
        .join(Agency, (Agency.partnership_id == AgencyReturn.partnership_id) & (Agency.id == AgencyReturn.agency_id))
        .where(
            AgencyReturn.partnership_id == partnership_id,
            AgencyReturn.round_id == round_id,
            AgencyReturn.state.in_(NO_RETURN),
            Case.state == CaseState.AGREED,
        )
        .group_by(Agency.id, Agency.name)
        .order_by(Agency.name)
    )
    return [(name, count) for name, count in db.session.execute(query)]


def cases_agreed(partnership_id: int, round_id: int) -> int:
    """How many cases the counts of a round are made from."""
    query = select(func.count()).where(
        Case.partnership_id == partnership_id, Case.round_id == round_id, Case.state == CaseState.AGREED
    )
    return db.session.scalar(query) or 0
