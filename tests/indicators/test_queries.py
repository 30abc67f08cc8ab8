"""Reading the library and the templates."""

from dataclasses import replace

import pytest
from flask import Flask

from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere
from audit_app.indicators import queries, services
from tests.factories.indicators import core_16, the_catalogue, the_templates
from tests.fixtures import CountQueries


def test_templates_are_offered_with_core_16_first(app: Flask) -> None:
    the_templates()
    offered = queries.templates_offered(None)
    assert [(template.code, template.indicators) for template in offered] == [
        ("core-16", 16),
        ("shared-33", 33),
        ("city-and-hackney", 45),
    ]
    assert offered[0].minutes_per_child == 60
    assert offered[0].scale == "Outstanding to inadequate"


def test_a_template_takes_the_same_queries_however_long_it_is(app: Flask, count_queries: CountQueries) -> None:
    ids = the_templates()
    counts = []
    for version_id in ids.values():
        with count_queries() as queried:
            queries.template_version(version_id)
        counts.append(queried.count)
    assert counts == [5, 5, 5]


def test_the_list_of_templates_is_one_query(app: Flask, count_queries: CountQueries) -> None:
    the_templates()
    with count_queries() as queried:
        queries.templates_offered(None)
    assert queried.count == 1


def test_a_template_that_is_not_there_is_not_here(app: Flask) -> None:
    core_16()
    with pytest.raises(NotHere):
        queries.template_version(999)
    with pytest.raises(NotHere):
        queries.version_id("core-16", 2)


def test_an_indicator_comes_with_its_paragraphs_and_the_templates_that_ask_it(app: Flask) -> None:
    the_templates()
    page = queries.indicator_page("H01", 0)
    assert [(cited.strategy.key, cited.references) for cited in page.cited] == [
        ("city-and-hackney", ("7.16",)),
        ("herefordshire", ("3 L84",)),
    ]
    assert [template.code for template in page.asked_in] == ["core-16", "shared-33", "city-and-hackney"]
    assert page.scale
    assert [level.code for level in page.scale.levels] == list(page.indicator.guidance)


def test_an_indicator_that_only_an_older_version_asked_is_not_said_to_be_asked(app: Flask) -> None:
    the_templates()
    core, *_others = the_catalogue().templates
    shorter = replace(core, version=2, domains=core.domains[:1])
    with transaction():
        services.load_catalogue(replace(the_catalogue(), templates=(shorter,)), at=clock.now())
    assert [template.code for template in queries.indicator_page("K01", 0).asked_in] == [
        "shared-33",
        "city-and-hackney",
    ]


def test_an_unknown_indicator_is_not_here(app: Flask) -> None:
    the_templates()
    with pytest.raises(NotHere):
        queries.indicator_page("Z99", 0)
