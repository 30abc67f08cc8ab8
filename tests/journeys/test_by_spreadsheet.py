"""The afternoon by the spreadsheet road: a return is filled in away from the service and loaded back, by its auditor,
and by the coordinator for an agency that does not sign in."""

from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from audit_app.returns.rules import OWN_PART_WORDS, OwnPart
from tests.journeys.test_main_job import COORDINATOR, HOME, POLICE_AUDITOR
from tests.journeys.walking import Walk, Walker

POLICE = f"{HOME}/cases/SN2-08/return/3"
CHARITY = f"{HOME}/cases/SN2-07/return/6"


def download(person: Walker, folder: Path) -> Path:
    with person.page.expect_download() as coming:
        person.page.get_by_role("button", name="Download the spreadsheet").click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def column(page: Worksheet, heading: str) -> int:
    return next(cell.column for cell in page[1] if cell.value == heading)


def choices(book: Workbook, page: Worksheet, cell: str) -> list[str]:
    """What the list of a cell offers."""
    rule = next(rule for rule in page.data_validations.dataValidation if cell in rule.sqref)
    name, _, where = rule.formula1.rpartition("!")
    return [row[0].value for row in book[name.strip("'")][where.replace("$", "")]]


def fill_in(file: Path, **more: str) -> None:
    """Answer everything as a busy auditor would: from the lists, with one sentence of evidence each."""
    book = load_workbook(file)
    known, ratings = book["Is the child known"], book["Ratings"]
    said = {"Known 1": "yes, in the look-back period", "Known 5": "yes", "Known 6": OWN_PART_WORDS[OwnPart.NONE]}
    write(known, said)
    over_all = book["Over the whole return"]
    write(over_all, {"Whole 1": "good", "Whole 2": "She was heard, and it changed the plan.", "Whole 7": "95"})
    for row in range(2, ratings.max_row + 1):
        ratings.cell(row, column(ratings, "Answer")).value = "good"
        ratings.cell(row, column(ratings, "Judgement and its reason")).value = "Seen alone on 3 March, and heard. "
    if "About the child" in book.sheetnames:
        child = book["About the child"]
        answer = column(child, "Your answer")
        for row in range(2, child.max_row + 1):
            offered = choices(book, child, child.cell(row, answer).coordinate)
            if len(offered) > 1:
                child.cell(row, answer).value = offered[0]
        tick_one_of_each(child, answer)
    events = book["Chronology"]
    events.cell(2, column(events, "Date")).value = "3/3/2026"
    events.cell(2, column(events, "What happened")).value = more.get("event", "A visit, and nobody was in.")
    book.save(file)


def write(page: Worksheet, said: dict[str, str]) -> None:
    """Answer lines, by what stands in their first column."""
    for row in range(2, page.max_row + 1):
        if (key := str(page.cell(row, 1).value)) in said:
            page.cell(row, column(page, "Your answer")).value = said[key]


def tick_one_of_each(child: Worksheet, answer: int) -> None:
    """Tick the first option of each question, and of each part of it: “How long: …”."""
    seen: set[tuple[str, str]] = set()
    for row in range(2, child.max_row + 1):
        key, words = str(child.cell(row, 1).value), str(child.cell(row, column(child, "What can be chosen")).value)
        code, part = key.split(" ", maxsplit=1)[0], words.partition(": ")[0] if ": " in words else ""
        of_one = (code, part) if code == "P09" else (code, "")
        if " " in key and of_one not in seen and of_one != ("P09", ""):
            seen.add(of_one)
            child.cell(row, answer).value = "yes"


def load(person: Walker, at: str, file: Path) -> None:
    person.open(f"{at}/offline").page.locator('[name="file"]').set_input_files(file)
    person.press("Load the spreadsheet")
    assert person.heading == "What the spreadsheet will change"


def answer_on_screen(auditor: Walker) -> None:
    """Somebody begins the same return on screen meanwhile. Those pages have a journey of their own."""
    auditor.sign_in(POLICE_AUDITOR).open(f"{POLICE}/known").choose(known="known").press("Save and continue")
    auditor.choose(is_right="y", own_part="none").press("Save and continue")
    auditor.open(f"{POLICE}/domain/1")
    auditor.page.locator('[name^="answer-"]').first.check()
    auditor.page.locator('[name^="evidence-"]').first.fill("Two calls were graded too low.")
    auditor.press("Save and continue")


def test_the_afternoon_by_the_spreadsheet_road(walk: Walk, tmp_path: Path) -> None:
    auditor = walk().sign_in(POLICE_AUDITOR)
    auditor.open(POLICE).follow("Work in a spreadsheet instead, or print the form")
    file = download(auditor, tmp_path)
    fill_in(file)
    answer_on_screen(walk(looks=False))
    load(auditor, POLICE, file)
    auditor.reads("1 clashes").reads("Two calls were graded too low.").press("Take these answers")
    auditor.reads("Choose which answer should stand.").tick("The one in the file").press("Take these answers")
    auditor.reads("Every indicator is answered.")
    auditor.follow("Check what is missing, and submit").choose(is_declared="y").press("Submit this return")
    assert "Submitted" in auditor.reads("Submitted").page.inner_text("main")


def test_a_coordinator_loads_what_an_agency_sent(walk: Walk, tmp_path: Path) -> None:
    coordinator = walk().sign_in(COORDINATOR)
    coordinator.open(CHARITY).follow("Fill in this return for the agency, with a spreadsheet")
    file = download(coordinator, tmp_path)
    fill_in(file)
    load(coordinator, CHARITY, file)
    coordinator.press("Take these answers").reads("What to do next")
    coordinator.press("Check what is missing, and submit on behalf of Lanternboat Families")
    coordinator.reads("This return is as the agency sent it to me").choose(is_declared="y")
    coordinator.press("Submit on behalf of Lanternboat Families")
    done = "Loaded and submitted by the coordinator on behalf of Lanternboat Families"
    assert done in coordinator.page.inner_text("main")
