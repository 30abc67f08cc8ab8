"""The partnership goes on without a return: panel, case, findings, board and workbook say from whom there is none."""

from io import BytesIO

from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns import services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member
from tests.factories.panels import a_sitting, finish, release
from tests.factories.returns import hand_over
from tests.pages import PageClient


def test_each_place_says_from_whom_there_is_no_return(app: Flask, client: PageClient) -> None:
    sitting = a_sitting(cases=1, is_handed_over=False)
    asked = sitting.asked
    hand_over(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    with transaction():
        services.close_return(asked.returns[asked.police][0], reason="No file.", by=asked.actor(asked.coordinator))
    release(sitting, 0)
    police = db.session.get_one(Agency, asked.police).name
    sentence = f"No return from {police}."

    chair = client.as_(db.session.get_one(Person, sitting.chair))
    assert sentence in chair.get(sitting.at()).main
    finish(sitting)
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    assert sentence in coordinator.get(f"/p/{asked.slug}/cases/{asked.cases[0]}").main

    counted = f"1 return is missing from these counts: no return from {police} in 1 of 1 case."
    findings = coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/findings")
    assert findings.main.count(counted) == 3, "once above, and beside each chart"
    workbook = coordinator.post(f"/p/{asked.slug}/rounds/{asked.reference}/workbook", status=200)
    lines = CalamineWorkbook.from_filelike(BytesIO(workbook.data)).get_sheet_by_name("The audit").to_python()
    assert ["No return from", f"{police}: 1 agreed case"] in [line[:2] for line in lines]

    with transaction():
        published = {"state": RoundState.PUBLISHED, "published_at": clock.now(), "published_by_id": 1}
        db.session.execute(update(Round).values(**published))
    board = client.as_(a_member(db.session.get_one(Partnership, asked.partnership_id), Role.BOARD_MEMBER))
    assert counted in board.get(f"/p/{asked.slug}/board").main


def test_nothing_is_said_where_every_agency_answered(app: Flask, client: PageClient) -> None:
    sitting = a_sitting(cases=1)
    finish(sitting)
    coordinator = client.as_(db.session.get_one(Person, sitting.asked.coordinator))
    assert "no return from" not in coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/findings")).main
    assert "No return from" not in coordinator.get(sitting.path(f"/cases/{sitting.asked.cases[0]}")).main
