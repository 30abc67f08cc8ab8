"""Deeds on cases: identity sheets, looks at them, immediate concerns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries, services
from audit_app.cases.models import Case, Concern, Identity
from audit_app.cases.rules import CaseState, IdentitySheet
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.queries import deeds_of_case
from audit_app.messages.models import Message
from audit_app.rounds.models import RoundAgency
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor, saved
from tests.factories.cases import SHEET, a_case
from tests.factories.rounds import a_round
from tests.fixtures import Together


@dataclass(frozen=True)
class Place:
    """A case that one of two agencies is asked about."""

    partnership: Partnership
    asked: Agency
    case: Case
    key_holder: Viewer
    auditor: Viewer


@pytest.fixture
def place(app: Flask) -> Place:
    partnership = a_partnership()
    asked = an_agency(partnership, short_name="Health")
    found = a_round(partnership)
    saved(RoundAgency(partnership_id=partnership.id, round_id=found.id, agency_id=asked.id))
    return Place(
        partnership,
        asked,
        a_case(found, asked, sheet=SHEET),
        as_actor(a_member(partnership, Role.KEY_HOLDER), partnership),
        as_actor(a_member(partnership, Role.AUDITOR, agency=asked, name="Ada Auditor"), partnership),
    )


def save(place: Place, sheet: IdentitySheet = SHEET, *, missing_reason: str = "", version: int = 1) -> None:
    with transaction():
        services.save_identity_sheet(
            place.case.id,
            sheet=sheet,
            missing_reason=missing_reason,
            version=version,
            by=place.key_holder,
            at=clock.now(),
        )


def deeds(place: Place) -> list[str]:
    return [deed.event for deed in deeds_of_case(place.partnership.id, place.case.id)]


def test_a_sheet_is_unreadable_in_the_database(place: Place) -> None:
    save(place)
    stored = db.session.execute(text("SELECT number, born_on, sheet FROM identity")).one()
    for words in (b"Robin", b"2019", b"Nowhere", str(10_000_000 + place.case.id).encode()):
        assert all(words not in bytes(value) for value in stored)
    assert "Robin" not in repr(SHEET)


def test_saving_a_sheet_is_recorded_without_a_word_of_it(place: Place) -> None:
    save(place)
    deed = deeds_of_case(place.partnership.id, place.case.id)[0]
    assert deed.event == "identity_sheet_saved"
    assert "Robin" not in deed.words


def test_a_sheet_with_gaps_needs_a_reason(place: Place) -> None:
    gaps = replace(SHEET, carers="", addresses="")
    with pytest.raises(Refused, match="lacks an address and a parent or carer"):
        save(place, gaps)
    save(place, gaps, missing_reason="The family has moved away.")
    assert deeds(place)[0] == "identity_sheet_incomplete"
    assert queries.sheet_statuses(place.partnership.id, place.case.round_id)[0].has_gap


def test_a_stale_sheet_is_refused_with_what_is_kept(place: Place) -> None:
    save(place, replace(SHEET, school="Another school"))
    with pytest.raises(Stale) as refusal:
        save(place, replace(SHEET, school="A third school"))
    assert refusal.value.theirs["school"] == "Another school"
    assert refusal.value.version == 2


def test_the_sheet_of_a_withdrawn_child_is_closed(place: Place) -> None:
    with transaction():
        services.withdraw_case(
            queries.case_for_change(place.partnership.id, place.case.id), reason="Moved.", by=place.key_holder
        )
    with pytest.raises(Refused, match="was withdrawn"):
        save(place)
    with pytest.raises(Refused, match="was withdrawn"), transaction():
        services.open_identity_sheet(place.case.id, by=place.key_holder)
    with pytest.raises(Refused, match="was withdrawn"), transaction():
        services.look_up_identity(place.case.id, agency_id=place.asked.id, by=place.auditor)


def test_an_unsaved_sheet_opens_with_what_the_population_said(place: Place) -> None:
    fresh = a_case(a_round(place.partnership))
    with transaction():
        opened = services.open_identity_sheet(fresh.id, by=place.key_holder)
    assert opened.sheet.born_on == "2019-05-03"
    assert opened.number in opened.sheet.numbers
    assert [deed.event for deed in deeds_of_case(place.partnership.id, fresh.id)] == ["identity_opened"]


def test_each_look_of_an_auditor_is_recorded(place: Place) -> None:
    for _ in range(2):
        with transaction():
            sheet = services.look_up_identity(place.case.id, agency_id=place.asked.id, by=place.auditor)
    assert sheet == SHEET
    words = [deed.words for deed in deeds_of_case(place.partnership.id, place.case.id)]
    assert len(words) == 2
    assert words[0].startswith("Ada Auditor looked at the identity sheet of")
    assert "for Health" in words[0]


def test_nobody_looks_at_a_sheet_for_an_agency_that_is_not_theirs(place: Place) -> None:
    other = an_agency(place.partnership)
    stranger = as_actor(a_member(place.partnership, Role.AUDITOR, agency=other), place.partnership)
    member = as_actor(a_member(place.partnership, Role.PANEL_MEMBER, agency=place.asked), place.partnership)
    for viewer, agency in ((stranger, other), (stranger, place.asked), (member, place.asked), (place.auditor, other)):
        with pytest.raises(NotHere), transaction():
            services.look_up_identity(place.case.id, agency_id=agency.id, by=viewer)
    assert deeds(place) == []


def test_a_sheet_that_is_not_completed_or_was_destroyed_says_so(place: Place) -> None:
    fresh = a_case(a_round(place.partnership), place.asked)
    with pytest.raises(Refused, match="has not completed"), transaction():
        services.look_up_identity(fresh.id, agency_id=place.asked.id, by=place.auditor)
    with transaction():
        db.session.delete(queries.identity_for_change(place.partnership.id, fresh.id))
    with pytest.raises(Refused, match="destroyed"), transaction():
        services.look_up_identity(fresh.id, agency_id=place.asked.id, by=place.auditor)


def test_identities_of_nobody_are_destroyed_once_no_place_can_be_taken(app: Flask) -> None:
    partnership = a_partnership()
    running, over = a_round(partnership, state=RoundState.PANEL), a_round(partnership, state=RoundState.REPORTING)
    with transaction():
        for found in (running, over):
            services.add_identities(found, {"a" * 64: ("1001", None)})
    kept = a_case(over)
    services.destroy_unused_identities()
    left = {(line.round_id, line.case_id) for line in db.session.scalars(select(Identity))}
    assert left == {(running.id, None), (over.id, kept.id)}


def concern_of(place: Place, press: str = "once", **more: object) -> Callable[[], int]:
    facts = {
        "token": press,
        "worry": "No food in the house",
        "told_whom": "The duty team",
        "told_at": clock.now() - timedelta(minutes=20),
        "agreed": "A visit today",
        "agency_id": place.asked.id,
        "link": "https://audits.example/p/x/concerns",
        "by": place.auditor,
        "at": clock.now(),
        **more,
    }

    case_id = place.case.id  # read here: threads share no session

    def raise_it() -> int:
        with transaction():
            return services.raise_concern(case_id, **facts).concern.id  # type: ignore[arg-type]

    return raise_it


def test_a_concern_mails_contact_deputy_and_coordinators_without_a_word_of_the_case(place: Place) -> None:
    coordinator = a_member(place.partnership, Role.COORDINATOR)
    concern_of(place)()
    mails = db.session.scalars(select(Message)).all()
    assert {mail.recipient for mail in mails} == {
        coordinator.email,
        place.asked.contact_email,
        place.asked.deputy_email,
    }
    for mail in mails:
        text_sent = mail.subject + (mail.body or "")
        for secret in (place.case.reference, "food", "duty team", "visit", "Robin", place.asked.name):
            assert secret not in text_sent
        assert "https://audits.example/p/x/concerns" in text_sent
    assert deeds(place) == ["concern_raised"]


def test_a_concern_raised_by_a_coordinator_mails_the_coordinators(place: Place) -> None:
    coordinator = a_member(place.partnership, Role.COORDINATOR)
    concern_of(place, by=as_actor(coordinator, place.partnership), agency_id=None)()
    assert db.session.scalars(select(Message.recipient)).all() == [coordinator.email]


def test_a_second_concern_typed_on_the_same_page_is_never_lost(place: Place) -> None:
    first = concern_of(place)()
    assert concern_of(place, worry="And the cot is broken")() != first
    assert concern_of(place, press="")() != concern_of(place, press="", worry="Something else")()
    assert deeds(place) == ["concern_raised"] * 4


def test_a_double_click_records_one_concern(place: Place, together: Together) -> None:
    first, second = together(concern_of(place), concern_of(place))
    assert first == second
    assert concern_of(place)() == first
    assert db.session.scalar(select(func.count()).select_from(Concern)) == 1


def test_another_concern_about_the_same_case_is_another_record(place: Place) -> None:
    assert concern_of(place)() != concern_of(place, press="twice")()


@pytest.mark.parametrize("state", CaseState)
def test_a_concern_can_be_raised_in_every_state_of_a_case(place: Place, state: CaseState) -> None:
    with transaction():
        queries.case_for_change(place.partnership.id, place.case.id).state = state
    assert concern_of(place)()


def test_a_time_that_cannot_be_right_is_refused(place: Place) -> None:
    with pytest.raises(Refused, match="in the future"):
        concern_of(place, told_at=clock.now() + timedelta(hours=1))()
    with pytest.raises(Refused, match="more than a year ago"):
        concern_of(place, told_at=clock.now() - timedelta(days=400))()
    assert db.session.scalars(select(Concern)).all() == []


def test_a_concern_about_another_partnerships_case_is_not_here(place: Place) -> None:
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)
    with pytest.raises(NotHere):
        concern_of(place, by=stranger, agency_id=None)()


def test_an_agency_that_takes_no_part_raises_no_concern(place: Place) -> None:
    other = an_agency(place.partnership)
    stranger = as_actor(a_member(place.partnership, Role.AUDITOR, agency=other), place.partnership)
    with pytest.raises(NotHere):
        concern_of(place, by=stranger, agency_id=other.id)()
    assert db.session.scalars(select(Concern)).all() == []


def summary(place: Place, words: str, version: int = 1) -> None:
    coordinator = as_actor(a_member(place.partnership, Role.COORDINATOR), place.partnership)
    with transaction():
        services.write_summary(place.case.id, words=words, version=version, by=coordinator)


def test_a_summary_is_written_for_the_panel_and_never_over_somebody_elses(place: Place) -> None:
    summary(place, "A child of six in a damp home.")
    with pytest.raises(Stale) as stale:
        summary(place, "A six-year-old.")
    assert stale.value.theirs == {"summary": "A child of six in a damp home."}
    summary(place, "A six-year-old in a damp home.", version=2)
    with transaction():
        kept = queries.case_for_change(place.partnership.id, place.case.id)
    assert kept.summary == "A six-year-old in a damp home."
    assert deeds(place) == ["summary_written"] * 2


@pytest.mark.parametrize("state", [CaseState.AGREED, CaseState.WITHDRAWN])
def test_the_summary_of_a_case_that_is_over_is_locked(place: Place, state: CaseState) -> None:
    with transaction():
        queries.case_for_change(place.partnership.id, place.case.id).state = state
    with pytest.raises(Refused, match="can no longer be changed"):
        summary(place, "Too late.")


def test_a_case_goes_only_where_its_states_lead(place: Place) -> None:
    with pytest.raises(Refused, match="cannot go to"), transaction():
        services.move_case(queries.case_for_change(place.partnership.id, place.case.id), CaseState.AGREED)
