"""Workbooks as they leave: what is in them, what is not, and what is written down."""

import tempfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.actions.models import Action, DueDateChange, ProgressUpdate
from audit_app.cases.models import Case, Identity
from audit_app.cases.rules import IdentitySheet
from audit_app.core import clock
from audit_app.core.db import Base, db, transaction
from audit_app.exports import services
from audit_app.findings.models import Finding
from audit_app.history.models import HistoryEvent
from audit_app.panels.models import AgreedRating, OutcomeForAgency
from audit_app.returns.models import AgencyReturn, ChronologyEvent, Rating, Voice
from audit_app.returns.rules import Consent, Contact, ReturnState, VoiceOf, WordsKind, WordsUse
from audit_app.rounds.models import Round, RoundIndicator, RoundKeyLine
from audit_app.rounds.rules import RoundState
from audit_app.sampling.rules import Dimension, SamplingPlan
from audit_app.sampling.services import draw_sample, set_sample_aside
from tests.exports.conftest import LIVE, Rows, Taken
from tests.factories.accounts import a_member, a_partnership, as_actor, in_own_words
from tests.factories.rounds import a_round, an_open_round
from tests.factories.sampling import FRAME, a_draw, a_population, a_sample, somebody
from tests.fixtures import CountQueries
from tests.pages import PageClient

Read = Callable[[bytes, str], Rows]
SHEETS = [
    "Cover", "Contents", "Notes", "The audit", "Scale", "Questions", "Sample profile", "Cases", "Agency returns",
    "About the children", "Chronology", "Voices", "Reflective practice", "Feedback", "Panels", "Panel feedback",
    "Agreed ratings", "Ratings in the room", "Corrections", "Agency ratings", "Findings",
    "Action plan", "Progress updates", "Case actions", "Who did what",
]  # fmt: skip


def workbook(client: PageClient, taken: Taken, person_id: int | None = None) -> bytes:
    return client.as_(taken.person(person_id or taken.coordinator)).post(taken.path, status=200).data


def every_cell(data: bytes) -> list[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]


def texts(table: type[Base], *columns: str) -> set[str]:
    rows = db.session.execute(select(*(getattr(table, column) for column in columns)))
    return {str(text) for row in rows for text in row if text}


def downloads() -> list[str]:
    query = select(HistoryEvent.event).where(HistoryEvent.event.like("%downloaded")).order_by(HistoryEvent.id)
    return list(db.session.scalars(query))


def test_a_workbook_arrives_as_a_file_that_nothing_keeps(client: PageClient, taken: Taken) -> None:
    page = client.as_(taken.person(taken.coordinator)).post(taken.path, status=200)
    assert page.headers["Content-Disposition"].startswith(f"attachment; filename={taken.reference}-audit-20")
    assert page.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert page.headers["Cache-Control"] == "no-store"
    assert int(page.headers["Content-Length"]) == len(page.data)
    assert CalamineWorkbook.from_filelike(BytesIO(page.data)).sheet_names == SHEETS


def test_every_text_of_a_round_is_in_its_workbook(client: PageClient, taken: Taken) -> None:
    cells = every_cell(workbook(client, taken))
    joined = "\n".join(cells)
    wanted = {
        *texts(Round, "title", "theme", "terms_of_reference", "prompt_detail"),
        *texts(RoundKeyLine, "words"),
        *texts(RoundIndicator, "code", "title", "question", "why", "look_for"),
        *texts(Case, "reference", "summary", "outcome", "good_practice", "stratum"),
        *texts(OutcomeForAgency, "feedback", "question", "answer"),
        *texts(AgreedRating, "reason", "changed_because"),
        *texts(Finding, "title", "words"),
        *texts(Action, "title", "outcome_measure", "evaluation", "reason"),
        *texts(ProgressUpdate, "words", "impact", "posted_by_name"),
        *texts(DueDateChange, "reason"),
    }
    ratings = select(Rating.evidence, Rating.where_on_file).where(Rating.is_submitted)
    wanted |= {text for row in db.session.execute(ratings) for text in row}
    said = ("worked_well", "to_improve", "on_behalf_of", "own_part_words", "minutes_spent")
    query = select(*(getattr(AgencyReturn, column) for column in said)).where(AgencyReturn.submitted_at.is_not(None))
    wanted |= {str(text) for row in db.session.execute(query) for text in row}
    assert len(wanted) > 60
    assert {text for text in wanted if text not in joined} == set()


