"""Panels for tests: a meeting with its people, a case that waits for its release, one that is released, one agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.history.queries import deeds_of_case
from audit_app.indicators.rules import AuditTemplate
from audit_app.panels import queries, services
from audit_app.panels.models import AgreedRating, Panel
from audit_app.panels.rules import EVERYTHING, AgreedHow, Decision, Item, OutcomePart
from audit_app.returns.rules import AnswerKind
from audit_app.rounds import queries as rounds
from audit_app.rounds import services as round_services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member
from tests.factories.returns import Asked, a_round_with_agencies, hand_over, level_id
from tests.factories.rounds import SMALL

LINK = "http://service.example/panel-feedback"
REASON = "The records of both agencies bear it out."


@dataclass(frozen=True)
class Sitting:
    """A round with a panel for its cases. People by id; `cases` are the ids of the cases in the panel's order."""

    asked: Asked
    panel_id: int
    chair: int
    member: int
    note_taker: int
    cases: tuple[int, ...]

    def actor(self, person_id: int) -> Viewer:
        """One of these people, as services see them."""
        return self.asked.actor(person_id)

    def at(self, page: str = "", case: int = 0) -> str:
        """The address of the page of a case, or of one below it."""
        return self.path(f"/panels/cases/{self.asked.cases[case]}{page}")

    def path(self, rest: str) -> str:
        """An address in the partnership."""
        return f"/p/{self.asked.slug}{rest}"


def a_panel(
    asked: Asked,
    cases: Sequence[int] = (),
    *,
    chair: int,
    members: dict[int, int | None],
    is_on_paper: bool = True,
) -> Panel:
    """A meeting of a round on 20 March 2026, planned by its coordinator: on paper, unless told otherwise."""
    with transaction():
        return services.plan_panel(
            asked.round_id,
            held_on=date(2026, 3, 20),
            place="Town Hall, room 4",
            chair_id=chair,
            members=members,
            case_ids=cases,
            is_on_paper=is_on_paper,
            by=asked.actor(asked.coordinator),
            at=clock.now(),
        )


def a_sitting(
    *, cases: int = 2, is_handed_over: bool = True, is_released: bool = True, template: AuditTemplate = SMALL
) -> Sitting:
    """A panel for all cases of a round. The first case is handed over by both agencies and released, unless told
    otherwise: health rates everything good, police everything one level worse. The other cases are with the agencies.
    """
    asked = a_round_with_agencies(cases=cases, template=template)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    chair = a_member(partnership, Role.PANEL_CHAIR, name="Chris Chair")
    member = a_member(partnership, Role.PANEL_MEMBER, agency=None, name="Mo Member")
    note_taker = a_member(partnership, Role.NOTE_TAKER, name="Nat Notes")
    ids = tuple(
        db.session.scalars(select(Case.id).where(Case.round_id == asked.round_id).order_by(Case.position)).all()
    )
    panel = a_panel(asked, ids, chair=chair.id, members={member.id: asked.health, note_taker.id: None})
    sitting = Sitting(asked, panel.id, chair.id, member.id, note_taker.id, ids)
    if is_handed_over:
        answer(sitting, 0)
        if is_released:
            release(sitting, 0)
    return sitting


def answer(sitting: Sitting, case: int, health: str = "good", police: str = "requires_improvement") -> None:
    """Both agencies hand over their return on a case, each with one level throughout."""
    asked = sitting.asked
    hand_over(asked.returns[asked.health][case], asked.actor(asked.health_auditor), health)
    hand_over(asked.returns[asked.police][case], asked.actor(asked.police_auditor), police)


def release(sitting: Sitting, case: int) -> None:
    """The chair releases a case to the panel."""
    with transaction():
        services.release_case(sitting.cases[case], by=sitting.actor(sitting.chair), at=clock.now())


def items_of(sitting: Sitting, case: int = 0) -> dict[str, Item]:
    """The items of a case as they are now, by code (and the agency's id, for own work: A01-7)."""
    db.session.rollback()
    template = rounds.frozen_template(sitting.asked.partnership_id, sitting.asked.round_id)
    items = queries.items_of_case(sitting.asked.partnership_id, sitting.cases[case], template, sight=EVERYTHING)
    db.session.rollback()
    return {item.indicator.code + (f"-{item.agency_id}" if item.agency_id else ""): item for item in items}


