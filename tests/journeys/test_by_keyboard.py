"""An auditor's whole afternoon, and what the coordinator does with it, by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.by_keyboard import KeyboardWalker
from tests.journeys.test_main_job import CONTINUE, COORDINATOR, HOME
from tests.journeys.walking import Service

AUDITOR = "hester.wrenfold@familyhubs.saltmere.example"
CASE = "SN2-06"
"""Is asked of the auditor's agency and not started; no other test touches this return."""
PASTED = (
    "14 March 2026\tThe nursery rang twice\tHungry at nine\tA visit the same day\n"
    "32/5/2026\tNobody was in\tNot seen\tA second visit\n"
    "2/6/2026\tThe flat was warm and clean\tSlept through\tPraise\n"
)
MENDED = "3/5/2026\tNobody was in\tNot seen\tA second visit"
JUDGEMENT = "Heard."
KEYS = ("1", "n", "f", "3")
"""What the first indicators are answered with; all others are good."""

YESTERDAY = date.today() - timedelta(days=1)  # noqa: DTZ011 - the day of the machine on which the service runs
CHECK = "Check what is missing, and submit"
OVER_ALL = "How good was your agency's own work with this child, over all?"

SignIn = Callable[[str], KeyboardWalker]


@pytest.fixture
def sign_in(browser: Browser, service: Service) -> Iterator[SignIn]:
    """`sign_in(email)` gives somebody without a mouse, at their home page."""
    people: list[KeyboardWalker] = []

    def start(email: str) -> KeyboardWalker:
        people.append(KeyboardWalker(browser, service))
        people[-1].sign_in(email)
        return people[-1]

    yield start
    for person in people:
        person.context.close()


def test_the_whole_afternoon_by_keyboard_alone(sign_in: SignIn) -> None:
    auditor = sign_in(AUDITOR)
    auditor.follow("My returns").follow(CASE).reads("Not started")
    look_who_the_child_is(auditor)
    find_the_right_file(auditor)
    describe_the_child(auditor)
    write_the_chronology(auditor)
    rate_every_domain(auditor)
    raise_a_concern(auditor)
    record_a_voice(auditor)
    note_the_discussion(auditor)
    see_what_is_missing(auditor)
    say_it_over_all(auditor)
    submit(auditor, "Submit this return")
    coordinator = sign_in(COORDINATOR)
    send_it_back(coordinator)
    change_what_was_asked(auditor)
    compare_and_accept(coordinator)
    assert f"on {CASE} is accepted" in coordinator.page.inner_text("main")


def to_the_return(auditor: KeyboardWalker) -> None:
    """Go back to the return by the breadcrumbs."""
    auditor.follow(re.compile(f"^{CASE} Saltmere"))
    assert auditor.heading == f"Return on {CASE}"


def look_who_the_child_is(auditor: KeyboardWalker) -> None:
    auditor.press("Look at the identity sheet", key="Space").reads("This look has been recorded.")
    auditor.follow("Close the sheet and go to your return")


def find_the_right_file(auditor: KeyboardWalker) -> None:
    """Say that the child is known, and confirm the file."""
    auditor.press("Answer the first question")
    auditor.choose_one("Yes, in the look-back period", of="Does your agency know this child?")
    auditor.press("Save and continue")
    auditor.tick_one(re.compile("^The file I have open"))
    auditor.write("Your agency's own file number", "FH/2026/117")
    auditor.choose_one(re.compile("^I had no part"), of="Did you have a part in this child's care?")
    auditor.press("Save and continue")


def describe_the_child(auditor: KeyboardWalker) -> None:
    """Answer what the sample does not say, each part of a question for itself."""
    auditor.follow("About the child")
    alone = re.compile("^Or one of these alone")
    for question in auditor.page.get_by_role("group").all():
        if not alone.match(question.inner_text()) and not question.locator("input:checked").count():
            auditor.tab_to(question.locator("input").first).page.keyboard.press("Space")
    auditor.press("Save and continue").reads("What you recorded about the child is saved.")


def write_the_chronology(auditor: KeyboardWalker) -> None:
    """Type one event; paste three, mend the one that has no day, and take them."""
    auditor.follow("Chronology").press("Add an event")
    auditor.write_date("When did it happen?", date(2026, 2, 3)).write("What happened?", "A bare cupboard was seen.")
    auditor.press("Save this event").press("Paste from a spreadsheet")
    paste(auditor, "Paste the rows here", PASTED)
    auditor.press("Check these rows").reads("2 events to add").reads("1 row that cannot be read")
    paste(auditor, "Mend these rows, then check them again", MENDED)
    auditor.press("Check again").press("Add these 3 events").reads("4 events, earliest first")
    to_the_return(auditor)


def paste(auditor: KeyboardWalker, label: str, words: str) -> None:
    auditor.write(label, "").page.keyboard.insert_text(words)


def rate_every_domain(auditor: KeyboardWalker) -> None:
    """Answer by the keys that the page announces."""
    keys = iter(KEYS)
    auditor.press(CONTINUE)
    while sections := auditor.page.locator("section.app-item").all():
        for number, section in enumerate(sections):
            if number == 0:
                auditor.tab_to(section.get_by_role("radio").first)
            else:
                auditor.page.keyboard.press("Control+Enter")
                expect(section.locator("input:focus")).to_have_count(1)
            rate(auditor, section, next(keys, "2"))
        with auditor.page.expect_navigation():
            auditor.page.keyboard.press("Control+Enter")
        auditor.look()