def test_no_text_of_a_workbook_is_a_formula(client: PageClient, taken: Taken, read: Read) -> None:
    data = workbook(client, taken)
    evidence = [str(row["Evidence"]) for row in read(data, "Agency ratings")]
    for start in LIVE:
        assert any(text.startswith(start) for text in evidence), start
    with ZipFile(BytesIO(data)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == len(SHEETS)
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<f " in sheet]


def test_ratings_are_in_the_order_of_the_sample_and_say_what_was_said(
    client: PageClient, taken: Taken, read: Read
) -> None:
    rows = read(workbook(client, taken), "Agency ratings")
    assert len(rows) == db.session.scalar(select(func.count()).select_from(Rating).where(Rating.is_submitted))
    assert [row["Case"] for row in rows] == sorted(str(row["Case"]) for row in rows)
    first = rows[0]
    assert (first["Case"], first["Code"], first["Answer"], first["Level"], first["Rank"]) == (
        taken.cases[0], "A01", "A level", "Good", 2.0,
    )  # fmt: skip
    assert {row["Strength or concern"] for row in rows} == {"", "Strength", "Concern"}


def test_chronologies_are_in_it_and_only_those_voices_that_may_leave_the_audit(
    client: PageClient, taken: Taken, read: Read
) -> None:
    handed_over = select(AgencyReturn.id).where(AgencyReturn.submitted_at.is_not(None))
    being_written = select(AgencyReturn.id).where(AgencyReturn.state == ReturnState.IN_PROGRESS)
    day, saved = date(2026, 1, 5), {"partnership_id": taken.partnership_id, "saved_at": clock.now(), "saved_by_id": 0}
    with transaction():
        for return_id in [*db.session.scalars(handed_over), *db.session.scalars(being_written)]:
            event = ChronologyEvent(return_id=return_id, happened_on=day, event=f"=Event {return_id}", **saved)
            db.session.add(event)
            for use in WordsUse:
                words = {"words": f"{use.value} {return_id}", "words_kind": WordsKind.QUOTE, "words_use": use}
                told = {"whose": VoiceOf.CHILD, "contact": Contact.SAFE, "decided_by": "A nurse"}
                db.session.add(Voice(return_id=return_id, consent=Consent.AGREED, **told, **words, **saved))
    wanted = set(db.session.scalars(handed_over))
    db.session.rollback()
    data = workbook(client, taken)
    events, voices = read(data, "Chronology"), read(data, "Voices")
    assert {row["What happened"] for row in events} == {f"=Event {one}" for one in wanted}
    assert {(row["What they said"], row["May be used"]) for row in voices} == {
        (f"{use} {one}", words)
        for one in wanted
        for use, words in (("partnership", "Inside the partnership"), ("outside", "Outside the partnership too"))
    }


def test_an_earlier_agreed_rating_stays_with_why_it_was_changed(client: PageClient, taken: Taken, read: Read) -> None:
    rows = read(workbook(client, taken), "Agreed ratings")
    of_one = [row for row in rows if row["Code"] == "B01"]
    assert [(row["Level"], row["Stands"], row["Why it was changed"]) for row in of_one] == [
        ("Good", "No", ""),
        ("Inadequate", "Yes", "A letter was overlooked."),
    ]


def test_a_finding_names_the_counts_it_rests_on(client: PageClient, taken: Taken, read: Read) -> None:
    (row,) = read(workbook(client, taken), "Findings")
    assert (row["Reference"], row["Kind"]) == ("F1", "Area for development")
    assert row["Rests on"] == "B01 The child was heard: Inadequate 1 (1 case)"


def test_the_action_plan_carries_its_updates_and_its_earlier_dates(
    client: PageClient, taken: Taken, read: Read
) -> None:
    data = workbook(client, taken)
    asked, sent_back = read(data, "Action plan")
    said = ("Reference", "Latest update", "Evaluation", "Overdue", "BRAG")
    assert tuple(asked[column] for column in said) == (
        "A1", "Second update.", "", "No", "On track",
    )  # fmt: skip
    assert asked["Earlier dates"] == "1 January 2099: The form came late."
    assert (sent_back["Overdue"], sent_back["Why sent back or withdrawn"]) == ("Yes", "Sample ten more.")
    updates = read(data, "Progress updates")
    assert [(row["Action"], row["Update"], row["Evidence of impact"]) for row in updates] == [
        ("A1", "First update.", "1 of 10."),
        ("A1", "Second update.", "-5 of 10."),
    ]


def test_actions_about_children_have_a_sheet_of_their_own(client: PageClient, taken: Taken, read: Read) -> None:
    (row,) = read(workbook(client, taken), "Case actions")
    assert (row["Case"], row["What is to be done"], row["State"]) == (taken.cases[0], "Call the core group.", "Open")
    assert str(row["Earlier days"]).endswith(": A strike.")
    for person in (taken.auditing_coordinator, taken.sitting_coordinator):
        assert len(read(workbook(client, taken, person), "Case actions")) == 1


def test_a_draw_can_be_repeated_from_the_workbook(app: Flask, client: PageClient, read: Read) -> None:
    found = a_round(a_partnership(), state=RoundState.SAMPLING)
    population, by = a_population(found), somebody(found, Role.COORDINATOR)
    first = a_draw(found, SamplingPlan(size=4, reserves=1, seed="too early"))
    with transaction():
        set_sample_aside(found.id, first.id, reason="The seed was not minuted.", by=by, at=clock.now())
        draw_sample(
            found.id,
            frame=FRAME,
            plan=SamplingPlan(size=9, reserves=2, seed="N26 spring", strata_by=(Dimension.AREA,)),
            by=by,
            at=clock.now(),
        )
    page = client.as_(db.session.get_one(Person, by.id)).post(
        f"/p/{by.partnership.slug}/rounds/{found.reference}/workbook", status=200
    )
    rows = read(page.data, "The audit")
    said = {str(row["About"]): str(row["What was decided"]) for row in rows}
    wanted = ("Population file, SHA-256", "Sample seed", "Sample size", "Reserves for each group", "Sample divided by")
    assert [said[about] for about in wanted] == [population.file_sha256, "N26 spring", "9", "2", "Area"]
    assert said["Sample drawn"].endswith(f" by {by.name}")
    assert said["Sample confirmed"] == "Not yet"
    assert "in the population" in said["Sample group"]
    aside = said["Sample set aside"]
    assert "size 4, seed too early" in aside
    assert aside.endswith("The seed was not minuted.")


def test_the_history_is_told_in_sentences(client: PageClient, taken: Taken, read: Read) -> None:
    told = [str(row["What"]) for row in read(workbook(client, taken), "Who did what")]
    assert f"Chris Chair released {taken.cases[0]} to the panel" in told
    count = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.round_id == taken.round_id)
    with_this_one = db.session.scalar(count)
    assert len(told) + 1 == with_this_one  # the download itself is written down after the file was written


