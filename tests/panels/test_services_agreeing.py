"""Recording what a panel agreed, changing it, and coming too late."""

from dataclasses import replace

import pytest

from audit_app.accounts.rules import Part, Role
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.panels import services
from audit_app.panels.rules import AgreedHow, ItemState
from audit_app.returns.rules import AnswerKind
from tests.factories.panels import (
    LINK,
    REASON,
    Sitting,
    a_decision,
    agree,
    agree_all,
    agreed_rows,
    answer,
    finish,
    finish_only,
    items_of,
    last_deed,
    release,
    withdraw,
    withdraw_round,
)
from tests.factories.returns import a_round_with_agencies, level_id
from tests.fixtures import Together


def test_an_agreed_rating_is_kept_with_who_when_and_how(sitting: Sitting) -> None:
    item = items_of(sitting)["A04"]
    assert agree(sitting, a_decision(sitting, item, "inadequate")) == 1
    (row,) = agreed_rows(item.id)
    assert (row.level_id, row.reason) == (level_id(sitting.asked.round_id, "inadequate"), REASON)
    assert (row.how, row.agreed_by_id, row.is_current) == (AgreedHow.ON_PAPER, sitting.chair, True)
    assert (row.round_id, row.indicator_id) == (sitting.asked.round_id, item.indicator.id)
    now = items_of(sitting)["A04"]
    assert (now.state, now.version) == (ItemState.AGREED, 2)
    assert last_deed(sitting).startswith("Chris Chair recorded the agreed rating of A04 Harm was weighed for ")


def test_history_names_the_agency_of_own_work_and_never_the_level(sitting: Sitting) -> None:
    item = items_of(sitting)[f"A01-{sitting.asked.police}"]
    agree(sitting, a_decision(sitting, item, "inadequate"))
    assert "A01 Signs were seen (A" in last_deed(sitting)
    assert "nadequate" not in last_deed(sitting)
    assert REASON not in last_deed(sitting)


@pytest.mark.parametrize("kind", [AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE])
def test_a_panel_may_agree_that_there_is_no_level(kind: AnswerKind, sitting: Sitting) -> None:
    item = items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item, answer=kind, level_id=None))
    (row,) = agreed_rows(item.id)
    assert (row.answer, row.level_id) == (kind, None)


def test_a_change_needs_a_reason_and_keeps_the_old_row(sitting: Sitting) -> None:
    item = items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item))
    item = items_of(sitting)["A04"]
    with pytest.raises(Refused, match="Say why") as refused:
        agree(sitting, a_decision(sitting, item, "inadequate"))
    assert refused.value.field == f"because-{item.id}"
    agree(sitting, a_decision(sitting, item, "inadequate", changed_because="A record was found."))
    old, new = agreed_rows(item.id)
    assert (old.is_current, new.is_current, new.changed_because) == (False, True, "A record was found.")
    assert (old.level_id, old.reason) == (level_id(sitting.asked.round_id), REASON)
    shown = items_of(sitting)["A04"]
    assert shown.agreed
    assert (shown.agreed.level_id, [one.level_id for one in shown.earlier]) == (new.level_id, [old.level_id])


def test_saying_the_same_again_changes_nothing(sitting: Sitting) -> None:
    item = items_of(sitting)["A04"]
    agree(sitting, a_decision(sitting, item))
    assert agree(sitting, a_decision(sitting, item)) == 0
    assert len(agreed_rows(item.id)) == 1


def test_all_is_agreed_or_nothing(sitting: Sitting) -> None:
    first, second, *_ = items_of(sitting).values()
    with pytest.raises(Refused, match="Give the panel's reason"):
        agree(sitting, a_decision(sitting, first), a_decision(sitting, second, reason=""))
    assert agreed_rows(first.id) == []


def test_a_level_of_another_round_is_refused(sitting: Sitting) -> None:
    other = a_round_with_agencies()
    item = items_of(sitting)["A04"]
    with pytest.raises(Refused, match="Choose one of the answers shown"):
        agree(sitting, a_decision(sitting, item, level_id=level_id(other.round_id)))
    with pytest.raises(Refused, match="Choose one of the answers shown"):
        agree(sitting, a_decision(sitting, item, answer=AnswerKind.NO_EVIDENCE))


