"""What is typed beside the ratings outlives a lost connection, a closed page and an ended session as well."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from audit_app.demo.rules import OPEN_TO_ALL
from tests.journeys.test_main_job import HOME, POLICE_AUDITOR
from tests.journeys.test_typing_a_return import (
    AUDITOR,
    CASE,
    forgive,
    kept_in_the_browser,
    saying,
    until_nothing_is_kept,
)
from tests.journeys.walking import STANDARD, Walk, Walker

AT = f"{HOME}/cases/{CASE}/return/1"
SUBMITTED = f"{HOME}/cases/SN2-05/return/3"
"""A return of the police that was submitted."""
KEPT = re.compile(r"^Kept at \d+:\d\d, for you alone: nobody else sees it until you press “.+”\.$")
ONLY_HERE = "Not kept: no connection. Keep this page open. It is sent when the connection is back."


def field(auditor: Walker, name: str) -> Locator:
    return auditor.page.locator(f'[name="{name}"]')


def another_page(auditor: Walker) -> None:
    """Close the page, and open another in the same browser."""
    auditor.page.close()
    auditor.page = auditor.context.new_page()


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
    until_nothing_is_kept(auditor)
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
    until_nothing_is_kept(auditor)
    colleague.page.reload()
    expect(field(colleague, "learning")).to_have_value("My own words.")


def test_an_event_of_the_chronology_is_kept_until_it_is_saved(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{AT}/chronology/add")
    expect(saying(auditor)).to_have_text("")
    for part, number in zip(field(auditor, "happened_on").all(), ("4", "3", "2026"), strict=True):
        part.fill(number)
    field(auditor, "event").fill("A strategy meeting was held.")
    expect(saying(auditor)).to_have_text(KEPT)
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
    until_nothing_is_kept(auditor)
    auditor.page.get_by_role("link", name="Change the event of 4 March 2026").click()
    change_it_over_a_colleague(walk, auditor)


def change_it_over_a_colleague(walk: Walk, auditor: Walker) -> None:
    """The same person at another computer: what was typed here stands there too, and is saved there otherwise."""
    where = auditor.page.url.removeprefix(auditor.service.url)
    field(auditor, "impact").fill("She was safe.")
    expect(saying(auditor)).to_have_text(KEPT)
    colleague = walk(looks=False).sign_in(AUDITOR).open(where)
    expect(field(colleague, "impact")).to_have_value("She was safe.")
    field(colleague, "impact").fill("Nobody knows.")
    colleague.press("Save this event")
    auditor.press("Save this event").reads("What is saved now").reads("Nobody knows.")
    expect(saying(auditor)).to_have_text(KEPT)
    another_page(auditor)
    auditor.open(where).reads("Somebody saved this page meanwhile.")
    expect(field(auditor, "impact")).to_have_value("She was safe.")
    auditor.press("Save this event").reads("What is saved now").reads("Nobody knows.")
    auditor.open(where).reads("Somebody saved this page meanwhile.")
    auditor.page.get_by_role("button", name="Remove it, and show what is saved").click()
    expect(field(auditor, "impact")).to_have_value("Nobody knows.")
    auditor.page.wait_for_load_state("networkidle")
    auditor.open(where)
    expect(field(auditor, "impact")).to_have_value("Nobody knows.")
    expect(auditor.page.get_by_role("button", name="Remove it")).to_have_count(0)
    assert kept_in_the_browser(auditor) == 0


def test_what_a_child_said_is_kept_by_the_service_and_by_no_browser(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{AT}/voices/add")
    auditor.context.set_offline(True)
    field(auditor, "words").fill("I want to see my dad.")
    expect(saying(auditor)).to_have_text(ONLY_HERE)
    field(auditor, "decided_by").fill("The social worker.")
    auditor.page.get_by_role("button", name="Save this voice").click()
    expect(saying(auditor)).to_have_text(f"{ONLY_HERE} To try all the same, press “Save this voice” again.")
    expect(field(auditor, "words")).to_have_value("I want to see my dad.")
    held = auditor.page.evaluate("JSON.stringify(localStorage)")
    assert "The social worker." in held
    assert "my dad" not in held
    auditor.context.set_offline(False)
    expect(saying(auditor)).to_have_text(KEPT)
    forgive(auditor, "ERR_INTERNET_DISCONNECTED")
    check(auditor)
    assert kept_in_the_browser(auditor) == 0
    sign_in_beside_it(auditor)
    auditor.context.close()
    type_on_at_another_computer(walk)


def sign_in_beside_it(auditor: Walker) -> None:
    """The session ends, and only the open page has what is typed then: signing in goes beside it."""
    auditor.context.clear_cookies()
    field(auditor, "words").fill("I want to see my dad, and my dog.")
    expect(saying(auditor)).to_contain_text("Not kept: you are signed out. Keep this page open.")
    forgive(auditor, "401")
    check(auditor)
    with auditor.context.expect_page() as opened:
        auditor.page.get_by_role("link", name="Sign in again in a new tab, then come back here").click()
    beside = opened.value
    beside.get_by_label("E-mail address").fill(AUDITOR)
    beside.get_by_label("Password").fill(OPEN_TO_ALL)
    beside.get_by_role("button", name="Sign in").click()
    expect(beside.locator('[name="words"]')).to_have_value("I want to see my dad.")
    auditor.page.bring_to_front()
    auditor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(saying(auditor)).to_have_text(KEPT)


def type_on_at_another_computer(walk: Walk) -> None:
    """Nothing is left of the first browser: what was typed is with the service."""
    elsewhere = walk(looks=False).sign_in(AUDITOR).reads("What you typed and did not save")
    elsewhere.open(AT).reads("You typed here and did not save it").follow(re.compile("^Add a voice, SN2-06"))
    elsewhere.reads("and it is not saved yet. It is filled in again below.")
    expect(field(elsewhere, "words")).to_have_value("I want to see my dad, and my dog.")
    expect(field(elsewhere, "decided_by")).to_have_value("The social worker.")
    check(elsewhere).open(f"{HOME}/drafts").reads("I want to see my dad, and my dog.")
    check(elsewhere).open(f"{AT}/voices/add")
    elsewhere.page.get_by_role("button", name="Remove it, and show what is saved").click()
    expect(field(elsewhere, "words")).to_have_value("")
    elsewhere.page.wait_for_load_state("networkidle")
    elsewhere.open(f"{HOME}/drafts").reads("Everything that you typed here is saved or removed.")


def test_a_concern_that_was_not_recorded_yet_is_there_the_next_morning(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{HOME}/cases/{CASE}/concern")
    field(auditor, "told_whom").fill("The duty worker")
    with auditor.page.expect_response(lambda response: "alone+at+night" in (response.request.post_data or "")):
        field(auditor, "worry").fill("He was alone at night.")
    expect(saying(auditor)).to_contain_text("nobody else sees it until you press “Record the concern”")
    assert kept_in_the_browser(auditor) == 0
    check(auditor)
    field(auditor, "worry").press_sequentially(" Twice.")
    auditor.context.close()
    elsewhere = walk(looks=False).sign_in(AUDITOR).open(f"{HOME}/cases/{CASE}/concern")
    expect(field(elsewhere, "told_whom")).to_have_value("The duty worker")
    expect(field(elsewhere, "worry")).to_have_value(re.compile("^He was alone at night."))
    colleague = walk(looks=False).sign_in(POLICE_AUDITOR).open(f"{HOME}/cases/SN2-05/concern")
    expect(field(colleague, "worry")).to_have_value("")
    elsewhere.page.get_by_role("button", name="Remove it, and show what is saved").click()
    expect(field(elsewhere, "worry")).to_have_value("")
    elsewhere.page.wait_for_load_state("networkidle")


def test_whoever_types_on_without_a_rest_is_kept_every_few_seconds(walk: Walk) -> None:
    auditor = walk(looks=False)
    auditor.page.clock.install()
    auditor.sign_in(AUDITOR).open(f"{HOME}/cases/{CASE}/concern")
    worry = field(auditor, "worry")
    for word in range(8):
        worry.press("a")
        auditor.page.clock.run_for(700)
        if word < 6:
            expect(saying(auditor)).to_contain_text("Not saved yet.")
    expect(saying(auditor)).to_contain_text(re.compile(r"^Kept at \d+:\d\d, for you alone"))
    with auditor.page.expect_response("**/drafts/keep"):
        worry.fill("")
        auditor.page.clock.run_for(1000)
    auditor.open(f"{HOME}/drafts").reads("Everything that you typed here is saved or removed.")


def test_a_press_goes_through_though_what_is_typed_cannot_be_kept(walk: Walk) -> None:
    auditor = walk(looks=False).sign_in(AUDITOR).open(f"{HOME}/cases/{CASE}/concern")
    button = auditor.page.get_by_role("button", name="Record the concern")
    auditor.page.route("**/drafts/keep", lambda route: route.fulfill(status=500, body=""))
    field(auditor, "told_whom").fill("The duty worker")
    expect(saying(auditor)).to_contain_text("Not kept: the service does not take it now. Keep this page open.")
    with auditor.page.expect_navigation():
        button.click()
    auditor.reads("There is a problem")
    expect(saying(auditor)).to_contain_text("Not")  # so the page's scripts are at work
    auditor.page.unroute("**/drafts/keep")
    auditor.page.route("**/drafts/keep", lambda route: route.abort())
    field(auditor, "told_whom").fill("The duty social worker")
    button.click()
    expect(saying(auditor)).to_contain_text("To try all the same, press “Record the concern” again.")
    auditor.page.wait_for_timeout(1100)
    with auditor.page.expect_navigation():
        button.click()
    auditor.reads("There is a problem")
    expect(field(auditor, "told_whom")).to_have_value("The duty social worker")
    auditor.context.close()
    forgive(auditor, "500")
    forgive(auditor, "ERR_FAILED")


def test_what_can_no_longer_be_saved_is_shown_once_more(walk: Walk) -> None:
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