def test_libreoffice_opens_it_and_finds_the_same(
    client: PageClient, taken: Taken, read: Read, office: Callable[[BytesIO, str], Path]
) -> None:
    data = workbook(client, taken)
    saved = (office(BytesIO(data), "xlsx") / "book.xlsx").read_bytes()
    for sheet in SHEETS[4:]:
        assert read(saved, sheet) == read(data, sheet), sheet


# what is not in it


def test_nothing_says_who_a_child_is(client: PageClient, taken: Taken) -> None:
    hidden = set()
    for identity in db.session.scalars(select(Identity)):
        sheet = IdentitySheet.from_json(identity.sheet)
        hidden |= {identity.number, identity.token, sheet.names, sheet.born_on, sheet.addresses, sheet.carers}
    assert len(hidden) > 4
    for path in (taken.path, taken.everything):
        data = client.as_(taken.person(taken.coordinator)).post(path, status=200).data
        assert not [text for text in every_cell(data) if any(secret and secret in text for secret in hidden)]


def test_what_was_not_handed_over_is_not_in_it(client: PageClient, taken: Taken, read: Read) -> None:
    data = workbook(client, taken)
    typed = select(Rating.evidence).where(~Rating.is_submitted)
    half_typed = set(db.session.scalars(typed))
    assert len(half_typed) > 2
    assert half_typed.isdisjoint(every_cell(data))
    assert taken.cases[2] not in {row["Case"] for row in read(data, "Agency returns")}
    assert taken.cases[2] in {row["Case"] for row in read(data, "Cases")}


