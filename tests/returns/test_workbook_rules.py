"""A return as a workbook: written, typed into, read back, and laid beside what was saved meanwhile."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from audit_app.core.errors import Refused
from audit_app.returns.rules import Answer, AnswerKind, AttributeAsked, ReturnState, Tag, tidied
from audit_app.returns.rules.workbooks import (
    Difference,
    Event,
    KeptEvent,
    KnownKept,
    OverallKept,
    Paper,
    RatingAsked,
    chosen_after,
    compare,
    read_return,
    why_not_confirm,
)
from audit_app.returns.rules.workbooks.paper import plain, plain_answer, plain_event
from tests.factories.papers import (
    ORIGIN,
    PLAN,
    TYPES,
    a_paper,
    a_rating,
    as_file,
    changes,
    column_of,
    edited,
    laid_beside,
    problems,
    typed,
)

GOOD = Answer(AnswerKind.LEVEL, 12, evidence="Seen on 3 March.", where_on_file="Note of 3 March")
RATINGS, KNOWN, CHILD, EVENTS, WHOLE = (
    "Ratings",
    "Is the child known",
    "About the child",
    "Chronology",
    "Over the whole return",
)
EVIDENCE, YOURS = "Judgement and its reason", "Your answer"


# --- written and read back


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ["=1+1", "+44", "@x", "#N/A", "_x0041_", "  a \r\n b\t", "1-4", "007", "3/3/2026", "TRUE", "😀", "\x0c", "\x85"]
)
TAGS = st.sampled_from([None, *Tag])


@st.composite
def ratings(draw: st.DrawFn, number: int, code: str, *, is_narrative: bool) -> RatingAsked:
    kinds: list[AnswerKind | None] = [None, AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE]
    kind = draw(st.sampled_from([*kinds, AnswerKind.IN_WORDS if is_narrative else AnswerKind.LEVEL]))
    level = draw(st.sampled_from([11, 12, 13])) if kind is AnswerKind.LEVEL else None
    answer = Answer(kind, level, draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(TAGS))
    return a_rating(number, code, tidied(answer), is_narrative=is_narrative, version=draw(st.integers(1, 9)))


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    days = st.dates(date(1926, 1, 1), date(2199, 1, 1))
    events = draw(
        st.lists(st.builds(Event, days, TEXTS.filter(lambda text: bool(plain(text))), TEXTS, TEXTS), max_size=3)
    )
    return a_paper(
        draw(ratings(1, "A01", is_narrative=False)),
        draw(ratings(2, "A02", is_narrative=False)),
        draw(ratings(3, "B01", is_narrative=True)),
        known=KnownKept(ReturnState.IN_PROGRESS, on_behalf_of=draw(TEXTS), own_part_words=draw(TEXTS)),
        overall=OverallKept(
            draw(st.sampled_from(["", "Good", "Requires improvement, as a whole"])),
            draw(TEXTS),
            draw(TEXTS),
            draw(TEXTS),
            draw(TEXTS),
            draw(TEXTS),
            draw(st.none() | st.integers(1, 12_000)),
        ),
        attributes=(
            AttributeAsked(TYPES, draw(st.frozensets(st.sampled_from([1, 2]))), 3),
            AttributeAsked(PLAN, draw(st.sampled_from([frozenset(), frozenset({4})])), 2),
        ),
        events=tuple(KeptEvent(number, event, 1) for number, event in enumerate(events, 1)),
    )


@given(papers())
@settings(max_examples=12)
def test_any_answers_come_back_as_they_were_written(paper: Paper) -> None:
    read = read_return(as_file(paper), paper)
    assert list(read.unreadable) == []
    assert {asked.code: read.said[asked.code].value for asked in paper.ratings} == {
        asked.code: plain_answer(asked) for asked in paper.ratings
    }
    assert {line.key: read.said[line.key].value for line in paper.lines} == {
        line.key: plain(line.kept) for line in paper.lines
    }
    assert [read.said[kept.key].value for kept in paper.events] == [plain_event(kept.event) for kept in paper.events]
    comparison = compare(paper, read)
    assert comparison.outcomes == (), "a file that nobody touched changes nothing"


FILLED = {
    (RATINGS, "A01", "Answer"): "good ",
    (RATINGS, "A01", EVIDENCE): "Seen on 3 March.",
    (RATINGS, "A01", "Strength or concern"): "concern",
    (RATINGS, "B01", EVIDENCE): "She drew her room.\nTwice.",
    (CHILD, "P07 medical", YOURS): "YES",
    (CHILD, "P18", YOURS): "yes, one",
    (EVENTS, "", "Date"): datetime(2026, 3, 4),  # noqa: DTZ001 - as a cell holds it
    (EVENTS, "", "What happened"): "Not brought to the dentist",
    (WHOLE, "Whole 1", YOURS): "requires improvement, as a whole",
    (WHOLE, "Whole 7", YOURS): 90.0,
}


def test_what_was_filled_in_changes_what_was_empty() -> None:
    paper = a_paper()
    comparison = laid_beside(paper, typed(as_file(paper), FILLED))
    assert problems(comparison) == []
    assert changes(comparison) == {
        "A01": Answer(AnswerKind.LEVEL, 12, evidence="Seen on 3 March.", tag=Tag.CONCERN),
        "B01": Answer(AnswerKind.IN_WORDS, evidence="She drew her room.\nTwice."),
        "P07 medical": "Yes",
        "P18": "Yes, one",
        "new 1": Event(date(2026, 3, 4), "Not brought to the dentist"),
        "Whole 1": "Requires improvement, as a whole",
        "Whole 7": "90",
    }
    assert chosen_after(paper, comparison.changes) == {71: frozenset({1}), 72: frozenset({4})}


def test_a_file_that_libreoffice_saved_reads_the_same_and_keeps_its_locks_and_lists(
    office: Callable[..., Path],
) -> None:
    paper = a_paper(a_rating(1, "A01", GOOD), a_rating(2, "B01", is_narrative=True))
    content = typed(as_file(paper), FILLED)
    saved = (office(BytesIO(content), "xlsx") / "book.xlsx").read_bytes()
    ours, theirs = read_return(content, paper), read_return(saved, paper)
    assert (theirs.unreadable, theirs.new_events) == (ours.unreadable, ours.new_events)
    assert theirs.said == ours.said
    page = load_workbook(BytesIO(saved))[RATINGS]
    assert page.protection.sheet
    assert (page["A2"].protection.locked, page["F2"].protection.locked) == (True, False)
    assert {str(rule.sqref) for rule in page.data_validations.dataValidation} == {"F2", "F3", "J2:J3"}


# --- moved about


def test_rows_and_sheets_may_be_moved_renamed_and_sorted() -> None:
    paper = a_paper(a_rating(1, "A01", GOOD), a_rating(2, "A02"), a_rating(3, "A03"))

    def move(book: Workbook) -> None:
        page = book[RATINGS]
        page.title = "Our answers"
        book.move_sheet(page, 3)
        page.insert_rows(1)
        page["A1"] = "Health, for N26-07"
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
        for number, row in enumerate(reversed(rows), 3):
            for column, value in enumerate(row, 1):
                page.cell(number, column).value = value
        page.cell(3, column_of_second(page, "Answer")).value = "Outstanding"  # A03 stands first now

    def column_of_second(page: Any, heading: str) -> int:
        return next(int(cell.column) for cell in page[2] if cell.value == heading)

    comparison = laid_beside(paper, edited(as_file(paper), move))
    assert problems(comparison) == []
    assert changes(comparison) == {"A03": Answer(AnswerKind.LEVEL, 11)}


def test_what_is_missing_stays_and_is_said() -> None:
    paper = a_paper(a_rating(1, "A01", GOOD), a_rating(2, "A02"))

    def remove(book: Workbook) -> None:
        page = book[RATINGS]
        page.cell(2, column_of(page, EVIDENCE)).value = "Seen twice."
        page.delete_cols(column_of(page, "Where on file (document, date)"))
        page.delete_rows(3)
        del book[EVENTS]

    comparison = laid_beside(paper, edited(as_file(paper), remove))
    assert changes(comparison) == {"A01": replace(GOOD, evidence="Seen twice.")}
    assert [row[:3] for row in problems(comparison)] == [
        (RATINGS, 0, "Where on file (document, date)"),
        (EVENTS, 0, ""),
    ]


# --- clashes


def meanwhile(paper: Paper, answer: Answer, version: int = 2) -> Paper:
    return replace(paper, ratings=(a_rating(1, "A01", answer, version=version), *paper.ratings[1:]))


@pytest.mark.parametrize(
    ("in_file", "on_screen", "expected"),
    [
        ("Outstanding", GOOD, "clash"),
        ("Good", replace(GOOD, evidence="", where_on_file=""), "same"),
        ("", GOOD, "same"),
        ("Outstanding", Answer(), "change"),
    ],
)
def test_what_was_saved_meanwhile_clashes_only_where_both_say_something_else(
    in_file: str, on_screen: Answer, expected: str
) -> None:
    paper = a_paper()
    content = typed(as_file(paper), {(RATINGS, "A01", "Answer"): in_file or None})
    comparison = laid_beside(meanwhile(paper, on_screen), content)
    found = {"clash": comparison.clashes, "change": comparison.changes}
    assert [one.key for one in found.get(expected, comparison.outcomes)] == ([] if expected == "same" else ["A01"])


def test_a_clash_waits_for_a_choice() -> None:
    paper = a_paper()
    content = typed(as_file(paper), {(RATINGS, "A01", "Answer"): "Outstanding", (WHOLE, "Whole 3", YOURS): "Ours."})
    comparison = laid_beside(meanwhile(paper, GOOD), content)
    (clash,) = comparison.clashes
    assert clash.differences[0] == Difference("Answer", "Good", "Outstanding")
    assert why_not_confirm(comparison, {}).keys() == {"A01"} == why_not_confirm(comparison, {"A01": "x"}).keys()
    assert {one.key for one in comparison.taken({"A01": "file"})} == {"A01", "Whole 3"}
    assert [one.key for one in comparison.taken({"A01": "saved"})] == ["Whole 3"]


def test_tags_alone_clash_too() -> None:
    paper = a_paper(a_rating(1, "A01", GOOD))
    content = typed(as_file(paper), {(RATINGS, "A01", "Strength or concern"): "Strength"})
    (clash,) = laid_beside(meanwhile(paper, replace(GOOD, tag=Tag.CONCERN)), content).clashes
    assert clash.differences == (Difference("Strength or concern", "Concern", "Strength"),)


def test_a_file_without_its_hidden_column_clashes_rather_than_overwrites() -> None:
    paper = a_paper(a_rating(1, "A01", GOOD), a_rating(2, "A02"))

    def strip(book: Workbook) -> None:
        page = book[RATINGS]
        page.cell(2, column_of(page, "Answer")).value = "Outstanding"
        page.cell(3, column_of(page, "Answer")).value = "Good"
        page.delete_cols(column_of(page, "For the service: leave as it is"))

    comparison = laid_beside(paper, edited(as_file(paper), strip))
    assert ([one.key for one in comparison.clashes], list(changes(comparison))) == (["A01"], ["A02"])


def test_the_mark_is_of_exactly_what_was_shown() -> None:
    paper = a_paper()
    content = typed(as_file(paper), {(RATINGS, "A01", "Answer"): "Outstanding"})
    marks = [laid_beside(it, content).mark for it in (paper, paper, meanwhile(paper, GOOD))]
    assert marks[0] == marks[1] != marks[2]


# --- what cannot be read


@pytest.mark.parametrize(
    ("where", "value", "reason"),
    [
        ((RATINGS, "A01", "Answer"), "Brilliant", "Choose one of: Outstanding; Good; "),
        ((RATINGS, "B01", "Answer"), "Good", "Choose one of: Not applicable; No evidence on file."),
        ((RATINGS, "A01", EVIDENCE), "=A1", "This is a formula"),
        ((RATINGS, "A01", EVIDENCE), "x" * 10_001, "10,000 characters or fewer"),
        ((RATINGS, "A01", "Why it does not apply"), "Too young", "Choose “Not applicable” with it"),
        ((RATINGS, "A01", "Code"), "Z99", "This is not asked here."),
        ((RATINGS, "B01", "Code"), "A01", "a second time"),
        ((CHILD, "P18", YOURS), "perhaps", "Choose one of: Yes, one; No plan."),
        ((EVENTS, "Event 9", "Date"), "tomorrow", "Write a day such as"),
        ((EVENTS, "Event 9", "What happened"), "", "Write what happened."),
        ((EVENTS, "Event 9", "Line"), "Event 99", "removed on screen"),
        ((WHOLE, "Whole 7", YOURS), "an hour", "Write a whole number"),
        ((WHOLE, "Whole 7", YOURS), "99999", "must be 200 hours or less"),
        ((EVENTS, "Event 9", "What happened"), "x" * 4_001, "4,000 characters or fewer"),
        ((RATINGS, "A01", "Strength or concern"), "Both", "Choose one of: Strength; Concern."),
        ((KNOWN, "Known 2", YOURS), "We looked twice.", "only where the child is not known"),
        ((KNOWN, "Known 1", YOURS), "", "cannot be emptied"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_place(where: tuple[str, str, str], value: str, reason: str) -> None:
    paper = a_paper()
    cells: dict[tuple[str, str, str], Any] = {where: value}
    if where[0] == RATINGS and value != "Z99":
        cells[RATINGS, "B01", "Where on file (document, date)"] = "Page 3"
    comparison = laid_beside(paper, typed(as_file(paper), dict(reversed(cells.items()))))
    (problem,) = comparison.unreadable
    assert (problem.sheet, problem.column) == (where[0], where[2])
    assert problem.row > 1
    assert reason in problem.reason


def test_merged_cells_and_choices_that_do_not_go_together_are_named() -> None:
    paper = a_paper()

    def merge(book: Workbook) -> None:
        book[RATINGS].merge_cells("F2:F3")
        child = book[CHILD]
        for row in range(2, 5):
            child.cell(row, column_of(child, YOURS)).value = "Yes"

    found = laid_beside(paper, edited(as_file(paper), merge)).unreadable
    assert [one.row for one in found if "merged" in one.reason] == [2, 3]
    assert [one.row for one in found if "stands alone" in one.reason] == [2, 3, 4]


# --- files of something else


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"slug": "elsewhere"}, "another partnership"),
        ({"round_reference": "N25"}, "another audit, N25"),
        ({"case_reference": "N26-08"}, "is of N26-08. This is the return on N26-07"),
        ({"agency_id": 4}, "another agency"),
        ({"edition": "xyz"}, "asks other questions"),
    ],
)
def test_a_file_of_another_return_is_refused_in_one_sentence(change: dict[str, Any], sentence: str) -> None:
    theirs = replace(a_paper(), origin=replace(ORIGIN, **change))
    with pytest.raises(Refused, match=sentence):
        read_return(as_file(theirs), a_paper())


def test_another_kind_of_file_is_refused() -> None:
    out = BytesIO()
    Workbook().save(out)
    for content in (out.getvalue(), b"Code,Answer\nA01,Good\n", b"PK\x03\x04broken"):
        with pytest.raises(Refused):
            read_return(content, a_paper())
