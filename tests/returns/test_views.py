"""Pages on returns, as auditors and coordinators use them."""

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.messages.models import Message
from audit_app.returns import services
from audit_app.returns.rules import LEVEL_ASKED, AnswerKind, Known, ReturnState
from audit_app.rounds.models import Round, RoundAgency
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, saved
from tests.factories.returns import (
    Asked,
    a_round_with_agencies,
    a_waiting_case,
    fill_in,
    hand_over,
    ratings_of,
    say,
    submit,
    the_return,
)
from tests.fixtures import CountQueries
from tests.pages import PageClient


def signed_in(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return signed_in(client, asked.health_auditor)


@pytest.fixture
def coordinator(client: PageClient, asked: Asked) -> PageClient:
    return signed_in(client, asked.coordinator)


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, in progress."""
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return asked.returns[asked.health][0]


# --- sending the cases


def test_the_coordinator_sees_what_each_agency_will_get_and_sends(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(cases=3, is_sent=False)
    coordinator = signed_in(client, asked.coordinator)
    page = coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/send")
    assert [row[1] for row in page.tables[0][1:]] == ["3 returns", "3 returns"]
    page = coordinator.send(page)
    told = "Their auditors must be told by you, since no e-mail is sent yet."
    assert page.notices == [f"3 cases sent to the agencies. {told}"]
    assert len(page.tables[0]) == 4
    assert all("Not started" in cell for row in page.tables[0][1:] for cell in row[1:])
    mails = db.session.scalars(select(Message)).all()
    assert len(mails) == 2
    assert all(
        "3 returns" in str(mail.body) and not any(case in str(mail.body) for case in asked.cases) for mail in mails
    )
    assert db.session.get_one(Round, asked.round_id).state is RoundState.RETURNS


def test_cases_wait_for_their_identity_sheets(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(has_sheets=False, is_sent=False)
    coordinator = signed_in(client, asked.coordinator)
    page = coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/send")
    assert "Some identity sheets are not complete yet" in page.main
    assert asked.cases[0] in page.main
    assert [form for form in page.forms if form.method == "post"] == []
    page = coordinator.post(page.path, {"due_on": ["1", "3", "2100"]}, status=200)
    assert page.errors == ["Some identity sheets are not complete yet. Without them agencies cannot find their files."]
    assert db.session.get_one(Round, asked.round_id).state is RoundState.SAMPLING


def test_an_agency_without_auditors_is_named_and_does_not_hold_up_the_others(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(is_sent=False)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    quiet = an_agency(partnership, name="Quiet School")
    saved(RoundAgency(partnership_id=partnership.id, round_id=asked.round_id, agency_id=quiet.id))
    page = signed_in(client, asked.coordinator).get(f"/p/{asked.slug}/rounds/{asked.reference}/send")
    assert "Quiet School has no auditor yet" in page.main
    assert page.forms


def test_returns_are_not_due_in_the_past(app: Flask, client: PageClient) -> None:
    asked = a_round_with_agencies(is_sent=False)
    coordinator = signed_in(client, asked.coordinator)
    page = coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/send")
    page = coordinator.send(page, {"due_on": ["1", "3", "2020"]}, status=200)
    assert page.errors == ["The day by which returns are due must be today or later."]


def test_a_child_who_took_anothers_place_is_sent_later(app: Flask, asked: Asked, coordinator: PageClient) -> None:
    address = f"/p/{asked.slug}/rounds/{asked.reference}"
    assert "Every case of this round has been sent." in coordinator.get(f"{address}/send").main
    added = a_waiting_case(db.session.get_one(Round, asked.round_id)).reference
    page = coordinator.get(coordinator.get(f"{address}/returns").links["Send cases to the agencies"])
    page = coordinator.send(page)
    assert added in page.main
    assert "Send cases to the agencies" not in page.links


# --- the auditor's list and the first question


def test_an_auditor_sees_only_the_returns_of_their_agency(app: Flask, asked: Asked, auditor: PageClient) -> None:
    page = auditor.get(f"/p/{asked.slug}/returns")
    assert [row[0] for row in page.tables[0][1:]] == list(asked.cases)
    auditor.get(asked.at(asked.police), status=404)
    auditor.get(f"{asked.at(asked.police)}/known", status=404)
    auditor.get(f"{asked.at(asked.police)}/domain/1", status=404)
    auditor.post(f"{asked.at(asked.police)}/submit", status=404)


def test_the_list_says_what_was_sent_back_and_why(app: Flask, asked: Asked, auditor: PageClient) -> None:
    own, coordinator = asked.returns[asked.health][0], asked.actor(asked.coordinator)
    hand_over(own, asked.actor(asked.health_auditor))
    assert auditor.get(f"/p/{asked.slug}/returns").tables[1][1][2] == "Submitted"
    with transaction():
        services.send_back(own, reason="Say more about A04.", link="", by=coordinator, at=clock.now())
    row = auditor.get(f"/p/{asked.slug}/returns").tables[0][1]
    assert "Sent back: Say more about A04." in row[2]
    assert row[3] == "4 of 4"
    assert "Say more about A04." in auditor.get(asked.at(asked.health)).main


def test_the_list_costs_the_same_for_one_return_and_for_thirty(
    app: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for cases in (1, 30):
        asked = a_round_with_agencies(a_partnership(), cases=cases)
        browser = signed_in(client, asked.health_auditor)
        with count_queries() as queried:
            browser.get(f"/p/{asked.slug}/returns")
        counts.append(queried.count)
    assert counts[0] == counts[1]


def test_the_grid_costs_the_same_for_one_case_and_for_thirty(
    app: Flask, client: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for cases in (1, 30):
        asked = a_round_with_agencies(a_partnership(), cases=cases)
        browser = signed_in(client, asked.coordinator)
        with count_queries() as queried:
            browser.get(f"/p/{asked.slug}/rounds/{asked.reference}/returns")
        counts.append(queried.count)
    assert counts[0] == counts[1]


def test_the_first_question_comes_first(app: Flask, asked: Asked, auditor: PageClient) -> None:
    page = auditor.get(auditor.get(asked.at(asked.health)).links["Answer the first question"])
    again = auditor.send(page, {}, status=200)
    assert again.errors == ["Choose whether your agency knows this child."]
    again = auditor.send(page, {"known": "declined"}, status=200)
    assert again.errors == ["Say why your agency cannot make this return."]
    page = auditor.send(page, {"known": "known"})
    assert page.h1 == "Find the right file"
    page = auditor.send(page, {"is_right": "y", "own_part": "none"}, action="/file")
    assert page.links["Recognition"] == f"{asked.at(asked.health)}/domain/1"
    assert "0 of 4 indicators are answered." in page.main


def test_a_child_who_is_not_known_needs_no_more_and_the_answer_can_be_changed(
    app: Flask, asked: Asked, auditor: PageClient
) -> None:
    page = auditor.get(f"{asked.at(asked.health)}/known")
    page = auditor.send(page, {"known": "not_known", "should_have_known": "no", "reason": "Looked under both names."})
    assert "Child not known" in page.main
    assert auditor.get(page.links["Back to my returns"]).h1 == "My returns"
    page = auditor.get(page.links["Change this answer"])
    assert page.form().values["reason"] == ["Looked under both names."]
    assert page.form().values["known"] == ["not_known"]
    assert auditor.send(page, {"known": "known"}).h1 == "Find the right file"
    assert "In progress" in auditor.get(asked.at(asked.health)).main


def test_an_old_page_of_the_first_question_does_not_undo_a_colleagues_work(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    page = auditor.get(f"{asked.at(asked.health)}/known")
    changed = {"known": "not_known", "should_have_known": "no", "seen": "not_started", "reason": "typed"}
    page = auditor.send(page, changed, status=200)
    assert page.errors[0].startswith("Someone else answered this meanwhile")
    assert page.form().values["reason"] == ["typed"]
    assert the_return(own).state is ReturnState.IN_PROGRESS


# --- submitting


def test_what_is_missing_is_listed_and_linked(app: Flask, asked: Asked, auditor: PageClient, own: int) -> None:
    page = auditor.get(f"{asked.at(asked.health)}/submit")
    assert "6 answers still need something" in page.main
    assert page.links[LEVEL_ASKED] == f"{asked.at(asked.health)}/words#overall_level"
    first = ratings_of(own)[0].indicator_id
    assert page.links["A01 Signs were seen"] == f"{asked.at(asked.health)}/domain/1#rating-{first}"
    page = auditor.post(page.path, status=200)
    assert page.errors == ["Something is still missing. It is listed below."]


def test_a_return_is_submitted_and_then_locked_on_every_door(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    domain = auditor.get(f"{asked.at(asked.health)}/domain/1")
    fill_in(own, asked.actor(asked.health_auditor))
    page = auditor.get(f"{asked.at(asked.health)}/submit")
    assert auditor.send(page, status=200).errors == ["Tick the declaration before you submit."]
    page = auditor.send(page, {"is_declared": "y"})
    assert page.notices == [f"The return on {asked.cases[0]} is submitted. Thank you."]
    assert "can no longer be changed" in page.main
    assert page.main.count("Seen on 3 March.") == 4
    assert auditor.get(domain.path, status=302).headers["Location"] == asked.at(asked.health)
    for door in ("known", "words", "submit"):
        page = auditor.get(f"{asked.at(asked.health)}/{door}")
        assert "This return was submitted and can no longer be changed" in page.main
        assert [form for form in page.forms if form.method == "post"] == []
    first = ratings_of(own)[0].indicator_id
    late = auditor.send(domain, {f"answer-{first}": "no_evidence", f"evidence-{first}": "Too late."}, status=200)
    assert late.errors[0].startswith("This return was submitted")
    assert "Too late." in late.data.decode()
    assert "Save and continue" not in late.main
    assert ratings_of(own)[0].answer is AnswerKind.LEVEL
    page = auditor.post(f"{asked.at(asked.health)}/words", {"worked_well": "Late", "version": "1"}, status=200)
    assert page.errors[0].startswith("This return was submitted")
    page = auditor.post(f"{asked.at(asked.health)}/known", {"known": "not_known", "seen": "submitted"}, status=200)
    assert page.errors[0].startswith("This return was submitted")


def test_the_overall_words_of_two_people_are_shown_side_by_side(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    page = auditor.get(f"{asked.at(asked.health)}/words")
    auditor.send(page, {"worked_well": "The school nurse rang."})
    page = auditor.send(page, {"worked_well": "Mine."}, status=200)
    assert "The school nurse rang." in page.main
    assert page.form().values["worked_well"] == ["Mine."]
    auditor.send(page)
    assert the_return(own).worked_well == "Mine."


# --- the coordinator


def test_a_coordinator_reads_a_return_from_its_submission_on(
    app: Flask, asked: Asked, coordinator: PageClient, own: int
) -> None:
    fill_in(own, asked.actor(asked.health_auditor))
    page = coordinator.get(asked.at(asked.health))
    assert "once the agency has submitted it" in page.main
    assert "Seen on 3 March." not in page.main
    submit(own, asked.actor(asked.health_auditor))
    assert "Seen on 3 March." in coordinator.get(asked.at(asked.health)).main


def test_a_coordinator_accepts_a_return(app: Flask, asked: Asked, coordinator: PageClient, own: int) -> None:
    fill_in(own, asked.actor(asked.health_auditor))
    submit(own, asked.actor(asked.health_auditor))
    page = coordinator.send(coordinator.get(asked.at(asked.health)), action="/accept")
    assert "Accepted" in page.main
    coordinator.post(f"{asked.at(asked.health)}/accept", status=409)


def test_a_coordinator_sends_a_return_back_with_a_reason(
    app: Flask, asked: Asked, coordinator: PageClient, own: int
) -> None:
    fill_in(own, asked.actor(asked.health_auditor))
    submit(own, asked.actor(asked.health_auditor))
    page = coordinator.get(coordinator.get(asked.at(asked.health)).links["Send it back"])
    assert coordinator.send(page, {"reason": " "}, status=200).errors == ["Say what should be changed."]
    page = coordinator.send(page, {"reason": "Say more about A04."})
    assert "Changes requested" in page.tables[0][1][1]


def test_a_coordinator_closes_a_return_nobody_answers(app: Flask, asked: Asked, coordinator: PageClient) -> None:
    page = coordinator.get(coordinator.get(asked.at(asked.police)).links["Close this return without an answer"])
    assert coordinator.send(page, status=200).errors == ["Say why this return is closed without an answer."]
    page = coordinator.send(page, {"reason": "The file is lost."})
    assert "Closed without a return" in str(page.tables[0])
    assert "The file is lost." in coordinator.get(asked.at(asked.police)).main


def test_late_returns_are_marked(app: Flask, asked: Asked, coordinator: PageClient, auditor: PageClient) -> None:
    with transaction():
        found = the_return(asked.returns[asked.health][0])
        db.session.merge(found).due_on = clock.today().replace(year=2020)
    page = coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/returns")
    assert "1 return is late." in page.main
    assert "days late" in page.tables[0][1][1]
    assert "days late" in auditor.get(f"/p/{asked.slug}/returns").tables[0][1][4]


def test_a_scrutineer_reads_and_changes_nothing(app: Flask, client: PageClient, asked: Asked, own: int) -> None:
    fill_in(own, asked.actor(asked.health_auditor))
    submit(own, asked.actor(asked.health_auditor))
    scrutineer = client.as_(a_member(db.session.get_one(Partnership, asked.partnership_id), Role.SCRUTINEER))
    page = scrutineer.get(asked.at(asked.health))
    assert "Seen on 3 March." in page.main
    assert [form.action for form in page.forms] == [f"{page.path}/print"]
    scrutineer.post(f"{asked.at(asked.health)}/accept", status=403)


def test_another_agencys_auditor_reads_a_return_when_the_case_is_agreed_if_the_round_says_so(
    app: Flask, client: PageClient, asked: Asked, own: int
) -> None:
    hand = asked.actor(asked.health_auditor)
    fill_in(own, hand)
    submit(own, hand)
    police = signed_in(client, asked.police_auditor)
    police.get(asked.at(asked.health), status=404)
    with transaction():
        case = db.session.scalars(select(Case).where(Case.reference == asked.cases[0])).one()
        case.state, case.released_at, case.released_by_id = CaseState.AGREED, clock.now(), 1
        case.agreed_at, case.agreed_by_id = clock.now(), 1
    assert "Seen on 3 March." in police.get(asked.at(asked.health)).main
    with transaction():
        db.session.get_one(Round, asked.round_id).is_showing_returns_when_agreed = False
    police.get(asked.at(asked.health), status=404)


def test_earlier_rounds_have_a_list_of_their_own(app: Flask, asked: Asked, auditor: PageClient) -> None:
    assert "No earlier returns" in auditor.get(f"/p/{asked.slug}/returns/earlier").main
    with transaction():
        db.session.get_one(Round, asked.round_id).state = RoundState.PUBLISHED
    assert "No returns asked" in auditor.get(f"/p/{asked.slug}/returns").main
    page = auditor.get(f"/p/{asked.slug}/returns/earlier")
    assert len(page.tables[0]) == 3


def test_the_identity_sheet_is_one_press_away_and_a_concern_always_is(
    app: Flask, asked: Asked, auditor: PageClient
) -> None:
    page = auditor.get(asked.at(asked.health))
    assert page.links["Raise an immediate concern"] == f"/p/{asked.slug}/cases/{asked.cases[0]}/concern"
    sheet = auditor.send(page, action="/identity/look", status=200)
    assert "Robin Example" in sheet.main
