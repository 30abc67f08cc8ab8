"""The chronology of a workbook: its days as people type them, doubts, and nothing twice."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from audit_app.returns.rules.workbooks import Event, KeptEvent
from audit_app.returns.rules.workbooks.days import read_day
from tests.factories.papers import A_VISIT, a_paper, as_file, changes, laid_beside, problems, typed

EVENTS = "Chronology"


def test_a_file_that_is_loaded_twice_adds_no_event_twice() -> None:
    paper = a_paper()
    content = typed(
        as_file(paper),
        {
            (EVENTS, "", "Date"): "4 March 2026",
            (EVENTS, "", "What happened"): "Not brought",
            (EVENTS, "Event 9", "Impact on the child"): "Pain",
        },
    )
    assert list(changes(laid_beside(paper, content))) == ["Event 9", "new 1"]
    later = (
        replace(A_VISIT, event=replace(A_VISIT.event, impact="Pain"), version=3),
        KeptEvent(10, Event(date(2026, 3, 4), "Not brought"), 1),
    )
    assert laid_beside(replace(paper, events=later), content).outcomes == ()


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("4/3/2026", date(2026, 3, 4)),
        ("04.03.2026", date(2026, 3, 4)),
        ("4th March 2026", date(2026, 3, 4)),
        ("4 Sept 2025", date(2025, 9, 4)),
        ("2026-03-04", date(2026, 3, 4)),
        (datetime(2026, 3, 4), date(2026, 3, 4)),  # noqa: DTZ001 - as a cell holds it
        (date(2026, 3, 4), date(2026, 3, 4)),
        ("30/2/2026", None),
        ("4/3/26", None),
        ("spring", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_type_them(cell: object, day: date | None) -> None:
    assert read_day(cell, cell if isinstance(cell, str) else "") == day


@pytest.mark.parametrize(
    ("day", "doubt", "reason"),
    [
        ("2/4/2026", "This date is in the future.", ""),
        ("31/3/2016", "This date is before the child was born, going by the age of the child at the sample.", ""),
        ("4/3/2020", "", ""),
        ("4/3/1925", "", "more than 100 years ago"),
    ],
)
def test_a_doubtful_date_is_named_before_it_is_taken(day: str, doubt: str, reason: str) -> None:
    paper = a_paper()
    cells = {(EVENTS, "", "Date"): day, (EVENTS, "", "What happened"): "Not brought", (EVENTS, "Event 9", "Date"): day}
    comparison = laid_beside(paper, typed(as_file(paper), cells))
    assert [one.doubt for one in comparison.changes] == ([] if reason else [doubt, doubt])
    assert [reason in row[3] for row in problems(comparison)] == ([True, True] if reason else [])


def test_the_date_that_stood_is_not_doubted_again() -> None:
    early = KeptEvent(9, Event(date(2001, 1, 1), "Another child was born"), 1)
    paper = a_paper(events=(early,))
    content = typed(as_file(paper), {(EVENTS, "Event 9", "Impact on the child"): "Shared a room."})
    assert [one.doubt for one in laid_beside(paper, content).changes] == [""]


def test_a_chronology_takes_no_event_twice_and_not_too_many() -> None:
    cells = {
        (EVENTS, "", "Date"): "3/3/2026",
        (EVENTS, "", "What happened"): "a  VISIT",
        (EVENTS, "", "Impact on the child"): "Fear",
    }
    (problem,) = laid_beside(a_paper(), typed(as_file(a_paper()), cells)).unreadable
    assert (problem.column, problem.value) == ("What happened", "a  VISIT")
    assert "in the chronology already" in problem.reason
    full = a_paper(events=tuple(KeptEvent(n, Event(date(2026, 1, 1), f"Event {n}"), 1) for n in range(1, 501)))
    comparison = laid_beside(full, typed(as_file(full), {**cells, (EVENTS, "Event 7", "What was done"): "Rang."}))
    assert list(changes(comparison)) == ["Event 7"]
    assert problems(comparison)[0][3].startswith("None of the new events is taken. A chronology holds at most 500")
