"""The same service on a telephone, and in a browser that runs no scripts."""

import re

import pytest

from tests.journeys.test_main_job import (
    ADMINISTRATOR,
    BOARD_MEMBER,
    CHAIR,
    COORDINATOR,
    HOME,
    KEY_HOLDER,
    describe_the_child,
    find_the_right_file,
    rate_every_domain,
    say_it_over_all,
)
from tests.journeys.walking import Walk

AUDITOR = "kwabena.aldermoss@council.saltmere.example"
PAGES = {
    COORDINATOR: (
        "/",
        "/rounds",
        "/rounds/SN2",
        "/rounds/SN3/plan",
        "/rounds/SN1/sample",
        "/rounds/SN2/cases",
        "/rounds/SN2/returns",
        "/rounds/SN1/findings",
        "/rounds/SN1/history",
        "/cases/SN1-01",
        "/panels",
        "/actions",
        *("/findings/all", "/findings/compare"),
        "/people",
    ),
    AUDITOR: (
        *("/", "/returns", "/templates", "/indicators", "/indicators/H01"),
        *("/strategies/cumbria", "/requirements/attribute", "/requirements/measure"),
    ),
    CHAIR: ("/panels", "/panels/cases/SN1-01"),
    BOARD_MEMBER: ("/", "/board", "/rounds/SN1/findings", "/actions/1"),
    KEY_HOLDER: ("/", "/rounds/SN1/population", "/rounds/SN2/identity"),
    ADMINISTRATOR: ("/people/new", "/agencies", "/settings", "/outbox"),
}


@pytest.mark.parametrize("email", PAGES, ids=lambda email: email.partition(".")[0])
def test_main_pages_fit_a_telephone(walk: Walk, email: str) -> None:
    walker = walk(width=390).sign_in(email)
    for path in PAGES[email]:
        assert walker.open(f"{HOME}{path}").width_needed <= 390, path


@pytest.mark.on_both
def test_a_return_is_answered_and_submitted_without_scripts(walk: Walk) -> None:
    auditor = walk(scripts=False).sign_in(AUDITOR)
    auditor.open(f"{HOME}/returns")
    first = auditor.page.get_by_role("row", name="Not started").first.get_by_role("link")
    case = first.inner_text().split()[0]
    auditor.follow(first.inner_text()).press("Answer the first question")
    auditor.choose(known="known").press("Save and continue")
    find_the_right_file(auditor)
    describe_the_child(auditor)
    rate_every_domain(auditor, 1, "The worker wrote down what the child said, and did something about it.")
    say_it_over_all(auditor)
    auditor.open(f"{HOME}/returns").follow(re.compile(f"^{case}")).follow("Check what is missing, and submit")
    auditor.page.get_by_label("I have read our file").check()
    auditor.press("Submit this return").reads("Submitted")
    assert auditor.heading == f"Return on {case}"


def test_charts_are_tables_without_scripts(walk: Walk) -> None:
    reader = walk(scripts=False).sign_in(BOARD_MEMBER).open(f"{HOME}/rounds/SN1/findings")
    assert reader.page.locator("figure.app-chart table").count() == reader.page.locator("figure.app-chart").count() > 1
