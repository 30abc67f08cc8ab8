"""A draft that gets another scale: words for levels are kept with the scale they are about, and nobody wipes them."""

from dataclasses import replace

import pytest

from audit_app.core.db import db
from audit_app.core.errors import Stale
from audit_app.indicators import models, queries, services
from tests.factories.indicators import the_catalogue
from tests.factories.templates import Draft, change, do, published, words


def test_the_words_for_levels_come_back_with_their_scale(draft: Draft) -> None:
    before = draft.whole.domains
    do(services.change_draft, draft.version_id, **words(draft, scale="met"))
    assert draft.whole.scale.code == "met"
    assert {tuple(one.guidance) for one in draft.whole.indicators} == {()}
    change(draft, replace(draft.asked("A01"), guidance={"met": "Within a day."}), scale="met")
    do(services.change_draft, draft.version_id, **words(draft, edition=2, scale="ofsted"))
    assert draft.whole.domains == before
    do(services.change_draft, draft.version_id, **words(draft, edition=3, scale="met"))
    assert draft.asked("A01").guidance == {"met": "Within a day."}


def test_words_for_a_scale_that_was_left_go_when_the_draft_is_published(draft: Draft) -> None:
    do(services.change_draft, draft.version_id, **words(draft, scale="in-words"))
    assert queries.words_of_other_scales(draft.version_id) == 16
    published(draft)
    assert queries.words_of_other_scales(draft.version_id) == 0
    assert db.session.query(models.TemplateGuidance).filter_by(words="Signs were seen was good.").count() == 1, (
        "the template it was copied from keeps its own"
    )


def test_a_question_of_the_library_has_its_words_whichever_scale_comes_next(draft: Draft) -> None:
    do(services.change_draft, draft.version_id, **words(draft, scale="met"))
    do(services.add_indicator, draft.version_id, draft.domains["Recognition"], code="H01", by=draft.coordinator)
    assert draft.asked("H01").guidance == {}
    do(services.change_draft, draft.version_id, **words(draft, edition=2, scale="ofsted"))
    assert draft.asked("H01").guidance == the_catalogue().indicators["H01"].guidance


def test_who_saw_the_levels_of_another_scale_saves_nothing(draft: Draft) -> None:
    mine = draft.asked("A01")
    do(services.change_draft, draft.version_id, **words(draft, scale="met"))
    change(draft, replace(mine, guidance={"met": "Hers."}), scale="met")
    for guidance in (mine.guidance, {}):
        with pytest.raises(Stale, match="scale of this template was changed") as stale:
            change(draft, replace(mine, guidance=guidance), edition=2)
        assert stale.value.version == 2
    assert draft.asked("A01").guidance == {"met": "Hers."}
