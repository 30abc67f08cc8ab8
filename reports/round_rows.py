"""The rows of a round's workbook.

The fields of each named tuple, after the round's name, are the columns of its worksheet in order. They are tuples so
that a query's rows can become them one by one, by the hundred thousand, without a copy of the whole.
"""

from datetime import date, datetime
from typing import NamedTuple

NOT_APPLICABLE = "[z]"
NO_EVIDENCE = "[x]"
"""The shorthand of government statistics, in the column of levels where an answer is no level."""


class PlanLine(NamedTuple):
    """One thing that was decided when the round was planned or its sample drawn: theme, key line of enquiry, seed."""

    round_name: str
    about: str
    decided: str


class ScaleLevel(NamedTuple):
    """A level of the round's scale; rank 1 is the best."""

    round_name: str
    rank: int
    level: str
    letter: str
    band: str


class Question(NamedTuple):
    """An indicator in the words in which it was asked. `rated`: an agency's own work, or the child's experience.

    `answered` says whether with a level or in words.
    """

    round_name: str
    code: str
    indicator: str
    domain: str
    question: str
    why: str
    look_for: str
    rated: str
    answered: str
    is_panel: bool


class Stratum(NamedTuple):
    """A group the sample was drawn from. No child is named: numbers only."""

    round_name: str
    stratum: str
    population: int
    drawn: int
    withdrawn: int


class SampledCase(NamedTuple):
    """A case of the sample. `learned` is what the panel learned from it, `good_practice` what it celebrates.

    `replaces` is the case whose place it took.
    """

    round_name: str
    case: str
    state: str
    plan: str
    age: str
    area: str
    stratum: str
    summary: str
    learned: str
    withdrawn_reason: str
    replaces: str
    good_practice: str = ""


class AgencyReturn(NamedTuple):
    """One agency's return on a case, but for its ratings. `reason`: why not known, declined, sent back or closed.

    `on_behalf_of`: the practice or school for which the agency answered. `own_part`: the auditor's, in the child's
    care.
    """

    round_name: str
    case: str
    agency: str
    state: str
    reason: str
    overall_level: str | None
    overall_rank: int | None
    overall_reason: str
    worked_well: str
    to_improve: str
    learning: str
    proposed_actions: str
    submitted_by: str
    submitted_at: datetime | None
    on_behalf_of: str = ""
    should_have_known: str = ""
    own_part: str = ""
    minutes_spent: int | None = None


class AboutChild(NamedTuple):
    """One option that an agency chose of a case attribute, such as a type of neglect."""

    round_name: str
    case: str
    agency: str
    code: str
    attribute: str
    recorded: str


class ChronologyEvent(NamedTuple):
    """A significant event in the child's life as one agency knew it."""

    round_name: str
    case: str
    happened_on: date
    agency: str
    event: str
    impact: str
    response: str


class Voice(NamedTuple):
    """What somebody said about the help, who lets it be read beyond the audit. `use` says how far it may go."""

    round_name: str
    case: str
    agency: str
    whose: str
    kind: str
    said_on: date | None
    words: str
    use: str


class Reflection(NamedTuple):
    """What came from those who did the work: a note of the reflective discussion, or an answer to the return.

    `said_by` is a role and never a name. `about`: what was asked, the indicator, or the whole return.
    """

    round_name: str
    case: str
    agency: str
    kind: str
    said_by: str
    about: str
    words: str
    said_on: date | None


class Feedback(NamedTuple):
    """Feedback that an agency owes or gave to those who did the work. `given_to` is a role and never a name."""

    round_name: str
    case: str
    agency: str
    occasion: str
    due_on: date
    given_on: date | None
    given_to: str
    how: str


class PanelLine(NamedTuple):
    """Something about one meeting of a panel: its chair, one of its members, or a point that was put aside in it.

    `kind` says which. `who`: the chair, the member, or who put the point aside. `attendance` is said of members alone.
    `case` is the one that was open when the point came up, `taken_to` where it was taken since; both may be empty.
    """

    round_name: str
    held_on: date
    kind: str
    who: str
    agency: str = ""
    attendance: str = ""
    case: str = ""
    point: str = ""
    taken_to: str = ""


