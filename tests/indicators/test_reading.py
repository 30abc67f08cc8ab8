"""Reading the files: a whole catalogue, or every problem at once."""

import copy
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.indicators.rules import AppliesBy, CatalogueProblems, Rated, read_catalogue

Table = dict[str, Any]


def small() -> dict[str, Table]:
    """A small, sound set of files as tables: one scale, one strategy, two indicators, one template."""

    def indicator(code: str) -> Table:
        return {
            "code": code,
            "title": f"Title of {code}",
            "domain": "Recognition",
            "rated": "own_work",
            "question": "What was done?",
            "why": "It matters.",
            "look_for": "Dates.",
            "example": "It was late, because nobody asked.",
            "sources": {"somewhere": ["1.2", "3 L4"]},
            "guidance": {"met": "All of it.", "not_met": "None of it."},
        }

    def level(code: str, rank: int, band: str) -> Table:
        return {"code": code, "letter": code[0].upper(), "words": code.capitalize(), "rank": rank, "band": band}

    levels = [level("met", 1, "strong"), level("not_met", 2, "weak")]
    return {
        "scales.toml": {"scale": [{"code": "met", "title": "Met or not", "direction": "best_first", "level": levels}]},
        "strategies/somewhere.toml": {"key": "somewhere", "title": "Neglect", "publisher": "LSCP", "period": "2026"},
        "library.toml": {"indicator": [indicator("A01"), indicator("A02")]},
        "templates/small.toml": {
            "code": "small",
            "title": "Small",
            "version": 1,
            "scale": "met",
            "description": "Two questions.",
            "minutes_per_child": 10,
            "panel_indicators": ["A02"],
            "domain": [{"title": "First", "indicators": ["A02", "A01"]}],
            "applies": {"A01": {"agency_kind": ["health", "police"]}},
        },
    }


def toml(table: Mapping[str, Any]) -> str:
    """A table as TOML: enough for these tests."""

    def value(given: Any) -> str:
        if isinstance(given, Mapping):
            return "{" + ", ".join(f"{quoted(key)} = {value(inner)}" for key, inner in given.items()) + "}"
        if isinstance(given, list):
            return "[" + ", ".join(value(inner) for inner in given) + "]"
        return quoted(given) if isinstance(given, str) else str(given).lower()

    return "\n".join(f"{quoted(key)} = {value(given)}" for key, given in table.items())


def quoted(text: str) -> str:
    return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


def texts(files: Mapping[str, Table]) -> dict[str, str]:
    return {name: toml(table) for name, table in files.items()}


def problems_of(files: Mapping[str, str | bytes]) -> list[str]:
    with pytest.raises(CatalogueProblems) as caught:
        read_catalogue(files)
    return [str(problem) for problem in caught.value.problems]


LIBRARY, SCALES, TEMPLATE = "library.toml", "scales.toml", "templates/small.toml"


def test_a_sound_set_of_files_becomes_a_catalogue() -> None:
    catalogue = read_catalogue(texts(small()))
    template = catalogue.templates[0]
    assert [(indicator.code, indicator.is_panel) for indicator in template.indicators] == [
        ("A02", True),
        ("A01", False),
    ]
    assert template.indicators[1].applies == {AppliesBy.AGENCY_KIND: frozenset({"health", "police"})}
    assert template.indicators[0].guidance == {"met": "All of it.", "not_met": "None of it."}
    assert template.scale is catalogue.scales["met"]
    assert catalogue.indicators["A01"].rated is Rated.OWN_WORK
    assert [source.reference for source in catalogue.indicators["A01"].sources] == ["1.2", "3 L4"]


def test_an_indicator_in_words_needs_no_words_for_levels() -> None:
    files = small()
    first(files)["guidance"] = {}
    files[TEMPLATE]["in_words"] = ["A01"]
    template = read_catalogue(texts(files)).templates[0]
    assert [(it.code, it.is_narrative, template.is_in_words(it)) for it in template.indicators] == [
        ("A02", False, False),
        ("A01", True, True),
    ]


def test_a_template_without_levels_asks_everything_in_words() -> None:
    files = small()
    files[SCALES]["scale"].append({"code": "in-words", "title": "In words", "direction": "in_words"})
    files[TEMPLATE]["scale"] = "in-words"
    template = read_catalogue(texts(files)).templates[0]
    assert not template.is_graded
    assert [template.is_in_words(it) for it in template.indicators] == [True, True]
    assert [dict(it.guidance) for it in template.indicators] == [{}, {}]


def first(files: dict[str, Table]) -> Table:
    indicator: Table = files[LIBRARY]["indicator"][0]
    return indicator


def scale(files: dict[str, Table]) -> Table:
    found: Table = files[SCALES]["scale"][0]
    return found


