"""What people do to a workbook before they send it: each is read as they meant it, or refused with its place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from audit_app.accounts.rules import Terms
from audit_app.indicators.rules import (
    AppliesBy,
    AuditTemplate,
    CatalogueProblems,
    Rated,
    TemplateDomain,
    as_workbook,
    read_template,
)
from tests.factories.indicators import the_catalogue
from tests.indicators.exchanged import OURS, edited, read, the_known

FORMULA = "holds a formula, which may show something else elsewhere. Copy the cell, and paste it as a value."
Change = Callable[[Any], None]
DOMAIN, CODE, TITLE, QUESTION, WHY, RATED, PANEL, ANSWERED, AGENCIES, GOOD = "ABCDEHIJKO"
"""The columns of the sheet Questions that these tests write to."""


def problems(change: Change, template: AuditTemplate = OURS) -> list[str]:
    with pytest.raises(CatalogueProblems) as refused:
        read(edited(change, template))
    return [str(problem) for problem in refused.value.problems]


def put(cell: str, value: object, sheet: str = "Questions") -> Change:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def test_a_workbook_has_a_sheet_for_the_template_one_for_its_questions_and_one_that_says_how() -> None:
    def look(book: Any) -> None:
        assert book.sheetnames == ["Template", "Questions", "How to fill this in"]
        assert [[cell.value for cell in row] for row in book["Template"].iter_rows()] == [
            ["What", "Value"],
            ["Title", "Small template"],
            ["Description", "Four questions in two domains."],
            ["Minutes for one child", "20"],
            ["Scale", "Outstanding to inadequate"],
            ["Recorded about each child", None],
            ["Code", "small"],
            ["Version", "1"],
        ]
        page = book["Questions"]
        assert [cell.value for cell in page[1]] == [
            *("Domain", "Code", "Title", "Question", "Why we ask", "What to look for", "Evidence might read"),
            *("What is rated", "The panel always discusses it", "How it is answered"),
            *("Asked only of agencies", "Asked only for plans", "Asked only for ages"),
            *("Outstanding", "Good", "Requires improvement", "Inadequate"),
        ]
        assert [page[f"{column}4"].value for column in (DOMAIN, CODE, RATED, PANEL, ANSWERED)] == [
            *("The child", "B01", "The child's experience and the work together", "Yes", "With a level")
        ]
        assert page["M4"].value == "Under 1; 1 to 4; 5 to 9; 10 to 15; 16 and over"

    edited(look)


# --- read as it was meant ---


def test_columns_rows_lines_and_sheets_in_another_order_are_found_by_their_words() -> None:
    def change(book: Any) -> None:
        rows, lines = ([[cell.value for cell in row] for row in page] for page in (book["Questions"], book["Template"]))
        for name in book.sheetnames:
            del book[name]
        page = book.create_sheet("questions ")
        for row in [["Questions of the subgroup, May"], [], *(row[::-1] for row in rows)]:
            page.append(row)
        page["A3"] = "  INADEQUATE"
        page = book.create_sheet("TEMPLATE")
        for row in [lines[0], *lines[:0:-1]]:
            page.append([row[0].upper() + " ", row[1]])

    assert read(edited(change)) == OURS


def test_rows_of_one_domain_come_together_however_the_rows_were_sorted() -> None:
    def change(book: Any) -> None:
        page = book["Questions"]
        page.move_range("A3:Q3", rows=5)
        page["A8"] = " recognition "

    whole = read(edited(change))
    assert [(domain.title, [one.code for one in domain.indicators]) for domain in whole.domains] == [
        ("Recognition", ["A01", "A04"]),
        ("The child", ["B01", "H02"]),
    ]


def test_blank_rows_are_passed_over() -> None:
    def change(book: Any) -> None:
        book["Questions"].insert_rows(3, 4)
        book["Questions"]["C4"] = "   "
        book["Template"].insert_rows(1, 2)

    assert read(edited(change)) == OURS


def test_a_row_with_nothing_but_a_domain_is_a_domain_without_questions() -> None:
    whole = read(edited(put("A6", "Oversight")))
    assert whole == replace(OURS, domains=(*OURS.domains, TemplateDomain("Oversight", ())))


def test_a_domain_that_is_merged_over_its_rows_is_the_domain_of_each() -> None:
    def change(book: Any) -> None:
        book["Questions"].merge_cells("A2:A3")
        book["Questions"].merge_cells("A4:A5")

    assert read(edited(change)) == OURS


def test_emoji_quotation_marks_and_what_looks_like_a_formula_are_kept() -> None:
    def change(book: Any) -> None:
        book["Questions"]["D2"] = '😀 “Zoë” said: "no"\r\nthen left. \r\n'
        book["Questions"]["E2"] = "=1+1 is not a formula here"
        book["Questions"]["E2"].data_type = "s"

    asked = read(edited(change)).indicators[0]
    assert asked.question == '😀 “Zoë” said: "no"\nthen left.'
    assert asked.why == "=1+1 is not a formula here"


@pytest.mark.parametrize(
    ("cell", "value", "says"),
    [(f"{TITLE}2", 2026, "2026"), (f"{TITLE}2", 0.5, "0.5"), (f"{TITLE}2", True, "TRUE"), (f"{TITLE}2", "007", "007")],
)
def test_numbers_are_the_text_that_people_see(cell: str, value: object, says: str) -> None:
    assert read(edited(put(cell, value))).indicators[0].title == says


def test_minutes_may_be_a_number() -> None:
    assert read(edited(put("B4", 45, "Template"))).minutes_per_child == 45


def test_answers_are_known_in_any_capitals_by_their_words_or_their_codes() -> None:
    def change(book: Any) -> None:
        page = book["Questions"]
        page[f"{CODE}2"], page[f"{RATED}2"], page[f"{PANEL}2"] = " a01", "CHILD_EXPERIENCE", "y"
        page[f"{RATED}5"], page[f"{ANSWERED}5"] = "your own agency’s  work", "in words only"
        page[f"{AGENCIES}5"] = "police, Early help\nvoluntary"
        page[f"{PANEL}4"] = None
        book["Template"]["B5"] = "OFSTED"

    first, _, third, last = read(edited(change)).indicators
    assert (first.code, first.rated, first.is_panel) == ("A01", Rated.CHILD_EXPERIENCE, True)
    assert (third.is_panel, last.rated, last.is_narrative) == (False, Rated.OWN_WORK, True)
    assert last.applies == {AppliesBy.AGENCY_KIND: {"police", "early_help", "voluntary"}}


def test_a_file_is_in_the_delivered_words_and_the_readers_own_are_known_too() -> None:
    terms = Terms({"plan_status": {"looked_after": "Cared for", "early_help": "Child in need", "child_in_need": "CiN"}})
    known = replace(the_known(), terms=terms)
    meanings = {"cared for": "looked_after", "Looked after": "looked_after", "Child in need": "child_in_need"}
    for said, meant in meanings.items():
        content = edited(put("L2", said))
        assert read_template(content, known).indicators[0].applies == {AppliesBy.PLAN_STATUS: {meant}}


def test_a_question_of_ones_own_travels_with_its_code() -> None:
    assert read(edited(put(f"{CODE}2", "SAL01"))).indicators[0].code == "SAL01"


def test_an_ungraded_template_has_no_column_for_a_level() -> None:
    template = replace(OURS, scale=the_catalogue().scales["in-words"])
    bare = [replace(one, indicators=tuple(replace(it, guidance={}) for it in one.indicators)) for one in OURS.domains]
    template = replace(template, domains=tuple(bare))

    def look(book: Any) -> None:
        assert [cell.value for cell in book["Questions"][1]][-1] == "Asked only for ages"
        assert book["Questions"][f"{ANSWERED}2"].value is None

    assert read(edited(look, template)) == template


def test_the_other_sheets_are_nobodys_concern() -> None:
    def change(book: Any) -> None:
        book.create_sheet("Our notes").append(["=1+1", "#N/A"])
        del book["How to fill this in"]

    assert read(edited(change)) == OURS


# --- refused, with the place and how to mend it ---


def test_merged_cells_are_named() -> None:
    def change(book: Any) -> None:
        book["Questions"].merge_cells("D3:E4")

    (said,) = problems(change)
    assert said.startswith("Questions, row 3, column D “Question”: The cells D3 to E4 are merged. Unmerge them, and")


def test_a_formula_and_an_error_are_named_and_never_read_as_nothing() -> None:
    def change(book: Any) -> None:
        page = book["Questions"]
        page["D2"], page["O3"], page["E5"] = "=UPPER(C2)", "=1/0", "#N/A"
        book["Template"]["B4"] = "=4*5"

    assert problems(change) == [
        f"Template, row 4, column B “Value”: {FORMULA}",
        f"Questions, row 2, column D “Question”: {FORMULA}",
        f"Questions, row 3, column O “Good”: {FORMULA}",
        "Questions, row 5, column E “Why we ask”: holds an error such as #N/A. Write what is meant.",
    ]


def test_missing_columns_and_lines_are_all_named_at_once_and_nothing_is_said_of_their_cells() -> None:
    def change(book: Any) -> None:
        book["Questions"].delete_cols(2, 2)  # code and title
        book["Questions"].delete_cols(13)  # good
        book["Template"].delete_rows(3)  # description

    assert problems(change) == [
        "Template: has no line “Description”. Add it.",
        *(
            f"Questions: has no column “{heading}”. Add it, and leave its cells empty where there is nothing to say."
            for heading in ("Code", "Title", "Good")
        ),
    ]


def test_a_heading_that_is_wrong_or_stands_twice_or_is_missing_over_words_is_named() -> None:
    def change(book: Any) -> None:
        page = book["Questions"]
        page["D1"], page["E1"], page["O1"] = None, "Why do we ask", "Inadequate"

    said = problems(change)
    assert [line.split(". ")[0] for line in said] == [
        *(f"Questions: has no column “{one}”" for one in ("Question", "Why we ask", "Good")),
        "Questions, column D: has no heading, so nobody can say what it holds",
        "Questions, column E: “Why do we ask” is no column of this sheet",
        "Questions, column Q: is a second column “Inadequate”",
    ]
    assert said[4].endswith("“Outstanding”, “Good”, “Requires improvement”, “Inadequate”.")


def test_a_column_of_another_scales_level_is_named_and_of_an_unknown_scale_only_the_scale() -> None:
    assert problems(put("O1", "Met"))[1].startswith("Questions, column O: “Met” is no column of this sheet.")
    (said,) = problems(put("B5", "Stars", "Template"))
    assert said.startswith(
        "Template, row 5, column B “Value”: “Stars” is no scale here. Write “Outstanding to inadequate”"
    )


@pytest.mark.parametrize(
    ("cell", "value", "says"),
    [
        (f"{DOMAIN}2", None, "“Domain”: is empty. Write the domain that the question belongs to."),
        (f"{CODE}2", None, "“Code”: A code is one of the library, such as B01, or one of your own, such as SAL01."),
        (f"{CODE}2", "QUESTION 1", "“Code”: A code is one of the library, such as B01, or one of your own, such as"),
        (f"{CODE}2", "A99", "“Code”: A99 is not in the library. Correct it, or give the question a code of your own"),
        (f"{CODE}2", "RF77", "“Code”: RF77 is not in the library."),
        (f"{TITLE}2", None, "“Title”: Enter a title."),
        (f"{TITLE}2", "x" * 46, "“Title”: The title must be 45 characters or fewer."),
        (f"{QUESTION}2", date(2026, 3, 4), "“Question”: holds a date or a time. Format the cell as text, then type"),
        (f"{WHY}2", "x" * 4_001, "“Why we ask”: A text must be 4,000 characters or fewer. This one has 4,001."),
        (f"{GOOD}2", "x" * 20_000, "“Good”: A text must be 4,000 characters or fewer. This one has 20,000."),
        (f"{RATED}2", None, "“What is rated”: is empty. Write “Your own agency's work” or “The child's experience"),
        (f"{RATED}2", "both", "“What is rated”: “both” is no answer here. Write “Your own agency's work”"),
        (f"{PANEL}2", "perhaps", "“The panel always discusses it”: “perhaps” is no answer here. Write “Yes” or “No”."),
        (f"{ANSWERED}2", "aloud", "“How it is answered”: “aloud” is no answer here. Write “With a level” or “In words"),
        (f"{AGENCIES}2", "Police; nurses", "“Asked only of agencies”: “nurses” is no answer here. Write some of"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_row_and_column(cell: str, value: object, says: str) -> None:
    (said,) = problems(put(cell, value))
    assert said.startswith(f"Questions, row 2, column {cell[0]} {says}")


@pytest.mark.parametrize(
    ("row", "value", "says"),
    [
        (2, None, "Enter a title."),
        (2, "x" * 121, "The title must be 120 characters or fewer."),
        (3, "x" * 4_001, "The description must be 4,000 characters or fewer."),
        (4, "an hour", "“an hour” is no whole number. Write one, such as 60."),
        (4, 601, "Enter the minutes that one child takes: 1 to 600."),
        (4, None, "Enter the minutes that one child takes: 1 to 600."),
        (6, "P07; neglect", "“neglect” does not begin with a code such as P07."),
        (6, "P77", "P77 is no case attribute here. Correct the code, or remove it."),
        (6, "P07; p07 the six types", "P07 is named twice. Remove one."),
    ],
)
def test_a_line_that_cannot_be_is_named(row: int, value: object, says: str) -> None:
    assert problems(put(f"B{row}", value, "Template")) == [f"Template, row {row}, column B “Value”: {says}"]


def test_a_line_that_is_not_known_or_stands_twice_is_named() -> None:
    def change(book: Any) -> None:
        book["Template"]["A7"], book["Template"]["A8"] = "Colour", "title"

    assert [line.split(". ")[0] for line in problems(change)] == [
        "Template, row 7, column A “What”: “Colour” is no line of this sheet",
        "Template, row 8, column A “What”: “Title” stands here a second time",
    ]


def test_two_questions_with_one_code_are_named_with_both_rows() -> None:
    (said,) = problems(put(f"{CODE}5", "b01"))
    assert said.startswith("Questions, row 5, column B “Code”: This template asks B01 already. ")
    assert said.endswith(" It stands at Questions, row 4, column B “Code”.")


def test_of_5000_questions_it_is_said_once_that_they_are_too_many() -> None:
    def change(book: Any) -> None:
        row = [cell.value for cell in book["Questions"][2]]
        for number in range(4_996):
            letters = "".join(chr(ord("A") + number // 100 // 26**place % 26) for place in (2, 1, 0))
            book["Questions"].append([row[0], f"{letters}{number % 100:02}", *row[2:]])

    assert problems(change) == ["Questions: asks 5,000 questions; a template asks at most 200"]


def test_of_too_many_domains_it_is_said_once() -> None:
    def change(book: Any) -> None:
        for number in range(60):
            book["Questions"].append([f"Domain {number}"])

    assert problems(change) == ["Questions, row 44, column A “Domain”: A template has at most 40 domains."]


@pytest.mark.parametrize("sheet", ["Template", "Questions"])
def test_a_missing_sheet_is_named(sheet: str) -> None:
    def change(book: Any) -> None:
        del book[sheet]

    assert problems(change) == [f"Sheet “{sheet}”: is missing. Begin with a template downloaded here."]


@pytest.mark.parametrize("sheet", ["Template", "Questions"])
def test_a_sheet_without_headings_is_told_which_it_needs(sheet: str) -> None:
    def change(book: Any) -> None:
        book[sheet].delete_rows(1, 20)

    assert any(line.startswith(f"{sheet}: has no row with the headings ") for line in problems(change))


def test_every_problem_is_said_at_once_row_by_row() -> None:
    def change(book: Any) -> None:
        page = book["Questions"]
        page["H5"], page["B12"], page["C3"], page["O3"] = "x", "B02", None, "x" * 5_000
        book["Template"]["B2"] = None

    places = [line.split(" “")[0] for line in problems(change)]
    assert places == [
        "Template, row 2, column B",
        "Questions, row 3, column C",
        "Questions, row 3, column O",
        "Questions, row 5, column H",
        "Questions, row 12, column A",
        "Questions, row 12, column C",
        "Questions, row 12, column H",
    ]


def test_the_sheet_that_explains_says_what_may_be_missing_and_what_may_not() -> None:
    *_, (_sheet, _what, how) = as_workbook(OURS, the_known())[-1].rows
    assert how.startswith("At most 200. It becomes a draft, so words may still be missing. What may not: the titles of")
    assert "“What is rated”, “Scale” and “Minutes for one child”." in how
