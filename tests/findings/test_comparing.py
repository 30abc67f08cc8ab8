"""Two rounds side by side: who sees which, what the page says of their indicators, its chart and its file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from audit_app.accounts.rules import DELIVERED, AgencyKind, Role
from audit_app.findings import queries
from audit_app.findings.queries import RoundsBeside
from audit_app.findings.rules import On
from audit_app.indicators.rules import AuditTemplate, Band, Level, Rated, TemplateDomain, TemplateIndicator
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from reports.counts import Counts
from tests.factories.accounts import a_member, a_partnership, an_agency
from tests.factories.findings import a_counted_round, an_agreed_case
from tests.factories.rounds import OFSTED, PARTLY_IN_WORDS, SMALL, UNGRADED, an_indicator_asked
from tests.findings.conftest import Counted
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient

THREE = (
    Level("met", "M", "Met", 1, Band.STRONG),
    Level("partly", "P", "Partly met", 2, Band.ADEQUATE),
    Level("unmet", "U", "Not met", 3, Band.WEAK),
)


def a_template_of(*indicators: TemplateIndicator, levels: Sequence[Level] = OFSTED.levels) -> AuditTemplate:
    code = f"{indicators[0].code}-{len(indicators)}-{levels[0].code}".lower()
    scale = OFSTED if levels is OFSTED.levels else replace(OFSTED, code=f"scale-{code}", levels=tuple(levels))
    return replace(SMALL, code=code, title=code, scale=scale, domains=(TemplateDomain("All", indicators),))


def asked(code: str, **changes: object) -> TemplateIndicator:
    """An indicator of SMALL, changed, or a new one."""
    known = {one.code: one for one in SMALL.indicators}.get(code) or an_indicator_asked(code, f"Title of {code}")
    return replace(known, **changes)  # type: ignore[arg-type]


def a_later_round(
    counted: Counted, template: AuditTemplate = SMALL, *said: str, state: RoundState = RoundState.REPORTING
) -> Round:
    """A round after `counted`'s, in which A04 was agreed so."""
    audit = a_counted_round(
        counted.partnership, [counted.health, counted.police], template, state=state, theme="Neglect at school"
    )
    for one in said:
        an_agreed_case(audit, agreed={("A04", None): one})
    return audit


def address(counted: Counted) -> str:
    return f"/p/{counted.partnership.slug}/findings/compare"


def compared(counted: Counted, client: PageClient, **pair: Any) -> Page:
    return client.as_(counted.cora).get(address(counted), **pair)


def beside(counted: Counted) -> RoundsBeside:
    first, second = queries.rounds_to_compare(counted.coordinator)
    return queries.rounds_beside(counted.partnership.id, first, second, DELIVERED)


# --- what is counted


def test_rounds_with_one_scale_are_counted_level_by_level(counted: Counted) -> None:
    a_later_round(counted, SMALL, "good", "outstanding", "inadequate", "no_evidence")
    found = beside(counted)
    assert found.basis.on is On.LEVELS
    pair, heard = found.pairs(Rated.CHILD_EXPERIENCE)
    assert (pair.code, heard.code) == ("A04", "B01")
    assert (pair.earlier.counts, pair.earlier.children) == (Counts((0, 2, 1, 0)), 3)
    assert (pair.later.counts, pair.later.children) == (Counts((1, 1, 0, 1), no_evidence=1), 4)
    own, missed = found.pairs(Rated.OWN_WORK)
    assert (own.code, own.earlier.counted, pair.earlier.counted, missed.code) == ("A01", "ratings", "cases", "H02")
    assert own.earlier.counts == Counts((0, 1, 0, 2), no_evidence=1)
    assert own.later.counts == Counts((0, 0, 0, 0))


def test_rounds_with_different_scales_are_counted_by_band_and_in_their_own_words(
    counted: Counted, client: PageClient
) -> None:
    three = a_template_of(asked("A04", guidance={}), levels=THREE)
    later = a_later_round(counted, three, "met", "unmet", "unmet", "not_applicable")
    found = beside(counted)
    assert found.basis.on is On.BANDS
    (pair,) = found.pairs(Rated.CHILD_EXPERIENCE)
    assert found.pairs(Rated.OWN_WORK) == []
    assert pair.earlier.counts == Counts((2, 1, 0))
    assert pair.later.counts == Counts((1, 0, 2), not_applicable=1)
    page = compared(counted, client)
    assert "These rounds have different scales" in page.main
    assert "compared by the band that each level belongs to" in page.main
    assert page.tables[1][0][2:5] == ["Strong", "Adequate", "Weak"]
    assert "Strong in 2 of 3 cases" in page.main
    assert f"{later.reference}: Met 1, Not met 2 (3 cases); not applicable 1" in page.main
    assert "Reworded" not in page.main
    figure = client.as_(counted.cora).get(f"{address(counted)}/figures/child_experience.json").json
    assert "/cases" not in str(figure)  # no answer of a case is a band


