"""The pages of what a panel takes from a case, and of what agencies hear of it and answer."""

import pytest
from sqlalchemy import select, update

from audit_app.accounts.models import Agency, Membership, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.panels.models import PanelMember
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_membership, saved
from tests.factories.actions import an_agency_lead
from tests.factories.panels import (
    Sitting,
    a_decision,
    agree,
    agree_all,
    answer_panel,
    finish,
    items_of,
    outcome_parts,
    write_outcome,
)
from tests.factories.returns import SHEET
from tests.fixtures import CountQueries
from tests.pages import PageClient


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def asked_and_finished(sitting: Sitting) -> str:
    """Health is asked a question on the finished case; the police hear feedback alone. Where health reads it."""
    asked = sitting.asked
    write_outcome(
        sitting, to={asked.health: ("Well seen.", "Who rings back?"), asked.police: ("Quick on the night.", "")}
    )
    finish(sitting)
    return sitting.path(f"/cases/{asked.cases[0]}/panel-feedback/{asked.health}")


def lead_of(sitting: Sitting, agency_id: int) -> Person:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    return an_agency_lead(partnership, db.session.get_one(Agency, agency_id))


def test_the_note_taker_writes_and_the_chair_finishes(sitting: Sitting, client: PageClient) -> None:
    asked = sitting.asked
    writer = as_(client, sitting.note_taker)
    page = writer.get(sitting.at("/outcome"))
    assert "Raise an immediate concern" in page.links
    saved_page = writer.send(
        page,
        {
            "outcome": " Too late.\r\nFor her. ",
            "good_practice": "A nurse kept asking.",
            f"question-{asked.police}": "Who rings back?",
        },
    )
    assert saved_page.notices == ["The outcome is saved."]
    assert "Check and finish the case" not in saved_page.links, "only the chair finishes"
    assert outcome_parts(sitting)[0].words == ("Too late.\nFor her.", "A nurse kept asking.")
    assert saved_page.form().values[f"question-{asked.police}"] == ["Who rings back?"]
    agree_all(sitting)
    chair = as_(client, sitting.chair)
    page = chair.get(chair.get(sitting.at("/outcome")).links["Check and finish the case"])
    for said in ("Too late.", "A nurse kept asking.", "Who rings back?", "Nothing is said to this agency."):
        assert said in page.main
    done = chair.send(page)
    assert f"{asked.cases[0]} is agreed and finished." in done.notices
    read = chair.get(sitting.at("/outcome"))
    assert "its outcome is locked" in read.main
    assert not [form for form in read.forms if form.method == "post"]


def test_what_two_wrote_at_one_place_stands_side_by_side_and_nothing_is_lost(
    sitting: Sitting, client: PageClient
) -> None:
    asked = sitting.asked
    chair, field = as_(client, sitting.chair), f"feedback-{asked.health}"
    page = chair.get(sitting.at("/outcome"))
    write_outcome(sitting, "Theirs.", to={asked.health: ("Their feedback.", "")}, by=sitting.note_taker)
    back = chair.send(page, {field: "My feedback.", f"feedback-{asked.police}": "Quick."}, status=200)
    assert len(back.errors) == 1
    assert "Someone else saved this while you were working" in back.errors[0]
    assert back.links[back.errors[0]] == f"#{field}"
    assert "Saved now Their feedback. Typed here, not saved My feedback." in back.main
    values = back.form().values
    assert (values[field], values[f"feedback-{asked.police}"]) == (["My feedback."], ["Quick."])
    assert values["outcome"] == ["Theirs."], "over what nobody typed here, what is saved now"
    assert 'data-unsaved="clash"' in back.html
    done = chair.send(back)
    assert done.notices == ["The outcome is saved."]
    assert [part.words[0] for part in outcome_parts(sitting)] == ["Theirs.", "My feedback.", "Quick."]


