"""Writing what a panel takes from a case and says to its agencies, and what they answer."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, update

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role
from audit_app.cases.models import Identity
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.messages.models import Message
from audit_app.panels import queries, services
from audit_app.panels.models import OutcomeForAgency, PanelMember, PanelRoom
from audit_app.panels.rules import OutcomePart
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, as_actor
from tests.factories.actions import an_agency_lead
from tests.factories.panels import (
    LINK,
    Sitting,
    agree_all,
    answer_panel,
    finish,
    last_deed,
    outcome_parts,
    the_case,
    withdraw_round,
    write_outcome,
)
from tests.factories.returns import SHEET
from tests.fixtures import Together


def revision(sitting: Sitting) -> int:
    db.session.rollback()
    return db.session.scalars(select(PanelRoom.revision).where(PanelRoom.panel_id == sitting.panel_id)).one()


def row_of(sitting: Sitting, agency_id: int) -> OutcomeForAgency:
    db.session.rollback()
    query = select(OutcomeForAgency).filter_by(case_id=sitting.cases[0], agency_id=agency_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def asked_and_finished(sitting: Sitting) -> None:
    """Health is asked a question on the finished case; the police hear feedback alone."""
    write_outcome(
        sitting, to={sitting.asked.health: ("Well seen.", "Who rings back?"), sitting.asked.police: ("Quick.", "")}
    )
    finish(sitting)


def test_chair_and_note_taker_save_what_they_write_as_often_as_they_like(sitting: Sitting) -> None:
    before = revision(sitting)
    write_outcome(sitting, "Too late.", "A nurse kept asking.")
    write_outcome(sitting, "Too late.", "A nurse kept asking.", to={sitting.asked.police: ("Quick.", "")})
    write_outcome(
        sitting,
        "Too late for her.",
        "A nurse kept asking.",
        to={sitting.asked.police: ("Quick.", "Why?")},
        by=sitting.note_taker,
    )
    of_case, health, police = outcome_parts(sitting)
    assert of_case.words == ("Too late for her.", "A nurse kept asking.")
    assert (health.words, health.version) == (("", ""), 0)
    assert (police.words, police.version) == (("Quick.", "Why?"), 2)
    assert revision(sitting) == before + 3
    assert last_deed(sitting) == f"Nat Notes wrote what the panel says of {sitting.asked.cases[0]}"


def test_saving_what_is_kept_changes_nothing(sitting: Sitting) -> None:
    write_outcome(sitting)
    before, kept = revision(sitting), outcome_parts(sitting)
    write_outcome(sitting)
    assert (revision(sitting), outcome_parts(sitting)) == (before, kept)


def test_two_who_write_at_different_places_never_refuse_each_other(sitting: Sitting, together: Together) -> None:
    of_case, health, police = outcome_parts(sitting)
    chair, writer = sitting.actor(sitting.chair), sitting.actor(sitting.note_taker)

    def save(part: OutcomePart, words: tuple[str, str], who: object) -> Callable[[], None]:
        def deed() -> None:
            with transaction():
                changed = OutcomePart(part.agency_id, words, part.version)
                services.save_outcome(sitting.cases[0], [changed], by=who)  # type: ignore[arg-type]

        return deed

    results = together(
        save(of_case, ("Learned.", ""), chair),
        save(health, ("Well seen.", ""), writer),
        save(police, ("", "Why?"), chair),
    )
    assert results == [None, None, None]
    assert [part.words for part in outcome_parts(sitting)] == [("Learned.", ""), ("Well seen.", ""), ("", "Why?")]


@pytest.mark.parametrize("is_saved_before", [True, False])
def test_of_two_who_write_at_one_place_at_once_the_second_sees_what_the_first_wrote(
    sitting: Sitting, together: Together, is_saved_before: bool
) -> None:
    if is_saved_before:
        write_outcome(sitting, to={sitting.asked.health: ("First.", "")})
    part = outcome_parts(sitting)[1]
    chair, writer = sitting.actor(sitting.chair), sitting.actor(sitting.note_taker)

    def save(words: str, who: object) -> Callable[[], None]:
        def deed() -> None:
            with transaction():
                mine = OutcomePart(part.agency_id, (words, ""), part.version)
                services.save_outcome(sitting.cases[0], [mine], by=who)  # type: ignore[arg-type]

        return deed

    results = together(save("Mine.", chair), save("Yours.", writer))
    refused = [one for one in results if one is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], Stale)
    kept = outcome_parts(sitting)[1]
    assert refused[0].theirs == kept.by_field
    assert kept.version == part.version + 1


def test_a_stale_part_keeps_the_others_from_being_saved_half(sitting: Sitting) -> None:
    of_case, health, _ = outcome_parts(sitting)
    write_outcome(sitting, to={sitting.asked.health: ("First.", "")})
    late = [
        OutcomePart(None, ("Other.", ""), of_case.version + 1),
        OutcomePart(health.agency_id, ("Late.", ""), health.version),
    ]
    with pytest.raises(Stale) as stale, transaction():
        services.save_outcome(sitting.cases[0], late, by=sitting.actor(sitting.chair))
    assert stale.value.theirs == {f"feedback-{health.agency_id}": "First.", f"question-{health.agency_id}": ""}
    assert the_case(sitting).outcome == "Agencies met too late."


def test_nobody_else_writes_it(sitting: Sitting) -> None:
    for person in (sitting.member, sitting.asked.coordinator, sitting.asked.health_auditor):
        with pytest.raises(Refused, match="The chair and the note-taker"):
            write_outcome(sitting, by=person)
    with transaction():
        db.session.execute(delete(PanelMember).where(PanelMember.person_id == sitting.note_taker))
    with pytest.raises(Refused, match="The chair and the note-taker"):
        write_outcome(sitting, by=sitting.note_taker)


def test_a_note_taker_who_sits_for_an_agency_is_a_member_like_others(sitting: Sitting) -> None:
    with transaction():
        mine = update(PanelMember).where(PanelMember.person_id == sitting.note_taker)
        db.session.execute(mine.values(agency_id=sitting.asked.police))
    with pytest.raises(Refused, match="The chair and the note-taker"):
        write_outcome(sitting, by=sitting.note_taker)


def test_nothing_is_said_to_an_agency_that_was_not_asked_about_the_case(sitting: Sitting) -> None:
    part = OutcomePart(10_000, ("Well done.", ""))
    with pytest.raises(NotHere), transaction():
        services.save_outcome(sitting.cases[0], [part], by=sitting.actor(sitting.chair))


def test_a_finished_case_says_what_it_says(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    with pytest.raises(Refused, match="while a case is at panel"):
        write_outcome(sitting, "Second thoughts.")


def test_finishing_raises_the_room_and_mails_those_who_are_asked(sitting: Sitting) -> None:
    asked = sitting.asked
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    health, police = (db.session.get_one(Agency, one) for one in (asked.health, asked.police))
    lead = an_agency_lead(partnership, health)
    an_agency_lead(partnership, police)
    write_outcome(sitting, to={asked.health: ("", "Who rings back?"), asked.police: ("Quick.", "")})
    agree_all(sitting)
    before = revision(sitting)
    with transaction():
        services.finish_case(sitting.cases[0], link=LINK, by=sitting.actor(sitting.chair), at=clock.now())
    assert revision(sitting) > before
    mails = db.session.scalars(select(Message).where(Message.occasion.like("case % question"))).all()
    auditor = asked.actor(asked.health_auditor)
    assert {mail.recipient for mail in mails} == {auditor.email, lead.email}
    for mail in mails:
        assert LINK in (mail.body or "")
        for said in (asked.cases[0], "rings back"):
            assert said not in mail.subject + (mail.body or "")


def test_a_case_on_which_nothing_is_asked_mails_nobody(sitting: Sitting) -> None:
    write_outcome(sitting, to={sitting.asked.police: ("Quick.", "")})
    finish(sitting)
    assert not db.session.scalars(select(Message).where(Message.occasion.like("case % question"))).all()


def test_an_outcome_that_may_name_someone_is_finished_once_somebody_says_that_it_does_not(sitting: Sitting) -> None:
    agree_all(sitting)
    write_outcome(sitting, to={sitting.asked.police: (f"{SHEET.names} was seen.", "")})
    chair = sitting.actor(sitting.chair)
    with pytest.raises(Refused, match="Take out the names") as refused, transaction():
        services.finish_case(sitting.cases[0], link=LINK, by=chair, at=clock.now())
    assert refused.value.field == "are_not_names"
    assert SHEET.names not in refused.value.reason
    with transaction():
        services.finish_case(sitting.cases[0], link=LINK, are_not_names=True, by=chair, at=clock.now())
    assert the_case(sitting).agreed_at


def test_an_agency_answers_and_changes_its_answer(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    health = sitting.asked.health
    answer_panel(sitting, health, "The named nurse.")
    row = row_of(sitting, health)
    assert (row.answer, row.answered_by_id, row.version) == ("The named nurse.", sitting.asked.health_auditor, 2)
    assert " answered the panel's question on " in last_deed(sitting)
    answer_panel(sitting, health, "The named nurse.", version=1)  # a second press of the same
    answer_panel(sitting, health, "The named nurse, in a day.", version=2)
    assert row_of(sitting, health).version == 3
    assert " changed the answer to the panel's question on " in last_deed(sitting)
    assert "nurse" not in last_deed(sitting)


def test_a_lead_of_the_agency_answers_as_well(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    lead = an_agency_lead(partnership, db.session.get_one(Agency, sitting.asked.health))
    with transaction():
        services.answer_question(
            sitting.cases[0],
            sitting.asked.health,
            answer="We do.",
            version=1,
            by=as_actor(lead, partnership),
            at=clock.now(),
        )
    assert row_of(sitting, sitting.asked.health).answered_by_id == lead.id


def test_of_two_answers_at_once_the_second_sees_the_first(sitting: Sitting, together: Together) -> None:
    asked_and_finished(sitting)
    health = sitting.asked.health
    by = sitting.asked.actor(sitting.asked.health_auditor)

    def say(words: str) -> Callable[[], None]:
        def deed() -> None:
            with transaction():
                services.answer_question(sitting.cases[0], health, answer=words, version=1, by=by, at=clock.now())

        return deed

    results = together(say("Once."), say("Otherwise."))
    refused = [one for one in results if one is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], Stale)
    assert refused[0].theirs == {"answer": row_of(sitting, health).answer}


def test_nobody_answers_for_another_agency_or_before_the_case_is_finished(sitting: Sitting) -> None:
    write_outcome(sitting, to={sitting.asked.health: ("", "Who rings back?")})
    with pytest.raises(NotHere):
        answer_panel(sitting, sitting.asked.health, "We do.")
    finish(sitting)
    police, coordinator = (sitting.actor(one) for one in (sitting.asked.police_auditor, sitting.asked.coordinator))
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, Role.AUDITOR, agency=None), elsewhere)
    for by in (police, coordinator, sitting.actor(sitting.chair), stranger):
        with pytest.raises(NotHere), transaction():
            services.answer_question(
                sitting.cases[0], sitting.asked.health, answer="x", version=1, by=by, at=clock.now()
            )
    with pytest.raises(NotHere):
        answer_panel(sitting, sitting.asked.police, "Nothing was said to us.")


def test_a_question_is_answered_with_words_and_only_where_one_is_asked(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    with pytest.raises(Refused, match="Write your agency's answer"):
        answer_panel(sitting, sitting.asked.health, "")
    with pytest.raises(Refused, match="asked your agency nothing"):
        answer_panel(sitting, sitting.asked.police, "Thank you.")


def test_once_the_round_is_published_a_waiting_question_is_answered_and_nothing_changed(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    with transaction():
        db.session.execute(update(Round).values(state=RoundState.PUBLISHED))
    answer_panel(sitting, sitting.asked.health, "We do.")
    with pytest.raises(Refused, match="can no longer be changed"):
        answer_panel(sitting, sitting.asked.health, "We did.", version=2)


def test_an_auditor_is_told_which_words_may_name_someone_and_a_lead_is_not(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    words = f"{SHEET.names} rings."
    with pytest.raises(Refused, match=SHEET.names.split()[0]) as refused:
        answer_panel(sitting, sitting.asked.health, words)
    assert refused.value.field == "are_not_names"
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    lead = as_actor(an_agency_lead(partnership, db.session.get_one(Agency, sitting.asked.health)), partnership)
    with pytest.raises(Refused, match="Something in it may name someone"), transaction():
        services.answer_question(
            sitting.cases[0], sitting.asked.health, answer=words, version=1, by=lead, at=clock.now()
        )


def test_nothing_is_found_where_the_identity_was_destroyed(sitting: Sitting) -> None:
    asked_and_finished(sitting)
    with transaction():
        db.session.execute(update(Identity).values(sheet=None, sheet_saved_at=None, sheet_saved_by_id=None))
    answer_panel(sitting, sitting.asked.health, f"{SHEET.names} rings.")
    assert row_of(sitting, sitting.asked.health).answer


def test_what_was_said_is_there_for_its_own_agency_once_the_case_is_finished(sitting: Sitting) -> None:
    asked = sitting.asked
    health, police = (sitting.actor(one) for one in (asked.health_auditor, asked.police_auditor))
    write_outcome(sitting, to={asked.health: ("Well seen.", "Who rings back?")})
    assert not queries.panel_feedback_of(health)
    finish(sitting)
    assert [(one.feedback, one.question) for one in queries.panel_feedback_of(health)] == [
        ("Well seen.", "Who rings back?")
    ]
    assert not queries.panel_feedback_of(police)
    withdraw_round(sitting)
    assert not queries.panel_feedback_of(health)


def test_the_counts_beside_the_level_over_all_are_of_what_stands(sitting: Sitting) -> None:
    viewer, reference = sitting.actor(sitting.member), sitting.asked.cases[0]
    shown = queries.outcome_shown(viewer, reference)
    assert (shown.has_overall, shown.overall, shown.counts) == (True, None, [])
    agree_all(sitting)
    db.session.rollback()
    shown = queries.outcome_shown(viewer, reference)
    assert shown.overall
    assert list(shown.by_level.values()) == [5]
    assert shown.without_level == {}
