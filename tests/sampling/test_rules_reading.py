"""What councils write in their lists, and how it is read."""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit_app.indicators.rules import AgeBand, PlanStatus
from audit_app.sampling.rules import Basis, Child, ReadPopulation, Sex, read_population

TODAY = date(2026, 11, 22)
HEADINGS = "Child ID;Date of birth;Sex;Area;Plan status;Neglect flag"


def csv_list(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\r\n".join([headings, *rows]).encode()


def read(*rows: str, headings: str = HEADINGS) -> ReadPopulation:
    return read_population(csv_list(*rows, headings=headings), today=TODAY)


def only_child(*rows: str, headings: str = HEADINGS) -> Child:
    (child,) = read(*rows, headings=headings).children
    return child


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    "headings",
    [
        "Child Unique ID;Date of Birth;Sex;Area;Plan status;Neglect flag",
        "CHILD UNIQUE ID ;date of birth;GENDER;LOCALITY;STATUS;NEGLECT",
        "Case no;Born;M/F;Locality;Status;Neglect flag",
        "Child’s number;D.O.B.;Sex / Gender;Ward;Plan type;Neglect (Y/N)",
        "Mosaic\u00a0ID;DOB (dd/mm/yyyy);Gender;District;Current Status;Neglect identified?",
    ],
)
def test_headings_are_recognised_however_a_council_writes_them(headings: str) -> None:
    child = only_child("101;04/03/2019;F;North;CIN;Y", headings=headings)
    assert (child.number, child.born, child.sex, child.area) == ("101", date(2019, 3, 4), Sex.FEMALE, "North")
    assert child.plan_status is PlanStatus.CHILD_IN_NEED
    assert child.basis == (Basis.FLAG,)


def test_the_childs_number_is_taken_before_the_cases() -> None:
    child = only_child("7;101;04/03/2019;y", headings="Case number;Child ID;DOB;Neglect")
    assert child.number == "101"


def test_a_title_above_the_headings_is_passed_over() -> None:
    population = read_population(b"Neglect cases\r\n\r\nChild ID,DOB,Neglect\r\n101,04/03/2019,Y\r\n", today=TODAY)
    assert [child.number for child in population.children] == ["101"]
    assert population.rows == 1


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
def test_csv_is_read_in_every_separator_and_encoding(separator: str, encoding: str) -> None:
    text = f"{HEADINGS}\n101;04/03/2019;F;Südgate;CP;Y\n".replace(";", separator)
    (child,) = read_population(text.encode(encoding), today=TODAY).children
    assert (child.area, child.plan_status) == ("Südgate", PlanStatus.CHILD_PROTECTION)


def test_a_csv_file_may_name_its_separator_as_excel_does() -> None:
    population = read_population(b"sep=|\r\nChild ID|DOB|Neglect\r\n101|04/03/2019|Y\r\nx|??|Y\r\n", today=TODAY)
    assert population.separator == "|"
    assert [problem.row for problem in population.problems] == [4]


def test_a_separator_inside_quotation_marks_is_part_of_the_cell() -> None:
    child = only_child('101;04/03/2019;F;"North; upper";CP;Y')
    assert child.area == "North; upper"