def test_a_text_that_is_too_long_comes_back_with_its_agency(sitting: Sitting, chair: PageClient) -> None:
    health = sitting.asked.health
    back = chair.send(
        chair.get(sitting.at("/outcome")),
        {f"question-{health}": "x" * 10_001, "outcome": "Kept as typed."},
        status=200,
    )
    name = db.session.get_one(Agency, health).name
    assert back.errors == [
        f"Question back to this agency, {name}: This must be 10,000 characters or fewer. It has 10,001."
    ]
    assert back.form().values["outcome"] == ["Kept as typed."]
    assert outcome_parts(sitting)[0].words == ("", "")


def test_others_of_the_panel_and_those_who_run_it_read_and_do_not_write(sitting: Sitting, client: PageClient) -> None:
    write_outcome(sitting, to={sitting.asked.health: ("Well seen.", "")})
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    readers = [sitting.member, sitting.asked.coordinator, a_member(partnership, Role.SCRUTINEER).id]
    for person in readers:
        reader = as_(client, person)
        page = reader.get(sitting.at("/outcome"))
        assert "Well seen." in page.main
        assert "The chair and the note-taker of this case's panel write this." in page.main
        assert not [form for form in page.forms if form.method == "post"]
        typed = {"seen-0": outcome_parts(sitting)[0].mark, "outcome": "Mine.", "good_practice": ""}
        back = reader.post(sitting.at("/outcome"), typed, status=200)
        assert back.errors == ["The chair and the note-taker of this case's panel write this."]
        assert back.form().values["outcome"] == ["Mine."]
        assert "Copy it if you want to keep it" in back.main


def test_what_was_typed_while_the_case_was_finished_comes_back_with_the_reason(
    sitting: Sitting, client: PageClient
) -> None:
    writer = as_(client, sitting.note_taker)
    page = writer.get(sitting.at("/outcome"))
    finish(sitting)
    back = writer.send(page, {"good_practice": "Half a thought."}, status=200)
    assert "This is written while a case is at panel." in back.errors[0]
    assert back.form().values["good_practice"] == ["Half a thought."]
    assert "Copy it if you want to keep it" in back.main


def test_agencies_do_not_open_an_outcome_and_those_of_other_panels_find_none(
    sitting: Sitting, client: PageClient
) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    for person in (sitting.asked.health_auditor, lead_of(sitting, sitting.asked.health).id):
        as_(client, person).get(sitting.at("/outcome"), status=403)
    client.as_(a_member(partnership, Role.PANEL_MEMBER)).get(sitting.at("/outcome"), status=404)
    assert as_(client, sitting.asked.coordinator).get(sitting.at("/outcome", 1), status=404).status == 404


def test_an_auditor_who_sits_on_another_panel_reads_no_outcome_of_a_case_that_they_audit(
    sitting: Sitting, client: PageClient
) -> None:
    asked = sitting.asked
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    auditor = db.session.get_one(Person, asked.health_auditor)
    a_membership(auditor, partnership, Role.PANEL_MEMBER, db.session.get_one(Agency, asked.health))
    address = asked_and_finished(sitting)
    with transaction():
        db.session.execute(update(Round).values(is_showing_returns_when_agreed=True))
    browser = client.as_(auditor)
    browser.get(sitting.at("/outcome"), status=404)
    side_by_side = browser.get(sitting.at())
    assert "What the panel said to each agency, and what they answered" not in side_by_side.links
    assert "Quick on the night." not in side_by_side.text
    assert "Well seen." in browser.get(address).main


def test_the_level_over_all_stands_beside_how_the_ratings_were_agreed(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at("/outcome"))
    assert "The panel has not agreed a level over all yet." in page.main
    items = items_of(sitting)
    agree(sitting, a_decision(sitting, items["B01"], "good"), a_decision(sitting, items["A04"], "inadequate"))
    own = [item for code, item in items.items() if code.startswith("A01")]
    agree(sitting, *(a_decision(sitting, item, "good") for item in own))
    agree(sitting, a_decision(sitting, items["Overall"], "inadequate", reason="Nobody acted in time."))
    page = chair.get(sitting.at("/outcome"))
    assert "Nobody acted in time." in page.main
    assert "It is not worked out from these." in page.main
    (table,) = page.tables
    assert {row[0].split()[-1]: row[1] for row in table[1:]} == {
        "Outstanding": "0",
        "Good": "3",
        "improvement": "0",
        "Inadequate": "1",
    }


