"""What an agency says over the whole return, what a return needs, and the declaration it is submitted with."""

from dataclasses import asdict, replace

import pytest
from flask import Flask

from audit_app.accounts.models import Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.returns import queries, rules, services
from audit_app.returns.rules import (
    DECLARATION,
    OVERALL_WORDS,
    Known,
    Overall,
    ReturnState,
    overall_needs,
    tidied_overall,
    why_not_overall,
)
from tests.factories.accounts import a_partnership
from tests.factories.returns import (
    Asked,
    a_round_with_agencies,
    fill_in,
    level_id,
    say,
    say_overall,
    submit,
    the_return,
)
from tests.fixtures import Together
from tests.pages import PageClient

WORDS = {
    "overall_reason": "She was heard, and the plan changed.",
    "worked_well": "The nurse rang the school.",
    "to_improve": "Ask the father.",
    "learning": "Fathers are parents.",
    "proposed_actions": "The team manager asks in each supervision.",
}


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, in progress."""
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return asked.returns[asked.health][0]


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


# --- the rules


@pytest.mark.parametrize(
    ("overall", "has_levels", "titles"),
    [
        (Overall(), True, [rules.LEVEL_ASKED, rules.REASON_ASKED]),
        (Overall(1), True, [rules.REASON_ASKED]),
        (Overall(None, "Why."), True, [rules.LEVEL_ASKED]),
        (Overall(1, "Why."), True, []),
        (Overall(), False, [rules.JUDGEMENT_ASKED]),
        (Overall(None, "In words."), False, []),
    ],
)
def test_a_level_with_its_reason_is_needed_and_words_alone_where_there_are_no_levels(
    overall: Overall, has_levels: bool, titles: list[str]
) -> None:
    needs = overall_needs(overall, has_levels=has_levels)
    assert [need.title for need in needs] == titles
    assert {need.page for need in needs} <= {"save_words"}


def test_words_over_all_are_tidied_and_each_has_its_limit() -> None:
    assert tidied_overall(Overall(1, " a\r\nb\0 ")) == Overall(1, "a\nb")
    assert why_not_overall(Overall(1, "x" * 10_000)) is None
    for name in OVERALL_WORDS.keys() - {"overall_level_id"}:
        assert "It has 10,001" in str(why_not_overall(Overall(**{**asdict(Overall()), name: "x" * 10_001})))


# --- saving


def save(asked: Asked, own: int, overall: Overall, version: int = 1, by: int = 0) -> None:
    actor = asked.actor(by or asked.health_auditor)
    with transaction():
        services.save_words(own, **asdict(overall), version=version, by=actor)


def test_all_words_are_saved_with_one_version_and_a_stale_save_shows_all_that_is_kept(
    app: Flask, asked: Asked, own: int
) -> None:
    said = Overall(level_id(asked.round_id), **WORDS)
    save(asked, own, said)
    assert (queries.overall_of(the_return(own)), the_return(own).version) == (said, 2)
    save(asked, own, said, version=1)
    assert the_return(own).version == 2, "the same again is no clash"
    with pytest.raises(Stale) as stale:
        save(asked, own, replace(said, learning="Mine."))
    assert stale.value.theirs == {"overall_level_id": str(said.overall_level_id), **WORDS}
    assert stale.value.version == 2


def test_words_are_refused_with_another_rounds_level_too_long_or_by_another_agency(
    app: Flask, asked: Asked, own: int
) -> None:
    other = a_round_with_agencies(a_partnership())
    with pytest.raises(Refused, match="one of the levels shown") as refused:
        save(asked, own, Overall(level_id(other.round_id), "Why."))
    assert refused.value.field == "overall_level"
    with pytest.raises(Refused, match="10,000 characters or fewer"):
        save(asked, own, Overall(learning="x" * 10_001))
    with pytest.raises(NotHere):
        save(asked, own, Overall(), by=asked.police_auditor)
    with pytest.raises(NotHere):
        save(asked, other.returns[other.health][0], Overall())


def test_a_return_is_not_submitted_without_its_overall_level_or_the_declaration(
    app: Flask, asked: Asked, own: int
) -> None:
    by = asked.actor(asked.health_auditor)
    fill_in(own, by)
    say_overall(own, by, overall_level_id=None)
    with pytest.raises(Refused, match="Something is still missing"):
        submit(own, by)
    say_overall(own, by)
    with pytest.raises(Refused, match="Tick the declaration") as refused, transaction():
        services.submit_return(own, is_declared=False, by=by, at=clock.now())
    assert (refused.value.field, the_return(own).declaration) == ("is_declared", "")
    submit(own, by)
    kept = the_return(own)
    assert (kept.state, kept.declaration, kept.submitted_by_id) == (
        ReturnState.SUBMITTED,
        DECLARATION,
        asked.health_auditor,
    )


def test_submitting_and_saving_words_at_once_keeps_what_was_acknowledged(
    app: Flask, asked: Asked, own: int, together: Together
) -> None:
    by = asked.actor(asked.health_auditor)
    fill_in(own, by)
    found = the_return(own)
    said = Overall(found.overall_level_id, "Written late.")
    saved, submitted = together(lambda: save(asked, own, said, found.version), lambda: submit(own, by))
    assert submitted is None
    is_late = isinstance(saved, Refused)
    assert saved is None or is_late
    assert the_return(own).overall_reason == (found.overall_reason if is_late else "Written late.")


# --- the pages


def test_the_page_asks_saves_and_shows_both_texts_of_each_field_when_two_write(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    page = auditor.get(f"{asked.at(asked.health)}/words")
    good, poor = (str(level_id(asked.round_id, code)) for code in ("good", "inadequate"))
    auditor.send(page, {"overall_level": good, **WORDS})
    assert queries.overall_of(the_return(own)) == Overall(int(good), **WORDS)
    mine = {name: f"Mine: {name}" for name in WORDS}
    again = auditor.send(page, {"overall_level": poor, **mine}, status=200)
    assert [text for text in WORDS.values() if text not in again.main] == []
    assert "Good" in again.main.split("Below is what you typed")[0]
    assert {name: again.form().values[name] for name in mine} == {name: [text] for name, text in mine.items()}
    assert again.form().values["overall_level"] == [poor]
    auditor.send(again)
    assert queries.overall_of(the_return(own)) == Overall(int(poor), **mine)
    bad = auditor.send(auditor.get(page.path), {"overall_level": "999999", "learning": "x" * 10_001}, status=200)
    assert len(bad.errors) == 2
    assert bad.form().values["learning"] == ["x" * 10_001]


def test_the_task_list_and_the_next_step_lead_to_it_until_it_is_said(
    app: Flask, asked: Asked, auditor: PageClient, own: int
) -> None:
    by = asked.actor(asked.health_auditor)
    fill_in(own, by)
    say_overall(own, by, overall_reason="")
    page = auditor.get(asked.at(asked.health))
    assert page.links["Say it over the whole return"] == f"{asked.at(asked.health)}/words"
    assert rules.REASON_ASKED in auditor.get(f"{asked.at(asked.health)}/submit").links
    say_overall(own, by)
    page = auditor.get(auditor.get(asked.at(asked.health)).links["Check and submit"])
    read = auditor.get(page.links["Read what you wrote"])
    assert "Seen on 3 March." in read.main  # evidence, as it is saved
    assert "What your agency is asked" not in read.main
    assert read.links["Go back and submit"] == page.path
    assert DECLARATION in page.main


def test_words_over_all_are_read_where_the_return_is_read_and_nowhere_before(
    app: Flask, client: PageClient, asked: Asked, own: int
) -> None:
    by = asked.actor(asked.health_auditor)
    fill_in(own, by)
    save(asked, own, Overall(level_id(asked.round_id, "inadequate"), **WORDS), the_return(own).version)
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    assert not [text for text in WORDS.values() if text in coordinator.get(asked.at(asked.health)).html]
    submit(own, by)
    page = coordinator.get(asked.at(asked.health))
    assert [text for text in WORDS.values() if text not in page.main] == []
    assert "Inadequate" in page.main
    assert DECLARATION in page.main


@pytest.mark.parametrize("state", [ReturnState.CLOSED, ReturnState.NOT_KNOWN])
def test_words_that_were_never_handed_over_reach_no_panel(
    app: Flask, asked: Asked, own: int, state: ReturnState
) -> None:
    by, coordinator = asked.actor(asked.health_auditor), asked.actor(asked.coordinator)
    fill_in(own, by)
    if state is ReturnState.CLOSED:
        with transaction():
            services.close_return(own, reason="Too late.", by=coordinator)
    else:
        say(own, Known.NOT_KNOWN, by)
    case_id = the_return(own).case_id
    shown = {row.return_id: row for row in queries.returns_of_case(asked.partnership_id, case_id)}
    assert (shown[own].state, shown[own].overall) == (state, Overall())


def test_saving_half_of_it_says_what_is_not_finished(asked: Asked, auditor: PageClient, own: int) -> None:
    address = f"{asked.at(asked.health)}/words"
    page = auditor.send(auditor.get(address), {"worked_well": "Home visits."})
    assert page.notices[0].startswith("What you wrote is saved, but it is not finished: “How good was")
    level = auditor.get(address)
    chosen = next(iter(queries.levels_of_round(asked.partnership_id, asked.round_id))).id
    page = auditor.send(level, {"overall_level": str(chosen), "overall_reason": "She was seen."})
    assert page.notices == ["What you wrote over the whole return is saved."]
    read = auditor.get(asked.at(asked.health), read="yes")
    assert "Home visits." in read.main  # a return that lacks answers can be read too