def test_an_item_of_another_case_is_not_there(sitting: Sitting) -> None:
    item = items_of(sitting)["A04"]
    answer(sitting, 1)
    release(sitting, 1)
    with pytest.raises(NotHere):
        agree(sitting, a_decision(sitting, item), case=1)


def test_only_the_chair_of_the_panel_agrees(sitting: Sitting) -> None:
    decision = a_decision(sitting, items_of(sitting)["A04"])
    for person in (sitting.member, sitting.note_taker, sitting.asked.coordinator):
        by = sitting.actor(person)
        with pytest.raises(Refused, match="Only the chair"), transaction():
            services.agree_ratings(sitting.cases[0], [decision], by=by, at=clock.now())


def test_a_chair_whose_role_has_ended_agrees_and_finishes_nothing(sitting: Sitting) -> None:
    decision = a_decision(sitting, items_of(sitting)["A04"])
    chair = sitting.actor(sitting.chair)
    former = replace(chair, parts=(Part(Role.NOTE_TAKER),))
    with pytest.raises(Refused, match="Only the chair"), transaction():
        services.agree_ratings(sitting.cases[0], [decision], by=former, at=clock.now())
    with pytest.raises(Refused, match="Only the chair"), transaction():
        services.finish_case(sitting.cases[0], link=LINK, by=former, at=clock.now())


def test_an_agreed_case_refuses_every_change(sitting: Sitting) -> None:
    finish(sitting)
    item = items_of(sitting)["A04"]
    with pytest.raises(Refused, match="while a case is at panel"):
        agree(sitting, a_decision(sitting, item, "inadequate", changed_because="Second thoughts."))
    with pytest.raises(Refused, match="Only a case at panel"):
        finish_only(sitting)


def test_a_withdrawn_round_refuses_every_deed_of_its_panels(sitting: Sitting) -> None:
    item = items_of(sitting)["A04"]
    agree_all(sitting)
    answer(sitting, 1)
    withdraw_round(sitting)
    with pytest.raises(Refused, match="until it is reported"):
        agree(sitting, replace(a_decision(sitting, item, "inadequate"), version=2, changed_because="So."))
    with pytest.raises(Refused, match="until it is reported"):
        finish_only(sitting)
    with pytest.raises(Refused, match="until it is reported"):
        release(sitting, 1)
    with pytest.raises(Refused, match="Withdrawn"):
        withdraw(sitting, 1)


def test_of_two_chairs_who_decide_at_once_the_second_is_shown_what_the_first_wrote(
    sitting: Sitting, together: Together
) -> None:
    item, by = items_of(sitting)["A04"], sitting.actor(sitting.chair)
    wanted = {code: a_decision(sitting, item, code, reason=f"It was {code}.") for code in ("good", "inadequate")}

    def decide(code: str) -> str:
        with transaction():
            services.agree_ratings(sitting.cases[0], [wanted[code]], by=by, at=clock.now())
        return code

    results = together(lambda: decide("good"), lambda: decide("inadequate"))
    won = next(result for result in results if isinstance(result, str))
    late = next(result for result in results if isinstance(result, Stale))
    words = {"good": "Good", "inadequate": "Inadequate"}[won]
    assert late.theirs == {f"answer-{item.id}": words, f"reason-{item.id}": f"It was {won}."}
    assert [row.is_current for row in agreed_rows(item.id)] == [True]


def test_two_changes_at_once_leave_one_current_row(sitting: Sitting, together: Together) -> None:
    agree(sitting, a_decision(sitting, items_of(sitting)["A04"]))
    item, by = items_of(sitting)["A04"], sitting.actor(sitting.chair)
    decisions = [
        a_decision(sitting, item, "inadequate", changed_because=why) for why in ("A record was found.", "Heard again.")
    ]

    def decide(place: int) -> None:
        with transaction():
            services.agree_ratings(
                sitting.cases[0], [replace(decisions[place], reason=f"Reason {place}.")], by=by, at=clock.now()
            )

    results = together(lambda: decide(0), lambda: decide(1))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Stale"]
    assert [row.is_current for row in agreed_rows(item.id)] == [False, True]
