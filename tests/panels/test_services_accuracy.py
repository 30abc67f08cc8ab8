"""The accuracy check: agencies ask to correct facts in time, each request is decided once, and all of it is kept."""

from datetime import date

import pytest
from sqlalchemy import select

from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.messages.models import Message
from audit_app.panels import queries, services
from audit_app.panels.rules import AgreedHow, CorrectionState
from audit_app.rounds.rules import RoundState
from tests.factories.moderation import (
    WRONG,
    Moderation,
    ask,
    being_checked,
    end_check,
    more_time,
    nothing,
    the_request,
    the_round,
)
from tests.factories.panels import a_decision, agreed_rows, last_deed, round_state, the_case
from tests.fixtures import Clock, Prepared, Together

DUE = date(2026, 3, 18)


@pytest.fixture
def checked(clock: Clock, prepared: Prepared) -> Moderation:
    return prepared("a round whose facts are checked", being_checked)


def decide(
    checked: Moderation, request_id: int, *, by: int | None = None, is_corrected: bool = True, **more: object
) -> None:
    """The chair, unless told otherwise, decides a request."""
    known = {"response": "The log bears it out.", **more}
    actor = checked.actor(by or checked.chair)
    with transaction():
        services.decide_correction(
            request_id,
            is_corrected=is_corrected,
            by=actor,
            at=clock.now(),
            **known,  # type: ignore[arg-type]
        )


def test_the_check_lasts_ten_working_days_and_every_agency_is_mailed_without_a_word_of_any_case(
    checked: Moderation,
) -> None:
    assert round_state(checked.sitting) is RoundState.ACCURACY_CHECK
    assert the_round(checked.sitting).accuracy_due_on == DUE
    mails = db.session.scalars(select(Message).where(Message.subject.like("Check the facts%"))).all()
    assert len(mails) == 3
    for mail in mails:
        assert "18 March 2026" in (mail.body or "")
        assert not [reference for reference in checked.sitting.asked.cases if reference in (mail.body or "")]


def test_what_an_agency_asks_is_kept_and_the_same_words_twice_are_one_request(checked: Moderation) -> None:
    request_id = ask(checked)
    assert ask(checked) == request_id
    kept = the_request(request_id)
    assert (kept.what_is_wrong, kept.what_is_right, kept.where_on_file) == WRONG
    assert (kept.state, kept.asked_by_id) == (CorrectionState.ASKED, checked.sitting.asked.health_auditor)
    assert "asked for A" in last_deed(checked.sitting)
    assert ask(checked, by=checked.health_lead) != request_id


def test_an_agency_asks_about_what_concerns_it_and_nothing_else(checked: Moderation) -> None:
    asked = checked.sitting.asked
    ask(checked, f"A01-{asked.health}")
    ask(checked, None)
    with pytest.raises(NotHere):
        ask(checked, f"A01-{asked.police}")
    with pytest.raises(NotHere):
        ask(checked, agency=asked.police)  # for which health's auditor does not act
    for person in (checked.chair, checked.coordinator, checked.scrutineer):
        with pytest.raises(NotHere):
            ask(checked, by=person)


@pytest.mark.parametrize("part", ["what_is_wrong", "what_is_right", "where_on_file"])
def test_a_request_says_what_is_wrong_what_is_right_and_where(checked: Moderation, part: str) -> None:
    with pytest.raises(Refused, match="Say") as refused:
        ask(checked, wrong=WRONG._replace(**{part: ""}))
    assert refused.value.field == part


def test_facts_are_corrected_until_the_end_of_the_last_day_and_longer_with_more_time(
    checked: Moderation, clock: Clock
) -> None:
    clock.forward(days=14)
    ask(checked)
    clock.forward(days=1)
    with pytest.raises(Refused, match="ended on 18 March 2026"):
        ask(checked, None)
    with pytest.raises(Refused, match="ended on 18 March 2026"):
        nothing(checked, checked.sitting.asked.health, checked.health_lead)
    more_time(checked, date(2026, 3, 25))
    ask(checked, None)
    given = queries.more_time_given(checked.sitting.asked.partnership_id, checked.sitting.asked.round_id)
    assert [(one.from_day, one.to_day, one.reason) for one in given] == [(DUE, date(2026, 3, 25), "Half term.")]
    mails = db.session.scalars(select(Message).where(Message.subject.like("Check the facts%"))).all()
    assert sum("25 March 2026" in (mail.body or "") for mail in mails) == 3


def test_a_corrected_fact_that_changes_a_rating_keeps_the_earlier_one(checked: Moderation) -> None:
    request_id, item = ask(checked), checked.item()
    decision = a_decision(checked.sitting, item, "outstanding", changed_because="Seen.", how=AgreedHow.CORRECTED)
    decide(checked, request_id, decision=decision)
    earlier, current = agreed_rows(item.id)
    assert (earlier.is_current, current.is_current) == (False, True)
    assert (current.how, current.agreed_by_id) == (AgreedHow.CORRECTED, checked.chair)
    kept = the_request(request_id)
    assert (kept.state, kept.response, kept.agreed_rating_id) == (
        CorrectionState.CORRECTED,
        "The log bears it out.",
        current.id,
    )
    mail = db.session.scalars(select(Message).where(Message.subject.like("A correction%"))).one()
    assert checked.sitting.asked.cases[0] not in (mail.body or "")


