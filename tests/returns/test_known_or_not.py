"""Known or not: whether an agency should have known a child, for whom it answers, and what the round counts of it."""

import pytest
from flask import Flask

from audit_app.accounts.models import Agency, Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.returns import queries, services
from audit_app.returns.rules import Known, ReturnState, ShouldHaveKnown, missing_with, named, why_not_declare
from audit_app.returns.rules import OwnPart as Part
from tests.factories.accounts import a_partnership
from tests.factories.panels import Sitting, a_sitting, release
from tests.factories.returns import Asked, a_round_with_agencies, fill_in, find_file, hand_over, say, submit, the_return
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient

YES = ShouldHaveKnown.YES
SURGERY = "Saltmere Surgery"


@pytest.mark.parametrize(
    ("known", "reason", "should", "field"),
    [
        (Known.NOT_KNOWN, "Looked.", None, "should_have_known"),
        (Known.NOT_KNOWN, "", YES, "reason"),
        (Known.NOT_KNOWN, "Looked.", YES, None),
        (Known.DECLINED, "", None, "reason"),
        (Known.DECLINED, "The file is lost.", None, None),
        (Known.KNOWN, "", None, None),
        (Known.FAMILY_KNOWN, "", None, None),
        (Known.KNOWN_OUTSIDE, "", None, None),
    ],
)
def test_what_each_answer_needs(known: Known, reason: str, should: ShouldHaveKnown | None, field: str | None) -> None:
    assert (missing_with(known, reason, should) or (None,))[0] == field


def test_a_part_is_named_and_so_is_the_practice() -> None:
    assert why_not_declare(Part.SOME, "") is not None
    assert why_not_declare(Part.SOME, "I chaired a meeting.") is why_not_declare(Part.NONE, "") is None
    assert named("Health", "") == "Health"
    assert named("Health", SURGERY) == "Health, on behalf of Saltmere Surgery"


def say_not_known(return_id: int, asked: Asked, person_id: int, should: ShouldHaveKnown | None = YES) -> None:
    with transaction():
        services.say_known(
            return_id,
            known=Known.NOT_KNOWN,
            reason="She was never registered.",
            should_have_known=should,
            on_behalf_of=SURGERY,
            seen=the_return(return_id).state,
            by=asked.actor(person_id),
            at=clock.now(),
        )


def test_an_unknown_child_may_be_one_they_should_have_known_and_another_answer_takes_it_back(
    app: Flask, asked: Asked
) -> None:
    own = asked.returns[asked.health][0]
    with pytest.raises(Refused, match="should have known this child") as refused:
        say_not_known(own, asked, asked.health_auditor, None)
    assert refused.value.field == "should_have_known"
    say_not_known(own, asked, asked.health_auditor)
    found = the_return(own)
    assert (found.state, found.should_have_known, found.on_behalf_of) == (ReturnState.NOT_KNOWN, YES, SURGERY)
    say(own, Known.KNOWN, asked.actor(asked.health_auditor))
    assert the_return(own).should_have_known is None


def test_a_practice_is_named_wherever_its_return_is(app: Flask, client: PageClient, asked: Asked) -> None:
    auditor = client.as_(db.session.get_one(Person, asked.health_auditor))
    address = asked.at(asked.health)
    answers = {"known": "not_known", "reason": "Never registered.", "on_behalf_of": SURGERY}
    page = auditor.send(auditor.get(f"{address}/known"), answers, status=200)
    assert page.errors == ["Say whether your agency should have known this child."]
    page = auditor.send(page, {"should_have_known": "yes"})
    assert f"on behalf of {SURGERY}" in page.main
    assert SURGERY not in page.title
    again = auditor.get(f"{address}/known").form().values
    assert (again["should_have_known"], again["on_behalf_of"]) == (["yes"], [SURGERY])
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    page = coordinator.get(address)
    assert "Should have known the child Yes" in page.main
    assert f"on behalf of {SURGERY}" in page.main
    page = coordinator.get(f"/p/{asked.slug}/rounds/{asked.reference}/returns")
    assert f"on behalf of {SURGERY}" in page.tables[0][1][1]
    assert "1 agency did not know a child it should have known (1 return):" in page.main
    health = db.session.get_one(Agency, asked.health).name
    assert page.links[f"{asked.cases[0]} {health} did not know"] == asked.at(asked.health)
    assert f"on behalf of {SURGERY}" in coordinator.get(f"/p/{asked.slug}/cases/{asked.cases[0]}").main
    police = client.as_(db.session.get_one(Person, asked.police_auditor))
    assert "Should have known" not in police.ask("GET", address).data.decode()


