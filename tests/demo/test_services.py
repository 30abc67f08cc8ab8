"""The demonstration is built by the deeds of its people, on any day of any year, whole or not at all."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, select

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.actions.models import Action, ProgressUpdate
from audit_app.actions.rules import ActionState, is_overdue
from audit_app.cases.models import Case, Concern, Identity
from audit_app.cases.rules import CaseState, ConcernState, IdentitySheet, still_missing
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.core.settings import settings_with
from audit_app.demo import services
from audit_app.demo.rules import Material
from audit_app.demo.services.building import material_read
from audit_app.demo.services.days import Days
from audit_app.findings.models import Finding
from audit_app.history.models import HistoryEvent
from audit_app.indicators.rules import AgeBand
from audit_app.messages.models import Message
from audit_app.messages.rules import MessageState
from audit_app.panels import queries as panels
from audit_app.panels.models import AgreedRating, Calibration, CalibrationRating, CaseAction, Panel, PanelItem, Vote
from audit_app.panels.rules import AgreedHow, CaseActionState, ItemState, is_late
from audit_app.panels.rules.calibration import CalibrationState
from audit_app.returns.models import AgencyReturn, Discussion, Feedback, PractitionerAnswer, Rating
from audit_app.returns.rules import Occasion
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from audit_app.sampling.models import PopulationImport
from audit_app.sampling.rules import age_band
from tests.factories.accounts import a_partnership
from tests.factories.indicators import the_templates
from tests.fixtures import Clock, Prepared

DAYS = {
    "29 February": datetime(2028, 2, 29, 8, 30, tzinfo=UTC),
    "1 April": datetime(2027, 4, 1, 15, 0, tzinfo=UTC),
}


def build() -> None:
    with transaction():
        services.build_demonstration(password_hash="a hash", at=core_clock.now())


def with_templates() -> None:
    the_templates()
    build()


@pytest.fixture(params=DAYS, ids=str)
def built_on(request: pytest.FixtureRequest, prepared: Prepared, clock: Clock) -> datetime:
    """The demonstration, built on a day that calendars find hard."""
    clock.set(DAYS[request.param])
    prepared(f"demonstration_{list(DAYS).index(request.param)}", with_templates)
    return clock.at


@pytest.fixture(scope="module")
def material() -> Material:
    return material_read()


def count(table: type, *which: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*which)) or 0  # type: ignore[arg-type]


def round_called(reference: str) -> Round:
    return db.session.scalars(select(Round).where(Round.reference == reference)).one()


def test_each_round_is_at_a_step_of_its_own(built_on: datetime) -> None:
    states = dict(db.session.execute(select(Round.reference, Round.state)).all())
    assert states == {
        "SN1": RoundState.PUBLISHED,
        "SN2": RoundState.RETURNS,
        "SN3": RoundState.DRAFT,
        "SQ1": RoundState.PANEL,
    }


def test_every_case_is_where_its_story_has_come_to(built_on: datetime) -> None:
    states = Counter(
        db.session.execute(select(Round.reference, Case.state).join(Round, Round.id == Case.round_id)).all()
    )
    assert states == {
        ("SN1", CaseState.AGREED): 9,
        ("SN2", CaseState.WITH_AGENCIES): 8,
        ("SQ1", CaseState.AGREED): 1,
        ("SQ1", CaseState.AT_PANEL): 2,
    }


def test_returns_ratings_and_agreements_are_those_of_the_material(built_on: datetime, material: Material) -> None:
    cases = [case for told in material.rounds for case in told.cases]
    told = Counter(one.state for case in cases for one in case.returns)
    assert Counter(db.session.scalars(select(AgencyReturn.state))) == told
    assert count(Rating, Rating.answer.is_not(None)) == sum(len(one.ratings) for case in cases for one in case.returns)
    together = count(AgreedRating, AgreedRating.how == AgreedHow.TOGETHER)
    assert count(AgreedRating) == sum(len(case.agreed) for case in cases) + together
    assert together == 14


def test_findings_actions_and_panels_are_those_of_the_material(built_on: datetime, material: Material) -> None:
    first = material.rounds[0]
    assert count(Finding) == len(first.findings)
    assert Counter(db.session.scalars(select(Action.state))) == Counter(action.state for action in first.actions)
    assert count(ProgressUpdate) == sum(len(action.updates) for action in first.actions)
    assert count(Panel) == sum(len(told.plan.panels) for told in material.rounds)


def test_one_action_is_overdue_on_the_day_it_is_built(built_on: datetime) -> None:
    today = built_on.date()
    late = [one for one in db.session.scalars(select(Action)) if is_overdue(one.state, one.due_on, today)]
    assert [action.state for action in late] == [ActionState.OPEN]


def test_of_three_actions_about_children_one_is_done_and_one_is_late(built_on: datetime) -> None:
    today = built_on.date()
    actions = db.session.scalars(select(CaseAction).order_by(CaseAction.raised_at)).all()
    assert [one.state for one in actions] == [CaseActionState.DONE, CaseActionState.OPEN, CaseActionState.OPEN]
    assert [is_late(one.state, one.due_on, today) for one in actions] == [False, True, False]


def test_every_case_can_be_found_by_its_agencies(built_on: datetime) -> None:
    lines = db.session.scalars(select(Identity).where(Identity.case_id.is_not(None))).all()
    assert len(lines) == 20
    sheets = [IdentitySheet.from_json(line.sheet) for line in lines]
    assert [still_missing(sheet) for sheet in sheets] == [[]] * 20
    assert len({sheet.names for sheet in sheets}) == 20


def test_a_child_is_as_old_on_the_sheet_as_in_the_case(built_on: datetime) -> None:
    as_at = dict(db.session.execute(select(PopulationImport.round_id, PopulationImport.as_at)).all())
    rows = db.session.execute(select(Case, Identity).join(Identity, Identity.case_id == Case.id)).all()
    found = {
        case.reference: age_band(date.fromisoformat(line.born_on or ""), None, as_at[case.round_id] or date.max)
        for case, line in rows
    }
    assert found == {case.reference: case.age_band for case, _line in rows}
    assert AgeBand.UNDER_1 in found.values()


def test_an_immediate_concern_told_five_people_without_a_word_about_the_case_and_is_closed(built_on: datetime) -> None:
    concern = db.session.scalars(select(Concern)).one()
    assert concern.state is ConcernState.CLOSED
    assert concern.acknowledged_at is not None
    assert concern.acknowledged_at < concern.acknowledge_by
    mails = db.session.scalars(select(Message).where(Message.occasion == f"concern {concern.id}")).all()
    assert len(mails) == 5
    assert not any("methadone" in (mail.body or "") for mail in mails)


def test_history_is_in_the_past_and_each_deed_has_a_day_of_its_own(built_on: datetime) -> None:
    moments = db.session.scalars(select(HistoryEvent.at)).all()
    assert max(moments) <= built_on
    assert (built_on - min(moments)).days == 190
    assert len({moment.date() for moment in moments}) > 40


def test_nobody_works_at_weekends(built_on: datetime) -> None:
    moments = db.session.scalars(select(HistoryEvent.at)).all()
    assert {moment.weekday() for moment in moments if moment < built_on} <= set(range(5))
    assert {day.weekday() for day in db.session.scalars(select(Panel.held_on))} <= set(range(5))


@given(some.lists(some.tuples(some.integers(-30, 400), some.times(max_value=time(16, 59))), min_size=2, max_size=20))
def test_moving_deeds_off_the_weekend_keeps_their_order(wanted: list[tuple[int, time]]) -> None:
    days = Days(DAYS["29 February"] + timedelta(days=60))
    in_order = sorted(wanted, key=lambda one: (-one[0], one[1]))
    moved = [days.at(before, wall) for before, wall in in_order]
    assert moved == sorted(moved)


def test_history_is_written_in_the_order_in_which_it_happened(built_on: datetime) -> None:
    here = select(Partnership.id).where(Partnership.slug == "saltmere").scalar_subquery()
    moments = db.session.scalars(
        select(HistoryEvent.at).where(HistoryEvent.partnership_id == here).order_by(HistoryEvent.id)
    ).all()
    assert moments == sorted(moments)


def test_a_round_goes_through_its_steps_in_order(built_on: datetime) -> None:
    found = round_called("SN1")
    deeds = db.session.scalars(
        select(HistoryEvent.event).where(HistoryEvent.round_id == found.id).order_by(HistoryEvent.at, HistoryEvent.id)
    ).all()
    steps = (
        "round_created",
        "round_opened",
        "population_confirmed",
        "sample_drawn",
        "sample_confirmed",
        "cases_sent",
        "return_submitted",
        "case_released",
        "rating_agreed",
        "case_agreed",
        "finding_written",
        "round_published",
        "action_proposed",
        "progress_posted",
        "action_signed_off",
    )
    firsts = [deeds.index(step) for step in steps]
    assert firsts == sorted(firsts)


def test_nothing_is_sent_to_anybody_though_a_mail_server_is_set(app: Flask) -> None:
    the_templates()
    with settings_with(smtp_host="mail.example"):
        build()
    assert set(db.session.scalars(select(Message.state))) == {MessageState.KEPT}


def test_everybody_can_sign_in_and_each_role_has_somebody(built_on: datetime, material: Material) -> None:
    assert count(Person, Person.password.is_(None)) == 0
    signed = services.sign_ins_there()
    assert [one.role for one in signed] == list(Role)
    assert {one.email for one in signed} <= {person.email for person in material.partnership.people}


def test_one_police_auditor_is_in_both_partnerships(built_on: datetime) -> None:
    assert count(Partnership, Partnership.is_demonstration.is_(True)) == 2
    assert count(Person, Person.name == "Gethin Brackwater") == 1


def test_it_is_built_in_an_empty_database_only(app: Flask) -> None:
    a_partnership()
    with pytest.raises(Refused, match="empty database"):
        build()
    assert count(Partnership) == 1
    assert services.sign_ins_there() == []


def test_it_is_never_built_in_production(app: Flask) -> None:
    with settings_with(is_production=True), pytest.raises(Refused, match="not for production"):
        build()


def test_where_the_building_fails_nothing_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    the_templates()
    told = material_read()
    broken = replace_title(told)
    monkeypatch.setattr("audit_app.demo.services.building.material_read", lambda: broken)
    with pytest.raises(Refused):
        build()
    assert count(Partnership) == 0


def replace_title(told: Material) -> Material:
    """The material with a last round that cannot be planned."""
    last = told.rounds[-1]
    without_title = last.model_copy(update={"plan": last.plan.model_copy(update={"title": ""})})
    return told.model_copy(update={"rounds": (*told.rounds[:-1], without_title)})


def test_practitioners_are_heard_and_one_feedback_is_late(built_on: datetime) -> None:
    discussion = db.session.scalars(select(Discussion)).one()
    assert (discussion.with_whom, discussion.version) == ("the learning mentor", 1)
    assert count(PractitionerAnswer, PractitionerAnswer.indicator_id.is_not(None)) == 1
    assert count(PractitionerAnswer) == 2
    published = round_called("SN1").id
    returns = count(AgencyReturn, AgencyReturn.round_id == published, AgencyReturn.state == "accepted")
    assert count(Feedback, Feedback.round_id == published) == 2 * returns > 60
    late = db.session.scalars(select(Feedback).where(Feedback.given_on.is_(None), Feedback.round_id == published)).all()
    assert [one.occasion for one in late] == [Occasion.PUBLICATION]
    assert late[0].due_on < built_on.date()


def test_a_panel_of_today_is_in_its_room_and_waits_for_one_member(built_on: datetime) -> None:
    panel = db.session.scalars(select(Panel).where(Panel.round_id == round_called("SQ1").id)).one()
    assert panel.held_on == built_on.date()
    room = panels.room_of(panel.partnership_id, panel.id)
    assert room.opened_at is not None
    assert room.closed_at is None
    rated = db.session.scalars(select(PanelItem).where(PanelItem.state == ItemState.VOTING)).one()
    assert (rated.case_id, rated.id) == (room.case_id, room.item_id)
    here = db.session.scalars(
        select(Person.name).join(Vote, Vote.person_id == Person.id).where(Vote.item_id == rated.id)
    )
    assert here.all() == ["Tobias Corriebank"]
    agreed = count(PanelItem, PanelItem.case_id == room.case_id, PanelItem.state == ItemState.AGREED)
    assert agreed == 2


def test_a_panel_sits_today_though_it_is_a_weekend() -> None:
    saturday = datetime(2028, 3, 4, 0, 20, tzinfo=UTC)
    days = Days(saturday)
    assert (days.today, days.day(0)) == (date(2028, 3, 4), date(2028, 3, 3))
    assert days.minutes_ago(15) == datetime(2028, 3, 4, 0, 5, tzinfo=UTC)
    assert days.minutes_ago(95) == datetime(2028, 3, 4, tzinfo=UTC), "never yesterday"


def test_a_practice_case_was_scored_and_closed(built_on: datetime, material: Material) -> None:
    made = db.session.scalars(select(Calibration)).one()
    told = material.rounds[3].practice
    assert told is not None
    assert (made.title, made.state) == (told.title, CalibrationState.CLOSED)
    assert count(CalibrationRating) == sum(len(one.levels) for one in told.answers)
