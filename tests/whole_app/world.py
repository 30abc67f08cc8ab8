"""A partnership with something of everything in it, for tests that go over the whole application."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from audit_app.accounts.models import Agency, DelegatedPartner, Partnership, Person
from audit_app.accounts.rules import ROLES_OF_AN_AGENCY, Role
from audit_app.actions.rules import ActionState
from audit_app.cases.models import Case
from audit_app.cases.rules import ConcernState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.messages.models import Message
from audit_app.messages.services import post
from audit_app.panels.models import Calibration, OutcomeForAgency, Panel, PanelMember
from audit_app.returns.models import AgencyReturn
from audit_app.returns.rules import Known
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import (
    a_body,
    a_member,
    a_membership,
    a_partnership,
    a_person,
    an_agency,
    an_area,
    as_actor,
    saved,
    what_is_typed,
)
from tests.factories.actions import a_finding_to_act_on, an_action
from tests.factories.case_actions import done, raised
from tests.factories.cases import a_concern
from tests.factories.findings import a_counted_round, an_agreed_case
from tests.factories.indicators import the_templates
from tests.factories.panels import Sitting, a_sitting
from tests.factories.practice import a_feedback, named, open_to_practitioners
from tests.factories.returns import a_voice, a_waiting_case, an_event, ratings_of, say
from tests.factories.rounds import RECORDING, a_round, an_open_round
from tests.factories.templates import a_draft, a_published_template
from tests.whole_app.after_panels import the_check, the_moderation


@dataclass(frozen=True)
class World:
    """Who is in it, by id."""

    slug: str
    other_slug: str
    people: dict[Role, int]
    """One person for each role, with that role alone."""
    agency_outsider: int
    """Holds every role of an agency, for an agency that is asked nothing."""
    stranger: int
    """Holds every role in the other partnership, and none in this one."""
    addresses: dict[str, object]
    """A value for each part of an address, of things in this partnership: `finding_id`, or with the word before it
    where one name means several things: `rounds/reference`, `cases/reference`, or with the endpoint where a page
    needs one in a state of its own: `actions.sign_off action_id`."""


OF_EVERYONE = frozenset(
    {"filename", "token", "code", "version", "section", "figure", "position", "key", "kind", "group", "chosen", "rated"}
    | {"route"}  # of those that every partnership has
)
"""Parts of addresses that name nothing of a partnership: files, links in mails and the library are the same for all."""
OF_CHRONOLOGY_AND_VOICES = (
    *("chronology", "add_event", "change_event", "remove_event", "paste_events"),
    *("voices", "add_voice", "change_voice", "withdraw_voice", "feed_back"),
)
"""Pages of a return on which an agency is still writing."""
OF_ONE_AGENCY = frozenset(
    {"cases/reference", "concerns/concern_id", "feedback/feedback_id", "case-actions/case_action_id"}
)
"""Parts of addresses that name something which only the agencies asked about it may see."""


def a_message(partnership: Partnership) -> int:
    with transaction():
        post(
            partnership_id=partnership.id,
            recipient="someone@agency.example",
            occasion="a test",
            subject="A return is waiting for you",
            body="Sign in to see it.",
        )
    return db.session.scalars(select(Message.id).where(Message.occasion == "a test")).one()


def a_round_at_panel() -> Sitting:
    """Three cases: one at panel, one that the agencies have not begun, one whose return is under way."""
    sitting = a_sitting(cases=3, template=RECORDING)
    asked = sitting.asked
    say(asked.returns[asked.health][2], Known.KNOWN, asked.actor(asked.health_auditor))
    return sitting


def what_was_recorded(sitting: Sitting) -> dict[str, object]:
    """An event and a voice in the return under way, by the parts of their addresses."""
    asked = sitting.asked
    of, by = asked.returns[asked.health][2], asked.actor(asked.health_auditor)
    return {"event_id": an_event(of, by), "voice_id": a_voice(of, by)}


def seat(sitting: Sitting, people: dict[Role, int]) -> None:
    """Give the panel to the people of the world."""
    with transaction():
        panel = db.session.get_one(Panel, sitting.panel_id)
        panel.chair_id = people[Role.PANEL_CHAIR]
        for role, agency_id in ((Role.PANEL_MEMBER, sitting.asked.health), (Role.NOTE_TAKER, None)):
            db.session.add(
                PanelMember(
                    partnership_id=panel.partnership_id, panel_id=panel.id, person_id=people[role], agency_id=agency_id
                )
            )


def concerns_by_route(case: Case, agency: Agency, another_id: int) -> dict[str, object]:
    """A concern that was just raised, and one whose outcome another agency recorded, and waits to be agreed."""
    somebody = a_person("Somebody")
    waiting = a_concern(
        case,
        somebody,
        agency,
        holder_id=another_id,
        state=ConcernState.OUTCOME_RECORDED,
        acknowledged_at=clock.now(),
        acknowledged_by_name="Somebody",
        outcome_at=clock.now(),
        outcome_by_name="Somebody",
    )
    return {
        "concern_id": a_concern(case, somebody, agency, holder_id=agency.id).id,
        "cases.agree_on_outcome concern_id": waiting.id,
    }


def a_delegated_partner(partnership: Partnership) -> int:
    return saved(
        DelegatedPartner(
            partnership_id=partnership.id,
            name="Somebody responsible",
            organisation="The council",
            email="responsible@council.example",
        )
    ).id


def build_world() -> World:
    """Build it, in an empty database."""
    templates = the_templates()
    sitting = a_round_at_panel()
    here, elsewhere = db.session.get_one(Partnership, sitting.asked.partnership_id), a_partnership("elsewhere")
    asked = db.session.get_one(Agency, sitting.asked.health)
    not_asked, theirs = an_agency(here), an_agency(elsewhere)
    someone = a_person("Someone to look at")
    people = {
        role: a_member(here, role, agency=asked if role in ROLES_OF_AN_AGENCY else None, name=f"The {role}").id
        for role in Role
    }
    seat(sitting, people)
    return World(
        slug=here.slug,
        other_slug=elsewhere.slug,
        people=people,
        agency_outsider=a_member(here, *ROLES_OF_AN_AGENCY, agency=not_asked, name="From another agency").id,
        stranger=a_member(elsewhere, *Role, agency=theirs, name="From elsewhere").id,
        addresses={
            "filename": "app.css",
            "token": "out-of-date",
            "figure": "levels",
            "rated": "child_experience",
            "indicators/code": "H01",
            "templates/code": "core-16",
            "strategies/key": "cumbria",
            "requirements/kind": "attribute",
            "words/group": "plan_status",
            "use/chosen": "coming",
            "version": 1,
            "section": "terms",
            "person_id": someone.id,
            "membership_id": a_membership(someone, here, Role.BOARD_MEMBER).id,
            "agencies/agency_id": not_asked.id,
            "body_id": a_body(here).id,
            "area_id": an_area(here).id,
            "message_id": a_message(here),
            "draft_id": what_is_typed(
                as_actor(db.session.get_one(Person, people[Role.COORDINATOR]), here), "/cases/N-01", "Half a sentence"
            ),
            "partner_id": a_delegated_partner(here),
            "route": "data_breach",
            **an_own_template(here, people[Role.COORDINATOR]),
            **rounds_by_route(here, templates["core-16"], asked),
            **cases_by_route(sitting, asked),
            **the_practitioners(sitting, people[Role.PRACTITIONER]),
            **the_plan(here, asked, people[Role.AGENCY_LEAD]),
            **the_moderation(here, asked, people),
            **the_check(here, asked, people),
        },
    )


def an_own_template(here: Partnership, coordinator_id: int) -> dict[str, object]:
    """A draft of the partnership's own, and beside it a template that is published."""
    coordinator = as_actor(db.session.get_one(Person, coordinator_id), here)
    a_published_template(here, title="Ours and published", by=coordinator)
    draft = a_draft(here, by=coordinator)
    return {"own_code": draft.code, "domain_id": draft.domains["Recognition"], "asked_code": "A01"}