@pytest.mark.parametrize(
    "written",
    ["04/03/2019", "4/3/2019", "4/3/19", "04-03-2019", "04.03.2019", "2019-03-04", "2019-03-04 00:00:00",
     "4 March 2019", "4th Mar 2019", "04-Mar-19", "43528", "04/03/2019 09:30", "\u00a004/03/2019 "],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    child = only_child(f"101;{written};F;North;CP;Y") if written != "43528" else _child_with_real_cells(43528)
    assert child.born == date(2019, 3, 4)


@pytest.mark.parametrize("cell", [date(2019, 3, 4), 43528, 43528.0, "04/03/2019"])
def test_a_workbooks_day_may_be_a_date_a_number_or_text(cell: object) -> None:
    assert _child_with_real_cells(cell).born == date(2019, 3, 4)


def _child_with_real_cells(born: object, number: object = 101) -> Child:
    sheet: list[list[object]] = [["Child ID", "Date of birth", "Neglect"], [number, born, "Y"]]
    (child,) = read_population(workbook({"Children": sheet}), today=TODAY).children
    return child


@pytest.mark.parametrize("number", [10013125, 10013125.0, "10013125", " 10013125 ", "10013125.0", "\u00a010013125"])
def test_a_childs_number_is_the_same_however_the_cell_holds_it(number: object) -> None:
    assert _child_with_real_cells("04/03/2019", number).number == "10013125"


def test_leading_noughts_and_letters_of_a_number_are_kept() -> None:
    assert only_child("00c12;04/03/2019;F;North;CP;Y").number == "00C12"


def test_a_number_that_a_spreadsheet_shortened_is_left_out() -> None:
    population = read("1.00131E+07;04/03/2019;F;North;CP;Y")
    assert population.children == ()
    (problem,) = population.problems
    assert problem.is_left_out
    assert "last digits are lost" in problem.reason


@pytest.mark.parametrize(
    ("written", "basis"),
    [
        ("a) Neglect", (Basis.LATEST_CATEGORY,)),
        ("Neglect", (Basis.LATEST_CATEGORY,)),
        ("\u00a0NEGLECT ", (Basis.LATEST_CATEGORY,)),
        ("NEG", (Basis.LATEST_CATEGORY,)),
        ("Neglect and emotional abuse", (Basis.LATEST_CATEGORY,)),
        ("e) Multiple/not recommended", (Basis.MULTIPLE,)),
        ("MUL", (Basis.MULTIPLE,)),
        ("N1 - Abuse or neglect", (Basis.MULTIPLE,)),
        ("d) Emotional abuse", ()),
        ("Physical abuse", ()),
        ("SAB", ()),
        ("#N/A", ()),
        ("", ()),
    ],
)
def test_a_category_of_abuse_is_read_with_or_without_its_letter(written: str, basis: tuple[Basis, ...]) -> None:
    population = read(f"101;04/03/2019;{written}", headings="Child ID;DOB;Category of abuse")
    assert population.children[0].basis == basis
    assert population.problems == ()


def test_a_category_in_a_plain_list_without_a_status_means_a_protection_plan() -> None:
    headings = "Child ID;DOB;Category of abuse;Plan end date"
    assert only_child("101;04/03/2019;Neglect;", headings=headings).plan_status is PlanStatus.CHILD_PROTECTION
    ended = only_child("101;04/03/2019;Neglect;01/02/2026", headings=headings)
    assert (ended.plan_status, ended.is_open) == (PlanStatus.OTHER, False)


@pytest.mark.parametrize(
    ("written", "is_flagged"),
    [
        ("Y", True),
        ("a) Yes", True),
        ("TRUE", True),
        ("1", True),
        ("x", True),
        ("N", False),
        ("b) No", False),
        ("", False),
    ],
)
def test_a_flag_is_yes_or_no_in_many_words(written: str, is_flagged: bool) -> None:
    assert only_child(f"101;04/03/2019;F;North;CP;{written}").is_neglect is is_flagged


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("b) Child Protection plan", PlanStatus.CHILD_PROTECTION),
        ("CPP", PlanStatus.CHILD_PROTECTION),
        ("c) Child in need plan", PlanStatus.CHILD_IN_NEED),
        ("LAC", PlanStatus.LOOKED_AFTER),
        ("a) Looked after child", PlanStatus.LOOKED_AFTER),
        ("Early Help", PlanStatus.EARLY_HELP),
        ("Team around the family", PlanStatus.EARLY_HELP),
        ("d) Open assessment", PlanStatus.OTHER),
        ("e) Closed episode", PlanStatus.OTHER),
        ("", PlanStatus.OTHER),
    ],
)
def test_a_plan_status_is_read_in_the_councils_words(written: str, status: PlanStatus) -> None:
    population = read(f"101;04/03/2019;F;North;{written};Y")
    assert population.children[0].plan_status is status
    assert population.children[0].is_open is ("Closed" not in written)
    assert population.problems == ()


def test_a_cell_that_is_not_understood_is_named_with_its_place_and_value() -> None:
    population = read("101;04/03/2019;F;North;Level 9;perhaps")
    assert [(each.row, each.column, each.value, each.is_left_out) for each in population.problems] == [
        (2, "Neglect flag", "perhaps", False),
        (2, "Plan status", "Level 9", False),
    ]
    assert population.children[0].plan_status is PlanStatus.OTHER


def test_no_cell_that_says_who_a_child_is_is_ever_repeated() -> None:
    population = read("SMITH-1.5E+9;04/03/2019;F;North;CP;Y", "1.5E+9;04/03/2019;F;;CP;Y", "102;31/02/2019;F;;CP;Y",
                      "103;secret;F;North;CP;Y", ";04/03/2019;F;North;CP;Y")  # fmt: skip
    assert [(each.row, each.column, each.value) for each in population.problems] == [
        (3, "Child ID", ""),
        (4, "Date of birth", ""),
        (5, "Date of birth", ""),
        (6, "Child ID", ""),
    ]
    said = " ".join(each.reason for each in population.problems)
    for secret in ("1.5E", "31/02", "secret", "04/03"):
        assert secret not in said