def test_a_round_in_which_no_level_was_agreed_is_not_comparable(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, SMALL, "no_evidence")
    page = compared(counted, client)
    assert f"These rounds are not comparable: no level was agreed in {later.reference}." in page.main
    assert "4 indicators in both rounds" in page.main
    assert len(page.tables) == 1  # of the two rounds, and none of counts
    for kind in ("json", "csv"):
        client.as_(counted.cora).get(f"{address(counted)}/figures/child_experience.{kind}", status=404)


def test_a_round_answered_in_words_is_not_comparable_and_lists_what_both_asked(
    counted: Counted, client: PageClient
) -> None:
    later = a_later_round(counted, UNGRADED, "in_words", "in_words")
    page = compared(counted, client)
    assert f"not comparable: {later.reference} has no levels, everything in it was answered in words." in page.main
    assert "4 indicators in both rounds, none of them asked in the same way" in page.main
    assert "A04 Harm was weighed Answered otherwise" in page.main
    assert f"Answered in words in {later.reference}, so there is nothing to count side by side." in page.main
    assert f"{later.reference}: answered in words (2 cases)" in page.main
    assert f"{counted.audit.reference}: Good 2, Requires improvement 1 (3 cases)" in page.main


def test_an_indicator_answered_in_words_is_shared_but_not_counted(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, PARTLY_IN_WORDS, "good")
    an_agreed_case(later, agreed={("B01", None): "in_words"})
    page = compared(counted, client)
    assert "B01 The child was heard Answered otherwise" in page.main
    assert f"Answered in words in {later.reference}, so there is nothing to count side by side." in page.main
    codes = [[one.code for one in beside(counted).pairs(rated)] for rated in Rated]
    assert codes == [["A01"], ["A04"]]
    assert "4 indicators in both rounds" in page.main


# --- what the page says


def test_the_page_says_what_is_compared_and_on_what(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, SMALL, "good", "inadequate")
    page = compared(counted, client)
    earlier = counted.audit.reference
    assert page.h1 == "Compare two rounds"
    assert "Both rounds have the same scale (Outstanding, Good, Requires improvement, Inadequate)" in page.main
    rounds, counts = page.tables[:2]
    assert [row[0].split()[0] for row in rounds[1:]] == [earlier, later.reference]
    assert [row[1:4] for row in rounds[1:]] == [
        ["3", "Neglect of children under five", "12 months"],
        ["2", "Neglect at school", "12 months"],
    ]
    assert counts[1] == [f"A04 Harm was weighed {earlier}", "Cases", "0", "2", "1", "0", "3", "0", "0", "Nothing"]
    assert counts[2] == [f"A04 Harm was weighed {later.reference}", "Cases", "0", "1", "0", "1", "2", "0", "0"]
    assert (
        f"Good or better in 2 of 3 cases in {earlier} and in 1 of 2 cases in {later.reference}; too few children to "
        "call it a trend." in page.main
    )
    assert f"No level was agreed in {later.reference}, so there is nothing to set side by side." in page.main  # A01
    assert "read a difference as a reason to look, not as a trend" in page.main
    assert "Small numbers: not for publication" in page.main
    assert "%" not in page.main


def test_new_and_dropped_indicators_are_listed_with_their_counts(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, a_template_of(asked("K01"), asked("A04")), "good")
    an_agreed_case(later, agreed={("K01", None): "inadequate"})
    page = compared(counted, client)
    assert "1 indicator in both rounds" in page.main
    assert f"1 new in {later.reference}" in page.links
    assert f"3 dropped after {counted.audit.reference}" in page.links
    assert "K01 Title of K01: Inadequate 1 (1 case)" in page.main
    assert "A01 Signs were seen: Good 1, Inadequate 2 (3 ratings); no evidence 1" in page.main
    assert "B01 The child was heard: no level given (0 cases); not applicable 1" in page.main
    behind = client.as_(counted.cora).get(page.links[f"See the cases of K01 in {later.reference}"])
    assert behind.h1 == "K01 Title of K01: every answer"


def test_rounds_without_a_shared_indicator_say_so(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, a_template_of(asked("K01")))
    an_agreed_case(later, agreed={("K01", None): "good"})
    page = compared(counted, client)
    assert "No indicator in both rounds, so there is nothing to set side by side" in page.main
    assert len(page.tables) == 1


