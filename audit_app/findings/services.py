"""Deeds on findings, and publishing a round."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.findings import queries, rules
from audit_app.findings.models import Finding, FindingIndicator
from audit_app.findings.rules import FindingKind
from audit_app.history.services import record
from audit_app.returns.rules import Occasion
from audit_app.returns.services import feedback_falls_due
from audit_app.rounds import queries as rounds
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState

KEPT_FOR_ITS_ACTIONS = (
    "An action was written from this finding, so the finding stays. Change its words instead, "
    "and withdraw the action if it is not needed."
)


def write_finding(
    round_id: int,
    *,
    kind: FindingKind,
    title: str,
    words: str,
    indicator_ids: Collection[int],
    by: Actor,
    at: datetime,
) -> Finding:
    """Write a finding that rests on indicators of its round; it comes last.

    Raises:
        NotHere: no such round.
        Refused: the round is not being reported, or something is missing (`field` names it).
    """
    _round_to_write(round_id, by)
    _check(round_id, title=title, words=words, indicator_ids=indicator_ids, by=by)
    finding = Finding(
        partnership_id=by.partnership_id,
        round_id=round_id,
        position=queries.last_position(by.partnership_id, round_id) + 1,
        kind=kind,
        title=title,
        words=words,
        written_at=at,
        written_by_id=by.id,
    )
    db.session.add(finding)
    db.session.flush()
    _rest_on(finding, indicator_ids)
    record("finding_written", by=by, of=finding)
    return finding


def change_finding(
    round_id: int,
    finding_id: int,
    *,
    version: int,
    kind: FindingKind,
    title: str,
    words: str,
    indicator_ids: Collection[int],
    by: Actor,
) -> Finding:
    """Change what a finding says or rests on. `version` is the one the person saw.

    Raises:
        NotHere: no such finding in the round.
        Refused: the round is not being reported, or something is missing (`field` names it).
        Stale: someone else changed it meanwhile.
    """
    _round_to_write(round_id, by)
    finding = queries.finding_for_change(by.partnership_id, round_id, finding_id)
    if version != finding.version:
        raise Stale(
            {"kind": rules.FINDING_KIND_WORDS[finding.kind], "title": finding.title, "words": finding.words},
            version=finding.version,
        )
    _check(round_id, title=title, words=words, indicator_ids=indicator_ids, by=by)
    finding.kind, finding.title, finding.words = kind, title, words
    finding.version += 1
    db.session.execute(
        delete(FindingIndicator).where(
            FindingIndicator.partnership_id == by.partnership_id, FindingIndicator.finding_id == finding_id
        )
    )
    _rest_on(finding, indicator_ids)
    record("finding_changed", by=by, of=finding)
    db.session.flush()
    return finding


def move_finding(round_id: int, finding_id: int, *, is_up: bool, by: Actor) -> Finding:
    """Let a finding change places with the one of its kind before or after it. At an end nothing moves.

    Raises:
        NotHere: no such finding in the round.
        Refused: the round is not being reported.
    """
    _round_to_write(round_id, by)
    finding = queries.finding_for_change(by.partnership_id, round_id, finding_id)
    other = queries.neighbour_for_change(finding, is_before=is_up)
    if other is None:
        return finding
    here, there = finding.position, other.position
    for row, position in ((finding, 0), (other, here), (finding, there)):  # two findings never share a place
        row.position = position
        db.session.flush()
    record("finding_moved", by=by, of=finding)
    return finding


def remove_finding(round_id: int, finding_id: int, *, reason: str, by: Actor) -> None:
    """Remove a finding. History keeps its title and the reason.

    Raises:
        NotHere: no such finding in the round.
        Refused: the round is not being reported, no reason is given, or an action was written from the finding.
    """
    _round_to_write(round_id, by)
    finding = queries.finding_for_change(by.partnership_id, round_id, finding_id)
    if not reason:
        raise Refused("Say why the finding is removed.", "reason")
    record("finding_removed", by=by, of=finding, reason=reason)
    db.session.flush()
    try:
        db.session.delete(finding)
        db.session.flush()
    except IntegrityError as error:  # actions are a feature above: the database alone knows of them here
        raise Refused(KEPT_FOR_ITS_ACTIONS) from error


def publish_round(round_id: int, *, edition: str, by: Actor, at: datetime) -> Round:
    """Publish a round: its counts and findings are open to board members and agency leads, and locked.

    `edition` is `rules.edition` of the findings as the person saw them.

    Raises:
        NotHere: no such round.
        Refused: not being reported, no finding yet, or the findings were changed meanwhile.
    """
    found = rounds.round_for_change(by.partnership_id, round_id)
    findings = queries.findings_of_round(by.partnership_id, round_id)
    if reason := rules.why_not_publish(found.state, findings=len(findings)):
        raise Refused(reason)
    if edition != rules.edition((one.id, one.version) for one in findings):
        raise Refused("The findings were changed while you were checking them. Check them once more.")
    found.state, found.published_at, found.published_by_id = RoundState.PUBLISHED, at, by.id
    record("round_published", by=by, of=found)
    db.session.flush()
    feedback_falls_due(Occasion.PUBLICATION, found, at=at)
    return found


def _round_to_write(round_id: int, by: Actor) -> Round:
    """The round, locked, so that no finding is written while it is being published."""
    found = rounds.round_for_change(by.partnership_id, round_id)
    if reason := rules.why_not_write(found.state):
        raise Refused(reason)
    return found


def _check(round_id: int, *, title: str, words: str, indicator_ids: Collection[int], by: Actor) -> None:
    asked = queries.indicator_ids_of_round(by.partnership_id, round_id)
    if refusal := rules.why_not_finding(title=title, words=words, indicator_ids=indicator_ids, asked=asked):
        raise Refused(*refusal)


def _rest_on(finding: Finding, indicator_ids: Collection[int]) -> None:
    mine = {"partnership_id": finding.partnership_id, "finding_id": finding.id}
    db.session.execute(insert(FindingIndicator), [mine | {"indicator_id": one} for one in sorted(set(indicator_ids))])