def test_a_corrected_outcome_keeps_its_earlier_words(checked: Moderation) -> None:
    request_id, as_agreed = ask(checked, None), the_case(checked.sitting)
    before, version = as_agreed.outcome, as_agreed.outcome_version
    decide(checked, request_id, outcome="Agencies met in March.", outcome_version=version, by=checked.coordinator)
    case = the_case(checked.sitting)
    assert (case.outcome, the_request(request_id).outcome_before) == ("Agencies met in March.", before)
    assert case.outcome_version == version + 1


def test_a_correction_of_the_outcome_never_takes_the_place_of_one_that_was_not_seen(checked: Moderation) -> None:
    asked = checked.sitting.asked
    first, second = ask(checked, None), ask(checked, None, by=asked.police_auditor, agency=asked.police)
    version = the_case(checked.sitting).outcome_version
    decide(checked, first, outcome="They met in March.", outcome_version=version, by=checked.coordinator)
    with pytest.raises(Stale) as stale:
        decide(checked, second, outcome="They met in May.", outcome_version=version)
    assert (stale.value.theirs, stale.value.version) == ({"outcome": "They met in March."}, version + 1)
    assert the_request(second).state is CorrectionState.ASKED
    decide(checked, second, outcome="They met in March and May.", outcome_version=version + 1)
    assert the_case(checked.sitting).outcome == "They met in March and May."
    assert the_request(second).outcome_before == "They met in March."


def test_a_fact_that_is_not_changed_leaves_everything_as_it_is(checked: Moderation) -> None:
    request_id, item = ask(checked), checked.item()
    decision = a_decision(checked.sitting, item, "outstanding", changed_because="Seen.", how=AgreedHow.CORRECTED)
    with pytest.raises(Refused, match="Choose “Corrected”"):
        decide(checked, request_id, is_corrected=False, decision=decision)
    with pytest.raises(Refused, match="Give a response"):
        decide(checked, request_id, is_corrected=False, response="")
    decide(checked, request_id, is_corrected=False)
    assert the_request(request_id).state is CorrectionState.NOT_CHANGED
    assert len(agreed_rows(item.id)) == 1
    with pytest.raises(Refused, match="decided already: not changed"):
        decide(checked, request_id)


def test_only_the_chair_and_the_coordinator_decide(checked: Moderation) -> None:
    request_id = ask(checked)
    for person in (checked.scrutineer, checked.sitting.member, checked.sitting.asked.health_auditor):
        with pytest.raises(Refused, match="The chair of this case's panel"):
            decide(checked, request_id, by=person)
    with pytest.raises(NotHere):
        decide(checked, 999)


def test_two_who_decide_at_once_decide_once(checked: Moderation, together: Together) -> None:
    request_id, item = ask(checked), checked.item()
    decision = a_decision(checked.sitting, item, "outstanding", changed_because="Seen.", how=AgreedHow.CORRECTED)
    results = together(
        lambda: decide(checked, request_id, decision=decision),
        lambda: decide(checked, request_id, by=checked.coordinator, is_corrected=False),
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
    is_corrected = the_request(request_id).state is CorrectionState.CORRECTED
    assert len(agreed_rows(item.id)) == (2 if is_corrected else 1)


def test_the_check_ends_early_once_every_agency_has_nothing_more_to_correct(checked: Moderation) -> None:
    asked = checked.sitting.asked
    request_id = ask(checked)
    with pytest.raises(Refused, match="1 correction that was asked for is not decided yet"):
        end_check(checked)
    decide(checked, request_id)
    nothing(checked, asked.health, checked.health_lead)
    nothing(checked, asked.health, asked.health_auditor)  # said twice, it counts once
    with pytest.raises(Refused, match=r"Agencies have until 18 March 2026\. Police \d+ may still ask"):
        end_check(checked)
    nothing(checked, asked.police, asked.police_auditor)
    end_check(checked)
    assert round_state(checked.sitting) is RoundState.REPORTING
    with pytest.raises(Refused, match="during the accuracy check"):
        ask(checked)
    with pytest.raises(Refused, match="no more time can be given"):
        more_time(checked, date(2026, 3, 25))


def test_asking_again_takes_back_that_there_is_nothing(checked: Moderation) -> None:
    asked = checked.sitting.asked
    nothing(checked, asked.health, checked.health_lead)
    ask(checked)
    agencies = queries.agencies_checking(asked.partnership_id, asked.round_id)
    assert {one.id: (one.asked, one.undecided, one.done_at) for one in agencies}[asked.health] == (1, 1, None)


def test_the_check_ends_once_its_time_is_over_and_only_by_the_coordinator(checked: Moderation, clock: Clock) -> None:
    clock.forward(days=15)
    with pytest.raises(NotHere), transaction():
        services.end_check(checked.sitting.asked.round_id, by=checked.actor(checked.chair), at=clock.at)
    end_check(checked)
    assert round_state(checked.sitting) is RoundState.REPORTING


def test_an_agency_reads_what_was_agreed_for_it_and_not_what_was_agreed_on_anothers_work(checked: Moderation) -> None:
    asked = checked.sitting.asked
    cases = queries.cases_to_check(asked.partnership_id, asked.round_id, asked.police)
    assert [case.reference for case in cases] == list(asked.cases)
    items = {item.id: code for code, item in ((code, checked.item(code)) for code in ("A04", f"A01-{asked.health}"))}
    read = {fact.item_id for fact in cases[0].facts}
    assert {code for item_id, code in items.items() if item_id in read} == {"A04"}
    assert {fact.agency for fact in cases[0].facts} - {""} == {fact.agency for fact in cases[1].facts} - {""}
    assert len({fact.agency for fact in cases[0].facts} - {""}) == 1
