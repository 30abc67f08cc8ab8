"""A coordinator makes the partnership's own template, audits with it, and changes it without changing the audit."""

import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.journeys.test_main_job import COORDINATOR, HOME, SCRUTINEER, plan_a_round
from tests.journeys.walking import Walk, Walker

TEMPLATE = "Neglect and brothers and sisters"
OWN = f"{HOME}/templates/own-neglect-and-brothers-and-sisters"
QUESTION = "How well does the file show what life is like for each brother and sister?"
LEVELS = ("outstanding", "good", "requires_improvement", "inadequate")


def copy_core_16(coordinator: Walker) -> None:
    coordinator.open(f"{HOME}/templates").follow("Core 16").press("Make a copy")
    coordinator.fill(title=TEMPLATE).press("Make the copy")
    assert coordinator.heading == f"Edit {TEMPLATE}"
    coordinator.follow("Change the title, the description, the time or the scale")
    coordinator.fill(description="Core 16, with a look at brothers and sisters.", minutes_per_child="70").press("Save")


def edit_it(coordinator: Walker) -> None:
    """Add a domain with a question of the library and one of our own, put them in order, take one away."""
    coordinator.press("Add a domain").fill(title="Brothers and sisters").press("Add the domain")
    coordinator.page.get_by_role("button", name="Add from the library").last.click()
    coordinator.page.locator('[name="code"]').select_option("A02")
    coordinator.press("Add the question")
    coordinator.reads("A02")
    coordinator.page.get_by_role("button", name="Write a new question").last.click()
    coordinator.fill(title="Each child's own life").press("Continue")
    assert coordinator.heading == "Change SAL01"
    coordinator.fill(
        question=QUESTION,
        why="One child's good days can hide another's bad ones.",
        look_for="Each child named and described on their own.",
        example="The elder cooks for the younger; the plan says who will do it instead.",
        **{f"level_{level}": f"What {level.replace('_', ' ')} looks like." for level in LEVELS},
    )
    coordinator.choose(rated="child_experience").press("Save")
    coordinator.press(re.compile("^Move up ?: SAL01"))
    coordinator.follow(re.compile("^Remove ?: A04")).press("Remove the question")


def preview_it(coordinator: Walker) -> None:
    coordinator.follow("See it as an auditor will")
    forward = re.compile("^Next")
    while coordinator.page.get_by_role("link", name=forward).count():
        coordinator.follow(forward)
    assert coordinator.heading == "Brothers and sisters"
    coordinator.reads(QUESTION)
    assert coordinator.page.locator('[name^="answer-"]').count() == 2 * (len(LEVELS) + 2)


def publish(coordinator: Walker, version: int, note: str = "") -> None:
    coordinator.open(f"{OWN}/{version}/publish")
    if note:
        coordinator.fill(note=note)
    coordinator.press(f"Publish version {version}")
    assert coordinator.heading == TEMPLATE


def reword_it(coordinator: Walker, version: int, was: str, now: str) -> None:
    """The next version asks another question, and says what changed."""
    coordinator.open(f"{OWN}/{version - 1}").press(f"Start version {version}")
    coordinator.follow(re.compile("^Change ?: SAL01")).fill(question=now)
    coordinator.page.get_by_label("Answered in words only").check()
    coordinator.press("Save")
    coordinator.follow(f"What changed since version {version - 1}")
    coordinator.reads(was).reads(now)
    publish(coordinator, version, "Shorter.")


def send_and_load_it(coordinator: Walker, folder: Path) -> None:
    """It leaves as a spreadsheet; a slip in it is named, and mended it comes in as another template."""
    with coordinator.open(f"{OWN}/1").page.expect_download() as download:
        coordinator.page.get_by_role("link", name="Download as a spreadsheet").click()
    sent = folder / download.value.suggested_filename
    download.value.save_as(sent)
    book = load_workbook(sent)
    for title, heading in (("", "Load a template from a file"), ("Sent to a friend", "Edit Sent to a friend")):
        book["Template"]["B2"] = title
        book.save(sent)
        coordinator.open(f"{HOME}/templates").follow("Load a template from a file")
        coordinator.page.locator('[name="file"]').set_input_files(sent)
        coordinator.press("Load as a new template")
        assert coordinator.heading == heading
    coordinator.reads("SAL01")


def test_a_template_of_ones_own_from_a_copy_to_version_3(walk: Walk, tmp_path: Path) -> None:
    coordinator = walk().sign_in(COORDINATOR)
    copy_core_16(coordinator)
    edit_it(coordinator)
    preview_it(coordinator)
    scrutineer = walk().sign_in(SCRUTINEER)
    scrutineer.open(f"{HOME}/templates").follow(TEMPLATE).reads("Draft")
    publish(coordinator, 1)
    send_and_load_it(coordinator, tmp_path)
    reword_it(coordinator, 2, QUESTION, "Whose day is it?")
    plan_a_round(coordinator, reference="sn7", template=TEMPLATE)
    reword_it(coordinator, 3, "Whose day is it?", "What is each child's day?")
    coordinator.open(f"{HOME}/rounds/SN7/plan").reads(f"{TEMPLATE}, version 2")
    coordinator.open(f"{HOME}/rounds/SN7/plan/template")  # leads back to the plan, which says that it is frozen
    assert coordinator.page.url.endswith("/plan")


def goes_on_at(walker: Walker, code: str, says: str) -> None:
    """Check that the focus is on the heading of a question, in sight, and what a screen reader says with it."""
    focused = walker.page.locator(f"#indicator-{code}:focus")
    expect(focused).to_be_in_viewport()
    expect(focused).to_have_accessible_description(re.compile(re.escape(says)))
    expect(walker.page.locator(f"#said-indicator-{code}")).to_be_in_viewport()


def test_a_draft_is_put_in_order_on_a_telephone_and_without_scripts(walk: Walk) -> None:
    narrow = walk(width=375).sign_in(COORDINATOR)
    narrow.open(f"{HOME}/templates/core-16/1/copy").fill(title="On the way").press("Make the copy")
    for rest in ("1/edit", "1/questions/A01", "1/recorded", "1/preview", "1/publish", "1/words", "load"):
        narrow.open(f"{HOME}/templates/own-on-the-way/{rest}")
        assert narrow.width_needed <= 375, rest
    plain = walk(scripts=False).sign_in(COORDINATOR)
    for walker in (plain, narrow):
        walker.open(f"{HOME}/templates/own-on-the-way/1/edit")
        first, second = (walker.page.locator(".app-item__code").nth(place).inner_text() for place in (0, 1))
        walker.press(re.compile(f"^Move down ?: {first}"))
        assert [walker.page.locator(".app-item__code").nth(place).inner_text() for place in (0, 1)] == [second, first]
        goes_on_at(walker, first, says="is now 2 of 3 in Recognising neglect.")
    narrow.follow(re.compile(f"^Change ?: {first}")).press("Save")
    goes_on_at(narrow, first, says="is saved.")
    plain.open(f"{HOME}/templates/own-on-the-way/1/discard").press("Discard the draft")
