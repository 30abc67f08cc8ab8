"""Making a case, taking it from state to state, withdrawing it."""

from datetime import datetime

from audit_app.accounts.rules import Viewer
from audit_app.cases import queries, rules
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.cases.services.identities import give_identity
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.history.services import record
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.rounds.models import Round


def make_case(
    found: Round,
    *,
    position: int,
    token: str,
    plan_status: PlanStatus,
    age_band: AgeBand,
    area_id: int | None,
    stratum: str,
    replaces_id: int | None,
    at: datetime,
) -> Case:
    """Make a sampled child a case of a round, as part of a deed of sampling. The child's identity becomes the case's.

    Raises:
        Refused: the child's line in the identity key has been destroyed.
    """
    case = Case(
        partnership_id=found.partnership_id,
        round_id=found.id,
        position=position,
        reference=rules.case_reference(found.reference, position),
        state=CaseState.SAMPLED,
        plan_status=plan_status,
        age_band=age_band,
        area_id=area_id,
        stratum=stratum,
        is_reserve=replaces_id is not None,
        replaces_id=replaces_id,
        created_at=at,
    )
    db.session.add(case)
    db.session.flush()
    give_identity(case, token)
    return case


def move_case(case: Case, to: CaseState) -> None:
    """Take a case to another state. The deed that does it has locked the case and records what it did.

    Raises:
        Refused: a case cannot go there from where it is.
    """
    if reason := rules.why_not_move(case.state, to):
        raise Refused(reason)
    case.state = to


def write_summary(case_id: int, *, words: str, version: int, by: Viewer) -> None:
    """Say in a few words what the child's situation is, for the panel. `version` is of the words that were seen.

    Raises:
        NotHere: no such case.
        Refused: the panel has finished the case, or it was withdrawn.
        Stale: somebody else wrote it meanwhile.
    """
    case = queries.case_for_change(by.partnership_id, case_id)
    if reason := rules.why_not_write_summary(case.state):
        raise Refused(reason)
    if case.summary == words:
        return
    if case.summary_version != version:
        raise Stale({"summary": case.summary}, version=case.summary_version)
    case.summary = words
    case.summary_version += 1
    record("summary_written", by=by, of=case)
    db.session.flush()


def withdraw_case(case: Case, *, reason: str, by: Actor) -> None:
    """Withdraw a child, as part of a deed that has locked the case and may put another child in its place.

    Raises:
        Refused: a case cannot be withdrawn from where it is.
    """
    move_case(case, CaseState.WITHDRAWN)
    case.withdrawn_reason = reason
    record("case_withdrawn", by=by, of=case)
    db.session.flush()