MISTAKES: list[tuple[str, Callable[[dict[str, Table]], object], str]] = [
    (
        "a scale in words with levels",
        lambda files: scale(files).update(direction="in_words"),
        "scales.toml: scale met: has levels, and a scale in words has none; remove them, or give another direction",
    ),
    (
        "something in words that is not asked",
        lambda files: files[TEMPLATE].update(in_words=["A03"]),
        "templates/small.toml: in_words: A03 is in no domain of this template; add it to one or take it from here",
    ),
    (
        "something twice in words",
        lambda files: files[TEMPLATE].update(in_words=["A01", "A01"]),
        "templates/small.toml: in_words: A01 is named twice; remove one",
    ),
    (
        "a title over 45 characters",
        lambda files: first(files).update(title="x" * 46),
        "library.toml: indicator A01, title: is 46 characters long; shorten it to at most 45",
    ),
    (
        "an empty question",
        lambda files: first(files).update(question="  "),
        "library.toml: indicator A01, question: is empty; write it",
    ),
    (
        "a missing field",
        lambda files: first(files).pop("why"),
        "library.toml: indicator A01, why: is missing; add it",
    ),
    (
        "a field of another name",
        lambda files: first(files).update(titel="x"),
        "library.toml: indicator A01, titel: is not a field of this table; remove it or correct its name",
    ),
    (
        "a code that is no code",
        lambda files: first(files).update(code="a-1"),
        (
            "library.toml: indicator a-1, code: is 'a-1', which is no code; "
            "codes look like A01 for an indicator, core-16 for the rest"
        ),
    ),
    (
        "something else that is rated",
        lambda files: first(files).update(rated="everything"),
        "library.toml: indicator A01, rated: is 'everything'; choose 'own_work' or 'child_experience'",
    ),
    (
        "no paragraph",
        lambda files: first(files).update(sources={}),
        "library.toml: indicator A01, sources: is missing; name a paragraph, or use a code of your own such as AB01",
    ),
    (
        "an unknown strategy",
        lambda files: first(files).update(sources={"nowhere": ["1"]}),
        "library.toml: indicator A01, sources: 'nowhere' is no strategy; add it to strategies or correct it",
    ),
    (
        "a paragraph twice",
        lambda files: first(files).update(sources={"somewhere": ["1", "1"]}),
        "library.toml: indicator A01, sources: somewhere 1 stands here twice",
    ),
    (
        "guidance for an unknown level",
        lambda files: first(files)["guidance"].update(perfect="x"),
        "library.toml: indicator A01, guidance: 'perfect' is no level of any scale; correct it",
    ),
    (
        "a level without words",
        lambda files: first(files)["guidance"].pop("not_met"),
        "templates/small.toml: indicator A01: has no guidance for not_met; write it in library.toml",
    ),
    (
        "an indicator twice in the library",
        lambda files: files[LIBRARY]["indicator"].append(copy.deepcopy(first(files))),
        "library.toml: indicator A01: the code A01 is used twice; every indicator has its own",
    ),
    (
        "another table in the library",
        lambda files: files[LIBRARY].update(extra=1),
        "library.toml: extra: is not known here; this file holds only [[indicator]] tables",
    ),
    (
        "a scale with one level",
        lambda files: scale(files)["level"].pop(),
        "scales.toml: scale met: has one level; a scale needs at least two",
    ),
    (
        "ranks with a gap",
        lambda files: scale(files)["level"][1].update(rank=3),
        "scales.toml: scale met: the ranks do not run 1, 2, 3 and on; number the levels from the best, which is 1",
    ),
    (
        "the same letter twice",
        lambda files: scale(files)["level"][1].update(letter="M"),
        "scales.toml: scale met: two levels have the letter 'M'; change one",
    ),
    (
        "a worse level in a better band",
        lambda files: scale(files)["level"][0].update(band="weak") or scale(files)["level"][1].update(band="strong"),
        "scales.toml: scale met: a worse level stands in a better band; bands go strong, adequate, weak as ranks rise",
    ),
    (
        "two scales that share a level's code",
        lambda files: files[SCALES]["scale"].append({**copy.deepcopy(scale(files)), "code": "other"}),
        "scales.toml: scale other: another scale has a level met too; give this one its own code",
    ),
    (
        "a strategy twice",
        lambda files: files.update({"strategies/copy.toml": files["strategies/somewhere.toml"]}),
        "strategies/copy.toml: the code somewhere is used twice; every strategy has its own",
    ),
    (
        "an unknown scale",
        lambda files: files[TEMPLATE].update(scale="ten"),
        "templates/small.toml: scale: 'ten' is no scale of scales.toml; choose one of them",
    ),
    (
        "an unknown indicator",
        lambda files: files[TEMPLATE]["domain"][0]["indicators"].append("Z99"),
        "templates/small.toml: indicator Z99: is not in the library; add it there or correct the code",
    ),
    (
        "an indicator asked twice",
        lambda files: files[TEMPLATE]["domain"].append({"title": "Second", "indicators": ["A01"]}),
        "templates/small.toml: indicator A01: is asked twice; remove one",
    ),
    (
        "two domains of one title",
        lambda files: files[TEMPLATE].update(
            domain=[{"title": "First", "indicators": ["A01"]}, {"title": "First", "indicators": ["A02"]}]
        ),
        "templates/small.toml: domain First: two domains have this title; rename one",
    ),
    (
        "a domain without indicators",
        lambda files: files[TEMPLATE]["domain"].append({"title": "Second", "indicators": []}),
        "templates/small.toml: domain, number 2, indicators: is empty; name at least one",
    ),
    (
        "a panel indicator that is not asked",
        lambda files: files[TEMPLATE].update(domain=[{"title": "First", "indicators": ["A01"]}]),
        (
            "templates/small.toml: panel_indicators: A02 is in no domain of this template; "
            "add it to one or take it from here"
        ),
    ),
    (
        "more panel indicators than an hour allows",
        lambda files: files[TEMPLATE].update(panel_indicators=["A01", "A02"] * 5),
        "templates/small.toml: panel_indicators: names 10; a panel has time for at most 8",
    ),
    (
        "an indicator that no agency answers",
        lambda files: files[TEMPLATE]["applies"].update(A02={"agency_kind": []}),
        (
            "templates/small.toml: applies, A02, agency_kind: is empty, so no agency answers it; "
            "name some or remove the line"
        ),
    ),
    (
        "an unknown kind of agency",
        lambda files: files[TEMPLATE]["applies"].update(A02={"agency_kind": ["navy"]}),
        (
            "templates/small.toml: applies, A02, agency_kind: 'navy' is none of childrens_social_care, health, police, "
            "education, early_help, voluntary, probation, other; choose among them"
        ),
    ),
    (
        "a limit on something that is not asked",
        lambda files: files[TEMPLATE]["applies"].update(S04={"age_band": ["under_1"]}),
        "templates/small.toml: applies, S04: is in no domain of this template; remove this limit or correct the code",
    ),
    (
        "a version that two files claim",
        lambda files: files.update({"templates/twin.toml": files[TEMPLATE]}),
        "templates/twin.toml: version: small version 1 is in another file too; raise one of the two",
    ),
]


