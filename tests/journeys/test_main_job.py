"""The main job from the invitation of an auditor to the workbook, as each of its people, in a real browser."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from config import PROJECT
from tests.journeys.walking import Walk, Walker

HOME = "/p/saltmere"
ROUND = f"{HOME}/rounds/SN4"
CASE = f"{HOME}/cases/SN4-01"
ANNEX_A = PROJECT / "audit_app" / "demo" / "material" / "populations" / "annex-a.xlsx"

ADMINISTRATOR = "dafydd.orrowmere@partnership.saltmere.example"
COORDINATOR = "imogen.tarrowby@partnership.saltmere.example"
KEY_HOLDER = "esme.fennimarsh@council.saltmere.example"
POLICE_AUDITOR = "gethin.brackwater@police.merewold.example"
CHAIR = "dorothea.vantrease@partnership.saltmere.example"
MEMBER = "tobias.corriebank@police.merewold.example"
BOARD_MEMBER = "hyacinth.pellowick@council.saltmere.example"
LEAD = "siobhan.dunmallow@lanternboat.example"
SCRUTINEER = "wen.larkspurr@scrutiny.saltmere.example"
CONTINUE = re.compile("^Continue with")
FINDING = "Missed appointments were not explored"
NEW_AUDITOR = "marguerite.ollerby@lanternboat.example"


def invite_an_auditor(administrator: Walker) -> str:
    """Invite Marguerite Ollerby; give the link that she is handed."""
    administrator.open(f"{HOME}/people").press("Invite a person")
    administrator.fill(name="Marguerite Ollerby", email=NEW_AUDITOR).choose(roles="auditor")
    administrator.page.get_by_label("Agency", exact=True).select_option("Lanternboat Families")
    administrator.press("Invite")
    assert administrator.heading == "Marguerite Ollerby is invited"
    link = administrator.page.locator("main a[href*='/invitation/']").get_attribute("href")
    assert link
    return link


def accept(newcomer: Walker, link: str) -> None:
    newcomer.open(link).fill(password="a-boat-with-a-lantern", password_again="a-boat-with-a-lantern")
    newcomer.press("Set this password")
    newcomer.sign_in(NEW_AUDITOR, "a-boat-with-a-lantern")
    assert newcomer.heading == "What to do next"


def plan_a_round(coordinator: Walker, *, reference: str = "sn4", template: str = "Core 16") -> None:
    """Go through the short pages of a plan, check the answers and open the round."""
    coordinator.open(f"{HOME}/rounds").press("Start a round")
    coordinator.fill(title="Neglect and missed appointments", reference=reference)
    coordinator.press("Start planning").press("Continue")
    coordinator.choose(prompt_kind="review").fill(prompt_detail="The learning review “Child R”.")
    save_and_go_on(coordinator).tick("Quality and Learning Subgroup", "The whole partnership")
    save_and_go_on(coordinator).fill(
        theme="Missed appointments", terms_of_reference="Every agency audits its own file."
    )
    save_and_go_on(coordinator).fill(key_lines="Who noticed?\nWho asked why?")
    save_and_go_on(coordinator).fill(look_back_months="12")
    save_and_go_on(coordinator).tick("Lanternboat Families", "Merewold Police")
    save_and_go_on(coordinator).page.get_by_label(template).first.check()
    save_and_go_on(coordinator)
    set_dates_and_open(coordinator)


def set_dates_and_open(coordinator: Walker) -> None:
    today = date.today()  # noqa: DTZ011 - the day of the machine on which the service runs
    for name, weeks in (("returns_due_on", 4), ("panel_on", 6), ("report_due_on", 10)):
        coordinator.date(name, today + timedelta(weeks=weeks))
    coordinator.press("Save and continue")
    from_panel_to_findings(coordinator)
    coordinator.press("Check the plan")
    assert coordinator.heading == "Check the plan"
    coordinator.press("Open the round")
    coordinator.reads("Sampling")


def from_panel_to_findings(coordinator: Walker) -> None:
    """Leave out moderation and the accuracy check, as small partnerships do."""
    plan = coordinator.page.url.removeprefix(coordinator.service.url).split("/plan")[0] + "/plan"
    coordinator.open(f"{plan}/panels").choose(is_moderated="no").fill(accuracy_days="0").press("Save and continue")
    coordinator.open(plan)


def save_and_go_on(coordinator: Walker) -> Walker:
    return coordinator.press("Save and continue").press("Continue")


def import_the_population(key_holder: Walker) -> None:
    key_holder.open(f"{ROUND}/population")
    key_holder.page.locator('input[type="file"]').set_input_files(ANNEX_A)
    key_holder.press("Upload and check")
    key_holder.reads("List 7")
    key_holder.press("Confirm the population")
    key_holder.reads("157")


def draw_the_sample(coordinator: Walker) -> None:
    coordinator.open(f"{ROUND}/sample").fill(size="1", reserves="1", seed="lantern").press("Draw the sample")
    coordinator.press("Confirm the sample")
    coordinator.open(f"{ROUND}/cases")
    coordinator.reads("SN4-01")


def complete_the_identity_sheet(key_holder: Walker) -> None:
    key_holder.open(f"{ROUND}/cases").press("Complete the identity sheets").press("Complete the sheet of SN4-01")
    key_holder.fill(names="Ysoldine Quarrendale", addresses="3 Limpet Street, Saltmere", carers="Ottoline Quarrendale")
    key_holder.press("Save the sheet")


def send_to_the_agencies(coordinator: Walker) -> None:
    coordinator.open(f"{ROUND}/send").press("Send to the agencies")


def look_who_the_child_is(auditor: Walker) -> None:
    auditor.open(f"{HOME}/returns").follow("SN4-01")
    auditor.press("Look at the identity sheet")
    auditor.reads("Ysoldine Quarrendale")


def say_that_the_child_is_known(auditor: Walker) -> None:
    auditor.open(f"{HOME}/returns").follow("SN4-01").press("Answer the first question")
    auditor.choose(known="known").press("Save and continue")
    find_the_right_file(auditor)


def find_the_right_file(auditor: Walker) -> None:
    """Say that the file is this child's, under which number the agency keeps it, and that one had no part."""
    auditor.page.get_by_label(re.compile("^The file I have open")).check()
    auditor.fill(file_number="SC/2026/0417")
    auditor.choose(own_part="none").press("Save and continue")


