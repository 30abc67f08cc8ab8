"""The pages of moderation: who reads all cases, what they see, and how a change is proposed and confirmed."""

import pytest

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.panels.rules import ChangeState
from audit_app.rounds.rules import RoundState
from tests.factories.moderation import Moderation, past_its_panel, propose, the_change, the_round
from tests.factories.panels import a_sitting, agreed_rows, round_state
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient


@pytest.fixture
def moderation(prepared: Prepared) -> Moderation:
    return prepared("a round in moderation", past_its_panel)


def browser(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def item_path(moderation: Moderation, code: str = "A04", case: int = 0) -> str:
    return moderation.sitting.at(f"/moderate/{moderation.item(code, case).id}", case)


def change_path(moderation: Moderation, change_id: int) -> str:
    return moderation.sitting.at(f"/changes/{change_id}")


def test_its_readers_and_those_who_check_it_see_all_cases_side_by_side(
    moderation: Moderation, client: PageClient
) -> None:
    asked = moderation.sitting.asked
    for person in (moderation.chair, moderation.other, moderation.coordinator, moderation.scrutineer):
        page = browser(client, person).get(moderation.path("/moderation"))
        for reference in asked.cases:
            assert reference in page.html
        assert "A04" in page.html
        assert "Good" in page.html
    for person in (moderation.sitting.member, moderation.sitting.note_taker):
        browser(client, person).get(moderation.path("/moderation"), status=404)
        browser(client, person).get(item_path(moderation), status=404)
    for person in (asked.health_auditor, moderation.health_lead):
        browser(client, person).get(moderation.path("/moderation"), status=403)


def test_the_grid_can_be_filtered_by_domain_and_by_indicator_in_the_address(
    moderation: Moderation, client: PageClient
) -> None:
    chair = browser(client, moderation.chair)
    of_domain = chair.get(moderation.path("/moderation"), domain=2)
    assert item_path(moderation, "B01") in of_domain.html
    assert item_path(moderation, "A04") not in of_domain.html
    of_one = chair.get(moderation.path("/moderation"), indicator="A04")
    assert item_path(moderation, "A04") in of_one.html
    assert item_path(moderation, "B01") not in of_one.html
    assert "The records of both agencies bear it out." in of_one.html
    assert item_path(moderation, "Overall") in chair.get(moderation.path("/moderation"), indicator="Overall").html
    assert "Nothing fits" in chair.get(moderation.path("/moderation"), indicator="Z99").html


def test_a_change_is_proposed_on_one_page_and_confirmed_by_the_other_on_another(
    moderation: Moderation, client: PageClient
) -> None:
    chair, other = browser(client, moderation.chair), browser(client, moderation.other)
    page = chair.get(item_path(moderation))
    missing = chair.send(page, {"reason": "", "because": ""}, button="Propose this change", status=200)
    for sentence in ("Choose what should be agreed", "Give the reason", "Say why the agreed rating is changed"):
        assert sentence in missing.html
    level = next(one.level_id for one in [moderation.item().agreed] if one is not None)
    typed = {"answer": "no_evidence", "reason": "The file says nothing.", "because": "As in the other case."}
    done = chair.send(page, typed, button="Propose this change")
    assert "The change is proposed" in done.html
    assert "Change proposed" in done.html
    home = other.get(moderation.sitting.path("/"))
    assert "Confirm, or do not confirm, 1 change proposed" in home.html
    waiting = other.get(moderation.path("/moderation"))
    change = other.get(waiting.links[f"Go to {moderation.sitting.asked.cases[0]}"])
    assert "The file says nothing." in change.html
    refused = other.send(change, button="Do not confirm it", status=200)
    assert "Say why you do not confirm it" in refused.html
    other.send(change, button="Confirm the change")
    earlier, current = agreed_rows(moderation.item().id)
    assert (earlier.level_id, current.level_id) == (level, None)
    read = other.get(item_path(moderation))
    assert "Changed when all cases were read side by side" in read.html
    assert "Agreed before" in read.html


def test_whoever_proposed_a_change_cannot_confirm_it_but_takes_it_back(
    moderation: Moderation, client: PageClient
) -> None:
    change_id = propose(moderation)
    chair = browser(client, moderation.chair)
    page = chair.get(change_path(moderation, change_id))
    assert "Confirm the change" not in page.html
    refused = chair.post(page.path, {"press": "confirm", "words": ""}, status=200)
    assert "counts once the other of you has confirmed it" in refused.html
    chair.send(page, button="Take the change back")
    assert the_change(change_id).state is ChangeState.TAKEN_BACK


def test_those_who_only_read_are_offered_nothing_and_are_refused(moderation: Moderation, client: PageClient) -> None:
    change_id = propose(moderation)
    for person in (moderation.coordinator, moderation.scrutineer):
        reader = browser(client, person)
        page = reader.get(item_path(moderation, "B01"))
        assert "Propose this change" not in page.html
        typed = {"answer": "no_evidence", "reason": "No.", "because": "No.", "version": "2"}
        assert "whoever is named to read with them" in reader.post(page.path, typed, status=200).html
        confirmed = reader.post(change_path(moderation, change_id), {"press": "confirm"}, status=200)
        assert "whoever is named to read with them" in confirmed.html
    assert the_change(change_id).state is ChangeState.PROPOSED


def test_both_say_that_it_is_done_and_the_round_moves_on(moderation: Moderation, client: PageClient) -> None:
    for person in (moderation.chair, moderation.other):
        reader = browser(client, person)
        page = reader.get(moderation.path("/moderation/done"))
        assert "Say what you looked at" in reader.send(page, {"note": ""}, status=200).html
        reader.send(page, {"note": "All rated alike."})
    assert round_state(moderation.sitting) is RoundState.ACCURACY_CHECK
    overview = browser(client, moderation.coordinator).get(moderation.path(""))
    page = browser(client, moderation.coordinator).get(overview.links["All cases side by side, and what was changed"])
    assert "All rated alike." in page.html
    assert item_path(moderation) in page.html
    late = browser(client, moderation.chair)
    typed = {"answer": "no_evidence", "reason": "No.", "because": "No.", "version": "2"}
    assert "until moderation is done" in late.post(item_path(moderation), typed, status=200).html
    assert "I have read all cases" not in late.get(moderation.path("/moderation/done")).html


def test_after_moderation_the_other_reads_what_was_agreed_and_no_more_what_agencies_wrote(
    moderation: Moderation, client: PageClient
) -> None:
    other = browser(client, moderation.other)
    assert "What the agencies said" in other.get(item_path(moderation)).html
    for person in (moderation.chair, moderation.other):
        reader = browser(client, person)
        reader.send(reader.get(moderation.path("/moderation/done")), {"note": "Alike."})
    assert "What the agencies said" not in other.get(item_path(moderation)).html
    assert "What the agencies said" in browser(client, moderation.chair).get(item_path(moderation)).html


def test_the_coordinator_names_who_reads_with_the_chair(moderation: Moderation, client: PageClient) -> None:
    coordinator = browser(client, moderation.coordinator)
    page = coordinator.get(moderation.path("/moderation/reader"))
    assert "Chris Chair" not in page.main, "whoever chairs all panels cannot be the one other"
    coordinator.post(page.path, {"person": str(moderation.chair)}, status=200)
    assert the_round(moderation.sitting).moderated_with_id == moderation.other
    coordinator.send(page, {"person": str(moderation.sitting.note_taker)})
    assert the_round(moderation.sitting).moderated_with_id == moderation.sitting.note_taker
    browser(client, moderation.other).get(moderation.path("/moderation"), status=404)


def test_before_the_last_panel_there_is_nothing_side_by_side(prepared: Prepared, client: PageClient) -> None:
    sitting = prepared("two cases, one at panel", a_sitting)
    chair = browser(client, sitting.chair)
    assert chair.get(sitting.path(f"/rounds/{sitting.asked.reference}/moderation"), status=409).status == 409


def test_the_grid_costs_the_same_however_many_cases_there_are(
    prepared: Prepared, client: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for cases in (1, 4):
        moderation = prepared(f"moderation of {cases}", lambda cases=cases: past_its_panel(cases=cases))  # type: ignore[misc]
        chair = browser(client, moderation.chair)
        chair.get(moderation.path("/moderation"))
        with count_queries() as queries:
            chair.get(moderation.path("/moderation"))
        counts.append(queries.count)
    assert counts[0] == counts[1]
