"""What a partnership makes of a file that was read: a new template, or the draft of one that it has."""

from dataclasses import replace

import pytest

from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.models import HistoryEvent
from audit_app.indicators import models, queries, rules, services
from audit_app.indicators.rules import AuditTemplate
from tests.factories.accounts import a_partnership
from tests.factories.rounds import SMALL
from tests.factories.templates import Draft, a_draft, change, do, published, the_next_version, words
from tests.fixtures import Together

SENT = replace(
    SMALL,
    code="own-theirs",
    version=7,
    title="As they ask it",
    minutes_per_child=35,
    attributes=("P07",),
    domains=(replace(SMALL.domains[1], title="The child first"), SMALL.domains[0]),
)
"""What another partnership sent: other words, another order."""


def events() -> list[str]:
    return [row.event for row in db.session.query(HistoryEvent).order_by(HistoryEvent.id)]


def mark(draft: Draft) -> str:
    return rules.mark_of(draft.whole)


def load(draft: Draft, template: AuditTemplate = SENT, *, seen: str) -> models.AuditTemplateVersion:
    loaded = do(services.load_as_draft, draft.code, template, mark=seen, by=draft.coordinator)
    assert isinstance(loaded, models.AuditTemplateVersion)
    return loaded


# --- a new template ---


def test_a_file_becomes_a_draft_of_ones_own_with_all_that_it_says(draft: Draft) -> None:
    made = do(services.load_as_new, SENT, by=draft.coordinator)
    whole = queries.template_version(made.id)
    assert whole == replace(SENT, code="own-as-they-ask-it", version=1)
    assert made.published_at is None
    assert events()[-1] == "template_loaded"


def test_the_same_file_twice_becomes_two_templates(draft: Draft) -> None:
    made = [do(services.load_as_new, SENT, by=draft.coordinator) for _ in range(2)]
    assert [queries.code_of(one.id) for one in made] == ["own-as-they-ask-it", "own-as-they-ask-it-2"]


def test_what_was_loaded_can_be_published_when_nothing_is_missing_in_it(draft: Draft) -> None:
    made = do(services.load_as_new, SENT, by=draft.coordinator)
    seen = rules.mark_of(queries.template_version(made.id))
    do(services.publish_draft, made.id, mark=seen, note="", by=draft.coordinator, at=clock.now())
    assert queries.template_version(made.id).indicators[0].code == "B01"


# --- the draft of a template that there is ---


def test_a_file_takes_the_place_of_the_draft_it_was_meant_for(draft: Draft) -> None:
    loaded = load(draft, seen=mark(draft))
    assert (loaded.id, loaded.version) == (draft.version_id, 1)
    assert draft.whole == replace(SENT, code=draft.code, version=1)
    assert events()[-1] == "template_replaced"


def test_a_file_becomes_the_next_version_of_what_is_published(draft: Draft) -> None:
    published(draft)
    before = draft.whole
    loaded = load(draft, seen="")
    assert queries.template_version(loaded.id) == replace(SENT, code=draft.code, version=2)
    assert draft.whole == before, "a published version never changes"
    assert events()[-1] == "template_loaded"


def test_a_draft_that_was_changed_since_it_was_seen_stays_as_it_is(draft: Draft) -> None:
    seen = mark(draft)
    do(services.change_draft, draft.version_id, **words(draft, title="Hers"))
    before = draft.whole
    with pytest.raises(Refused, match="Someone changed this draft since you opened this page"):
        load(draft, seen=seen)
    assert draft.whole == before


def test_a_draft_whose_attributes_a_file_changed_is_a_changed_draft(draft: Draft) -> None:
    seen = mark(draft)
    load(draft, replace(draft.whole, attributes=("P07",)), seen=seen)
    assert mark(draft) != seen


def test_a_draft_that_was_discarded_published_or_begun_meanwhile_is_not_what_was_seen(draft: Draft) -> None:
    seen = mark(draft)
    published(draft)
    with pytest.raises(Refused, match="Someone changed this draft"):
        load(draft, seen=seen)
    the_next_version(draft)
    with pytest.raises(Refused, match="Someone changed this draft"):
        load(draft, seen="")


def test_of_two_who_load_at_once_one_is_refused(draft: Draft, together: Together) -> None:
    seen = mark(draft)
    done = together(lambda: load(draft, seen=seen), lambda: load(draft, replace(SENT, title="Second"), seen=seen))
    assert sum(isinstance(one, Refused) for one in done) == 1


def test_a_page_that_was_opened_before_cannot_save_over_what_is_loaded(draft: Draft) -> None:
    hers = replace(draft.asked("A01"), why="Hers.")
    change(draft, hers)
    load(draft, seen=mark(draft))
    for edition in (1, 2):
        with pytest.raises(Stale):
            change(draft, hers, edition=edition)
        with pytest.raises(Stale):
            do(services.change_draft, draft.version_id, **words(draft, edition=edition, title="Hers"))


def test_codes_of_another_partnership_that_come_in_leave_it_its_own_next_code(draft: Draft) -> None:
    here = draft.version_id, draft.domains["The child"]
    for title in ("Home", "School"):
        do(services.write_indicator, *here, title=title, by=draft.coordinator)
    stranger = a_draft(a_partnership("fernshire"), title="Elsewhere")
    made = do(services.load_as_new, draft.whole, by=stranger.coordinator)
    assert "SAL02" in rules.by_code(queries.template_version(made.id))
    ours = do(
        services.write_indicator, draft.version_id, draft.domains["The child"], title="Play", by=draft.coordinator
    )
    head = next(iter(stranger.domains.values()))
    theirs = do(services.write_indicator, stranger.version_id, head, title="Play", by=stranger.coordinator)
    assert (ours.code, theirs.code) == ("SAL03", "FER01")


def test_nobody_loads_into_a_template_of_others(draft: Draft) -> None:
    stranger = a_draft(a_partnership(), title="Elsewhere").coordinator
    with pytest.raises(NotHere):
        do(services.load_as_draft, draft.code, SENT, mark="", by=stranger)
    with pytest.raises(NotHere):
        do(services.load_as_draft, "core-16", SENT, mark="", by=draft.coordinator)
