"""The delivered files themselves: complete, true to the strategies, and in the field's words."""

import csv
import re
from collections import defaultdict

import pytest

from audit_app.indicators.rules import Indicator, Rated
from config import PROJECT
from tests.factories.indicators import the_catalogue

CORE_16 = {
    *("A01", "A04", "A09", "B01", "B03", "C01", "C02", "E01"),
    *("F01", "F03", "G01", "H01", "H02", "J03", "S02", "K01"),
}
NAMED_BY_TWO = {"H01", "E01", "S03", "S02"}


def paragraphs() -> dict[str, list[tuple[str, str]]]:
    """Where the strategies ask for each indicator: found by reading them, kept apart from the library."""
    found = defaultdict(list)
    with (PROJECT / "tests" / "data" / "indicator-paragraphs.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["code"]].append((row["strategy"], row["reference"]))
    return found


def asked_by_template() -> dict[str, list[str]]:
    return {
        template.code: [indicator.code for indicator in template.indicators] for template in the_catalogue().templates
    }


def strategies_naming(code: str) -> set[str]:
    return {strategy for strategy, _reference in paragraphs()[code]}


def test_the_library_cites_exactly_the_paragraphs_that_were_found() -> None:
    cited = {
        code: sorted((source.strategy, source.reference) for source in indicator.sources)
        for code, indicator in the_catalogue().indicators.items()
    }
    assert cited == {code: sorted(found) for code, found in paragraphs().items()}


def test_core_16_is_core_16_and_is_offered_first() -> None:
    assert next(iter(asked_by_template())) == "core-16"
    assert set(asked_by_template()["core-16"]) == CORE_16


def test_shared_33_is_what_three_strategies_share_and_four_more() -> None:
    shared = {code for code in paragraphs() if len(strategies_naming(code)) >= 3}
    assert len(shared) == 29
    assert set(asked_by_template()["shared-33"]) == shared | NAMED_BY_TWO


def test_city_and_hackney_asks_all_that_its_strategy_asks_for() -> None:
    named = {code for code in paragraphs() if "city-and-hackney" in strategies_naming(code)}
    assert set(asked_by_template()["city-and-hackney"]) == named


def test_no_page_of_a_return_has_more_than_twelve_questions() -> None:
    lengths = [len(domain.indicators) for template in the_catalogue().templates for domain in template.domains]
    assert max(lengths) <= 12


def test_panels_are_given_questions_of_both_kinds_in_core_16() -> None:
    panel = [indicator for indicator in the_catalogue().templates[0].indicators if indicator.is_panel]
    assert len(panel) == 8
    assert {indicator.rated for indicator in panel} == set(Rated)


def test_no_two_indicators_share_a_text() -> None:
    texts = [
        text
        for indicator in the_catalogue().indicators.values()
        for text in (
            indicator.title,
            indicator.question,
            indicator.why,
            indicator.look_for,
            indicator.example,
            *indicator.guidance.values(),
        )
    ]
    assert len(texts) == len(set(texts)) == 69 * 9


@pytest.mark.parametrize("indicator", the_catalogue().indicators.values(), ids=lambda indicator: indicator.code)
def test_an_indicator_asks_one_question_and_judges_in_sentences(indicator: Indicator) -> None:
    assert indicator.question.endswith("?")
    for text in (indicator.why, indicator.look_for, indicator.example, *indicator.guidance.values()):
        assert re.search(r"[.!?”\"]$", text)
        assert len(text) >= 40
    everything = " ".join((indicator.title, indicator.question, indicator.why, *indicator.guidance.values()))
    assert not re.search(r"\b(non-complian\w+|red button|outliers?|service users?|DNA)\b", everything, re.IGNORECASE)
