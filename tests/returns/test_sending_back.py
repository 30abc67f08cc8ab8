"""A return that is sent back with comments on single indicators, what is kept of it, and what changed since."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.cases.models import Case
from audit_app.cases.rules import CaseState
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.models import HistoryEvent
from audit_app.messages.models import Message
from audit_app.panels import services as panels
from audit_app.panels.models import Panel, PanelCase, PanelMember
from audit_app.returns import queries, services
from audit_app.returns.models import RatingVersion, ReturnComment, ReturnVersion
from audit_app.returns.rules import Change, Entry, How, Known, Piece, ReturnState, beside, differences
from tests.factories.accounts import a_member, a_membership, saved
from tests.factories.returns import (
    Asked,
    a_level,
    a_round_with_agencies,
    an_event,
    fill_in,
    hand_over,
    ratings_of,
    say,
    say_overall,
    submit,
    the_return,
)
from tests.fixtures import CountQueries, Together
from tests.pages import PageClient

SAME, TAKEN_OUT, ADDED = How.SAME, How.TAKEN_OUT, How.ADDED


# --- the rules


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("", "", [], []),
        ("", "Seen.", [], [Piece(ADDED, "Seen.")]),
        ("Seen once.", "Seen  once.", [Piece(SAME, "Seen once.")], [Piece(SAME, "Seen once.")]),
        (
            "Seen once at home.",
            "Seen twice at home.",
            [Piece(SAME, "Seen"), Piece(TAKEN_OUT, " once"), Piece(SAME, " at home.")],
            [Piece(SAME, "Seen"), Piece(ADDED, " twice"), Piece(SAME, " at home.")],
        ),
        (
            "He was seen in May.",
            "Nobody went.",
            [Piece(TAKEN_OUT, "He was seen in May.")],
            [Piece(ADDED, "Nobody went.")],
        ),
        (
            "One.\nTwo.",
            "One.\nTwo.\nThree.",
            [Piece(SAME, "One.\nTwo.")],
            [Piece(SAME, "One.\nTwo."), Piece(ADDED, "\nThree.")],
        ),
    ],
)
def test_two_texts_differ_by_whole_words(old: str, new: str, was: list[Piece], now: list[Piece]) -> None:
    assert differences(old, new) == (was, now)


def test_no_text_makes_the_comparison_slow() -> None:
    words = [f"w{number % 90}" for number in range(2_500)]
    was, now = differences(" ".join(words), " ".join(reversed(words)))
    assert was
    assert now


def test_entries_are_paired_and_those_that_are_gone_come_last() -> None:
    old = [Entry("B", "Gone", {"": "x"}), Entry("A", "Kept", {"Answer": "Good", "Evidence": "Seen."})]
    new = [Entry("A", "Kept", {"Answer": "Good", "Evidence": "Seen twice."}), Entry("A", "Added", {"": "y"})]
    pairs = beside(old, new)
    assert [(pair.entry.title, pair.is_changed) for pair in pairs] == [("Kept", True), ("Added", True), ("Gone", True)]
    assert [(text.name, text.is_changed) for text in pairs[0].texts] == [("Answer", False), ("Evidence", True)]
    assert not any(pair.is_changed for pair in beside(old, old))


# --- the deeds


@pytest.fixture
def own(asked: Asked) -> int:
    """The health agency's return on the first case, submitted."""
    hand_over(asked.returns[asked.health][0], asked.actor(asked.health_auditor))
    return asked.returns[asked.health][0]


def send_back(
    asked: Asked, own: int, comments: Mapping[int, str] | None = None, *, number: int | None = None, by: int = 0
) -> None:
    actor = asked.actor(by or asked.coordinator)
    said = {"reason": "Say more over all.", "link": "http://service.example"}
    with transaction():
        services.send_back(own, comments=comments, number=number, by=actor, at=clock.now(), **said)


def rate(asked: Asked, own: int, number: int, evidence: str, code: str = "good") -> None:
    """Answer one indicator of a return anew."""
    by, kept = asked.actor(asked.health_auditor), ratings_of(own)[number]
    change = Change(replace(a_level(asked.round_id, code), evidence=evidence), kept.version)
    with transaction():
        assert services.save_ratings(own, {kept.indicator_id: change}, by=by, at=clock.now()) == frozenset()


