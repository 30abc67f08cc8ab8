"""The pack of a panel with a room: all that agencies wrote, and what they chose once it is shown."""

import pytest
from sqlalchemy import update

from audit_app.accounts.models import Agency, Partnership, Person
from audit_app.accounts.rules import Role
from audit_app.core.db import db, transaction
from audit_app.panels.rules import AgreedHow
from audit_app.returns.models import Rating
from audit_app.rounds.models import Round
from tests.factories.accounts import a_member, a_membership
from tests.factories.panels import agreed_rows, items_of
from tests.factories.practice import named, open_to_practitioners
from tests.factories.returns import level_id
from tests.factories.rooms import Room, a_room, again, agree_in_room, ask, item_id, rate, reopen, show
from tests.fixtures import CountQueries, Prepared
from tests.pages import PageClient

HIDDEN = "Shown when the panel has given its own ratings"
LEVELS_WAIT = "The levels that agencies chose are shown when the panel has given its own ratings."


@pytest.fixture
def rated(prepared: Prepared) -> Room:
    """An open room: health rated everything good, police one level worse and every time as a concern."""

    def build() -> Room:
        room = a_room(police="requires_improvement")
        its = (Rating.agency_id == room.asked.police, Rating.level_id.is_not(None))
        with transaction():
            db.session.execute(update(Rating).where(*its).values(tag="concern"))
        return room

    return prepared("a room whose agencies rated", build)


def as_(client: PageClient, person_id: int) -> PageClient:
    return client.as_(db.session.get_one(Person, person_id))


def section(page: object, item: int) -> str:
    """The words of one item on a pack's page."""
    html = page.html  # type: ignore[attr-defined]
    return str(html.split(f'id="item-{item}"')[1].split("</section>")[0])


def test_it_shows_what_agencies_wrote_and_not_what_they_chose(rated: Room, client: PageClient) -> None:
    page = as_(client, rated.chair).get(rated.at())
    assert page.title.startswith(f"Case {rated.asked.cases[0]}: the pack")
    assert page.main.count("Seen on 3 March.") > 4
    assert page.main.count(HIDDEN) == 9  # each answer of the two agencies, and their levels over all
    assert "Concern" not in page.main
    assert "app-level" not in page.html
    assert LEVELS_WAIT in page.main
    assert "Harm was weighed" in page.main
    assert "Raise an immediate concern" in page.links
    assert page.links["Go to the panel's room"] == rated.address()


def test_a_member_sees_what_their_own_agency_chose(rated: Room, client: PageClient) -> None:
    page = as_(client, rated.member).get(rated.at())
    health, police = f"A01-{rated.asked.health}", f"A01-{rated.asked.police}"
    assert "Good" in section(page, items_of(rated)[health].id)
    assert HIDDEN in section(page, items_of(rated)[police].id)


def test_its_order_is_that_of_the_template_whatever_was_chosen(rated: Room, client: PageClient) -> None:
    before = as_(client, rated.chair).get(rated.at())
    with transaction():
        db.session.execute(
            update(Rating)
            .where(Rating.indicator_id == items_of(rated)["B01"].indicator.id, Rating.agency_id == rated.asked.police)
            .values(level_id=level_id(rated.asked.round_id, "inadequate"), level_code="inadequate")
        )
    page = as_(client, rated.chair).get(rated.at())
    assert page.main == before.main
    assert "furthest apart" not in page.main
    assert "To confirm together" not in page.main
    assert page.main.index("Signs were seen") < page.main.index("Harm was weighed")
    assert page.main.index("The child was heard") < page.main.index("The case over all")


def test_what_is_shown_opens_that_item_and_no_other(rated: Room, client: PageClient) -> None:
    one, other = items_of(rated)["A04"], items_of(rated)["B01"]
    ask(rated, one.id)
    show(rated, one.id)
    page = as_(client, rated.chair).get(rated.at())
    assert "Requires improvement" in section(page, one.id)
    assert "Concern" in section(page, one.id)
    assert "Ratings shown" in section(page, one.id)
    assert HIDDEN in section(page, other.id)
    assert LEVELS_WAIT in page.main


