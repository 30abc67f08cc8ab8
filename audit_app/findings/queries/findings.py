"""Reads of findings."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from audit_app.core.db import db, row_for_change
from audit_app.findings.models import Finding, FindingIndicator
from audit_app.findings.rules import FindingKind
from audit_app.rounds.models import RoundIndicator


@dataclass(frozen=True)
class FindingRow:
    """A finding as pages show it; `indicator_ids` are those it rests on, in the order of the template."""

    id: int
    kind: FindingKind
    title: str
    words: str
    version: int
    indicator_ids: tuple[int, ...]


def findings_of_round(partnership_id: int, round_id: int) -> Sequence[FindingRow]:
    """The findings of a round, strengths first, each kind in the order its writers gave it. Two queries."""
    of_round = Finding.partnership_id == partnership_id, Finding.round_id == round_id
    rests_on: dict[int, list[int]] = defaultdict(list)
    for finding_id, indicator_id in db.session.execute(
        select(FindingIndicator.finding_id, FindingIndicator.indicator_id)
        .join(RoundIndicator, RoundIndicator.id == FindingIndicator.indicator_id)
        .where(
            FindingIndicator.partnership_id == partnership_id,
            FindingIndicator.finding_id.in_(select(Finding.id).where(*of_round)),
        )
        .order_by(RoundIndicator.position)
    ):
        rests_on[finding_id].append(indicator_id)
    rows = db.session.execute(
        select(Finding.id, Finding.kind, Finding.title, Finding.words, Finding.version)
        .where(*of_round)
        .order_by(Finding.position)
    )
    found = [FindingRow(*row, tuple(rests_on[row[0]])) for row in rows]
    return sorted(found, key=lambda one: list(FindingKind).index(one.kind))


def finding_for_change(partnership_id: int, round_id: int, finding_id: int) -> Finding:
    """One finding of a round, locked for the deed that is under way.

    Raises:
        NotHere: the round has no such finding.
    """
    return row_for_change(
        select(Finding).where(
            Finding.partnership_id == partnership_id, Finding.round_id == round_id, Finding.id == finding_id
        )
    )


def neighbour_for_change(finding: Finding, *, is_before: bool) -> Finding | None:
    """The next finding of the same kind before or after one, locked for the deed that is under way."""
    position = Finding.position
    query = (
        select(Finding)
        .where(
            Finding.partnership_id == finding.partnership_id,
            Finding.round_id == finding.round_id,
            Finding.kind == finding.kind,
            position < finding.position if is_before else position > finding.position,
        )
        .order_by(position.desc() if is_before else position)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).one_or_none()


def last_position(partnership_id: int, round_id: int) -> int:
    """The place of a round's last finding; 0 where there is none."""
    query = select(func.max(Finding.position)).where(
        Finding.partnership_id == partnership_id, Finding.round_id == round_id
    )
    return db.session.scalar(query) or 0


def indicator_ids_of_round(partnership_id: int, round_id: int) -> Collection[int]:
    """The ids of the indicators that a round asks about."""
    return set(
        db.session.scalars(
            select(RoundIndicator.id).where(
                RoundIndicator.partnership_id == partnership_id, RoundIndicator.round_id == round_id
            )
        )
    )
