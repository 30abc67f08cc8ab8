"""The page of a case at its panel."""

import pytest
from sqlalchemy import update

from audit_app.accounts.models import Membership, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.panels.rules import AgreedHow
from audit_app.rounds.models import Round
from tests.factories.accounts import a_member
from tests.factories.panels import (
    REASON,
    Sitting,
    a_decision,
    agree,
    agree_all,
    finish,
    items_of,
)
from tests.factories.returns import level_id
from tests.fixtures import CountQueries
from tests.pages import PageClient


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def test_the_returns_stand_side_by_side(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at())
    assert "0 of 6 ratings agreed" in page.main
    talk, together = page.main.split("To confirm together")
    assert "Harm was weighed" in talk
    assert "Signs were seen" not in talk
    assert "Signs were seen" in together
    assert "Missed appointments were followed up" in together
    assert "Seen on 3 March." in talk
    assert "Harm was weighed was requires improvement." in talk
    assert "Raise an immediate concern" in page.links


def test_what_is_furthest_apart_comes_first(sitting: Sitting, chair: PageClient) -> None:
    from audit_app.returns.models import Rating

    item = items_of(sitting)["B01"]
    with transaction():
        db.session.execute(
            update(Rating)
            .where(Rating.indicator_id == item.indicator.id, Rating.agency_id == sitting.asked.police)
            .values(level_id=level_id(sitting.asked.round_id, "inadequate"), level_code="inadequate", tag="concern")
        )
    page = chair.get(sitting.at())
    assert "Inadequate Concern" in page.main, "the tag stands with its rating"
    assert page.main.index("The child was heard") < page.main.index("Harm was weighed")