def change_case(asked: Asked, state: CaseState) -> None:
    with transaction():
        case = db.session.scalars(select(Case).where(Case.reference == asked.cases[0])).one()
        case.state, case.released_at, case.released_by_id = state, clock.now(), 1
        if state is CaseState.AGREED:
            case.agreed_at, case.agreed_by_id = clock.now(), 1


def test_each_time_a_return_is_sent_back_what_was_submitted_is_kept_as_rows(
    app: Flask, asked: Asked, own: int, count_queries: CountQueries
) -> None:
    first, second = (row.indicator_id for row in ratings_of(own)[:2])
    found = the_return(own)
    submitted = (found.submitted_at, found.submitted_by_id, found.declaration, found.overall_level_id)
    send_back(asked, own, {first: "Which visit?", second: ""})
    rate(asked, own, 0, "Seen on 9 March.", "inadequate")
    submit(own, asked.actor(asked.health_auditor))
    send_back(asked, own, {first: "Now say why."})
    versions = queries.versions_of_return(asked.partnership_id, own)
    assert [(version.number, version.reason, version.sent_back_by) for version in versions] == [
        (1, "Say more over all.", "Cora Ordinator"),
        (2, "Say more over all.", "Cora Ordinator"),
    ]
    kept = db.session.scalars(select(ReturnVersion).order_by(ReturnVersion.number)).all()
    first_kept = kept[0]
    assert submitted == (
        first_kept.submitted_at,
        first_kept.submitted_by_id,
        first_kept.declaration,
        first_kept.overall_level_id,
    )
    evidence = select(RatingVersion.version_id, RatingVersion.evidence, RatingVersion.level_id)
    rows = db.session.execute(evidence.where(RatingVersion.indicator_id == first).order_by(RatingVersion.version_id))
    assert [row.evidence for row in rows] == ["Seen on 3 March.", "Seen on 9 March."]
    words = select(ReturnComment.words, ReturnComment.written_by_id).order_by(ReturnComment.id)
    assert db.session.execute(words).all() == [("Which visit?", asked.coordinator), ("Now say why.", asked.coordinator)]
    facts = db.session.scalars(select(HistoryEvent).where(HistoryEvent.event == "return_sent_back")).all()
    assert not any("visit" in str(fact.facts) or "Seen" in str(fact.facts) for fact in facts)


def test_sending_back_is_refused_whole(app: Flask, asked: Asked, own: int) -> None:
    first = ratings_of(own)[0].indicator_id
    with pytest.raises(Refused, match="10,000 characters or fewer") as refused:
        send_back(asked, own, {first: "x" * 10_001})
    assert refused.value.field == f"comment-{first}"
    with pytest.raises(Refused, match="submitted this return again"):
        send_back(asked, own, number=2)
    other = a_round_with_agencies(db.session.get_one(Partnership, asked.partnership_id))
    hand_over(other.returns[other.health][0], other.actor(other.health_auditor))
    with pytest.raises(NotHere):
        send_back(asked, own, {ratings_of(other.returns[other.health][0])[0].indicator_id: "Not of this return."})
    with pytest.raises(NotHere):
        send_back(asked, own, by=asked.health_auditor)
    assert the_return(own).state is ReturnState.SUBMITTED
    assert queries.versions_of_return(asked.partnership_id, own) == []


def test_a_coordinator_who_takes_part_in_the_case_comments_on_nothing_and_compares_nothing(
    app: Flask, client: PageClient, asked: Asked, own: int
) -> None:
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    both = a_member(partnership, Role.COORDINATOR)
    a_membership(both, partnership, Role.AUDITOR, db.session.get_one(Agency, asked.police))
    with pytest.raises(NotHere):
        send_back(asked, own, by=both.id)
    send_back(asked, own)
    blind = client.as_(both)
    blind.get(f"{asked.at(asked.health)}/send-back")
    blind.get(f"{asked.at(asked.health)}/versions", status=404)
    assert "Say more over all." not in blind.get(asked.at(asked.health)).html


def test_sending_back_and_releasing_at_once_never_release_what_was_sent_back(
    app: Flask, asked: Asked, own: int, together: Together
) -> None:
    case_id, coordinator = the_return(own).case_id, asked.actor(asked.coordinator)
    with transaction():
        services.close_return(asked.returns[asked.police][0], reason="Nobody there.", by=coordinator)
    _seat(asked, case_id, asked.police_auditor)

    def release() -> None:
        with transaction():
            panels.release_case(case_id, by=coordinator, at=clock.now())

    sent, released = together(lambda: send_back(asked, own), release)
    state = the_return(own).state
    db.session.rollback()
    is_released = db.session.get_one(Case, case_id, populate_existing=True).released_at is not None
    assert isinstance(sent, Refused) != isinstance(released, Refused), (sent, released)
    assert (state, is_released) == (
        (ReturnState.SUBMITTED, True) if isinstance(sent, Refused) else (ReturnState.CHANGES_REQUESTED, False)
    )


