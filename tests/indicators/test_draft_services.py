"""Making one's own templates: each deed, and what it refuses."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from audit_app.accounts.rules import AgencyKind
from audit_app.core import clock
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.history.models import HistoryEvent
from audit_app.indicators import models, queries, rules, services
from audit_app.indicators.rules import AppliesBy, Band, Catalogue, Level, Scale, ScaleDirection
from tests.factories.accounts import a_partnership, an_agency
from tests.factories.indicators import the_catalogue
from tests.factories.rounds import SMALL
from tests.factories.templates import Draft, a_draft, change, codes, do, published, the_next_version, words
from tests.fixtures import Together


def events() -> list[str]:
    return [row.event for row in db.session.query(HistoryEvent).order_by(HistoryEvent.id)]


# --- copying, versions ---


def test_a_copy_asks_what_was_copied_under_a_title_of_its_own(draft: Draft) -> None:
    assert draft.code == "own-neglect-here"
    assert draft.whole == replace(SMALL, code=draft.code, title="Neglect here")
    row = db.session.get_one(models.AuditTemplateVersion, draft.version_id)
    assert (row.version, row.published_at, row.edition) == (1, None, 1)
    assert events() == ["template_copied"]


def test_a_copy_needs_a_title(draft: Draft) -> None:
    for title in ("", "x" * 121):
        with pytest.raises(Refused) as refused:
            do(services.copy_template, draft.version_id, title=title, by=draft.coordinator)
        assert refused.value.field == "title"


def test_two_copies_of_one_title_have_their_own_codes_and_so_have_two_partnerships(draft: Draft) -> None:
    do(services.copy_template, draft.version_id, title="Neglect here", by=draft.coordinator)
    assert queries.own_template_codes(draft.coordinator.partnership_id) == {"own-neglect-here", "own-neglect-here-2"}
    assert a_draft(a_partnership()).code == "own-neglect-here"


def test_the_next_version_begins_as_the_last_was_published(draft: Draft) -> None:
    with pytest.raises(Refused, match="a draft of this template already"):
        do(services.start_version, draft.code, by=draft.coordinator)
    second = the_next_version(published(draft))
    assert second.version == 2
    assert second.whole == replace(draft.whole, version=2)
    with pytest.raises(Refused, match="a draft of this template already"):
        do(services.start_version, draft.code, by=draft.coordinator)


def test_two_questions_that_are_written_at_once_in_two_drafts_have_codes_of_their_own(
    draft: Draft, together: Together
) -> None:
    by = draft.coordinator
    do(services.copy_template, draft.version_id, title="Ours too", by=by)
    second = queries.version_seen_by(by, "own-ours-too", 1).version_id
    places = [(one, queries.draft_domains(one)[0].id) for one in (draft.version_id, second)]
    db.session.rollback()

    def write(version_id: int, domain_id: int) -> str:
        return str(do(services.write_indicator, version_id, domain_id, title="Beds", by=by).code)

    assert set(together(*(partial(write, *place) for place in places))) == {"SAL01", "SAL02"}


def test_two_coordinators_who_start_a_version_at_once_start_one(draft: Draft, together: Together) -> None:
    published(draft)

    def start() -> None:
        do(services.start_version, draft.code, by=draft.coordinator)

    done = together(start, start)
    assert sum(isinstance(one, Refused) for one in done) == 1
    db.session.rollback()
    assert db.session.query(models.AuditTemplateVersion).filter_by(published_at=None).count() == 1


# --- the words of a draft ---


def test_words_of_a_draft_change_and_history_names_them(draft: Draft) -> None:
    do(services.change_draft, draft.version_id, **words(draft, title="Ours", minutes_per_child=45))
    assert (draft.whole.title, draft.whole.minutes_per_child) == ("Ours", 45)
    event = db.session.query(HistoryEvent).filter_by(event="template_changed").one()
    assert event.facts == {"fields": "title, minutes for one child"}
    do(services.change_draft, draft.version_id, **words(draft, edition=2))
    assert events().count("template_changed") == 1, "nothing was changed the second time"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"description": "x" * 4001}, "description"),
        ({"minutes_per_child": 0}, "minutes_per_child"),
        ({"scale": "stars"}, "scale"),
    ],
)
def test_words_that_cannot_be_are_refused(draft: Draft, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        do(services.change_draft, draft.version_id, **words(draft, **changes))
    assert refused.value.field == field


def test_a_stale_save_of_the_words_is_refused_with_what_is_kept(draft: Draft) -> None:
    do(services.change_draft, draft.version_id, **words(draft, title="Hers"))
    with pytest.raises(Stale) as stale:
        do(services.change_draft, draft.version_id, **words(draft, title="Mine"))
    assert (stale.value.theirs["title"], stale.value.version) == ("Hers", 2)
    assert draft.whole.title == "Hers"


def test_what_is_recorded_about_each_child_changes_in_the_order_of_the_library(draft: Draft) -> None:
    def record(*attributes: str, edition: int) -> None:
        do(
            services.change_recorded,
            draft.version_id,
            edition=edition,
            attributes=attributes,
            by=draft.coordinator,
        )

    record("Z05", "P07", edition=1)
    assert draft.whole.attributes == ("P07", "Z05")
    event = db.session.query(HistoryEvent).filter_by(event="template_changed").one()
    assert event.facts == {"fields": "what is recorded about each child"}
    record("P07", "Z05", edition=1)
    assert events().count("template_changed") == 1, "the same again is no change, and nothing is stale"
    with pytest.raises(Stale) as stale:
        record("P07", edition=1)
    assert stale.value.version == 2
    with pytest.raises(Refused) as refused:
        record("A01", edition=2)
    assert refused.value.field == "attributes"
    record(edition=2)
    assert list(draft.whole.attributes) == []


# --- domains ---


def test_domains_are_added_renamed_moved_and_removed(draft: Draft) -> None:
    added = do(services.add_domain, draft.version_id, title="Home", by=draft.coordinator)
    do(services.rename_domain, draft.version_id, added.id, edition=1, title="Homes", by=draft.coordinator)
    assert list(codes(draft)) == ["Recognition", "The child", "Homes"]
    do(services.move_domain, draft.version_id, added.id, is_up=True, by=draft.coordinator)
    do(services.move_domain, draft.version_id, added.id, is_up=True, by=draft.coordinator)
    do(services.move_domain, draft.version_id, added.id, is_up=True, by=draft.coordinator)  # at an end nothing moves
    assert list(codes(draft)) == ["Homes", "Recognition", "The child"]
    do(services.move_domain, draft.version_id, added.id, is_up=False, by=draft.coordinator)
    assert list(codes(draft)) == ["Recognition", "Homes", "The child"]
    do(services.remove_domain, draft.version_id, added.id, by=draft.coordinator)
    assert list(codes(draft)) == ["Recognition", "The child"]
    assert events().count("template_domain_moved") == 3


def test_titles_are_kept_in_one_line(draft: Draft) -> None:
    added = do(services.add_domain, draft.version_id, title="At  home\nand out", by=draft.coordinator)
    assert added.title == "At home and out"
    do(services.rename_domain, draft.version_id, added.id, edition=1, title="At \n home", by=draft.coordinator)
    assert "At home" in draft.domains
    assert (
        do(services.write_indicator, draft.version_id, added.id, title="A\nbed", by=draft.coordinator).title == "A bed"
    )
    with pytest.raises(Refused, match="Another domain"):
        do(services.add_domain, draft.version_id, title="at   home", by=draft.coordinator)


def test_two_domains_never_share_a_title(draft: Draft) -> None:
    with pytest.raises(Refused, match="Another domain"):
        do(services.add_domain, draft.version_id, title="the child", by=draft.coordinator)
    domain_id = draft.domains["Recognition"]
    with pytest.raises(Refused, match="Another domain"):
        do(services.rename_domain, draft.version_id, domain_id, edition=1, title="The child", by=draft.coordinator)


def test_a_stale_name_of_a_domain_is_refused(draft: Draft) -> None:
    domain_id = draft.domains["Recognition"]
    do(services.rename_domain, draft.version_id, domain_id, edition=1, title="Seeing", by=draft.coordinator)
    with pytest.raises(Stale) as stale:
        do(services.rename_domain, draft.version_id, domain_id, edition=1, title="Noticing", by=draft.coordinator)
    assert stale.value.theirs == {"title": "Seeing"}


def test_a_domain_goes_with_its_indicators_moved(draft: Draft) -> None:
    head, last = draft.domains.values()
    for move_to in (None, head, 999_999):
        with pytest.raises(Refused) as refused:
            do(services.remove_domain, draft.version_id, head, move_to=move_to, by=draft.coordinator)
        assert refused.value.field == "move_to"
    do(services.remove_domain, draft.version_id, head, move_to=last, by=draft.coordinator)
    assert codes(draft) == {"The child": ["B01", "H02", "A01", "A04"]}


# --- indicators ---


def test_an_indicator_of_the_library_comes_with_the_librarys_words(draft: Draft) -> None:
    do(services.add_indicator, draft.version_id, draft.domains["Recognition"], code="H01", by=draft.coordinator)
    assert codes(draft)["Recognition"] == ["A01", "A04", "H01"]
    library = the_catalogue().indicators["H01"]
    assert (draft.asked("H01").question, draft.asked("H01").guidance) == (library.question, library.guidance)


@pytest.mark.parametrize("code", ["A01", "Z99", "SAL01"])
def test_an_indicator_is_added_once_and_from_the_library(draft: Draft, code: str) -> None:
    with pytest.raises(Refused) as refused:
        do(services.add_indicator, draft.version_id, draft.domains["The child"], code=code, by=draft.coordinator)
    assert refused.value.field == "code"


def test_own_indicators_take_the_next_code_of_the_partnership(draft: Draft) -> None:
    domain_id = draft.domains["The child"]
    for title in ("Home conditions", "Brothers and sisters"):
        do(services.write_indicator, draft.version_id, domain_id, title=title, by=draft.coordinator)
    assert codes(draft)["The child"] == ["B01", "H02", "SAL01", "SAL02"]
    another = a_draft(a_partnership("saltash"))
    do(services.write_indicator, another.version_id, another.domains["The child"], title="X", by=another.coordinator)
    assert codes(another)["The child"][-1] == "SALT01", "each partnership has a series of its own"
    do(services.write_indicator, draft.version_id, domain_id, title="Food", by=draft.coordinator)
    assert codes(draft)["The child"][-1] == "SAL03", "and keeps it"
    with pytest.raises(Refused) as refused:
        do(services.write_indicator, draft.version_id, domain_id, title="x" * 46, by=draft.coordinator)
    assert refused.value.field == "title"


def test_everything_about_an_indicator_changes_but_its_code(draft: Draft) -> None:
    wanted = replace(
        draft.asked("A01"),
        title="Seen early",
        question="Was it seen?",
        is_panel=True,
        guidance={"good": "Within a day."},
        applies={
            AppliesBy.AGENCY_KIND: frozenset({"health", "police"}),
            AppliesBy.PLAN_STATUS: frozenset(rules.PlanStatus),
        },
    )
    change(draft, wanted)
    assert draft.asked("A01") == rules.tidied(wanted)
    assert queries.indicator_edition(draft.version_id, "A01") == 2
    change(draft, wanted)
    assert events().count("template_indicator_changed") == 1, "the same again is no change, and nothing is stale"


def test_a_stale_save_of_an_indicator_overwrites_nothing(draft: Draft) -> None:
    first, second = (replace(draft.asked("A01"), why=why) for why in ("Hers.", "Mine."))
    change(draft, first)
    with pytest.raises(Stale) as stale:
        change(draft, second)
    assert (stale.value.version, draft.asked("A01").why) == (2, "Hers.")
    other = replace(draft.asked("A04"), why="Mine.")
    change(draft, other)


def test_indicators_move_inside_their_domain_and_to_another(draft: Draft) -> None:
    do(services.move_indicator, draft.version_id, "A04", is_up=True, by=draft.coordinator)
    do(services.move_indicator, draft.version_id, "A04", is_up=True, by=draft.coordinator)
    assert codes(draft) == {"Recognition": ["A04", "A01"], "The child": ["B01", "H02"]}
    do(services.move_to_domain, draft.version_id, "A04", domain_id=draft.domains["The child"], by=draft.coordinator)
    assert codes(draft) == {"Recognition": ["A01"], "The child": ["B01", "H02", "A04"]}
    do(services.move_indicator, draft.version_id, "B01", is_up=False, by=draft.coordinator)
    assert codes(draft)["The child"] == ["H02", "B01", "A04"]
    with pytest.raises(Refused, match="Choose a domain of this template"):
        do(services.move_to_domain, draft.version_id, "A04", domain_id=999_999, by=draft.coordinator)


def test_a_retired_indicator_is_no_longer_asked(draft: Draft) -> None:
    do(services.remove_indicator, draft.version_id, "A01", by=draft.coordinator)
    assert codes(draft) == {"Recognition": ["A04"], "The child": ["B01", "H02"]}


# --- publishing, discarding ---


def test_a_published_version_is_whole_and_offered_to_its_partnership_alone(draft: Draft) -> None:
    here, elsewhere = draft.coordinator.partnership_id, a_partnership().id
    assert draft.version_id not in {one.version_id for one in queries.templates_offered(here)}
    published(draft)
    row = db.session.get_one(models.AuditTemplateVersion, draft.version_id)
    assert (row.published_by_id, row.note) == (draft.coordinator.id, "")
    assert queries.templates_offered(here)[-1].version_id == draft.version_id
    assert draft.version_id not in {one.version_id for one in queries.templates_offered(elsewhere)}
    second = the_next_version(draft)
    assert queries.templates_offered(here)[-1].version_id == draft.version_id, "a draft is not offered"
    published(second, note="Another description.")
    assert [one.version for one in queries.templates_offered(here) if one.is_own] == [2]


def test_words_that_the_scale_has_for_a_level_are_written_out_on_publication(draft: Draft) -> None:
    levels = tuple(
        Level(code, letter, said, rank, Band.ADEQUATE, means=f"{said} is what it was.")
        for rank, (code, letter, said) in enumerate((("aye", "Y", "Yes"), ("nay", "N", "No")), 1)
    )
    scale = Scale("plain", "Yes or no", ScaleDirection.BEST_FIRST, levels)
    do(services.load_catalogue, Catalogue({"plain": scale}, {}, {}, {}, ()), at=clock.now())
    do(services.change_draft, draft.version_id, **words(draft, scale="plain"))
    mark = rules.mark_of(draft.whole)
    do(services.publish_draft, draft.version_id, mark=mark, note="", by=draft.coordinator, at=clock.now())
    assert draft.asked("A01").guidance == {"aye": "Yes is what it was.", "nay": "No is what it was."}


def test_a_draft_is_published_as_it_was_checked(draft: Draft) -> None:
    mark = rules.mark_of(draft.whole)
    do(services.move_indicator, draft.version_id, "A04", is_up=True, by=draft.coordinator)
    with pytest.raises(Refused, match="Check it once more"):
        do(services.publish_draft, draft.version_id, mark=mark, note="", by=draft.coordinator, at=clock.now())


def test_an_unfinished_draft_is_not_published(draft: Draft) -> None:
    do(services.add_domain, draft.version_id, title="Empty", by=draft.coordinator)
    mark = rules.mark_of(draft.whole)
    with pytest.raises(Refused, match="Something is missing"):
        do(services.publish_draft, draft.version_id, mark=mark, note="", by=draft.coordinator, at=clock.now())


def test_a_question_that_none_of_the_agencies_answers_stops_publication(draft: Draft) -> None:
    partnership_id = draft.coordinator.partnership_id
    a_police_force = queries.missing_in(partnership_id, 0, draft.whole)
    assert a_police_force == []
    partnership = a_partnership("police-alone")
    an_agency(partnership, AgencyKind.POLICE)
    alone = a_draft(partnership)
    (missing,) = queries.missing_in(partnership.id, 0, alone.whole)
    assert missing.code == "H02"


def test_from_version_2_on_a_note_says_what_changed(draft: Draft) -> None:
    second = the_next_version(published(draft))
    with pytest.raises(Refused) as refused:
        published(second)
    assert refused.value.field == "note"


def test_a_version_that_changes_nothing_is_not_published(draft: Draft) -> None:
    second = the_next_version(published(draft))
    mark = rules.mark_of(second.whole)
    with pytest.raises(Refused, match="Something is missing"):
        do(services.publish_draft, second.version_id, mark=mark, note="x", by=draft.coordinator, at=clock.now())


def test_a_discarded_draft_leaves_nothing_but_its_history(draft: Draft) -> None:
    do(services.discard_draft, draft.version_id, by=draft.coordinator)
    assert queries.own_template_codes(draft.coordinator.partnership_id) == set()
    for part in (models.TemplateIndicator, models.TemplateDomain):
        assert db.session.query(part).filter_by(version_id=draft.version_id).count() == 0
    assert events()[-1] == "template_discarded"


def test_a_discarded_second_version_leaves_the_first(draft: Draft) -> None:
    second = the_next_version(published(draft))
    do(services.discard_draft, second.version_id, by=draft.coordinator)
    assert [one.version for one in queries.own_templates(draft.coordinator)] == [1]
