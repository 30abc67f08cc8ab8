import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from reports.round_rows import (
    NO_EVIDENCE,
    NOT_APPLICABLE,
    AboutChild,
    Action,
    AgencyRating,
    AgencyReturn,
    AgreedRating,
    CaseAction,
    ChronologyEvent,
    Correction,
    Deed,
    Feedback,
    Finding,
    PanelFeedback,
    PanelLine,
    PlanLine,
    ProgressUpdate,
    Question,
    Reflection,
    RoomRating,
    SampledCase,
    ScaleLevel,
    Stratum,
    Voice,
)
from reports.round_workbook import MARKING, Audit, write_everything, write_round

Read = Callable[[BytesIO, str], list[list[object]]]

ROUND = "Neglect of children under five, spring 2026"
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
QUESTION = Question(
    *(ROUND, "E01", "Fathers", "Family", "Were men seen?", "Why.", "Notes.", "The child", "In words only", True),
)
CASE_ACTION = CaseAction(
    *(ROUND, "N26-01", "Police", "Check the address.", date(2026, 3, 4), "C. Chair", date(2026, 3, 11)),
    *("Open", True, "", None, "Who went?", "9 March 2026: A strike."),
)
SHEETS = [
    "Cover",
    "Contents",
    "Notes",
    "The audit",
    "Scale",
    "Questions",
    "Sample profile",
    "Cases",
    "Agency returns",
    "About the children",
    "Chronology",
    "Voices",
    "Reflective practice",
    "Feedback",
    "Panels",
    "Panel feedback",
    "Agreed ratings",
    "Ratings in the room",
    "Corrections",
    "Agency ratings",
    "Findings",
    "Action plan",
    "Progress updates",
    "Case actions",
    "Who did what",
]


def agency_rating(number: int) -> AgencyRating:
    return AgencyRating(
        ROUND, f"N26-{number:02}", "Police", "E01", "Fathers and other men", "Level", "Good", 2,
        f"The officer spoke to the father at visit {number}.", "Log, 3 March", "Strength", "", "R. Auditor", AT,
    )  # fmt: skip


def agreed_rating() -> AgreedRating:
    return AgreedRating(
        ROUND, "N26-01", "E01", "Fathers and other men", "Family", "", "Level", "Good", 2,
        "He was seen and heard.", "Asking him too.", "Mo: Seldom.", "rated separately", "C. Hair", AT, True, "",
    )  # fmt: skip


def action() -> Action:
    return Action(
        ROUND, "A1", "Ask every time", "Men are left out", date(2026, 9, 1), "Health", "H. Visitor",
        "In 9 of 10 cases", "At risk", "Begun", "Half of them are asked", "open", True, "", "",
    )  # fmt: skip


def agency_return() -> AgencyReturn:
    return AgencyReturn(
        ROUND, "N26-01", "Police", "Accepted", "", "Good", 2, "Heard.", "Visits.", "Checks.", "Ask.", "Train.",
        submitted_by="R. Auditor", submitted_at=AT,
    )  # fmt: skip


VOICES = [Voice(ROUND, "N26-01", "Health", "The child", "A summary", None, "More help.", "Inside the partnership")]
REFLECTIONS = [Reflection(ROUND, "N26-01", "Police", "Discussion", "the officer", "Why?", "Snow.", AT.date())]
CORRECTION = Correction(
    *(ROUND, "N26-01", "Police", "A04 Harm was weighed", "The visit was in May.", "It was in March.", "Log, 3 March"),
    *("R. Auditor", AT, "Corrected", "The log bears it out.", "", "C. Chair", AT),
)
PANELS = [
    PanelLine(ROUND, AT.date(), "Member", "M. Ember", "Police", "Present"),
    PanelLine(ROUND, AT.date(), "Point put aside", "M. Ember", case="N26-01", point="Who pays?", taken_to="The board"),
]
IN_THE_ROOM = RoomRating(
    *(ROUND, "N26-01", "E01", "Fathers", "", 1, "M. Ember", "Police", "A level", "Good", 2, "He was seen.", AT),
)
SAID = [PanelFeedback(ROUND, "N26-01", "Police", "Well recorded.", "Who rings?", "We do.", "R. Auditor", AT)]
FEEDBACK = [Feedback(ROUND, "N26-01", "Police", "After the panel", AT.date(), None, "", "")]


