"""The rounds of the demonstration: plan, sample, cases, panels, findings and actions."""

from collections.abc import Mapping
from datetime import time

from pydantic import Field

from audit_app.actions.rules import ActionState, Brag
from audit_app.demo.rules.places import Names, Partnership, Piece
from audit_app.demo.rules.returns import Agreed, Return
from audit_app.demo.rules.rooms import InRoom, Practice
from audit_app.findings.rules import FindingKind
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.rounds.rules import AgreementRule, PractitionerAccess, PromptKind


class Concern(Piece):
    """An immediate concern: the record that someone was told. Times are those on an English wall clock.

    The agency's lead acknowledges it on the day; social care records the outcome, and the lead agrees.
    """

    agency: str
    raised_days_before: int
    raised_at: time
    told_at: time
    worry: str
    told_whom: str
    agreed: str
    acknowledged_at: time
    outcome: str
    outcome_days_before: int
    closed_days_before: int


class CaseAction(Piece):
    """Something that a panel asked an agency to do for the child of a case; `outcome` where it was done."""

    agency: str
    raised_days_before: int
    working_days: int
    words: str
    outcome: str = ""
    done_days_before: int | None = None


class Told(Piece):
    """What the panel says to one agency, the question it asks, and what the agency answers how many days before."""

    agency: str
    feedback: str
    question: str = ""
    answer: str = ""
    answered_days_before: int | None = None


class Case(Piece):
    """One child's story across agencies, without a name. Plan status, age band and area say which child it fits.

    `child` says what is true of the child: the codes of options by the code of the case attribute. A case that a room
    took up says how many minutes before the demonstration is built.
    """

    position: int
    plan_status: PlanStatus
    age_band: AgeBand
    area: str
    summary: str
    child: Mapping[str, tuple[str, ...]] = {}
    outcome: str = ""
    good_practice: str = ""
    opened_minutes_before: int | None = None
    in_room: tuple[InRoom, ...] = ()
    told: tuple[Told, ...] = ()
    returns: tuple[Return, ...] = Field(alias="return")
    agreed: tuple[Agreed, ...] = ()
    concerns: tuple[Concern, ...] = Field(alias="concern", default=())
    case_actions: tuple[CaseAction, ...] = Field(alias="case_action", default=())


class Stratum(Piece):
    """How many children to draw of an age band and, where the population has areas, an area."""

    age_band: AgeBand
    size: int
    area: str = ""


class Sample(Piece):
    """The file that the population is read from, and the plan of the draw; `reserves` in each stratum."""

    file: str
    seed: str
    reserves: int
    strata: tuple[Stratum, ...]


class Panel(Piece):
    """A meeting: chair and members by e-mail address, cases by position. Times are those on an English wall clock.

    One on paper, unless it says how many minutes before the demonstration is built its chair opened its room.
    """

    held_days_before: int
    starts_at: time | None = None
    ends_at: time | None = None
    began_minutes_before: int | None = None
    place: str
    chair: str
    members: tuple[str, ...]
    cases: tuple[int, ...]


class Finding(Piece):
    """A finding. Actions name it by `code`."""

    code: str
    kind: FindingKind
    title: str
    words: str
    indicators: tuple[str, ...]


class Update(Piece):
    """What the lead of an action posted."""

    days_before: int
    brag: Brag
    words: str
    impact: str


class Action(Piece):
    """An action with its progress, oldest first; people by e-mail address."""

    finding: str
    agency: str
    lead: str
    title: str
    outcome_measure: str
    opened_days_before: int
    due_days_before: int
    state: ActionState
    brag: Brag
    updates: tuple[Update, ...] = Field(alias="update")
    done_days_before: int | None = None
    signed_off_days_before: int | None = None
    signed_off_by: str = ""
    evaluation: str = ""


class Plan(Piece):
    """What a coordinator fills in of a round, and the days on which it moved on."""

    reference: str
    title: str
    template: str
    prompt_kind: PromptKind
    prompt_detail: str
    commissioned_by: str
    theme: str
    terms_of_reference: str
    key_lines_of_enquiry: tuple[str, ...]
    look_back_months: int
    agencies: tuple[str, ...]
    created_days_before: int
    returns_due_days_before: int
    panel_days_before: int
    report_due_days_before: int
    area: str = ""
    practitioners: PractitionerAccess = PractitionerAccess.NOT_AT_ALL
    agreement_rule: AgreementRule = AgreementRule.TWO_THIRDS
    is_pack_printed: bool = False
    is_moderated: bool = False  # as small partnerships have it: from the panel straight to the findings
    accuracy_days: int = 0
    opened_days_before: int | None = None
    population_days_before: int | None = None
    drawn_days_before: int | None = None
    confirmed_days_before: int | None = None
    published_days_before: int | None = None
    sample: Sample | None = None
    panels: tuple[Panel, ...] = Field(alias="panel", default=())


class Round(Piece):
    """A round as far as it has come: its practice case, cases by position, findings and actions."""

    plan: Plan
    practice: Practice | None = None
    cases: tuple[Case, ...]
    findings: tuple[Finding, ...] = Field(alias="finding", default=())
    actions: tuple[Action, ...] = Field(alias="action", default=())


class Material(Piece):
    """Everything the demonstration is built from: a partnership with its rounds, and a second, small one."""

    partnership: Partnership
    second: Partnership
    names: Names
    rounds: tuple[Round, ...]
