"""The plan of a round: its pages, what prompted it, what it still lacks, and when it can be opened."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, product
from string import ascii_uppercase
from typing import TypedDict

from audit_app.rounds.rules.states import SEEN_BY_BOARD, RoundState

LOOK_BACK_AT_MOST = 60
"""Months. Files older than five years have seldom been kept in a form that an auditor can read."""


class PromptKind(StrEnum):
    """What made the partnership audit this."""

    REVIEW = "review"
    MEASURE = "measure"
    INSPECTION = "inspection"
    EARLIER_AUDIT = "earlier_audit"
    STRATEGY = "strategy"


PROMPT_WORDS = {
    PromptKind.REVIEW: "A review (child safeguarding practice review, serious case review, learning review)",
    PromptKind.MEASURE: "A measure in the scorecard",
    PromptKind.INSPECTION: "An inspection",
    PromptKind.EARLIER_AUDIT: "An earlier audit",
    PromptKind.STRATEGY: "A paragraph of the neglect strategy",
}


class PractitionerAccess(StrEnum):
    """What a practitioner and their manager see of the return about their own work, and may answer."""

    NOT_AT_ALL = "not_at_all"
    READ = "read"
    ANSWER = "answer"
    ANSWER_BELOW_GOOD = "answer_below_good"


PRACTITIONER_ACCESS_WORDS = {
    PractitionerAccess.NOT_AT_ALL: "Nothing",
    PractitionerAccess.READ: "They read it",
    PractitionerAccess.ANSWER: "They read and answer it",
    PractitionerAccess.ANSWER_BELOW_GOOD: "They read it, and answer where a rating is below good",
}


class AgreementRule(StrEnum):
    """How many of those who rate must say the same for a panel to call it agreed. It is shown, never enforced."""

    MORE_THAN_HALF = "more_than_half"
    TWO_THIRDS = "two_thirds"
    ALL = "all"


AGREEMENT_RULE_WORDS = {
    AgreementRule.MORE_THAN_HALF: "More than half of those who rate",
    AgreementRule.TWO_THIRDS: "At least two thirds of those who rate",
    AgreementRule.ALL: "All who rate",
}


class Section(StrEnum):
    """The short pages of a plan, in order. The values stand in addresses."""

    NAME = "name"
    WHY = "why"
    BODY = "body"
    TERMS = "terms"
    ENQUIRY = "enquiry"
    LOOK_BACK = "look-back"
    AGENCIES = "agencies"
    TEMPLATE = "template"
    DATES = "dates"
    RETURNS = "returns"
    PANELS = "panels"


SECTION_TITLES = {
    Section.NAME: "Title and reference",
    Section.WHY: "Why this audit",
    Section.BODY: "Who commissions it, and where",
    Section.TERMS: "Theme and terms of reference",
    Section.ENQUIRY: "Key lines of enquiry",
    Section.LOOK_BACK: "Look-back period",
    Section.AGENCIES: "Agencies that take part",
    Section.TEMPLATE: "Audit template",
    Section.DATES: "Dates",
    Section.RETURNS: "Reminders and feedback",
    Section.PANELS: "Panels",
}


class PlanChanges(TypedDict, total=False):
    """What a coordinator may change in a plan, any part of it at a time."""

    title: str
    reference: str
    prompt_kind: PromptKind | None
    prompt_detail: str
    body_id: int | None
    area_id: int | None
    theme: str
    terms_of_reference: str
    key_lines: Sequence[str]
    look_back_months: int | None
    agency_ids: Collection[int]
    is_showing_returns_when_agreed: bool
    template_version_id: int | None
    returns_due_on: date | None
    panel_on: date | None
    report_due_on: date | None
    remind_auditors_days: int | None
    remind_leads_days: int | None
    remind_partners_days: int | None
    practitioners: PractitionerAccess
    feedback_days: int | None
    agreement_rule: AgreementRule
    is_showing_levels_in_pack: bool
    is_pack_printed: bool
    is_moderated: bool
    accuracy_days: int | None


FIELD_WORDS: Mapping[str, str] = {
    "title": "title",
    "reference": "reference",
    "prompt_kind": "why this audit",
    "prompt_detail": "why this audit",
    "body_id": "commissioning body",
    "area_id": "area",
    "theme": "theme",
    "terms_of_reference": "terms of reference",
    "key_lines": "key lines of enquiry",
    "look_back_months": "look-back period",
    "agency_ids": "agencies",
    "is_showing_returns_when_agreed": "what auditors see of other agencies",
    "template_version_id": "template",
    "returns_due_on": "date of returns",
    "panel_on": "date of the panel",
    "report_due_on": "date of the report",
    "remind_auditors_days": "reminders",
    "remind_leads_days": "reminders",
    "remind_partners_days": "reminders",
    "practitioners": "what those who did the work see",
    "feedback_days": "feedback to those who did the work",
    "agreement_rule": "when a panel calls it agreed",
    "is_showing_levels_in_pack": "what the pack shows",
    "is_pack_printed": "whether the pack may be taken away",
    "is_moderated": "moderation",
    "accuracy_days": "accuracy check",
}
"""What history calls each part of a plan. Parts that go together share their words."""

AGENCIES_NEEDED = {1: "an agency", 2: "at least two agencies"}

DATE_WORDS: Mapping[str, str] = {
    "returns_due_on": "The day returns are due",
    "panel_on": "The day of the panel",
    "report_due_on": "The day the report is due",
}
"""What begins a sentence about each day of the timetable."""


DAYS_AT_MOST: Mapping[str, tuple[int, int]] = {
    "remind_auditors_days": (0, 28),
    "remind_leads_days": (1, 60),
    "remind_partners_days": (1, 90),
    "feedback_days": (1, 90),
    "accuracy_days": (0, 60),
}
"""The numbers of days that a plan may name, by what for: the least and the most."""

REMINDERS = frozenset({"remind_auditors_days", "remind_leads_days", "remind_partners_days"})

OF_PANELS = frozenset(
    {"agreement_rule", "is_showing_levels_in_pack", "is_pack_printed", "is_moderated", "accuracy_days"}
)
"""What can be changed until the first case is released: from then on somebody has read a pack by it."""

CHANGED_LATER: Mapping[Section, frozenset[str]] = {
    Section.DATES: frozenset(DATE_WORDS),
    Section.RETURNS: REMINDERS,
    Section.PANELS: OF_PANELS,
}
"""What can be changed once the round is opened, by the page it stands on: see `why_not_change_plan` for how long."""


@dataclass(frozen=True)
class Plan:
    """A round's plan, whole: what was chosen, with the words of what was chosen beside it."""

    round_id: int
    reference: str
    title: str
    state: RoundState
    version: int
    prompt_kind: PromptKind | None = None
    prompt_detail: str = ""
    body_id: int | None = None
    body: str = ""
    area_id: int | None = None
    area: str = ""
    theme: str = ""
    terms_of_reference: str = ""
    key_lines: tuple[str, ...] = ()
    look_back_months: int | None = None
    agencies: tuple[tuple[int, str], ...] = ()
    agencies_needed: int = 2  # one, where every question of the template is for one kind of agency
    is_showing_returns_when_agreed: bool = True
    template_version_id: int | None = None
    template: str = ""
    returns_due_on: date | None = None
    panel_on: date | None = None
    report_due_on: date | None = None
    remind_auditors_days: int = 7
    remind_leads_days: int = 1
    remind_partners_days: int = 7
    practitioners: PractitionerAccess = PractitionerAccess.NOT_AT_ALL
    feedback_days: int = 10
    agreement_rule: AgreementRule = AgreementRule.TWO_THIRDS
    is_showing_levels_in_pack: bool = False
    is_pack_printed: bool = False
    is_any_released: bool = False  # whether a case has gone to its panel
    is_moderated: bool = True
    accuracy_days: int = 10
    withdrawn_reason: str = ""


