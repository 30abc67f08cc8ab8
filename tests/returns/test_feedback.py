"""Feedback to practitioners: it falls due twice, what was good is asked first, and what is late shows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.findings.rules import edition
from audit_app.findings.services import publish_round
from audit_app.returns import queries, services
from audit_app.returns.models import AgencyReturn, Feedback
from audit_app.returns.rules import FeedbackHow, Occasion, Told, why_not_told
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState
from tests.factories.accounts import a_member, saved
from tests.factories.findings import a_finding
from tests.factories.panels import Sitting, a_sitting, finish
from tests.factories.practice import TOLD, a_feedback
from tests.factories.returns import the_return
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (TOLD, None),
        (replace(TOLD, was_good=""), "was_good"),
        (replace(TOLD, given_to=""), "given_to"),
        (replace(TOLD, given_on=None), "given_on"),
        (replace(TOLD, given_on=date(2026, 3, 5)), "given_on"),
        (replace(TOLD, how=None), "how"),
    ],
)
def test_feedback_says_what_was_good_first_then_to_whom_when_and_how(told: Told, field: str | None) -> None:
    refusal = why_not_told(told, today=date(2026, 3, 4))
    assert (refusal[1] if refusal else None) == field


@pytest.fixture
def agreed(prepared: Prepared) -> Sitting:
    """One case of two agencies that the panel has agreed."""

    def build() -> Sitting:
        sitting = a_sitting(cases=1)
        finish(sitting)
        return sitting

    return prepared("an agreed case", build)


def feedback_of(sitting: Sitting, agency_id: int, occasion: Occasion = Occasion.PANEL) -> Feedback:
    db.session.rollback()
    query = select(Feedback).where(Feedback.agency_id == agency_id, Feedback.occasion == occasion)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def lead_of(sitting: Sitting, agency_id: int) -> Person:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    return a_member(partnership, Role.AGENCY_LEAD, agency=db.session.get_one(Agency, agency_id), name="Lee Lead")


def record(sitting: Sitting, feedback_id: int, by: int, told: Told = TOLD, version: int = 1) -> None:
    with transaction():
        services.record_feedback(feedback_id, told, version=version, by=sitting.actor(by), at=clock.now())


def let_be_late(feedback: Feedback) -> None:
    with transaction():
        db.session.get_one(Feedback, feedback.id).due_on = clock.today() - timedelta(days=3)


def test_it_falls_due_after_the_panel_and_again_after_publication_for_each_return_handed_over(
    app: Flask, agreed: Sitting
) -> None:
    asked = agreed.asked
    case = db.session.get_one(Case, agreed.cases[0])
    assert case.agreed_at is not None
    due = feedback_of(agreed, asked.health).due_on
    assert due == case.agreed_at.astimezone(clock.LONDON).date() + timedelta(days=10)
    assert len(db.session.scalars(select(Feedback)).all()) == 2
    finding = a_finding(db.session.get_one(Round, asked.round_id))
    with transaction():
        written, by = edition([(finding.id, 1)]), asked.actor(asked.coordinator)
        publish_round(asked.round_id, edition=written, by=by, at=clock.now())
    rows = db.session.scalars(select(Feedback)).all()
    assert sorted((row.agency_id, row.occasion) for row in rows) == [
        (agency, occasion) for agency in (asked.health, asked.police) for occasion in Occasion
    ]


def test_only_the_agency_that_owes_it_records_it_and_a_stale_save_shows_both(app: Flask, agreed: Sitting) -> None:
    asked, lead = agreed.asked, lead_of(agreed, agreed.asked.health)
    owed = feedback_of(agreed, asked.health).id
    for by in (asked.police_auditor, asked.coordinator, lead_of(agreed, asked.police).id):
        with pytest.raises(NotHere):
            record(agreed, owed, by)
    record(agreed, owed, lead.id)
    record(agreed, owed, lead.id)  # the same once more
    with pytest.raises(Stale) as clash:
        record(agreed, owed, asked.health_auditor, replace(TOLD, was_good="Other words."))
    assert (clash.value.theirs["was_good"], clash.value.theirs["given_on"]) == (TOLD.was_good, "4 March 2026")
    record(agreed, owed, asked.health_auditor, replace(TOLD, they_said="Thank you."), version=2)
    with pytest.raises(Refused, match="Say first what was good"):
        record(agreed, owed, lead.id, replace(TOLD, was_good=""), version=3)
    kept = feedback_of(agreed, asked.health)
    assert (kept.they_said, kept.how, kept.version) == ("Thank you.", FeedbackHow.IN_PERSON, 3)


def test_late_feedback_shows_on_the_leads_home_page_and_as_a_count_on_the_round(
    client: PageClient, agreed: Sitting
) -> None:
    asked = agreed.asked
    lead = client.as_(lead_of(agreed, asked.health))
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    assert "Give feedback to practitioners on 1 return of your agency" in lead.get(agreed.path("/")).links
    round_page = agreed.path(f"/rounds/{asked.reference}")
    assert "Feedback to practitioners late" not in coordinator.get(round_page).main
    let_be_late(feedback_of(agreed, asked.health))
    let_be_late(feedback_of(agreed, asked.police))
    home = lead.get(agreed.path("/"))
    page = lead.get(home.links["Feedback to practitioners on 1 return of your agency is late"])
    assert "3 days ago" in page.main or "3 days late" in page.main
    overview = coordinator.get(round_page)
    assert "Feedback to practitioners late 2 See which" in overview.main
    listed = coordinator.get(overview.links["See which"])
    assert [row[4] for row in listed.tables[0][1:]] == ["Late", "Late"]


def test_an_agency_lead_sees_the_case_and_the_form_and_no_rating(client: PageClient, agreed: Sitting) -> None:
    lead = client.as_(lead_of(agreed, agreed.asked.health))
    page = lead.get(agreed.path("/feedback"))
    assert page.tables[0][1][0] == agreed.asked.cases[0]
    page = lead.get(page.links[next(words for words in page.links if words.startswith("Record it"))])
    for words in ("Good", "Seen on 3 March.", "Requires improvement"):
        assert words not in page.main
    lead.get(agreed.path(f"/cases/{agreed.asked.cases[0]}"), status=403)
    assert lead.get(f"{page.path}/letter", status=302).headers["Location"].endswith(page.path)
    wrong = lead.send(page, {"to_learn": "Write it down.", "given_to": "the nurse", "how": "in_person"}, status=200)
    assert wrong.errors == [
        "Say first what was good. There is always something.",
        "Enter the day on which feedback was given.",
    ]
    auditor = db.session.get_one(Person, agreed.asked.health_auditor)
    assert f"Ask {auditor.name}, who submitted it, what was good" in page.main
    assert "its return on" not in page.links
    assert wrong.form().values["to_learn"] == ["Write it down."]
    today = clock.today()
    day = [str(part) for part in (today.day, today.month, today.year)]
    saved = lead.send(wrong, {"was_good": "You saw her alone.\n\nTwice.", "given_on": day})
    assert "The feedback is recorded." in saved.notices
    assert saved.tables[0][1][3] == "the nurse"
    own = client.as_(auditor).get(page.path)
    assert own.links[f"its return on {agreed.asked.cases[0]}"] == agreed.asked.at(agreed.asked.health)


def test_what_was_good_makes_a_letter_without_the_child_in_it(client: PageClient, agreed: Sitting) -> None:
    asked = agreed.asked
    lead, owed = lead_of(agreed, asked.health), feedback_of(agreed, asked.health).id
    record(agreed, owed, lead.id)
    letter = client.as_(lead).get(agreed.path(f"/feedback/{owed}/letter"))
    assert "To the health visitor" in letter.main
    assert TOLD.was_good in letter.main
    assert "Lee LeadAgency lead, Health" in letter.main
    assert asked.cases[0] not in letter.html
    assert TOLD.to_learn not in letter.main
    unsigned = client.as_(db.session.get_one(Person, asked.health_auditor)).get(letter.path)
    assert "Agency lead, Health" in unsigned.main
    client.as_(db.session.get_one(Person, asked.police_auditor)).get(letter.path, status=404)


def test_a_withdrawn_round_asks_for_no_feedback_any_more(app: Flask, agreed: Sitting) -> None:
    lead = agreed.actor(lead_of(agreed, agreed.asked.health).id)
    assert len(queries.feedback_due(lead)) == 1
    with transaction():
        db.session.get_one(Round, agreed.asked.round_id).state = RoundState.WITHDRAWN
    assert queries.feedback_due(lead) == []
    assert queries.feedback_counts(lead, today=clock.today()).to_come == 0


def a_copy(its: AgencyReturn, number: int) -> AgencyReturn:
    """The same return on another case of the round."""
    case = db.session.get_one(Case, its.case_id)
    place = {"reference": f"{case.reference}x{number}", "position": 100_000 + number}
    other = saved(Case(**{**values(case), **place}))
    return saved(AgencyReturn(**{**values(its), "case_id": other.id}))


def values(row: Case | AgencyReturn) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}


def test_lists_cost_the_same_for_one_and_for_thirty(
    client: PageClient, agreed: Sitting, count_queries: CountQueries
) -> None:
    asked = agreed.asked
    lead = client.as_(lead_of(agreed, asked.health))
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    pages = [(lead, agreed.path("/feedback")), (coordinator, agreed.path(f"/rounds/{asked.reference}/feedback"))]
    with count_queries() as for_one:
        for person, path in pages:
            person.get(path)
    its = the_return(asked.returns[asked.health][0])
    with transaction():
        for number in range(29):
            a_feedback(a_copy(its, number), given_on=date(2026, 3, 1), given_to="the nurse")
    with count_queries() as for_thirty:
        for person, path in pages:
            person.get(path)
    assert for_one.count == for_thirty.count <= 14
