"""A partnership's own words on every page: no page, as anybody, still says a delivered one."""

import re

import pytest
from flask import Flask
from sqlalchemy import update

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import DELIVERED_TERMS, Role, TermGroup
from audit_app.core.db import db, transaction
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.whole_app.test_access import routes, signed_in
from tests.whole_app.world import World, build_world

OWN = {
    TermGroup.ROLE.value: {code: f"Post {number}" for number, code in enumerate(DELIVERED_TERMS[TermGroup.ROLE], 1)},
    TermGroup.PLAN_STATUS.value: {"child_protection": "Safety plan", "child_in_need": "Family help"},
}
DELIVERED = re.compile(
    r"\b(coordinator|auditor|panel chair|note-taker|panel member|agency lead|board member|scrutineer|key holder"
    r"|practitioner|administrator|child protection plan|child in need)s?\b",
    re.IGNORECASE,
)
# Where the words of today belong: what a file says of its makers, the library's own sentences, the words themselves,
# and what history wrote down.
NOT_OURS = {
    "accounts.show_words",
    "accounts.change_words",
    "home.partnership_history",
    "indicators.library",
    "indicators.list_requirements",
    "indicators.list_templates",
    "indicators.show_indicator",
    "indicators.show_strategy",
    "indicators.show_template",
    "indicators.preview_template",
    "rounds.show_indicator",
}


@pytest.fixture
def world(prepared: Prepared) -> World:
    """The whole world, whose partnership has a word of its own for every role. Its people have names without one."""

    built = prepared("the whole world", build_world)
    with transaction():
        db.session.execute(update(Partnership).where(Partnership.slug == built.slug).values(terms=OWN))
    return built


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.PANEL_CHAIR, Role.ADMINISTRATOR])
def test_no_page_says_a_delivered_word(app: Flask, client: PageClient, world: World, role: Role) -> None:
    person, found = signed_in(client, world.people[role]), []
    for route in routes(app, "GET"):
        if not route.is_of_a_partnership or not route.is_for(role) or route.rule.endpoint in NOT_OURS:
            continue
        page = person.ask("GET", route.address(world, world.slug))
        if page.status == 200 and page.is_html:
            said = re.sub(r"\bThe (\w+)\b", lambda name: "" if name[1] in set(Role) else name[0], page.main)
            found += [f"{route}: {said[max(0, hit.start() - 60) : hit.end() + 40]}" for hit in DELIVERED.finditer(said)]
    assert not found, "\n" + "\n".join(found)
