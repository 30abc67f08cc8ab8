"""What the world has of rounds after their panels: one in moderation, and one whose facts are checked."""

from datetime import date

from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.panels.models import (
    AccuracyAnswer,
    AccuracyExtension,
    AccuracyRequest,
    AgreedRating,
    ModerationChange,
    ModerationReading,
    Panel,
    PanelCase,
    PanelItem,
    PanelRoom,
)
from audit_app.returns.rules import AnswerKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import an_agency, saved
from tests.factories.findings import a_counted_round, an_agreed_case


def the_moderation(here: Partnership, asked: Agency, people: dict[Role, int]) -> dict[str, object]:
    """A round whose cases are read side by side, with a change that its chair proposed to the other reader."""
    moderated = a_counted_round(
        here,
        [asked, an_agency(here)],
        state=RoundState.MODERATION,
        is_moderated=True,
        moderated_with_id=people[Role.PANEL_MEMBER],
    )
    case, item = an_agreed_item(moderated, asked, people)
    change = ModerationChange(
        partnership_id=here.id,
        round_id=moderated.id,
        case_id=case.id,
        item_id=item.id,
        answer=AnswerKind.NO_EVIDENCE,
        reason="The file says nothing.",
        because="As in the other cases.",
        proposed_at=clock.now(),
        proposed_by_id=people[Role.PANEL_CHAIR],
    )
    saved(
        ModerationReading(
            partnership_id=here.id,
            round_id=moderated.id,
            person_id=people[Role.PANEL_CHAIR],
            note="I read all cases.",
            said_at=clock.now(),
        )
    )
    pages = ("moderation", "end_moderation", "name_reader")
    return {
        **{f"panels.{page} reference": moderated.reference for page in pages},
        **{f"panels.{page} reference": case.reference for page in ("moderate_item", "decide_change")},
        "moderate/item_id": item.id,
        "change_id": saved(change).id,
    }


def the_check(here: Partnership, asked: Agency, people: dict[Role, int]) -> dict[str, object]:
    """A round whose facts are checked, with a correction that the agency asked for, and more time that was given."""
    checked = a_counted_round(
        here, [asked, an_agency(here)], state=RoundState.ACCURACY_CHECK, accuracy_due_on=date(2100, 3, 1)
    )
    case, item = an_agreed_item(checked, asked, people)
    its = {"partnership_id": here.id, "round_id": checked.id}
    request = AccuracyRequest(
        case_id=case.id,
        agency_id=asked.id,
        item_id=item.id,
        what_is_wrong="The visit was not in May.",
        what_is_right="It was on 3 March.",
        where_on_file="Visit log",
        asked_at=clock.now(),
        asked_by_id=people[Role.AUDITOR],
        **its,
    )
    by = {"extended_at": clock.now(), "extended_by_id": people[Role.COORDINATOR]}
    days = {"from_day": date(2100, 2, 1), "to_day": date(2100, 3, 1)}
    saved(AccuracyExtension(reason="Half term.", **days, **by, **its))
    saved(AccuracyAnswer(agency_id=asked.id, said_at=clock.now(), said_by_id=people[Role.AGENCY_LEAD], **its))
    pages = ("accuracy", "check_facts", "nothing_to_correct", "give_more_time", "end_check")
    return {
        **{f"panels.{page} reference": checked.reference for page in pages},
        "case_reference": case.reference,
        "accuracy/agency_id": asked.id,
        "panels.ask_correction agency_id": asked.id,
        "request_id": saved(request).id,
    }


def an_agreed_item(audit: Round, asked: Agency, people: dict[Role, int]) -> tuple[Case, PanelItem]:
    """A case that a panel agreed, about which the agency was asked, with one item."""
    case = an_agreed_case(audit, rated={("A04", asked): "good"}, agreed={("A04", None): "good"})
    panel = saved(
        Panel(
            partnership_id=audit.partnership_id,
            round_id=audit.id,
            held_on=date(2026, 3, 1),
            chair_id=people[Role.PANEL_CHAIR],
            is_on_paper=True,
            created_at=clock.now(),
        )
    )
    saved(PanelRoom(partnership_id=audit.partnership_id, panel_id=panel.id))
    saved(PanelCase(partnership_id=audit.partnership_id, panel_id=panel.id, case_id=case.id, position=1))
    item = db.session.scalars(select(PanelItem).where(PanelItem.case_id == case.id)).one()
    with transaction():
        agreed = db.session.scalars(select(AgreedRating).where(AgreedRating.item_id == item.id)).one()
        agreed.agreed_by_id = people[Role.PANEL_CHAIR]
    return case, item
