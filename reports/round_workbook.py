"""The workbook of a round, or of every round: what a partnership keeps, sends to inspectors and can take elsewhere.

The rows are those of `reports.round_rows`. `write_round` leaves the round's name out; `write_everything` makes it the
first column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from reports import round_tables as tables
from reports.cells import Value, moment_in_words
from reports.round_rows import (
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
from reports.workbook import Column, Sheet, Workbook, Written, write_workbook

MARKING = "OFFICIAL-SENSITIVE: contains small numbers about children; not for publication"


@dataclass(frozen=True, slots=True)
class Audit:
    """What a workbook of one round or of all of them is made from. Rows are read once, in the order they come.

    `made_at` is a moment with its zone. `state` is in the words of the page, such as "Published". `left_out` says what
    the person for whom it is made may not see, in a sentence; empty where that is nothing.
    """

    partnership: str
    subject: str
    state: str
    made_at: datetime
    made_by: str
    left_out: str
    plan: Iterable[PlanLine]
    scale: Iterable[ScaleLevel]
    questions: Iterable[Question]
    sample: Iterable[Stratum]
    cases: Iterable[SampledCase]
    returns: Iterable[AgencyReturn]
    children: Iterable[AboutChild]
    chronology: Iterable[ChronologyEvent]
    voices: Iterable[Voice]
    reflections: Iterable[Reflection]
    feedback: Iterable[Feedback]
    panels: Iterable[PanelLine]
    panel_feedback: Iterable[PanelFeedback]
    agreed: Iterable[AgreedRating]
    room_ratings: Iterable[RoomRating]
    corrections: Iterable[Correction]
    ratings: Iterable[AgencyRating]
    findings: Iterable[Finding]
    actions: Iterable[Action]
    updates: Iterable[ProgressUpdate]
    case_actions: Iterable[CaseAction]
    history: Iterable[Deed]


def write_round(audit: Audit, out: BinaryIO) -> Written:
    """Write one round's workbook to `out`; says how many rows went into each worksheet and how many texts were cut."""
    return write_workbook(_workbook(audit, f"{audit.subject}: audit workbook", many=False), out)


def write_everything(audit: Audit, out: BinaryIO) -> Written:
    """Write the workbook of all rounds to `out`; each table's first column is the round. Answers as write_round."""
    return write_workbook(_workbook(audit, f"{audit.partnership}: workbook of all audits", many=True), out)


def _workbook(audit: Audit, title: str, *, many: bool) -> Workbook:
    cover = (
        f"Partnership: {audit.partnership}",
        f"What this is about: {audit.subject}",
        f"State: {audit.state}",
        f"Made: {moment_in_words(audit.made_at)}",
        f"Made by: {audit.made_by}",
    )
    words = (("Left out for you", audit.left_out), *tables.NOTES) if audit.left_out else tables.NOTES
    notes = Sheet(
        "Notes", "Notes", "One word or rule a row.", (Column("Word", tables.MIDDLE), Column("Meaning", 100)), words
    )
    filled: tuple[tuple[tables.Table, Iterable[Sequence[Value]]], ...] = (
        (tables.PLAN, audit.plan),
        (tables.SCALE, audit.scale),
        (tables.QUESTIONS, audit.questions),
        (tables.SAMPLE, audit.sample),
        (tables.CASES, audit.cases),
        (tables.RETURNS, audit.returns),
        (tables.CHILDREN, audit.children),
        (tables.CHRONOLOGY, audit.chronology),
        (tables.VOICES, audit.voices),
        (tables.REFLECTIONS, audit.reflections),
        (tables.FEEDBACK, audit.feedback),
        (tables.PANELS, audit.panels),
        (tables.PANEL_FEEDBACK, audit.panel_feedback),
        (tables.AGREED, audit.agreed),
        (tables.ROOM_RATINGS, audit.room_ratings),
        (tables.CORRECTIONS, audit.corrections),
        (tables.RATINGS, audit.ratings),
        (tables.FINDINGS, audit.findings),
        (tables.ACTIONS, audit.actions),
        (tables.UPDATES, audit.updates),
        (tables.CASE_ACTIONS, audit.case_actions),
        (tables.HISTORY, audit.history),
    )
    sheets = (notes, *(_sheet(table, rows, many=many) for table, rows in filled))
    return Workbook(title, audit.made_by, audit.made_at, MARKING, cover, sheets)


def _sheet(table: tables.Table, rows: Iterable[Sequence[Value]], *, many: bool) -> Sheet:
    if many:
        columns: Sequence[Column] = (Column("Round", tables.MIDDLE), *table.columns)
    else:
        columns, rows = table.columns, (row[1:] for row in rows)
    return Sheet(table.name, table.title, table.about, columns, rows)