def missing_in(plan: Plan) -> Mapping[Section, Sequence[str]]:
    """What each page of the plan still lacks, in words. A page that lacks nothing is not named."""
    wanted: dict[Section, dict[str, object]] = {
        Section.NAME: {"a title": plan.title},
        Section.WHY: {"what prompted it": plan.prompt_kind and plan.prompt_detail},
        Section.BODY: {"the body that commissions it": plan.body_id},
        Section.TERMS: {"a theme": plan.theme, "terms of reference": plan.terms_of_reference},
        Section.ENQUIRY: {"at least one key line of enquiry": plan.key_lines},
        Section.LOOK_BACK: {"the look-back period": plan.look_back_months},
        Section.AGENCIES: {AGENCIES_NEEDED[plan.agencies_needed]: len(plan.agencies) >= plan.agencies_needed},
        Section.TEMPLATE: {"an audit template": plan.template_version_id},
        Section.DATES: {
            "the date returns are due": plan.returns_due_on,
            "the date of the panel": plan.panel_on,
            "the date the report is due": plan.report_due_on,
        },
    }
    missing = {section: [words for words, value in parts.items() if not value] for section, parts in wanted.items()}
    return {section: words for section, words in missing.items() if words}


def still_missing(plan: Plan) -> Sequence[str]:
    """What the plan lacks before the round can be opened, in words, in the order of the pages."""
    return list(chain.from_iterable(missing_in(plan).values()))