def test_places_that_may_name_someone_are_listed_and_what_stands_on_the_sheet_is_not(
    sitting: Sitting, client: PageClient
) -> None:
    agree_all(sitting)
    first = SHEET.names.split()[0]
    write_outcome(sitting, "Too late.", to={sitting.asked.health: (f"{first} was seen alone.", "")})
    chair = as_(client, sitting.chair)
    name = db.session.get_one(Agency, sitting.asked.health).name
    page = chair.get(sitting.at("/outcome"))
    assert f"What you say to {name}" in page.main
    assert "These may name someone" not in as_(client, sitting.member).get(sitting.at("/outcome")).main
    finishing = chair.get(sitting.at("/finish"))
    back = chair.send(finishing, status=200)
    assert back.errors == ["Take out the names at the places listed, or tick that they are not names."]
    done = chair.send(back, {"are_not_names": "y"})
    assert "is agreed and finished" in done.notices[0]


def test_an_agency_reads_what_is_said_to_it_and_answers(sitting: Sitting, client: PageClient) -> None:
    address = asked_and_finished(sitting)
    auditor = as_(client, sitting.asked.health_auditor)
    page = auditor.get(address)
    assert "Well seen." in page.main
    assert "Who rings back?" in page.main
    assert "Quick on the night." not in page.text
    assert "Raise an immediate concern" in page.links
    back = auditor.send(page, {"answer": " "}, status=200)
    assert back.errors == ["Write your agency's answer."]
    done = auditor.send(page, {"answer": "The named nurse does."})
    assert done.h1 == "What panels say to your agency"
    assert done.tables[0][1][-1] == "Answered"
    again = auditor.get(address)
    assert "Answered by" in again.main
    assert again.form().values["answer"] == ["The named nurse does."]
    for reader in (sitting.chair, sitting.asked.coordinator):
        assert "The named nurse does." in as_(client, reader).get(sitting.at("/outcome")).main


def test_an_answer_that_came_second_stands_beside_the_first(sitting: Sitting, client: PageClient) -> None:
    address = asked_and_finished(sitting)
    lead = client.as_(lead_of(sitting, sitting.asked.health))
    page = lead.get(address)
    answer_panel(sitting, sitting.asked.health, "The auditor's answer.")
    back = lead.send(page, {"answer": "The lead's answer."}, status=200)
    assert "Someone else saved this" in back.errors[0]
    assert "The auditor's answer." in back.main
    assert back.form().values["answer"] == ["The lead's answer."]
    lead.send(back)
    assert "The lead's answer." in lead.get(address).main


def test_an_answer_that_may_name_someone_is_sent_once_its_writer_says_that_it_does_not(
    sitting: Sitting, client: PageClient
) -> None:
    address, first = asked_and_finished(sitting), SHEET.names.split()[0]
    for person, is_told in ((sitting.asked.health_auditor, True), (lead_of(sitting, sitting.asked.health).id, False)):
        browser = as_(client, person)
        back = browser.send(browser.get(address), {"answer": f"{first} is rung, says {person}."}, status=200)
        assert (f"“{first}” may name someone" in back.errors[0]) is is_told
        browser.send(back, {"are_not_names": "y"})
        assert f"says {person}." in browser.get(address).main


