"""Reading what strategies say, and what they ask for beside indicators."""

from collections.abc import Callable
from typing import Any

import pytest

from audit_app.indicators.rules import RequirementKind, StatementKind, by_section, coverage, read_catalogue
from audit_app.indicators.rules.requirements import section_in_words
from tests.factories.indicators import the_catalogue
from tests.indicators.test_reading import Table, problems_of, small, texts

STRATEGY = "strategies/somewhere.toml"
TEMPLATE = "templates/small.toml"


def whole() -> dict[str, Table]:
    """A small, sound set of files with one thing of each kind."""
    known: dict[str, Any] = {"group": "Type", "sources": {"somewhere": ["2 L3"]}}
    options = [{"code": "hungry", "words": "Hungry", "cin_factor": "16A"}, {"code": "not_known", "words": "Not known"}]
    more = [{"code": "cold", "words": "Cold", "is_also": ["P01.hungry"]}, {"code": "not_known", "words": "Not known"}]
    asked = {"question": "What was it?", "help": "What the file shows.", "answers": "many"}
    objective = {"kind": "objective", "title": "See it", "words": "See it early.", "reference": "4 L2"}
    action = {"kind": "action", "words": "Train all.", "reference": "4 L9", "under": "See it", "requirements": ["X01"]}
    own = {"attributes": ["P01"], "words": {"A01": {"title": "Mine"}}, "guidance": {"A01": {"met": "All, in May."}}}
    return {
        **small(),
        TEMPLATE: {**small()[TEMPLATE], **own},
        STRATEGY: {**small()[STRATEGY], "statement": [objective, action]},
        "attributes.toml": {
            "attribute": [
                {"code": "P01", "title": "Type", **known, **asked, "option": options},
                {"code": "Z01", "title": "More", "group": "Type", **asked, "option": more},
            ]
        },
        "tools.toml": {
            "tool": [
                {
                    "code": "T01",
                    "title": "Profile",
                    "purpose": "Grades care.",
                    "is_licensed": True,
                    **known,
                    "user": [{"strategy": "somewhere", "who": "social_worker", "duty": "must"}],
                    "form": [{"title": "Baby", "age_bands": ["unborn"]}],
                }
            ]
        },
        "measures.toml": {
            "measure": [
                {
                    "code": "M01",
                    "title": "Seen early",
                    "definition": "Children.",
                    "unit": "children",
                    **known,
                    "direction": "up",
                    "source_agency": "police",
                    "how_often": "yearly",
                }
            ]
        },
        "requirements.toml": {
            "requirement": [{"code": "X01", "title": "Train", "words": "All.", "kind": "delivery plan", **known}]
        },
    }


def test_everything_that_strategies_ask_for_is_read() -> None:
    catalogue = read_catalogue(texts(whole()))
    assert [(code, one.kind) for code, one in catalogue.requirements.items()] == [
        ("P01", RequirementKind.ATTRIBUTE),
        ("Z01", RequirementKind.ATTRIBUTE),
        ("T01", RequirementKind.TOOL),
        ("M01", RequirementKind.MEASURE),
        ("X01", RequirementKind.DELIVERY_PLAN),
    ]
    assert catalogue.requirements["P01"].detail["option"][0]["cin_factor"] == "16A"
    assert catalogue.requirements["T01"].detail["user"][0]["duty"] == "must"
    assert [one.kind for one in catalogue.strategies["somewhere"].statements] == [
        StatementKind.OBJECTIVE,
        StatementKind.ACTION,
    ]


def test_a_template_has_its_own_terms_and_names_what_is_recorded() -> None:
    template = read_catalogue(texts(whole())).templates[0]
    asked = {one.code: one for one in template.indicators}
    assert (asked["A01"].title, asked["A01"].question) == ("Mine", "What was done?")
    assert asked["A01"].guidance == {"met": "All, in May.", "not_met": "None of it."}
    assert template.attributes == ("P01",)


def test_what_a_level_means_serves_where_an_indicator_has_no_words_for_it() -> None:
    files = whole()
    files["scales.toml"]["scale"][0]["level"][1]["means"] = "Nothing was done."
    for indicator in files["library.toml"]["indicator"]:
        del indicator["guidance"]["not_met"]
    template = read_catalogue(texts(files)).templates[0]
    assert {one.guidance["not_met"] for one in template.indicators} == {"Nothing was done."}


def test_coverage_leaves_out_local_codes_and_names_every_place() -> None:
    placed = {one.code: one.places for one in coverage(read_catalogue(texts(whole())))}
    assert placed == {
        "A01": ["library.toml", "template small"],
        "A02": ["library.toml", "template small"],
        "P01": ["attributes.toml"],
        "T01": ["tools.toml"],
        "M01": ["measures.toml"],
        "X01": ["somewhere 4 L9"],
    }


