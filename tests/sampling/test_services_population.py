"""From a file to a population: what is kept, what is destroyed, what is refused."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role
from audit_app.cases.models import Identity
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_round
from audit_app.rounds.models import Round
from audit_app.rounds.queries import round_for_change
from audit_app.rounds.rules import RoundState
from audit_app.sampling import queries, rules, services
from audit_app.sampling.models import PopulationChild, PopulationImport
from tests.factories.accounts import a_partnership
from tests.factories.rounds import a_round
from tests.factories.sampling import AS_AT, a_draw, a_population, a_waiting_file, somebody, the_file
from tests.fixtures import Clock, CountQueries


@pytest.fixture
def found(app: Flask, clock: Clock) -> Round:
    return a_round(a_partnership(), state=RoundState.SAMPLING, reference="N26")


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def confirm(found: Round, file_sha256: str, as_at: date = AS_AT) -> None:
    read, by = rules.read_population(the_file(), today=clock.today()), somebody(found, Role.KEY_HOLDER)
    with transaction():
        services.confirm_population(found.id, file_sha256, read=read, as_at=as_at, by=by, at=clock.now())


def move(found: Round, state: RoundState) -> None:
    with transaction():
        round_for_change(found.partnership_id, found.id).state = state


def test_a_waiting_file_is_encrypted_and_nothing_of_it_is_kept(found: Round) -> None:
    a_waiting_file(found, the_file("early-help-local.csv"))
    stored = db.session.execute(text("SELECT content, file_name FROM population_import")).one()
    assert all(b"10025271" not in bytes(value) and b"list" not in bytes(value) for value in stored)
    assert count(PopulationChild) == count(Identity) == 0


def test_confirming_keeps_children_without_identity_and_destroys_the_file(found: Round) -> None:
    kept = a_population(found)
    assert db.session.scalars(select(PopulationImport.content)).all() == [None]
    assert count(PopulationChild) == count(Identity) == kept.children == 157
    open_neglect = (PopulationChild.is_neglect, PopulationChild.is_open)
    assert db.session.scalar(select(func.count()).where(*open_neglect)) == 76
    assert [deed.event for deed in deeds_of_round(found.partnership_id, found.id)] == [
        "population_confirmed",
        "population_read",
    ]


def test_no_identity_is_readable_in_the_database(found: Round) -> None:
    a_population(found, the_file("early-help-local.csv"))
    rows = db.session.execute(text("SELECT * FROM population_child")).all()
    assert "10025271" not in str(rows)
    lines = db.session.execute(text("SELECT number, born_on FROM identity")).all()
    assert all(b"10025271" not in bytes(value) for line in lines for value in line)
    numbers = set(db.session.scalars(select(Identity.number)))
    assert "10025271" in numbers
    assert len(numbers) == 120


def test_a_child_has_the_same_token_in_each_round_of_a_partnership_and_another_elsewhere(found: Round) -> None:
    again = a_round(db.session.get_one(Partnership, found.partnership_id), state=RoundState.SAMPLING)
    elsewhere = a_round(a_partnership(), state=RoundState.SAMPLING)
    for one in (found, again, elsewhere):
        a_population(one, the_file("early-help-local.csv"))
    tokens = {
        one.id: set(db.session.scalars(select(Identity.token).where(Identity.round_id == one.id)))
        for one in (found, again, elsewhere)
    }
    assert tokens[found.id] == tokens[again.id]
    assert tokens[found.id].isdisjoint(tokens[elsewhere.id])


def test_a_second_upload_takes_the_place_of_the_one_that_waits(found: Round) -> None:
    first = a_waiting_file(found)
    second = a_waiting_file(found, the_file("early-help-local.csv"))
    assert db.session.scalars(select(PopulationImport.id)).all() == [second.id]
    with pytest.raises(Refused, match="no longer here"):
        confirm(found, first.file_sha256)


def test_confirming_another_file_replaces_the_population(found: Round) -> None:
    a_population(found)
    second = a_population(found, the_file("early-help-local.csv"))
    assert count(PopulationChild) == count(Identity) == 120
    shown = queries.confirmed_population(found.partnership_id, found.id)
    assert shown is not None
    assert shown.id == second.id


def test_a_file_is_gone_after_its_hour(found: Round, clock: Clock) -> None:
    waiting = a_waiting_file(found)
    clock.forward(minutes=59)
    now = clock.at
    assert queries.waiting_file(found.partnership_id, found.id, at=now) is not None
    now += timedelta(minutes=1)
    assert queries.waiting_file(found.partnership_id, found.id, at=now) is None
    with pytest.raises(NotHere):
        queries.waiting_content(found.partnership_id, found.id, waiting.file_sha256, at=now)
    clock.forward(minutes=1)
    with pytest.raises(Refused, match="no longer here"):
        confirm(found, waiting.file_sha256)
    services.destroy_expired_files()
    assert count(PopulationImport) == 0
    assert deeds_of_round(found.partnership_id, found.id)[0].words == "The service set the population file aside"


def test_the_cleaner_leaves_files_whose_hour_lasts_and_populations(found: Round, clock: Clock) -> None:
    a_population(found)
    a_waiting_file(found)
    services.destroy_expired_files()
    assert count(PopulationImport) == 2
    clock.forward(hours=2)
    services.destroy_expired_files()
    assert db.session.scalars(select(PopulationImport.is_current)).all() == [True]


def test_the_cleaner_locks_a_round_before_its_file_as_every_deed_does(
    found: Round, clock: Clock, count_queries: CountQueries
) -> None:
    a_waiting_file(found)
    clock.forward(hours=1)
    with count_queries() as asked:
        services.destroy_expired_files()
    reads = [statement for statement in asked.statements if statement.startswith("SELECT")]
    tables = [read.split("FROM ")[1].split()[0] for read in reads]
    assert tables[:3] == ["population_import", "round", "population_import"]  # the first only looks which have expired


def test_another_partnership_cannot_read_a_waiting_file(found: Round) -> None:
    waiting = a_waiting_file(found)
    with pytest.raises(NotHere):
        queries.waiting_content(a_partnership().id, found.id, waiting.file_sha256, at=clock.now())


def test_setting_a_file_aside_destroys_it(found: Round) -> None:
    a_waiting_file(found)
    by = somebody(found, Role.KEY_HOLDER)
    for _ in range(2):
        with transaction():
            services.set_file_aside(found.id, by=by)
    assert count(PopulationImport) == 0


def test_a_day_that_cannot_be_right_is_refused_and_changes_nothing(found: Round) -> None:
    waiting = a_waiting_file(found)
    with pytest.raises(Refused, match="cannot be in the future") as refusal:
        confirm(found, waiting.file_sha256, as_at=date(2026, 3, 5))
    assert refusal.value.field == "as_at"
    with pytest.raises(Refused, match="ten years ago"):
        confirm(found, waiting.file_sha256, as_at=date(2001, 3, 5))
    assert count(PopulationChild) == count(Identity) == 0
    assert queries.waiting_file(found.partnership_id, found.id, at=clock.now()) is not None


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.RETURNS, RoundState.WITHDRAWN])
def test_a_population_is_given_only_while_the_round_is_sampled(found: Round, state: RoundState) -> None:
    waiting = a_waiting_file(found)
    move(found, state)
    with pytest.raises(Refused):
        a_waiting_file(found)
    with pytest.raises(Refused):
        confirm(found, waiting.file_sha256)


def test_another_file_is_refused_once_a_sample_is_drawn(found: Round) -> None:
    a_population(found)
    waiting = a_waiting_file(found)
    a_draw(found)
    with pytest.raises(Refused, match="A sample has been drawn"):
        a_waiting_file(found)
    with pytest.raises(Refused, match="A sample has been drawn"):
        confirm(found, waiting.file_sha256)
