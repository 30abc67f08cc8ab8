"""What came of rounds: findings, the action plan, who did what."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import String, Subquery, and_, cast, func, literal, or_, select

from audit_app.accounts.models import Agency, Person
from audit_app.accounts.rules import Viewer
from audit_app.actions.models import Action, DueDateChange, ProgressUpdate
from audit_app.actions.rules import ACTION_STATE_WORDS, BRAG_WORDS, brag_in_words, is_overdue
from audit_app.cases.models import Case
from audit_app.core.db import db
from audit_app.exports.queries.answers import Of, seen_whole
from audit_app.exports.queries.streaming import ROUND_NAME, in_words, stream
from audit_app.findings.models import Finding
from audit_app.findings.queries import agreed_counts, findings_of_round, frame_of
from audit_app.findings.rules import FINDING_KIND_WORDS
from audit_app.history.models import HistoryEvent
from audit_app.history.rules import sentence
from audit_app.rounds.models import Round
from reports import round_rows as rows
from reports.counts import counts_in_words

_ACTION_IN_ROUND = and_(Round.partnership_id == Action.partnership_id, Round.id == Action.round_id)


def findings(viewer: Viewer, of: Of) -> Iterator[rows.Finding]:
    """The findings of each round, with the counts of the indicators they rest on."""
    written = select(Round.id, ROUND_NAME, Finding.id, func.coalesce(Person.name, "")).join(
        Round, and_(Round.partnership_id == Finding.partnership_id, Round.id == Finding.round_id)
    )
    names: dict[int, str] = {}
    writers: dict[int, str] = {}
    query = written.outerjoin(Person, Person.id == Finding.written_by_id).where(*of).order_by(Round.id)
    for round_id, name, finding_id, writer in db.session.execute(query):
        names[round_id], writers[finding_id] = name, writer
    for round_id, name in names.items():
        frame = frame_of(viewer.partnership_id, round_id)
        counts = agreed_counts(viewer.partnership_id, frame)
        lines = {
            asked.id: counts_in_words(frame.scale, counted)
            for asked, counted in zip(frame.indicators, counts, strict=True)
        }
        for number, found in enumerate(findings_of_round(viewer.partnership_id, round_id), 1):
            yield rows.Finding(
                name,
                f"F{number}",
                FINDING_KIND_WORDS[found.kind],
                found.title,
                found.words,
                "\n".join(lines[indicator_id] for indicator_id in found.indicator_ids),
                writers[found.id],
            )


def actions(viewer: Viewer, of: Of, *, today: date) -> Iterator[rows.Action]:
    """The action plan in the columns councils use; what is overdue is so today."""
    numbered, earlier = _numbered(of), _earlier_dates(viewer, of)
    newest = (
        select(func.max(ProgressUpdate.id))
        .where(ProgressUpdate.partnership_id == Action.partnership_id, ProgressUpdate.action_id == Action.id)
        .correlate(Action)
        .scalar_subquery()
    )
    query = (
        select(ROUND_NAME, numbered.c.number, Action, Finding.title, Agency.name, Person.name, ProgressUpdate.words)
        .join(numbered, numbered.c.id == Action.id)
        .join(Round, _ACTION_IN_ROUND)
        .join(Finding, and_(Finding.partnership_id == Action.partnership_id, Finding.id == Action.finding_id))
        .join(Agency, and_(Agency.partnership_id == Action.partnership_id, Agency.id == Action.agency_id))
        .join(Person, Person.id == Action.lead_id)
        .outerjoin(ProgressUpdate, ProgressUpdate.id == newest)
        .where(*of)
        .order_by(Round.id, Action.id)
    )
    for name, number, action, finding, agency, lead, latest in stream(query):
        yield rows.Action(
            name,
            f"A{number}",
            action.title,
            finding,
            action.due_on,
            agency,
            lead,
            action.outcome_measure,
            brag_in_words(action.state, action.brag),
            latest or "",
            action.evaluation,
            ACTION_STATE_WORDS[action.state],
            is_overdue(action.state, action.due_on, today),
            action.reason,
            "\n".join(earlier[action.id]),
        )


def progress_updates(of: Of) -> Iterator[rows.ProgressUpdate]:
    """Everything that was posted on the actions of each round, oldest first."""
    numbered = _numbered(of)
    query = (
        select(
            ROUND_NAME,
            literal("A") + cast(numbered.c.number, String),
            ProgressUpdate.posted_at,
            Agency.name,
            ProgressUpdate.posted_by_name,
            in_words(ProgressUpdate.brag, BRAG_WORDS),
            ProgressUpdate.words,
            ProgressUpdate.impact,
        )
        .join(
            Action,
            and_(Action.partnership_id == ProgressUpdate.partnership_id, Action.id == ProgressUpdate.action_id),
        )
        .join(numbered, numbered.c.id == Action.id)
        .join(Round, _ACTION_IN_ROUND)
        .join(Agency, and_(Agency.partnership_id == Action.partnership_id, Agency.id == Action.agency_id))
        .where(*of)
        .order_by(Round.id, Action.id, ProgressUpdate.id)
    )
    return map(rows.ProgressUpdate._make, stream(query))


def deeds(viewer: Viewer, of: Of) -> Iterator[rows.Deed]:
    """Who did what in each round, oldest first; nothing about a case that the viewer is blind to."""
    query = (
        select(
            ROUND_NAME,
            HistoryEvent.at,
            HistoryEvent.actor_name,
            HistoryEvent.event,
            HistoryEvent.subject_name,
            HistoryEvent.facts,
        )
        .join(Round, and_(Round.partnership_id == HistoryEvent.partnership_id, Round.id == HistoryEvent.round_id))
        .outerjoin(Case, and_(Case.partnership_id == HistoryEvent.partnership_id, Case.id == HistoryEvent.case_id))
        .where(HistoryEvent.partnership_id == viewer.partnership_id, *of, or_(Case.id.is_(None), seen_whole(viewer)))
        .order_by(Round.id, HistoryEvent.at, HistoryEvent.id)
    )
    for name, at, actor, event, subject, facts in stream(query):
        yield rows.Deed(name, at, actor, sentence(event, actor=actor, subject=subject, facts=facts), subject)


def _numbered(of: Of) -> Subquery:
    """Each action's number within its round, in the order in which they were written."""
    number = func.row_number().over(partition_by=Action.round_id, order_by=Action.id).label("number")
    return select(Action.id, number).join(Round, _ACTION_IN_ROUND).where(*of).subquery()


def _earlier_dates(viewer: Viewer, of: Of) -> Mapping[int, list[str]]:
    """The dates that each action was moved from, with the reasons, oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    ours = select(Action.id).join(Round, _ACTION_IN_ROUND).where(*of)
    query = (
        select(DueDateChange.action_id, DueDateChange.from_day, DueDateChange.reason)
        .where(DueDateChange.partnership_id == viewer.partnership_id, DueDateChange.action_id.in_(ours))
        .order_by(DueDateChange.action_id, DueDateChange.id)
    )
    for action_id, day, reason in db.session.execute(query):
        found[action_id].append(f"{day.day} {day:%B %Y}: {reason}")
    return found
