"""The material that the demonstration is made of: its shape, and how its files are read.

The files lie in `material/`: `partnership.toml`, `names.toml`, and a folder for each round with `round.toml`,
`case-<position>.toml`, `findings.toml` and `actions.toml`, those that the round has come to. Every number of days
counts back from the day the demonstration is built, so a negative one lies ahead.
"""

import tomllib
from collections.abc import Mapping
from datetime import time
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit_app.accounts.rules import AgencyKind, BodyKind, Role
from audit_app.actions.rules import ActionState, Brag
from audit_app.findings.rules import FindingKind
from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.returns.rules import (
    AnswerKind,
    Consent,
    Prompt,
    ReturnState,
    ShouldHaveKnown,
    VoiceOf,
    WordsKind,
    WordsUse,
)
from audit_app.rounds.rules import PractitionerAccess, PromptKind

OPEN_TO_ALL = "three-lanterns-at-saltmere"
"""The password of everybody in the demonstration. It opens nothing that is real."""


class Piece(BaseModel):
    """A table of a file: nothing in it is unknown, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Body(Piece):
    """A body. Rounds name it by `code`, which the service itself does not keep."""

    code: str
    name: str
    kind: BodyKind


class Agency(Piece):
    """An agency with its safeguarding contact and deputy. Returns, people and actions name it by `code`."""

    code: str
    name: str
    short_name: str
    kind: AgencyKind
    contact_name: str
    contact_email: str
    contact_phone: str
    deputy_name: str
    deputy_email: str
    deputy_phone: str = ""
    delegated_partner: str = ""


class DelegatedPartner(Piece):
    """Who acts for a lead safeguarding partner. Agencies name them by `code`."""

    code: str
    name: str
    organisation: str
    email: str
    phone: str


class Person(Piece):
    """A person with one or more roles; `agency` for those roles that are held for one."""

    name: str
    email: str
    roles: tuple[Role, ...]
    agency: str = ""


class Partnership(Piece):
    """A partnership with everything that its administrator enters."""

    slug: str
    name: str
    colour: str
    front_door_name: str
    front_door_phone: str
    support_contact: str
    areas: tuple[str, ...]
    bodies: tuple[Body, ...] = Field(alias="body")
    delegated_partners: tuple[DelegatedPartner, ...] = Field(alias="delegated_partner", default=())
    agencies: tuple[Agency, ...] = Field(alias="agency")
    people: tuple[Person, ...] = Field(alias="person")


class Names(Piece):
    """Invented words for identity sheets. None of them may turn up in evidence."""

    child_first_names: tuple[str, ...]
    parent_first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    postcodes: tuple[str, ...]
    schools: tuple[str, ...]
    practices: tuple[str, ...]
    adult_relations: tuple[str, ...]


class Answer(Piece):
    """A level by its code exactly when the answer is a level."""

    indicator: str
    answer: AnswerKind
    level: str = ""

    @model_validator(mode="after")
    def _level_exactly_when_level(self) -> "Answer":
        if (self.answer is AnswerKind.LEVEL) != bool(self.level):
            raise ValueError(f"{self.indicator} needs a level exactly when its answer is one")
        return self


class Rating(Answer):
    """An agency's answer: `reason` where it does not apply, else evidence and the dated document it is in."""

    reason: str = ""
    evidence: str = ""
    document: str = ""
    document_days_before: int = 0


class Agreed(Answer):
    """What the panel agreed, and why. `agency` for indicators that rate an agency's own work."""

    reason: str
    agency: str = ""


class Comment(Piece):
    """What the coordinator asked on one indicator, and the evidence as it `was` when it was submitted first."""

    indicator: str
    words: str
    was: str


class SentBack(Piece):
    """Why a return was sent back two days after it was submitted; the day after it is submitted again."""

    reason: str
    comments: tuple[Comment, ...] = Field(alias="comment")


class Event(Piece):
    """A significant event, as one agency's chronology has it."""

    days_before: int
    event: str
    impact: str = ""
    response: str = ""


