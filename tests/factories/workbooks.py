"""Filled workbooks of returns that exist, for tests that load them."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from audit_app.accounts.rules import Viewer
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.history.models import HistoryEvent
from audit_app.returns import queries, services
from audit_app.returns.rules.workbooks import Comparison, Paper, ReadReturn, compare, read_return
from tests.factories.papers import as_file, typed

RATINGS, KNOWN, EVENTS, WHOLE = "Ratings", "Is the child known", "Chronology", "Over the whole return"
ANSWER, EVIDENCE, YOURS = "Answer", "Judgement and its reason", "Your answer"
YES = {
    (KNOWN, "Known 1", YOURS): "Yes, in the look-back period",
    (KNOWN, "Known 5", YOURS): "Yes",
    (KNOWN, "Known 6", YOURS): "I had no part in this child's care or its supervision",
}
"""The child is known, and the right file is open."""
Cells = Mapping[tuple[str, str, str], Any]


def rated(*codes: str, level: str = "Good", evidence: str = "Seen on 3 March.") -> dict[tuple[str, str, str], Any]:
    """The cells of indicators that are all answered alike."""
    return {
        (RATINGS, code, heading): value for code in codes for heading, value in ((ANSWER, level), (EVIDENCE, evidence))
    }


OVERALL = {(WHOLE, "Whole 1", YOURS): "Good", (WHOLE, "Whole 2", YOURS): "She was heard, and it showed."}
ALL = {**YES, **rated("A01", "A04", "B01", "H02"), **OVERALL}
"""A return of the small template, answered whole."""


def the_paper(by: Viewer, return_id: int) -> Paper:
    """A return as it is now."""
    db.session.rollback()
    paper = queries.paper_of(by, return_id, today=clock.today())
    db.session.rollback()
    return paper


def a_file(by: Viewer, return_id: int, cells: Cells) -> bytes:
    """The workbook of a return as it is now, with something typed into it."""
    return typed(as_file(the_paper(by, return_id)), cells)


def keep(return_id: int, content: bytes, by: Viewer) -> str:
    """Choose a file, and give its fingerprint."""
    with transaction():
        return services.keep_return_file(return_id, content=content, by=by, at=clock.now()).file_sha256


def looked_at(return_id: int, content: bytes, by: Viewer) -> tuple[ReadReturn, Comparison]:
    """What the preview of a file shows."""
    paper = the_paper(by, return_id)
    read = read_return(content, paper)
    loaded = queries.loaded_before(by, return_id, read.origin.copy)
    db.session.rollback()
    return read, compare(paper, read, loaded=loaded)


def load(return_id: int, cells: Cells, by: Viewer, stands: Mapping[str, str] | None = None) -> int:
    """Download, type, choose, look and confirm."""
    return take_in(return_id, a_file(by, return_id, cells), by, stands)


def take_in(return_id: int, content: bytes, by: Viewer, stands: Mapping[str, str] | None = None) -> int:
    """Choose a file, look and confirm."""
    sha = keep(return_id, content, by)
    read, comparison = looked_at(return_id, content, by)
    with transaction():
        return services.take_return_file(
            return_id, sha, read=read, mark=comparison.mark, stands=stands or {}, by=by, at=clock.now()
        )


def doors(own: int, by: Viewer) -> list[Callable[[], object]]:
    """The ways by which a filled workbook of a return comes back."""
    content = a_file(by, own, {})
    read, comparison = looked_at(own, content, by)
    now = clock.now()
    return [
        lambda: services.keep_return_file(own, content=content, by=by, at=now),
        lambda: services.take_return_file(own, "x", read=read, mark=comparison.mark, stands={}, by=by, at=now),
    ]


def history(*names: str) -> list[tuple[str, str, dict[str, object]]]:
    """The deeds of these names, in order: each with who did it and its facts."""
    rows = db.session.scalars(select(HistoryEvent).where(HistoryEvent.event.in_(names)).order_by(HistoryEvent.id)).all()
    found = [(row.event, row.actor_name, row.facts) for row in rows]
    db.session.rollback()
    return found