def test_what_was_reworded_stands_in_both_wordings(counted: Counted, client: PageClient) -> None:
    reworded = asked("A04", question="How was harm named?", title="Harm was named")
    a_later_round(counted, a_template_of(asked("A01"), reworded), "good")
    page = compared(counted, client)
    assert "2 indicators in both rounds, 1 of them not asked in the same way" in page.main
    assert "A04 Harm was named Reworded" in page.main
    wordings = page.tables[3]
    assert wordings[0] == ["What", counted.audit.reference, beside(counted).later.reference]
    assert wordings[1:] == [
        ["Title", "Harm was weighed", "Harm was named"],
        ["Question", "Harm was weighed: how well was it done?", "How was harm named?"],
    ]
    assert page.tables[1][1][-1] == "Reworded"
    assert [row[0].rpartition(" ")[0] for row in page.tables[1][1:]] == ["A04 Harm was weighed", "A04 Harm was named"]


def test_other_agencies_and_children_are_said_since_they_change_what_is_counted(
    counted: Counted, client: PageClient
) -> None:
    limited = asked("H02", applies={}, guidance={})
    later = a_later_round(counted, a_template_of(asked("A04"), limited), "good")
    page = compared(counted, client)
    assert "H02 Missed appointments were followed up Reworded Asked of others" in page.main
    assert f"Not the same agencies or children were asked about it. {counted.audit.reference}: " in page.main
    assert f"{later.reference}: all." in page.main


def test_what_is_rated_is_said_where_it_differs_since_a_case_then_counts_otherwise(
    counted: Counted, client: PageClient
) -> None:
    later = a_later_round(counted, a_template_of(asked("A04", rated=Rated.OWN_WORK)))
    an_agreed_case(later, agreed={("A04", counted.health): "good", ("A04", counted.police): "inadequate"})
    page, earlier = compared(counted, client), counted.audit.reference
    assert "A04 Harm was weighed Rates another thing" in page.main
    assert (
        f"In {later.reference} each agency's own work was rated, so one case counts several ratings there. "
        f"In {earlier} each case counts once." in page.main
    )
    assert f"in 2 of 3 cases in {earlier} and in 1 of 2 ratings in {later.reference}" in page.main
    assert [one.code for one in beside(counted).pairs(Rated.OWN_WORK)] == ["A04"]  # and among the cases no more
    assert beside(counted).pairs(Rated.CHILD_EXPERIENCE) == []


def test_an_agency_that_took_part_in_one_round_alone_is_named(counted: Counted, client: PageClient) -> None:
    trust = an_agency(counted.partnership, AgencyKind.EDUCATION, name="School trust")
    later = a_counted_round(counted.partnership, [counted.health, trust])
    an_agreed_case(later, agreed={("A04", None): "good"})
    page = compared(counted, client)
    assert f"Police: took part in {counted.audit.reference} only." in page.main
    assert f"School trust: took part in {later.reference} only." in page.main


# --- which rounds


def test_a_rounds_findings_lead_to_it_beside_the_round_before(counted: Counted, client: PageClient) -> None:
    second = a_later_round(counted, SMALL, "good")
    third = a_later_round(counted, SMALL, "good")
    coordinator = client.as_(counted.cora)
    link = "Compare with another round"
    at_second = f"/p/{counted.partnership.slug}/rounds/{second.reference}/findings"
    page = coordinator.get(coordinator.get(at_second).links[link])
    assert page.forms[0].values == {"earlier": [counted.audit.reference], "later": [second.reference]}
    page = coordinator.get(coordinator.get(counted.at).links[link])  # there is none before
    assert page.forms[0].values == {"earlier": [counted.audit.reference], "later": [second.reference]}
    everything = coordinator.get(f"/p/{counted.partnership.slug}/findings/all")
    page = coordinator.get(everything.links["Compare two rounds"])
    assert page.forms[0].values == {"earlier": [second.reference], "later": [third.reference]}


def test_rounds_stand_in_the_order_of_time_however_they_are_asked_for(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, SMALL, "good")
    page = compared(counted, client, earlier=later.reference, later=counted.audit.reference)
    assert page.forms[0].values == {"earlier": [counted.audit.reference], "later": [later.reference]}


def test_a_round_beside_itself_is_one_sentence(counted: Counted, client: PageClient) -> None:
    reference = counted.audit.reference
    page = compared(counted, client, earlier=reference, later=reference)
    assert f"{reference} was chosen twice. Choose two different rounds." in page.main
    assert page.tables == []
    pair = {"earlier": reference, "later": reference}
    client.as_(counted.cora).get(f"{address(counted)}/figures/child_experience.json", status=404, **pair)


def test_with_fewer_than_two_rounds_the_page_says_what_will_be_there(counted: Counted, client: PageClient) -> None:
    assert "Nothing to compare yet" in compared(counted, client).main
    assert "Nothing to compare yet" in compared(counted, client, later=counted.audit.reference).main
    client.as_(counted.cora).get(f"{address(counted)}/figures/child_experience.csv", status=404)