class Voice(Piece):
    """Somebody who was asked for their voice; `words` with their kind and use exactly when they agreed."""

    whose: VoiceOf
    asked_by: str
    information: str
    consent: Consent
    said_days_before: int | None = None
    kind: WordsKind | None = None
    words: str = ""
    use: WordsUse | None = None
    aid: str = ""


class Discussion(Piece):
    """The reflective discussion that an auditor held: by role, and notes by what was asked."""

    held_days_before: int
    with_whom: str
    notes: Mapping[Prompt, str]


class Practitioner(Piece):
    """Someone named on a return, by e-mail address, and what they answered: by indicator, and to the whole."""

    email: str
    answered_days_before: int
    answers: Mapping[str, str]
    whole: str


class Return(Piece):
    """One agency's return on one case, in the state it has come to; `answered_days_before` is None until touched.

    `overall` is the code of its level over all.
    """

    agency: str
    state: ReturnState
    answered_days_before: int | None = None
    reason: str = ""
    worked_well: str = ""
    to_improve: str = ""
    overall: str = ""
    overall_reason: str = ""
    learning: str = ""
    proposed_actions: str = ""
    sent_back: SentBack | None = None
    should_have_known: ShouldHaveKnown = ShouldHaveKnown.NO  # asked where the child is not known
    on_behalf_of: str = ""
    own_part: str = ""  # that the auditor had in the child's care
    hours_spent: float | None = None
    discussion: Discussion | None = None
    practitioner: Practitioner | None = None
    ratings: tuple[Rating, ...] = Field(alias="rating", default=())
    events: tuple[Event, ...] = Field(alias="event", default=())
    voices: tuple[Voice, ...] = Field(alias="voice", default=())


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


class Case(Piece):
    """One child's story across agencies, without a name. Plan status, age band and area say which child it fits.

    `child` says what is true of the child: the codes of options by the code of the case attribute.
    """

    position: int
    plan_status: PlanStatus
    age_band: AgeBand
    area: str
    summary: str
    child: Mapping[str, tuple[str, ...]] = {}
    outcome: str = ""
    returns: tuple[Return, ...] = Field(alias="return")
    agreed: tuple[Agreed, ...] = ()
    concerns: tuple[Concern, ...] = Field(alias="concern", default=())


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
    """A meeting: chair and members by e-mail address, cases by position."""

    held_days_before: int
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
    opened_days_before: int | None = None
    population_days_before: int | None = None
    drawn_days_before: int | None = None
    confirmed_days_before: int | None = None
    published_days_before: int | None = None
    sample: Sample | None = None
    panels: tuple[Panel, ...] = Field(alias="panel", default=())


class Round(Piece):
    """A round as far as it has come: cases by position, findings and actions."""

    plan: Plan
    cases: tuple[Case, ...]
    findings: tuple[Finding, ...] = Field(alias="finding", default=())
    actions: tuple[Action, ...] = Field(alias="action", default=())


class Material(Piece):
    """Everything the demonstration is built from: a partnership with its rounds, and a second, small one."""

    partnership: Partnership
    second: Partnership
    names: Names
    rounds: tuple[Round, ...]


def read_material(files: Mapping[str, str]) -> Material:
    """The material in `files`, whose keys are paths inside `material/` and whose values are TOML texts.

    Raises:
        ValueError: a file is no TOML, or together they do not have the shape above. Says where and what.
    """
    tables = {path: _parsed(path, text) for path, text in files.items()}
    partnership = tables.get("partnership.toml", {})
    folders = sorted({path.split("/")[0] for path in tables if "/" in path})
    return Material.model_validate(
        {
            "partnership": {key: value for key, value in partnership.items() if key != "second"},
            "second": partnership.get("second", {}),
            "names": tables.get("names.toml", {}),
            "rounds": [_round(folder, tables) for folder in folders],
        }
    )


def _parsed(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from None


def _round(folder: str, tables: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    cases = [table for path, table in tables.items() if path.startswith(f"{folder}/case-")]
    return {
        "plan": tables.get(f"{folder}/round.toml", {}),
        "cases": sorted(cases, key=lambda case: int(case.get("position", 0))),
        **tables.get(f"{folder}/findings.toml", {}),
        **tables.get(f"{folder}/actions.toml", {}),
    }
