"""What is written at a panel is compared with the identity sheet when its case is finished; the chair decides."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from audit_app.accounts.models import Person
from audit_app.cases.models import Identity
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.panels import queries, services
from audit_app.panels.models import ItemNote, ParkedPoint, Vote
from audit_app.panels.rules import Mend, VoteKind
from tests.factories.accounts import saved
from tests.factories.panels import (
    LINK,
    Sitting,
    a_decision,
    a_sitting,
    agree,
    agree_all,
    finish_only,
    items_of,
    the_case,
    write_outcome,
)
from tests.factories.rooms import Room, agree_in_room, item_id, rate, reopen, show, the_item
from tests.factories.rooms import ask as ask_to_rate
from tests.fixtures import CountQueries, Prepared
from tests.pages import TOKEN, PageClient

NAMED = "Kim was seen alone."
"""Words with a name of the sheet that the factories save."""


@pytest.fixture
def ready(prepared: Prepared) -> Sitting:
    """A case on paper that could be finished: everything is agreed, and what was learned is written."""

    def build() -> Sitting:
        sitting = a_sitting()
        agree_all(sitting)
        write_outcome(sitting)
        return sitting

    return prepared("a case that could be finished", build)


def in_reason(sitting: Sitting) -> None:
    change(sitting, reason=NAMED)


def in_better(sitting: Sitting) -> None:
    change(sitting, better=NAMED)


def in_why_it_was_changed(sitting: Sitting) -> None:
    change(sitting, reason="Seen again.", changed_because=NAMED)


def in_dissent(sitting: Sitting) -> None:
    change(sitting, dissent={sitting.member: NAMED})


def in_what_was_agreed_before(sitting: Sitting) -> None:
    change(sitting, reason=NAMED)
    change(sitting, reason="A child was seen alone.")


def in_dissent_before(sitting: Sitting) -> None:
    in_dissent(sitting)
    change(sitting, reason="All see it so now.")


def change(sitting: Sitting, **what: object) -> None:
    """The chair agrees the first item anew."""
    known = {"changed_because": "A record was found.", **what}
    agree(sitting, a_decision(sitting, items_of(sitting)["A04"], "good", **known))


def in_a_note(sitting: Sitting) -> None:
    its = {"partnership_id": sitting.asked.partnership_id, "item_id": items_of(sitting)["A04"].id}
    saved(ItemNote(**its, better=NAMED, written_at=clock.now(), written_by_id=sitting.note_taker))


def in_somebodys_own_rating(sitting: Sitting) -> None:
    saved(
        Vote(
            partnership_id=sitting.asked.partnership_id,
            item_id=items_of(sitting)["A04"].id,
            ballot=1,
            person_id=sitting.member,
            agency_id=sitting.asked.health,
            answer=VoteKind.ABSTAIN,
            reasoning=NAMED,
            given_at=clock.now(),
        )
    )


def a_point(sitting: Sitting, reference: str, **words: str) -> None:
    of = {"partnership_id": sitting.asked.partnership_id, "panel_id": sitting.panel_id, "case_reference": reference}
    saved(ParkedPoint(**of, **{"words": "A form.", **words}, parked_at=clock.now(), parked_by_id=sitting.member))


def in_a_point(sitting: Sitting) -> None:
    a_point(sitting, sitting.asked.cases[0], words=NAMED)


def in_where_a_point_was_taken(sitting: Sitting) -> None:
    a_point(sitting, sitting.asked.cases[0], where_to=NAMED)


def in_a_conflict(sitting: Sitting) -> None:
    by = sitting.actor(sitting.chair)
    with transaction():
        services.mark_conflict(sitting.cases[0], sitting.member, reason="A cousin of Kim.", by=by, at=clock.now())


EVERYWHERE: list[tuple[Callable[[Sitting], None], str, Mend]] = [
    (in_reason, "What was agreed: A04", Mend.AGREE_ANEW),
    (in_better, "What was agreed: A04", Mend.AGREE_ANEW),
    (in_why_it_was_changed, "What was agreed: A04", Mend.AGREE_ANEW),
    (in_dissent, "What was agreed: A04", Mend.AGREE_ANEW),
    (in_what_was_agreed_before, "What was agreed before: A04", Mend.KEPT),
    (in_dissent_before, "What was agreed before: A04", Mend.KEPT),
    (in_a_note, "The notes: A04", Mend.AGREE_ANEW),
    (in_somebodys_own_rating, "The rating of Mo Member: A04", Mend.KEPT),
    (in_a_point, "What was put aside for elsewhere", Mend.KEPT),
    (in_where_a_point_was_taken, "What was put aside for elsewhere", Mend.KEPT),
    (in_a_conflict, "Why Mo Member is left out of the rating", Mend.MARK_ANEW),
]


def places(sitting: Sitting, case: int = 0) -> list[tuple[str, Mend]]:
    """Where something may name someone, as far as its indicator's code."""
    db.session.rollback()
    found = queries.places_at_panel(sitting.asked.partnership_id, sitting.cases[case])
    db.session.rollback()
    return [(one.where, one.mend) for one in found]


