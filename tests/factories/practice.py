"""Practitioners for tests: a round that is open to them, someone named on a return, feedback that is owed."""

from datetime import date

from sqlalchemy import update

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.returns import services
from audit_app.returns.models import AgencyReturn, Feedback, ReturnPractitioner
from audit_app.returns.rules import FeedbackHow, Occasion, PractitionerPart, Prompt, Talk, Told
from audit_app.rounds.models import Round
from audit_app.rounds.rules import PractitionerAccess
from tests.factories.accounts import a_member, saved
from tests.factories.returns import Asked, the_return

TALK = Talk(
    date(2026, 3, 2),
    "the health visitor",
    notes={Prompt.WORRIED: "The winter, and no heating.", Prompt.HELPED: "A visit together with the school."},
)
TOLD = Told(
    "You saw her alone, twice.", "the health visitor", date(2026, 3, 4), FeedbackHow.IN_PERSON, "Write it down."
)


def open_to_practitioners(round_id: int, access: PractitionerAccess = PractitionerAccess.ANSWER) -> None:
    """Let a round open its returns to practitioners."""
    with transaction():
        db.session.execute(update(Round).where(Round.id == round_id).values(practitioners=access))


def a_practitioner(asked: Asked, agency_id: int | None = None) -> Person:
    """Someone with the practitioner's role for the health agency, or another, named on nothing."""
    agency = db.session.get_one(Agency, agency_id or asked.health)
    return a_member(db.session.get_one(Partnership, asked.partnership_id), Role.PRACTITIONER, agency=agency)


def named(return_id: int, person_id: int, part: PractitionerPart = PractitionerPart.PRACTITIONER) -> ReturnPractitioner:
    """Someone named on a return."""
    its = the_return(return_id)
    known = {"part": part, "named_at": clock.now(), "named_by_id": 0}
    return saved(ReturnPractitioner(partnership_id=its.partnership_id, return_id=its.id, person_id=person_id, **known))


def note(asked: Asked, return_id: int, talk: Talk = TALK, version: int = 0) -> None:
    """The health auditor records a discussion, or that none was held."""
    with transaction():
        services.save_discussion(
            return_id,
            talk,
            is_held=talk.held_on is not None,
            version=version,
            by=asked.actor(asked.health_auditor),
            at=clock.now(),
        )


def a_feedback(its: AgencyReturn, due_on: date = date(2100, 1, 1), **more: object) -> Feedback:
    """Feedback that is due on a return; with `given_on`, given."""
    known = {"occasion": Occasion.PANEL, "due_on": due_on}
    if "given_on" in more:
        more = {"how": FeedbackHow.IN_PERSON, "saved_at": clock.now(), "saved_by_id": 0, **more}
    same = {"partnership_id": its.partnership_id, "round_id": its.round_id, "agency_id": its.agency_id}
    return saved(Feedback(return_id=its.id, **same, **{**known, **more}))
