"""Fields of forms: what they take, and what they say of the rest."""

from datetime import date

import pytest
from flask import Flask

from audit_app.core.forms import (
    DayField,
    PageForm,
    TextField,
    VersionField,
    WholeNumberField,
    WordsField,
    at_most,
    needed,
)


class Asking(PageForm):
    title = TextField("Title", [needed("Enter a title.")])


def test_blanks_alone_do_not_answer_a_question_that_must_be_answered(app: Flask) -> None:
    for typed, errors in (("", ["Enter a title."]), ("  ", ["Enter a title."]), (" Title ", [])):
        with app.test_request_context(method="POST", data={"title": typed}):
            form = Asking(meta={"csrf": False})
            assert form.validate() is not bool(errors)
            assert list(form.title.errors) == errors


class Counting(PageForm):
    count = WholeNumberField("Count", sentence="Enter a whole number.")
    day = DayField("Day", what="The day")
    version = VersionField()


def test_digits_that_are_no_numbers_are_refused_in_our_words(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"count": "²", "day": ["²", "3", "2026"], "version": "²"}):
        form = Counting(meta={"csrf": False})
        assert not form.validate()
        assert form.count.errors == ["Enter a whole number."]
        assert form.day.errors == ["The day must be a day, a month and a year, such as 4 3 2026."]
        assert form.version.data == 0


@pytest.mark.parametrize(
    ("month", "number"),
    [("March", 3), ("mar", 3), ("Sept.", 9), ("MAY", 5), ("3", 3), ("ma", None), ("Marchy", None), ("moon", None)],
)
def test_a_month_may_be_its_name(app: Flask, month: str, number: int | None) -> None:
    data = {"count": "1", "day": ["4", month, "2026"], "version": "1"}
    with app.test_request_context(method="POST", data=data):
        form = Counting(meta={"csrf": False})
        assert form.validate() is (number is not None)
        assert form.day.data == (date(2026, number, 4) if number else None)


def test_the_character_nul_is_taken_out_of_what_was_typed(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"title": "\0 A\0 title\0 "}):
        assert Asking(meta={"csrf": False}).title.data == "A title"


class Writing(PageForm):
    words = WordsField("Words", [at_most(5, "This text")])
    more = WordsField("More words")


def test_a_line_break_is_one_character_however_it_was_sent(app: Flask) -> None:
    for sent in ("ab\r\ncd", "ab\ncd", "ab\rcd"):
        with app.test_request_context(method="POST", data={"words": sent}):
            form = Writing(meta={"csrf": False})
            assert form.validate()
            assert form.words.data == "ab\ncd"


def test_a_long_text_knows_how_long_it_may_be(app: Flask) -> None:
    with app.test_request_context():
        form = Writing(meta={"csrf": False})
        assert (form.words.limit, form.more.limit) == ("Up to 5 characters.", "")
