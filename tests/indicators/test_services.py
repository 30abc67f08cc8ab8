"""Loading `audit_templates/`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from audit_app.core.db import db, transaction
from audit_app.indicators import models, queries, services
from audit_app.indicators.rules import AuditTemplate, Catalogue, CatalogueProblems, Source
from tests.factories.indicators import FOLDER, the_catalogue
from tests.fixtures import CountQueries

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def load(catalogue: Catalogue) -> list[str]:
    with transaction():
        return list(services.load_catalogue(catalogue, at=AT))


def core_16_with(**changes: object) -> Catalogue:
    """The real catalogue with another Core 16."""
    core, *others = the_catalogue().templates
    return replace(the_catalogue(), templates=(replace(core, **changes), *others))  # type: ignore[arg-type]


def reworded(template: AuditTemplate) -> tuple[object, ...]:
    """The template's domains with another question in the first."""
    first, *others = template.domains
    indicator, *rest = first.indicators
    return (replace(first, indicators=(replace(indicator, question="Another question?"), *rest)), *others)


def test_what_is_read_back_is_what_was_loaded(app: Flask) -> None:
    catalogue = the_catalogue()
    load(catalogue)
    assert queries.scales() == catalogue.scales
    assert queries.strategies() == catalogue.strategies
    assert queries.indicators() == catalogue.indicators
    assert queries.requirements() == catalogue.requirements
    for template in catalogue.templates:
        assert queries.template_version(queries.version_id(template.code, template.version)) == template


def test_loading_says_what_it_added(app: Flask) -> None:
    changes = load(the_catalogue())
    assert "Added the scale ofsted" in changes
    assert "Added the strategy cumbria" in changes
    assert "Added the indicator H01" in changes
    assert "Published Core 16, version 1" in changes


def test_loading_the_same_again_changes_nothing_and_writes_nothing(app: Flask, count_queries: CountQueries) -> None:
    load(the_catalogue())
    with count_queries() as again:
        assert load(the_catalogue()) == []
    assert [statement for statement in again.statements if not statement.startswith("SELECT")] == []


def test_a_folder_loads_as_its_catalogue_does(app: Flask) -> None:
    load(the_catalogue())
    with transaction():
        assert services.load_folder(FOLDER, at=AT) == []


def test_a_changed_published_version_is_refused_and_told_to_take_the_next_number(app: Flask) -> None:
    load(the_catalogue())
    changed = core_16_with(domains=reworded(the_catalogue().templates[0]))
    with pytest.raises(CatalogueProblems, match=r"version: 1 is published .* \(A01 question\); make it 2"):
        load(changed)
    assert queries.template_version(queries.version_id("core-16", 1)) == the_catalogue().templates[0]


def test_a_new_version_is_published_beside_the_old_one_and_offered_in_its_place(app: Flask) -> None:
    load(the_catalogue())
    old = the_catalogue().templates[0]
    assert load(core_16_with(version=2, domains=reworded(old))) == ["Published Core 16, version 2"]
    assert queries.template_version(queries.version_id("core-16", 1)) == old
    first = queries.templates_offered(None)[0]
    assert (first.code, first.version) == ("core-16", 2)
    assert queries.template_version(first.version_id).indicators[0].question == "Another question?"


def test_a_changed_scale_is_refused(app: Flask) -> None:
    load(the_catalogue())
    scales = dict(the_catalogue().scales)
    scales["ofsted"] = replace(scales["ofsted"], title="Something else")
    with pytest.raises(CatalogueProblems, match="scale ofsted: is in use and has changed"):
        load(replace(the_catalogue(), scales=scales))


def test_a_changed_indicator_replaces_its_words_paragraphs_and_guidance(app: Flask) -> None:
    load(the_catalogue())
    indicators = dict(the_catalogue().indicators)
    guidance = {**indicators["H01"].guidance, "good": "Seen in time."}
    indicators["H01"] = replace(
        indicators["H01"], title="Agreed, not done", sources=(Source("cumbria", "9.9"),), guidance=guidance
    )
    assert load(replace(the_catalogue(), indicators=indicators)) == ["Changed the indicator H01"]
    assert queries.indicators("H01") == {"H01": indicators["H01"]}


def test_a_changed_strategy_is_changed_in_place(app: Flask) -> None:
    load(the_catalogue())
    strategies = dict(the_catalogue().strategies)
    strategies["cumbria"] = replace(strategies["cumbria"], period="2024 to 2027")
    assert load(replace(the_catalogue(), strategies=strategies)) == ["Changed the strategy cumbria"]
    assert queries.strategies()["cumbria"].period == "2024 to 2027"


def test_what_is_gone_from_the_files_stays(app: Flask) -> None:
    load(the_catalogue())
    assert load(Catalogue(scales={}, strategies={}, indicators={}, requirements={}, templates=())) == []
    assert queries.indicators().keys() == the_catalogue().indicators.keys()


def test_a_refused_load_leaves_nothing_behind(app: Flask) -> None:
    load(the_catalogue())
    changed = core_16_with(domains=reworded(the_catalogue().templates[0]))
    extra = replace(the_catalogue().strategies["cumbria"], key="another")
    with pytest.raises(CatalogueProblems):
        load(replace(changed, strategies={**changed.strategies, "another": extra}))
    assert "another" not in queries.strategies()
    assert db.session.query(models.AuditTemplateVersion).count() == len(the_catalogue().templates)
