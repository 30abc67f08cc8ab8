"""What is done with actions, and every reason why not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete

from audit_app.accounts.models import Membership, Person
from audit_app.accounts.rules import Role
from audit_app.actions import queries, services
from audit_app.actions.models import Action
from audit_app.actions.rules import ActionState, Brag
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.findings.models import Finding, FindingIndicator
from audit_app.history.queries import deeds_on
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.factories.actions import Place, a_finding_to_act_on, a_progress_update, an_action
from tests.fixtures import Together

Deed = Callable[[Place], object]


def propose(place: Place, **more: Any) -> Action:
    given: dict[str, Any] = {
        "agency_id": place.health.id,
        "lead_id": place.lead.id,
        "title": "Name every man",
        "outcome_measure": "9 of 10 assessments",
        "due_on": date(2026, 9, 1),
        "brag": Brag.GREEN,
        "by": place.actor(place.coordinator),
        "at": clock.now(),
    }
    with transaction():
        return services.propose_action(place.finding.id, **{**given, **more})


def change(place: Place, action: Action | None = None, **more: Any) -> Action:
    action = action or place.action
    given: dict[str, Any] = {
        "version": action.version,
        "title": action.title,
        "outcome_measure": action.outcome_measure,
        "agency_id": action.agency_id,
        "lead_id": action.lead_id,
        "due_on": action.due_on,
        "due_reason": "",
        "by": place.actor(place.coordinator),
        "at": clock.now(),
    }
    with transaction():
        return services.change_action(action.id, **{**given, **more})


def post(place: Place, by: Person | None = None, **more: Any) -> object:
    given: dict[str, Any] = {"words": "The form was changed.", "impact": "", "brag": Brag.AMBER}
    with transaction():
        return services.post_progress(
            place.action.id, **{**given, **more}, by=place.actor(by or place.lead), at=clock.now()
        )


def done(place: Place, by: Person | None = None) -> Action:
    with transaction():
        return services.report_done(place.action.id, by=place.actor(by or place.lead), at=clock.now())


def sign_off(place: Place, evaluation: str = "It worked.", by: Person | None = None) -> Action:
    with transaction():
        return services.sign_off(
            place.action.id, evaluation=evaluation, by=place.actor(by or place.board), at=clock.now()
        )


def send_back(place: Place, reason: str = "Too early to say.") -> Action:
    with transaction():
        return services.send_back(place.action.id, reason=reason, by=place.actor(place.board))


def withdraw(place: Place, reason: str = "Another action covers it.") -> Action:
    with transaction():
        return services.withdraw_action(place.action.id, reason=reason, by=place.actor(place.coordinator))


def put(place: Place, state: ActionState) -> None:
    with transaction():
        db.session.get_one(Action, place.action.id).state = state


def put_round(place: Place, state: RoundState) -> None:
    with transaction():
        db.session.get_one(Round, place.round.id).state = state


def words_of_history(place: Place, action: Action | None = None) -> list[str]:
    return [deed.words for deed in deeds_on(place.partnership.id, "action", (action or place.action).id)]


# writing


def test_an_action_is_open_as_soon_as_it_is_written(place: Place) -> None:
    action = propose(place)
    assert (action.state, action.round_id, action.finding_id) == (ActionState.OPEN, place.round.id, place.finding.id)
    assert words_of_history(place, action) == [
        f"Cora proposed the action “Name every man” for {place.health.short_name}"
    ]


@pytest.mark.parametrize("state", [RoundState.PANEL, RoundState.CLOSED, RoundState.WITHDRAWN])
def test_no_action_is_written_in_a_round_that_is_not_reported(place: Place, state: RoundState) -> None:
    put_round(place, state)
    with pytest.raises(Refused, match="while a round is reported"):
        propose(place)


def test_an_action_is_not_due_before_it_is_written(place: Place) -> None:
    with pytest.raises(Refused, match="today or a later day") as refused:
        propose(place, due_on=date(2026, 3, 3))
    assert refused.value.field == "due_on"
    assert propose(place, due_on=date(2026, 3, 4)).due_on == date(2026, 3, 4)


def test_the_lead_of_an_action_leads_its_agency(place: Place) -> None:
    for person in (place.police_lead, place.coordinator):
        with pytest.raises(Refused, match="an agency lead of Health"):
            propose(place, lead_id=person.id)


def test_a_lead_whose_role_has_ended_leads_nothing_new(place: Place) -> None:
    with transaction():
        membership = db.session.query(Membership).filter_by(person_id=place.lead.id).one()
        membership.until_day = date(2026, 3, 3)
    with pytest.raises(Refused, match="an agency lead of Health"):
        propose(place)


def test_an_action_is_not_written_for_another_partnership(place: Place) -> None:
    elsewhere = a_partnership()
    their_agency = an_agency(elsewhere)
    stranger = as_actor(a_member(elsewhere, Role.COORDINATOR), elsewhere)
    with pytest.raises(NotHere):
        propose(place, by=stranger)
    with pytest.raises(NotHere):
        propose(place, agency_id=their_agency.id)


# changing


def test_a_change_says_in_history_what_was_changed(place: Place) -> None:
    change(place, title="Ask every time", agency_id=place.police.id, lead_id=place.police_lead.id)
    assert words_of_history(place) == ["Cora changed the action “Ask every time”: action, agency, lead"]
    assert place.action.version == 2


def test_saving_without_a_change_is_no_deed(place: Place) -> None:
    change(place)
    assert words_of_history(place) == []


def test_a_moved_date_keeps_the_earlier_one_and_the_reason(place: Place) -> None:
    change(place, due_on=date(2026, 9, 1), due_reason="The system comes later.")
    (moved,) = queries.due_changes_of(place.partnership.id, place.action.id)
    assert (moved.from_day, moved.to_day, moved.reason) == (
        date(2100, 1, 1),
        date(2026, 9, 1),
        "The system comes later.",
    )
    moved_from, moved_to = "from 1 January 2100 to 1 September 2026", "The system comes later."
    assert words_of_history(place) == [f"Cora moved the due date of “{place.action.title}” {moved_from}: {moved_to}"]


@pytest.mark.parametrize(
    ("more", "reason", "field"),
    [
        ({"due_on": date(2026, 9, 1)}, "Say why the due date is moved", "due_reason"),
        ({"due_on": date(2026, 3, 3), "due_reason": "Sooner."}, "today or a later day", "due_on"),
    ],
)
def test_a_date_is_not_moved(place: Place, more: dict[str, Any], reason: str, field: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        change(place, **more)
    assert refused.value.field == field
    assert queries.due_changes_of(place.partnership.id, place.action.id) == []


def test_a_stale_change_is_refused_with_what_is_kept_now(place: Place) -> None:
    change(place, title="Ask every time")
    with pytest.raises(Stale) as stale:
        change(place, version=1, title="Ask sometimes")
    assert stale.value.theirs["title"] == "Ask every time"
    assert stale.value.version == 2


def test_of_two_who_change_an_action_at_once_one_is_refused(place: Place, together: Together) -> None:
    coordinator, action_id = place.actor(place.coordinator), place.action.id
    known: dict[str, Any] = {"outcome_measure": "x", "agency_id": place.health.id, "lead_id": place.lead.id}

    def save(title: str) -> Callable[[], str]:
        def deed() -> str:
            with transaction():
                services.change_action(
                    action_id,
                    version=1,
                    title=title,
                    due_on=date(2100, 1, 1),
                    due_reason="",
                    by=coordinator,
                    at=clock.now(),
                    **known,
                )
            return title

        return deed

    results = together(save("One"), save("Two"))
    assert sorted(type(result).__name__ for result in results) == ["Stale", "str"]
    db.session.refresh(place.action)
    assert place.action.title in results


# progress


def test_progress_is_appended_and_moves_the_brag(place: Place) -> None:
    post(place, words="First.", brag=Brag.AMBER)
    post(place, words="Second.", brag=Brag.RED)
    updates = queries.updates_of(place.partnership.id, place.action.id)
    assert [(one.words, one.brag, one.posted_by_name) for one in updates] == [
        ("Second.", Brag.RED, "Hana Lead"),
        ("First.", Brag.AMBER, "Hana Lead"),
    ]
    db.session.refresh(place.action)
    assert (place.action.brag, place.action.version) == (Brag.RED, 1)


def test_progress_of_two_people_at_once_is_kept_whole(place: Place, together: Together) -> None:
    lead, action_id = place.actor(place.lead), place.action.id

    def posting(words: str) -> Callable[[], None]:
        def deed() -> None:
            with transaction():
                services.post_progress(action_id, words=words, impact="", brag=Brag.GREEN, by=lead, at=clock.now())

        return deed

    assert together(posting("One."), posting("Two.")) == [None, None]
    assert {one.words for one in queries.updates_of(place.partnership.id, action_id)} == {"One.", "Two."}


def test_the_last_update_can_say_that_the_action_is_done(place: Place) -> None:
    post(place, impact="9 of 10 name him.", is_done=True)
    db.session.refresh(place.action)
    assert (place.action.state, place.action.done_at) == (ActionState.DONE, clock.now())
    assert words_of_history(place) == [
        "Hana Lead reported “Ask about every man in the home” as done",
        "Hana Lead posted progress on “Ask about every man in the home”",
    ]


def test_an_update_is_not_done_without_evidence_of_impact(place: Place) -> None:
    with pytest.raises(Refused, match="what difference it made") as refused:
        post(place, is_done=True)
    assert refused.value.field == "impact"
    assert queries.updates_of(place.partnership.id, place.action.id) == []


def test_an_action_is_reported_as_done_once_its_impact_is_known(place: Place) -> None:
    with pytest.raises(Refused, match="what difference it made"):
        done(place)
    post(place, impact="9 of 10 name him.")
    assert done(place).state is ActionState.DONE


# the board


def test_the_board_signs_off_with_its_evaluation(place: Place) -> None:
    put(place, ActionState.DONE)
    action = sign_off(place)
    assert (action.state, action.evaluation, action.signed_off_by_id) == (
        ActionState.SIGNED_OFF,
        "It worked.",
        place.board.id,
    )


def test_an_action_is_not_signed_off_without_a_word(place: Place) -> None:
    put(place, ActionState.DONE)
    with pytest.raises(Refused, match="what the board made of it"):
        sign_off(place, evaluation=" ")


def test_an_action_that_is_sent_back_is_open_with_the_reason_until_it_is_done_again(place: Place) -> None:
    a_progress_update(place.action, place.lead)
    done(place)
    action = send_back(place)
    assert (action.state, action.done_at, action.reason) == (ActionState.OPEN, None, "Too early to say.")
    assert done(place).reason == ""


def test_withdrawing_keeps_the_reason(place: Place) -> None:
    action = withdraw(place)
    assert (action.state, action.reason) == (ActionState.WITHDRAWN, "Another action covers it.")


@pytest.mark.parametrize("deed", [send_back, withdraw])
def test_sending_back_and_withdrawing_need_a_reason(place: Place, deed: Callable[..., Action]) -> None:
    put(place, ActionState.DONE)
    with pytest.raises(Refused, match="Say why"):
        deed(place, reason=" ")


# locked on every door


@pytest.mark.parametrize("deed", [change, post, done, sign_off, send_back, withdraw])
@pytest.mark.parametrize("state", [ActionState.SIGNED_OFF, ActionState.WITHDRAWN])
def test_a_finished_action_refuses_everything(place: Place, state: ActionState, deed: Deed) -> None:
    put(place, state)
    with pytest.raises(Refused):
        deed(place)


@pytest.mark.parametrize("deed", [change, withdraw])
def test_an_action_of_a_withdrawn_round_refuses_its_coordinator(place: Place, deed: Deed) -> None:
    put_round(place, RoundState.WITHDRAWN)
    with pytest.raises(Refused, match="round of this action was withdrawn"):
        deed(place)


@pytest.mark.parametrize("deed", [post, done, sign_off, send_back])
def test_an_action_of_a_withdrawn_round_is_no_longer_there_for_others(place: Place, deed: Deed) -> None:
    put_round(place, RoundState.WITHDRAWN)
    with pytest.raises(NotHere):
        deed(place)


def test_the_board_signs_off_nothing_of_a_round_that_is_not_published(place: Place) -> None:
    put_round(place, RoundState.REPORTING)
    put(place, ActionState.DONE)
    with pytest.raises(NotHere):
        sign_off(place)


@pytest.mark.parametrize("deed", [post, done])
def test_only_its_own_agency_reports_on_an_action(place: Place, deed: Callable[..., object]) -> None:
    a_progress_update(place.action, place.lead)
    with pytest.raises(NotHere):
        deed(place, by=place.police_lead)


def test_an_action_of_another_partnership_is_not_there(place: Place) -> None:
    elsewhere = a_partnership()
    stranger = as_actor(a_member(elsewhere, *Role, agency=an_agency(elsewhere)), elsewhere)
    for deed in (services.withdraw_action, services.send_back):
        with pytest.raises(NotHere), transaction():
            deed(place.action.id, reason="Mine.", by=stranger)


def test_an_open_action_cannot_be_signed_off(place: Place) -> None:
    other = an_action(place.finding, place.health, place.lead)
    with pytest.raises(Refused, match="cannot go to"), transaction():
        services.sign_off(other.id, evaluation="Fine.", by=place.actor(place.board), at=clock.now())


def test_a_finding_that_is_removed_while_its_action_is_written_is_not_there(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = rounds.round_for_change

    def lock_after_its_removal(partnership_id: int, round_id: int) -> Round:
        remove = (Finding.partnership_id == partnership_id, Finding.id == unused.id)
        db.session.execute(delete(FindingIndicator).where(FindingIndicator.finding_id == unused.id))
        db.session.execute(delete(Finding).where(*remove))
        return lock(partnership_id, round_id)

    unused = a_finding_to_act_on(place.round)
    monkeypatch.setattr(rounds, "round_for_change", lock_after_its_removal)
    with pytest.raises(NotHere), transaction():
        services.propose_action(
            unused.id,
            agency_id=place.health.id,
            lead_id=place.lead.id,
            title="Name every man",
            outcome_measure="9 of 10 assessments",
            due_on=date(2026, 9, 1),
            brag=Brag.GREEN,
            by=place.actor(place.coordinator),
            at=clock.now(),
        )
