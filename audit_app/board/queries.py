"""What a board reads: the rounds that were published."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core.db import db
from audit_app.findings.models import Finding
from audit_app.findings.rules import FindingKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import SEEN_BY_BOARD

ROUNDS_A_PAGE = 10


@dataclass(frozen=True)
class PublishedRound:
    """A published round with what was found, as (kind, title) in order."""

    id: int
    reference: str
    title: str
    theme: str
    published_at: datetime | None
    cases: int
    findings: Sequence[tuple[FindingKind, str]]


@dataclass(frozen=True)
class Published:
    """One page of the published rounds, newest first, and how many pages there are."""

    rounds: Sequence[PublishedRound]
    pages: int


def published(partnership_id: int, *, page: int = 1) -> Published:
    """The published rounds of a partnership, a page at a time. Three queries, however many there are."""
    stands = and_(Round.partnership_id == partnership_id, Round.state.in_(sorted(SEEN_BY_BOARD)))
    count = db.session.scalar(select(func.count()).select_from(Round).where(stands)) or 0
    cases = (
        select(func.count())
        .where(Case.partnership_id == Round.partnership_id, Case.round_id == Round.id, Case.state == CaseState.AGREED)
        .correlate(Round)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Round.id, Round.reference, Round.title, Round.theme, Round.published_at, cases)
        .where(stands)
        .order_by(Round.published_at.desc(), Round.id.desc())
        .limit(ROUNDS_A_PAGE)
        .offset((page - 1) * ROUNDS_A_PAGE)
    ).all()
    found: dict[int, list[tuple[FindingKind, str]]] = defaultdict(list)
    for round_id, kind, title in db.session.execute(
        select(Finding.round_id, Finding.kind, Finding.title)
        .where(Finding.partnership_id == partnership_id, Finding.round_id.in_([row.id for row in rows]))
        .order_by(Finding.position)
    ):
        found[round_id].append((kind, title))
    return Published(
        [
            PublishedRound(round_id, reference, title, theme, published_at, of_it, found[round_id])
            for round_id, reference, title, theme, published_at, of_it in rows
        ],
        pages=-(-count // ROUNDS_A_PAGE),
    )