def test_a_child_without_a_day_of_birth_is_taken_by_the_age_in_the_file() -> None:
    population = read("101;;4.9;Y", "102;unborn;;Y", "103;;;Y", headings="Child ID;DOB;Age;Neglect")
    bands = {child.number: child.age_band(TODAY) for child in population.children}
    assert bands == {"101": AgeBand.FROM_1_TO_4, "102": AgeBand.UNBORN}
    assert [(each.row, each.is_left_out) for each in population.problems] == [(2, False), (4, True)]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2026-12-01", AgeBand.UNBORN),
        ("2026-11-22", AgeBand.UNDER_1),
        ("2025-11-23", AgeBand.UNDER_1),
        ("2025-11-22", AgeBand.FROM_1_TO_4),
        ("2021-11-23", AgeBand.FROM_1_TO_4),
        ("2021-11-22", AgeBand.FROM_5_TO_9),
        ("2016-11-22", AgeBand.FROM_10_TO_15),
        ("2010-11-23", AgeBand.FROM_10_TO_15),
        ("2010-11-22", AgeBand.FROM_16),
    ],
)
def test_an_age_band_changes_on_the_birthday(born: str, band: AgeBand) -> None:
    assert only_child(f"101;{born};F;North;CP;Y").age_band(TODAY) is band


def test_two_rows_about_a_child_are_one_child_with_the_open_plan_and_all_reasons() -> None:
    headings = "Child ID;DOB;Plan start date;Plan end date;Category of abuse;Area"
    ended = "101;04/03/2019;01/02/2024;01/03/2025;Neglect;North"
    current = "101.0;04/03/2019;05/06/2026;;Emotional abuse;"
    for rows in ((ended, current), (current, ended)):
        population = read(*rows, headings=headings)
        (child,) = population.children
        assert (population.rows, population.repeated_rows) == (2, 1)
        assert (child.is_open, child.plan_start, child.area) == (True, date(2026, 6, 5), "North")
        assert child.is_neglect


def test_two_rows_that_disagree_about_a_birth_are_noted() -> None:
    population = read("101;04/03/2019;F;North;CP;Y", "101;05/03/2019;F;North;CP;Y")
    (problem,) = population.problems
    assert (problem.row, problem.column, problem.value) == (3, "Date of birth", "")
    assert "row 2 gives another date of birth" in problem.reason


def test_one_area_in_two_spellings_is_one_area() -> None:
    population = read(
        "1;04/03/2019;F;North Side;CP;Y", "2;04/03/2019;F;NORTH  SIDE;CP;Y", "3;04/03/2019;F;North Side;;"
    )
    assert {child.area for child in population.children} == {"North Side"}


def test_every_row_is_accounted_for() -> None:
    population = read(
        "101;04/03/2019;F;;CP;Y", "", "101;04/03/2019;F;;CP;Y", ";;;;;", " ; ;;\u00a0;#N/A;", ";x;;;;", "102;2019-01-01"
    )
    assert population.rows == 7
    assert population.blank == ((3, 3), (5, 6))
    assert (len(population.children), population.repeated_rows, population.rows_left_out) == (2, 1, 1)
    assert population.rows == 2 + population.repeated_rows + population.blank_rows + population.rows_left_out


def test_the_sheet_of_a_workbook_that_holds_the_list_is_found() -> None:
    rows: list[list[object]] = [
        ["Child ID", "Date of birth", "Neglect"],
        [101, date(2019, 3, 4), True],
        [None, None, None],
        [102, "2018-01-01", False],
    ]
    population = read_population(workbook({"Notes": [["Made by the data team"]], "Children": rows}), today=TODAY)
    assert [sheet.name for sheet in population.sheets] == ["Children"]
    assert [child.is_neglect for child in population.children] == [True, False]
    assert population.blank == ((3, 3),)


def test_the_sheets_of_annex_a_are_found_in_any_case_and_columns_in_any_order() -> None:
    rows: list[list[object]] = [
        ["latest category of abuse", "date of birth", "CHILD UNIQUE ID", "Initial Category Of Abuse "],
        ["Physical abuse", "04/03/2019", 101.0, "Neglect"],
    ]
    population = read_population(workbook({"LIST 7": rows, "list 1": [["Child Unique ID"]]}), today=TODAY)
    assert population.children[0].basis == (Basis.INITIAL_CATEGORY,)


@given(some.permutations([f"{n % 7};0{n % 7 + 1}/03/2019;F;Area {n % 3};CP;{'Y' if n % 2 else ''}" for n in range(9)]))
def test_the_order_of_the_rows_makes_no_difference_to_the_children(rows: list[str]) -> None:
    assert read(*rows).children == read(*sorted(rows)).children
