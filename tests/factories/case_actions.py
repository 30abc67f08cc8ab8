"""Actions about single children for tests, raised and done on the first case of a sitting by those who may."""

from datetime import UTC, date, datetime

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.panels import services
from audit_app.panels.models import CaseAction
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member
from tests.factories.panels import Sitting

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday
TODAY = NOW.date()
LINK = "http://service.example/case-actions"
WORDS = "Call the core group together."
OUTCOME = "It met on Monday; the school nurse sees the child every week."


def raised(
    sitting: Sitting,
    *,
    words: str = WORDS,
    agency: int | None = None,
    days: int | None = 5,
    by: int | None = None,
    case: int = 0,
    at: datetime = NOW,
) -> CaseAction:
    """The chair asks health, unless told otherwise, to do something within five working days."""
    with transaction():
        return services.raise_case_action(
            sitting.asked.cases[case],
            agency_id=agency or sitting.asked.health,
            words=words,
            working_days=days,
            link=LINK,
            by=sitting.actor(by or sitting.chair),
            at=at,
        )


def done(
    sitting: Sitting,
    action: CaseAction,
    *,
    outcome: str = OUTCOME,
    on: date | None = TODAY,
    are_not_names: bool = False,
    by: int | None = None,
) -> CaseAction:
    """Health's auditor, unless told otherwise, records what was done."""
    with transaction():
        return services.finish_case_action(
            action.id,
            outcome=outcome,
            done_on=on,
            are_not_names=are_not_names,
            by=sitting.actor(by or sitting.asked.health_auditor),
            at=NOW,
        )


def sent_back(
    sitting: Sitting, action: CaseAction, reason: str = "Who takes her?", by: int | None = None
) -> CaseAction:
    """The coordinator, unless told otherwise, sends an action back."""
    with transaction():
        return services.send_case_action_back(
            action.id, reason=reason, link=LINK, by=sitting.actor(by or sitting.asked.coordinator), at=NOW
        )


def moved(sitting: Sitting, action: CaseAction, to: date | None, reason: str = "A strike.", **more: int) -> CaseAction:
    """The coordinator makes an action due on another day."""
    with transaction():
        return services.move_case_action(
            action.id,
            due_on=to,
            reason=reason,
            version=more.get("version", action.version),
            by=sitting.actor(more.get("by", sitting.asked.coordinator)),
            at=NOW,
        )


def withdrawn(sitting: Sitting, action: CaseAction, reason: str = "Done before.", by: int | None = None) -> CaseAction:
    """The coordinator, unless told otherwise, takes an action back."""
    with transaction():
        return services.withdraw_case_action(
            action.id, reason=reason, by=sitting.actor(by or sitting.asked.coordinator)
        )


def a_lead(sitting: Sitting, agency_id: int, name: str = "Lee Lead") -> Person:
    """Someone who leads an agency of a sitting."""
    agency = db.session.get_one(Agency, agency_id)
    return a_member(db.session.get_one(Partnership, agency.partnership_id), Role.AGENCY_LEAD, agency=agency, name=name)


def the_action(action: CaseAction) -> CaseAction:
    """An action as it is kept now."""
    db.session.rollback()
    return db.session.get_one(CaseAction, action.id, populate_existing=True)


def be(sitting: Sitting, state: RoundState) -> None:
    """Let the round be in a state, without what leads to it."""
    with transaction():
        found = db.session.get_one(Round, sitting.asked.round_id)
        found.state = state
        if state is RoundState.PUBLISHED:
            found.published_at, found.published_by_id = NOW, sitting.asked.coordinator
