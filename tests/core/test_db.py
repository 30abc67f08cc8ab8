"""`transaction()` and the types that both databases share."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import AgencyKind
from audit_app.core.db import UtcDateTime, db, read_together, transaction
from audit_app.core.errors import Refused
from tests.factories.accounts import a_partnership, an_agency
from tests.fixtures import Together


def names() -> list[str]:
    """The agencies' names as a fresh read sees them."""
    db.session.rollback()
    return list(db.session.scalars(select(Agency.name).order_by(Agency.name)))


def test_a_deed_that_fails_keeps_nothing(app: Flask) -> None:
    partnership = a_partnership()

    def add_and_fail() -> None:
        with transaction():
            db.session.add(Agency(partnership_id=partnership.id, name="A", short_name="A", kind=AgencyKind.HEALTH))
            db.session.flush()
            raise ZeroDivisionError

    assert db.session.scalar(select(Agency.id)) is None
    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert names() == []


def is_alone() -> bool:
    """Whether what PostgreSQL reads now stands for itself."""
    raw = db.session.connection().connection.dbapi_connection
    assert raw is not None
    return bool(raw.autocommit)


@pytest.mark.on_postgresql
def test_a_read_stands_for_itself_and_a_deed_is_a_transaction(app: Flask) -> None:
    partnership = a_partnership()
    assert is_alone()
    assert db.session.scalar(select(Partnership.id)) == partnership.id
    with transaction():
        assert not is_alone()
    assert is_alone()


@pytest.mark.on_postgresql
def test_rows_that_are_fetched_a_few_at_a_time_are_read_in_one_transaction(app: Flask) -> None:
    partnership = a_partnership()
    for name in ("A", "B", "C"):
        an_agency(partnership, name=name)
    read_together()
    read = db.session.scalars(select(Agency.name).order_by(Agency.name).execution_options(yield_per=2))
    assert list(read) == ["A", "B", "C"]
    assert not is_alone()
    with transaction():
        pass
    assert is_alone(), "a deed ends it"


@pytest.mark.on_postgresql
def test_what_a_server_has_prepared_serves_the_next_page_too(app: Flask) -> None:
    for _ in range(8):
        db.session.scalar(select(Partnership.id).where(Partnership.slug == "nowhere"))
        db.session.remove()  # as each page does at its end
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%slug%'")
    assert db.session.scalar(prepared) == 1


def test_a_change_outside_a_deed_is_refused(app: Flask) -> None:
    partnership = a_partnership()
    with pytest.raises(RuntimeError, match=r"outside transaction"):
        db.session.execute(update(Partnership).values(name="Other"))
    kept = db.session.get_one(Partnership, partnership.id)
    kept.name = "Other"
    with pytest.raises(RuntimeError, match=r"outside transaction"):
        db.session.scalar(select(Partnership.id))  # which would send the change first
    db.session.rollback()
    assert db.session.scalar(select(Partnership.name)) == partnership.name != "Other"


def test_a_row_is_locked_in_a_deed_alone(app: Flask) -> None:
    a_partnership()
    with pytest.raises(RuntimeError, match=r"nothing would hold it"):
        db.session.scalar(select(Partnership.id).with_for_update())
    with transaction():
        assert db.session.scalar(select(Partnership.id).with_for_update())


def test_a_violated_constraint_says_its_sentence(app: Flask) -> None:
    partnership = a_partnership()
    an_agency(partnership, name="Police")
    with pytest.raises(Refused, match="has an agency of that name already"), transaction():
        db.session.add(Agency(partnership_id=partnership.id, name="Police", short_name="P", kind=AgencyKind.POLICE))


def test_a_constraint_without_a_sentence_stays_an_error(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Agency(partnership_id=999, name="Nobody's", short_name="N", kind=AgencyKind.OTHER))


def test_a_transaction_does_not_open_inside_another(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError, match="open already"), transaction():
        raise AssertionError("never reached")


def test_a_change_made_outside_is_not_swept_into_a_deed(app: Flask) -> None:
    partnership = a_partnership()
    partnership.name = "Changed without a deed"
    with pytest.raises(RuntimeError, match="outside"), transaction():
        raise AssertionError("never reached")
    db.session.rollback()
    assert db.session.scalars(select(Partnership.name)).one() != "Changed without a deed"


def test_two_writers_wait_for_each_other(app: Flask, together: Together) -> None:
    partnership_id = a_partnership().id
    agency_id = an_agency(db.session.get_one(Partnership, partnership_id), name="0").id

    def count_one_up() -> None:
        for _ in range(20):
            with transaction():
                row = db.session.scalars(
                    select(Agency)
                    .where(Agency.id == agency_id)
                    .with_for_update()
                    .execution_options(populate_existing=True)
                ).one()
                row.name = str(int(row.name) + 1)

    assert together(count_one_up, count_one_up) == [None, None]
    assert names() == ["40"]


def test_the_database_refuses_a_reference_into_another_partnership(app: Flask) -> None:
    here, there = a_partnership(), a_partnership()
    theirs = an_agency(there)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            text(
                "INSERT INTO membership (partnership_id, person_id, agency_id, role, from_day) "
                "VALUES (:here, 1, :theirs, 'auditor', '2026-01-01')"
            ),
            {"here": here.id, "theirs": theirs.id},
        )


def test_a_moment_without_a_zone_cannot_be_stored(app: Flask) -> None:
    with pytest.raises(StatementError, match="without a zone"), transaction():
        a_partnership(created_at=datetime(2026, 3, 4, 10, 0))  # noqa: DTZ001 - that is the point


def test_a_moment_comes_back_in_utc() -> None:
    summer = datetime(2026, 7, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    dialect = db.Model.metadata  # the type needs no dialect for this
    stored = UtcDateTime().process_bind_param(summer, dialect)  # type: ignore[arg-type]
    assert stored == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert UtcDateTime().process_result_value(stored.replace(tzinfo=None), dialect) == stored  # type: ignore[arg-type]
