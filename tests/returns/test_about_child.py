"""What a return records about the child: case attributes, asked as the round froze them."""

from collections.abc import Collection
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from audit_app.accounts.models import Person
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.indicators.models import Requirement
from audit_app.returns import queries, services
from audit_app.returns.rules import (
    AttributeAsked,
    AttributeChange,
    Known,
    ReturnState,
    groups_of,
    parts_open,
    read_seen_choice,
    seen_choice,
    why_not_choose,
)
from audit_app.rounds.queries import frozen_attributes
from audit_app.rounds.rules import FrozenAttribute, FrozenOption
from tests.factories.indicators import the_templates
from tests.factories.returns import Asked, a_round_with_agencies, fill_in, say, submit, the_return
from tests.factories.rounds import RECORDING
from tests.fixtures import CountQueries, Together
from tests.pages import Page, PageClient


@pytest.fixture
def asked(app: Flask) -> Asked:
    """Health and police know a child on a child protection plan, and are asked about the child."""
    the_templates()
    made = a_round_with_agencies(template=RECORDING)
    say(made.returns[made.health][0], Known.KNOWN, made.actor(made.health_auditor))
    return made


@pytest.fixture
def auditor(client: PageClient, asked: Asked) -> PageClient:
    return client.as_(db.session.get_one(Person, asked.health_auditor))


def attributes(asked: Asked) -> tuple[FrozenAttribute, FrozenAttribute]:
    types, plan = frozen_attributes(asked.partnership_id, asked.round_id)
    db.session.rollback()
    return types, plan


def ids(attribute: FrozenAttribute, *codes: str) -> frozenset[int]:
    return frozenset(option.id for option in attribute.options if option.code in codes)


def kept(asked: Asked) -> dict[str, set[str]]:
    """What health has recorded, by the attribute's code."""
    db.session.rollback()
    of_return = queries.attributes_asked(asked.partnership_id, asked.round_id, asked.returns[asked.health][0])
    return {
        one.attribute.code: {option.code for option in one.attribute.options if option.id in one.chosen}
        for one in of_return
    }


def save(asked: Asked, attribute: FrozenAttribute, chosen: Collection[int], version: int = 0) -> frozenset[int]:
    by, change = asked.actor(asked.health_auditor), AttributeChange(frozenset(chosen), version)
    with transaction():
        return services.save_attributes(asked.returns[asked.health][0], {attribute.id: change}, by=by, at=clock.now())


def child_page(browser: PageClient, asked: Asked) -> Page:
    return browser.get(f"{asked.at(asked.health)}/child")


# --- the page ---


def test_the_page_asks_as_the_round_froze_it_and_offers_what_the_sample_knows(
    asked: Asked, auditor: PageClient
) -> None:
    types, plan = attributes(asked)
    with transaction():
        for row in db.session.query(Requirement):
            row.words = "Something else by now."
    page = child_page(auditor, asked)
    assert types.question in page.main
    assert "Something else by now." not in page.main
    assert page.form().values[f"attribute-{plan.id}"] == [str(one) for one in ids(plan, "child_protection")]
    assert "Filled in from the sample: save to keep it" in page.main
    assert "0 of 2 answered" in auditor.get(asked.at(asked.health)).main, "offered is not answered"
    assert kept(asked) == {"P07": set(), "P18": set()}, "offered is not recorded"


def test_what_is_chosen_is_saved_and_the_return_says_how_far_it_is(asked: Asked, auditor: PageClient) -> None:
    types, _plan = attributes(asked)
    assert "About the child 0 of 2 answered" in auditor.get(asked.at(asked.health)).main
    chosen = [str(one) for one in ids(types, "physical", "supervision")]
    page = auditor.send(child_page(auditor, asked), {f"attribute-{types.id}": chosen})
    assert page.notices == ["What you recorded about the child is saved."]
    assert kept(asked) == {"P07": {"physical", "supervision"}, "P18": {"child_protection"}}
    assert "About the child Completed" in page.main