def rate_a_domain_by_keyboard(auditor: Walker, evidence: str) -> None:
    """Answer the indicators of the open page with nothing but the keyboard."""
    keyboard = auditor.page.keyboard
    for _ in range(auditor.page.locator("section.app-item").count()):
        tab_to(auditor, "answer-")
        keyboard.press("Space")
        keyboard.press("ArrowDown")
        tab_to(auditor, "evidence-")
        keyboard.type(evidence)
        tab_to(auditor, "where-")
        keyboard.type("Contact record, 4 March")
    tab_to(auditor, "")
    with auditor.page.expect_navigation():
        keyboard.press("Enter")
    auditor.look()


def tab_to(walker: Walker, beginning: str) -> None:
    """Press Tab until a field whose name begins so has the focus, or for nothing, a button."""
    for _ in range(40):
        walker.page.keyboard.press("Tab")
        tag, name = walker.page.evaluate("[document.activeElement.tagName, document.activeElement.name || '']")
        if (beginning and name.startswith(beginning)) or (not beginning and tag == "BUTTON"):
            return
    raise AssertionError(f"no {beginning or 'button'} can be reached with the keyboard")


ALONE = "Or one of these alone"


def describe_the_child(auditor: Walker) -> None:
    """Record what the agency knows about the child; what the sample knows is offered already."""
    auditor.follow("About the child")
    for group in auditor.page.get_by_role("group").all():
        if not group.locator("input:checked").count() and group.locator("legend").first.inner_text() != ALONE:
            group.locator("input").first.check()
    auditor.press("Save and continue").reads("What you recorded about the child is saved.")


def rate_every_domain(auditor: Walker, level: int, evidence: str) -> None:
    """Answer domain after domain, all with one level, until the return asks no more."""
    while auditor.page.get_by_role("button", name=CONTINUE).count():
        auditor.press(CONTINUE)
        while auditor.page.locator("section.app-item").count():
            for item in auditor.page.locator("section.app-item").all():
                item.locator('[name^="answer-"]').nth(level).check()
                item.locator('[name^="evidence-"]').fill(evidence)
            auditor.press("Save and continue")


