"""The worksheets of a round's workbook before they have rows: their names, what they are about, their columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.round_rows import NO_EVIDENCE, NOT_APPLICABLE
from reports.workbook import Column

LONG, MIDDLE, SHORT = 60, 28, 14

NOTES = (
    ("Case", "One sampled child, by a reference such as N26-07. Names belong in the identity key, not in here."),
    ("Indicator", "One thing that was judged, by a code that stays the same from round to round."),
    ("Level", "The step of the scale that was given. The worksheet Scale lists the steps; rank 1 is the best."),
    ("Rank", "The place of a level on its scale. It is for sorting: ranks of different scales cannot be compared."),
    (NOT_APPLICABLE, "Shorthand in the column Level: not applicable. The question does not arise for this case."),
    (NO_EVIDENCE, "Shorthand in the column Level: no evidence on file. The file says nothing either way."),
    ("Counts", "How many cases or ratings were given a level. Levels are counted, never averaged."),
    ("Number rated", "How many were given a level. Not applicable and no evidence are counted apart from it."),
    ("Agency rating", "What one agency said of its own file, before anyone else's rating was shown to it."),
    ("Agreed rating", "What the panel decided, with its reason: one for each case and indicator."),
    (
        "Rating in the room",
        "What one member said before all agreed. A return counts as its agency's first one.",
    ),
    ("Agency of an agreed rating", "Named where each agency's own work is rated: there is then one for each agency."),
    ("BRAG", "Progress of an action in words: Signed off, On track, At risk or Off track."),
    ("Overdue", "Yes where, on the day this was made, the date had passed and the action was not done."),
    ("Empty cell", "There was nothing to say: no reason was needed, no update was posted, or no date was set."),
    ("Times", "Times are those of the clock in London."),
    ("Voice", "What somebody said about the help. Who later withdraws is no longer in a workbook made after that."),
    ("Not in here", "Who a child is, immediate concerns, and what an agency had not handed over yet."),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A worksheet before it has rows. `columns` are the fields of its named tuple after the round's name."""

    name: str
    title: str
    about: str
    columns: Sequence[Column]


