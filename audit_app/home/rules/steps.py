"""What to do next: the one next step of a round, and each person's list, most pressing first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from audit_app.accounts.rules import DELIVERED, Role, Terms
from audit_app.rounds.rules import RoundState


class Urgency(IntEnum):
    """How pressing something is, most pressing first."""

    FIRST = 0
    LATE = 1
    NOW = 2
    SOON = 3
    NEWS = 4
    WAITING = 5


@dataclass(frozen=True)
class NextStep:
    """Something for a person to do: words, where, and how pressing. `values` complete the address of `endpoint`."""

    urgency: Urgency
    words: str
    endpoint: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True)
class RoundProgress:
    """How far a round is, counted."""

    id: int
    reference: str
    title: str
    state: RoundState
    returns_due_on: date | None
    panel_on: date | None
    report_due_on: date | None
    children: int  # in the confirmed population; 0 before
    is_drawn: bool
    cases: int  # live ones
    sheets_missing: int
    returns: int
    returns_open: int
    returns_late: int
    returns_handed_over: int
    cases_to_send: int  # not yet with agencies: all of them before the round begins, later a child drawn in place
    cases_to_release: int  # every agency has answered
    cases_without_panel: int
    cases_at_panel: int
    cases_agreed: int
    findings: int
    actions_open: int
    actions_overdue: int
    feedback_late: int = 0  # feedback to practitioners that agencies owe
    has_reader: bool = False  # somebody is named who reads all cases with the chair
    accuracy_due_on: date | None = None
    corrections_open: int = 0  # asked for and not decided
    agencies_checking: int = 0  # that have not said that they have nothing more to correct


def step_of_round(progress: RoundProgress, roles: Iterable[Role]) -> NextStep | None:
    """The one thing that someone with these roles does next on a round, or None where it waits for others."""
    held = set(roles)
    here = {"reference": progress.reference}
    name = progress.reference
    if progress.state is RoundState.SAMPLING:
        return _step_of_sampling(progress, held, here)
    if progress.state is RoundState.RETURNS and progress.cases_to_send:
        step = _step_before_agencies(progress, held, here)
        if step is not None:
            return step
    if Role.COORDINATOR not in held:
        return None
    if progress.state is RoundState.DRAFT:
        return NextStep(Urgency.SOON, f"Finish planning {name}", "rounds.show_plan", here)
    if progress.state in {RoundState.RETURNS, RoundState.PANEL}:
        return _step_with_agencies(progress, here)
    if progress.state is RoundState.REPORTING:
        if not progress.findings:
            return NextStep(Urgency.NOW, f"Write the findings of {name}", "findings.thematic", here)
        return NextStep(Urgency.NOW, f"Review the findings of {name} and publish it", "findings.thematic", here)
    return None


def _step_of_sampling(progress: RoundProgress, held: set[Role], here: Mapping[str, str]) -> NextStep | None:
    name = progress.reference
    if not progress.children:
        if Role.KEY_HOLDER in held:
            return NextStep(Urgency.NOW, f"Import the population for {name}", "sampling.population", here)
        return None
    if not progress.cases:
        if Role.COORDINATOR not in held:
            return None
        words = f"Check and confirm the sample of {name}" if progress.is_drawn else f"Draw the sample of {name}"
        return NextStep(Urgency.NOW, words, "sampling.sample", here)
    return _step_before_agencies(progress, held, here)


def _step_before_agencies(progress: RoundProgress, held: set[Role], here: Mapping[str, str]) -> NextStep | None:
    """The step for cases that are not with agencies yet, a child drawn in the place of another among them."""
    name = progress.reference
    if progress.sheets_missing:
        if Role.KEY_HOLDER in held:
            words = f"Complete {_how_many(progress.sheets_missing, 'identity sheet')} for {name}"
            return NextStep(Urgency.NOW, words, "cases.identity_sheets", here)
        return None
    if Role.COORDINATOR in held:
        words = f"Send {_how_many(progress.cases_to_send, 'case')} of {name} to the agencies"
        return NextStep(Urgency.NOW, words, "returns.send_to_agencies", here)
    return None


def _step_with_agencies(progress: RoundProgress, here: Mapping[str, str]) -> NextStep | None:
    name = progress.reference
    if progress.returns_late:
        words = f"{_how_many(progress.returns_late, 'return')} of {name} {_is(progress.returns_late)} late"
        return NextStep(Urgency.LATE, words, "returns.round_returns", here)
    if progress.cases_without_panel:
        count = progress.cases_without_panel
        words = f"Plan the panel for {_how_many(count, 'case')} of {name}"
        return NextStep(Urgency.SOON, words, "panels.plan_panel", here)
    if progress.cases_to_release:
        count = progress.cases_to_release
        words = f"{_how_many(count, 'case')} of {name} can be released to the panel"
        return NextStep(Urgency.NOW, words, "panels.my_panels", {})
    return None


def waits_for(progress: RoundProgress, terms: Terms = DELIVERED) -> str:
    """What a round waits for, in a partnership's words, for those who have nothing to do on it."""
    coordinator, key_holder = terms.said(Role.COORDINATOR), terms.said(Role.KEY_HOLDER)
    if progress.state is RoundState.SAMPLING:
        if not progress.children:
            return f"Waiting for the {key_holder} to import the population."
        if not progress.cases:
            return f"Waiting for the {coordinator} to draw the sample."
        if progress.sheets_missing:
            return f"Waiting for {_how_many(progress.sheets_missing, 'identity sheet')} from the {key_holder}."
        return f"Waiting for the {coordinator} to send the cases to the agencies."
    if progress.state is RoundState.RETURNS and progress.returns_open:
        return f"Waiting for {_how_many(progress.returns_open, 'return')} from the agencies."
    if progress.state in {RoundState.RETURNS, RoundState.PANEL}:
        left = progress.cases - progress.cases_agreed
        return f"Waiting for the panel to agree {_how_many(left, 'case')}." if left else ""
    if progress.state is RoundState.REPORTING:
        return f"Waiting for the {coordinator} to publish the findings."
    if progress.state is RoundState.PUBLISHED and progress.actions_open:
        return f"{_how_many(progress.actions_open, 'action')} of its plan {_is(progress.actions_open)} open."
    return ""