def say_it_over_all(auditor: Walker) -> None:
    """Say what a return that is fully rated needs over the whole, from the return's own page."""
    auditor.press("Say it over the whole return")
    auditor.page.locator('[name="overall_level"]').nth(1).check()
    auditor.fill(overall_reason="The worker asked, wrote it down and came back.", learning="Ask on the first visit.")
    auditor.press("Save and continue")


def raise_a_concern(auditor: Walker) -> None:
    auditor.open(CASE).follow("Raise an immediate concern")
    auditor.reads("01632 960100")
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - as above
    auditor.fill(
        told_whom="The duty social worker", told_time="14:05", agreed="A visit today.", worry="Seen alone at night."
    )
    auditor.date("told_on", yesterday).press("Record the concern")


def submit(auditor: Walker, button: str = "Submit this return") -> None:
    auditor.open(f"{HOME}/returns").follow("SN4-01").follow("Check what is missing, and submit")
    auditor.page.get_by_label("I have read our file").check()
    auditor.press(button)
    auditor.reads("Submitted")


def ask_for_more_and_compare(coordinator: Walker, auditor: Walker) -> None:
    """Send a return back with a comment on one indicator; its auditor changes that one; see what changed."""
    coordinator.open(f"{ROUND}/returns").follow(re.compile("^Submitted"))
    coordinator.press("Send it back").fill(reason="One answer needs its date.")
    coordinator.page.locator('[name^="comment-"]').first.fill("Which bus, and since when?")
    coordinator.press("Send it back")
    auditor.open(f"{HOME}/returns").reads("One answer needs its date.")
    auditor.follow("SN4-01").reads("Which bus, and since when?")
    auditor.page.locator(".govuk-inset-text a").first.click()
    auditor.reads("Which bus, and since when?")
    auditor.page.locator('[name^="evidence-"]').first.fill("The worker wrote down what the child said in May.")
    auditor.press("Save and continue")
    submit(auditor, "Submit again")
    coordinator.open(f"{ROUND}/returns").follow(re.compile("^Submitted")).reads("Changed since")
    coordinator.follow("What changed since it was sent back").reads("in May")


def plan_the_panel(coordinator: Walker) -> None:
    coordinator.open(f"{ROUND}/panels/new").date("held_on", date.today())  # noqa: DTZ011 - as above
    coordinator.fill(place="Committee room 2").choose(rates="paper")
    coordinator.page.get_by_label("chair").select_option("Dorothea Vantrease")
    coordinator.page.get_by_label(re.compile("Tobias Corriebank")).check()
    coordinator.page.get_by_label(re.compile("^SN4-01")).fill("1")
    coordinator.press("Save the panel")
    coordinator.open(f"{HOME}/panels/cases/SN4-01/release").press("Release the case")


def agree_the_ratings(chair: Walker) -> None:
    """Agree what is apart, confirm the rest together, finish the case."""
    chair.open(f"{HOME}/panels").open(f"{HOME}/panels/cases/SN4-01")
    for reason in chair.page.locator('textarea[name^="reason-"]').all():
        number = (reason.get_attribute("name") or "").removeprefix("reason-")
        answers = chair.page.locator(f'[name="answer-{number}"]')
        if answers.count():
            answers.nth(2).check()
            reason.fill("Nobody asked why the appointments were missed.")
    chair.press("Save all on this page")
    if chair.page.locator('textarea[name="together-reason"]').count():
        chair.fill(**{"together-reason": "Everybody saw the same."}).press("Confirm the ticked ratings together")
    chair.press("Write the outcome")
    learned = "Missed appointments were counted, and nobody asked why."
    chair.fill(outcome=learned, good_practice="A teacher kept asking.").press("Save the outcome")
    chair.press("Check and finish the case").press("Finish the case")


def write_and_publish(coordinator: Walker) -> None:
    """See the charts, write a finding, publish."""
    see_the_charts(coordinator, ROUND)
    coordinator.open(f"{ROUND}/findings/new").choose(kind="area_for_development")
    coordinator.fill(title=FINDING, words="Nobody asked why in the one case.")
    coordinator.page.locator('[name="indicator_ids"]').first.check()
    coordinator.press("Save the finding")
    coordinator.open(f"{ROUND}/findings/publish").press("Publish the round")