def test_no_other_agency_and_nobody_before_the_end_reads_it(sitting: Sitting, client: PageClient) -> None:
    asked = sitting.asked
    health = sitting.path(f"/cases/{asked.cases[0]}/panel-feedback/{asked.health}")
    write_outcome(sitting, to={asked.health: ("Well seen.", "Who rings back?")})
    agree_all(sitting)
    readers = [asked.health_auditor, lead_of(sitting, asked.health).id]
    for person in readers:
        browser = as_(client, person)
        browser.get(health, status=404)
        assert "Well seen." not in browser.get(sitting.path("/panel-feedback")).text
    finish(sitting)
    for person in readers:
        assert "Well seen." in as_(client, person).get(health).main
    for person in (asked.police_auditor, lead_of(sitting, asked.police).id):
        browser = as_(client, person)
        browser.get(health, status=404)
        browser.post(health, {"answer": "Ours.", "version": "1"}, status=404)
        assert "Nothing is said to your agency yet" in browser.get(sitting.path("/panel-feedback")).main
    police = health.rpartition("/")[0] + f"/{asked.police}"
    as_(client, asked.police_auditor).get(police, status=404)


def test_once_the_round_is_published_an_answer_stays_as_it_is(sitting: Sitting, client: PageClient) -> None:
    address = asked_and_finished(sitting)
    answer_panel(sitting, sitting.asked.health, "We do.")
    auditor = as_(client, sitting.asked.health_auditor)
    page = auditor.get(address)
    with transaction():
        db.session.execute(update(Round).values(state=RoundState.PUBLISHED))
    back = auditor.send(page, {"answer": "We did."}, status=200)
    assert back.errors == ["The round is published, so your agency's answer can no longer be changed."]
    assert back.form().values["answer"] == ["We did."]
    read = auditor.get(address)
    assert "We do." in read.main
    assert not [form for form in read.forms if form.method == "post"]


def test_pages_of_the_agency_and_the_panel_lead_there(sitting: Sitting, client: PageClient) -> None:
    address = asked_and_finished(sitting)
    auditor = as_(client, sitting.asked.health_auditor)
    assert auditor.get(sitting.path("/returns")).links["What panels say to your agency"]
    case = auditor.get(sitting.path(f"/cases/{sitting.asked.cases[0]}"))
    name = db.session.get_one(Agency, sitting.asked.health).name
    assert case.links[f"What the panel says to {name}"] == address
    page = as_(client, sitting.chair).get(sitting.at())
    assert page.links["What the panel said to each agency, and what they answered"] == sitting.at("/outcome")


def test_good_practice_is_shown_with_what_was_learned(sitting: Sitting, chair: PageClient) -> None:
    write_outcome(sitting, good_practice="A nurse **kept** asking.")
    assert "kept asking" not in chair.get(sitting.at()).main, "not before the case is finished"
    finish(sitting)
    page = chair.get(sitting.at())
    assert "A nurse kept asking." in page.main


@pytest.mark.parametrize("page", ["outcome", "list"])
def test_the_pages_ask_the_database_no_more_for_more(
    sitting: Sitting, client: PageClient, count_queries: CountQueries, page: str
) -> None:
    asked = sitting.asked
    asked_and_finished(sitting)
    person = sitting.chair if page == "outcome" else asked.health_auditor
    address = sitting.at("/outcome") if page == "outcome" else sitting.path("/panel-feedback")
    browser = as_(client, person)
    browser.get(address)
    with count_queries() as few:
        browser.get(address)
    answer_panel(sitting, asked.health, "We do.")
    with transaction():
        its = select(PanelMember).where(PanelMember.panel_id == sitting.panel_id)
        assert len(db.session.scalars(its).all()) == 2
    more_people(sitting)
    with count_queries() as many:
        browser.get(address)
    assert many.count == few.count


def more_people(sitting: Sitting) -> None:
    """Three more members of the panel."""
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    for _ in range(3):
        person = a_member(partnership, Role.PANEL_MEMBER)
        saved(PanelMember(partnership_id=partnership.id, panel_id=sitting.panel_id, person_id=person.id))
    assert db.session.scalar(select(Membership.id).limit(1))
    db.session.rollback()
