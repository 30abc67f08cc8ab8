"""The ratings of a panel on paper as a spreadsheet: filled in by its chair, looked at, confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from audit_app.accounts.models import Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.history.models import HistoryEvent
from audit_app.panels.rules import AgreedHow, RatingsPaper, as_ratings_sheets, outcomes_of, read_ratings, readable
from audit_app.panels.rules.workbook import ANSWER, BECAUSE, BETTER, REASON, SHEET, key_of_item
from audit_app.returns.rules import AnswerKind
from audit_app.rounds import queries as rounds
from reports.return_workbook import write_return_workbook
from tests.factories.accounts import a_member
from tests.factories.panels import Sitting, a_decision, a_sitting, agree, agreed_rows, answer, finish, items_of, release
from tests.factories.papers import edited, typed
from tests.factories.returns import level_id
from tests.factories.rooms import Room
from tests.factories.rounds import UNGRADED
from tests.fixtures import Prepared
from tests.pages import Page, PageClient

WHY = "All three records say so."
Cells = Mapping[tuple[str, str, str], Any]


def at(sitting: Sitting, end: str = "") -> str:
    return sitting.at(f"/spreadsheet{end}")


def downloaded(chair: PageClient, sitting: Sitting) -> bytes:
    page = chair.post(at(sitting, "/download"), status=200)
    name = f"{sitting.asked.cases[0]}-agreed-ratings.xlsx"
    assert page.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert page.headers["Cache-Control"] == "no-store"
    return page.data


def chosen(chair: PageClient, sitting: Sitting, content: bytes) -> Page:
    return chair.post(at(sitting), {"file": (BytesIO(content), "ratings.xlsx")}, status=200)


def cells(sitting: Sitting, code: str, **said: object) -> dict[tuple[str, str, str], Any]:
    """What somebody types into the row of an item."""
    headings = {"answer": ANSWER, "reason": REASON, "better": BETTER, "because": BECAUSE}
    key = key_of_item(items_of(sitting)[code])
    return {(SHEET, key, headings[name]): value for name, value in said.items()}


def test_it_has_a_row_for_each_rating_with_what_agencies_chose(sitting: Sitting, chair: PageClient) -> None:
    book = load_workbook(BytesIO(downloaded(chair, sitting)))
    page = book[SHEET]
    heads = [cell.value for cell in page[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in page.iter_rows(min_row=2)]
    assert [row["Code"] for row in rows] == ["A01", "A01", "A04", "B01", "H02", "Overall"]
    harm = rows[2]
    assert str(harm["What each agency chose"]).count("Good") == 1
    assert str(harm["What each agency chose"]).count("Requires improvement") == 1
    assert str(harm["Question"]).startswith("Harm was weighed: ")
    assert page.protection.sheet
    open_ = {heads[number] for number, cell in enumerate(page[2]) if not cell.protection.locked}
    assert open_ == {ANSWER, REASON, BETTER}, "why it is changed is asked of what is agreed"
    assert page.column_dimensions["L"].hidden
    assert len(page.data_validations.dataValidation) == 1
    deed = db.session.query(HistoryEvent).filter_by(event="ratings_downloaded").one()
    assert (deed.actor_id, deed.case_id) == (sitting.chair, sitting.cases[0])


def test_a_chair_downloads_fills_in_looks_and_confirms(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at())
    page = chair.get(page.links["Enter them in a spreadsheet instead"])
    assert "Raise an immediate concern" in page.links
    typed_in: Cells = {
        **cells(sitting, "A04", answer="Good", reason=f" {WHY}\nBoth. ", better="A visit at home."),
        **cells(sitting, "B01", answer="no evidence on file", reason=WHY),
        **cells(sitting, "H02-" + str(sitting.asked.health), answer="Brilliant", reason=WHY),
        **cells(sitting, f"A01-{sitting.asked.health}", answer="Good"),
    }
    page = chosen(chair, sitting, typed(downloaded(chair, sitting), typed_in))
    assert page.h1 == "What the spreadsheet will change"
    assert "2 ratings will change, 0 clash with what was agreed meanwhile, 2 places cannot be taken" in page.main
    assert "2 ratings stay as they are" in page.main
    refused, changed = page.tables
    assert {(row[0], row[2], row[3]) for row in refused[1:]} == {
        (SHEET, ANSWER, "Brilliant"),
        (SHEET, REASON, ""),
    }
    assert ["A04 Harm was weighed", ANSWER, "Nothing", "Good"] in changed
    assert ["A04 Harm was weighed", BETTER, "Nothing", "A visit at home."] in changed
    assert not [item for item in items_of(sitting).values() if item.agreed], "nothing is taken yet"
    page = chair.send(page, action="/take")
    assert page.notices == ["2 ratings from the spreadsheet recorded."]
    now = items_of(sitting)
    harm, heard = now["A04"].agreed, now["B01"].agreed
    assert harm
    assert heard
    assert (harm.level_id, harm.reason, harm.better) == (
        level_id(sitting.asked.round_id),
        f"{WHY}\nBoth.",
        "A visit at home.",
    )
    assert harm.how is AgreedHow.ON_PAPER
    assert heard.answer is AnswerKind.NO_EVIDENCE
    deeds = [row.event for row in db.session.query(HistoryEvent).filter_by(case_id=sitting.cases[0])]
    assert deeds.count("rating_agreed") == 2
    assert "ratings_loaded" in deeds


def test_loading_the_same_file_twice_changes_nothing_twice(sitting: Sitting, chair: PageClient) -> None:
    content = typed(downloaded(chair, sitting), cells(sitting, "A04", answer="Good", reason=WHY))
    chair.send(chosen(chair, sitting, content), action="/take")
    page = chosen(chair, sitting, content)
    assert "This spreadsheet says nothing that is not agreed already." in page.main
    assert not [form for form in page.forms if form.action.endswith("/take")]


def test_what_was_agreed_on_screen_meanwhile_is_asked_about(sitting: Sitting, chair: PageClient) -> None:
    content = typed(downloaded(chair, sitting), cells(sitting, "A04", answer="Inadequate", reason=WHY))
    item = items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item))
    page = chosen(chair, sitting, content)
    assert "0 ratings will change, 1 clashes with what was agreed meanwhile" in page.main
    page = chair.send(page, action="/take", status=200)
    assert page.errors == ["Choose which answer should stand."]
    page = chair.send(page, {f"stand-{item.id}": "file"}, action="/take", status=200)
    assert page.errors == [f"{item.name}: Say why the agreed rating is changed. The earlier one is kept."]
    assert page.links[page.errors[0]] == f"#because-{item.id}"
    page = chair.send(page, {f"because-{item.id}": "The minutes say so."}, action="/take")
    assert page.notices == ["1 rating from the spreadsheet recorded."]
    rows = agreed_rows(item.id)
    assert [row.changed_because for row in rows] == ["", "The minutes say so."]
    assert rows[1].level_id == level_id(sitting.asked.round_id, "inadequate")


def test_what_stands_on_screen_may_stay(sitting: Sitting, chair: PageClient) -> None:
    content = typed(downloaded(chair, sitting), cells(sitting, "A04", answer="Inadequate", reason=WHY))
    item = items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item))
    page = chair.send(chosen(chair, sitting, content), {f"stand-{item.id}": "saved"}, action="/take")
    assert page.notices == ["Nothing of the spreadsheet was taken."]
    assert len(agreed_rows(item.id)) == 1


def test_what_moves_between_looking_and_confirming_is_shown_again(sitting: Sitting, chair: PageClient) -> None:
    content = typed(downloaded(chair, sitting), cells(sitting, "A04", answer="Inadequate", reason=WHY))
    page = chosen(chair, sitting, content)
    item = items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item))
    page = chair.send(page, action="/take", status=200)
    assert page.errors == [
        "Something was agreed on screen since you looked at this page. Look at what it says now, then confirm again."
    ]
    assert "1 clashes with what was agreed meanwhile" in page.main
    page = chair.send(page, {f"stand-{item.id}": "saved"}, action="/take")
    assert len(agreed_rows(item.id)) == 1


def test_a_change_of_what_is_agreed_says_why(sitting: Sitting, chair: PageClient) -> None:
    agree(sitting, a_decision(sitting, items_of(sitting)["A04"]), a_decision(sitting, items_of(sitting)["B01"]))
    content = downloaded(chair, sitting)
    without = typed(content, cells(sitting, "A04", answer="Inadequate"))
    page = chosen(chair, sitting, without)
    assert page.tables[0][1][2] == BECAUSE
    emptied = typed(content, cells(sitting, "B01", answer=None, reason=None))
    assert "cannot be emptied" in chosen(chair, sitting, emptied).main
    whole = typed(content, cells(sitting, "A04", answer="Inadequate", because="A record was found."))
    page = chair.send(chosen(chair, sitting, whole), action="/take")
    assert page.notices == ["1 rating from the spreadsheet recorded."]
    assert agreed_rows(items_of(sitting)["A04"].id)[1].changed_because == "A record was found."


def test_what_is_no_such_file_is_refused_beside_its_field(sitting: Sitting, chair: PageClient) -> None:
    assert chair.post(at(sitting), status=200).errors == ["Choose the spreadsheet that was filled in."]
    page = chosen(chair, sitting, b"a,b\n1,2\n")
    assert page.errors[0].startswith("This is no spreadsheet of agreed ratings.")
    assert chosen(chair, sitting, b"x" * (5 * 1024 * 1024 + 1)).errors[0].startswith("This file is larger than 5 MB.")


def test_a_file_of_another_case_audit_or_partnership_is_refused(sitting: Sitting, chair: PageClient) -> None:
    paper = the_paper(sitting)
    for other, words in (
        (replace(paper, case_reference="X-1"), "This spreadsheet is of X-1."),
        (replace(paper, round_reference="X"), "This spreadsheet is of another audit, X"),
        (replace(paper, slug="elsewhere"), "This spreadsheet is of another partnership."),
        (replace(paper, items=paper.items[1:]), "This spreadsheet asks for other ratings"),
    ):
        page = chosen(chair, sitting, as_file(other))
        assert page.errors[0].startswith(words)


def the_paper(sitting: Sitting) -> RatingsPaper:
    """The ratings of the first case as they are now."""
    asked = sitting.asked
    template = rounds.frozen_template(asked.partnership_id, asked.round_id)
    return RatingsPaper(
        asked.slug,
        "Testshire",
        asked.reference,
        "Neglect",
        asked.cases[0],
        "a panel",
        template,
        list(items_of(sitting).values()),
    )


def as_file(paper: RatingsPaper) -> bytes:
    return write_return_workbook("Ratings", as_ratings_sheets(paper))


def test_a_file_that_libreoffice_saved_says_the_same_and_keeps_its_locks(
    sitting: Sitting, office: Callable[..., Path]
) -> None:
    paper = the_paper(sitting)
    said: Cells = {
        **cells(sitting, "A04", answer="requires improvement", reason=f"{WHY}\n=1+1", better="1-4"),
        **cells(sitting, "B01", answer="G", reason=WHY),
    }
    content = typed(as_file(paper), said)
    saved = (office(BytesIO(content), "xlsx") / "book.xlsx").read_bytes()
    ours, theirs = read_ratings(content, paper), read_ratings(saved, paper)
    assert [one.decision for one in theirs.said.values()] == [one.decision for one in ours.said.values()]
    assert theirs.unreadable == ours.unreadable == []
    fit, _ = readable(theirs, paper)
    assert [one.title for one in fit] == ["A04 Harm was weighed", "B01 The child was heard"]
    page = load_workbook(BytesIO(saved))[SHEET]
    assert page.protection.sheet
    assert (page["A2"].protection.locked, page["H2"].protection.locked) == (True, False)
    assert len(page.data_validations.dataValidation) == 1


def test_rows_may_be_sorted_and_what_is_strange_is_named(sitting: Sitting) -> None:
    paper = the_paper(sitting)
    content = typed(as_file(paper), cells(sitting, "A04", answer="Good", reason=WHY))

    def change(book: Any) -> None:
        page = book[SHEET]
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        for number, row in enumerate([*reversed(rows), rows[2], ["Rating 0", *["x"] * 11]], 2):
            for column, value in enumerate(row, 1):
                page.cell(number, column).value = value

    read = read_ratings(edited(content, change), paper)
    assert len(read.said) == 1
    assert [one.reason for one in read.unreadable] == [
        "This stands in the file a second time. The first one counts.",
        "This is not agreed here.",
    ]


def test_without_its_hidden_column_nothing_that_is_agreed_is_changed_unasked(sitting: Sitting) -> None:
    agree(sitting, a_decision(sitting, items_of(sitting)["A04"]))
    paper = the_paper(sitting)
    said = {**cells(sitting, "A04", answer="Inadequate"), **cells(sitting, "B01", answer="Good", reason=WHY)}
    content = edited(typed(as_file(paper), said), lambda book: book[SHEET].delete_cols(12))
    fit, unreadable = readable(read_ratings(content, paper), paper)
    assert unreadable == []
    assert [(one.item.indicator.code, one.is_clash) for one in fit] == [("A04", True), ("B01", False)]


def test_a_decision_on_nothing_that_is_agreed_here_has_no_outcome(sitting: Sitting) -> None:
    paper = the_paper(sitting)
    stranger = replace(a_decision(sitting, items_of(sitting)["A04"]), item_id=10_000)
    assert outcomes_of([stranger], paper) == []


def test_what_is_answered_in_words_is_agreed_in_words(prepared: Prepared, client: PageClient) -> None:
    def build() -> Sitting:
        made = a_sitting(cases=1, is_handed_over=False, template=UNGRADED)
        answer(made, 0, "in_words", "in_words")
        release(made, 0)
        return made

    sitting = prepared("a case in words at a panel on paper", build)
    chair = client.as_(db.session.get_one(Person, sitting.chair))
    content = typed(downloaded(chair, sitting), cells(sitting, "A04", reason="Harm built up unseen."))
    chair.send(chosen(chair, sitting, content), action="/take")
    agreed = items_of(sitting)["A04"].agreed
    assert agreed
    assert (agreed.answer, agreed.reason) == (AnswerKind.IN_WORDS, "Harm built up unseen.")


def test_it_is_for_the_chair_of_the_panel(sitting: Sitting, client: PageClient) -> None:
    here = db.session.get_one(Partnership, sitting.asked.partnership_id)
    client.as_(a_member(here, Role.PANEL_CHAIR)).get(at(sitting), status=404)
    assert client.as_(db.session.get_one(Person, sitting.note_taker)).get(at(sitting), status=403).status == 403


def test_a_panel_with_a_room_has_none(room: Room, client: PageClient) -> None:
    chair = client.as_(db.session.get_one(Person, room.chair))
    chair.get(room.at("/spreadsheet"), status=404)
    for end in ("", "/download", "/take"):
        assert chair.post(room.at(f"/spreadsheet{end}"), status=404).status == 404


def test_a_case_that_is_finished_takes_nothing_more(sitting: Sitting, chair: PageClient) -> None:
    finish(sitting)
    assert "Download the spreadsheet" not in chair.get(at(sitting)).main
    chair.post(at(sitting, "/download"), status=409)
