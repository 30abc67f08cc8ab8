"""What is typed beside the ratings outlives a lost connection, a closed page and an ended session as well."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from audit_app.demo.rules import OPEN_TO_ALL
from tests.journeys.test_main_job import HOME, POLICE_AUDITOR
from tests.journeys.test_typing_a_return import AUDITOR, CASE, forgive, kept_in_the_browser, saying
from tests.journeys.walking import STANDARD, Walk, Walker

AT = f"{HOME}/cases/{CASE}/return/1"
SUBMITTED = f"{HOME}/cases/SN2-05/return/3"
"""A return of the police that was submitted."""
NOT_SAVED = "Not saved yet. Kept in this browser."


def field(auditor: Walker, name: str) -> Locator:
    return auditor.page.locator(f'[name="{name}"]')


def another_page(auditor: Walker) -> None:
    """Close the page, and open another in the same browser."""
    auditor.page.close()
    auditor.page = auditor.context.new_page()


def until_nothing_is_kept(auditor: Walker) -> None:
    auditor.page.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('typed '))")


def check(auditor: Walker) -> Walker:
    """Check the page as it is now, with what the scripts added to it: the others are looked at by other journeys."""
    found = Axe().run(auditor.page, options=STANDARD)
    assert found.violations_count == 0, found.generate_report()
    return auditor


def test_what_is_said_over_the_whole_return_saves_itself_and_is_never_lost(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{AT}/words")
    field(auditor, "learning").press_sequentially("Fathers are")
    expect(saying(auditor)).to_have_text(re.compile(r"^Saved at \d+:\d\d$"))
    assert auditor.page.evaluate("document.activeElement.name") == "learning", "saving never moves the focus"
    assert kept_in_the_browser(auditor) == 0
    check(auditor)
    auditor.page.route("**/words/typed", lambda route: route.abort())
    field(auditor, "learning").fill("Fathers are parents.")
    expect(saying(auditor)).to_have_text(
        "Not saved: no connection. Kept in this browser. It is sent when the connection is back."
    )
    forgive(auditor, "ERR_FAILED")
    another_page(auditor)
    auditor.open(f"{AT}/submit").reads("There is text in this browser that was not saved")
    check(auditor).follow("Over the whole return")
    expect(field(auditor, "learning")).to_have_value("Fathers are parents.")
    until_nothing_is_kept(auditor)
    auditor.context.clear_cookies()
    field(auditor, "learning").fill("Typed after the session was over.")
    expect(saying(auditor)).to_contain_text("Not saved: you are signed out. Kept in this browser.")
    forgive(auditor, "401")
    auditor.follow("Sign in again to save it")
    auditor.fill(email=AUDITOR, password=OPEN_TO_ALL).press("Sign in")
    expect(field(auditor, "learning")).to_have_value("Typed after the session was over.")
    expect(saying(auditor)).to_contain_text("Saved at")
    meet_a_colleague(walk, auditor)


def meet_a_colleague(walk: Walk, auditor: Walker) -> None:
    """The second of two is told, and shown both texts; opening the page again before they choose overwrites nothing."""
    colleague = walk(looks=False).sign_in(AUDITOR).open(f"{AT}/words")
    field(colleague, "learning").fill("The colleague's words.")
    expect(saying(colleague)).to_contain_text("Saved at")
    field(auditor, "learning").fill("My own words.")
    expect(saying(auditor)).to_contain_text("somebody else saved this page while you were working")
    forgive(auditor, "409")
    check(auditor).press("See both texts")
    auditor.reads("What is saved now, where it differs from yours").reads("The colleague's words.")
    expect(field(auditor, "learning")).to_have_value("My own words.")
    auditor.open(f"{AT}/words")
    expect(saying(auditor)).to_contain_text("somebody else saved this page while you were working")
    forgive(auditor, "409")
    auditor.press("See both texts").press("Save and continue")
    auditor.reads("What you wrote is saved, but it is not finished")
    assert kept_in_the_browser(auditor) == 0
    colleague.page.reload()
    expect(field(colleague, "learning")).to_have_value("My own words.")


def test_an_event_of_the_chronology_is_kept_until_it_is_saved(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{AT}/chronology/add")
    expect(saying(auditor)).to_have_text("")
    for part, number in zip(field(auditor, "happened_on").all(), ("4", "3", "2026"), strict=True):
        part.fill(number)
    field(auditor, "event").fill("A strategy meeting was held.")
    expect(saying(auditor)).to_have_text(NOT_SAVED)
    check(auditor)
    auditor.page.route("**/chronology/add", lambda route: route.abort())
    auditor.page.get_by_role("button", name="Save this event").click()
    another_page(auditor)
    auditor.open(f"{AT}/chronology/add").reads("and it is not saved yet. It is filled in again below.")
    expect(field(auditor, "happened_on").first).to_have_value("4")
    expect(field(auditor, "event")).to_have_value("A strategy meeting was held.")
    auditor.context.clear_cookies()
    auditor.page.get_by_role("button", name="Save this event").click()
    auditor.reads("You are signed out")
    forgive(auditor, "401")
    auditor.sign_in(AUDITOR).open(f"{AT}/chronology/add")
    expect(field(auditor, "event")).to_have_value("A strategy meeting was held.")
    auditor.press("Save this event").reads("The event is added.")
    assert kept_in_the_browser(auditor) == 0
    auditor.page.get_by_role("link", name="Change the event of 4 March 2026").click()
    change_it_over_a_colleague(walk, auditor)


def change_it_over_a_colleague(walk: Walk, auditor: Walker) -> None:
    where = auditor.page.url.removeprefix(auditor.service.url)
    field(auditor, "impact").fill("She was safe.")
    expect(saying(auditor)).to_have_text(NOT_SAVED)
    colleague = walk(looks=False).sign_in(AUDITOR).open(where)
    field(colleague, "impact").fill("Nobody knows.")
    colleague.press("Save this event")
    another_page(auditor)
    auditor.open(where).reads("Somebody saved this page meanwhile.")
    expect(field(auditor, "impact")).to_have_value("She was safe.")
    auditor.press("Save this event").reads("What is saved now").reads("Nobody knows.")
    auditor.open(where).reads("Somebody saved this page meanwhile.")
    auditor.page.get_by_role("button", name="Remove it, and show what is saved").click()
    expect(field(auditor, "impact")).to_have_value("Nobody knows.")
    assert kept_in_the_browser(auditor) == 0


def test_what_can_no_longer_be_saved_is_shown_once_more_and_what_a_child_said_is_not_kept(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{AT}/voices/add")
    field(auditor, "words").fill("I want to see my dad.")
    expect(saying(auditor)).to_contain_text("Not saved yet. The browser does not keep “")
    field(auditor, "decided_by").fill("The social worker.")
    expect(saying(auditor)).to_contain_text("Not saved yet. Kept in this browser, but for “")
    held = auditor.page.evaluate("JSON.stringify(localStorage)")
    assert "The social worker." in held
    assert "my dad" not in held
    police = walk(looks=False).sign_in(POLICE_AUDITOR).open(SUBMITTED)
    person = police.page.locator(".app-header__form").get_attribute("data-person")
    typed = {"where": f"{SUBMITTED}/words", "title": "Over the whole return", "texts": ["Too late."]}
    police.page.evaluate(
        "([key, typed]) => localStorage.setItem(key, JSON.stringify({ ...typed, at: Date.now() }))",
        [f"typed {person} {SUBMITTED}/words", typed],
    )
    police.page.reload()
    check(police).reads("The return can no longer be changed.").reads("Too late.")
    police.page.get_by_role("button", name="Remove it from this browser Over the whole return").click()
    police.reads("Removed from this browser.")
    assert kept_in_the_browser(police) == 0