ENDS = ("", "/figures/child_experience.json", "/figures/child_experience.csv")


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.AGENCY_LEAD])
def test_nothing_of_a_round_that_is_not_published_reaches_the_board(
    counted: Counted, client: PageClient, role: Role
) -> None:
    counted.put(RoundState.PUBLISHED)
    hidden = a_later_round(counted, SMALL, "good")
    reader = client.as_(counted.member(role, agency=counted.health))
    for named in ("", f"?later={counted.audit.reference}", f"?earlier={counted.audit.reference}"):
        page = reader.get(f"{address(counted)}{named}")
        assert "Nothing to compare yet" in page.main
        assert hidden.reference not in page.html
        assert hidden.title not in page.html
    for end in ENDS:
        reader.get(f"{address(counted)}{end}", status=404, earlier=counted.audit.reference, later=hidden.reference)
        reader.get(f"{address(counted)}{end}", status=404, earlier=hidden.reference)
    published = a_later_round(counted, SMALL, "good", state=RoundState.PUBLISHED)
    for end in ENDS:
        answer = reader.get(f"{address(counted)}{end}").data.decode()
        assert published.reference in answer
        assert hidden.reference not in answer
        assert hidden.title not in answer
        assert "/cases" not in answer


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PANEL_MEMBER, Role.PANEL_CHAIR, Role.KEY_HOLDER])
def test_other_roles_compare_nothing(counted: Counted, client: PageClient, role: Role) -> None:
    reader = client.as_(counted.member(role, agency=counted.health))
    for end in ENDS:
        assert reader.get(f"{address(counted)}{end}", status=403).h1 == "You cannot use this page"


def test_a_round_that_is_not_there_or_not_counted_yet_is_refused(counted: Counted, client: PageClient) -> None:
    elsewhere = a_partnership()
    theirs = a_counted_round(elsewhere, [an_agency(elsewhere), an_agency(elsewhere, AgencyKind.POLICE)])
    a_later_round(counted, SMALL, "good")
    not_yet = a_later_round(counted, SMALL, "good", state=RoundState.PANEL)
    coordinator = client.as_(counted.cora)
    for reference in (theirs.reference, "Z99"):
        for end in ENDS:
            page = coordinator.get(f"{address(counted)}{end}", status=404, later=reference)
            assert page.main == coordinator.get(f"{address(counted)}{end}", status=404, earlier=reference).main
    for end in ENDS:
        page = coordinator.get(f"{address(counted)}{end}", status=409, later=not_yet.reference)
        assert "This round is at “At panel”." in page.main
    stranger = client.as_(a_member(elsewhere, Role.COORDINATOR))
    at = f"/p/{elsewhere.slug}/findings/compare"
    page = stranger.get(at, status=404, earlier=counted.audit.reference, later=theirs.reference)
    assert counted.audit.reference not in page.main


# --- its chart, its file, its queries


def test_the_chart_and_the_file_have_the_same_numbers(counted: Counted, client: PageClient) -> None:
    later = a_later_round(counted, SMALL, "good", "inadequate")
    coordinator, earlier = client.as_(counted.cora), counted.audit.reference
    page = coordinator.get(address(counted))
    file = coordinator.get(
        page.links["Download this table (CSV) of: " + dict(beside(counted).charts)[Rated.CHILD_EXPERIENCE]]
    )
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="{earlier}-{later.reference}-child_experience.csv"'
    )
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert len(rows) == 1 + 2 * 2
    assert rows[1] == ["A04", "Harm was weighed", earlier, "Cases", "0", "2", "1", "0", "3", "0", "0", ""]
    figure = coordinator.get(f"{address(counted)}/figures/child_experience.json").json
    inadequate = next(bar for bar in figure["data"] if bar["name"] == "I Inadequate")
    assert inadequate["x"][:2] == [0, 1]
    behind = coordinator.get(inadequate["customdata"][1])
    assert [row[0] for row in behind.tables[0][1:]] == [f"{later.reference}-02"]


def test_thirty_indicators_take_the_same_queries_as_one(
    counted: Counted, client: PageClient, count_queries: CountQueries
) -> None:
    def counts(template: AuditTemplate) -> int:
        a_later_round(counted, template, "good")
        a_later_round(counted, template, "good", "inadequate")
        coordinator = client.as_(counted.cora)
        coordinator.get(address(counted))
        with count_queries() as found:
            coordinator.get(address(counted))
        return found.count

    many = [asked(f"X{number:02}") for number in range(29)]
    few = counts(a_template_of(asked("A04")))
    assert counts(a_template_of(asked("A04"), *many)) == few <= 18