@pytest.mark.parametrize(("mistake", "sentence"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_is_named_with_its_file_its_place_and_how_to_mend_it(
    mistake: Callable[[dict[str, Table]], object], sentence: str
) -> None:
    files = small()
    mistake(files)
    assert sentence in problems_of(texts(files))


def test_a_file_that_is_not_toml_says_where_it_breaks() -> None:
    files = {**texts(small()), "templates/broken.toml": 'title = "one"\nversion = \n'}
    [problem] = problems_of(files)
    assert problem.startswith("templates/broken.toml: is not TOML: ")
    assert "line 2" in problem


def test_every_problem_is_told_at_once_in_the_order_of_the_files() -> None:
    files = small()
    scale(files)["level"].pop()
    first(files).update(title="x" * 46, why="")
    files[TEMPLATE]["domain"][0]["indicators"].append("Z99")
    assert problems_of(texts(files)) == [
        "scales.toml: scale met: has one level; a scale needs at least two",
        "library.toml: indicator A01, title: is 46 characters long; shorten it to at most 45",
        "library.toml: indicator A01, why: is empty; write it",
        "library.toml: indicator A02, guidance: 'not_met' is no level of any scale; correct it",
        "templates/small.toml: indicator Z99: is not in the library; add it there or correct the code",
    ]


def test_a_broken_indicator_is_not_also_called_unknown() -> None:
    files = small()
    first(files).pop("why")
    assert problems_of(texts(files)) == ["library.toml: indicator A01, why: is missing; add it"]


def test_no_files_are_an_empty_catalogue() -> None:
    assert read_catalogue({}).templates == ()


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip())


@given(question=words, guidance=words)
def test_any_words_come_back_as_they_were_written(question: str, guidance: str) -> None:
    files = small()
    first(files).update(question=question)
    first(files)["guidance"].update(met=guidance)
    assert tomllib.loads(toml(files[LIBRARY])) == files[LIBRARY]
    read = read_catalogue(texts(files)).templates[0].indicators[1]
    assert (read.question, read.guidance["met"]) == (question.strip(), guidance.strip())


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=2),
    max_leaves=6,
).filter(lambda given: given is not None)


@given(file=st.sampled_from([LIBRARY, SCALES, TEMPLATE]), field=st.sampled_from(range(20)), given_value=anything)
def test_whatever_stands_in_a_field_reading_gives_a_catalogue_or_problems(
    file: str, field: int, given_value: Any
) -> None:
    files = small()
    table = {LIBRARY: first(files), SCALES: scale(files), TEMPLATE: files[TEMPLATE]}[file]
    table[list(table)[field % len(table)]] = given_value
    try:
        text = texts(files)
        tomllib.loads(text[file])
    except (tomllib.TOMLDecodeError, TypeError):
        return
    try:
        templates = read_catalogue(text).templates
    except CatalogueProblems as error:
        told = [problem.mending for problem in error.problems]
    else:
        told = [template.title for template in templates]
    assert all(told)
    assert told