@pytest.mark.parametrize(("write", "where", "mend"), EVERYWHERE)
def test_a_name_is_found_wherever_the_panel_wrote_it_and_the_case_is_finished_once_the_chair_is_sure(
    ready: Sitting, write: Callable[[Sitting], None], where: str, mend: Mend
) -> None:
    assert places(ready) == []
    write(ready)
    ((found, how),) = places(ready)
    assert found.startswith(where)
    assert how is mend
    assert "Kim" not in found
    assert places(ready, case=1) == []
    with pytest.raises(Refused, match="Take out the names") as refused:
        finish_only(ready)
    assert refused.value.field == "are_not_names"
    assert not the_case(ready).agreed_at
    with transaction():
        by = ready.actor(ready.chair)
        services.finish_case(ready.cases[0], link=LINK, are_not_names=True, by=by, at=clock.now())
    assert the_case(ready).agreed_at


def test_without_a_name_or_without_an_identity_nothing_stands_in_the_way(ready: Sitting) -> None:
    a_point(ready, ready.asked.cases[1], words=NAMED)  # of the other case
    assert places(ready) == []
    in_reason(ready)
    with transaction():
        db.session.execute(delete(Identity))
    assert places(ready) == []
    finish_only(ready)
    assert the_case(ready).agreed_at


def test_a_place_is_named_once_however_often_something_stands_there(ready: Sitting) -> None:
    change(ready, reason=NAMED, better=NAMED, changed_because=NAMED)
    assert len(places(ready)) == 1


def test_looking_through_a_case_asks_as_much_for_many_texts_as_for_none(
    ready: Sitting, count_queries: CountQueries
) -> None:
    with count_queries() as before:
        places(ready)
    for write, _, _ in EVERYWHERE:
        write(ready)
    with count_queries() as after:
        assert len(places(ready)) > 5
    assert after.count == before.count <= 8, after


def test_the_chair_is_led_to_what_can_be_put_right_on_paper_and_told_what_stays(
    ready: Sitting, client: PageClient
) -> None:
    for write in (in_reason, in_somebodys_own_rating, in_a_conflict):
        write(ready)
    chair = client.as_(db.session.get_one(Person, ready.chair))
    page = chair.get(ready.at("/finish"))
    item = items_of(ready)["A04"]
    assert page.links[f"What was agreed: {item.name}"] == ready.at(f"#item-{item.id}")
    assert f'id="item-{item.id}"' in chair.get(ready.at()).html
    assert page.links["Why Mo Member is left out of the rating"] == ready.at("/conflicts")
    assert f"The rating of Mo Member: {item.name}" in page.main
    assert "can no longer be changed" in page.main
    assert "Kim" not in page.main
    back = chair.send(page, status=200)
    assert back.errors == ["Take out the names at the places listed, or tick that they are not names."]
    assert "is agreed and finished" in chair.send(back, {"are_not_names": "y"}).notices[0]


def test_whoever_does_not_finish_the_case_is_not_told_where_a_name_stands(ready: Sitting, client: PageClient) -> None:
    in_reason(ready)
    page = client.as_(db.session.get_one(Person, ready.asked.coordinator)).get(ready.at("/finish"))
    assert "may name someone" not in page.main


def test_a_name_in_a_note_goes_when_the_room_agrees_without_it(room: Room, client: PageClient) -> None:
    item = item_id(room)
    taker, chair = (client.as_(db.session.get_one(Person, one)) for one in (room.note_taker, room.chair))
    ask_to_rate(room, item)
    rate(room, item, room.police_member)
    typed = {"do": "note", "item": str(item), "note": "0", "reason": NAMED, "better": NAMED}
    assert taker.ask("POST", room.address(), data={TOKEN: taker.token(), **typed}).status == 302
    show(room, item)
    agree_in_room(room, item, reason=NAMED)
    assert [mend for _, mend in places(room)] == [Mend.AGREE_ANEW, Mend.AGREE_ANEW]
    reopen(room, item)
    rate(room, item, room.police_member, ballot=2)
    show(room, item)
    version = str(the_item(item).version)
    answer = {"item": str(item), "version": version, "answer": "no_evidence", "reason": "A parent was seen."}
    assert chair.ask("POST", room.address(), data={TOKEN: chair.token(), "do": "agree", **answer}).status == 302
    assert [mend for _, mend in places(room)] == [Mend.KEPT]  # what was agreed before
    note = queries.note_of(room.asked.partnership_id, item)
    assert (note.reason, note.better) == ("A parent was seen.", "")


def test_notes_say_on_paper_too_what_was_agreed_anew(ready: Sitting) -> None:
    in_a_note(ready)
    change(ready, reason="Seen again.")
    assert places(ready) == []


def test_what_was_agreed_in_the_room_is_reopened_there_and_stands_without_the_name(
    room: Room, client: PageClient
) -> None:
    item = item_id(room)
    ask_to_rate(room, item)
    rate(room, item, room.police_member, why=NAMED)
    show(room, item)
    agree_in_room(room, item, reason=NAMED)
    where = f"What was agreed: {items_of(room)['A04'].name}"
    assert (where, Mend.AGREE_ANEW) in places(room)
    reopen(room, item)
    rate(room, item, room.police_member, ballot=2, why="It was seen.")
    show(room, item)
    agree_in_room(room, item, reason="A parent was seen.")
    assert [mend for _, mend in places(room)] == [Mend.KEPT, Mend.KEPT]