def rate(auditor: KeyboardWalker, section: Locator, key: str) -> None:
    """Answer one indicator: a level with its judgement and a tag, not applicable with its reason, or no evidence."""
    auditor.page.keyboard.press(key)
    if key == "f":
        return
    auditor.tab_to(section.locator(f'[name^="{"reason" if key == "n" else "evidence"}-"]')).type(JUDGEMENT)
    if key == "1":
        auditor.tab_to(section.locator('[name^="where-"]')).type("Contact record, 4 March")
        auditor.choose_one("A strength", of=section.get_by_role("group", name="Does it show"))
        expect(auditor.page.get_by_role("status")).to_contain_text("Saved at")


def raise_a_concern(auditor: KeyboardWalker) -> None:
    """From the page that is open, whichever it is."""
    auditor.follow("Raise an immediate concern").reads("01632 960100")
    auditor.write("Who did you tell?", "The duty social worker").write_date("When did you tell them?", YESTERDAY)
    auditor.write("At what time?", "14:05").write("What was agreed?", "A visit today.")
    auditor.write("What are you worried about?", "Alone in the evening, twice in May.")
    auditor.press("Record the concern").reads("A visit today.")
    auditor.follow("My returns").follow(CASE)


def record_a_voice(auditor: KeyboardWalker) -> None:
    auditor.follow("Voices").press("Add a voice")
    auditor.choose_one("A parent or carer", of="Whose voice is it?")
    auditor.choose_one("Yes, it is safe", of="Is it safe to contact them?")
    auditor.write("Who decided that?", "The family worker").write("Who asks them?", "The family worker")
    auditor.write("What were they told before they answered?", "The leaflet, and that they can say no.")
    auditor.choose_one("Agreed to take part", of="What did they answer?")
    auditor.write_date("When did they say it?", YESTERDAY)
    auditor.choose_one("A quote, in their own words", of="What do you write down?")
    auditor.write("What did they say about the help?", "She came when she said she would.")
    auditor.choose_one("Inside the partnership", of="How may their words be used?")
    auditor.press("Save this voice").reads("She came when she said she would.")
    to_the_return(auditor)


def note_the_discussion(auditor: KeyboardWalker) -> None:
    auditor.follow("Reflective discussion")
    auditor.choose_one("Yes", of="Was a discussion held?")
    auditor.write_date("When did you talk?", YESTERDAY).write("With whom, by their role?", "The family worker")
    auditor.write("What would you do differently?", "Ask about weekends sooner.")
    auditor.press("Save and continue").reads("Completed")


def see_what_is_missing(auditor: KeyboardWalker) -> None:
    """The page that submits says what is missing, and leads to it."""
    auditor.follow(CHECK).reads("2 answers still need something").follow(OVER_ALL)


def say_it_over_all(auditor: KeyboardWalker) -> None:
    """Go back with Shift and Tab to what was left out."""
    auditor.write("What is the reason for this level?", "The worker asked, wrote it down and came back.")
    auditor.choose_one("Good", of=OVER_ALL, back=True)
    auditor.write("What worked well for this child? (optional)", "One worker, and the same day each week.")
    auditor.press("Save and continue")


def submit(auditor: KeyboardWalker, button: str) -> None:
    """Try it without the declaration first: the page says so, and leads to the box."""
    auditor.follow(CHECK).press(button)
    expect(auditor.page.locator(".govuk-error-summary")).to_be_focused()
    auditor.page.keyboard.press("Tab")
    auditor.page.keyboard.press("Enter")
    declaration = auditor.page.get_by_role("checkbox", name=re.compile("^I have read our file"))
    expect(declaration).to_be_focused()
    auditor.page.keyboard.press("Space")
    auditor.press(button).reads("Submitted")


def open_from_the_grid(coordinator: KeyboardWalker) -> KeyboardWalker:
    coordinator.open(f"{HOME}/rounds/SN2/returns")
    coordinator.select("State", "Submitted").select("Agency", "Saltmere Family Hubs and Early Help")
    return coordinator.press("Apply filters").follow(re.compile(rf"^Submitted \({CASE}"))


def send_it_back(coordinator: KeyboardWalker) -> None:
    """Find the return in the grid, read it, and ask for more on one indicator."""
    open_from_the_grid(coordinator).reads(JUDGEMENT)
    coordinator.press("Send it back").write("What should be changed, over all?", "One answer needs its date.")
    coordinator.write(re.compile("^Comment on A01"), "When was that?")
    coordinator.press("Send it back")


def change_what_was_asked(auditor: KeyboardWalker) -> None:
    auditor.follow("My returns").reads("One answer needs its date.").follow(CASE).reads("When was that?")
    auditor.follow(re.compile("^A01")).reads("When was that?")
    expect(auditor.page.locator('input[name^="answer-"]:focus')).to_have_count(1)
    auditor.tab_to(auditor.page.locator('[name^="evidence-"]').first).page.keyboard.press("Control+End")
    auditor.type(" It was on 4 May.").press("Save and continue")
    to_the_return(auditor)
    submit(auditor, "Submit again")


def compare_and_accept(coordinator: KeyboardWalker) -> None:
    open_from_the_grid(coordinator).reads("Changed since")
    coordinator.follow("What changed since it was sent back").reads("It was on 4 May.")
    to_the_return(coordinator)
    coordinator.press("Accept this return").reads(f"on {CASE} is accepted")