@dataclass(frozen=True)
class AuditorCounts:
    """The returns that an auditor's agencies are asked for. `sent_back` came back with questions: where it is one
    alone, `came_back` is its case and its agency."""

    late: int
    sent_back: int
    open: int
    next_due_on: date | None
    came_back: tuple[str, int] | None = None


@dataclass(frozen=True)
class PanelCounts:
    """The cases that are open on a person's panels."""

    to_score: int
    to_read: int


@dataclass(frozen=True)
class PanelAhead:
    """A panel that a person sits on, and how many of its cases they can release: every return of those is in.

    `is_open`: it is in its room now.
    """

    id: int
    round_reference: str
    held_on: date
    place: str
    to_release: int
    is_open: bool = False


@dataclass(frozen=True)
class ActionCounts:
    """Actions, of an agency lead's agencies or of the whole partnership. `led` are the open ones that the person
    leads; `next_due_on` is the first day to come on which one of those is due."""

    overdue: int
    due_soon: int
    open: int
    to_sign_off: int
    led: int = 0
    next_due_on: date | None = None


@dataclass(frozen=True)
class Published:
    """A round that was published lately."""

    reference: str
    title: str
    published_on: date


@dataclass(frozen=True)
class ToCheck:
    """How many submitted returns of a round wait to be accepted or sent back."""

    round_reference: str
    returns: int


def steps_of_auditor(counts: AuditorCounts) -> Sequence[NextStep]:
    """What an auditor does next."""
    steps = []
    if counts.late:
        words = f"{_how_many(counts.late, 'return')} of your agency {_is(counts.late)} late"
        steps.append(NextStep(Urgency.LATE, words, "returns.my_returns"))
    if counts.sent_back:
        words = f"{_how_many(counts.sent_back, 'return')} {_was(counts.sent_back)} sent back to you with questions"
        steps.append(_step_to_what_came_back(words, counts.came_back))
    if due := counts.open - counts.late:
        steps.append(NextStep(Urgency.SOON, f"{_how_many(due, 'return')} to complete", "returns.my_returns"))
    return steps


def _step_to_what_came_back(words: str, one: tuple[str, int] | None) -> NextStep:
    """To the return itself where there is one, else to the list."""
    if one is None:
        return NextStep(Urgency.NOW, words, "returns.my_returns")
    return NextStep(Urgency.NOW, words, "returns.show_return", {"reference": one[0], "agency_id": one[1]})


def steps_of_panel(counts: PanelCounts) -> Sequence[NextStep]:
    """What a chair, note-taker or member does next."""
    steps = []
    if counts.to_score:
        words = f"{_how_many(counts.to_score, 'case')} to agree on your panels"
        steps.append(NextStep(Urgency.NOW, words, "panels.my_panels"))
    if counts.to_read:
        words = f"{_how_many(counts.to_read, 'case')} to read before your panel"
        steps.append(NextStep(Urgency.SOON, words, "panels.my_panels"))
    return steps


