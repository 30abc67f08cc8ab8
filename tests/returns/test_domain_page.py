"""The page on which a domain is rated: the page the product is used on most."""

from collections.abc import Sequence

import pytest
from flask import Flask

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.returns.rules import AnswerKind, Known
from tests.factories.returns import Asked, level_id, ratings_of, say
from tests.fixtures import CountQueries
from tests.pages import Page, PageClient


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))
    return client.as_(db.session.get_one(Person, asked.health_auditor))


@pytest.fixture
def colleague(client: PageClient, asked: Asked, auditor: PageClient) -> PageClient:
    """The same auditor in a second browser."""
    return client.as_(db.session.get_one(Person, asked.health_auditor))


@pytest.fixture
def ids(asked: Asked, auditor: PageClient) -> Sequence[int]:
    """The indicators A01, A04, B01 and H02."""
    return [row.indicator_id for row in ratings_of(asked.returns[asked.health][0])]


def domain(browser: PageClient, asked: Asked, position: int = 1) -> Page:
    return browser.get(f"{asked.at(asked.health)}/domain/{position}")


def kept(asked: Asked, index: int = 0) -> tuple[str | None, str]:
    row = ratings_of(asked.returns[asked.health][0])[index]
    return row.answer, row.evidence


def test_each_indicator_shows_all_its_words(app: Flask, asked: Asked, auditor: PageClient) -> None:
    page = domain(auditor, asked)
    assert page.h1 == "Recognition"
    for words in (
        "Signs were seen: how well was it done?",
        "Signs were seen matters to the child.",
        "Dated notes.",
        "Seen on 3 March and noted the same day.",
        "Signs were seen was requires improvement.",
        "What you rate: Your own agency's work.",
    ):
        assert words in page.main
    assert page.links["Raise an immediate concern"]