def test_options_that_do_not_go_together_are_refused_and_stay_chosen(asked: Asked, auditor: PageClient) -> None:
    types, _plan = attributes(asked)
    chosen = [str(one) for one in ids(types, "physical", "none")]
    page = auditor.send(child_page(auditor, asked), {f"attribute-{types.id}": chosen}, status=200)
    assert page.errors == ["Type of neglect: the six types: “No neglect found” stands alone: choose it, or the others."]
    assert set(page.form().values[f"attribute-{types.id}"]) == set(chosen)
    assert kept(asked) == {"P07": set(), "P18": set()}, "nothing of the page is saved"


def test_a_return_cannot_be_submitted_before_the_child_is_described(asked: Asked, auditor: PageClient) -> None:
    own, by = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    fill_in(own, by)
    page = auditor.get(f"{asked.at(asked.health)}/submit")
    assert "2 answers still need something" in page.main
    assert page.links[attributes(asked)[0].question].endswith(f"/child#attribute-{attributes(asked)[0].id}")
    with pytest.raises(Refused, match="Something is still missing"):
        submit(own, by)
    types, plan = attributes(asked)
    save(asked, types, ids(types, "not_known"))
    save(asked, plan, ids(plan, "child_protection"))
    submit(own, by)
    assert the_return(own).state is ReturnState.SUBMITTED


def test_two_people_who_answer_one_attribute_do_not_overwrite_each_other(asked: Asked, auditor: PageClient) -> None:
    types, _plan = attributes(asked)
    page = child_page(auditor, asked)
    save(asked, types, ids(types, "medical"))
    mine = {f"attribute-{types.id}": [str(one) for one in ids(types, "physical")]}
    page = auditor.send(page, mine, status=200)
    assert "What they chose is shown: change it if needed. You had chosen: Physical: " in page.errors[0]
    assert kept(asked)["P07"] == {"medical"}
    auditor.send(page, mine)
    assert kept(asked)["P07"] == {"physical"}


def test_what_was_only_looked_at_clashes_with_nothing(asked: Asked, auditor: PageClient) -> None:
    types, plan = attributes(asked)
    save(asked, types, ids(types, "medical"))
    page = child_page(auditor, asked)
    save(asked, types, ids(types, "physical"), version=1)
    auditor.send(page, {f"attribute-{plan.id}": [str(one) for one in ids(plan, "other")]})
    assert kept(asked) == {"P07": {"physical"}, "P18": {"other"}}


def test_of_two_first_answers_at_once_one_stands(asked: Asked, together: Together) -> None:
    types, _plan = attributes(asked)
    results = together(
        lambda: save(asked, types, ids(types, "medical")), lambda: save(asked, types, ids(types, "physical"))
    )
    assert sorted(results, key=len) == [frozenset(), frozenset({types.id})]


def test_a_submitted_return_is_locked_on_this_door_too(asked: Asked, auditor: PageClient) -> None:
    types, plan = attributes(asked)
    save(asked, types, ids(types, "physical"))
    save(asked, plan, ids(plan, "child_protection"))
    page = child_page(auditor, asked)
    own, by = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    fill_in(own, by)
    submit(own, by)
    answer = auditor.send(page, {f"attribute-{types.id}": [str(one) for one in ids(types, "medical")]}, status=200)
    assert "This return was submitted and can no longer be changed." in answer.main
    assert kept(asked)["P07"] == {"physical"}
    auditor.get(f"{asked.at(asked.health)}/child", status=302)


def test_an_attribute_of_another_round_and_a_return_of_another_agency_are_not_there(asked: Asked) -> None:
    types, _plan = attributes(asked)
    with pytest.raises(NotHere):
        save(asked, replace(types, id=types.id + 1000), ())
    with pytest.raises(NotHere), transaction():
        services.save_attributes(
            asked.returns[asked.police][0], {}, by=asked.actor(asked.health_auditor), at=clock.now()
        )
    with pytest.raises(Refused, match="Choose from the answers shown"):
        save(asked, types, {999_999})


def test_what_was_recorded_is_read_by_the_coordinator_and_nobody_before(asked: Asked, client: PageClient) -> None:
    types, plan = attributes(asked)
    save(asked, types, ids(types, "physical", "medical"))
    save(asked, plan, ids(plan, "child_protection"))
    own, by = asked.returns[asked.health][0], asked.actor(asked.health_auditor)
    coordinator = client.as_(db.session.get_one(Person, asked.coordinator))
    words = [option.words for option in types.options if option.code == "physical"]
    assert words[0] not in coordinator.get(asked.at(asked.health)).main
    case_id = the_return(own).case_id
    assert queries.attributes_of_case(asked.partnership_id, case_id) == []
    fill_in(own, by)
    submit(own, by)
    assert words[0] in coordinator.get(asked.at(asked.health)).main
    assert [one.code for one in queries.attributes_of_case(asked.partnership_id, case_id)] == ["P07", "P18"]


