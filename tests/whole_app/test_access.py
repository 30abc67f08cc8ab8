"""Every route as everybody: who it is for, what outsiders get, and that reading writes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.routing import Rule

from audit_app.accounts.access import Access, Who, access_of
from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient
from tests.whole_app.world import OF_EVERYONE, OF_ONE_AGENCY, World, build_world

NOT_WALKED = {"security.logout"}
"""Signing out in the middle of a walk would end it."""
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Route:
    """One way into the application."""

    rule: Rule
    method: str
    access: Access

    @property
    def parts(self) -> set[str]:
        """The parts of its address that name something, the partnership aside."""
        return set(self.rule.arguments) - set(self.rule.defaults or {}) - {"slug"}

    @property
    def is_of_a_partnership(self) -> bool:
        return "slug" in self.rule.arguments

    def address(self, world: World, slug: str) -> str:
        values = {name: self.value(world, name) for name in self.parts}
        built = self.rule.build({**values, "slug": slug} if self.is_of_a_partnership else values)
        assert built is not None
        return built[1]

    def value(self, world: World, part: str) -> object:
        """What stands for a part of the address in the world, by its longer names where they are known."""
        names = (f"{self.rule.endpoint} {part}", self.long_name(part), part)
        value = next((world.addresses[name] for name in names if name in world.addresses), None)
        assert value is not None, (
            f"tests/whole_app/world.py has no value for {self.long_name(part)} of {self.rule.rule}"
        )
        return value

    def long_name(self, part: str) -> str:
        """The part with the word before it, which says what it is: `cases/reference`."""
        before = re.search(rf"(\w+)/<(?:\w+(?:\([^)]*\))?:)?{part}>", self.rule.rule)
        return f"{before[1]}/{part}" if before else part

    def is_for(self, role: Role) -> bool:
        return self.access.who is not Who.ROLES or role in self.access.roles

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def routes(app: Flask, *methods: str) -> Iterator[Route]:
    """Every route with one of these methods (with any, if none are given)."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            access = access_of(app, rule.endpoint)
            if access and rule.endpoint not in NOT_WALKED and (not methods or method in methods):
                yield Route(rule, method, access)


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared("the whole world", build_world)