def steps_to_release(panels: Iterable[PanelAhead]) -> Sequence[NextStep]:
    """What a chair does next before the panels they chair."""
    return [
        NextStep(
            Urgency.NOW,
            f"Release {_how_many(panel.to_release, 'case')} of {panel.round_reference} to your panel",
            "panels.show_panel",
            {"panel_id": panel.id},
            "Every agency has answered.",
        )
        for panel in panels
        if panel.to_release
    ]


def step_of_next_panel(panel: PanelAhead, *, today: date) -> NextStep:
    """When and where someone sits next on a panel; the way into its room while that is open."""
    if panel.is_open:
        words = f"Your panel of {panel.round_reference} is in its room now"
        return NextStep(Urgency.NOW, words, "panels.room", {"panel_id": panel.id})
    is_today = panel.held_on == today
    when = "is today" if is_today else f"is on {_day(panel.held_on)}"
    return NextStep(
        Urgency.NOW if is_today else Urgency.SOON,
        f"Your next panel, of {panel.round_reference}, {when}",
        "panels.show_panel",
        {"panel_id": panel.id},
        panel.place,
    )


def steps_of_agency_lead(counts: ActionCounts) -> Sequence[NextStep]:
    """What an agency lead does next."""
    steps = []
    if counts.overdue:
        words = f"{_how_many(counts.overdue, 'action')} of your agency {_is(counts.overdue)} overdue"
        steps.append(NextStep(Urgency.LATE, words, "actions.plan", {"overdue": "yes"}))
    if counts.due_soon:
        words = f"{_how_many(counts.due_soon, 'action')} due in the next 30 days: post your progress"
        steps.append(NextStep(Urgency.SOON, words, "actions.plan"))
    if counts.led and counts.next_due_on:
        due = "it" if counts.led == 1 else "the next"
        words = f"You lead {_how_many(counts.led, 'open action')}; {due} is due on {_day(counts.next_due_on)}"
        steps.append(NextStep(Urgency.SOON, words, "actions.plan", {"state": "open"}))
    return steps


def steps_of_late_agency(late: int) -> Sequence[NextStep]:
    """What an agency lead does about returns that the agency is late with."""
    if not late:
        return []
    words = f"{_how_many(late, 'return')} of your agency {_is(late)} late"
    return [NextStep(Urgency.LATE, words, "returns.agency_returns", hint="See that somebody makes them.")]


def steps_of_board(counts: ActionCounts, published: Sequence[Published]) -> Sequence[NextStep]:
    """What a board member does next. `published` are the rounds published in the last 30 days."""
    steps = []
    if counts.to_sign_off:
        words = f"{_how_many(counts.to_sign_off, 'action')} reported as done and waiting to be signed off"
        steps.append(NextStep(Urgency.NOW, words, "actions.plan", {"state": "done"}))
    if counts.overdue:
        words = f"{_how_many(counts.overdue, 'action')} of the plan {_is(counts.overdue)} overdue"
        steps.append(NextStep(Urgency.LATE, words, "actions.plan", {"overdue": "yes"}))
    steps += [
        NextStep(
            Urgency.NEWS,
            f"Read the findings of {one.reference} {one.title}",
            "findings.thematic",
            {"reference": one.reference},
            f"Published on {_day(one.published_on)}",
        )
        for one in published
    ]
    return steps


def steps_of_coordinator(counts: ActionCounts, to_check: Iterable[ToCheck] = ()) -> Sequence[NextStep]:
    """What a coordinator does next besides the rounds."""
    steps = []
    if counts.overdue:
        words = f"{_how_many(counts.overdue, 'action')} of the plan {_is(counts.overdue)} overdue"
        steps.append(NextStep(Urgency.LATE, words, "actions.plan", {"overdue": "yes"}))
    for one in to_check:
        wait = "waits" if one.returns == 1 else "wait"
        words = f"{_how_many(one.returns, 'return')} of {one.round_reference} {wait} to be accepted or sent back"
        where = {"reference": one.round_reference, "state": "submitted"}
        steps.append(NextStep(Urgency.NOW, words, "returns.round_returns", where))
    return steps


def most_pressing_first(steps: Iterable[NextStep]) -> list[NextStep]:
    """Each step once, most pressing first, otherwise in the order given."""
    once = {(step.words, step.endpoint, *sorted(step.values.items())): step for step in steps}
    return sorted(once.values(), key=lambda step: step.urgency)


def _how_many(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
