"""The pages of a practice case."""

import pytest
from flask import Flask

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, an_agency
from tests.factories.calibration import Practising, a_practice_case, close, practising, score
from tests.factories.findings import indicator_id
from tests.factories.returns import level_id
from tests.pages import PageClient


@pytest.fixture
def here(app: Flask) -> Practising:
    return practising()


def answer(here: Practising, code: str) -> str:
    return f"answer-{indicator_id(here.audit.id, code)}"


def test_a_coordinator_sets_it_from_the_rounds_own_pages(here: Practising, client: PageClient) -> None:
    cora = client.as_(here.coordinator)
    page = cora.get(here.at)
    assert "No practice case" in page.main
    form = cora.get(page.links["Set a practice case"])
    assert "they hear of this round before you send them its cases" in form.main
    again = cora.send(form, {"title": "", "story": ""}, status=200)
    assert again.errors == [
        "Give the practice case a title.",
        "Write the story of the practice case.",
        "Enter the day.",
    ]
    shown = cora.send(
        again,
        {"title": "Robin", "story": "Robin is four.", "due_on": ["20", "3", "2026"]},
    )
    assert "Those who score it find it on their home page" in shown.notices[0]
    assert shown.tables[0][1:] == [["Health", "0"], ["Police", "0"]]
    cora.get(f"{here.at}/new", status=409)


def test_an_auditor_finds_it_on_their_home_page_and_scores_it(here: Practising, client: PageClient) -> None:
    a_practice_case(here)
    nurse = client.as_(here.nurse)
    home = nurse.get(f"/p/{here.partnership.slug}/")
    step = f"Score the practice case of {here.audit.reference}, by 20 March 2026"
    page = nurse.get(home.links[step])
    assert "Robin is four" in page.main
    assert "Nobody asked Robin." in page.main
    good = str(level_id(here.audit.id, "good"))
    shown = nurse.send(page, {answer(here, "A01"): good, answer(here, "A04"): "no_evidence"})
    assert shown.notices[0].startswith("Saved: 2 of 4 questions.")
    assert "You answered 2 of 4 questions." in shown.main
    assert step not in nurse.get(f"/p/{here.partnership.slug}/").links
    kept = nurse.get(f"{here.at}/score").form(button="Save my answers").values
    assert [kept[answer(here, "A01")], kept[answer(here, "A04")]] == [[good], ["no_evidence"]]


def test_words_without_an_answer_come_back_with_what_was_typed(here: Practising, client: PageClient) -> None:
    a_practice_case(here)
    nurse = client.as_(here.nurse)
    reason = f"reason-{indicator_id(here.audit.id, 'A01')}"
    page = nurse.send(nurse.get(f"{here.at}/score"), {reason: "Because."}, status=200)
    assert page.errors == ["A01 Signs were seen: Choose an answer for these words."]
    assert page.form(button="Save my answers").values[reason] == ["Because."]
    assert nurse.send(page, {reason: ""}, status=200).errors == ["Nothing is answered yet."]


def test_what_one_answered_is_seen_by_nobody_else_while_it_is_open(here: Practising, client: PageClient) -> None:
    practice = a_practice_case(here)
    readers = [client.as_(one) for one in (here.coordinator, here.officer)]
    readers.append(client.as_(a_member(here.partnership, Role.SCRUTINEER)))
    score(here, practice, here.nurse, "Mould again.", A01="good", A04="inadequate")
    before = [reader.get(here.at).main for reader in readers]
    score(here, practice, here.nurse, "Nothing to see.", A01="outstanding", A04="outstanding")
    assert [reader.get(here.at).main for reader in readers] == before


def test_once_closed_the_questions_to_talk_about_come_first(here: Practising, client: PageClient) -> None:
    practice = a_practice_case(here)
    score(here, practice, here.nurse, "Mould again.", A01="good", A04="outstanding", B01="not_applicable")
    score(here, practice, here.officer, A01="good", A04="inadequate", B01="good")
    cora = client.as_(here.coordinator)
    page = cora.get(cora.get(here.at).links["Close it and see the answers"])
    assert page.tables[0][1:] == [["Health", "1"], ["Police", "1"]]
    shown = cora.send(page)
    assert "2 people scored it, each alone" in shown.main
    titles = [shown.main.index(title) for title in ("A04 Harm was weighed", "A01 Signs were seen", "B01 The child")]
    assert titles == sorted(titles)
    assert shown.main.count("Talk about this first") == 1
    assert "Mould again." in shown.main
    assert "Nora" not in shown.main
    for person in (here.nurse, a_member(here.partnership, Role.SCRUTINEER)):
        main = client.as_(person).get(here.at).main
        assert "A04 Harm was weighed" in main
        assert "Mould again." not in main
    assert "You said: Outstanding." in client.as_(here.nurse).get(here.at).main
    client.as_(here.nurse).get(f"{here.at}/score", status=409)
    cora.get(f"{here.at}/close", status=409)


def test_one_that_nobody_scored_says_so_once_closed(here: Practising, client: PageClient) -> None:
    close(here, a_practice_case(here))
    assert "Nobody scored it" in client.as_(here.coordinator).get(here.at).main


def test_the_coordinator_changes_it_until_somebody_scored_it(here: Practising, client: PageClient) -> None:
    practice = a_practice_case(here)
    cora = client.as_(here.coordinator)
    page = cora.get(cora.get(here.at).links["Change the practice case"])
    assert "is changed" in cora.send(page, {"title": "Sam"}).notices[0]
    late = cora.send(page, {"title": "Kim"}, status=200)
    assert late.errors
    assert "Someone else saved this" in late.errors[0]
    score(here, practice, here.nurse, A01="good")
    refused = cora.send(cora.get(f"{here.at}/change"), {"title": "Kim"}, status=200)
    assert "words stay as they are" in refused.errors[0]


# --- who gets in


def test_auditors_of_agencies_that_take_no_part_find_nothing(here: Practising, client: PageClient) -> None:
    a_practice_case(here)
    other = a_member(here.partnership, Role.AUDITOR, agency=an_agency(here.partnership, name="Housing"))
    for page in ("", "/score"):
        assert client.as_(other).get(here.at + page, status=404).status == 404


def test_before_there_is_one_an_auditor_does_not_learn_of_the_round(here: Practising, client: PageClient) -> None:
    assert client.as_(here.nurse).get(here.at, status=404).status == 404


def test_an_auditor_of_a_round_that_has_not_begun_is_offered_none_of_its_other_pages(
    here: Practising, client: PageClient
) -> None:
    a_practice_case(here)
    nurse = client.as_(here.nurse)
    assert "Overview" not in nurse.get(here.at).links
    with transaction():
        db.session.get_one(Round, here.audit.id).state = RoundState.RETURNS
    assert "Overview" in nurse.get(here.at).links


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.PANEL_CHAIR, Role.PANEL_MEMBER, Role.KEY_HOLDER])
def test_nobody_else_opens_its_pages(here: Practising, client: PageClient, role: Role) -> None:
    a_practice_case(here)
    person: Person = a_member(here.partnership, role)
    for page in ("", "/new", "/change", "/score", "/close"):
        assert client.as_(person).get(here.at + page, status=403).status == 403