def a_decision(sitting: Sitting, item: Item, code: str = "good", **more: object) -> Decision:
    """What a chair decides on an item as it is now: a level, with a reason."""
    known = {
        "item_id": item.id,
        "version": item.version,
        "answer": AnswerKind.LEVEL,
        "level_id": level_id(sitting.asked.round_id, code),
        "reason": REASON,
        "how": AgreedHow.ON_PAPER,
    }
    return Decision(**{**known, **more})  # type: ignore[arg-type]


def agree(sitting: Sitting, *decisions: Decision, case: int = 0) -> int:
    """The chair records these decisions on a case."""
    with transaction():
        return services.agree_ratings(sitting.cases[case], decisions, by=sitting.actor(sitting.chair), at=clock.now())


def agree_all(sitting: Sitting, case: int = 0) -> None:
    """The chair agrees one level on everything of a case."""
    agree(sitting, *(a_decision(sitting, item) for item in items_of(sitting, case).values()), case=case)


def finish(sitting: Sitting, case: int = 0) -> None:
    """The chair agrees everything on a case, and finishes it."""
    agree_all(sitting, case)
    finish_only(sitting, case=case)


def the_case(sitting: Sitting, case: int = 0) -> Case:
    """A case of the sitting as it is kept now."""
    db.session.rollback()
    return db.session.get_one(Case, sitting.cases[case], populate_existing=True)


def round_state(sitting: Sitting) -> RoundState:
    """Where the round is now."""
    db.session.rollback()
    return db.session.get_one(Round, sitting.asked.round_id, populate_existing=True).state


def agreed_rows(item_id: int) -> list[AgreedRating]:
    """Every row ever agreed on an item, oldest first."""
    db.session.rollback()
    query = select(AgreedRating).where(AgreedRating.item_id == item_id).order_by(AgreedRating.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def last_deed(sitting: Sitting, case: int = 0) -> str:
    """The newest line of a case's history."""
    return deeds_of_case(sitting.asked.partnership_id, sitting.cases[case])[0].words


def withdraw_round(sitting: Sitting) -> None:
    """The coordinator takes the whole round back."""
    with transaction():
        round_services.withdraw_round(
            sitting.asked.round_id, reason="No time.", by=sitting.actor(sitting.asked.coordinator)
        )


def write_outcome(
    sitting: Sitting,
    learned: str = "Agencies met too late.",
    good_practice: str = "",
    *,
    to: Mapping[int, tuple[str, str]] | None = None,
    case: int = 0,
    by: int = 0,
) -> None:
    """The chair (or who is named) writes what the panel learned, and feedback and question to agencies by their ids."""
    who = sitting.actor(by or sitting.chair)
    now = {part.agency_id: part for part in outcome_parts(sitting, case)}
    parts = [OutcomePart(None, (learned, good_practice), now[None].version)]
    parts += [OutcomePart(agency_id, said, now[agency_id].version) for agency_id, said in (to or {}).items()]
    with transaction():
        services.save_outcome(sitting.cases[case], parts, by=who)


def outcome_parts(sitting: Sitting, case: int = 0) -> Sequence[OutcomePart]:
    """The parts of the outcome of a case as they are kept now: the case, then the agencies by name."""
    db.session.rollback()
    found = queries.outcome_shown(sitting.actor(sitting.asked.coordinator), sitting.asked.cases[case])
    db.session.rollback()
    return [found.part, *(one.part for one in found.to_agencies)]


def finish_only(sitting: Sitting, outcome: str = "Agencies met too late.", case: int = 0) -> None:
    """The chair finishes a case as it is. What was learned is written first, unless something is written already."""
    (of_case, *_) = outcome_parts(sitting, case)
    if outcome and not of_case.words[0]:
        write_outcome(sitting, outcome, case=case)
    with transaction():
        services.finish_case(sitting.cases[case], link=LINK, by=sitting.actor(sitting.chair), at=clock.now())


def answer_panel(sitting: Sitting, agency_id: int, words: str, *, case: int = 0, version: int = 1) -> None:
    """The auditor of an agency answers what the panel asked on a case."""
    asked = sitting.asked
    by = asked.health_auditor if agency_id == asked.health else asked.police_auditor
    with transaction():
        services.answer_question(
            sitting.cases[case], agency_id, answer=words, version=version, by=asked.actor(by), at=clock.now()
        )


def withdraw(sitting: Sitting, case: int) -> Case | None:
    """The coordinator withdraws the child of a case."""
    with transaction():
        return services.withdraw_case(
            sitting.cases[case],
            reason="The family moved away.",
            by=sitting.actor(sitting.asked.coordinator),
            at=clock.now(),
        )