def see_the_charts(reader: Walker, round_address: str) -> None:
    """The charts of a round, and those that set it beside the round before."""
    charts_are_drawn(reader.open(f"{round_address}/findings"))
    charts_are_drawn(reader.follow("Compare with another round").reads("indicators in both rounds"))


def charts_are_drawn(reader: Walker) -> None:
    """Every chart of the page is drawn by Plotly, and has its table under it."""
    charts = reader.page.locator("figure.app-chart")
    assert charts.count() >= 2
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("svg.main-svg").first).to_be_visible()
        assert chart.locator("table").count() == 1
    reader.look()


def write_an_action(coordinator: Walker) -> None:
    coordinator.open(f"{ROUND}/findings").follow(f"Write an action from: {FINDING}")
    coordinator.fill(title="Ask why an appointment was missed", outcome_measure="Nine of ten files say why.")
    owner = coordinator.page.get_by_label("Who leads it?")
    owner.select_option(owner.locator("option", has_text="Siobhan Dunmallow").get_attribute("value"))
    coordinator.date("due_on", date.today() + timedelta(days=60))  # noqa: DTZ011 - as above
    coordinator.press("Put it in the plan")


def post_progress(lead: Walker) -> None:
    lead.open(f"{HOME}/actions").follow("Ask why an appointment was missed").press("Post progress")
    lead.fill(words="The form now asks why.", impact="Seven of eight files say why.").choose(brag="green")
    lead.press("Post the update")
    lead.reads("Seven of eight files say why.")


def download_the_workbook(reader: Walker, folder: Path) -> None:
    reader.open(ROUND)
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("button", name="Download the workbook").click()
    kept = folder / "round.xlsx"
    waiting.value.save_as(kept)
    workbook = load_workbook(BytesIO(kept.read_bytes()), read_only=True)
    words = {str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert FINDING in words
    assert "Ask why an appointment was missed" in words
    assert "Seven of eight files say why." in words
    assert not any("Quarrendale" in text for text in words)


def read_the_history(reader: Walker) -> None:
    reader.open(f"{ROUND}/history")
    for deed in ("posted progress", "published", "finished SN4-01"):
        reader.reads(deed)


@pytest.mark.on_both
def test_the_main_job_from_an_invitation_to_the_workbook(walk: Walk, tmp_path: Path) -> None:
    coordinator = walk().sign_in(COORDINATOR)
    key_holder = walk().sign_in(KEY_HOLDER)
    auditor = walk()
    accept(auditor, invite_an_auditor(walk().sign_in(ADMINISTRATOR)))
    plan_a_round(coordinator)
    import_the_population(key_holder)
    draw_the_sample(coordinator)
    complete_the_identity_sheet(key_holder)
    send_to_the_agencies(coordinator)
    look_who_the_child_is(auditor)
    say_that_the_child_is_known(auditor)
    raise_a_concern(auditor)
    auditor.open(f"{HOME}/returns").follow("SN4-01").press(CONTINUE)
    rate_a_domain_by_keyboard(auditor, "Four appointments were missed in three months, and each was only counted.")
    auditor.open(f"{HOME}/returns").follow("SN4-01")
    describe_the_child(auditor)
    rate_every_domain(auditor, 1, "The worker wrote down what the child said about the bus, and changed the hour.")
    say_it_over_all(auditor)
    submit(auditor)
    ask_for_more_and_compare(coordinator, auditor)
    police = walk(looks=False).sign_in(POLICE_AUDITOR)
    police.open(f"{HOME}/returns")
    say_that_the_child_is_known(police)
    describe_the_child(police)
    rate_every_domain(police, 2, "Officers recorded the home and did not ask who takes the child to the doctor.")
    say_it_over_all(police)
    submit(police)
    plan_the_panel(coordinator)
    walk().sign_in(MEMBER).open(f"{HOME}/panels/cases/SN4-01")
    agree_the_ratings(walk().sign_in(CHAIR))
    write_and_publish(coordinator)
    write_an_action(coordinator)
    post_progress(walk().sign_in(LEAD))
    board = walk().sign_in(BOARD_MEMBER)
    see_the_charts(board, ROUND)
    board.open(CASE, status=403)
    download_the_workbook(coordinator, tmp_path)
    scrutineer = walk().sign_in(SCRUTINEER)
    read_the_history(scrutineer)
    assert scrutineer.heading == "History"