def test_a_coordinator_who_audits_a_case_is_blind_to_the_others_until_its_release(
    client: PageClient, taken: Taken, read: Read
) -> None:
    data = workbook(client, taken, taken.auditing_coordinator)
    agencies: dict[object, set[object]] = {}
    for row in read(data, "Agency ratings"):
        agencies.setdefault(row["Case"], set()).add(row["Agency"])
    assert [len(agencies[case]) for case in taken.cases[:2]] == [2, 1]
    for_all = read(workbook(client, taken), "Agency ratings")
    assert len({row["Agency"] for row in for_all if row["Case"] == taken.cases[1]}) == 2
    assert {row["Case"] for row in read(data, "Agency returns") if row["Agency"] not in agencies[taken.cases[1]]} == {
        taken.cases[0]
    }
    assert not [row for row in read(data, "Who did what") if taken.cases[1] in str(row["About"])]


def test_a_coordinator_on_the_panel_reads_no_return_before_its_release(
    client: PageClient, taken: Taken, read: Read
) -> None:
    data = workbook(client, taken, taken.sitting_coordinator)
    for sheet in ("Agency ratings", "Agency returns", "Agreed ratings"):
        assert {row["Case"] for row in read(data, sheet)} == {taken.cases[0]}, sheet
    assert {row["Case"] for row in read(data, "Cases")} == set(taken.cases)


def test_the_notes_say_what_was_left_out_and_for_whom(client: PageClient, taken: Taken, read: Read) -> None:
    notes = {row["Word"]: row["Meaning"] for row in read(workbook(client, taken, taken.auditing_coordinator), "Notes")}
    assert str(notes["Left out for you"]).startswith("You audit, or sit on the panel of, 2 cases that are not released")
    assert "Left out for you" not in {row["Word"] for row in read(workbook(client, taken), "Notes")}


# who may take it, and what is written down


def test_a_scrutineer_gets_the_same_as_a_coordinator(client: PageClient, taken: Taken, read: Read) -> None:
    theirs, ours = workbook(client, taken, taken.scrutineer), workbook(client, taken)
    for sheet in SHEETS[3:-1]:
        assert read(theirs, sheet) == read(ours, sheet), sheet


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.AGENCY_LEAD, Role.KEY_HOLDER, Role.ADMINISTRATOR])
def test_others_get_no_workbook(client: PageClient, taken: Taken, role: Role) -> None:
    partnership = db.session.get_one(Partnership, taken.partnership_id)
    browser = client.as_(a_member(partnership, role))
    for path in (taken.path, taken.everything):
        browser.post(path, status=403)
    assert downloads() == []


def test_another_partnerships_round_is_not_there(client: PageClient, taken: Taken) -> None:
    elsewhere = a_partnership()
    stranger = client.as_(a_member(elsewhere, Role.COORDINATOR))
    stranger.post(f"/p/{elsewhere.slug}/rounds/{taken.reference}/workbook", status=404)
    data = stranger.post(f"/p/{elsewhere.slug}/workbook", status=200).data
    assert taken.cases[0] not in every_cell(data)