@pytest.fixture
def audit() -> Audit:
    return Audit(
        partnership="Fernshire Safeguarding Children Partnership",
        subject=ROUND,
        state="Published",
        made_at=datetime(2026, 7, 4, 13, 5, tzinfo=UTC),
        made_by="Q. Lead",
        left_out="",
        plan=[PlanLine(ROUND, "Theme", "Neglect of children under five")],
        scale=[ScaleLevel(ROUND, 1, "Outstanding", "O", "Strong")],
        questions=[QUESTION],
        sample=[Stratum(ROUND, "On a child protection plan", 77, 6, 1)],
        cases=[
            SampledCase(ROUND, "N26-01", "Agreed", "Child protection plan", "Under 1", "", "", "A baby.", "", "", "")
        ],
        returns=[agency_return()],
        children=[AboutChild(ROUND, "N26-01", "Police", "P07", "Type of neglect", "Physical")],
        chronology=[ChronologyEvent(ROUND, "N26-01", date(2025, 3, 4), "Police", "Called.", "Afraid.", "Went.")],
        voices=VOICES,
        reflections=REFLECTIONS,
        feedback=FEEDBACK,
        panels=PANELS,
        panel_feedback=SAID,
        agreed=[agreed_rating(), agreed_rating()._replace(level=NO_EVIDENCE, rank=None)],
        room_ratings=[IN_THE_ROOM],
        corrections=[CORRECTION],
        ratings=[agency_rating(1), agency_rating(2)._replace(level=NOT_APPLICABLE, rank=None)],
        findings=[Finding(ROUND, "F1", "Strength", "Men are seen", "Detail.", "E01 Fathers: Good 2", "Q. Lead")],
        actions=[action()],
        updates=[ProgressUpdate(ROUND, "A1", AT, "Health", "H. Visitor", "At risk", "Begun", "")],
        case_actions=[CASE_ACTION],
        history=[Deed(ROUND, AT, "Q. Lead", "Opened the round", ROUND)],
    )


def sheet_names(file: BytesIO) -> list[str]:
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).sheet_names


