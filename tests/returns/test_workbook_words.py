"""What a workbook says to who fills it in, how it is called, and what loading it a second time comes to."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from audit_app.returns.rules import Answer, AnswerKind, ReturnState
from audit_app.returns.rules.workbooks import (
    KnownKept,
    Paper,
    Unreadable,
    compare,
    digests_after,
    file_name,
    known_lines,
    left_in_words,
    read_return,
)
from tests.factories.papers import a_paper, a_rating, as_file, changes, laid_beside, typed

GOOD = Answer(AnswerKind.LEVEL, 12, evidence="Seen on 3 March.")
RATINGS, CHILD = "Ratings", "About the child"


def with_rating(paper: Paper, answer: Answer) -> Paper:
    """A return whose first indicator was answered meanwhile."""
    return replace(paper, ratings=(a_rating(1, "A01", answer, version=2), *paper.ratings[1:]))


def test_what_the_same_file_wrote_before_is_what_it_was_written_from() -> None:
    paper = a_paper()
    content = typed(as_file(paper), {(RATINGS, "A01", "Answer"): "Good"})
    first = laid_beside(paper, content)
    saved = with_rating(paper, Answer(AnswerKind.LEVEL, 12))
    loaded = digests_after(paper, first.changes)
    for mended, becomes in (("Outstanding", Answer(AnswerKind.LEVEL, 11)), (None, Answer())):
        read = read_return(typed(content, {(RATINGS, "A01", "Answer"): mended}), saved)
        again = compare(saved, read, loaded=loaded)
        assert (again.clashes, changes(again)) == ((), {"A01": becomes})
        assert compare(with_rating(paper, GOOD), read, loaded=loaded).changes == ()
    assert len(compare(saved, read_return(content, saved), loaded=loaded).outcomes) == 0


def test_the_sheet_about_the_child_asks_each_question_once() -> None:
    page = load_workbook(BytesIO(as_file(a_paper())))[CHILD]
    rows = [[cell.value for cell in row[:4]] for row in page.iter_rows()]
    assert rows == [
        ["Line", "About", "Question", "What can be chosen"],
        ["P07 medical", "Types of neglect", "Which types?", "Medical"],
        ["P07 physical", None, None, "Physical"],
        ["P07 none", None, None, "None of these"],
        ["P18", "Plan", "Which plan?", None],
    ]
    assert (page["A2"].font.size, page["B2"].font.size) == (8, 11)


def test_an_agency_that_does_not_sign_in_reads_who_the_child_is_told_by_and_where_the_file_goes() -> None:
    paper = a_paper()
    paper = replace(
        paper, heading=replace(paper.heading, send_to="Cora, coordinator of Testshire", key_holder="key holder")
    )
    own, theirs = ({row[0].value: row[1].value for row in read_me(it)} for it in (a_paper(), paper))
    assert theirs["Return on N26-07"] == own["Return on N26-07"] == "Read this first"
    assert theirs["How to send it"].startswith("Send it back by secure mail to Cora, coordinator of Testshire")
    assert "N26-07 is, the key holder of Testshire tells you by a secure way" in theirs["Who the child is"]
    assert own["How to send it"].startswith("Load it on the page of the return.")
    assert "Who the child is" not in own
    asked = {
        line.question
        for line in known_lines(
            KnownKept(ReturnState.NOT_STARTED), coordinator="c", takes_number=False, is_for_agency=True
        )
    }
    assert "Did you check, against what you were told of who the child is, that the right file is open?" in asked


def read_me(paper: Paper) -> Iterator[Any]:
    yield from load_workbook(BytesIO(as_file(paper)))["Read me"].iter_rows()


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("Health visiting", "SN2-02-health-visiting-return"),
        ("GP / Ärzte & Co.", "SN2-02-gp-arzte-co-return"),
        ("中", "SN2-02-return"),
    ],
)
def test_a_file_is_called_after_the_case_and_the_agency(agency: str, name: str) -> None:
    assert file_name("SN2-02", agency, "return") == name


def test_what_was_left_is_said_with_its_first_places() -> None:
    assert left_in_words([]) == ""
    one = Unreadable("Ratings", 5, "Answer", "x", "y")
    assert left_in_words([one]).startswith("1 place could not be taken: sheet “Ratings”, row 5, “Answer”. ")
    many = left_in_words([Unreadable("Chronology", 0, "", "", "gone"), *[one] * 7])
    assert many.startswith("8 places could not be taken: sheet “Chronology”; sheet “Ratings”, row 5")
    assert "; and 3 more. " in many