def test_each_download_is_written_down(client: PageClient, taken: Taken) -> None:
    browser = client.as_(taken.person(taken.coordinator))
    browser.post(taken.path, status=200)
    browser.post(taken.everything, status=200)
    assert downloads() == ["workbook_downloaded", "everything_downloaded"]


def test_a_workbook_that_fails_is_not_written_down_and_leaves_no_file(
    app: Flask, taken: Taken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("audit_app.exports.queries.outcomes.sentence", lambda *_args, **_facts: 1 / 0)
    browser = PageClient(app).as_(taken.person(taken.coordinator))
    with pytest.raises(ZeroDivisionError):
        browser.post(taken.path, status=500)
    assert downloads() == []
    assert list(tmp_path.iterdir()) == []


def test_no_file_stays_behind(
    client: PageClient, taken: Taken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(workbook(client, taken)) > 10_000
    assert list(tmp_path.iterdir()) == []


# every round, and how it is read


def test_the_workbook_of_every_round_says_which_round_a_row_is_of(client: PageClient, taken: Taken, read: Read) -> None:
    other = an_open_round(db.session.get_one(Partnership, taken.partnership_id), reference="Z9", title="Another")
    data = client.as_(taken.person(taken.coordinator)).post(taken.everything, status=200).data
    questions = [str(row["Round"]) for row in read(data, "Questions")]
    assert {name.split()[0] for name in questions} == {taken.reference, "Z9"}
    assert {str(row["Round"]).split()[0] for row in read(data, "Agency ratings")} == {taken.reference}
    cover = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Cover").to_python()
    assert ["State: 2 rounds"] in cover
    assert other.reference == "Z9"


def test_a_workbook_takes_as_many_queries_for_many_ratings_as_for_few(
    app: Flask, client: PageClient, taken: Taken, count_queries: CountQueries
) -> None:
    browser = client.as_(taken.person(taken.coordinator))
    with count_queries() as for_all:
        browser.post(taken.path, status=200)
    with transaction():
        db.session.execute(update(Rating).values(is_submitted=False))
    with count_queries() as for_none:
        browser.post(taken.path, status=200)
    assert for_all.count == for_none.count <= 45, for_all


def test_a_workbook_is_written_without_holding_its_rows(taken: Taken) -> None:
    from audit_app.accounts.models import Partnership

    partnership = db.session.get_one(Partnership, taken.partnership_id)
    viewer = as_actor(taken.person(taken.coordinator), partnership)
    with services.round_workbook(taken.reference, by=viewer, at=clock.now()) as file:
        assert file.read(2) == b"PK"
    assert not [
        row for row in db.session.identity_map.values() if isinstance(row, Rating | AgreedRating | HistoryEvent)
    ]


def test_a_workbook_says_plans_in_the_words_of_its_partnership(app: Flask, client: PageClient, read: Read) -> None:
    here, elsewhere = a_partnership(), a_partnership()
    in_own_words(here, plan_status={"child_protection": "Safety plan"})
    for partnership, plan in ((here, "Safety plan"), (elsewhere, "Child protection plan")):
        found = a_round(partnership, state=RoundState.SAMPLING)
        a_sample(found, SamplingPlan(size=4, reserves=1, seed="s", strata_by=(Dimension.PLAN_STATUS,)))
        data = (
            client.as_(a_member(partnership, Role.COORDINATOR))
            .post(f"/p/{partnership.slug}/rounds/{found.reference}/workbook", status=200)
            .data
        )
        sampled = read(data, "Cases")
        assert {row["Plan"] for row in sampled} == {row["Group"] for row in sampled} == {plan}
        assert {row["Group"] for row in read(data, "Sample profile")} == {plan}
        decided = [str(row["What was decided"]) for row in read(data, "The audit") if row["About"] == "Sample group"]
        assert decided[0].startswith(f"{plan}: ")