def why_not_dates(returns_due_on: date | None, panel_on: date | None, report_due_on: date | None) -> str | None:
    """The reason a timetable does not hold together, or None. Dates that are not known yet are passed over."""
    if returns_due_on and panel_on and panel_on <= returns_due_on:
        return "The panel must come after the day returns are due."
    latest = panel_on or returns_due_on
    if latest and report_due_on and report_due_on <= latest:
        return "The report must be due after the panel." if panel_on else "The report must be due after the returns."
    return None


def why_not_past(name: str, chosen: date | None, *, today: date) -> str | None:
    """The reason a day that is chosen for a part of the timetable, such as `panel_on`, has passed already, or None.

    Agencies need at least until tomorrow: their day cannot be today.
    """
    if chosen is None or chosen > today or (chosen == today and name != "returns_due_on"):
        return None
    passed = "is today" if chosen == today else "has passed"
    return f"{DATE_WORDS[name]}, {chosen.day} {chosen:%B %Y}, {passed}. Choose a later date."


def why_not_empty(name: str, chosen: date | None, state: RoundState) -> str | None:
    """The reason a day of the timetable cannot be left empty, or None. A plan has all of them once it is opened."""
    if chosen is None and state is not RoundState.DRAFT:
        return f"{DATE_WORDS[name]} is needed: the round has been opened with it."
    return None


def why_not_days(name: str, days: int | None) -> str | None:
    """The reason a plan cannot name so many days for something, such as `remind_leads_days`, or None."""
    least, most = DAYS_AT_MOST[name]
    return None if days is not None and least <= days <= most else f"Enter a whole number from {least} to {most}."


def why_not_ladder(leads_days: int, partners_days: int) -> str | None:
    """The reason reminders cannot climb so, or None: partners are told after agency leads."""
    if partners_days < leads_days:
        return "Delegated partners must not be told before the agency's own lead."
    return None


def why_not_open(plan: Plan, *, today: date) -> str | None:
    """The reason a round cannot be opened for sampling today, or None."""
    if plan.state is not RoundState.DRAFT:
        return "This round has been opened already."
    if missing := still_missing(plan):
        return f"The plan still needs {in_a_row(missing)}."
    if plan.returns_due_on and plan.returns_due_on <= today:
        return "The day returns are due has passed. Choose later dates first."
    return why_not_dates(plan.returns_due_on, plan.panel_on, plan.report_due_on)


def why_not_change_plan(state: RoundState, names: Collection[str] = (), *, is_any_released: bool = False) -> str | None:
    """The reason a plan can no longer be changed, or None. `names`: the parts in question, or none for all of it.

    Meetings slip in every round, so dates and reminders can be changed until the round is published. How panels agree,
    and what they read before, can be changed until the first case is released to one. What practitioners see, and when
    they get feedback, was promised to them when the round was opened.
    """
    if state is RoundState.WITHDRAWN:
        return "This round was withdrawn, so its plan cannot be changed."
    if state is RoundState.DRAFT:
        return None
    if not names or not set(names).issubset({*DATE_WORDS, *REMINDERS, *OF_PANELS}):
        return "The plan was frozen when the round was opened for sampling."
    if is_any_released and not OF_PANELS.isdisjoint(names):
        return "The first case has been released to its panel, so what is decided about panels stays as it is."
    if state in SEEN_BY_BOARD:
        return "This round has been published, so its plan stays as it is."
    return None


def why_not_reference(reference: str) -> str | None:
    """The reason a text cannot be a round's reference, or None. It begins the references of the round's cases."""
    if not re.fullmatch(r"[A-Z][A-Z0-9]{1,7}", reference):
        return "The reference must be 2 to 8 capital letters and numbers, beginning with a letter, such as N26."
    return None


def suggested_reference(year: int, taken: Collection[str]) -> str:
    """A reference for a new round: N26 for the first of 2026, then N26B, N26C and so on."""
    first = f"N{year % 100:02}"
    letters = chain(ascii_uppercase[1:], map("".join, product(ascii_uppercase, repeat=2)))
    return next(one for one in chain([first], (first + letter for letter in letters)) if one not in taken)


def lines_of(text: str) -> tuple[str, ...]:
    """The key lines of enquiry in a text that holds one a line. Empty lines, and bullets before a line, go."""
    lines = (re.sub(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+", "", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def in_a_row(words: Sequence[str]) -> str:
    """Words as a list in a sentence: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