def rounds_by_route(here: Partnership, template: int, asked: Agency) -> dict[str, object]:
    """Which round a route is asked for: its pages are there in some states of a round only."""
    planned = a_round(here, template_version_id=template).reference
    sampling = an_open_round(here, [asked, an_agency(here)])
    a_waiting_case(sampling)
    practising = an_open_round(here, [asked, an_agency(here)])
    a_set_practice_case(practising)
    return {
        **{f"rounds.{page} reference": planned for page in ("show_plan", "change_plan", "check_plan")},
        **{f"sampling.{page} reference": sampling.reference for page in ("population", "sample")},
        "returns.send_to_agencies reference": sampling.reference,
        "panels.set_practice_case reference": sampling.reference,
        **{f"panels.{page}_practice_case reference": practising.reference for page in ("change", "score", "close")},
    }


def a_set_practice_case(audit: Round) -> None:
    """A practice case that is open."""
    saved(
        Calibration(
            partnership_id=audit.partnership_id,
            round_id=audit.id,
            title="Robin, aged four",
            story="Nobody asked Robin.",
            due_on=date(2026, 3, 20),
            created_at=clock.now(),
            created_by_id=audit.created_by_id,
        )
    )


def cases_by_route(sitting: Sitting, asked: Agency) -> dict[str, object]:
    """Which case a route is asked for, by how far its page wants the case to be."""
    at_panel, waiting, under_way = sitting.asked.cases
    case = db.session.get_one(Case, sitting.cases[0])
    return {
        "rounds/reference": sitting.asked.reference,
        "cases/reference": at_panel,
        "return/agency_id": asked.id,
        "domain/position": 1,
        "rating/indicator_id": ratings_of(sitting.asked.returns[asked.id][0])[0].indicator_id,
        "panel_id": sitting.panel_id,
        **concerns_by_route(case, asked, sitting.asked.police),
        **actions_about(sitting, asked),
        "panels.withdraw_case reference": waiting,
        "panels.release_case reference": waiting,
        "returns.close_return reference": waiting,
        "returns.ask_again reference": waiting,
        "returns.say_known reference": waiting,
        "returns.confirm_file reference": under_way,
        "returns.submit_for_agency reference": waiting,
        "returns.save_words reference": under_way,
        "returns.save_typed_words reference": under_way,
        "returns.score_domain reference": under_way,
        "returns.submit_return reference": under_way,
        **{f"returns.{page} reference": under_way for page in OF_CHRONOLOGY_AND_VOICES},
        **what_was_recorded(sitting),
        "returns.discussion reference": under_way,
    }


