"""Two rounds side by side: what both asked, and how the agreed ratings are spread in each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import Terms, Viewer
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.findings import rules
from audit_app.findings.queries.counts import Tally, what_is_counted
from audit_app.findings.queries.everything import BANDS
from audit_app.findings.rules import Basis, Compared, Graded, On, SharedIndicator
from audit_app.indicators.rules import Rated
from audit_app.panels.models import AgreedRating
from audit_app.rounds.models import Round, RoundAgency
from audit_app.rounds.queries import frozen_template
from audit_app.rounds.rules import FrozenIndicator, FrozenTemplate
from reports.counts import Counts, IndicatorCounts, IndicatorPair, Level, Scale, Side, answers_in_words, pair_in_words

_DRAWN = {
    Rated.CHILD_EXPERIENCE: "the child's experience and the work together",
    Rated.OWN_WORK: "each agency's own work",
}


@dataclass(frozen=True)
class RoundToCompare:
    """A round whose counts a viewer sees. `opened_at` is when its template was frozen."""

    id: int
    reference: str
    title: str
    theme: str
    look_back_months: int | None
    opened_at: datetime | None
    published_at: datetime | None


@dataclass(frozen=True)
class RoundBeside:
    """One of two rounds: how many cases its panels agreed, the names of its agencies, what it asked, and the agreed
    ratings on its own scale by the indicator's id. The scale has no level where it was answered in words."""

    round: RoundToCompare
    cases: int
    agencies: Sequence[str]
    template: FrozenTemplate
    scale: Scale
    counts: Mapping[int, Counts]

    @property
    def reference(self) -> str:
        return self.round.reference

    def in_words(self, indicator: FrozenIndicator) -> str:
        """The counts of an indicator on the round's own scale: "Good 2, Inadequate 7 (9 cases)"."""
        counted = IndicatorCounts(
            indicator.code,
            indicator.title,
            self._counts_of(indicator),
            what_is_counted(indicator.rated),
            is_narrative=indicator.is_narrative,
        )
        return answers_in_words(self.scale, counted)

    def side(self, indicator: FrozenIndicator, on: On) -> Side:
        """The counts of an indicator on what both rounds are compared on."""
        counts = self._counts_of(indicator)
        if on is On.BANDS:
            counts = self._by_band(counts)
        return Side(self.reference, self.cases, indicator.title, counts, what_is_counted(indicator.rated))

    def _counts_of(self, indicator: FrozenIndicator) -> Counts:
        return self.counts.get(indicator.id, Counts((0,) * len(self.template.levels)))

    def _by_band(self, counts: Counts) -> Counts:
        summed = dict.fromkeys((level.code for level in BANDS.levels), 0)
        for level, n in zip(self.template.levels, counts.levels, strict=True):
            summed[level.band.value] += n
        return Counts(tuple(summed.values()), not_applicable=counts.not_applicable, no_evidence=counts.no_evidence)


@dataclass(frozen=True)
class RoundsBeside:
    """Two rounds, what they are compared on, and their indicators. `scale` is None where they are not comparable."""

    earlier: RoundBeside
    later: RoundBeside
    basis: Basis
    scale: Scale | None
    indicators: Compared

    @property
    def only_earlier(self) -> Sequence[str]:
        """The agencies that took part in the earlier round alone."""
        return [name for name in self.earlier.agencies if name not in self.later.agencies]

    @property
    def only_later(self) -> Sequence[str]:
        """The agencies that took part in the later round alone."""
        return [name for name in self.later.agencies if name not in self.earlier.agencies]

    @property
    def charts(self) -> Sequence[tuple[Rated, str]]:
        """What there are counts to draw of, with a headline each: a case that counts once is not drawn to the same
        measure as one that brings a rating for each agency. A headline claims nothing: with so few children the
        largest difference may be chance."""
        both = f"in {self.earlier.reference} and {self.later.reference}"
        found = []
        for rated, what in _DRAWN.items():
            n = len(self.pairs(rated))
            if n:
                found.append((rated, f"{n} {'indicator' if n == 1 else 'indicators'} of {what}, {both}"))
        return found

    def pairs(self, rated: Rated) -> Sequence[IndicatorPair]:
        """The shared indicators that rate this, with their counts in both rounds, in the later round's order.

        One that rates each agency's own work in either round is among those. None where nothing can be compared.
        """
        if self.scale is None:
            return ()
        shared = [one for one in self.indicators.shared if not one.is_in_words]
        return [self._pair(one) for one in shared if _drawn_with(one) is rated]

    def _pair(self, one: SharedIndicator) -> IndicatorPair:
        on = self.basis.on
        return IndicatorPair(one.code, self.earlier.side(one.earlier, on), self.later.side(one.later, on), one.differs)

    def _both(self, one: SharedIndicator) -> Sequence[tuple[RoundBeside, FrozenIndicator]]:
        return ((self.earlier, one.earlier), (self.later, one.later))

    def sentence(self, one: SharedIndicator) -> str:
        """What the counts of a shared indicator say, in a sentence; empty where the rounds are not comparable."""
        if one.is_in_words:
            called = [side.reference for side, of in self._both(one) if of.is_narrative]
            return f"Answered in words in {' and '.join(called)}, so there is nothing to count side by side."
        if self.scale is None:
            return ""
        pair = self._pair(one)
        return f"{pair_in_words(self.scale, pair.earlier, pair.later)}."


