"""Actions for tests: an agency lead, a finding to act on, an action at any step, its progress."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role, Viewer
from audit_app.actions.models import Action, ProgressUpdate
from audit_app.actions.rules import ActionState, Brag
from audit_app.core import clock
from audit_app.findings.models import Finding
from audit_app.findings.rules import FindingKind
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor, saved
from tests.factories.rounds import a_round

number = count(1)


def an_agency_lead(partnership: Partnership, agency: Agency, name: str | None = None) -> Person:
    return a_member(partnership, Role.AGENCY_LEAD, agency=agency, name=name)


def a_finding_to_act_on(round_: Round, **more: object) -> Finding:
    one = next(number)
    known = {
        "position": one,
        "kind": FindingKind.AREA_FOR_DEVELOPMENT,
        "title": f"Finding {one}",
        "words": "Fathers and other men were left out of most assessments.",
        "written_at": clock.now(),
        "written_by_id": 0,
    }
    return saved(Finding(partnership_id=round_.partnership_id, round_id=round_.id, **{**known, **more}))


def an_action(finding: Finding, agency: Agency, lead: Person, **more: object) -> Action:
    """An open action that is due in the far future."""
    known = {
        "title": f"Action {next(number)}",
        "outcome_measure": "Men are named in 9 of 10 assessments.",
        "due_on": date(2100, 1, 1),
        "brag": Brag.GREEN,
        "state": ActionState.OPEN,
        "created_at": clock.now(),
        "created_by_id": 0,
    }
    return saved(
        Action(
            partnership_id=finding.partnership_id,
            round_id=finding.round_id,
            finding_id=finding.id,
            agency_id=agency.id,
            lead_id=lead.id,
            **{**known, **more},
        )
    )


def a_progress_update(action: Action, by: Person, **more: object) -> ProgressUpdate:
    """An update with its evidence of impact."""
    known = {
        "words": "The form asks for every man in the home.",
        "impact": "7 of 10 assessments name him.",
        "brag": Brag.AMBER,
        "posted_at": clock.now(),
        "posted_by_id": by.id,
        "posted_by_name": by.name,
    }
    return saved(ProgressUpdate(partnership_id=action.partnership_id, action_id=action.id, **{**known, **more}))


@dataclass(frozen=True)
class Place:
    partnership: Partnership
    round: Round
    finding: Finding
    health: Agency
    police: Agency
    coordinator: Person
    lead: Person
    """The agency lead of health."""
    police_lead: Person
    board: Person
    action: Action
    """An open action of health."""

    @property
    def path(self) -> str:
        return f"/p/{self.partnership.slug}/actions"

    @property
    def action_path(self) -> str:
        return f"{self.path}/{self.action.id}"

    def actor(self, person: Person) -> Viewer:
        return as_actor(person, self.partnership)


def a_published_plan() -> Place:
    """A published round with one open action of an agency, and everybody who has to do with it."""
    partnership = a_partnership()
    health, police = an_agency(partnership, name="Health"), an_agency(partnership, name="Police")
    round_ = a_round(partnership, reference="N26", title="Neglect audit", state=RoundState.PUBLISHED)
    finding = a_finding_to_act_on(round_, title="Men are left out")
    lead = an_agency_lead(partnership, health, "Hana Lead")
    return Place(
        partnership=partnership,
        round=round_,
        finding=finding,
        health=health,
        police=police,
        coordinator=a_member(partnership, Role.COORDINATOR, name="Cora"),
        lead=lead,
        police_lead=an_agency_lead(partnership, police, "Pat Lead"),
        board=a_member(partnership, Role.BOARD_MEMBER, name="Bo Board"),
        action=an_action(finding, health, lead, title="Ask about every man in the home"),
    )
