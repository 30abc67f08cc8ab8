"""A service with a panel of three cases in its room, and the people of that panel at their browsers."""

from dataclasses import dataclass

from sqlalchemy import select, update

from audit_app import create_app
from audit_app.accounts.access import new_password_hash
from audit_app.accounts.models import Person
from audit_app.core.db import db, transaction
from audit_app.core.schema import bring_up_to_date
from audit_app.demo.rules import OPEN_TO_ALL
from config import PROJECT, Settings
from tests.factories.rooms import Room, a_room


@dataclass
class Told:
    """What the preparation tells the journey: the room, and each person's address by name."""

    room: Room | None = None
    emails: dict[str, str] | None = None


def prepare(settings: Settings, told: Told) -> None:
    """Fill an empty database with a panel of three released cases that waits for its chair."""
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(PROJECT / "migrations")
        told.room = a_room(cases=3, is_open=False, has_second=True)
        known = new_password_hash(OPEN_TO_ALL, email="", name="")
        with transaction():
            db.session.execute(update(Person).values(password=known))
        told.emails = dict(db.session.execute(select(Person.name, Person.email)).all())
        db.session.remove()
        db.engine.dispose()
