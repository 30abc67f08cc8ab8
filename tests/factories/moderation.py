"""Rounds after their panels, for tests: all cases agreed and read side by side, or facts being checked."""

from dataclasses import dataclass
from datetime import date

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels import services
from audit_app.panels.models import AccuracyRequest, ModerationChange
from audit_app.panels.rules import AgreedHow, Item
from audit_app.panels.services import Wrong
from audit_app.rounds.models import Round
from tests.factories.accounts import Row, a_member
from tests.factories.panels import Sitting, a_decision, a_sitting, answer, finish, items_of, release

WRONG = Wrong("The visit was not in May.", "It was on 3 March.", "Visit log, 3 March 2026")
NOTE = "I read all cases. They are rated alike."


@dataclass(frozen=True)
class Moderation:
    """A round past its panel. `other` is named to read with the chair; people by id."""

    sitting: Sitting
    other: int
    scrutineer: int
    health_lead: int

    def actor(self, person_id: int) -> Viewer:
        """One of these people, as services see them."""
        return self.sitting.actor(person_id)

    @property
    def chair(self) -> int:
        return self.sitting.chair

    @property
    def coordinator(self) -> int:
        return self.sitting.asked.coordinator

    def item(self, code: str = "A04", case: int = 0) -> Item:
        """An item of a case as it is now."""
        return items_of(self.sitting, case)[code]

    def path(self, rest: str) -> str:
        """An address of the round."""
        return self.sitting.path(f"/rounds/{self.sitting.asked.reference}{rest}")


def set_plan(sitting: Sitting, **answers: object) -> None:
    """Let the round's plan say this."""
    with transaction():
        its_round = db.session.get_one(Round, sitting.asked.round_id)
        for name, value in answers.items():
            setattr(its_round, name, value)


def the_round(sitting: Sitting) -> Round:
    """The round as it is kept now."""
    db.session.rollback()
    found = db.session.get_one(Round, sitting.asked.round_id, populate_existing=True)
    db.session.rollback()
    return found


def past_its_panel(*, cases: int = 2, is_moderated: bool = True, accuracy_days: int = 10) -> Moderation:
    """A round whose cases are all agreed, everything "good"; whoever is named to read with the chair is a member."""
    sitting = a_sitting(cases=cases)
    set_plan(sitting, is_moderated=is_moderated, accuracy_days=accuracy_days)
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    health = db.session.get_one(Agency, sitting.asked.health)
    other = a_member(partnership, Role.PANEL_MEMBER, agency=None, name="Olu Other")
    scrutineer = a_member(partnership, Role.SCRUTINEER, name="Sia Scrutineer")
    lead = a_member(partnership, Role.AGENCY_LEAD, agency=health, name="Lea Lead")
    if is_moderated:
        actor = sitting.actor(sitting.asked.coordinator)
        with transaction():
            services.name_reader(sitting.asked.round_id, person_id=other.id, by=actor)
    for case in range(cases):
        if case:
            answer(sitting, case)
            release(sitting, case)
        finish(sitting, case)
    return Moderation(sitting, other.id, scrutineer.id, lead.id)


def being_checked(*, cases: int = 2) -> Moderation:
    """A round whose facts agencies check, from 4 March to 18 March 2026."""
    return past_its_panel(cases=cases, is_moderated=False)


def propose(
    moderation: Moderation, code: str = "A04", level: str = "inadequate", *, by: int | None = None, case: int = 0
) -> int:
    """Propose a change of an item, by the chair unless told otherwise. Its id."""
    item = moderation.item(code, case)
    decision = a_decision(
        moderation.sitting,
        item,
        level,
        reason="Nobody asked.",
        changed_because="The same facts were rated lower elsewhere.",
        how=AgreedHow.MODERATED,
    )
    actor = moderation.actor(by or moderation.chair)
    with transaction():
        made = services.propose_change(moderation.sitting.cases[case], decision, by=actor, at=clock.now())
    return made.id


def confirm(moderation: Moderation, change_id: int, *, by: int | None = None) -> None:
    """Confirm a proposed change, by the other reader unless told otherwise."""
    actor = moderation.actor(by or moderation.other)
    with transaction():
        services.confirm_change(change_id, by=actor, at=clock.now())


def say_done(moderation: Moderation, by: int) -> bool:
    """Somebody says that they have read all cases."""
    actor = moderation.actor(by)
    with transaction():
        return services.end_moderation(moderation.sitting.asked.round_id, note=NOTE, by=actor, at=clock.now())


def ask(
    moderation: Moderation,
    code: str | None = "A04",
    *,
    by: int | None = None,
    agency: int | None = None,
    wrong: Wrong = WRONG,
    case: int = 0,
) -> int:
    """Health, unless told otherwise, asks to correct an item, or without a code the outcome. The request's id."""
    asked = moderation.sitting.asked
    actor = moderation.actor(by or asked.health_auditor)
    item_id = moderation.item(code, case).id if code else None
    with transaction():
        made = services.ask_correction(
            moderation.sitting.cases[case],
            agency_id=agency or asked.health,
            item_id=item_id,
            wrong=wrong,
            by=actor,
            at=clock.now(),
        )
    return made.id


def nothing(moderation: Moderation, agency: int, by: int) -> None:
    """An agency says that nothing more is to be corrected."""
    actor = moderation.actor(by)
    with transaction():
        services.say_nothing_to_correct(moderation.sitting.asked.round_id, agency_id=agency, by=actor, at=clock.now())


def the_change(change_id: int) -> ModerationChange:
    """A change as it is kept now."""
    db.session.rollback()
    return _read(db.session.get_one(ModerationChange, change_id, populate_existing=True))


def the_request(request_id: int) -> AccuracyRequest:
    """A request as it is kept now."""
    db.session.rollback()
    return _read(db.session.get_one(AccuracyRequest, request_id, populate_existing=True))


def _read(row: Row) -> Row:
    db.session.rollback()
    return row


def end_check(moderation: Moderation) -> None:
    """The coordinator ends the accuracy check."""
    actor = moderation.actor(moderation.coordinator)
    with transaction():
        services.end_check(moderation.sitting.asked.round_id, by=actor, at=clock.now())


def more_time(moderation: Moderation, due_on: date, reason: str = "Half term.") -> None:
    """The coordinator gives agencies more time."""
    actor = moderation.actor(moderation.coordinator)
    with transaction():
        services.give_more_time(
            moderation.sitting.asked.round_id,
            due_on=due_on,
            reason=reason,
            by=actor,
            at=clock.now(),
        )
