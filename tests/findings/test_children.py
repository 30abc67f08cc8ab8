"""What agencies recorded about the children of a round, counted once a case."""

from dataclasses import replace

import pytest
from flask import Flask

from audit_app.accounts.models import Person
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.findings import queries
from audit_app.returns import services
from audit_app.returns.rules import AttributeChange, Known
from audit_app.rounds.models import Round
from audit_app.rounds.queries import frozen_attributes
from audit_app.rounds.rules import RoundState
from tests.factories.indicators import the_templates
from tests.factories.returns import Asked, a_round_with_agencies, fill_in, say, submit
from tests.factories.rounds import SMALL
from tests.pages import PageClient

RECORDING = replace(SMALL, code="recording", title="Recording", attributes=("P07",))


@pytest.fixture
def asked(app: Flask) -> Asked:
    the_templates()
    return a_round_with_agencies(cases=2, template=RECORDING)


def record(asked: Asked, case: int, agency: int, auditor: int, *codes: str) -> None:
    """An agency knows a child, records these types of neglect, and hands its return over."""
    own, by = asked.returns[agency][case], asked.actor(auditor)
    types = frozen_attributes(asked.partnership_id, asked.round_id)[0]
    chosen = frozenset(option.id for option in types.options if option.code in codes)
    db.session.rollback()
    say(own, Known.KNOWN, by)
    with transaction():
        services.save_attributes(own, {types.id: AttributeChange(chosen, 0)}, by=by, at=clock.now())
    fill_in(own, by)
    submit(own, by)


def agreed(asked: Asked, *references: str) -> None:
    """These cases are agreed, and the round is being reported."""
    with transaction():
        for case in db.session.query(Case).where(Case.reference.in_(references)):
            case.state, case.agreed_at, case.agreed_by_id = CaseState.AGREED, clock.now(), 1
            case.released_at, case.released_by_id = clock.now(), 1
        db.session.get_one(Round, asked.round_id).state = RoundState.REPORTING


def counted(asked: Asked) -> dict[str, int]:
    return {one.option: one.cases for one in queries.recorded_in_round(asked.partnership_id, asked.round_id)}


def test_a_case_counts_once_whoever_recorded_it_and_only_when_it_is_agreed(asked: Asked, client: PageClient) -> None:
    record(asked, 0, asked.health, asked.health_auditor, "physical", "medical")
    record(asked, 0, asked.police, asked.police_auditor, "physical")
    record(asked, 1, asked.health, asked.health_auditor, "physical")
    assert counted(asked) == {}
    agreed(asked, asked.cases[0])
    words = {option.code: option.words for option in frozen_attributes(asked.partnership_id, asked.round_id)[0].options}
    assert counted(asked) == {words["medical"]: 1, words["physical"]: 1}
    agreed(asked, *asked.cases)
    assert counted(asked) == {words["medical"]: 1, words["physical"]: 2}
    page = client.as_(db.session.get_one(Person, asked.coordinator)).get(
        f"/p/{asked.slug}/rounds/{asked.reference}/findings"
    )
    assert "In how many of the 2 cases at least one agency recorded it." in page.main
    assert [row[-2:] for row in page.tables[-1][1:]] == [[words["medical"], "1"], [words["physical"], "2"]]


def test_that_one_agency_does_not_know_says_nothing(asked: Asked) -> None:
    record(asked, 0, asked.health, asked.health_auditor, "not_known")
    agreed(asked, *asked.cases)
    assert counted(asked) == {}