def _drawn_with(one: SharedIndicator) -> Rated:
    return Rated.OWN_WORK if Rated.OWN_WORK in {one.earlier.rated, one.later.rated} else Rated.CHILD_EXPERIENCE


def rounds_to_compare(viewer: Viewer) -> Sequence[RoundToCompare]:
    """The rounds whose counts a viewer sees, the first to be opened first. One query."""
    rows = db.session.execute(
        select(
            Round.id,
            Round.reference,
            Round.title,
            Round.theme,
            Round.look_back_months,
            Round.opened_at,
            Round.published_at,
        )
        .where(
            Round.partnership_id == viewer.partnership_id,
            Round.state.in_(sorted(rules.states_counted_for(viewer.roles))),
        )
        .order_by(Round.opened_at, Round.id)
    )
    return [RoundToCompare(*row) for row in rows]


def rounds_beside(partnership_id: int, earlier: RoundToCompare, later: RoundToCompare, terms: Terms) -> RoundsBeside:
    """Two rounds side by side, in the partnership's `terms`. Thirteen queries, however much they asked: both templates,
    cases, agencies, counts."""
    chosen = (earlier, later)
    ids = [one.id for one in chosen]
    cases, agencies = _cases(partnership_id, ids), _agencies(partnership_id, ids)
    templates = {one.id: frozen_template(partnership_id, one.id) for one in chosen}
    counts = _agreed(partnership_id, templates)
    first, second = (
        RoundBeside(
            one,
            cases.get(one.id, 0),
            agencies.get(one.id, ()),
            templates[one.id],
            _scale(templates[one.id]),
            counts[one.id],
        )
        for one in chosen
    )
    basis = rules.basis_of(_graded(first), _graded(second))
    scales = {On.LEVELS: second.scale, On.BANDS: BANDS, On.NOTHING: None}
    indicators = rules.compared(first.template, second.template, terms)
    return RoundsBeside(first, second, basis, scales[basis.on], indicators)


def _graded(beside: RoundBeside) -> Graded:
    rated = sum(counts.rated for counts in beside.counts.values())
    return Graded(beside.reference, beside.template.levels, rated)


def _scale(template: FrozenTemplate) -> Scale:
    levels = tuple(Level(one.code, one.letter, one.words, one.band.value) for one in template.levels)
    return Scale(levels)


def _cases(partnership_id: int, round_ids: Sequence[int]) -> Mapping[int, int]:
    """How many cases the counts are made from, by round."""
    query = (
        select(Case.round_id, func.count())
        .where(Case.partnership_id == partnership_id, Case.round_id.in_(round_ids), Case.state == CaseState.AGREED)
        .group_by(Case.round_id)
    )
    return dict(db.session.execute(query).all())


def _agencies(partnership_id: int, round_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """The names of the agencies that take part, by round."""
    named: dict[int, list[str]] = defaultdict(list)
    for round_id, name in db.session.execute(
        select(RoundAgency.round_id, Agency.name)
        .join(Agency, and_(Agency.partnership_id == RoundAgency.partnership_id, Agency.id == RoundAgency.agency_id))
        .where(RoundAgency.partnership_id == partnership_id, RoundAgency.round_id.in_(round_ids))
        .order_by(Agency.name)
    ):
        named[round_id].append(name)
    return named


def _agreed(partnership_id: int, templates: Mapping[int, FrozenTemplate]) -> Mapping[int, Mapping[int, Counts]]:
    """The agreed ratings of rounds on their own scales, by round and by the indicator's id. One query."""
    tallies: dict[int, dict[int | None, Tally]] = {round_id: {} for round_id in templates}
    places = {level.id: place for one in templates.values() for place, level in enumerate(one.levels)}
    for round_id, indicator_id, answer, level_id, n in db.session.execute(
        select(
            AgreedRating.round_id, AgreedRating.indicator_id, AgreedRating.answer, AgreedRating.level_id, func.count()
        )
        .where(
            AgreedRating.partnership_id == partnership_id,
            AgreedRating.is_current,
            AgreedRating.round_id.in_(list(templates)),
        )
        .group_by(AgreedRating.round_id, AgreedRating.indicator_id, AgreedRating.answer, AgreedRating.level_id)
    ):
        nothing = Tally([0] * len(templates[round_id].levels))
        tally = tallies[round_id].setdefault(indicator_id, nothing)
        tally.add(answer, None if level_id is None else places[level_id], n)
    return {
        round_id: {key: tally.counts() for key, tally in of_it.items() if key is not None}  # not the level over all
        for round_id, of_it in tallies.items()
    }