def test_one_round_has_every_worksheet_in_the_order_of_the_story(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    result = write_round(audit, out)
    assert sheet_names(out) == SHEETS
    assert {name: result.rows[name] for name in ("Agreed ratings", "Agency ratings", "Action plan")} == {
        "Agreed ratings": 2,
        "Agency ratings": 2,
        "Action plan": 1,
    }
    assert [row[0] for row in read_back(out, "Cover")] == [
        f"{ROUND}: audit workbook",
        MARKING,
        "Partnership: Fernshire Safeguarding Children Partnership",
        f"What this is about: {ROUND}",
        "State: Published",
        "Made: 4 July 2026 at 14:05",
        "Made by: Q. Lead",
        "Contents of this workbook",
    ]


@pytest.mark.parametrize("name", SHEETS[1:])
def test_every_worksheet_carries_the_marking(name: str, audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    write_round(audit, out)
    assert [row[0] for row in read_back(out, name)[:4] if row[0] == MARKING] == [MARKING]


def test_an_agency_rating_lies_under_its_headings(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    write_round(audit, out)
    heading, first, second = read_back(out, "Agency ratings")[4:]
    assert dict(zip(heading, first, strict=True)) == {
        "Case": "N26-01",
        "Agency": "Police",
        "Code": "E01",
        "Indicator": "Fathers and other men",
        "Answer": "Level",
        "Level": "Good",
        "Rank": 2.0,
        "Evidence": "The officer spoke to the father at visit 1.",
        "Where on file": "Log, 3 March",
        "Strength or concern": "Strength",
        "Why not applicable": "",
        "Rated by": "R. Auditor",
        "Rated at": datetime(2026, 3, 4, 9, 30),  # noqa: DTZ001
    }
    answers = dict(zip(heading, second, strict=True))
    assert (answers["Level"], answers["Rank"]) == ("[z]", "")


def test_the_action_plan_has_the_columns_councils_use(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    write_round(audit, out)
    heading, row = read_back(out, "Action plan")[4:]
    line = dict(zip(heading, row, strict=True))
    wanted = [
        "Action", "Timescale", "Lead agency", "Lead", "Outcome measure", "BRAG", "Latest update", "Evaluation",
        "Overdue",
    ]  # fmt: skip
    assert [line[column] for column in wanted] == [
        "Ask every time", date(2026, 9, 1), "Health", "H. Visitor", "In 9 of 10 cases", "At risk", "Begun",
        "Half of them are asked", "Yes",
    ]  # fmt: skip


def test_the_workbook_of_everything_says_first_which_round_a_row_belongs_to(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    ratings = [agency_rating(1), agency_rating(1)._replace(round_name="Autumn 2026")]
    write_everything(replace(audit, subject="All rounds", ratings=ratings), out)
    assert [row[:2] for row in read_back(out, "Agency ratings")[4:]] == [
        ["Round", "Case"],
        [ROUND, "N26-01"],
        ["Autumn 2026", "N26-01"],
    ]
    assert read_back(out, "Cover")[0] == ["Fernshire Safeguarding Children Partnership: workbook of all audits"]


@pytest.mark.parametrize("write", [write_round, write_everything])
def test_headings_and_values_are_as_many_on_every_worksheet(
    write: Callable[[Audit, BytesIO], object], audit: Audit, read_back: Read
) -> None:
    out = BytesIO()
    write(audit, out)  # a row of another length is refused
    for name in SHEETS[2:]:
        rows = read_back(out, name)
        assert all(rows[4]), name
        assert len(rows) > 5, name


def test_the_notes_explain_the_shorthand_and_what_is_counted(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    write_round(audit, out)
    notes = {row[0]: str(row[1]) for row in read_back(out, "Notes")[5:]}
    assert "not applicable" in notes["[z]"]
    assert "no evidence" in notes["[x]"]
    assert "never averaged" in notes["Counts"]
    assert "rank 1 is the best" in notes["Level"]


def test_the_notes_begin_with_what_is_left_out(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    write_round(replace(audit, left_out="You audit 2 of these cases yourself."), out)
    assert read_back(out, "Notes")[5] == ["Left out for you", "You audit 2 of these cases yourself."]


def test_a_round_that_has_only_begun_still_makes_a_workbook(audit: Audit, read_back: Read) -> None:
    out = BytesIO()
    begun = replace(
        audit,
        sample=(),
        cases=(),
        returns=(),
        children=(),
        chronology=(),
        voices=(),
        reflections=(),
        feedback=(),
        panels=(),
        panel_feedback=(),
        agreed=(),
        room_ratings=(),
        corrections=(),
        ratings=(),
        findings=(),
        actions=(),
        updates=(),
        case_actions=(),
        history=(),
    )
    result = write_round(begun, out)
    written = {name for name, rows in result.rows.items() if rows}
    assert written == {"Notes", "The audit", "Scale", "Questions"}
    assert str(read_back(out, "Findings")[5][0]).startswith("There are no rows")


def test_one_round_takes_less_than_a_second(audit: Audit) -> None:
    large = replace(audit, ratings=(agency_rating(number) for number in range(10 * 33 * 4)))
    begun = time.process_time()
    write_round(large, BytesIO())
    assert time.process_time() - begun < 1


def test_libreoffice_opens_a_round(audit: Audit, read_back: Read, office: Callable[[BytesIO, str], Path]) -> None:
    out = BytesIO()
    write_round(audit, out)
    saved = BytesIO((office(out, "xlsx") / "book.xlsx").read_bytes())
    assert sheet_names(saved) == SHEETS
    for name in SHEETS:
        assert read_back(saved, name) == read_back(out, name)