def test_answers_are_saved_together_and_the_next_domain_follows(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    changes = {
        f"answer-{ids[0]}": str(level_id(asked.round_id)),
        f"evidence-{ids[0]}": "Seen on 3 March.",
        f"where-{ids[0]}": "Chronology, page 4",
        f"answer-{ids[1]}": "not_applicable",
        f"reason-{ids[1]}": "The child moved in last week.",
    }
    page = auditor.send(domain(auditor, asked), changes)
    assert (page.h1, page.notices) == ("The child", ["Your answers are saved."])
    page = auditor.send(page, {f"answer-{ids[2]}": "no_evidence"})
    assert page.h1 == f"Return on {asked.cases[0]}"
    assert "3 of 4 indicators are answered." in page.main
    page = domain(auditor, asked)
    assert page.form().values[f"where-{ids[0]}"] == ["Chronology, page 4"]
    assert page.form().values[f"reason-{ids[1]}"] == ["The child moved in last week."]


def test_going_back_to_the_domain_before_saves_what_was_typed(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    page = domain(auditor, asked, 2)
    assert not [href for words, href in page.links.items() if href.endswith("/domain/1")]
    changes = {f"answer-{ids[2]}": "no_evidence"}
    assert auditor.send(page, changes, button="Save and go back to Recognition").h1 == "Recognition"
    assert kept(asked, 2)[0] == AnswerKind.NO_EVIDENCE


def test_a_level_without_evidence_is_saved_and_says_what_it_needs(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    auditor.send(domain(auditor, asked), {f"answer-{ids[0]}": str(level_id(asked.round_id))})
    assert "Needs the evidence for its level" in domain(auditor, asked).main


def test_what_was_only_looked_at_clashes_with_nothing(
    app: Flask, asked: Asked, auditor: PageClient, colleague: PageClient, ids: Sequence[int]
) -> None:
    page = domain(auditor, asked)
    colleague.send(domain(colleague, asked), {f"answer-{ids[0]}": "no_evidence", f"evidence-{ids[0]}": "Nothing."})
    after = auditor.send(page, {f"answer-{ids[1]}": "no_evidence"})
    assert after.h1 == "The child"
    assert kept(asked, 0) == (AnswerKind.NO_EVIDENCE, "Nothing.")
    assert kept(asked, 1) == (AnswerKind.NO_EVIDENCE, "")


@pytest.fixture
def clash(asked: Asked, auditor: PageClient, colleague: PageClient, ids: Sequence[int]) -> Page:
    """What an auditor sees whose answer on A01 a colleague overtook, while A04 was theirs alone."""
    page = domain(auditor, asked)
    colleague.send(domain(colleague, asked), {f"answer-{ids[0]}": "no_evidence", f"evidence-{ids[0]}": "Theirs."})
    mine = {
        f"answer-{ids[0]}": str(level_id(asked.round_id)),
        f"evidence-{ids[0]}": "Mine.",
        f"answer-{ids[1]}": "no_evidence",
    }
    return auditor.send(page, mine, status=200)


def test_a_stale_answer_is_shown_beside_the_one_that_is_kept(app: Flask, asked: Asked, clash: Page) -> None:
    assert clash.errors == ["A01: This was answered elsewhere while you were working. Choose which should stand."]
    assert clash.title.startswith("Error: Recognition")
    assert "Everything else on this page is saved." in clash.main
    assert "Theirs." in clash.main
    assert "Mine." in clash.main
    assert kept(asked, 0) == (AnswerKind.NO_EVIDENCE, "Theirs.")
    assert kept(asked, 1) == (AnswerKind.NO_EVIDENCE, "")


def test_my_answer_stands_if_i_say_so(
    app: Flask, asked: Asked, auditor: PageClient, clash: Page, ids: Sequence[int]
) -> None:
    page = auditor.send(clash, {f"stand-{ids[0]}": "mine", f"evidence-{ids[0]}": "Mine, better."})
    assert page.h1 == "The child"
    assert kept(asked, 0) == (AnswerKind.LEVEL, "Mine, better.")


def test_their_answer_stands_if_i_say_so(
    app: Flask, asked: Asked, auditor: PageClient, clash: Page, ids: Sequence[int]
) -> None:
    assert auditor.send(clash, {f"stand-{ids[0]}": "theirs"}).h1 == "The child"
    assert kept(asked, 0) == (AnswerKind.NO_EVIDENCE, "Theirs.")


def test_without_a_choice_both_answers_are_shown_again(
    app: Flask, asked: Asked, auditor: PageClient, clash: Page, ids: Sequence[int]
) -> None:
    again = auditor.send(clash, {f"evidence-{ids[0]}": "Mine, longer."}, status=200)
    assert again.errors == ["A01: Choose which answer should stand."]
    assert "Theirs." in again.main
    assert again.form().values[f"evidence-{ids[0]}"] == ["Mine, longer."]
    auditor.send(again, {f"stand-{ids[0]}": "mine"})
    assert kept(asked, 0) == (AnswerKind.LEVEL, "Mine, longer.")


def test_a_third_save_in_between_asks_once_more(
    app: Flask, asked: Asked, auditor: PageClient, colleague: PageClient, clash: Page, ids: Sequence[int]
) -> None:
    colleague.send(domain(colleague, asked), {f"evidence-{ids[0]}": "Theirs, changed."})
    again = auditor.send(clash, {f"stand-{ids[0]}": "mine"}, status=200)
    assert "Theirs, changed." in again.main
    assert again.form().values[f"evidence-{ids[0]}"] == ["Mine."]


def test_a_text_that_is_too_long_is_kept_on_the_page_and_the_rest_is_saved(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    long = "é" * 10_001
    changes = {
        f"answer-{ids[0]}": "no_evidence",
        f"evidence-{ids[0]}": long,
        f"answer-{ids[1]}": "no_evidence",
    }
    page = auditor.send(domain(auditor, asked), changes, status=200)
    assert page.errors == ["A01: Each text must be 10,000 characters or fewer. One has 10,001."]
    assert page.form().values[f"evidence-{ids[0]}"] == [long]
    assert [kept(asked, 0), kept(asked, 1)] == [(None, ""), (AnswerKind.NO_EVIDENCE, "")]


def test_long_evidence_passes_the_limits_that_forms_have_elsewhere(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    """500,000 bytes is the limit elsewhere; a browser sends nine bytes for such a letter."""
    texts = {f"{name}-{indicator}": "好" * 10_000 for name in ("evidence", "where", "reason") for indicator in ids[:2]}
    page = auditor.send(domain(auditor, asked), {**texts, f"answer-{ids[0]}": "no_evidence"})
    assert page.h1 == "The child"
    assert kept(asked) == (AnswerKind.NO_EVIDENCE, "好" * 10_000)


def test_an_answer_that_is_not_offered_is_refused(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    page = auditor.send(domain(auditor, asked), {f"answer-{ids[0]}": "abstain"}, status=200)
    assert page.errors == ["A01: Choose one of the answers shown."]
    page = auditor.send(domain(auditor, asked), {f"answer-{ids[0]}": "999999"}, status=200)
    assert page.errors == ["Choose one of the levels shown."]
    assert "Save and continue" in page.main


def test_a_domain_that_is_not_asked_is_not_here(app: Flask, asked: Asked, auditor: PageClient) -> None:
    assert auditor.get(f"{asked.at(asked.health)}/domain/9", status=404).h1 == "Page not found"
    refused = auditor.post(
        f"{asked.at(asked.health)}/domain/1", {"seen-999999": "1.x", "answer-999999": "no_evidence"}, status=404
    )
    assert refused.h1 == "Page not found"


def test_before_the_first_question_is_answered_there_is_nothing_to_rate(
    app: Flask, asked: Asked, client: PageClient
) -> None:
    browser = client.as_(db.session.get_one(Person, asked.health_auditor))
    page = browser.get(f"{asked.at(asked.health)}/domain/1", status=302)
    assert page.headers["Location"] == asked.at(asked.health)


def test_what_a_page_and_a_save_ask_the_database(
    app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int], count_queries: CountQueries
) -> None:
    with count_queries() as reading:
        page = domain(auditor, asked)
    assert reading.count <= 7, reading
    with count_queries() as writing:
        auditor.post(page.path, page.form().values | {f"answer-{ids[0]}": "no_evidence"}, status=302)
    assert writing.count <= 9, writing


@pytest.mark.parametrize("number", ["9" * 10, "9" * 30, "9" * 5_000])
def test_numbers_that_no_page_sends_are_refused_and_save_nothing(
    number: str, app: Flask, asked: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    address = f"{asked.at(asked.health)}/domain/1"
    page = auditor.post(address, {f"seen-{ids[0]}": f"{number}.x", f"answer-{ids[0]}": number}, status=200)
    assert "Choose one of the answers shown." in page.text
    auditor.post(address, {f"seen-{number}": "1.x", f"answer-{number}": "no_evidence"})
    auditor.post(address, {"next": number}, status=302)
    assert kept(asked) == (None, "")