def test_a_chair_saves_one_rating(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    good = level_id(sitting.asked.round_id)
    page = chair.send(
        chair.get(sitting.at()),
        {f"answer-{item.id}": str(good), f"reason-{item.id}": f" {REASON}\r\nBoth. "},
        button=f"Save this rating: {item.name}",
    )
    assert page.notices == ["1 rating recorded."]
    assert "1 of 6 ratings agreed" in page.main
    agreed = items_of(sitting)["A04"].agreed
    assert agreed
    assert (agreed.level_id, agreed.reason, agreed.how) == (good, f"{REASON}\nBoth.", AgreedHow.ON_PAPER)


def test_saving_one_rating_keeps_what_was_typed_about_the_others(sitting: Sitting, chair: PageClient) -> None:
    one, other = items_of(sitting)["A04"], items_of(sitting)["B01"]
    page = chair.send(
        chair.get(sitting.at()),
        {
            f"answer-{one.id}": "no_evidence",
            f"reason-{one.id}": REASON,
            f"reason-{other.id}": "Half a thought",
        },
        button=f"Save this rating: {one.name}",
        status=200,
    )
    assert page.notices == ["1 rating recorded."]
    assert page.form().values[f"reason-{other.id}"] == ["Half a thought"]
    assert not page.errors
    assert items_of(sitting)["B01"].agreed is None


def test_save_all_saves_what_was_chosen_on_the_page(sitting: Sitting, chair: PageClient) -> None:
    typed: dict[str, str] = {}
    for code in ("A04", "B01"):
        item = items_of(sitting)[code]
        typed |= {f"answer-{item.id}": "not_applicable", f"reason-{item.id}": REASON}
    page = chair.send(chair.get(sitting.at()), typed, button="Save all on this page")
    assert page.notices == ["2 ratings recorded."]
    assert "2 of 6 ratings agreed" in page.main


def test_save_all_confirms_the_ticked_ones_where_their_reason_is_given(sitting: Sitting, chair: PageClient) -> None:
    page = chair.send(chair.get(sitting.at()), {"together-reason": REASON}, button="Save all on this page")
    assert page.notices == ["3 ratings recorded."]


def test_a_rating_without_its_reason_is_not_saved_and_says_so(sitting: Sitting, chair: PageClient) -> None:
    one, other = items_of(sitting)["A04"], items_of(sitting)["B01"]
    good = str(level_id(sitting.asked.round_id))
    page = chair.send(
        chair.get(sitting.at()),
        {f"answer-{one.id}": good, f"reason-{other.id}": REASON},
        button="Save all on this page",
        status=200,
    )
    assert page.title.startswith("Error: ")
    assert page.errors == [f"{one.name}: Give the panel's reason.", f"{other.name}: Choose what the panel agreed."]
    assert page.links[page.errors[0]] == f"#reason-{one.id}"
    values = page.form().values
    assert (values[f"answer-{one.id}"], values[f"reason-{other.id}"]) == ([good], [REASON])
    assert not [item for item in items_of(sitting).values() if item.agreed]


def test_an_empty_page_says_that_nothing_was_chosen(sitting: Sitting, chair: PageClient) -> None:
    page = chair.send(chair.get(sitting.at()), button="Save all on this page", status=200)
    assert page.errors == ["Nothing was chosen on this page yet."]


def test_those_on_which_all_agree_are_confirmed_together(sitting: Sitting, chair: PageClient) -> None:
    own = items_of(sitting)[f"A01-{sitting.asked.police}"]
    left = items_of(sitting)[f"H02-{sitting.asked.health}"]
    page = chair.send(
        chair.get(sitting.at()),
        {"together-reason": REASON, f"reason-{own.id}": "Of its own.", f"tick-{left.id}": None},
        button="Confirm the ticked ratings together",
    )
    assert page.notices == ["2 ratings recorded."]
    now = items_of(sitting)
    first, second = now[f"A01-{sitting.asked.health}"].agreed, now[own.indicator.code + f"-{own.agency_id}"].agreed
    assert first
    assert second
    assert (first.reason, second.reason, first.how) == (REASON, "Of its own.", AgreedHow.TOGETHER)
    assert second.level_id == level_id(sitting.asked.round_id, "requires_improvement")
    assert now[f"H02-{sitting.asked.health}"].agreed is None


def test_confirming_together_needs_a_reason(sitting: Sitting, chair: PageClient) -> None:
    page = chair.send(chair.get(sitting.at()), button="Confirm the ticked ratings together", status=200)
    assert page.errors == ["Give the panel's reason."]
    assert page.links[page.errors[0]] == "#together-reason"
    assert len([name for name in page.form().values if name.startswith("tick-") and page.form().values[name]]) == 3


def test_any_of_them_can_be_talked_about_and_nothing_typed_is_lost(sitting: Sitting, chair: PageClient) -> None:
    item, other = items_of(sitting)[f"A01-{sitting.asked.health}"], items_of(sitting)["B01"]
    page = chair.send(
        chair.get(sitting.at()),
        {f"reason-{other.id}": "Half a thought", "together-reason": "All said so"},
        button=f"Talk about this one: {item.name}",
        status=200,
    )
    values = page.form().values
    assert values[f"answer-{item.id}"] == []
    assert (values[f"reason-{other.id}"], values["together-reason"]) == (["Half a thought"], ["All said so"])
    assert f"tick-{item.id}" not in values
    assert not page.errors
    saved = chair.send(
        page,
        {f"answer-{item.id}": "no_evidence", f"reason-{item.id}": REASON, f"reason-{other.id}": ""},
        button=f"Save this rating: {item.name}",
        status=200,
    )
    assert "1 of 6 ratings agreed" in saved.main
    assert saved.form().values["together-reason"] == ["All said so"]


def test_a_change_shows_the_earlier_rating_beside_it(sitting: Sitting, chair: PageClient) -> None:
    agree(sitting, a_decision(sitting, items_of(sitting)["A04"], reason="As first agreed."))
    item = items_of(sitting)["A04"]
    typed = {f"answer-{item.id}": "no_evidence", f"reason-{item.id}": "As agreed later."}
    button = f"Save the change: {item.name}"
    page = chair.send(chair.get(sitting.at()), typed, button=button, status=200)
    assert page.errors == [f"{item.name}: Say why the agreed rating is changed. The earlier one is kept."]
    assert page.form().values[f"reason-{item.id}"] == ["As agreed later."]
    page = chair.send(page, {f"because-{item.id}": "A record was found."}, button=button)
    for words in ("As first agreed.", "As agreed later.", "Changed because: A record was found.", "Agreed before"):
        assert words in page.main


def test_a_save_that_came_too_late_shows_both(sitting: Sitting, chair: PageClient) -> None:
    page, item = chair.get(sitting.at()), items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item, reason="What the other tab said."))
    button = f"Save this rating: {item.name}"
    typed = {f"answer-{item.id}": "no_evidence", f"reason-{item.id}": "What this tab said."}
    back = chair.send(page, typed, button=button, status=200)
    assert back.errors == [
        f"{item.name}: Someone else saved this while you were working. Compare the two, then save again."
    ]
    assert "What the other tab said." in back.main
    assert back.form().values[f"reason-{item.id}"] == ["What this tab said."]
    saved = chair.send(back, {f"because-{item.id}": "Seen again."}, button=f"Save the change: {item.name}")
    assert saved.notices == ["1 rating recorded."]


def test_ticking_too_late_is_refused_where_somebody_agreed_something_else(sitting: Sitting, chair: PageClient) -> None:
    page, item = chair.get(sitting.at()), items_of(sitting)[f"A01-{sitting.asked.health}"]
    agree(sitting, a_decision(sitting, item, "inadequate"))
    back = chair.send(
        page, {"together-reason": "All said so"}, button="Confirm the ticked ratings together", status=200
    )
    assert item.name in back.errors[0]
    assert back.form().values["together-reason"] == ["All said so"]
    assert len([one for one in items_of(sitting).values() if one.agreed]) == 1


