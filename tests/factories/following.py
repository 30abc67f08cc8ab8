"""An immediate concern with everybody who has a part in following it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.queries import agency_for_change
from audit_app.accounts.rules import AgencyKind, Role, Viewer
from audit_app.cases import queries, services
from audit_app.cases.models import Case, Concern
from audit_app.cases.rules import EntryKind
from audit_app.core.db import db, transaction
from audit_app.history.queries import deeds_of_case
from audit_app.rounds.models import RoundAgency
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor, saved
from tests.factories.cases import SHEET, a_case
from tests.factories.rounds import a_round
from tests.fixtures import Clock

LINK = "https://audits.example/p/x/concerns"


@dataclass(frozen=True)
class Place:
    """A concern that a health auditor raised about a child whose case social care holds; everybody told is a member."""

    partnership: Partnership
    health: Agency
    social_care: Agency
    case: Case
    concern: int
    auditor: Viewer
    contact: Viewer
    coordinator: Viewer
    social_worker: Viewer
    scrutineer: Viewer
    clock: Clock

    def does(self, deed: Callable[..., object], by: Viewer, **facts: object) -> Callable[[], object]:
        concern_id, at = self.concern, self.clock.at  # read here: threads share no session

        def do() -> object:
            with transaction():
                return deed(concern_id, by=by, at=at, **facts)

        return do

    def acknowledged(self, by: Viewer | None = None) -> None:
        self.does(services.acknowledge_concern, by or self.contact)()

    def outcome(self, words: str = "Seen at home: safe") -> int:
        self.does(services.record_outcome, self.social_worker, words=words)()
        return queries.standing_outcome(self.partnership.id, self.concern) or 0

    def row(self) -> Concern:
        db.session.rollback()
        return db.session.scalars(
            select(Concern).where(Concern.id == self.concern).execution_options(populate_existing=True)
        ).one()

    def log(self) -> list[EntryKind]:
        db.session.rollback()
        return [line.kind for line in queries.concern_log(self.partnership.id, self.concern)]

    def deeds(self) -> list[str]:
        return [deed.event for deed in reversed(deeds_of_case(self.partnership.id, self.case.id))]


def a_followed_concern(clock: Clock) -> Place:
    """A concern as `Place` says, raised just now."""
    partnership = a_partnership()
    health = an_agency(partnership, short_name="Health")
    social_care = an_agency(partnership, AgencyKind.CHILDRENS_SOCIAL_CARE, short_name="Social care")
    found = a_round(partnership)
    for agency in (health, social_care):
        saved(RoundAgency(partnership_id=partnership.id, round_id=found.id, agency_id=agency.id))
    case = a_case(found, health, social_care, sheet=SHEET)
    contact = a_member(partnership, Role.BOARD_MEMBER, name="Sam Contact")
    with transaction():
        agency_for_change(partnership.id, health.id).contact_email = contact.email
    auditor = a_member(partnership, Role.AUDITOR, agency=health, name="Ada Auditor")
    coordinator = as_actor(a_member(partnership, Role.COORDINATOR, name="Kim Coordinator"), partnership)
    with transaction():
        raised = services.raise_concern(
            case.id,
            token="once",
            worry="No food in the house",
            told_whom="The duty team",
            told_at=clock.at,
            agreed="A visit today",
            agency_id=health.id,
            other_children="Two younger ones",
            link=LINK,
            by=as_actor(auditor, partnership),
            at=clock.at,
        )
    return Place(
        partnership,
        health,
        social_care,
        case,
        raised.concern.id,
        as_actor(auditor, partnership),
        as_actor(contact, partnership),
        coordinator,
        as_actor(a_member(partnership, Role.AUDITOR, agency=social_care, name="Wil Worker"), partnership),
        as_actor(a_member(partnership, Role.SCRUTINEER), partnership),
        clock,
    )
