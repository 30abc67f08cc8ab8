"""Everything that goes into a workbook, as rows that are read one by one while it is written."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.exports.queries.agreed import agreed_ratings, room_ratings
from audit_app.exports.queries.answers import (
    about_children,
    agency_ratings,
    agency_returns,
    blind_cases,
    cases,
    chronology,
    voices,
)
from audit_app.exports.queries.case_actions import case_actions
from audit_app.exports.queries.corrections import corrections
from audit_app.exports.queries.outcomes import actions, deeds, findings, progress_updates
from audit_app.exports.queries.panel_feedback import panel_feedback
from audit_app.exports.queries.panels import panels
from audit_app.exports.queries.planning import plan_lines, questions, scale, strata
from audit_app.exports.queries.practice import feedback, reflections
from audit_app.rounds.models import Round
from audit_app.rounds.queries import seen_by
from audit_app.rounds.rules import ROUND_STATE_WORDS
from reports.round_workbook import Audit

__all__ = ["audit_of_every_round", "audit_of_round"]


def audit_of_round(viewer: Viewer, audit: Round, *, made_at: datetime, today: date) -> Audit:
    """All that a viewer may take away of one round. Its rows are read when they are asked for, in the open read."""
    return _audit(_Making(viewer, made_at, today, audit.id), audit.history_name, ROUND_STATE_WORDS[audit.state])


def audit_of_every_round(viewer: Viewer, *, made_at: datetime, today: date) -> Audit:
    """All that a viewer may take away of every round they see."""
    count = db.session.scalar(select(func.count()).select_from(Round).where(seen_by(viewer))) or 0
    return _audit(_Making(viewer, made_at, today), "All rounds", f"{count} round{'' if count == 1 else 's'}")


@dataclass(frozen=True)
class _Making:
    """For whom a workbook is made, when, and of which round, where it is of one."""

    viewer: Viewer
    made_at: datetime
    today: date
    round_id: int | None = None


def _audit(making: _Making, subject: str, state: str) -> Audit:
    viewer = making.viewer
    of = [seen_by(viewer)] if making.round_id is None else [seen_by(viewer), Round.id == making.round_id]
    return Audit(
        partnership=viewer.partnership.name,
        subject=subject,
        state=state,
        made_at=making.made_at,
        made_by=viewer.name,
        left_out=_left_out(blind_cases(viewer, of)),
        plan=plan_lines(viewer, of),
        scale=scale(viewer, of),
        questions=questions(viewer, of),
        sample=strata(viewer, of),
        cases=cases(viewer, of),
        returns=agency_returns(viewer, of),
        children=about_children(viewer, of),
        chronology=chronology(viewer, of),
        voices=voices(viewer, of),
        reflections=reflections(viewer, of),
        feedback=feedback(viewer, of),
        panels=panels(viewer, of),
        panel_feedback=panel_feedback(viewer, of),
        agreed=agreed_ratings(viewer, of),
        room_ratings=room_ratings(viewer, of),
        corrections=corrections(viewer, of),
        ratings=agency_ratings(viewer, of),
        findings=findings(viewer, of),
        actions=actions(viewer, of, today=making.today),
        updates=progress_updates(of),
        case_actions=case_actions(viewer, of, today=making.today),
        history=deeds(viewer, of),
    )


def _left_out(count: int) -> str:
    if not count:
        return ""
    cases_ = "1 case that is" if count == 1 else f"{count} cases that are"
    return (
        f"You audit, or sit on the panel of, {cases_} not released yet. "
        "What other agencies said of such a case, and what was done with it, is left out of your copy."
    )