def test_what_stands_nowhere_is_missing() -> None:
    files = whole()
    del files[STRATEGY]["statement"]
    placed = {one.code: one.places for one in coverage(read_catalogue(texts(files)))}
    assert placed["X01"] == []


def attribute(files: dict[str, Table], place: int = 0) -> Table:
    found: Table = files["attributes.toml"]["attribute"][place]
    return found


MISTAKES: list[tuple[Callable[[dict[str, Table]], object], str]] = [
    (
        lambda files: attribute(files).update(sources={"nowhere": ["1"]}),
        "attributes.toml: attribute P01, sources: 'nowhere' is no strategy; add it to strategies or correct it",
    ),
    (
        lambda files: attribute(files).pop("sources"),
        "attributes.toml: attribute P01, sources: is missing; name a paragraph, or use a code of your own such as AB01",
    ),
    (
        lambda files: attribute(files, 1)["option"][0].update(is_also=["P09.cold"]),
        "attributes.toml: attribute Z01, option cold, is_also: 'P09.cold' is no option of an attribute; correct it",
    ),
    (
        lambda files: attribute(files)["option"][1].update(code="hungry"),
        "attributes.toml: attribute P01, option hungry: two options have this code; change one",
    ),
    (
        lambda files: attribute(files).update(option=[]),
        "attributes.toml: attribute P01, option: is empty; name at least one",
    ),
    (
        lambda files: files["tools.toml"]["tool"][0]["user"][0].update(strategy="nowhere"),
        "tools.toml: tool T01, user, strategy: 'nowhere' is no strategy; add it to strategies or correct it",
    ),
    (
        lambda files: files["measures.toml"]["measure"][0].update(code="A01"),
        "measures.toml: measure A01: has the code of something else; give it its own",
    ),
    (
        lambda files: files["requirements.toml"]["requirement"][0].update(kind="plan"),
        "requirements.toml: requirement X01, kind: is 'plan'; choose 'delivery plan' or 'governance'",
    ),
    (
        lambda files: files[STRATEGY]["statement"][1].update(requirements=["X09"]),
        "strategies/somewhere.toml: statement 4 L9, requirements: X09 is in no file of requirements; correct it",
    ),
    (
        lambda files: files[TEMPLATE].update(attributes=["P01", "P99"]),
        "templates/small.toml: attributes: P99 is not in attributes.toml; add it there or correct the code",
    ),
    (
        lambda files: files[TEMPLATE].update(attributes=["P01", "P01"]),
        "templates/small.toml: attributes: P01 is named twice; remove one",
    ),
    (
        lambda files: files[TEMPLATE].update(words={"B01": {"title": "Mine"}}),
        "templates/small.toml: words, B01: is in no domain of this template; remove this table or correct the code",
    ),
    (
        lambda files: files[TEMPLATE].update(words={"A01": {"title": "x" * 46}}),
        "templates/small.toml: words, A01, title: is 46 characters long; shorten it to at most 45",
    ),
    (
        lambda files: files[TEMPLATE].update(guidance={"A01": {"good": "Well done."}}),
        "templates/small.toml: guidance, A01: 'good' is no level of the scale met; correct it",
    ),
    (
        lambda files: files[STRATEGY]["statement"][1].update(under="Hear it"),
        "strategies/somewhere.toml: statement 4 L9, under: 'Hear it' is the title of no statement; correct it",
    ),
]


@pytest.mark.parametrize(("mistake", "sentence"), MISTAKES, ids=[sentence for _, sentence in MISTAKES])
def test_a_mistake_is_named_with_its_file_its_place_and_how_to_mend_it(
    mistake: Callable[[dict[str, Table]], object], sentence: str
) -> None:
    files = whole()
    mistake(files)
    assert sentence in problems_of(texts(files))


@pytest.mark.parametrize(
    ("reference", "section"),
    [
        ("7.10", "Section 7"),
        ("8.1 (4th)", "Section 8"),
        ("6 (1st bullet)", "Section 6"),
        ("4.1 Seen", "Section 4"),
        ("2 L26", "Section 2"),
        ("App I L161", "Appendix I"),
        ("Objectives L157", "Objectives"),
        ("title", "Title"),
    ],
)
def test_a_paragraph_stands_in_a_section(reference: str, section: str) -> None:
    assert section_in_words(reference) == section


def test_many_statements_of_one_kind_are_parted_by_section_and_none_is_lost() -> None:
    for strategy in the_catalogue().strategies.values():
        parted = by_section(strategy.statements)
        stated = [one for said in parted.values() for its in said.values() for one in its]
        assert len(stated) == len(strategy.statements)
        assert set(stated) == set(strategy.statements)
        assert all("" not in said or len(said[""]) <= 8 for said in parted.values())
