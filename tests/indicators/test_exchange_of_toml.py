"""A template as TOML, in the language of the delivered files: read as it was meant, or refused with its place."""

from dataclasses import replace
from time import perf_counter

import pytest

from audit_app.core.spreadsheets import UnreadableFile
from audit_app.indicators.rules import (
    AppliesBy,
    CatalogueProblems,
    Rated,
    as_toml,
    known_to,
    read_catalogue,
    read_template,
)
from audit_app.indicators.services import files_in
from tests.factories.indicators import FOLDER, the_catalogue
from tests.indicators.exchanged import OURS, read, the_known

FIRST_LOOK = """
title = "A first look"
scale = "met"
minutes_per_child = 15
description = "Four questions."
[[domain]]
title = "Seen and heard"
indicators = ["A01", "SAL01"]
[words.SAL01]
title = "Brothers and sisters"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogueProblems) as refused:
        read(text.encode())
    return [str(problem) for problem in refused.value.problems]


def changed(was: str, now: str, text: str = FIRST_LOOK) -> str:
    assert text.count(was) >= 1
    return text.replace(was, now, 1)


def test_a_file_written_by_hand_takes_the_librarys_words_where_it_has_no_own() -> None:
    asked, own = read(FIRST_LOOK.encode()).indicators
    library = the_catalogue().indicators["A01"]
    assert (asked.question, asked.rated) == (library.question, library.rated)
    assert set(asked.guidance) == {"met", "partly_met", "not_met"}
    assert (own.code, own.title, own.question, own.rated) == (
        "SAL01",
        "Brothers and sisters",
        "",
        Rated.CHILD_EXPERIENCE,
    )


def test_a_file_that_is_complete_takes_nothing_from_the_library() -> None:
    asked = read(changed('title = "A', 'complete = true\nwords.A01.title = "Ours"\ntitle = "A').encode()).indicators[0]
    assert (asked.title, asked.question, asked.guidance) == ("Ours", "", {})


def test_a_downloaded_file_says_everything_in_the_language_of_the_delivered_ones() -> None:
    text = as_toml(OURS)
    assert text.startswith("# An audit template, whole in itself")
    assert 'code = "small"\ntitle = "Small template"\nversion = 1\ncomplete = true\nscale = "ofsted"\n' in text
    assert '[[domain]]\ntitle = "The child"\n' in text
    assert "[words.B01]\ntitle =" in text
    assert "\n[guidance.B01]\noutstanding =" in text


def test_a_downloaded_file_can_stand_in_the_folder_of_the_delivered_ones() -> None:
    core = the_catalogue().templates[0]
    text = as_toml(replace(core, code="core-17"))
    templates = read_catalogue({**files_in(FOLDER), "templates/core-17.toml": text}).templates
    assert replace(core, code="core-17") in templates


def test_words_of_a_library_that_differs_do_not_change_what_was_sent() -> None:
    there = the_catalogue()
    elsewhere = {code: replace(one, question="Another question?") for code, one in there.indicators.items()}
    known = known_to(replace(there, indicators=elsewhere))
    assert read_template(as_toml(OURS).encode(), known) == OURS


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('title = "A first look"', "", "title: Enter a title."),
        ('title = "A first look"', f'title = "{"x" * 121}"', "title: The title must be 120 characters or fewer."),
        ('title = "A first look"', "titel = 1", "titel: is not a field of this table; remove it or correct its name"),
        ('scale = "met"', "", "scale: is missing; name one of ofsted, met, yes_no, safety_scaling, in-words"),
        ('"met"', '"stars"', "scale: is 'stars', which is no scale here; name one of ofsted, met, yes_no, safety_sca"),
        ("= 15", "= 601", "minutes_per_child: Enter the minutes that one child takes: 1 to 600."),
        (
            "= 15",
            '= "an hour"',
            "minutes_per_child: is 'an hour'; write it as a bare number, whole and without quotation marks",
        ),
        ("Four questions.", "x" * 4_001, "description: The description must be 4,000 characters or fewer."),
        ('"A01"', '"A01", "A01"', "indicator A01: This template asks A01 already. It stands at indicator A01."),
        ('"A01"', '"A99"', "indicator A99: A99 is not in the library. Correct it, or give the question a code of your"),
        (
            '"A01"',
            '"a question"',
            "indicator a question: A code is one of the library, such as B01, or one of your own",
        ),
        ('"SAL01"]', '"SAL02"]', "words, SAL01: is in no domain of this template; remove this table or correct the"),
        ("Seen and heard", "", "domain, number 1, title: Enter a title."),
        ("Brothers and sisters", "x" * 46, "words, SAL01, title: The title must be 45 characters or fewer."),
        (
            "[words.SAL01]",
            "[words.A01]\nquestion = 1\n[words.SAL01]",
            "words, A01, question: is 1; put it in quotation marks",
        ),
        ("[[domain]]", 'panel_indicators = ["B01"]\n[[domain]]', "panel_indicators: B01 is in no domain of this temp"),
        ("[[domain]]", 'in_words = ["A01", "A01"]\n[[domain]]', "in_words: A01 is named twice; remove one"),
        (
            "[[domain]]",
            'attributes = ["P99"]\n[[domain]]',
            "attributes: P99 is no case attribute here. Correct the cod",
        ),
        (
            "[words",
            "[applies.A01]\nage_band = []\n[words",
            "applies, A01, age_band: is empty, so no age has it; name som",
        ),
        (
            "[words",
            '[applies.A01]\nage_band = ["old"]\n[words',
            "applies, A01, age_band: 'old' is none of unborn, under_1",
        ),
        (
            "[words",
            '[guidance.A01]\ngood = "x"\n[words',
            "guidance, A01: 'good' is no level of the scale met; correct it",
        ),
        (
            "[words",
            f'[guidance.A01]\nmet = "{"x" * 20_000}"\n[words',
            "guidance, A01, met: A text must be 4,000 charact",
        ),
        (
            "[words",
            f'[words.A01]\nwhy = "{"x" * 4_001}"\n[words',
            "words, A01, why: A text must be 4,000 characters or",
        ),
    ],
)
def test_what_cannot_be_is_named_with_its_place(was: str, now: str, says: str) -> None:
    said = problems(changed(was, now))
    assert any(line.startswith(says) for line in said), said


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = changed('"A01"', '"A99"', changed("= 15", "= 0", changed("A first look", "")))
    places = [line.split(":")[0] for line in problems(text)]
    assert places == ["title", "minutes_per_child", "indicator A99", "words, A99, title"]


def test_as_in_any_draft_the_panel_may_have_too_many_questions_until_it_is_published() -> None:
    codes = [f"A{number:02}" for number in range(1, 11)]
    text = changed('"A01"', ", ".join(f'"{code}"' for code in codes)).replace(
        "[[domain]]", f"panel_indicators = {codes}\n[[domain]]"
    )
    assert sum(one.is_panel for one in read(text.encode()).indicators) == 10


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"title = ", "is not TOML: Invalid value (at end of document). If it is a spreadsheet, save it as .xlsx"),
        (b"Domain;Code\r\nSeen;A01\r\n", "is not TOML: "),
        (b"a = " + b"[" * 5_000, "is not TOML that can be read: too many brackets stand inside each other"),
    ],
)
def test_what_is_not_toml_is_said_with_line_and_column(content: bytes, says: str) -> None:
    (said,) = problems(content.decode())
    assert said.startswith(says)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b"\xff\xfe\x00", "neither an Excel workbook (.xlsx) nor TOML"),
        (b"%PDF-1.7\n\x00", "neither an Excel workbook (.xlsx) nor TOML"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB, and a template in TOML is far smaller"),
        (b"PK\x03\x04" + b"0" * 400, "damaged"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600, "old Office format"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_template(content, the_known())
    assert says in refused.value.reason


def test_limits_come_back_as_they_were() -> None:
    limits = read(as_toml(OURS).encode()).indicators[2].applies
    assert limits == {AppliesBy.AGE_BAND: OURS.indicators[2].applies[AppliesBy.AGE_BAND]}


# --- texts made to break readers ---

MANY_DOTS = "has a name of more than 100 parts with dots between them; shorten it"
TOO_DEEP = "is not TOML that can be read: too many brackets stand inside each other"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a." * 2_000 + "a = 1", MANY_DOTS),
        ("a." * 20_000 + "a = 1", MANY_DOTS),
        ("[" + "'a' . " * 2_000 + "a]", MANY_DOTS),
        ("x = { " + "a." * 2_000 + "a = 1 }", MANY_DOTS),
        ("a = " + "[" * 300 + "]" * 300, TOO_DEEP),
        ("a = " + "{ a = " * 300 + "1" + " }" * 300, TOO_DEEP),
        ("title = 0x" + "f" * 5_000, "title: is a very large number; put it in quotation marks"),
        ("title = " + "9" * 5_000, "holds a number or a date that nobody can read; correct it, or put it in quotation"),
        ("code = 0x" + "f" * 5_000, "code: is a very large number"),
        (f'minutes_per_child = "{"x" * 5_000}"', f"minutes_per_child: is '{'x' * 60}…'; write it as a bare number"),
    ],
    ids=lambda value: value[:20],
)
def test_a_text_made_to_break_readers_is_refused_at_once(text: str, says: str) -> None:
    began = perf_counter()
    said = problems(text)
    assert any(line.startswith(says) for line in said), said
    assert max(map(len, said)) < 400
    assert perf_counter() - began < 2


def test_a_line_of_dots_to_write_on_is_no_name_with_dots() -> None:
    text = changed("Four questions.", f"Name: {'.' * 300} = who")
    assert read(text.encode()).description.count(".") == 300


# --- what people get wrong first ---


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("[[domain]]", 'in_words = "A01"\n[[domain]]', "in_words: is 'A01'; put it in square brackets: [\"A01\"]"),
        ('"A first look"', "7", "title: is 7; put it in quotation marks"),
        ("= 15", "= 1.5", "minutes_per_child: is 1.5; write it as a bare number"),
        ("[[domain]]", "[domain]", "domain: is a table; write [[domain]] with two brackets"),
        ("[words.SAL01]", "[[words]]", "words: is a list; it is a table: write its fields below a line in square"),
        (
            '"A first look"',
            "“A first look”",
            "is not TOML: Invalid value (at line 2, column 9); these are curly quotes",
        ),
        ("[words", "[domain]\na = 1\n[words", "is not TOML: Cannot declare ('domain',) twice (at line 9, column 8"),
    ],
)
def test_a_slip_is_answered_with_what_to_write_instead(was: str, now: str, says: str) -> None:
    said = problems(changed(was, now))
    assert any(line.startswith(says) for line in said), said


def test_one_domain_too_many_in_single_brackets_is_told_to_have_two() -> None:
    (said,) = problems("[domain]\ntitle = 1\n[domain]\ntitle = 2\n")
    assert "; write [[domain]] with two brackets" in said


def test_straight_quotes_around_curly_ones_are_not_what_is_wrong() -> None:
    (said,) = problems('title = "He said “no”" x')
    assert "curly" not in said


def test_a_field_of_a_wrong_type_hides_nothing_else_and_says_nothing_twice() -> None:
    text = changed("[[domain]]", 'in_words = "A01"\n[[domain]]', changed("= 15", '= "long"', changed("A01", "A99")))
    assert [line.split(":")[0] for line in problems(text.replace('title = "Brothers and sisters"', "title = 1"))] == [
        "minutes_per_child",
        "in_words",
        "words, SAL01, title",
        "indicator A99",
        "words, A99, title",
    ]


def many(count: int) -> str:
    codes = ", ".join(f'"SAL{number:04}"' for number in range(count))
    return changed('"A01"', codes) + "".join(f"[words.X{number}]\nquestion = 1\n" for number in range(count))


@pytest.mark.parametrize("titled", ['title = "A first look"', "title = 1"])
def test_far_too_many_questions_are_said_first_and_alone(titled: str) -> None:
    began = perf_counter()
    said = problems(changed('title = "A first look"', titled, many(5_016)))
    assert said == ["domain: asks 5,017 questions; a template asks at most 200"]
    assert perf_counter() - began < 5


def test_one_question_asked_often_counts_each_time() -> None:
    assert problems(changed('"A01"', ", ".join(['"A01"'] * 300))) == [
        "domain: asks 301 questions; a template asks at most 200"
    ]


def test_very_many_problems_are_all_counted_and_take_no_time_by_their_square() -> None:
    began = perf_counter()
    said = problems(FIRST_LOOK + "".join(f"[words.X{number}]\ntitle = 'x'\n" for number in range(10_000)))
    assert len(said) == 10_000
    assert perf_counter() - began < 8


def test_more_values_than_any_template_has_are_refused() -> None:
    (said,) = problems("in_words = [" + "1," * 200_000 + "]")
    assert said.startswith("holds more than 100,000 values")


def test_titles_come_in_as_one_line_and_domains_that_a_workbook_would_merge_are_refused() -> None:
    text = changed('"A first look"', '"A  first\\nlook"', changed("Brothers and", "Brothers\\n and"))
    loaded = read(text.encode())
    assert (loaded.title, loaded.indicators[1].title) == ("A first look", "Brothers and sisters")
    twin = "[[domain]]\ntitle = 'seen  and HEARD'\nindicators = ['B01']\n[words"
    assert problems(changed("[words", twin)) == [
        "domain, number 2, title: Another domain of this template has that title. Choose another."
    ]
