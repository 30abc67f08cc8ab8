"""What the domain's page saves by itself while somebody types: one indicator a post, answered in JSON."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from audit_app.accounts.models import KeptPost, Person
from audit_app.core.db import db, transaction
from audit_app.history.models import HistoryEvent
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import Answer, AnswerKind, Known, Tag, read_seen
from tests.factories.returns import Asked, a_round_with_agencies, fill_in, level_id, ratings_of, say, submit
from tests.fixtures import Clock, CountQueries, Prepared
from tests.pages import TOKEN, Page, PageClient


@pytest.fixture
def known(asked: Asked, prepared: Prepared) -> Asked:
    """The first case, known to health; nobody has answered an indicator yet."""

    def build() -> None:
        say(asked.returns[asked.health][0], Known.KNOWN, asked.actor(asked.health_auditor))

    prepared("a return in progress", build)
    return asked


@pytest.fixture
def auditor(client: PageClient, known: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, known.health_auditor))


@pytest.fixture
def ids(known: Asked, auditor: PageClient) -> Sequence[int]:
    """The indicators A01, A04, B01 and H02."""
    return [row.indicator_id for row in ratings_of(known.returns[known.health][0])]


def rating(known: Asked, index: int = 0) -> Rating:
    return ratings_of(known.returns[known.health][0])[index]


def save(browser: PageClient, known: Asked, indicator: int, seen: str, *, status: int = 200, **typed: Any) -> Page:
    """Post what the page's script posts: the token in a header, the fields of one indicator."""
    fields = {f"{name}-{indicator}": value for name, value in typed.items()} | {f"seen-{indicator}": seen}
    address = f"{known.at(known.health)}/rating/{indicator}"
    return browser.post(address, {**fields, TOKEN: ""}, status=status, headers={"X-CSRFToken": browser.token()})