class PanelFeedback(NamedTuple):
    """What a panel said to one agency on a case, what it asked, and what the agency answered."""

    round_name: str
    case: str
    agency: str
    feedback: str
    question: str
    answer: str
    answered_by: str
    answered_at: datetime | None


class AgreedRating(NamedTuple):
    """What the panel agreed. `agency` is empty unless the indicator rates an agency's own work.

    `level` is the level's words, NOT_APPLICABLE or NO_EVIDENCE; `rank` is None for the last two. Both are None for an
    answer in words, which stands in `reason`. `better`: what would have made it better. `dissent`: a line for each who
    sees it differently, their name and words. `kind` says how it was agreed (rated separately, confirmed together, on
    paper). `stands` is no where a later row took its place; `changed_because` says in the later row why.
    """

    round_name: str
    case: str
    code: str
    indicator: str
    domain: str
    agency: str
    answer: str
    level: str | None
    rank: int | None
    reason: str
    better: str
    dissent: str
    kind: str
    agreed_by: str
    agreed_at: datetime
    stands: bool
    changed_because: str


class RoomRating(NamedTuple):
    """What one member of a panel said for themselves in the room, as far as its chair showed it.

    `work_of`: the agency whose own work is rated, or empty. `asked`: 1 for the first time, 2 where all were asked
    again. `sits_for`: the agency. `answer` is also that they abstained; `level` and `rank` are then None.
    """

    round_name: str
    case: str
    code: str
    indicator: str
    work_of: str
    asked: int
    who: str
    sits_for: str
    answer: str
    level: str | None
    rank: int | None
    reasoning: str
    given_at: datetime


class Correction(NamedTuple):
    """What an agency asked to correct in the accuracy check, and what was done. `about`: an indicator, or the outcome.

    `changed`: what was agreed, or learned, before it, or empty where nothing of it was changed.
    """

    round_name: str
    case: str
    agency: str
    about: str
    wrong: str
    right: str
    where_on_file: str
    asked_by: str
    asked_at: datetime
    decision: str
    response: str
    changed: str
    decided_by: str
    decided_at: datetime | None


class AgencyRating(NamedTuple):
    """What one agency said of its own file, with the evidence. `level` and `rank` as in AgreedRating.

    An answer in words stands in `evidence`.
    """

    round_name: str
    case: str
    agency: str
    code: str
    indicator: str
    answer: str
    level: str | None
    rank: int | None
    evidence: str
    where_on_file: str
    strength_or_concern: str
    not_applicable_reason: str
    rated_by: str
    rated_at: datetime


class Finding(NamedTuple):
    """A strength or an area for development. `rests_on`: a line for each indicator (counts.counts_in_words)."""

    round_name: str
    reference: str
    kind: str
    finding: str
    detail: str
    rests_on: str
    written_by: str


class Action(NamedTuple):
    """A line of the action plan, in the columns councils use. `evaluation` is what the board signed it off with.

    `reason`: why it was sent back or withdrawn. `earlier_dates`: a line for each date it was moved from, and why.
    """

    round_name: str
    reference: str
    action: str
    finding: str
    due_on: date | None
    agency: str
    lead: str
    outcome_measure: str
    brag: str
    latest_update: str
    evaluation: str
    state: str
    is_overdue: bool
    reason: str
    earlier_dates: str


class ProgressUpdate(NamedTuple):
    """What an agency lead said about an action."""

    round_name: str
    action_reference: str
    posted_at: datetime
    agency: str
    posted_by: str
    brag: str
    update: str
    evidence: str


class CaseAction(NamedTuple):
    """Something that a panel asked an agency to do for one child. `reason`: why it was sent back, withdrawn, or left
    open when the round was closed. `earlier_days`: a line for each day from which it was moved, and why."""

    round_name: str
    case: str
    agency: str
    to_do: str
    raised_on: date
    raised_by: str
    due_on: date
    state: str
    is_late: bool
    outcome: str
    done_on: date | None
    reason: str
    earlier_days: str


class Deed(NamedTuple):
    """One line of the history: who did what, when, to what."""

    round_name: str
    at: datetime
    who: str
    what: str
    about: str