PLAN = Table(
    "The audit",
    "Why this audit, and what it asks",
    "One row for each thing that was decided when it was planned, and what one needs to repeat the draw of its sample.",
    (Column("About", MIDDLE), Column("What was decided", 100)),
)
SCALE = Table(
    "Scale",
    "The scale, from best to worst",
    "One row for each level. Band lets rounds with different scales be set side by side.",
    (Column("Rank", 8), Column("Level", MIDDLE), Column("Letter", 8), Column("Band", SHORT)),
)
QUESTIONS = Table(
    "Questions",
    "What was asked, in the words the auditors saw",
    "One row for each indicator.",
    (
        Column("Code", 8),
        Column("Indicator", 40),
        Column("Domain", MIDDLE),
        Column("Question", LONG),
        Column("Why it matters", LONG),
        Column("What to look for", LONG),
        Column("What is rated", MIDDLE),
        Column("How it is answered", SHORT),
        Column("Panel indicator", SHORT),
    ),
)
SAMPLE = Table(
    "Sample profile",
    "Who the sample stands for",
    "One row for each group of children. Drawn is at the draw; withdrawn also counts children who took a place later.",
    (Column("Group", 40), Column("In the population", SHORT), Column("Drawn", SHORT), Column("Withdrawn", SHORT)),
)
CASES = Table(
    "Cases",
    "The cases, and what was learned from each",
    "One row for each sampled child, by reference.",
    (
        Column("Case", SHORT),
        Column("State", SHORT),
        Column("Plan", MIDDLE),
        Column("Age", SHORT),
        Column("Area", MIDDLE),
        Column("Group", MIDDLE),
        Column("Summary", LONG),
        Column("What was learned", LONG),
        Column("Why withdrawn", 40),
        Column("Takes the place of", SHORT),
        Column("Good practice to celebrate", LONG),
    ),
)
RETURNS = Table(
    "Agency returns",
    "What each agency said of its work as a whole",
    "One row for each case and agency. The ratings are on the next worksheets.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("State", 20),
        Column("Reason", 40),
        Column("Overall level", MIDDLE),
        Column("Rank", 8),
        Column("Reason for the level", LONG),
        Column("What worked well", LONG),
        Column("What to improve", LONG),
        Column("What the agency learned", LONG),
        Column("What the agency will do", LONG),
        Column("Submitted by", 20),
        Column("Submitted at", 22),
        Column("On behalf of", MIDDLE),
        Column("Should have known the child", 20),
        Column("The auditor's own part", 40),
        Column("Minutes spent", SHORT),
    ),
)
CHILDREN = Table(
    "About the children",
    "What each agency recorded about the child",
    "One row for each answer that an agency chose; an attribute may have several.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("Code", 8),
        Column("Attribute", 40),
        Column("Recorded", LONG),
    ),
)
CHRONOLOGY = Table(
    "Chronology",
    "What happened to each child, as each agency knew it",
    "One row for each event, all agencies of a case on one time line.",
    (
        Column("Case", SHORT),
        Column("Date", SHORT),
        Column("Agency", MIDDLE),
        Column("What happened", LONG),
        Column("Impact on the child", LONG),
        Column("Response", LONG),
    ),
)
VOICES = Table(
    "Voices",
    "What children, families and practitioners said about the help",
    "One row for each who agreed to it. Keep to the use that they allowed; ask again before anything else.",
    (
        Column("Case", SHORT),
        Column("Agency that asked", MIDDLE),
        Column("Whose voice", MIDDLE),
        Column("Quote or summary", MIDDLE),
        Column("Said on", SHORT),
        Column("What they said", LONG),
        Column("May be used", MIDDLE),
    ),
)
REFLECTIONS = Table(
    "Reflective practice",
    "What those who did the work said of it",
    "One row for each note of a reflective discussion, and for each answer to a return. Roles, never names.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("Kind", MIDDLE),
        Column("Said by", MIDDLE),
        Column("About", 40),
        Column("Words", LONG),
        Column("Said on", SHORT),
    ),
)
FEEDBACK = Table(
    "Feedback",
    "Feedback to those who did the work",
    "One row for each time it was due: after the panel, and after publication. Roles, never names.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("When", MIDDLE),
        Column("Due", SHORT),
        Column("Given on", SHORT),
        Column("Given to", MIDDLE),
        Column("How", MIDDLE),
    ),
)
PANELS = Table(
    "Panels",
    "Who sat on the panels, and what they put aside",
    "One row for each chair, each member, and each point that was put aside because it belongs elsewhere.",
    (
        Column("Panel of", SHORT),
        Column("Kind", MIDDLE),
        Column("Who", 20),
        Column("Agency", MIDDLE),
        Column("Attendance", 20),
        Column("Case", SHORT),
        Column("Point", LONG),
        Column("Where it was taken", 40),
    ),
)
PANEL_FEEDBACK = Table(
    "Panel feedback",
    "What panels said to agencies, and what they asked",
    "One row for each finished case and agency to which something was said.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("Feedback", LONG),
        Column("Question", LONG),
        Column("Answer", LONG),
        Column("Answered by", 20),
        Column("Answered at", 22),
    ),
)
AGREED = Table(
    "Agreed ratings",
    "What the panel agreed",
    "One row for each case and indicator, and for each agency where its own work is rated; earlier ones stay.",
    (
        Column("Case", SHORT),
        Column("Code", 8),
        Column("Indicator", 40),
        Column("Domain", MIDDLE),
        Column("Agency", MIDDLE),
        Column("Answer", SHORT),
        Column("Level", 20),
        Column("Rank", 8),
        Column("Reason", LONG),
        Column("What would have made it better", LONG),
        Column("Who sees it differently", LONG),
        Column("How it was agreed", 20),
        Column("Agreed by", 20),
        Column("Agreed at", 22),
        Column("Stands", 10),
        Column("Why it was changed", 40),
    ),
)
ROOM_RATINGS = Table(
    "Ratings in the room",
    "What the members of panels said for themselves",
    "One row for each member, each time all were asked; of finished cases, and only what the chair showed.",
    (
        Column("Case", SHORT),
        Column("Code", 8),
        Column("Indicator", 40),
        Column("Whose work", MIDDLE),
        Column("Time asked", 10),
        Column("Who", 20),
        Column("For which agency", MIDDLE),
        Column("Answer", SHORT),
        Column("Level", 20),
        Column("Rank", 8),
        Column("Why", LONG),
        Column("Given at", 22),
    ),
)
CORRECTIONS = Table(
    "Corrections",
    "What agencies asked to correct, and what was done",
    "One row for each request in the accuracy check, before the round was reported.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("About", 40),
        Column("What is wrong", LONG),
        Column("What is right", LONG),
        Column("Where on file", MIDDLE),
        Column("Asked by", 20),
        Column("Asked at", 22),
        Column("Decision", SHORT),
        Column("Response", LONG),
        Column("What was changed", LONG),
        Column("Decided by", 20),
        Column("Decided at", 22),
    ),
)
RATINGS = Table(
    "Agency ratings",
    "What each agency said of its own file, with the evidence",
    "One row for each case, agency and indicator.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("Code", 8),
        Column("Indicator", 40),
        Column("Answer", SHORT),
        Column("Level", 20),
        Column("Rank", 8),
        Column("Evidence", LONG),
        Column("Where on file", MIDDLE),
        Column("Strength or concern", SHORT),
        Column("Why not applicable", MIDDLE),
        Column("Rated by", 20),
        Column("Rated at", 22),
    ),
)
FINDINGS = Table(
    "Findings",
    "Findings: strengths and areas for development",
    "One row for each finding, with the indicators and counts it rests on.",
    (
        Column("Reference", SHORT),
        Column("Kind", 20),
        Column("Finding", 40),
        Column("Detail", LONG),
        Column("Rests on", LONG),
        Column("Written by", 20),
    ),
)
ACTIONS = Table(
    "Action plan",
    "The action plan",
    "One row for each action.",
    (
        Column("Reference", SHORT),
        Column("Action", 50),
        Column("Finding", 40),
        Column("Timescale", 20),
        Column("Lead agency", MIDDLE),
        Column("Lead", 20),
        Column("Outcome measure", 40),
        Column("BRAG", SHORT),
        Column("Latest update", 50),
        Column("Evaluation", 50),
        Column("State", SHORT),
        Column("Overdue", 10),
        Column("Why sent back or withdrawn", 40),
        Column("Earlier dates", 40),
    ),
)
UPDATES = Table(
    "Progress updates",
    "Everything that was said about the actions",
    "One row for each progress update.",
    (
        Column("Action", SHORT),
        Column("Posted at", 22),
        Column("Agency", MIDDLE),
        Column("Posted by", 20),
        Column("BRAG", SHORT),
        Column("Update", LONG),
        Column("Evidence of impact", LONG),
    ),
)
CASE_ACTIONS = Table(
    "Case actions",
    "What agencies were asked to do for single children",
    "One row for each action about a child. They are no part of the action plan, and a board reads only how many.",
    (
        Column("Case", SHORT),
        Column("Agency", MIDDLE),
        Column("What is to be done", LONG),
        Column("Raised on", SHORT),
        Column("Raised by", 20),
        Column("Due", SHORT),
        Column("State", SHORT),
        Column("Late", 10),
        Column("What came of it", LONG),
        Column("Done on", SHORT),
        Column("Why sent back, withdrawn or left open", 40),
        Column("Earlier days", 40),
    ),
)
HISTORY = Table(
    "Who did what",  # Excel keeps the name History for itself
    "History: who did what, when",
    "One row for each deed. It never says a level, evidence or who a child is.",
    (Column("When", 22), Column("Who", MIDDLE), Column("What", LONG), Column("About", 40)),
)
