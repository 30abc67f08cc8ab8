"""A round on its way: one case agreed, one handed over but not released, one half typed; findings and a plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import cycle

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.actions.models import DueDateChange
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.findings.models import FindingIndicator
from audit_app.panels.models import AgreedRating, PanelMember
from audit_app.returns.models import AgencyReturn, Rating
from audit_app.returns.rules import Known, Tag
from audit_app.rounds.models import Round, RoundIndicator
from tests.factories.accounts import a_member, a_membership, saved
from tests.factories.actions import a_finding_to_act_on, a_progress_update, an_action, an_agency_lead
from tests.factories.case_actions import moved, raised
from tests.factories.panels import (
    a_decision,
    a_sitting,
    agree,
    agree_all,
    answer,
    answer_panel,
    finish_only,
    items_of,
    write_outcome,
)
from tests.factories.returns import fill_in, say
from tests.fixtures import Prepared

Rows = Sequence[dict[str, object]]
LIVE = ('=HYPERLINK("http://example.org")', "+1", "-2+3", "@SUM(A1)")


@dataclass(frozen=True)
class Taken:
    """Everything by id or words. `cases` are the references of the agreed, the waiting and the half typed case."""

    slug: str
    partnership_id: int
    round_id: int
    reference: str
    cases: tuple[str, ...]
    coordinator: int
    auditing_coordinator: int
    """A coordinator who is an auditor of health too."""
    sitting_coordinator: int
    """A coordinator who is a member of the panel too."""
    scrutineer: int

    @property
    def path(self) -> str:
        return f"/p/{self.slug}/rounds/{self.reference}/workbook"

    @property
    def everything(self) -> str:
        return f"/p/{self.slug}/workbook"

    def person(self, person_id: int) -> Person:
        return db.session.get_one(Person, person_id)


def build() -> Taken:
    sitting = a_sitting(cases=3)
    asked = sitting.asked
    agree_all(sitting)
    agree(
        sitting,
        a_decision(sitting, items_of(sitting)["B01"], "inadequate", changed_because="A letter was overlooked."),
    )
    said = {asked.health: ("=Asked each time.", "+Who rings back?"), asked.police: ("", "")}
    write_outcome(sitting, good_practice="A nurse wrote it all down.", to=said)
    finish_only(sitting)
    answer_panel(sitting, asked.health, "-The named nurse does.")
    action = raised(sitting, words="Call the core group.", at=clock.now())
    moved(sitting, action, date(2100, 1, 4))
    answer(sitting, 1)
    police_return, police = asked.returns[asked.police][2], asked.actor(asked.police_auditor)
    say(police_return, Known.KNOWN, police)
    fill_in(police_return, police)
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    health = db.session.get_one(Agency, asked.health)
    coordinators = [a_member(partnership, Role.COORDINATOR), a_member(partnership, Role.COORDINATOR)]
    a_membership(coordinators[0], partnership, Role.AUDITOR, health)
    saved(
        PanelMember(
            partnership_id=asked.partnership_id, panel_id=sitting.panel_id, person_id=coordinators[1].id, agency_id=None
        )
    )
    _findings_and_plan(asked.round_id, partnership, health)
    _words_everywhere(asked.round_id, sitting.cases)
    return Taken(
        slug=asked.slug,
        partnership_id=asked.partnership_id,
        round_id=asked.round_id,
        reference=asked.reference,
        cases=asked.cases,
        coordinator=asked.coordinator,
        auditing_coordinator=coordinators[0].id,
        sitting_coordinator=coordinators[1].id,
        scrutineer=a_member(partnership, Role.SCRUTINEER).id,
    )


def _findings_and_plan(round_id: int, partnership: Partnership, health: Agency) -> None:
    round_ = db.session.get_one(Round, round_id)
    indicator = db.session.scalars(select(RoundIndicator).filter_by(round_id=round_id, code="B01")).one()
    finding = a_finding_to_act_on(round_, title="Children were seldom heard", words="=They were not asked.")
    saved(FindingIndicator(partnership_id=partnership.id, finding_id=finding.id, indicator_id=indicator.id))
    lead = an_agency_lead(partnership, health, "Hana Lead")
    action = an_action(finding, health, lead, title="Ask every child", due_on=date(2100, 1, 1))
    saved(
        DueDateChange(
            partnership_id=partnership.id,
            action_id=action.id,
            from_day=date(2099, 1, 1),
            to_day=date(2100, 1, 1),
            reason="The form came late.",
            changed_at=clock.now(),
            changed_by_id=lead.id,
        )
    )
    a_progress_update(action, lead, words="First update.", impact="1 of 10.")
    a_progress_update(action, lead, words="Second update.", impact="-5 of 10.")
    an_action(finding, health, lead, title="Sent back", reason="Sample ten more.", due_on=date(2020, 1, 1))


def _words_everywhere(round_id: int, cases: Sequence[int]) -> None:
    """Give every text of the round words of its own; some begin like a formula."""
    live = cycle(LIVE)
    with transaction():
        for number, rating in enumerate(db.session.scalars(select(Rating).filter_by(round_id=round_id))):
            rating.evidence = f"{next(live)} evidence {number}"
            rating.where_on_file = f"Log {number}"
            rating.tag = (None, *Tag)[number % 3]
        for said in db.session.scalars(select(AgencyReturn).filter_by(round_id=round_id)):
            said.worked_well, said.to_improve = f"Worked well {said.id}", f"To improve {said.id}"
            said.on_behalf_of, said.own_part_words = f"Surgery {said.id}", f"I chaired meeting {said.id}"
            said.minutes_spent = 90 + said.id
        for agreed in db.session.scalars(select(AgreedRating).filter_by(round_id=round_id)):
            agreed.reason = f"+Reason {agreed.id}"
        for case_id in cases:
            case = db.session.get_one(Case, case_id)
            case.summary, case.stratum = f"Summary {case_id}", "1 to 4"


@pytest.fixture
def taken(prepared: Prepared) -> Taken:
    return prepared("a round to take away", build)


@pytest.fixture
def read() -> Callable[[bytes, str], Rows]:
    """A worksheet's table as a program reads it that shares no code with the one that wrote it."""

    def read_sheet(data: bytes, sheet: str) -> Rows:
        grid = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(sheet).to_python()
        heading, *rows = grid[4:]
        return [dict(zip(map(str, heading), row, strict=True)) for row in rows]

    return read_sheet
