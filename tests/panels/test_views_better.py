"""What the chair of a panel on paper records besides a rating: what would be better, and who sees it differently."""

from tests.factories.panels import REASON, Sitting, items_of
from tests.factories.returns import level_id
from tests.pages import PageClient


def typed_in(sitting: Sitting, who: int, words: str = "") -> dict[str, str]:
    """A rating of one item with somebody who sees it differently, as the page sends it."""
    item = items_of(sitting)["A04"]
    return {
        f"answer-{item.id}": str(level_id(sitting.asked.round_id)),
        f"reason-{item.id}": REASON,
        f"better-{item.id}": "A visit at home.",
        f"differs-{item.id}": str(who),
        f"differing-{item.id}": words,
    }


def test_both_are_recorded_and_shown(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    button = f"Save this rating: {item.name}"
    page = chair.send(chair.get(sitting.at()), typed_in(sitting, sitting.member), button=button, status=200)
    assert page.errors == [f"{item.name}: Write in a few words how they see it."]
    assert page.links[page.errors[0]] == f"#differing-{item.id}"
    assert page.form().values[f"differs-{item.id}"] == [str(sitting.member)]
    page = chair.send(page, {f"differing-{item.id}": "It came late."}, button=button)
    assert page.notices == ["1 rating recorded."]
    assert "What would have made it better: A visit at home." in page.main
    assert "Mo Member sees it differently: It came late." in page.main
    agreed = items_of(sitting)["A04"].agreed
    assert agreed
    assert agreed.better == "A visit at home."
    assert [(one.person, one.words) for one in agreed.dissent] == [("Mo Member", "It came late.")]


def test_several_who_see_it_differently_are_noted_in_one_save(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    save, more = f"Save this rating: {item.name}", f"Somebody else sees it differently too: {item.name}"
    page = chair.send(
        chair.get(sitting.at()), typed_in(sitting, sitting.member, "It came late."), button=more, status=200
    )
    assert not page.errors
    assert page.form().values[f"differing-{item.id}"] == ["It came late."]
    assert page.form().values[f"reason-{item.id}"] == [REASON]
    second = {f"differs-2-{item.id}": str(sitting.member), f"differing-2-{item.id}": "It was enough."}
    page = chair.send(page, second, button=save, status=200)
    assert page.errors == [f"{item.name}: This person is chosen above already."]
    assert page.links[page.errors[0]] == f"#differs-2-{item.id}"
    page = chair.send(page, {f"differs-2-{item.id}": ""}, button=save, status=200)
    assert page.errors == [f"{item.name}: Choose who sees it so."]
    assert page.form().values[f"differing-2-{item.id}"] == ["It was enough."]
    page = chair.send(page, {f"differs-2-{item.id}": str(sitting.chair)}, button=save)
    assert page.notices == ["1 rating recorded."]
    agreed = items_of(sitting)["A04"].agreed
    assert agreed
    assert {one.person: one.words for one in agreed.dissent} == {
        "Mo Member": "It came late.",
        "Chris Chair": "It was enough.",
    }


def test_a_place_for_one_more_opens_where_what_was_agreed_is_changed(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    save, more = f"Save the change: {item.name}", f"Somebody else sees it differently too: {item.name}"
    page = chair.send(
        chair.get(sitting.at()), typed_in(sitting, sitting.member, "No."), button=f"Save this rating: {item.name}"
    )
    page = chair.send(chair.send(page, button=more, status=200), button=more, status=200)
    both = {f"differs-{number}{item.id}": str(who) for number, who in (("", sitting.member), ("2-", sitting.chair))}
    both |= {f"differing-{number}{item.id}": "Still not." for number in ("", "2-")}
    page = chair.send(page, {**both, f"because-{item.id}": "Asked again."}, button=save)
    agreed = items_of(sitting)["A04"].agreed
    assert agreed
    assert [one.words for one in agreed.dissent] == ["Still not.", "Still not."]


def test_changing_only_what_would_be_better_is_a_change_too(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    page = chair.send(
        chair.get(sitting.at()), typed_in(sitting, sitting.chair, "No."), button=f"Save this rating: {item.name}"
    )
    assert page.form().values[f"better-{item.id}"] == ["A visit at home."]
    assert page.form().values[f"differs-{item.id}"] == [""], "somebody noted once is not noted again by every change"
    better = {f"better-{item.id}": "Two visits."}
    page = chair.send(page, better, button=f"Save the change: {item.name}", status=200)
    assert page.errors == [f"{item.name}: Say why the agreed rating is changed. The earlier one is kept."]
    page = chair.send(page, {f"because-{item.id}": "Said twice."}, button=f"Save the change: {item.name}")
    now = items_of(sitting)["A04"]
    assert now.agreed
    assert now.agreed.better == "Two visits."
    assert [one.better for one in now.earlier] == ["A visit at home."]


def test_nobody_but_those_who_sit_on_the_panel_can_be_noted(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    typed = {**typed_in(sitting, sitting.asked.coordinator, "No."), f"version-{item.id}": str(item.version)}
    page = chair.post(sitting.at(), {**typed, "press": f"item-{item.id}"}, status=200)
    assert page.errors == ["Only somebody who sits on this panel can have it noted that they see it differently."]
    assert items_of(sitting)["A04"].agreed is None
