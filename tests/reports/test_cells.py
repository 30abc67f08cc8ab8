from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports.cells import LONGEST_TEXT, cell_text, looks_live, moment_in_words, plain_value, without_controls


def test_ordinary_text_is_left_alone() -> None:
    assert cell_text("The school saw it first.\n\tThen the nurse, on 3 March.") == (
        "The school saw it first.\n\tThen the nurse, on 3 March.",
        0,
    )


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\x07", "\u00a0"])
def test_a_text_of_blanks_is_an_empty_cell(text: str) -> None:
    assert cell_text(text) == ("", 0)


def test_what_xml_cannot_hold_is_left_out_and_line_ends_become_one_kind() -> None:
    assert without_controls("a\x00b\x1fc\x7fd\x85e\ud800f\uffffg\r\nh\ri\tj") == "abcdefg\nh\ni\tj"


def test_a_typed_escape_code_stays_what_was_typed() -> None:
    assert cell_text("see _x0041_x0042_ and _x00_") == ("see _x005F_x0041_x005F_x0042_ and _x00_", 0)


def test_the_longest_text_a_cell_holds_is_not_cut() -> None:
    assert cell_text("a" * LONGEST_TEXT) == ("a" * LONGEST_TEXT, 0)


def test_a_longer_text_says_at_its_end_how_much_is_missing() -> None:
    text, missing = cell_text("a" * (LONGEST_TEXT + 1))
    assert len(text) <= LONGEST_TEXT
    assert text.endswith(f"a [Cut here: {missing:,} more characters do not fit]")
    assert text.count("a") - " [Cut here: more characters do not fit]".count("a") + missing == LONGEST_TEXT + 1


@pytest.mark.parametrize("piece", ["\U0001f600", "_x0041_", "_x0041_x0042", "éé"])
def test_length_is_counted_as_excel_counts_it(piece: str) -> None:
    text, missing = cell_text(piece * LONGEST_TEXT)
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert missing > 0
    assert "\ufffd" not in text


@pytest.mark.parametrize("text", ["=1+1", "+44 7700", "-1", "@import", "#REF!"])
def test_text_that_a_program_would_run_is_known(text: str) -> None:
    assert looks_live(text)
    assert not looks_live(f"about {text}")


def test_yes_and_no_are_words_and_nothing_stays_nothing() -> None:
    assert [plain_value(value) for value in (True, False, None, 3, 2.5, Decimal("0.1"))] == [
        "Yes",
        "No",
        None,
        3,
        2.5,
        Decimal("0.1"),
    ]


def test_a_moment_is_shown_as_the_clock_in_london_showed_it() -> None:
    assert plain_value(datetime(2026, 7, 1, 23, 30, 5, 999, tzinfo=UTC)) == datetime(2026, 7, 2, 0, 30, 5)  # noqa: DTZ001
    assert plain_value(datetime(2026, 1, 1, 9, 0, tzinfo=UTC)) == datetime(2026, 1, 1, 9, 0)  # noqa: DTZ001
    assert moment_in_words(datetime(2026, 7, 4, 13, 5, tzinfo=UTC)) == "4 July 2026 at 14:05"


def test_days_that_programs_disagree_about_become_words() -> None:
    assert plain_value(date(1900, 2, 28)) == "28 February 1900"
    assert plain_value(date(1900, 3, 1)) == date(1900, 3, 1)
    assert plain_value(datetime(1899, 12, 31, 12, 0, tzinfo=UTC)) == "31 December 1899"


def test_a_whole_number_too_large_to_keep_exactly_becomes_text() -> None:
    assert plain_value(2**53 + 1) == "9007199254740993"
    assert plain_value(-(2**53) + 1) == -(2**53) + 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), datetime(2026, 3, 4, 9, 0)])  # noqa: DTZ001
def test_what_no_cell_can_hold_is_refused(value: float | Decimal | datetime) -> None:
    with pytest.raises(ValueError, match=r"says no time zone|is not a number"):
        plain_value(value)


def test_an_unknown_kind_of_value_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="a cell cannot hold list"):
        plain_value([])  # type: ignore[arg-type]