def _seat(asked: Asked, case_id: int, person_id: int) -> None:
    """Put the case on a panel on which somebody sits."""
    mine = {"partnership_id": asked.partnership_id}
    chair = {"held_on": date(2100, 3, 20), "chair_id": person_id, "created_at": clock.now()}
    panel = saved(Panel(is_on_paper=True, round_id=asked.round_id, **chair, **mine))
    saved(PanelCase(panel_id=panel.id, case_id=case_id, position=1, **mine))
    saved(PanelMember(panel_id=panel.id, person_id=person_id, agency_id=None, **mine))


# --- the pages


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


@pytest.fixture
def coordinator(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.coordinator))


def test_from_the_comment_to_the_change_and_back(
    app: Flask, asked: Asked, auditor: PageClient, coordinator: PageClient, own: int
) -> None:
    first, second = ratings_of(own)[:2]
    comments = {f"comment-{first.indicator_id}": "Which visit was it?", f"comment-{second.indicator_id}": "Say why."}
    page = coordinator.get(coordinator.get(asked.at(asked.health)).links["Send it back"])
    assert page.main.count("Seen on 3 March.") == 4
    again = coordinator.send(page, comments, status=200)
    assert again.errors == ["Say what should be changed."]
    assert {name: again.form().values[name] for name in comments} == {name: [text] for name, text in comments.items()}
    coordinator.send(again, {"reason": "Two answers need more."})
    mail = db.session.scalars(select(Message).where(Message.occasion.like("return % sent back %"))).one()
    assert f"/p/{asked.slug}/returns" in str(mail.body)
    assert not [words for words in ("visit", "answers need", *asked.cases) if words in f"{mail.subject}{mail.body}"]

    page = auditor.get(asked.at(asked.health))
    assert "Two answers need more." in page.main
    assert "Say why." in page.main
    assert page.links["A01 Signs were seen"] == f"{asked.at(asked.health)}/domain/1#rating-{first.indicator_id}"
    domain = auditor.get(f"{asked.at(asked.health)}/domain/1")
    assert "Cora Ordinator asked" in domain.main
    assert domain.main.count("Which visit was it?") == 1
    auditor.send(domain, {f"evidence-{first.indicator_id}": "Seen on 3 March at home."})
    page = auditor.get(auditor.get(asked.at(asked.health)).links["What you changed since it was sent back"])
    assert "added: at home" in page.main
    assert "not submitted yet" in page.main

    page = coordinator.get(asked.at(asked.health))
    assert "at home" not in page.html
    assert "Changed since" not in page.main, "what is changed and not submitted yet is the agency's own"
    page = coordinator.get(page.links["What was submitted before it was sent back"])
    assert "at home" not in page.html
    assert page.main.count("Seen on 3 March.") == 4, "there is one version to read, and it is shown whole"

    auditor.send(auditor.get(f"{asked.at(asked.health)}/submit"), {"is_declared": "y"})
    page = coordinator.get(asked.at(asked.health))
    assert "A01 Signs were seen Changed since Which visit was it?" in page.main
    assert "Not changed Say why." in page.main
    page = coordinator.get(page.links["What changed since it was sent back"])
    assert "After" in page.main
    assert "Seen on 3 March added: at home." in page.main
    assert page.main.count("Seen on 3") == 3, "only what changed, and what was commented on and did not"
    page = coordinator.get(page.path, old=1, all="yes")
    assert page.main.count("Seen on 3") == 5
    coordinator.get(page.path, old=7, status=404)
    assert "Which visit" not in auditor.get(f"{asked.at(asked.health)}/domain/1", status=302).html


def test_an_event_that_was_taken_out_after_sending_back_can_still_be_compared(app: Flask, asked: Asked) -> None:
    own, by = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    say(own, Known.KNOWN, by)
    gone = an_event(own, by)
    fill_in(own, by)
    submit(own, by)
    send_back(asked, own)
    with transaction():
        services.remove_event(own, gone, version=1, by=by)
    found = queries.comparison(asked.partnership_id, own, has_current=True, old=None, new=None)
    changed = {one.entry.title: (one.old is None, one.new is None) for one in found.entries if one.is_changed}
    assert changed == {"5 January 2026": (False, True)}


