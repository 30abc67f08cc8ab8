"""The counts of one round and of all rounds together: exact, complete, and read from their indexes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_app.accounts.models import Agency
from audit_app.accounts.rules import AgencyKind
from audit_app.cases.rules import CaseState
from audit_app.core.db import transaction
from audit_app.findings import queries
from audit_app.indicators.rules import AuditTemplate, Band, Level
from audit_app.rounds.models import Round
from audit_app.rounds.rules import COUNTED, SEEN_BY_BOARD, RoundState
from reports.counts import Counts
from tests.factories.accounts import a_partnership, an_agency
from tests.factories.findings import a_counted_round, agree, an_agreed_case
from tests.factories.rounds import OFSTED, SMALL
from tests.findings.conftest import Counted
from tests.fixtures import CountQueries

LEVELS = ("outstanding", "good", "requires_improvement", "inadequate")
OTHERS = ("not_applicable", "no_evidence")


def agreed_in(audit: Round) -> dict[str, Counts]:
    frame = queries.frame_of(audit.partnership_id, audit.id)
    return {one.code: one.counts for one in queries.agreed_counts(audit.partnership_id, frame)}


def given_in(audit: Round) -> dict[tuple[str, str], Counts]:
    frame = queries.frame_of(audit.partnership_id, audit.id)
    return {(one.agency, one.code): one.counts for one in queries.agency_counts(audit.partnership_id, frame).given}


def test_agreed_ratings_are_counted_by_indicator_and_level(counted: Counted) -> None:
    assert agreed_in(counted.audit) == {
        "A01": Counts((0, 1, 0, 2), no_evidence=1),
        "A04": Counts((0, 2, 1, 0)),
        "B01": Counts((0, 0, 0, 0), not_applicable=1),
        "H02": Counts((0, 0, 0, 0)),
    }


def test_each_agencys_own_ratings_are_counted_by_indicator(counted: Counted) -> None:
    assert given_in(counted.audit) == {
        ("Health", "A01"): Counts((0, 1, 1, 0), no_evidence=1),
        ("Health", "A04"): Counts((0, 1, 0, 0)),
        ("Police", "A01"): Counts((0, 0, 0, 1)),
        ("Police", "A04"): Counts((0, 0, 0, 0), no_evidence=1),
        ("Police", "B01"): Counts((0, 0, 0, 0), not_applicable=1),
    }


def test_indicators_stand_in_the_order_of_the_template_and_say_what_is_counted(counted: Counted) -> None:
    frame = queries.frame_of(counted.partnership.id, counted.audit.id)
    counts = queries.agreed_counts(counted.partnership.id, frame)
    assert [(one.code, one.counted) for one in counts] == [
        ("A01", "ratings"),
        ("A04", "cases"),
        ("B01", "cases"),
        ("H02", "ratings"),
    ]
    assert queries.in_words(frame, counts)[frame.indicators[1].id] == (
        "A04 Harm was weighed: Good 2, Requires improvement 1 (3 cases)"
    )


def test_an_agreement_that_was_changed_counts_once(counted: Counted) -> None:
    case = an_agreed_case(counted.audit, agreed={("B01", None): "good"})
    with transaction():
        agree(case, "B01", None, "inadequate")
    assert agreed_in(counted.audit)["B01"] == Counts((0, 0, 0, 1), not_applicable=1)


def test_ratings_that_are_not_submitted_are_not_counted(counted: Counted) -> None:
    before = given_in(counted.audit)
    an_agreed_case(
        counted.audit, rated={("A01", counted.health): "good"}, is_submitted=False, state=CaseState.WITHDRAWN
    )
    assert given_in(counted.audit) == before
    assert queries.cases_agreed(counted.partnership.id, counted.audit.id) == 3


def test_another_round_and_another_partnership_are_not_counted(counted: Counted) -> None:
    before = agreed_in(counted.audit), given_in(counted.audit)
    for partnership in (counted.partnership, a_partnership()):
        police = an_agency(partnership, AgencyKind.POLICE)
        other = a_counted_round(partnership, [police, an_agency(partnership)])
        an_agreed_case(other, rated={("A01", police): "good"}, agreed={("A01", police): "good"})
    assert (agreed_in(counted.audit), given_in(counted.audit)) == before


# --- all rounds together


def together(counted: Counted, states: frozenset[RoundState] = COUNTED) -> dict[str, Counts]:
    found = queries.levels_together(counted.partnership.id, states)
    assert found is not None
    return {one.code: one.counts for one in found[1]}


def a_second_round(counted: Counted, template: AuditTemplate = SMALL, *said: str, **more: RoundState) -> Round:
    audit = a_counted_round(counted.partnership, [counted.health, counted.police], template, **more)
    for one in said:
        an_agreed_case(audit, rated={("A04", counted.health): one}, agreed={("A04", None): one})
    return audit


def test_rounds_are_added_up_by_the_code_of_the_indicator(counted: Counted) -> None:
    a_second_round(counted, SMALL, "good", "inadequate", "not_applicable")
    assert together(counted)["A04"] == Counts((0, 3, 1, 1), not_applicable=1)
    assert together(counted)["A01"] == agreed_in(counted.audit)["A01"]
    found = queries.agencies_together(counted.partnership.id, COUNTED)
    assert found is not None
    by_place = {(one.agency, one.code): one.counts for one in found[1].given}
    assert by_place["Health", "A04"] == Counts((0, 2, 0, 1), not_applicable=1)
    assert found[1].agencies == ["Health", "Police"]
    assert found[0].rounds == 2


def test_only_rounds_in_the_states_asked_for_are_added_up(counted: Counted) -> None:
    a_second_round(counted, SMALL, "inadequate", state=RoundState.PUBLISHED)
    a_second_round(counted, SMALL, "outstanding", state=RoundState.WITHDRAWN)
    a_second_round(counted, SMALL, "outstanding", state=RoundState.PANEL)
    assert together(counted)["A04"] == Counts((0, 2, 1, 1))
    assert together(counted, SEEN_BY_BOARD) == {"A04": Counts((0, 0, 0, 1))}


def test_nothing_is_together_where_no_round_is_counted(counted: Counted) -> None:
    counted.put(RoundState.PANEL)
    assert queries.levels_together(counted.partnership.id, COUNTED) is None
    assert queries.agencies_together(counted.partnership.id, COUNTED) is None


def on_another_scale(levels: Sequence[Level]) -> AuditTemplate:
    own = tuple(replace(level, code=f"{level.code}_of_three") for level in levels)  # no two scales share a level's code
    scale = replace(OFSTED, code="three", levels=own)
    domains = tuple(
        replace(one, indicators=tuple(replace(asked, guidance={}) for asked in one.indicators)) for one in SMALL.domains
    )
    return replace(SMALL, code="three", title="Three levels", scale=scale, domains=domains)


def test_rounds_with_different_scales_are_added_up_by_band(counted: Counted) -> None:
    three = on_another_scale(
        [
            Level("met", "M", "Met", 1, Band.STRONG),
            Level("partly", "P", "Partly met", 2, Band.ADEQUATE),
            Level("unmet", "U", "Not met", 3, Band.WEAK),
        ]
    )
    a_second_round(counted, three, *(f"{level}_of_three" for level in ("met", "partly", "partly", "unmet")))
    found = queries.levels_together(counted.partnership.id, COUNTED)
    assert found is not None
    assert found[0].is_banded
    assert found[0].rounds == 2
    assert [level.words for level in found[0].scale.levels] == ["Strong", "Adequate", "Weak"]
    assert together(counted)["A04"] == Counts((3, 3, 1))


def test_a_scale_with_one_level_less_is_a_different_scale(counted: Counted) -> None:
    a_second_round(counted, on_another_scale(OFSTED.levels[:3]), "good_of_three")
    found = queries.levels_together(counted.partnership.id, COUNTED)
    assert found is not None
    assert found[0].is_banded
    assert together(counted)["A04"] == Counts((3, 1, 0))


def test_a_title_is_that_of_the_newest_round(counted: Counted) -> None:
    first, *rest = SMALL.domains[0].indicators
    renamed = replace(SMALL.domains[0], indicators=(first, *(replace(one, title="Harm was named") for one in rest)))
    template = replace(SMALL, code="renamed", title="Renamed", domains=(renamed, SMALL.domains[1]))
    a_second_round(counted, template, "good")
    found = queries.levels_together(counted.partnership.id, COUNTED)
    assert found is not None
    assert {one.code: one.title for one in found[1]}["A04"] == "Harm was named"


# --- the same as counting by hand

CaseSaid = tuple[dict[tuple[str, bool], str], dict[tuple[str, bool], str], dict[str, str]]
"""What the agencies rated, what was agreed on their own work (True: police), and what was agreed on the whole."""
ANSWERS = st.sampled_from((*LEVELS, *OTHERS))
CASES = st.lists(
    st.tuples(
        st.dictionaries(st.tuples(st.sampled_from(["A01", "A04", "B01"]), st.booleans()), ANSWERS, max_size=6),
        st.dictionaries(st.tuples(st.sampled_from(["A01", "H02"]), st.booleans()), ANSWERS, max_size=4),
        st.dictionaries(st.sampled_from(["A04", "B01"]), ANSWERS, max_size=2),
    ),
    max_size=4,
)


def by_hand(said: Counter[str]) -> Counts:
    return Counts(
        tuple(said[level] for level in LEVELS), not_applicable=said["not_applicable"], no_evidence=said["no_evidence"]
    )


@given(first=CASES, second=CASES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_are_those_of_counting_by_hand(app: Flask, first: list[CaseSaid], second: list[CaseSaid]) -> None:
    partnership = a_partnership()
    agencies = {True: an_agency(partnership, AgencyKind.POLICE), False: an_agency(partnership)}
    agreed: Counter[tuple[str, str]] = Counter()
    given_: Counter[tuple[str, str, str]] = Counter()
    for cases in (first, second):
        audit = a_counted_round(partnership, list(agencies.values()))
        _make(audit, cases, agencies, agreed, given_)
    levels = queries.levels_together(partnership.id, COUNTED)
    table = queries.agencies_together(partnership.id, COUNTED)
    assert levels is not None
    assert table is not None
    assert {one.code: one.counts for one in levels[1]} == {
        code: by_hand(Counter({said: n for (one, said), n in agreed.items() if one == code})) for code, _ in agreed
    }
    assert {(one.agency, one.code): one.counts for one in table[1].given} == {
        (name, code): by_hand(Counter({said: n for (*place, said), n in given_.items() if place == [name, code]}))
        for name, code, _ in given_
    }


def _make(
    audit: Round,
    cases: list[CaseSaid],
    agencies: dict[bool, Agency],
    agreed: Counter[tuple[str, str]],
    given_: Counter[tuple[str, str, str]],
) -> None:
    own: Counter[tuple[str, str]] = Counter()
    for rated, own_work, whole in cases:
        of_all: dict[tuple[str, Agency | None], str] = {(code, None): said for code, said in whole.items()}
        of_each: dict[tuple[str, Agency | None], str] = {
            (code, agencies[one]): said for (code, one), said in own_work.items()
        }
        an_agreed_case(
            audit,
            rated={(code, agencies[one]): said for (code, one), said in rated.items()},
            agreed={**of_all, **of_each},
        )
        own.update([(code, said) for (code, _), said in own_work.items()] + list(whole.items()))
        given_.update((agencies[one].name, code, said) for (code, one), said in rated.items())
    assert {code: counts for code, counts in agreed_in(audit).items() if counts != by_hand(Counter())} == {
        code: by_hand(Counter({said: n for (one, said), n in own.items() if one == code})) for code, _ in own
    }
    agreed.update(own)


# --- how they are read

READS: dict[str, Callable[[Counted], object]] = {
    "agreed": lambda counted: agreed_in(counted.audit),
    "agencies": lambda counted: given_in(counted.audit),
    "levels together": lambda counted: queries.levels_together(counted.partnership.id, COUNTED),
    "agencies together": lambda counted: queries.agencies_together(counted.partnership.id, COUNTED),
    "cases": lambda counted: queries.cases_agreed(counted.partnership.id, counted.audit.id),
    "findings": lambda counted: queries.findings_of_round(counted.partnership.id, counted.audit.id),
}


@pytest.mark.parametrize("read", READS)
def test_more_cases_take_no_more_queries(counted: Counted, count_queries: CountQueries, read: str) -> None:
    READS[read](counted)  # the rows that the test itself holds are read again
    with count_queries() as few:
        READS[read](counted)
    for _ in range(10):
        an_agreed_case(counted.audit, rated={("A01", counted.health): "good"}, agreed={("A01", counted.health): "good"})
    READS[read](counted)
    with count_queries() as many:
        READS[read](counted)
    assert few.count == many.count


def test_the_counts_of_a_round_are_one_aggregate_each(counted: Counted, count_queries: CountQueries) -> None:
    frame = queries.frame_of(counted.partnership.id, counted.audit.id)
    with count_queries() as agreed:
        queries.agreed_counts(counted.partnership.id, frame)
    assert agreed.count == 1
    with count_queries() as together_:
        queries.levels_together(counted.partnership.id, COUNTED)
    assert together_.count == 3
