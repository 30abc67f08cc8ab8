"""The delivered files themselves: complete, true to the strategies, and in the field's words."""

import csv
import re
from collections import Counter, defaultdict
from functools import cache

import pytest
from flask import Flask

from audit_app.accounts.rules import AgencyKind
from audit_app.indicators.rules import (
    AppliesBy,
    Indicator,
    Rated,
    RequirementKind,
    coverage,
    is_local,
    read_catalogue,
)
from audit_app.indicators.services import files_in
from config import PROJECT
from tests.factories.indicators import FOLDER, the_catalogue

CORE_16 = {
    *("A01", "A04", "A09", "B01", "B03", "C01", "C02", "E01"),
    *("F01", "F03", "G01", "H01", "H02", "J03", "S02", "K01"),
}
NAMED_BY_TWO = {"H01", "E01", "S03", "S02"}


def paragraphs() -> dict[str, list[tuple[str, str]]]:
    """Where the strategies ask for each indicator: found by reading them, kept apart from the library."""
    return {code: found for code, (kind, found) in asked_for().items() if kind == "audit indicator"}


@cache
def asked_for() -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Everything that the strategies ask for, by code: its kind, and each place as (strategy, reference) once."""
    kinds: dict[str, str] = {}
    places: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    with (PROJECT / "tests" / "data" / "requirements.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kinds[row["code"]] = row["kind"]
            places[row["code"]][row["strategy"], row["reference"]] = None
    return {code: (kinds[code], list(found)) for code, found in places.items()}


def asked_by_template() -> dict[str, list[str]]:
    return {
        template.code: [indicator.code for indicator in template.indicators] for template in the_catalogue().templates
    }


def strategies_naming(code: str) -> set[str]:
    return {strategy for strategy, _reference in paragraphs()[code]}


def test_there_are_175_requirements_of_six_kinds() -> None:
    assert Counter(kind for kind, _places in asked_for().values()) == {
        "audit indicator": 69,
        "case attribute": 24,
        "practitioner tool": 15,
        "scorecard measure": 23,
        "delivery plan": 20,
        "governance": 24,
    }


def test_what_is_asked_for_beside_indicators_cites_exactly_the_paragraphs_that_were_found() -> None:
    kinds = {
        RequirementKind.ATTRIBUTE: "case attribute",
        RequirementKind.TOOL: "practitioner tool",
        RequirementKind.MEASURE: "scorecard measure",
        RequirementKind.DELIVERY_PLAN: "delivery plan",
        RequirementKind.GOVERNANCE: "governance",
    }
    cited = {
        code: (kinds[one.kind], sorted((source.strategy, source.reference) for source in one.sources))
        for code, one in the_catalogue().requirements.items()
        if not is_local(code)
    }
    found = {code: (kind, sorted(places)) for code, (kind, places) in asked_for().items() if kind != "audit indicator"}
    assert cited == found


def test_what_is_asked_of_a_partnership_itself_stands_in_the_strategies_paragraph_by_paragraph() -> None:
    stated = {
        (code, strategy.key, statement.reference)
        for strategy in the_catalogue().strategies.values()
        for statement in strategy.statements
        for code in statement.requirements
    }
    wanted = {
        (code, *place)
        for code, (kind, places) in asked_for().items()
        if kind in {"delivery plan", "governance", "scorecard measure"}
        for place in places
    }
    assert stated == wanted


def test_every_requirement_has_a_place_and_every_page_that_is_named_is_there(app: Flask) -> None:
    placed = {one.code: one.places for one in coverage(the_catalogue())}
    assert placed.keys() == asked_for().keys()
    assert all(placed.values())
    pages = {one.detail.get("page", "") for one in the_catalogue().requirements.values()} - {""}
    assert pages <= app.view_functions.keys()


def test_every_attribute_lets_one_say_that_it_is_not_known() -> None:
    attributes = [one for one in the_catalogue().requirements.values() if one.kind is RequirementKind.ATTRIBUTE]
    without = [one.code for one in attributes if "not_known" not in {option["code"] for option in one.detail["option"]}]
    assert without == []


def test_the_library_cites_exactly_the_paragraphs_that_were_found() -> None:
    cited = {
        code: sorted((source.strategy, source.reference) for source in indicator.sources)
        for code, indicator in the_catalogue().indicators.items()
        if not is_local(code)
    }
    assert cited == {code: sorted(found) for code, found in paragraphs().items()}


def test_the_coming_terms_have_local_codes_and_rest_on_no_strategy() -> None:
    local = {code: one for code, one in the_catalogue().indicators.items() if is_local(code)}
    assert list(local) == [f"RF{number:02}" for number in range(1, 9)]
    assert not any(one.sources for one in local.values())
    strategies = {strategy for strategy, _reference in {place for found in paragraphs().values() for place in found}}
    for strategy in strategies:
        assert not set(asked_by_template()[strategy]) & local.keys()


def test_core_16_is_core_16_and_is_offered_first() -> None:
    assert next(iter(asked_by_template())) == "core-16"
    assert set(asked_by_template()["core-16"]) == CORE_16


def test_shared_33_is_what_three_strategies_share_and_four_more() -> None:
    shared = {code for code in paragraphs() if len(strategies_naming(code)) >= 3}
    assert len(shared) == 29
    assert set(asked_by_template()["shared-33"]) == shared | NAMED_BY_TWO


@pytest.mark.parametrize("key", the_catalogue().strategies)
def test_the_template_of_a_strategy_asks_exactly_what_the_strategy_asks_for(key: str) -> None:
    named = {code for code in paragraphs() if key in strategies_naming(code)}
    assert set(asked_by_template()[key]) == named


@pytest.mark.parametrize("kind", list(AgencyKind)[:6])
def test_each_agency_has_a_form_of_its_own_that_asks_nobody_else(kind: AgencyKind) -> None:
    form = {
        AgencyKind.CHILDRENS_SOCIAL_CARE: "single-childrens-social-care",
        AgencyKind.VOLUNTARY: "single-voluntary",
    }.get(kind, f"single-{kind.replace('_', '-')}")
    template = next(one for one in the_catalogue().templates if one.code == form)
    assert len(template.indicators) >= 12
    assert {one.applies[AppliesBy.AGENCY_KIND] for one in template.indicators} == {frozenset({kind})}


def test_every_level_of_every_template_has_words_of_its_own() -> None:
    for template in the_catalogue().templates:
        for indicator in template.indicators:
            assert list(indicator.guidance) == [level.code for level in template.scale.levels]
            assert all(indicator.guidance.values()), f"{template.code} {indicator.code}"


def test_every_template_names_questions_for_the_panel_and_attributes_to_record() -> None:
    for template in the_catalogue().templates:
        assert 1 <= len([one for one in template.indicators if one.is_panel]) <= 8
        assert len(template.attributes) >= 5


OWN_TERMS = {
    "lincolnshire": ["Graded Care Profile 2", "common standard", "common language", "early signs", "lasting"],
    "bath-and-north-east-somerset": ["six types", "Outcome focused", "Strengths based", "whole family", "universal"],
    "city-and-hackney": [
        *("People:", "Policy:", "Practice:", "four types", "seen, heard", "CHSCP neglect toolkit", "start again"),
        *("Think Family", "neglect by affluence", "Adolescent neglect", "Anti-Racism Charter", "at least good"),
    ],
    "herefordshire": ["Right help, right time", "whole family", "Signs of Safety", "Measured by outcomes"],
    "cumbria": ["Recognise:", "Respond:", "Quantify:", "Evaluate:", "day in my life", "impact chronology"],
}


@pytest.mark.parametrize("key", the_catalogue().strategies)
def test_the_template_of_a_strategy_asks_in_the_strategys_own_terms(key: str) -> None:
    library = the_catalogue().indicators
    template = next(one for one in the_catalogue().templates if one.code == key)
    reworded = [one for one in template.indicators if one.question != library[one.code].question]
    entitled = [one for one in template.indicators if one.title != library[one.code].title]
    assert len(reworded) >= 0.4 * len(template.indicators)
    assert len(entitled) >= 0.8 * len(template.indicators)
    said = " ".join(
        [template.description, *(domain.title for domain in template.domains)]
        + [text for one in template.indicators for text in (one.title, one.question, one.look_for)]
    )
    assert [term for term in OWN_TERMS[key] if term.casefold() not in said.casefold()] == []


def test_city_and_hackneys_pass_mark_stands_in_the_words_of_its_levels() -> None:
    template = next(one for one in the_catalogue().templates if one.code == "city-and-hackney")
    overall = next(one for one in template.indicators if one.code == "K02")
    assert [words.split(".")[0] for words in overall.guidance.values()] == [
        "Above the mark",
        "The mark is met",
        "The mark is not met",
        "Far below the mark",
    ]


def test_the_words_of_a_level_do_not_say_again_the_letter_that_stands_beside_them() -> None:
    for scale in the_catalogue().scales.values():
        for level in scale.levels:
            assert level.letter not in re.split(r"\W+", level.words), f"{level.letter} {level.words}"


def test_the_question_about_joined_records_is_answered_in_words_as_its_template_says() -> None:
    coming = next(one for one in the_catalogue().templates if one.code == "coming-terms")
    assert "joined records is answered in words" in coming.description
    assert [one.code for one in coming.indicators if coming.is_in_words(one)] == ["RF08"]


def test_the_example_for_a_newcomer_is_a_valid_template() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    mine = read_catalogue({**files_in(FOLDER), "templates/first-look.toml": first + second})
    template = next(one for one in mine.templates if one.code == "first-look")
    assert [one.code for one in template.indicators] == ["A01", "B01", "B03", "K01"]
    assert template.indicators[1].title == "What the child told us"


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
    assert len(texts) == len(set(texts)) == 77 * 9


@pytest.mark.parametrize("indicator", the_catalogue().indicators.values(), ids=lambda indicator: indicator.code)
def test_an_indicator_asks_one_question_and_judges_in_sentences(indicator: Indicator) -> None:
    assert indicator.question.endswith("?")
    for text in (indicator.why, indicator.look_for, indicator.example, *indicator.guidance.values()):
        assert re.search(r"[.!?”\"]$", text)
        assert len(text) >= 40
    everything = " ".join((indicator.title, indicator.question, indicator.why, *indicator.guidance.values()))
    assert not re.search(r"\b(non-complian\w+|red button|outliers?|service users?|DNA)\b", everything, re.IGNORECASE)
