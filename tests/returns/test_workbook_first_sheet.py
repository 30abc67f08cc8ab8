"""What a workbook may take, by its first sheet: nothing but that, unless the child is known and the right file open."""

import pytest

from audit_app.returns.rules import OwnPart, ReturnState
from audit_app.returns.rules.workbooks import KnownKept, Paper
from tests.factories.papers import a_paper, as_file, changes, laid_beside, problems, typed

KNOWN, YOURS, RATINGS = "Is the child known", "Your answer", "Ratings"
YES, NO, SOME = "Yes, in the look-back period", "No", "I had a part in it"
NONE = "I had no part in this child's care or its supervision"
NEW, GOING, AGAIN = ReturnState.NOT_STARTED, ReturnState.IN_PROGRESS, ReturnState.CHANGES_REQUESTED
UNTIL_ANSWERED = "Nothing else of this file is taken until this line is answered."
UNTIL_FOUND = "Nothing else of this file is taken until this line says Yes: find the right file first."
Said = dict[int, str | None]


def compared(paper: Paper, said: Said) -> tuple[set[str], dict[str, str]]:
    """What would be taken of a file with one rating and these lines of its first sheet, and why the rest waits."""
    lines = {(KNOWN, f"Known {line}", YOURS): words for line, words in said.items()}
    comparison = laid_beside(paper, typed(as_file(paper), {(RATINGS, "A01", "Answer"): "Good", **lines}))
    whys = {f"Known {row - 1}" if sheet == KNOWN else sheet: why for sheet, row, _, why in problems(comparison)}
    return set(changes(comparison)), whys


@pytest.mark.parametrize(
    ("state", "said", "taken", "waits"),
    [
        (NEW, {}, set(), {"Known 1": UNTIL_ANSWERED}),
        (NEW, {4: "A practice"}, set(), {"Known 1": UNTIL_ANSWERED}),
        (NEW, {1: YES}, {"Known 1"}, {"Known 5": UNTIL_FOUND}),
        (NEW, {1: YES, 5: "no"}, {"Known 1"}, {"Known 5": UNTIL_FOUND}),
        (NEW, {1: YES, 5: "Yes"}, {"Known 1"}, {"Known 6": f"Say whether you had a part in this child's care or its "
         f"supervision. {UNTIL_ANSWERED}"}),
        (NEW, {1: YES, 5: "Yes", 6: SOME}, {"Known 1"}, {"Known 7": f"Say what your part was, so that the panel can "
         f"weigh it. {UNTIL_ANSWERED}"}),
        (NEW, {1: YES, 5: "Yes", 6: NONE, 8: "SC/1"}, {"Known 1", "Known 5", "Known 6", "Known 8", "A01"}, {}),
        (GOING, {6: NONE}, set(), {"Known 5": UNTIL_FOUND}),
        (NEW, {1: NO, 2: "We looked.", 3: "No"}, {"Known 1", "Known 2", "Known 3"}, {RATINGS: "Nothing of this sheet"}),
        (NEW, {1: NO, 2: "We looked."}, set(), {"Known 3": "Say whether your agency should", RATINGS: "Nothing"}),
        (NEW, {1: NO, 3: "Yes"}, set(), {"Known 2": "Say where you looked", RATINGS: "Nothing"}),
        (NEW, {1: "We cannot make this return"}, set(), {"Known 2": "Say why your agency", RATINGS: "Nothing"}),
        (NEW, {1: "No, only a parent, brother or sister", 3: "Yes", 5: "Yes"}, {"Known 1"},
         {"Known 3": "This is kept only where the answer", "Known 5": "This is kept only where the child is known",
          RATINGS: "Nothing"}),
    ],
)  # fmt: skip
def test_a_file_says_first_that_the_child_is_known_and_the_right_file_open(
    state: ReturnState, said: Said, taken: set[str], waits: dict[str, str]
) -> None:
    found, whys = compared(a_paper(state=state, is_file_confirmed=False), said)
    assert found == taken
    assert whys.keys() == waits.keys()
    assert all(whys[key].startswith(words) for key, words in waits.items()), whys


@pytest.mark.parametrize(
    ("state", "said", "taken", "waits"),
    [
        (GOING, {}, {"A01"}, {}),
        (GOING, {4: "A practice", 6: SOME, 7: "I led it."}, {"Known 4", "Known 6", "Known 7", "A01"}, {}),
        (GOING, {6: SOME}, {"A01"}, {"Known 7": "Say what your part was"}),
        (GOING, {7: "I led it."}, {"A01"}, {"Known 7": "This is kept only where the line above"}),
        (GOING, {5: None}, set(), {"Known 5": UNTIL_FOUND}),
        (GOING, {1: None}, {"A01"}, {"Known 1": "This was answered before"}),
        (GOING, {2: "Twice.", 3: "Yes"}, {"A01"}, {"Known 2": "This is kept only", "Known 3": "This is kept only"}),
        (AGAIN, {1: NO, 4: "A practice"}, {"A01"}, {"Known 1": "This return was", "Known 4": "This return was"}),
    ],
)
def test_what_was_said_before_stays_unless_the_file_says_all_that_goes_with_it(
    state: ReturnState, said: Said, taken: set[str], waits: dict[str, str]
) -> None:
    found, whys = compared(a_paper(state=state), said)
    assert found == taken
    assert whys.keys() == waits.keys()
    assert all(whys[key].startswith(words) for key, words in waits.items()), whys


def test_the_file_number_is_never_written_into_a_file_or_shown() -> None:
    paper = a_paper(known=KnownKept(GOING, is_file_confirmed=True, own_part=OwnPart.NONE))
    assert paper.line["Known 8"].kept == ""
    for said in ({8: "SC/2026/0417"}, {8: "SC/2026/0417", 1: NO, 2: "We looked.", 3: "No"}):
        lines = {(KNOWN, f"Known {line}", YOURS): words for line, words in said.items()}
        comparison = laid_beside(paper, typed(as_file(paper), lines))
        shown = [*(one.differences for one in comparison.outcomes), *comparison.unreadable]
        assert "Known 8" in {*changes(comparison), *(f"Known {row - 1}" for _, row, _, _ in problems(comparison))}
        assert "0417" not in str(shown)