def signed_in(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or the fault that a walk goes on after (as status 500)."""

    status: int
    location: str = ""
    fault: str = ""

    def __str__(self) -> str:
        return self.fault or str(self.status)


def ask(client: PageClient, route: Route, world: World, slug: str | None = None, *, has_token: bool = True) -> Answer:
    """Ask for a route with nothing filled in. A page with faults and an error are answers as well."""
    try:
        data = {"csrf_token": client.token()} if route.method == "POST" and has_token else None
        page = client.ask(route.method, route.address(world, slug or world.slug), data=data)
    except Exception as error:  # noqa: BLE001 - the walk goes on, and fails at its end
        return Answer(500, fault=f"{type(error).__name__}: {str(error)[:300]}")
    return Answer(page.status, page.headers.get("Location", ""))


def test_every_route_declares_who_may_use_it(application: Flask) -> None:
    undeclared = [rule.rule for rule in application.url_map.iter_rules() if not access_of(application, rule.endpoint)]
    assert undeclared == []


def test_a_route_that_names_roles_belongs_to_a_partnership(application: Flask) -> None:
    loose = [str(one) for one in routes(application) if one.access.roles and not one.is_of_a_partnership]
    assert loose == []


def test_every_part_of_an_address_has_a_value_in_the_world(app: Flask, world: World) -> None:
    assert all(route.value(world, part) for route in routes(app) for part in route.parts)


@pytest.mark.once
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", Role)
def test_a_route_answers_its_own_roles_and_no_others(
    app: Flask, client: PageClient, world: World, role: Role, method: str
) -> None:
    person = signed_in(client, world.people[role])
    wrong = []
    for route in routes(app, method):
        answer = ask(person, route, world)
        is_welcome = answer.status not in {401, 403} and answer.status < 500
        if not (is_welcome if route.is_for(role) else answer.status == 403):
            wrong.append(f"{route} answered {answer}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_page_opens_for_somebody(app: Flask, client: PageClient, world: World) -> None:
    people = {role: signed_in(client, person) for role, person in world.people.items()}
    closed = []
    for route in routes(app, "GET"):
        answers = []
        for role in filter(route.is_for, Role):
            answers.append(ask(people[role], route, world))
            if answers[-1].status in {200, 204, 302, 304, 410}:
                break
        else:
            closed.append(f"{route} answered {' '.join(sorted({str(answer) for answer in answers}))}")
    assert not closed, "\n" + "\n".join(closed)


def test_reading_writes_nothing(app: Flask, client: PageClient, world: World, count_queries: CountQueries) -> None:
    people = {role: signed_in(client, person) for role, person in world.people.items()}
    writing = []
    for route in routes(app, "GET"):
        role = next(role for role in Role if route.is_for(role))
        with count_queries() as queries:
            ask(people[role], route, world)
        writing += [f"{route}: {statement}" for statement in queries.statements if WRITING.match(statement)]
    assert not writing, "\n" + "\n".join(writing)


def test_nobody_gets_in_without_signing_in(app: Flask, client: PageClient, world: World) -> None:
    wrong = []
    for route in routes(app):
        if route.access.who is Who.PUBLIC:
            continue
        answer = ask(client, route, world)
        leads_to_sign_in = answer.status == 302 and "/sign-in" in answer.location
        if not (leads_to_sign_in if route.method == "GET" else answer.status == 401):
            wrong.append(f"{route} answered {answer}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_stranger_finds_no_partnership_but_their_own(app: Flask, client: PageClient, world: World) -> None:
    stranger = signed_in(client, world.stranger)
    wrong = []
    for route in routes(app):
        if not route.is_of_a_partnership or route.access.who is Who.PUBLIC:
            continue
        if (answer := ask(stranger, route, world)).status != 404:
            wrong.append(f"{route} answered {answer}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_another_partnerships_things_are_not_there(app: Flask, client: PageClient, world: World) -> None:
    """The stranger, who may do everything at home, asks there for the things of this partnership."""
    stranger = signed_in(client, world.stranger)
    wrong = []
    for route in routes(app):
        if not route.is_of_a_partnership or not route.parts - OF_EVERYONE:
            continue
        if (answer := ask(stranger, route, world, world.other_slug)).status != 404:
            wrong.append(f"{route} answered {answer}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_an_agency_outsider_finds_nothing_of_the_agencies(app: Flask, client: PageClient, world: World) -> None:
    outsider = signed_in(client, world.agency_outsider)
    wrong = []
    for route in routes(app):
        if OF_ONE_AGENCY.isdisjoint(route.long_name(part) for part in route.parts):
            continue
        if (answer := ask(outsider, route, world)).status not in {403, 404}:
            wrong.append(f"{route} answered {answer}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_post_without_its_token_is_refused(app: Flask, client: PageClient, world: World) -> None:
    people = {role: signed_in(client, person) for role, person in world.people.items()}
    accepted = []
    for route in routes(app, "POST"):
        role = next(role for role in Role if route.is_for(role))
        is_public = route.access.who is Who.PUBLIC
        answer = ask(client if is_public else people[role], route, world, has_token=False)
        if answer.status not in {400, 401} and not (is_public and "/sign-in" in answer.location):
            accepted.append(f"{route} answered {answer}")
    assert not accepted, "\n" + "\n".join(accepted)


@pytest.mark.parametrize("contact", ["Wellbeing line, 01632 960999", ""])
def test_every_page_about_a_case_says_whom_to_talk_to(
    app: Flask, client: PageClient, world: World, contact: str
) -> None:
    """A page is about cases where its address says so, or names one by its reference."""
    with transaction():
        db.session.execute(update(Partnership).where(Partnership.slug == world.slug).values(support_contact=contact))
    people = {role: signed_in(client, person) for role, person in world.people.items()}
    said, silent = 0, []
    for route in routes(app, "GET"):
        if not re.search(r"/(cases|feedback)(/|$)", route.rule.rule):
            continue
        for role in (role for role in Role if route.is_for(role)):
            page = people[role].ask("GET", route.address(world, world.slug))
            if page.status != 200 or not page.is_html:
                continue
            says = contact or "If this work is distressing, talk to your manager or supervisor."
            is_led = contact or role is not Role.COORDINATOR or "ask an administrator to name someone" in page.main
            said += 1
            silent += [] if says in page.main and is_led else [f"{route} as {role}"]
            break
    assert not silent, "\n" + "\n".join(silent)
    assert said > 20
