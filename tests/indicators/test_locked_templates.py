"""What nobody can change in a template: what is published, what was delivered, what is another partnership's."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.indicators import queries, rules, services
from audit_app.indicators.rules import Catalogue, CatalogueProblems
from tests.factories.accounts import a_member, a_partnership, as_actor
from tests.factories.indicators import the_catalogue
from tests.factories.templates import Draft, a_published_template, do, published, the_next_version, words


def every_deed(one: Draft) -> list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]]:
    """Every deed that changes a version, ready to be done to this one."""
    first, *_others = one.domains.values()
    here, by = one.version_id, {"by": one.coordinator}
    code = one.whole.indicators[0].code
    return [
        (services.change_draft, (here,), words(one, title="Another")),
        (services.change_recorded, (here,), {"edition": 1, "attributes": ["P07"], **by}),
        (services.add_domain, (here,), {"title": "Another", **by}),
        (services.rename_domain, (here, first), {"edition": 1, "title": "Another", **by}),
        (services.move_domain, (here, first), {"is_up": False, **by}),
        (services.remove_domain, (here, first), {"move_to": list(one.domains.values())[-1], **by}),
        (services.add_indicator, (here, first), {"code": "H01", **by}),
        (services.write_indicator, (here, first), {"title": "Another", **by}),
        (
            services.change_indicator,
            (here, code),
            {"edition": 1, "scale": one.whole.scale.code, "wanted": replace(one.asked(code), why="X"), **by},
        ),
        (services.move_indicator, (here, code), {"is_up": False, **by}),
        (services.move_to_domain, (here, code), {"domain_id": list(one.domains.values())[-1], **by}),
        (services.remove_indicator, (here, code), by),
        (services.publish_draft, (here,), {"mark": rules.mark_of(one.whole), "note": "x", "at": clock.now(), **by}),
        (services.discard_draft, (here,), by),
    ]


@pytest.mark.parametrize("number", range(14))
def test_a_published_version_never_changes(draft: Draft, number: int) -> None:
    published(draft)
    before = draft.whole
    deed, args, more = every_deed(draft)[number]
    with pytest.raises(Refused, match="This version is published, so it never changes"):
        do(deed, *args, **more)
    assert draft.whole == before


@pytest.mark.parametrize("number", range(14))
def test_a_delivered_template_never_changes(draft: Draft, number: int) -> None:
    delivered = replace(draft, version_id=queries.version_id("core-16", 1))
    before = delivered.whole
    deed, args, more = every_deed(delivered)[number]
    with pytest.raises(Refused, match="This template was delivered with the service"):
        do(deed, *args, **more)
    assert delivered.whole == before


@pytest.mark.parametrize("number", range(14))
def test_another_partnerships_draft_is_not_there(draft: Draft, number: int) -> None:
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)
    deed, args, more = every_deed(replace(draft, coordinator=stranger))[number]
    before = draft.whole
    with pytest.raises(NotHere):
        do(deed, *args, **more)
    assert draft.whole == before


def test_another_partnerships_template_is_neither_copied_nor_continued(draft: Draft) -> None:
    published(draft)
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)
    with pytest.raises(NotHere):
        do(services.copy_template, draft.version_id, title="Mine", by=stranger)
    with pytest.raises(NotHere):
        do(services.start_version, draft.code, by=stranger)


# --- loading what is delivered ---


def test_loading_leaves_own_templates_alone(draft: Draft) -> None:
    asked = published(draft).whole.domains
    for is_first in (True, False):
        with transaction():
            changes = services.load_catalogue(the_catalogue(), at=clock.now())
        assert bool(changes) is is_first
        assert draft.whole.domains == asked


def test_the_command_leaves_own_templates_alone(app: Flask, draft: Draft) -> None:
    asked = published(draft).whole.domains
    app.test_cli_runner().invoke(args=["indicators", "load"])
    done: Result = app.test_cli_runner().invoke(args=["indicators", "load"])
    assert (done.exit_code, done.output) == (0, "Nothing has changed.\n")
    assert draft.whole.domains == asked


def test_the_library_never_takes_the_code_of_an_own_indicator(draft: Draft) -> None:
    do(services.write_indicator, draft.version_id, draft.domains["The child"], title="Home", by=draft.coordinator)
    another = replace(the_catalogue().indicators["A01"], code="SAL01", sources=())
    clashing = Catalogue(
        scales=the_catalogue().scales,
        strategies=the_catalogue().strategies,
        indicators={**the_catalogue().indicators, "SAL01": another},
        requirements=the_catalogue().requirements,
        templates=the_catalogue().templates,
    )
    with pytest.raises(CatalogueProblems, match="SAL01: is the code of a partnership's own indicator"):
        do(services.load_catalogue, clashing, at=clock.now())


def test_own_templates_are_seen_by_members_once_published_and_as_drafts_by_few(app: Flask) -> None:
    partnership = a_partnership()
    first = a_published_template(partnership)
    the_next_version(first)
    for role, seen in ((Role.COORDINATOR, [1, 2]), (Role.SCRUTINEER, [1, 2]), (Role.BOARD_MEMBER, [1])):
        viewer = as_actor(a_member(partnership, role), partnership)
        assert [one.version for one in queries.own_templates(viewer)] == seen
        assert [one.version for one in queries.versions_seen_by(viewer, first.code)] == seen
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)
    assert queries.own_templates(stranger) == []
    with pytest.raises(NotHere):
        queries.version_seen_by(stranger, first.code, 1)
