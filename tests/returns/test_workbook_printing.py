"""A return on paper: what it says of itself, and what it leaves out."""

from dataclasses import replace
from datetime import UTC, datetime

from audit_app.returns.rules import Answer, AnswerKind, OwnPart, ReturnState, Tag
from audit_app.returns.rules.workbooks import KnownKept, OverallKept, Paper, Submitted, as_print
from reports.return_pdf import PrintedReturn
from tests.factories.papers import a_paper, a_rating

AT = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
CONCERN = Answer(AnswerKind.LEVEL, 12, evidence="Seen.", tag=Tag.CONCERN)


def printed(paper: Paper, *, is_empty: bool = False) -> PrintedReturn:
    return as_print(paper, is_empty=is_empty, by="Ann Other", at=AT)


def answers(paper: PrintedReturn, part: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """The questions of one part, each with its answers."""
    return [(one.title, tuple(one.answers)) for its in paper.parts if its.title == part for one in its.answers]


def a_submitted(state: ReturnState = ReturnState.SUBMITTED, *, is_for_agency: bool = False) -> Paper:
    return a_paper(
        a_rating(1, "A01", CONCERN),
        state=state,
        known=KnownKept(state, on_behalf_of="Example Practice", is_file_confirmed=True, own_part=OwnPart.NONE),
        overall=OverallKept("Good", "She was heard.", minutes_spent=90),
        submitted=Submitted(AT, "Cora Ordinator", "I have read our file.", is_for_agency),
    )


def test_a_submitted_return_says_for_whom_by_whom_and_what_was_declared() -> None:
    facts = dict(printed(a_submitted()).facts)
    assert facts["On behalf of"] == "Example Practice"
    assert facts["Submitted"] == "4 March 2026 at 14:05 by Cora Ordinator"
    assert facts["Declared"] == "I have read our file."
    stood_in = dict(printed(a_submitted(is_for_agency=True)).facts)
    assert stood_in["Submitted"] == "4 March 2026 at 14:05 by Cora Ordinator, on behalf of Example Practice"
    assert "On behalf of" not in stood_in, "it is said once"
    again = dict(printed(a_submitted(ReturnState.CHANGES_REQUESTED)).facts)
    assert again.keys() & {"Submitted", "Declared"} == set(), "it was sent back, so nothing is declared now"


def test_it_shows_the_level_over_all_and_the_tag_and_of_the_first_sheet_what_was_said() -> None:
    paper = printed(a_submitted())
    over_all = dict(answers(paper, "Over the whole return"))
    assert over_all["Over everything, how well did your agency do?"] == (("Answer", "Good"),)
    assert answers(paper, "Recognition")[0][1][-1] == ("Strength or concern", "Concern")
    assert [title for title, _ in answers(paper, "Is the child known")] == [
        "Does your agency know this child?",
        "On behalf of which practice or school do you answer?",
        "Did you check against the identity sheet that the right file is open?",
        "Had you a part in the child's care, or in supervising it?",
    ]


def test_the_empty_form_asks_for_everything_but_the_file_number_and_says_nothing_that_was_answered() -> None:
    paper = printed(a_submitted(), is_empty=True)
    asked = [title for title, _ in answers(paper, "Is the child known")]
    assert len(asked) == 7
    assert not any("number of this file" in title for title in asked)
    assert dict(paper.facts).keys() & {"On behalf of", "State", "Submitted", "Declared"} == set()
    assert all(its == () for part in paper.parts for _, its in answers(paper, part.title))
    rating = paper.parts[1].answers[0]
    assert rating.ticks == (("Strength or concern, if it is either", ("Strength", "Concern")),)
    assert rating.choices[1:3] == ["Good: Soon.", "Requires improvement, as a whole"], "a level beside its description"
    assert not any("Soon." in words for words in rating.help), "and nowhere else"
    said = [words for part in paper.parts for one in part.answers for words in one.help]
    assert not any("list" in words for words in said), "paper has no list to choose from"
    assert "Tick one." in said
    known = paper.parts[0].answers
    assert [bool(one.choices) + len(one.spaces) for one in known] == [1] * 7, "boxes to tick, or room to write"
    events = next(part for part in paper.parts if part.title == "Chronology").answers
    assert events[0].spaces[0] == ("Date", 0), "a line for the date comes first"


def test_it_says_what_stays_on_screen_and_who_loaded_what_an_agency_stated() -> None:
    paper = printed(replace(a_submitted(), voices=2, file_loaded_by="Cora Ordinator"))
    assert dict(paper.facts)["Voices"].startswith("2 voices were recorded. They are read on screen")
    assert paper.parts[0].note == "As Health stated it in the file that it sent; loaded by Cora Ordinator."
    assert "Chronology" in [part.title for part in paper.parts]
    assert "Voices" not in dict(printed(a_submitted()).facts)