def test_who_should_have_known_is_counted_of_cases_that_one_is_not_blind_to(app: Flask, asked: Asked) -> None:
    for case in (0, 1):
        say_not_known(asked.returns[asked.health][case], asked, asked.health_auditor)
    say_not_known(asked.returns[asked.police][0], asked, asked.police_auditor, ShouldHaveKnown.NO)
    say_not_known(asked.returns[asked.police][1], asked, asked.police_auditor)
    coordinator = asked.actor(asked.coordinator)
    found = queries.should_have_known(coordinator, asked.round_id)
    assert (len({one.agency_id for one in found}), len(found)) == (2, 3)
    elsewhere = a_round_with_agencies()
    stranger = elsewhere.actor(elsewhere.coordinator)
    assert not queries.should_have_known(stranger, asked.round_id)
    assert not queries.should_have_known(asked.actor(asked.police_auditor), asked.round_id)


def test_the_panel_reads_for_whom_was_answered_and_what_part_the_auditor_had(
    app: Flask, client: PageClient, prepared: Prepared
) -> None:
    def build() -> Sitting:
        sitting = a_sitting(is_handed_over=False)
        asked = sitting.asked
        health = asked.actor(asked.health_auditor)
        with transaction():
            services.say_known(
                asked.returns[asked.health][0],
                known=Known.KNOWN,
                reason="",
                on_behalf_of=SURGERY,
                seen=ReturnState.NOT_STARTED,
                by=health,
                at=clock.now(),
            )
        find_file(asked.returns[asked.health][0], health, own_part="I chaired a core group.")
        fill_in(asked.returns[asked.health][0], health)
        submit(asked.returns[asked.health][0], health)
        say_not_known(asked.returns[asked.police][0], asked, asked.police_auditor)
        release(sitting, 0)
        return sitting

    sitting = prepared("a panel with a practice", build)
    page = client.as_(db.session.get_one(Person, sitting.chair)).get(sitting.at())
    assert f"on behalf of {SURGERY}: the auditor had a part in the child's care." in page.main
    assert "I chaired a core group." in page.main
    assert "Should have known the child: Yes" in page.main


# --- time spent


def test_the_time_is_counted_by_agency(app: Flask, client: PageClient, count_queries: CountQueries) -> None:
    counts = []
    for cases, minutes in ((1, [0]), (4, [60, 30, 200, 45])):
        asked = a_round_with_agencies(a_partnership(), cases=cases)
        for own, spent in zip(asked.returns[asked.health], minutes, strict=True):
            hand_over(own, asked.actor(asked.health_auditor), minutes_spent=spent or None)
        lines = queries.time_spent(asked.actor(asked.coordinator), asked.round_id)
        assert [(line.returns, line.median, line.total) for line in lines] == ([(4, 52.5, 335)] if minutes[0] else [])
        browser = client.as_(db.session.get_one(Person, asked.coordinator))
        with count_queries() as queried:
            page = browser.get(f"/p/{asked.slug}/rounds/{asked.reference}/returns")
        counts.append(queried.count)
    assert counts[0] == counts[1]
    assert page.tables[1][1][1:] == ["4", "52 minutes", "5 hours 35 minutes"]
    assert queries.time_spent(asked.actor(asked.police_auditor), 0) == []
