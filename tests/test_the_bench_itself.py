"""The tools that other tests trust: emptying, prepared states, the clock, two at once, the page checks."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role
from audit_app.core import clock as core_clock
from audit_app.core.db import db, transaction
from tests.factories.accounts import a_member, a_partnership, an_agency, as_actor
from tests.fixtures import Clock, Prepared, Together
from tests.page_checks import problems_of


def partnerships() -> int:
    return db.session.scalar(select(func.count()).select_from(Partnership)) or 0


@pytest.mark.parametrize("time", ["first", "second"])
def test_every_test_begins_with_an_empty_database(app: Flask, time: str) -> None:
    assert partnerships() == 0, time
    a_partnership()
    assert partnerships() == 1


@pytest.mark.parametrize("time", ["first", "second", "third"])
def test_a_prepared_state_is_the_same_each_time(prepared: Prepared, time: str) -> None:
    def build() -> int:
        return a_partnership("prepared").id

    identity = prepared("one partnership", build)
    assert db.session.get_one(Partnership, identity).slug == "prepared", time
    a_partnership()
    assert partnerships() == 2


def test_an_actor_carries_the_roles_of_the_partnership_that_is_open(app: Flask) -> None:
    here, elsewhere = a_partnership(), a_partnership()
    agency = an_agency(here)
    person = a_member(here, Role.AUDITOR, Role.KEY_HOLDER, agency=agency)
    actor = as_actor(person, here)
    assert actor.has(Role.AUDITOR)
    assert actor.partnership_id == here.id
    with pytest.raises(AssertionError, match="not a member"):
        as_actor(person, elsewhere)


def test_the_clock_stands_still_until_it_is_moved(clock: Clock) -> None:
    assert core_clock.now() == core_clock.now() == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    clock.forward(days=30, hours=13, minutes=30)
    assert core_clock.today().isoformat() == "2026-04-04", "half past midnight in summer time"


def test_two_deeds_at_once_each_have_their_own_session(app: Flask, together: Together) -> None:
    def deed() -> None:
        with transaction():
            partnerships()
            db.session.add(Partnership(slug="same", name="Same", token_secret="x" * 32, created_at=core_clock.now()))

    assert sorted(result is None for result in together(deed, deed)) == [False, True], "the name is taken once"
    assert partnerships() == 1


GOOD = """<!DOCTYPE html><html lang="en"><head><title>Rounds – Audits</title></head><body><main><h1>Rounds</h1>{}</main>
</body></html>"""


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<h1>Another</h1>", "2 h1 headings"),
        ("<p id='a'>x</p><p id='a'>y</p>", "the id 'a' is used 2 times"),
        ("<input name='size'>", "the input 'size' has no label"),
        ("<label><input type='radio' name='r'> Yes</label>", "not in a fieldset"),
        ("<form method='post'><button>Save</button></form>", "posts without a token"),
        ("<script>alert(1)</script>", "an inline script"),
        ("<p style='color: red'>x</p>", "style= on a p"),
        ("<button onclick='x()'>Go</button>", "onclick= on a button"),
        ("<a href='/rounds'></a>", "has no words"),
        ("<a href='#'>Next</a>", "leads nowhere"),
        ("<img src='/a.png'>", "no alternative text"),
        ("<table><caption>Cases</caption><tr><th>Case</th></tr></table>", "has no scope"),
        ("<table><tr><td>1</td></tr></table>", "no caption"),
        ("<p><div>x</div></p>", "not HTML"),
        ("<label for='gone'>Name</label>", "points at nothing"),
    ],
)
def test_a_page_with_a_fault_is_found_out(html: str, problem: str) -> None:
    assert problems_of(GOOD.format("<p>Nothing wrong here</p>")) == []
    assert any(problem in found for found in problems_of(GOOD.format(html)))


def test_a_title_must_begin_with_the_heading() -> None:
    assert problems_of(GOOD.replace("<h1>Rounds", "<h1>Plans").format("")) == [
        "the title 'Rounds – Audits' does not begin with the h1 'Plans'"
    ]