def test_the_page_costs_the_same_whatever_is_saved(
    asked: Asked, auditor: PageClient, count_queries: CountQueries
) -> None:
    with count_queries() as before:
        child_page(auditor, asked)
    types, plan = attributes(asked)
    save(asked, types, ids(types, "physical", "medical", "nutritional"))
    save(asked, plan, ids(plan, "other"))
    with count_queries() as after:
        child_page(auditor, asked)
    assert before.count == after.count <= 12


# --- the rules ---


@given(st.sets(st.integers(1, 6)), st.booleans())
def test_options_go_together_unless_one_stands_alone_or_only_one_may_be_chosen(chosen: set[int], is_many: bool) -> None:
    codes = ("physical", "medical", "emotional", "none", "not_known", "supervision")
    options = tuple(FrozenOption(number, code, code) for number, code in enumerate(codes, 1))
    attribute = FrozenAttribute(1, "P07", "Types", "Which?", "", is_many, options)
    is_fine = len(chosen) <= 1 or (is_many and not chosen & {4, 5})
    assert (why_not_choose(attribute, chosen) is None) is is_fine


@given(st.frozensets(st.integers(1, 10**8)), st.integers(0, 10**8))
def test_a_page_carries_what_was_saved_and_reads_it_back(chosen: frozenset[int], version: int) -> None:
    assert read_seen_choice(seen_choice(chosen, version)) == (version, chosen)


@given(st.text())
def test_whatever_comes_back_instead_counts_as_long_gone(text: str) -> None:
    version, chosen = read_seen_choice(text)
    assert version >= -1
    assert all(one >= 0 for one in chosen)


def test_of_the_options_of_one_part_one_may_be_chosen() -> None:
    options = (
        FrozenOption(1, "persistent", "It goes on"),
        FrozenOption(2, "weeks", "Weeks", "how long"),
        FrozenOption(3, "years", "Years", "how long"),
    )
    attribute = FrozenAttribute(1, "P09", "Pattern", "Which?", "", True, options)
    assert why_not_choose(attribute, {2, 3}) == "Choose one answer about how long."
    assert why_not_choose(attribute, {1, 3}) is None


PATTERN = FrozenAttribute(
    1,
    "P09",
    "Pattern",
    "Which?",
    "",
    is_many=True,
    options=(
        FrozenOption(1, "persistent", "Pattern: it goes on"),
        FrozenOption(2, "weeks", "How long: weeks", "how long"),
        FrozenOption(3, "years", "How long: years", "how long"),
        FrozenOption(4, "meant", "Meant", "intention"),
        FrozenOption(5, "none", "No neglect found"),
    ),
)


@pytest.mark.parametrize(
    ("chosen", "still"),
    [
        ({1}, ["How long", "Intention"]),
        ({2, 4}, ["Pattern"]),
        ({1, 3, 4}, []),
        ({5}, []),
        (set(), ["Pattern", "How long", "Intention"]),
    ],
)
def test_each_part_of_an_attribute_asks_for_an_answer_unless_one_says_that_there_is_none(
    chosen: set[int], still: list[str]
) -> None:
    assert list(parts_open(PATTERN, chosen)) == still
    assert AttributeAsked(PATTERN, frozenset(chosen)).is_answered is (not still)


def test_options_are_read_part_by_part_under_what_their_words_share() -> None:
    assert [(one.heading, one.options, one.is_one) for one in groups_of(PATTERN)] == [
        ("Pattern", ((1, "It goes on"),), False),
        ("How long", ((2, "Weeks"), (3, "Years")), True),
        ("Intention", ((4, "Meant"),), True),
        ("Or one of these alone", ((5, "No neglect found"),), False),
    ]
    whole = replace(PATTERN, options=PATTERN.options[:1])
    assert [one.heading for one in groups_of(whole)] == [""]
    assert list(parts_open(whole, {1})) == []
