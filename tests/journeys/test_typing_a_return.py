"""A domain is filled in by keyboard alone while connection, session and colleague come in between; nothing is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Route, expect

from audit_app.demo.rules import OPEN_TO_ALL
from tests.journeys.test_main_job import CONTINUE, HOME
from tests.journeys.walking import Walk, Walker

AUDITOR = "kwabena.aldermoss@council.saltmere.example"
"""Has a return on SN2-06 that is half done, and no other test touches it."""
CASE = "SN2-06"
EVIDENCE = "The school rang twice, and the second call changed the plan."


def saying(auditor: Walker) -> Locator:
    """Where the page says what became of what was typed."""
    return auditor.page.get_by_role("status")


def focused(auditor: Walker) -> str:
    name: str = auditor.page.evaluate("document.activeElement.name || ''")
    return name


def texts(auditor: Walker) -> Locator:
    return auditor.page.locator('textarea[name^="evidence-"]')


def forgive(auditor: Walker, words: str) -> None:
    """The browser notes every request that fails; those that this story wants are no complaints."""
    auditor.complaints[:] = [said for said in auditor.complaints if words not in said]


def kept_in_the_browser(auditor: Walker) -> int:
    count: int = auditor.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('typed ')).length")
    return count


def until_nothing_is_kept(auditor: Walker) -> None:
    """Wait until all that was typed is saved: what is said to be saved may be the half of it."""
    auditor.page.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('typed '))")


@pytest.fixture
def auditor(walk: Walk) -> Walker:
    """At a domain with a question that lacks an answer."""
    auditor = walk().sign_in(AUDITOR)
    auditor.open(f"{HOME}/returns").follow(CASE).press(CONTINUE)
    return auditor


def test_a_return_is_typed_by_keyboard_alone_and_nothing_is_lost(walk: Walk, auditor: Walker) -> None:
    keyboard = auditor.page.keyboard
    auditor.page.locator("summary", has_text="Use the keyboard").press("Enter")
    auditor.reads("takes you to the next unanswered one")
    auditor.page.get_by_role("button", name="Next unanswered").press("Enter")
    assert focused(auditor).startswith("answer-")
    keyboard.press("2")
    keyboard.press("Tab")
    assert focused(auditor).startswith("evidence-")
    keyboard.type(f"1 {EVIDENCE}")
    keyboard.press("Tab")
    expect(saying(auditor)).to_have_text(re.compile(r"^Saved at \d+:\d\d$"))
    assert focused(auditor).startswith("where-"), "saving never moves the focus"
    asked = auditor.page.evaluate("document.activeElement.name").removeprefix("where-")
    expect(auditor.page.locator(f'[name="answer-{asked}"]').nth(1)).to_be_checked()
    go_on_to_the_next_unanswered(auditor)
    lose_the_connection(auditor)
    lose_the_session(auditor)
    meet_a_colleague(walk, auditor)
    auditor.look()
    auditor.page.get_by_role("button", name="Save and continue").dblclick()
    expect(auditor.page.locator(".govuk-notification-banner")).to_contain_text("Your answers are saved.")
    until_nothing_is_kept(auditor)


def go_on_to_the_next_unanswered(auditor: Walker) -> None:
    """To the next question, on this page or in another domain, from inside a text box; and answer it with a key."""
    before = focused(auditor)
    auditor.page.keyboard.press("Control+Enter")
    expect(auditor.page.locator('input[name^="answer-"]:focus')).to_have_count(1)
    assert focused(auditor) != before.replace("where-", "answer-")
    auditor.page.keyboard.press("f")
    expect(auditor.page.locator("input:focus")).to_be_checked()
    expect(saying(auditor)).to_contain_text("Saved at")
    auditor.look()


def lose_the_connection(auditor: Walker) -> None:
    """What is typed without a connection is kept, even when the page is opened anew, and sent when there is one."""
    cut = "**/rating/*"
    give_up: Callable[[Route], None] = lambda route: route.abort()  # noqa: E731
    auditor.page.route(cut, give_up)
    texts(auditor).last.fill("Typed without a connection.")
    expect(saying(auditor)).to_have_text(
        "Not saved: no connection. Kept in this browser. It is sent when the connection is back."
    )
    forgive(auditor, "ERR_FAILED")
    auditor.look()
    auditor.page.reload()
    expect(texts(auditor).last).to_have_value("Typed without a connection.")
    expect(saying(auditor)).to_contain_text("Not saved: no connection.")
    forgive(auditor, "ERR_FAILED")
    auditor.page.unroute(cut)
    auditor.page.evaluate("dispatchEvent(new Event('online'))")
    expect(saying(auditor)).to_contain_text("Saved at")
    until_nothing_is_kept(auditor)


def lose_the_session(auditor: Walker) -> None:
    """What is typed once the session is over is there after signing in again, and saved."""
    auditor.context.clear_cookies()
    texts(auditor).last.fill("Typed after the session was over.")
    expect(saying(auditor)).to_contain_text("Not saved: you are signed out. Kept in this browser.")
    forgive(auditor, "401")
    auditor.look().follow("Sign in again to save it")
    auditor.fill(email=AUDITOR, password=OPEN_TO_ALL).press("Sign in")
    expect(texts(auditor).last).to_have_value("Typed after the session was over.")
    expect(saying(auditor)).to_contain_text("Saved at")
    until_nothing_is_kept(auditor)


def meet_a_colleague(walk: Walk, auditor: Walker) -> None:
    """The second of two is shown both answers, and chooses; closing the page before changes nothing about that."""
    colleague = walk(looks=False).sign_in(AUDITOR).open(auditor.page.url.removeprefix(auditor.service.url))
    texts(colleague).last.fill("The colleague's judgement.")
    expect(saying(colleague)).to_contain_text("Saved at")
    texts(auditor).last.fill("My own judgement.")
    expect(saying(auditor)).to_contain_text("was answered elsewhere while you were working.")
    forgive(auditor, "409")
    both = auditor.page.locator(".app-side-by-side")
    assert focused(auditor).startswith("evidence-"), "nobody is taken away from where they type"
    auditor.page.get_by_role("link", name="Go to ").press("Enter")
    expect(both).to_be_in_viewport()
    expect(both).to_contain_text("The colleague's judgement.")
    expect(both).to_contain_text("My own judgement.")
    auditor.look()
    auditor.page.reload()
    expect(both).to_contain_text("My own judgement.")
    forgive(auditor, "409")
    auditor.page.get_by_label("Mine, as it is in the fields below").press("Space")
    auditor.page.get_by_role("button", name="Let this answer stand").press("Enter")
    expect(both).to_have_count(0)
    expect(saying(auditor)).to_contain_text("Saved at")
    colleague.page.reload()
    expect(texts(colleague).last).to_have_value("My own judgement.")


def test_signing_out_leaves_nothing_in_the_browser(auditor: Walker) -> None:
    auditor.page.route("**/rating/*", lambda route: route.abort())
    texts(auditor).first.press("End")
    auditor.page.keyboard.type(" Not sent yet.")
    expect(saying(auditor)).to_contain_text("Not saved: no connection.")
    assert kept_in_the_browser(auditor) == 1
    asked: list[str] = []

    def sign_out_all_the_same(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    auditor.page.once("dialog", sign_out_all_the_same)
    auditor.page.get_by_role("button", name="Sign out").click()
    expect(auditor.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert asked == ["What you typed here is not saved yet, and signing out removes it. Sign out all the same?"]
    assert kept_in_the_browser(auditor) == 0


def test_a_return_is_answered_on_a_telephone(walk: Walk) -> None:
    auditor = walk(width=375).sign_in(AUDITOR).open(f"{HOME}/cases/{CASE}/return/1/domain/1")
    assert auditor.width_needed <= 375
    box = auditor.page.get_by_role("button", name="Next unanswered").bounding_box()
    assert box
    assert box["height"] >= 44
