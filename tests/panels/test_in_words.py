"""What is answered in words, at the panel: noted as it stands, or talked about and written together."""

import pytest
from flask import Flask

from audit_app.accounts.models import Person
from audit_app.core.db import db
from audit_app.core.errors import Refused
from audit_app.panels.rules import AgreedHow, Decision
from audit_app.returns.rules import AnswerKind
from tests.factories.panels import Sitting, a_sitting, agree, agreed_rows, answer, finish_only, items_of
from tests.factories.panels import release as released
from tests.factories.rounds import UNGRADED
from tests.pages import PageClient


@pytest.fixture
def sitting(app: Flask) -> Sitting:
    """A case that both agencies answered in words, released to its panel. A04 and B01 are for the panel."""
    made = a_sitting(cases=1, is_handed_over=False, template=UNGRADED)
    answer(made, 0, "in_words", "in_words")
    released(made, 0)
    return made


@pytest.fixture
def chair(client: PageClient, sitting: Sitting) -> PageClient:
    return client.as_(db.session.get_one(Person, sitting.chair))


def test_the_words_stand_side_by_side_and_nobody_is_offered_a_level(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at())
    assert page.main.count("She was asked twice, and drew her room.") == 7  # each agency on each it was asked
    assert "Answered in words" in page.main
    assert "What the panel agreed, and its reason" in page.main
    assert "Outstanding" not in page.main


def test_the_panel_writes_what_it_agreed(sitting: Sitting, chair: PageClient) -> None:
    item = items_of(sitting)["A04"]
    chair.send(
        chair.get(sitting.at()),
        {f"reason-{item.id}": "Harm built up for a year before anyone added it up."},
        button=f"Save this answer: {item.name}",
    )
    kept = agreed_rows(item.id)[0]
    assert (kept.answer, kept.level_id, kept.reason, kept.how) == (
        AnswerKind.IN_WORDS,
        None,
        "Harm built up for a year before anyone added it up.",
        AgreedHow.ON_PAPER,
    )


def test_what_no_panel_must_discuss_may_stand_as_it_is_for_one_reason(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at())
    chair.send(page, {"together-reason": "Read, and left as written."}, button="Confirm the ticked ratings together")
    noted = [item for item in items_of(sitting).values() if item.agreed]
    assert {item.indicator.code for item in noted} == {"A01", "H02"}
    assert {item.agreed.answer for item in noted if item.agreed} == {AnswerKind.IN_WORDS}
    assert {item.agreed.how for item in noted if item.agreed} == {AgreedHow.TOGETHER}


def test_nothing_written_is_nothing_agreed(sitting: Sitting, chair: PageClient) -> None:
    page = chair.get(sitting.at())
    untick: dict[str, list[str]] = {name: [] for name in page.form().values if name.startswith("tick-")}
    page = chair.send(page, untick, button="Save all on this page", status=200)
    assert page.errors == ["Nothing was chosen on this page yet."]
    assert not [item for item in items_of(sitting).values() if item.agreed]


def test_a_level_cannot_be_agreed_where_there_is_none(sitting: Sitting, app: Flask) -> None:
    item = items_of(sitting)["A04"]
    with pytest.raises(Refused, match="Choose one of the answers shown"):
        agree(sitting, Decision(item.id, item.version, AnswerKind.LEVEL, 1, "It was good."))


def test_an_ungraded_case_is_agreed_and_finished(sitting: Sitting, chair: PageClient) -> None:
    agree(
        sitting,
        *(
            Decision(item.id, item.version, AnswerKind.IN_WORDS, None, "She was heard late.")
            for item in items_of(sitting).values()
        ),
    )
    finish_only(sitting)
    page = chair.get(sitting.at())
    assert "This case was finished" in page.main
    case = chair.get(sitting.path(f"/cases/{sitting.asked.cases[0]}"))
    assert "Answered in words" in case.main
