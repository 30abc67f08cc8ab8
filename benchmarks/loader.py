"""Fills an empty database with rounds as partnerships have them, from their plan to the progress of their actions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random
from secrets import token_hex

from flask_security import hash_password
from sqlalchemy import text

from audit_app.accounts.models import Agency, Body, Draft, Membership, Partnership, Person
from audit_app.accounts.rules import AGENCY_KIND_WORDS, BodyKind, Role, Typed
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.schema import bring_up_to_date
from audit_app.indicators import queries as indicators
from audit_app.indicators.rules import AuditTemplate, TemplateDomain, TemplateIndicator
from audit_app.indicators.services import load_folder
from benchmarks.bulk import Bulk
from benchmarks.grid_round import GridRound
from benchmarks.loaded_rooms import LoadedRooms
from benchmarks.loaded_round import LoadedRound
from benchmarks.world import (
    AGENCIES,
    BOARD_MEMBER,
    CHAIR,
    COORDINATOR,
    DOMAINS,
    PASSWORD,
    SLUG,
    Size,
    auditor,
    lead,
)
from config import PROJECT

SEED = 1
WEEKS_APART = 2
DRAFTS = 5  # of each person: what they typed and have not saved


def load(size: Size, *, has_grid: bool = False, rooms: int = 0) -> None:
    """Make the tables of the running application's database and fill them. The same size gives the same rows.

    `has_grid` adds the round with which the coordinator's grid is measured, in a partnership of its own; `rooms` so
    many panels that are rating, after the rounds of the size.
    """
    bring_up_to_date(PROJECT / "migrations")
    now = clock.now()
    with transaction():
        load_folder(PROJECT / "audit_templates", at=now)
        template, requirements = _in_three_domains(), indicators.requirements()
        bulk = Bulk()
        people = _people(bulk, size, now)
        for number in range(1, size.rounds + 1):
            age = timedelta(weeks=WEEKS_APART * (size.rounds - number))
            chance = Random(SEED + number)  # noqa: S311
            LoadedRound(bulk, size, number, template, requirements, people, now - age, chance).add()
            bulk.flush_when_large()
        if rooms:
            bulk.flush()  # its rows say more than those before
            number = size.rounds + 1
            chance = Random(SEED + number)  # noqa: S311
            LoadedRooms(bulk, size, number, template, requirements, people, now, chance, rooms=rooms).add()
        if has_grid:
            bulk.flush()  # its rows say less than those before
            GridRound(bulk, now).add()
        bulk.finish()
    if db.engine.dialect.name == "postgresql":  # it would do so by itself within a minute; SQLite never does
        with transaction():
            db.session.execute(text("ANALYZE"))


def _in_three_domains() -> AuditTemplate:
    """The 33 questions that the strategies share, in domains as large as those that are measured, asked of everyone."""
    version = indicators.version_id("shared-33", 1)
    template = indicators.template_version(version)
    questions: Iterator[TemplateIndicator] = (replace(question, applies={}) for question in template.indicators)
    domains = tuple(TemplateDomain(f"Domain {i}", tuple(islice(questions, n))) for i, n in enumerate(DOMAINS, 1))
    return replace(template, domains=domains)


def _people(bulk: Bulk, size: Size, at: datetime) -> dict[str, int]:
    """The partnership, its agencies and people. Gives persons' ids by e-mail address."""
    mine = {
        "partnership_id": bulk.add(
            Partnership,
            slug=SLUG,
            name="Benchshire safeguarding children partnership",
            front_door_phone="01632 960000",
            token_secret=token_hex(16),
            created_at=at,
        )
    }
    bulk.add(Body, name="Quality subgroup", kind=BodyKind.QUALITY_SUBGROUP, **mine)
    roles: dict[str, tuple[Role, int | None]] = {
        COORDINATOR: (Role.COORDINATOR, None),
        CHAIR: (Role.PANEL_CHAIR, None),
        BOARD_MEMBER: (Role.BOARD_MEMBER, None),
    }
    for kind in AGENCIES:
        words = AGENCY_KIND_WORDS[kind]
        agency_id = bulk.add(Agency, name=words, short_name=words[:40], kind=kind, **mine)
        roles[lead(agency_id)] = Role.AGENCY_LEAD, agency_id
        roles |= {auditor(agency_id, n): (Role.AUDITOR, agency_id) for n in range(1, size.auditors + 1)}
    known = {"password": hash_password(PASSWORD), "created_at": at, "active": True}
    people = {
        email: bulk.add(Person, email=email, name=email.split("@")[0], fs_uniquifier=token_hex(16), **known)
        for email in roles
    }
    for email, (role, its_agency) in roles.items():
        dated = {"from_day": date(2020, 1, 1), **mine}
        bulk.add(Membership, person_id=people[email], role=role, agency_id=its_agency, **dated)
        for number in range(DRAFTS):
            typed = Typed("A page", (), [("words", "Half a sentence")], [0]).as_json()
            its = {"person_id": people[email], "address": f"/pages/{number}", "kept_at": at, "typed": typed}
            bulk.add(Draft, **its, **mine)
    return people
