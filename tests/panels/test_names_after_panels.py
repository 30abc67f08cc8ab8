"""Actions about a child, changes and corrections are compared with the identity sheet; whoever writes them decides."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import delete, select

from audit_app.accounts.models import Person
from audit_app.cases.models import Identity
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.panels import services
from audit_app.panels.models import AccuracyRequest, ModerationChange
from audit_app.panels.rules import AgreedHow, ChangeState, CorrectionState
from audit_app.rounds.rules import RoundState
from tests.factories.case_actions import LINK, NOW, TODAY, a_lead, be, done, raised, the_action
from tests.factories.moderation import (
    WRONG,
    Moderation,
    ask,
    being_checked,
    past_its_panel,
    propose,
    the_change,
    the_request,
)
from tests.factories.panels import Sitting, a_decision, agreed_rows, the_case
from tests.fixtures import Clock, Prepared
from tests.pages import PageClient

NAMED = "Kim was seen alone."
"""Words with a name of the sheet that the factories save."""


@pytest.fixture
def moderation(prepared: Prepared) -> Moderation:
    return prepared("a round in moderation", past_its_panel)


@pytest.fixture
def checked(clock: Clock, prepared: Prepared) -> Moderation:
    return prepared("a round whose facts are checked", being_checked)


def asked_about(*, told: bool = False) -> AbstractContextManager[pytest.ExceptionInfo[Refused]]:
    """The writer is asked whether it is a name, and `told` what was found or only that something was."""
    return pytest.raises(Refused, match="^“Kim” may name someone" if told else "^Something in it may name someone")


Deed = Callable[[Sitting, str, bool], None]


def raising(sitting: Sitting, words: str, are_not_names: bool) -> None:
    with transaction():
        services.raise_case_action(
            sitting.asked.cases[0],
            agency_id=sitting.asked.health,
            words=words,
            working_days=5,
            are_not_names=are_not_names,
            link=LINK,
            by=sitting.actor(sitting.chair),
            at=NOW,
        )


def sending_back(sitting: Sitting, words: str, are_not_names: bool) -> None:
    action, by = done(sitting, raised(sitting)), sitting.actor(sitting.chair)
    with transaction():
        services.send_case_action_back(action.id, reason=words, are_not_names=are_not_names, link=LINK, by=by, at=NOW)


def moving(sitting: Sitting, words: str, are_not_names: bool) -> None:
    action = raised(sitting)
    with transaction():
        services.move_case_action(
            action.id,
            due_on=date(2026, 3, 20),
            reason=words,
            version=action.version,
            are_not_names=are_not_names,
            by=sitting.actor(sitting.chair),
            at=NOW,
        )


def withdrawing(sitting: Sitting, words: str, are_not_names: bool) -> None:
    action, by = raised(sitting), sitting.actor(sitting.chair)
    with transaction():
        services.withdraw_case_action(action.id, reason=words, are_not_names=are_not_names, by=by)


DEEDS = [raising, sending_back, moving, withdrawing]


@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_steers_an_action_is_asked_whether_it_names_someone_and_not_told_what(
    sitting: Sitting, deed: Deed
) -> None:
    with asked_about() as refused:
        deed(sitting, NAMED, False)
    assert refused.value.field == "are_not_names"
    deed(sitting, NAMED, True)


@pytest.mark.parametrize("deed", DEEDS)
def test_without_an_identity_nobody_is_asked(sitting: Sitting, deed: Deed) -> None:
    with transaction():
        db.session.execute(delete(Identity))
    deed(sitting, NAMED, False)


def test_of_those_who_did_it_the_auditor_is_told_the_word_and_the_lead_that_there_is_one(sitting: Sitting) -> None:
    action, lead = raised(sitting), a_lead(sitting, sitting.asked.health)
    with asked_about(told=True):
        done(sitting, action, outcome=NAMED)
    with asked_about():
        done(sitting, action, outcome=NAMED, by=lead.id)
    assert done(sitting, action, outcome=NAMED, are_not_names=True, by=lead.id).outcome == NAMED


def test_what_was_typed_about_an_action_is_there_again_with_the_box(
    sitting: Sitting, client: PageClient, clock: Clock
) -> None:
    clock.set(NOW)
    chair = client.as_(db.session.get_one(Person, sitting.chair))
    form = chair.get(sitting.path(f"/cases/{sitting.asked.cases[0]}/actions/new"))
    typed = {"words": NAMED, "working_days": "5", "agency": str(sitting.asked.health)}
    back = chair.send(form, typed, status=200)
    assert back.errors[0].startswith("Something in it may name someone")
    assert back.form().values["words"] == [NAMED]
    assert NAMED in chair.send(back, {"are_not_names": "y"}).main
    action = raised(sitting)
    for page, more in (("due", {"due_on": ["20", "3", "2026"]}), ("withdraw", {})):
        form = chair.get(sitting.path(f"/case-actions/{action.id}/{page}"))
        assert "are_not_names" not in form.form().values
        back = chair.send(form, {"reason": NAMED, **more}, status=200)
        assert back.form().values["reason"] == [NAMED]
        assert NAMED in chair.send(back, {"are_not_names": "y"}).main
    action = done(sitting, raised(sitting), on=TODAY)
    back = chair.send(chair.get(sitting.path(f"/case-actions/{action.id}/send-back")), {"reason": NAMED}, status=200)
    assert NAMED in chair.send(back, {"are_not_names": "y"}).main


@pytest.mark.parametrize("part", ["what_is_wrong", "what_is_right", "where_on_file"])
def test_an_agency_that_asks_for_a_correction_is_asked_about_names_in_each_part(checked: Moderation, part: str) -> None:
    wrong = WRONG._replace(**{part: NAMED})
    with asked_about(told=True) as refused:
        ask(checked, wrong=wrong)
    assert refused.value.field == "are_not_names"
    with asked_about():
        ask(checked, wrong=wrong, by=checked.health_lead)
    asked = checked.sitting.asked
    with transaction():
        services.ask_correction(
            checked.sitting.cases[0],
            agency_id=asked.health,
            item_id=None,
            wrong=wrong,
            are_not_names=True,
            by=asked.actor(asked.health_auditor),
            at=clock.now(),
        )


def decide(checked: Moderation, request_id: int, **more: object) -> None:
    known = {"is_corrected": True, "response": "The log bears it out.", **more}
    by = checked.actor(checked.chair)
    with transaction():
        services.decide_correction(request_id, by=by, at=clock.now(), **known)  # type: ignore[arg-type]


def test_whoever_decides_a_correction_is_asked_about_each_text_that_is_new(checked: Moderation) -> None:
    of_outcome, version = ask(checked, None), the_case(checked.sitting).outcome_version
    with asked_about():
        decide(checked, of_outcome, response=NAMED)
    with asked_about():
        decide(checked, of_outcome, outcome=NAMED, outcome_version=version)
    assert the_request(of_outcome).state is CorrectionState.ASKED
    decide(checked, of_outcome, outcome=NAMED, outcome_version=version, are_not_names=True)
    assert the_case(checked.sitting).outcome == NAMED
    decide(checked, ask(checked, None, wrong=WRONG._replace(what_is_right="4 March.")), outcome=NAMED)  # as it stands
    of_item = ask(checked)
    decision = a_decision(
        checked.sitting, checked.item(), "outstanding", reason=NAMED, changed_because="Seen.", how=AgreedHow.CORRECTED
    )
    with asked_about():
        decide(checked, of_item, decision=decision)
    decide(checked, of_item, decision=decision, are_not_names=True)
    assert agreed_rows(decision.item_id)[-1].reason == NAMED


def test_readers_are_asked_about_names_when_they_propose_a_change_and_when_they_answer_one(
    moderation: Moderation,
) -> None:
    item = moderation.item()
    for text in ("reason", "changed_because"):
        words = {"reason": "Nobody asked.", "changed_because": "Rated lower elsewhere.", text: NAMED}
        decision = a_decision(moderation.sitting, item, "inadequate", how=AgreedHow.MODERATED, **words)
        with asked_about(), transaction():
            services.propose_change(
                moderation.sitting.cases[0], decision, by=moderation.actor(moderation.chair), at=clock.now()
            )
    change_id, other = propose(moderation), moderation.actor(moderation.other)
    for deed in (services.confirm_change, services.decline_change):
        with asked_about(), transaction():
            deed(change_id, words=NAMED, by=other, at=clock.now())
    assert the_change(change_id).state is ChangeState.PROPOSED
    with transaction():
        services.confirm_change(change_id, words=NAMED, are_not_names=True, by=other, at=clock.now())
    assert the_change(change_id).decided_words == NAMED


def test_the_pages_after_a_panel_keep_what_was_typed_and_show_the_box(
    moderation: Moderation, client: PageClient
) -> None:
    sitting = moderation.sitting
    chair, other = (client.as_(db.session.get_one(Person, one)) for one in (moderation.chair, moderation.other))
    page = chair.get(sitting.at(f"/moderate/{moderation.item().id}"))
    back = chair.send(page, {"answer": "no_evidence", "reason": "None.", "because": NAMED}, status=200)
    assert back.errors[0].startswith("Something in it may name someone")
    assert back.form().values["because"] == [NAMED]
    chair.send(back, {"are_not_names": "y"})
    change_id = db.session.scalars(select(ModerationChange.id)).one()
    page = other.get(sitting.at(f"/changes/{change_id}"))
    back = other.send(page, {"words": NAMED, "press": "decline"}, status=200)
    assert back.form().values["words"] == [NAMED]
    other.send(back, {"are_not_names": "y", "press": "decline"})
    assert the_change(change_id).state is ChangeState.DECLINED


def test_the_pages_of_a_correction_keep_what_was_typed_and_show_the_box(
    checked: Moderation, client: PageClient
) -> None:
    asked = checked.sitting.asked
    auditor, chair = (client.as_(db.session.get_one(Person, one)) for one in (asked.health_auditor, checked.chair))
    page = auditor.get(checked.sitting.path(f"/panels/corrections/new/{asked.cases[0]}/{asked.health}"))
    typed = {**WRONG._asdict(), "about": "outcome", "what_is_right": NAMED}
    back = auditor.send(page, typed, status=200)
    assert back.errors[0].startswith("“Kim” may name someone")
    assert back.form().values["what_is_right"] == [NAMED]
    assert "Your request is kept" in auditor.send(back, {"are_not_names": "y"}).notices[0]
    request_id = db.session.scalars(select(AccuracyRequest.id)).one()
    page = chair.get(checked.sitting.path(f"/panels/corrections/{request_id}"))
    back = chair.send(page, {"is_corrected": "no", "response": NAMED}, status=200)
    assert back.form().values["response"] == [NAMED]
    assert "Your decision is kept" in chair.send(back, {"are_not_names": "y"}).notices[0]


def test_texts_about_a_whole_round_are_not_compared_with_its_childrens_sheets(
    moderation: Moderation, client: PageClient
) -> None:
    """Else whoever writes one could ask of any name whether it is a child of the round."""
    chair = client.as_(db.session.get_one(Person, moderation.chair))
    page = chair.get(moderation.path("/moderation/done"))
    assert "Name nobody: nothing looks for names here." in page.main
    assert "It is kept that you have read all cases." in chair.send(page, {"note": NAMED}).notices[0]


def test_the_reason_to_close_over_an_open_action_is_not_compared(sitting: Sitting, client: PageClient) -> None:
    action = raised(sitting)
    be(sitting, RoundState.PUBLISHED)
    coordinator = client.as_(db.session.get_one(Person, sitting.asked.coordinator))
    page = coordinator.get(sitting.path(f"/rounds/{sitting.asked.reference}/close"))
    assert "Name nobody: nothing looks for names here." in page.main
    coordinator.send(page, {"reason": NAMED})
    assert the_action(action).left_open_reason == NAMED