def test_one_answer_is_saved_and_the_next_save_goes_on_from_it(
    clock: Clock, known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    first = save(auditor, known, ids[0], "1.", evidence="Seen on 3 March,").json
    assert (first["state"], first["at"], first["lacks"]) == ("saved", "10:00", "")
    assert (rating(known).answer, rating(known).evidence) == (None, "Seen on 3 March,"), "without a level as yet"
    level = str(level_id(known.round_id))
    more: dict[str, Any] = {"answer": level, "evidence": "Seen on 3 March, twice.", "where": "Notes", "tag": "strength"}
    second = save(auditor, known, ids[0], first["seen"], **more).json
    kept = rating(known)
    assert (kept.answer, kept.evidence, kept.tag, kept.version) == (
        AnswerKind.LEVEL,
        "Seen on 3 March, twice.",
        Tag.STRENGTH,
        3,
    )
    assert save(auditor, known, ids[0], second["seen"], **more | {"evidence": ""}).json["lacks"] == (
        "Needs the evidence for its level"
    )
    assert rating(known, 1).version == 1, "nothing else was touched"


def test_the_same_post_twice_is_one_save_and_no_clash(known: Asked, auditor: PageClient, ids: Sequence[int]) -> None:
    answers = [save(auditor, known, ids[0], "1.", answer="no_evidence").json for _ in range(2)]
    assert answers[0]["seen"] == answers[1]["seen"]
    assert read_seen(answers[0]["seen"], Answer(AnswerKind.NO_EVIDENCE)) == (2, False)
    assert save(auditor, known, ids[0], answers[0]["seen"], answer="no_evidence").json["lacks"] is None
    assert rating(known).version == 2


def test_what_somebody_else_saved_first_comes_back_beside_ones_own(
    known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    save(auditor, known, ids[0], "1.", answer="not_applicable", reason="<Theirs>", tag="concern")
    clash = save(auditor, known, ids[0], "1.", answer="no_evidence", evidence="Mine.", status=409).json
    assert (clash["state"], rating(known).reason) == ("clash", "<Theirs>")
    assert clash["theirs"] == {
        "answer": "not_applicable",
        "reason": "<Theirs>",
        "evidence": "",
        "where": "",
        "tag": "concern",
    }
    assert "Saved by" in clash["html"]
    assert "Mine." in clash["html"]
    assert "<Theirs>" not in clash["html"]
    mine: dict[str, Any] = {"answer": "no_evidence", "evidence": "Mine.", "clash": "1"}
    asks = save(auditor, known, ids[0], clash["seen"], status=409, **mine).json
    assert asks == {"state": "refused", "why": "Choose which answer should stand."}
    assert save(auditor, known, ids[0], clash["seen"], **mine, stand="mine").json["state"] == "saved"
    assert rating(known).evidence == "Mine."


def test_a_text_that_is_too_long_and_a_choice_that_is_not_offered_are_refused(
    known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    refused = save(auditor, known, ids[0], "1.", evidence="好" * 100_000, status=409).json
    assert refused["why"] == "Each text must be 10,000 characters or fewer. One has 100,000."
    for choice in ("abstain", "999999", "in_words"):
        assert save(auditor, known, ids[0], "1.", answer=choice, evidence="x", status=409).json["state"] == "refused"
    save(auditor, known, ids[0], "1.", answer="no_evidence", tag="good")
    assert rating(known).tag is None


def test_a_return_that_was_submitted_is_locked_on_this_door_too(
    known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    actor = known.actor(known.health_auditor)
    fill_in(known.returns[known.health][0], actor)
    submit(known.returns[known.health][0], actor)
    refused = save(auditor, known, ids[0], "2.", answer="no_evidence", status=409).json
    assert "was submitted" in refused["why"]
    assert rating(known).answer == AnswerKind.LEVEL


def test_nobody_saves_for_another_agency_partnership_or_a_question_that_is_not_asked(
    known: Asked, auditor: PageClient, ids: Sequence[int], client: PageClient
) -> None:
    police = client.as_(db.session.get_one(Person, known.police_auditor))
    save(police, known, ids[0], "1.", answer="no_evidence", status=404)
    save(auditor, known, 999_999, "1.", answer="no_evidence", status=404)
    other = a_round_with_agencies()
    say(other.returns[other.health][0], Known.KNOWN, other.actor(other.health_auditor))
    theirs = ratings_of(other.returns[other.health][0])[0].indicator_id
    save(auditor, known, theirs, "1.", answer="no_evidence", status=404)
    save(auditor, other, theirs, "1.", answer="no_evidence", status=404)
    assert rating(known).answer is None


def test_saving_by_itself_keeps_no_session_open_and_nothing_for_after_it(
    clock: Clock, known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    clock.forward(minutes=50)
    assert save(auditor, known, ids[0], "1.", evidence="One.").headers.get("Set-Cookie") is None
    clock.forward(minutes=11)
    save(auditor, known, ids[0], "2.", evidence="Two.", status=401)
    save(auditor, known, ids[0], "2.", evidence="Two.", status=401)
    nobody = PageClient(auditor.app)
    save(nobody, known, ids[0], "2.", evidence="Two.", status=401)
    ours = {"X-CSRFToken": "of a session that is over", "Origin": "http://localhost"}
    address = f"{known.at(known.health)}/rating/{ids[0]}"
    nobody.post(address, {TOKEN: "", f"evidence-{ids[0]}": "Two."}, status=401, headers=ours)
    again = nobody.as_(db.session.get_one(Person, known.health_auditor))
    again.post(address, {TOKEN: "", f"evidence-{ids[0]}": "Two."}, status=400, headers=ours)
    assert db.session.scalar(select(KeptPost.id)) is None
    assert rating(known).evidence == "One."


def test_an_automatic_save_is_a_handful_of_statements_and_one_line_of_history_an_hour(
    known: Asked, auditor: PageClient, ids: Sequence[int], count_queries: CountQueries
) -> None:
    save(auditor, known, ids[0], "1.", answer="no_evidence")
    with count_queries() as queried:
        save(auditor, known, ids[1], "1.", answer=str(level_id(known.round_id)), evidence="Seen.")
    assert queried.count <= 9, queried
    events = db.session.scalars(select(HistoryEvent.event).where(HistoryEvent.event == "ratings_saved")).all()
    assert len(events) == 1


# --- the page around it


def test_the_page_asks_for_a_judgement_beside_an_example_and_says_its_keys(
    known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    page = auditor.get(f"{known.at(known.health)}/domain/1")
    for words in (
        "What is your judgement, and why?",
        "A judgement might read Seen on 3 March and noted the same day.",
        "The document and its date",
        "Does it show a strength or a concern?",
        "Use the keyboard",
        "2 Good",
        "F No evidence on file",
    ):
        assert words in page.main
    auditor.send(page, {f"tag-{ids[0]}": "concern", f"answer-{ids[0]}": "no_evidence"}, button="Save and continue")
    assert rating(known).tag is Tag.CONCERN
    shown = auditor.get(f"{known.at(known.health)}/domain/1").form().values
    assert (shown[f"tag-{ids[0]}"], shown[f"tag-{ids[1]}"]) == (["concern"], ["neither"])


def test_the_next_unanswered_is_found_over_all_domains_without_a_script(
    known: Asked, auditor: PageClient, ids: Sequence[int]
) -> None:
    def onwards(position: int, answered: int) -> str:
        page = auditor.get(f"{known.at(known.health)}/domain/{position}")
        after = auditor.send(page, {f"answer-{answered}": "no_evidence"}, button="Next unanswered", status=302)
        return str(after.headers["Location"]).removeprefix(known.at(known.health))

    assert onwards(1, ids[1]) == f"/domain/2#rating-{ids[2]}"
    assert onwards(2, ids[2]) == f"/domain/1#rating-{ids[0]}", "from the last domain to what was passed over"
    assert onwards(1, ids[0]) == f"/domain/2#rating-{ids[3]}"
    assert onwards(2, ids[3]) == ""
    page = auditor.get(known.at(known.health))
    assert page.notices == ["Your answers are saved."]
    assert "Every indicator is answered." in page.main


def test_a_tag_is_read_with_its_answer(known: Asked, auditor: PageClient, client: PageClient) -> None:
    own, actor = known.returns[known.health][0], known.actor(known.health_auditor)
    fill_in(own, actor)
    with transaction():
        db.session.execute(update(Rating).where(Rating.id == rating(known).id).values(tag=Tag.STRENGTH))
    submit(own, actor)
    coordinator = client.as_(db.session.get_one(Person, known.coordinator))
    assert "Good Strength" in coordinator.get(known.at(known.health)).main.replace("G Good", "Good")


# --- what is said over the whole return


def save_words(browser: PageClient, known: Asked, version: int, *, status: int = 200, **typed: Any) -> Any:
    fields = {"overall_reason": "", "worked_well": "", **typed, "version": str(version), TOKEN: ""}
    headers = {"X-CSRFToken": browser.token()}
    return browser.post(f"{known.at(known.health)}/words/typed", fields, status=status, headers=headers).json


def test_words_over_all_save_themselves_by_the_service_of_their_button(
    clock: Clock, known: Asked, auditor: PageClient
) -> None:
    level = str(level_id(known.round_id))
    for _ in range(2):
        saved = save_words(auditor, known, 1, overall_level=level, overall_reason="She was heard.")
        assert saved == {"state": "saved", "version": 2, "at": "10:00"}, "the same twice is one save and no clash"
    stale = save_words(auditor, known, 1, status=409, overall_reason="Mine.")
    assert (stale["state"], "She was heard" in str(stale)) == ("stale", False), "the page alone shows both"
    long = save_words(auditor, known, 2, status=409, worked_well="x" * 10_001)
    assert long == {"state": "refused", "why": "What worked well must be 10,000 characters or fewer."}
    assert save_words(auditor, known, 2, status=409, overall_level="999999")["state"] == "refused"
    clock.forward(minutes=61)
    save_words(auditor, known, 2, status=401, overall_reason="Later.")
    assert db.session.scalar(select(KeptPost.id)) is None
    own = db.session.get_one(AgencyReturn, known.returns[known.health][0], populate_existing=True)
    assert (own.overall_reason, own.version) == ("She was heard.", 2)


def test_words_over_all_are_locked_on_this_door_too_and_nobody_elses(
    known: Asked, auditor: PageClient, client: PageClient
) -> None:
    police = client.as_(db.session.get_one(Person, known.police_auditor))
    save_words(police, known, 1, status=404, overall_reason="x")
    other = a_round_with_agencies()
    save_words(auditor, other, 1, status=404, overall_reason="x")
    actor = known.actor(known.health_auditor)
    fill_in(known.returns[known.health][0], actor)
    submit(known.returns[known.health][0], actor)
    refused = save_words(auditor, known, 9, status=409, overall_reason="x")
    assert (refused["state"], "was submitted" in refused["why"]) == ("refused", True)


def test_pages_that_are_typed_into_say_what_the_browser_may_keep(known: Asked, auditor: PageClient) -> None:
    at = known.at(known.health)

    def of_form(path: str) -> dict[str, str]:
        forms = [
            form
            for form in auditor.get(
                f"{at}/{path}" if path != "concern" else at.split("/return/")[0] + "/concern"
            ).tree.iter("form")
            if form.get("data-keeps") is not None
        ]
        return {name: value for name, value in forms[0].items() if name.startswith("data-")} if forms else {}

    kept = {"data-keeps", "data-keep-at", "data-sign-in"}
    assert of_form("words").keys() == {*kept, "data-saves"}
    for page in ("discussion", "chronology/paste"):
        assert of_form(page).keys() == kept
    assert of_form("chronology/add")["data-anew"] == "sure"
    assert of_form("voices/add")["data-not-in-browser"] == "words"
    assert of_form("file")["data-not-in-browser"] == "file_number"
    assert of_form("file")["data-anew"] == "is_right"
    assert of_form("concern")["data-not-in-browser"] == "*"
    words = auditor.get(f"{at}/words")
    stale = auditor.send(words, {"version": "0", "worked_well": "x" * 10_001}, status=200)
    assert 'data-unsaved="refused"' in stale.html
    save_words(auditor, known, 1, overall_reason="Theirs.")
    assert 'data-unsaved="clash"' in auditor.send(words, {"overall_reason": "Mine."}, status=200).html