@pytest.mark.parametrize("who", ["member", "note_taker"])
def test_members_and_note_takers_read_without_a_form(who: str, sitting: Sitting, client: PageClient) -> None:
    reader, item = as_(client, getattr(sitting, who)), items_of(sitting)["A04"]
    page = reader.get(sitting.at())
    assert "Seen on 3 March." in page.main
    assert not [form for form in page.forms if form.method == "post"]
    typed = {f"version-{item.id}": "1", f"answer-{item.id}": "no_evidence", f"reason-{item.id}": REASON}
    back = reader.post(sitting.at(), typed, status=200)
    assert back.errors == ["Only the chair of this case's panel records what was agreed."]
    assert items_of(sitting)["A04"].agreed is None


def test_nobody_reads_a_case_before_its_release(waiting: Sitting, client: PageClient) -> None:
    for person in (waiting.chair, waiting.member, waiting.asked.coordinator, waiting.asked.health_auditor):
        assert as_(client, person).get(waiting.at(), status=404).h1 == "Page not found"


def test_an_auditor_reads_an_agreed_case_only_where_the_round_says_so(sitting: Sitting, client: PageClient) -> None:
    auditor = as_(client, sitting.asked.health_auditor)
    auditor.get(sitting.at(), status=404)
    finish(sitting)
    page = auditor.get(sitting.at())
    assert "Agencies met too late." in page.main
    assert not [form for form in page.forms if form.method == "post"]
    with transaction():
        db.session.execute(update(Round).values(is_showing_returns_when_agreed=False))
    auditor.get(sitting.at(), status=404)
    as_(client, sitting.member).get(sitting.at())


def test_a_seat_shows_nothing_once_its_role_has_ended(sitting: Sitting, client: PageClient) -> None:
    with transaction():
        partnership_id = sitting.asked.partnership_id
        mine = (Membership.partnership_id == partnership_id, Membership.person_id == sitting.member)
        db.session.execute(update(Membership).where(*mine).values(role=Role.AUDITOR, agency_id=None))
    as_(client, sitting.member).get(sitting.at(), status=404)


def test_people_of_another_panel_do_not_read_it(sitting: Sitting, client: PageClient) -> None:
    partnership = db.session.get_one(Partnership, sitting.asked.partnership_id)
    for role in (Role.PANEL_CHAIR, Role.PANEL_MEMBER, Role.NOTE_TAKER):
        assert client.as_(a_member(partnership, role)).get(sitting.at(), status=404).h1 == "Page not found"


def test_a_case_finished_meanwhile_refuses_and_keeps_what_was_typed(sitting: Sitting, chair: PageClient) -> None:
    agree_all(sitting)
    page, item = chair.get(sitting.at()), items_of(sitting)["A04"]
    finish(sitting)
    typed = {f"answer-{item.id}": "no_evidence", f"reason-{item.id}": "Too late.", f"because-{item.id}": "So."}
    back = chair.send(page, typed, button=f"Save the change: {item.name}", status=200)
    assert "Ratings are agreed while a case is at panel" in back.errors[0]
    assert back.form().values[f"reason-{item.id}"] == ["Too late."]


def test_the_page_of_a_case_asks_no_more_when_it_has_more_items(
    sitting: Sitting, chair: PageClient, count_queries: CountQueries
) -> None:
    with count_queries() as fresh:
        chair.get(sitting.at())
    agree_all(sitting)
    with count_queries() as agreed:
        chair.get(sitting.at())
    assert fresh.count == agreed.count


def test_a_save_of_many_asks_as_little_as_a_save_of_one(
    sitting: Sitting, chair: PageClient, count_queries: CountQueries
) -> None:
    asked = []
    for codes in (["A04"], ["B01", f"A01-{sitting.asked.health}", f"A01-{sitting.asked.police}"]):
        items = [items_of(sitting)[code] for code in codes]
        typed = {"press": "all"} | {f"version-{item.id}": str(item.version) for item in items}
        for item in items:
            typed |= {f"answer-{item.id}": "no_evidence", f"reason-{item.id}": REASON}
        with count_queries() as queries:
            chair.post(sitting.at(), typed, status=302)
        asked.append(len([line for line in queries.statements if line.startswith("SELECT")]))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("number", ["9" * 10, "9" * 30, "9" * 5_000])
def test_numbers_that_no_page_sends_are_refused(
    number: str, sitting: Sitting, chair: PageClient, coordinator: PageClient
) -> None:
    item = next(iter(items_of(sitting).values()))
    chair.post(sitting.at(), {f"version-{item.id}": number, f"answer-{item.id}": number}, status=200)
    page = coordinator.get(sitting.path(f"/panels/{sitting.panel_id}/change"))
    assert coordinator.send(page, {f"case-{sitting.cases[0]}": number}, status=200).errors
    assert coordinator.send(page, {f"case-{number}": "3"}).h1 == "Panel of 20 March 2026"