def test_a_comment_is_not_lost_when_a_colleague_was_faster(
    app: Flask, asked: Asked, coordinator: PageClient, own: int
) -> None:
    first = ratings_of(own)[0].indicator_id
    page = coordinator.get(f"{asked.at(asked.health)}/send-back")
    with transaction():
        services.accept_return(own, by=asked.actor(asked.coordinator))
    typed = {"reason": "Say more.", f"comment-{first}": "Which visit?"}
    late = coordinator.send(page, typed, status=200)
    assert late.errors == ["Only a return that was submitted, and not accepted yet, can be sent back."]
    assert {name: late.form().values[name] for name in typed} == {name: [text] for name, text in typed.items()}
    assert "Send it back" not in [button for form in late.forms for button in form.buttons]


def test_versions_are_read_by_their_agency_by_those_who_check_and_by_the_panel_after_release(
    app: Flask, client: PageClient, asked: Asked, auditor: PageClient, coordinator: PageClient, own: int
) -> None:
    address = f"{asked.at(asked.health)}/versions"
    assert "never sent back" in auditor.get(address).main
    send_back(asked, own)
    rate(asked, own, 0, "Seen on 9 March.")
    partnership = db.session.get_one(Partnership, asked.partnership_id)
    member, stranger = a_member(partnership, Role.PANEL_MEMBER), a_member(partnership, Role.PANEL_MEMBER)
    case_id = the_return(own).case_id
    _seat(asked, case_id, member.id)
    scrutineer = client.as_(a_member(partnership, Role.SCRUTINEER))
    police = client.as_(db.session.get_one(Person, asked.police_auditor))
    assert "Seen on 9 March." in auditor.get(address).main.replace("added: ", "").replace("taken out: ", "")
    assert "Seen on 3 March." in scrutineer.get(address).main
    assert "9 March" not in scrutineer.get(address).html
    for nobody in (police, client.as_(member), client.as_(stranger)):
        nobody.get(address, status=404)
    submit(own, asked.actor(asked.health_auditor))
    client.as_(member).get(address, status=404)
    change_case(asked, CaseState.AT_PANEL)
    assert "added: 9" in client.as_(member).get(address).main
    client.as_(stranger).get(address, status=404)
    change_case(asked, CaseState.AGREED)
    police.get(address, status=404)
    assert "Seen on 9 March." in police.get(asked.at(asked.health)).main, "the round shows returns, not versions"
    assert "Say more over all." not in police.get(asked.at(asked.health)).html


def test_the_panel_reads_and_counts_only_what_was_submitted_last(app: Flask, asked: Asked, own: int) -> None:
    case_id = the_return(own).case_id
    send_back(asked, own)
    assert queries.ratings_of_case(asked.partnership_id, case_id) == {}
    rate(asked, own, 0, "Seen on 9 March.", "inadequate")
    say_overall(own, asked.actor(asked.health_auditor), "inadequate")
    submit(own, asked.actor(asked.health_auditor))
    given = queries.ratings_of_case(asked.partnership_id, case_id)
    assert [one.answer.evidence for side in given.values() for one in side].count("Seen on 9 March.") == 1
    shown = {row.return_id: row for row in queries.returns_of_case(asked.partnership_id, case_id)}[own]
    assert (shown.times_sent_back, shown.overall.overall_level_id) == (1, the_return(own).overall_level_id)


def test_the_comparison_and_a_domain_with_comments_cost_the_same_for_one_version_and_for_many(
    app: Flask, asked: Asked, auditor: PageClient, own: int, count_queries: CountQueries
) -> None:
    by, counts = asked.actor(asked.health_auditor), []
    for times in (1, 4):
        for _ in range(times):
            send_back(asked, own, {row.indicator_id: "Say more." for row in ratings_of(own)})
            submit(own, by)
        send_back(asked, own)
        with count_queries() as compared:
            auditor.get(f"{asked.at(asked.health)}/versions")
        with count_queries() as domain:
            auditor.get(f"{asked.at(asked.health)}/domain/1")
        counts.append((compared.count, domain.count))
        submit(own, by)
    assert counts[0] == counts[1]
    assert counts[0][1] < 9