def test_own_ratings_are_there_once_shown_and_never_before(room: Room, client: PageClient) -> None:
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member, "inadequate", why="Nobody went in.")
    everybody = (room.chair, room.member, room.police_member, room.note_taker, room.asked.coordinator)
    assert not [who for who in everybody if "Nobody went in." in as_(client, who).get(room.at()).html]
    show(room, item)
    assert all("Nobody went in." in as_(client, who).get(room.at()).html for who in everybody)
    again(room, item)
    rate(room, item, room.police_member, "good", ballot=2, why="Now I see it otherwise.")
    for who in everybody:
        page = as_(client, who).get(room.at())
        assert "Nobody went in." in page.html
        assert "Now I see it otherwise." not in page.html
    show(room, item)
    page = as_(client, room.chair).get(room.at())
    assert "Each person's own rating, round 1" in page.main
    assert "Each person's own rating, round 2" in page.main
    assert "Pat Police" in section(page, item)


def test_what_was_agreed_says_why_what_would_be_better_and_who_sees_it_differently(
    room: Room, client: PageClient
) -> None:
    item = item_id(room)
    ask(room, item)
    rate(room, item, room.police_member)
    show(room, item)
    agree_in_room(room, item, better="A visit at home.", dissent={room.guest: "The school saw it earlier."})
    said = section(as_(client, room.note_taker).get(room.at()), item)
    assert "Both saw the same." in said
    assert "A visit at home." in said
    assert "Gus Guest sees it differently:" in said
    assert "The school saw it earlier." in said
    assert "Agreed after each member" in said
    reopen(room, item)
    said = section(as_(client, room.chair).get(room.at()), item)
    assert "Opened again because: A date was read wrongly." in said
    assert "Agreed before" in said
    assert "The school saw it earlier." in said


def test_nothing_is_agreed_on_this_page(rated: Room, client: PageClient) -> None:
    item = items_of(rated)["A04"]
    chair = as_(client, rated.chair)
    assert not [form for form in chair.get(rated.at()).forms if form.method == "post" and "version" in str(form.values)]
    good = str(level_id(rated.asked.round_id))
    typed = {f"version-{item.id}": str(item.version), f"answer-{item.id}": good, f"reason-{item.id}": "So."}
    page = chair.post(rated.at(), {**typed, "press": "all"}, status=409)
    assert "This panel agrees in its room, not on paper." in page.main
    assert agreed_rows(item.id) == []


def test_whoever_runs_the_round_sees_everything_unless_they_sit_on_the_panel(rated: Room, client: PageClient) -> None:
    page = as_(client, rated.asked.coordinator).get(rated.at())
    assert HIDDEN not in page.main
    assert page.main.count("Requires improvement") > 3
    here, chair = db.session.get_one(Partnership, rated.asked.partnership_id), db.session.get_one(Person, rated.chair)
    a_membership(chair, here, Role.COORDINATOR)
    page = as_(client, rated.chair).get(rated.at())
    assert HIDDEN in page.main


def test_a_round_may_show_levels_in_the_pack(rated: Room, client: PageClient) -> None:
    with transaction():
        db.session.execute(update(Round).where(Round.id == rated.asked.round_id).values(is_showing_levels_in_pack=True))
    page = as_(client, rated.member).get(rated.at())
    assert HIDDEN not in page.main
    assert "Requires improvement" in page.main


def test_a_practitioner_who_sits_on_the_panel_waits_with_it(rated: Room, client: PageClient) -> None:
    """Named on the return of the police, they would read on its page what their panel may not know yet."""
    here, member = db.session.get_one(Partnership, rated.asked.partnership_id), db.session.get_one(Person, rated.guest)
    police = rated.asked.returns[rated.asked.police][0]
    open_to_practitioners(rated.asked.round_id)
    other = a_member(here, Role.PRACTITIONER, agency=db.session.get_one(Agency, rated.asked.police))
    a_membership(member, here, Role.PRACTITIONER, agency=db.session.get_one(Agency, rated.asked.police))
    for person in (other, member):
        named(police, person.id)
    own_work = f"{rated.asked.at(rated.asked.police)}/own-work"
    assert "Requires improvement" in as_(client, other.id).get(own_work).main
    waits = as_(client, member.id).get(own_work)
    assert "once its panel has shown its ratings" in waits.main
    assert "Requires improvement" not in waits.main


def test_the_pack_asks_the_database_no_more_for_more_people_and_items(
    rated: Room, client: PageClient, count_queries: CountQueries
) -> None:
    chair = as_(client, rated.chair)
    with count_queries() as before:
        chair.get(rated.at())
    for code in ("A04", "B01"):
        item = items_of(rated)[code].id
        ask(rated, item)
        show(rated, item)
        agree_in_room(rated, item, dissent={rated.member: "No.", rated.police_member: "No."}, how=AgreedHow.VOTED)
    with count_queries() as after:
        chair.get(rated.at())
    assert after.count == before.count