def actions_about(sitting: Sitting, asked: Agency) -> dict[str, object]:
    """An action about the child of the case that is at panel, and one that its agency calls done."""
    coordinator = sitting.asked.coordinator
    open_, finished = (raised(sitting, agency=asked.id, by=coordinator, at=clock.now()) for _ in range(2))
    done(sitting, finished)
    return {"case_action_id": open_.id, "panels.send_case_action_back case_action_id": finished.id}


def the_practitioners(sitting: Sitting, practitioner_id: int) -> dict[str, object]:
    """A practitioner named on the return of the case that is at panel."""
    open_to_practitioners(sitting.asked.round_id)
    return {"named_id": named(sitting.asked.returns[sitting.asked.health][0], practitioner_id).id}


def the_plan(here: Partnership, asked: Agency, lead_id: int) -> dict[str, object]:
    """A round being reported, with a finding and an action of the agency that was asked, and a published round."""
    reported = a_counted_round(here, [asked, an_agency(here)])
    agreed = an_agreed_case(reported, rated={("A04", asked): "good"}, agreed={("A04", None): "good"})
    owed = db.session.scalars(select(AgencyReturn).where(AgencyReturn.case_id == agreed.id)).one()
    told = {"feedback": "Well seen.", "question": "Who rings back?"}
    saved(OutcomeForAgency(partnership_id=here.id, case_id=agreed.id, agency_id=asked.id, **told))
    finding = a_finding_to_act_on(reported)
    lead = db.session.get_one(Person, lead_id)
    action = an_action(finding, asked, lead)
    finished = a_counted_round(here, [asked, an_agency(here)], state=RoundState.PUBLISHED)
    an_agreed_case(finished, agreed={("A04", None): "inadequate"})
    published = a_finding_to_act_on(finished)
    to_close = a_counted_round(here, [asked, an_agency(here)], state=RoundState.PUBLISHED)
    an_agreed_case(to_close, agreed={("A04", None): "inadequate"})
    pages = ("thematic", "write_finding", "change_finding", "remove_finding", "move_finding", "publish", "cases_behind")
    figures = ("round_figure", "round_table")
    return {
        **{f"findings.{page} reference": reported.reference for page in pages + figures},
        "actions.propose reference": reported.reference,
        "panels.close_round reference": to_close.reference,
        "panels.own_ratings reference": finished.reference,
        "panels.panel_feedback reference": agreed.reference,
        "feedback/agency_id": asked.id,
        "finding_id": finding.id,
        "feedback_id": a_feedback(owed, given_on=date(2026, 3, 1), given_to="the nurse", was_good="Seen alone.").id,
        "action_id": action.id,
        "actions.sign_off action_id": an_action(published, asked, lead, state=ActionState.DONE).id,
    }
