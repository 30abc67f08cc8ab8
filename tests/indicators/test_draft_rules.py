"""What a partnership's own templates are held to."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.accounts.rules import AgencyKind, Role
from audit_app.indicators import rules
from audit_app.indicators.rules import (
    AppliesBy,
    AuditTemplate,
    Happened,
    Missing,
    TemplateDomain,
    TemplateIndicator,
    Wording,
)
from tests.factories.rounds import SMALL, an_indicator_asked

EVERY_KIND = {kind.value for kind in AgencyKind}
A01 = SMALL.indicators[0]


def with_first(**changes: object) -> AuditTemplate:
    """SMALL with another first indicator."""
    head, *others = SMALL.domains
    _first, *rest = head.indicators
    return replace(SMALL, domains=(replace(head, indicators=(replace(A01, **changes), *rest)), *others))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("is_own", "is_published", "reason"),
    [
        (True, False, None),
        (True, True, "This version is published"),
        (False, True, "This template was delivered"),
        (False, False, "This template was delivered"),
    ],
)
def test_only_a_draft_of_ones_own_is_changed(is_own: bool, is_published: bool, reason: str | None) -> None:
    refused = rules.why_not_edit(is_own=is_own, is_published=is_published)
    assert refused is None if reason is None else (refused or "").startswith(reason)


@pytest.mark.parametrize(
    ("is_own", "is_published", "has_draft", "reason"),
    [
        (True, True, False, None),
        (True, True, True, "There is a draft"),
        (True, False, True, "There is a draft"),
        (False, True, False, "This template was delivered"),
    ],
)
def test_a_version_follows_one_that_is_published(
    is_own: bool, is_published: bool, has_draft: bool, reason: str | None
) -> None:
    refused = rules.why_not_start_version(is_own=is_own, is_published=is_published, has_draft=has_draft)
    assert refused is None if reason is None else (refused or "").startswith(reason)


def test_coordinators_and_scrutineers_see_drafts() -> None:
    assert {role for role in Role if rules.may_see_drafts([role])} == {Role.COORDINATOR, Role.SCRUTINEER}


@pytest.mark.parametrize(
    ("title", "reason"),
    [("Voice", None), ("", "Enter a title."), ("recognition", "Another domain"), ("x" * 121, "The title of a domain")],
)
def test_a_domain_has_a_title_of_its_own(title: str, reason: str | None) -> None:
    refused = rules.why_not_domain(title, others=["Recognition"], is_new=True)
    assert refused is None if reason is None else (refused or "").startswith(reason)


@pytest.mark.parametrize("title", ["What  is “ours”", 'what is "OURS"', "What is\n“ours”"])
def test_two_titles_of_domains_differ_by_more_than_capitals_spaces_and_kinds_of_quotes(title: str) -> None:
    assert rules.why_not_domain(title, others=["What is “ours”"], is_new=True)


@pytest.mark.parametrize(
    ("code", "made_from", "published", "warns"),
    [("own-a", 1, [1, 2], True), ("own-a", 2, [1, 2], False), ("own-b", 1, [1, 2], False), ("own-a", 1, [], False)],
)
def test_a_file_made_before_the_newest_version_is_looked_at_again(
    code: str, made_from: int, published: list[int], *, warns: bool
) -> None:
    read = replace(SMALL, code=code, version=made_from)
    said = rules.why_look_again(read, code="own-a", published=published)
    assert said == (
        "This file was made from version 1, and version 2 is newer: see what changed before you publish."
        if warns
        else None
    )


def test_a_template_has_room_for_so_many_domains_and_questions() -> None:
    many = [str(number) for number in range(200)]
    assert "at most 40 domains" in (rules.why_not_domain("One more", others=many[:40], is_new=True) or "")
    assert rules.why_not_domain("Another title", others=many[:40], is_new=False) is None
    assert "at most 200 questions" in (rules.why_not_add("A01", asked=many) or "")
    assert "asks A01 already" in (rules.why_not_add("A01", asked=["A01"]) or "")
    assert rules.why_not_add("A01", asked=["A02"]) is None


@pytest.mark.parametrize(
    ("indicators", "move_to", "is_refused"), [(0, None, False), (2, 7, False), (2, None, True), (0, 7, False)]
)
def test_a_domain_goes_when_it_is_empty(indicators: int, move_to: int | None, is_refused: bool) -> None:
    assert bool(rules.why_not_remove_domain(indicators=indicators, move_to=move_to)) is is_refused


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"question": "", "why": ""}, None),
        ({"title": ""}, "title"),
        ({"title": "x" * 46}, "title"),
        ({"why": "x" * 4001}, "why"),
        ({"guidance": {"good": "x" * 20_000}}, "level_good"),
        ({"applies": {AppliesBy.AGENCY_KIND: frozenset()}}, "agency_kind"),
        ({"applies": {AppliesBy.AGE_BAND: frozenset({"old"})}}, "age_band"),
    ],
)
def test_a_draft_keeps_half_an_indicator_but_no_impossible_one(changes: dict[str, object], field: str | None) -> None:
    refused = rules.why_not_indicator(replace(A01, **changes))  # type: ignore[arg-type]
    assert (refused[1] if refused else None) == field


@pytest.mark.parametrize(
    ("description", "minutes", "field"),
    [
        ("", 1, None),
        ("x" * 4001, 20, "description"),
        ("x", None, "minutes_per_child"),
        ("x", 0, "minutes_per_child"),
        ("x", 601, "minutes_per_child"),
    ],
)
def test_a_template_takes_minutes(description: str, minutes: int | None, field: str | None) -> None:
    refused = rules.why_not_description(description=description, minutes_per_child=minutes)
    assert (refused[1] if refused else None) == field


def test_what_limits_nothing_is_no_limit() -> None:
    kinds, ages = frozenset(kind.value for kind in AgencyKind), frozenset({"unborn"})
    limited = replace(A01, applies={AppliesBy.AGENCY_KIND: kinds, AppliesBy.AGE_BAND: ages}, guidance={"good": ""})
    assert rules.tidied(limited) == replace(A01, applies={AppliesBy.AGE_BAND: ages}, guidance={})


@pytest.mark.parametrize(
    ("title", "taken", "code"),
    [
        ("Neglect here", [], "own-neglect-here"),
        ("Neglect – here!", ["own-neglect-here"], "own-neglect-here-2"),
        ("…", [], "own-template"),
        ("x" * 120, [], "own-" + "x" * 40),
    ],
)
def test_an_own_template_is_known_by_its_title(title: str, taken: list[str], code: str) -> None:
    assert rules.own_code(title, taken=taken) == code


@pytest.mark.parametrize(
    ("slug", "others", "series"),
    [
        ("saltmere", ["A01", "FH01"], "SAL"),
        ("saltmere", ["SAL01"], "SALT"),
        ("saltmere", ["SAL01", "SALT02"], "SA"),
        ("saltmere", ["SAL01", "SALT02", "SA07"], "SALA"),
        ("city-and-hackney", [], "CIT"),
        ("ely", ["ELY01"], "EL"),
        ("4", [], "OWN"),
    ],
)
def test_own_indicators_have_a_series_that_nobody_else_uses(slug: str, others: list[str], series: str) -> None:
    assert next(rules.series_of(slug, others=others)) == series


def test_the_next_code_is_the_first_that_is_free() -> None:
    assert rules.next_code("saltmere", ours=[], others=[]) == "SAL01"
    assert rules.next_code("saltmere", ours=["SAL01", "SAL03"], others=[]) == "SAL02"
    assert rules.next_code("saltmere", ours=["SAL01"], others=["SAL02"]) == "SALT01"


any_code = st.from_regex(r"[A-Z]{1,4}[0-9]{2}", fullmatch=True)


@given(slug=st.text("abcxyz-", max_size=8), others=st.sets(any_code), wanted=st.sampled_from([1, 99, 100, 250, 3000]))
def test_however_many_questions_a_partnership_writes_each_has_a_code_that_nothing_else_has(
    slug: str, others: set[str], wanted: int
) -> None:
    ours: set[str] = set()
    for series in rules.series_of(slug, others=others):
        ours |= {f"{series}{number:02}" for number in range(1, 100)}
        if len(ours) >= wanted:
            break
    code = rules.next_code(slug, ours=ours, others=others)
    assert re.fullmatch(r"[A-Z]{2,4}[0-9]{2}", code)
    assert code not in ours
    assert code[:-2] not in {other[:-2] for other in others}


ON_PANEL = TemplateDomain(
    "Panel", tuple(an_indicator_asked(f"P{number:02}", f"Title {number}", is_panel=True) for number in range(1, 10))
)


@pytest.mark.parametrize(
    ("draft", "missing"),
    [
        (SMALL, []),
        (replace(SMALL, description=""), ["The template has no description: say whom it is for and what it asks"]),
        (replace(SMALL, domains=()), ["The template asks no question: add one"]),
        (
            replace(SMALL, domains=(ON_PANEL,)),
            ["The template has 9 questions for the panel, and a panel has time for at most 8"],
        ),
        (
            replace(SMALL, domains=(*SMALL.domains, TemplateDomain("Empty", ()))),
            ["Empty asks nothing yet: add a question, or remove the domain"],
        ),
        (
            with_first(question="", example=""),
            [
                "A01 Signs were seen has no question",
                "A01 Signs were seen has no example of how evidence might read",
            ],
        ),
        (
            with_first(guidance={**A01.guidance, "good": ""}),
            ["A01 Signs were seen does not say what “Good” looks like"],
        ),
        (
            with_first(applies={AppliesBy.AGENCY_KIND: frozenset()}),
            ["A01 Signs were seen is asked of nobody: no agency answers it"],
        ),
    ],
)
def test_everything_that_is_missing_is_said_at_once(draft: AuditTemplate, missing: list[str]) -> None:
    found = rules.what_is_missing(draft, kinds=EVERY_KIND, before=None)
    assert [f"{one.place} {one.mending}" for one in found] == missing


def test_an_indicator_that_no_agency_of_the_partnership_answers_is_missing_one() -> None:
    draft = with_first(applies={AppliesBy.AGENCY_KIND: frozenset({"police"})})
    (found,) = rules.what_is_missing(draft, kinds={"health"}, before=None)
    assert found.code == "A01"
    assert "asked only of Police" in found.mending
    assert "no agency answers it" in found.mending
    assert rules.what_is_missing(draft, kinds=set(), before=None) == []


def test_a_level_that_the_scale_explains_needs_no_words() -> None:
    levels = tuple(replace(level, means=f"{level.words} it is.") for level in SMALL.scale.levels)
    draft = replace(with_first(guidance={}), scale=replace(SMALL.scale, levels=levels))
    assert rules.what_is_missing(draft, kinds=EVERY_KIND, before=None) == []
    assert rules.by_code(rules.whole(draft))["A01"].guidance["good"] == "Good it is."


def test_a_version_that_changes_nothing_is_not_published() -> None:
    (found,) = rules.what_is_missing(replace(SMALL, version=2), kinds=EVERY_KIND, before=SMALL)
    assert found.mending == "asks the same as version 1: change something first"
    changed = with_first(why="Another reason.")
    assert rules.what_is_missing(replace(changed, version=2), kinds=EVERY_KIND, before=SMALL) == []


@pytest.mark.parametrize(
    ("missing", "version", "note", "field"),
    [
        ([], 1, "", "allowed"),
        ([], 2, "The voice of brothers and sisters.", "allowed"),
        ([], 2, "", "note"),
        ([], 2, "x" * 4001, "note"),
        ([Missing("The template", "asks no question")], 1, "", None),
    ],
)
def test_publishing_needs_a_whole_draft_and_a_note(
    missing: list[Missing], version: int, note: str, field: str | None
) -> None:
    refused = rules.why_not_publish_draft(missing=missing, version=version, note=note)
    assert (refused[1] if refused else "allowed") == field


def test_the_mark_of_a_draft_changes_with_anything_that_it_says() -> None:
    marks = {
        rules.mark_of(draft)
        for draft in (
            SMALL,
            replace(SMALL, title="Another"),
            replace(SMALL, domains=SMALL.domains[::-1]),
            with_first(why="Another reason."),
            with_first(is_panel=True),
            with_first(guidance={}),
            with_first(applies={AppliesBy.AGE_BAND: frozenset({"unborn"})}),
            replace(SMALL, attributes=("P07",)),
        )
    }
    assert len(marks) == 8
    assert rules.mark_of(SMALL) == rules.mark_of(replace(SMALL, version=2))


def test_a_difference_gives_the_old_and_the_new_words() -> None:
    changed = with_first(why="Another reason.", guidance={**A01.guidance, "good": "Seen within a day."})
    (found,) = rules.differences(SMALL, changed)
    assert (found.code, found.happened) == ("A01", Happened.CHANGED)
    assert found.words == (
        Wording("why", "Why we ask", A01.why, "Another reason."),
        Wording("guidance", "What “Good” looks like", A01.guidance["good"], "Seen within a day."),
    )
    assert rules.template_words(SMALL, changed) == ()


def test_what_is_new_and_what_is_gone_stand_on_one_side() -> None:
    added: TemplateIndicator = an_indicator_asked("SAL01", "Home conditions")
    head, last = SMALL.domains
    changed = replace(SMALL, domains=(replace(head, indicators=(added, *head.indicators[1:])), last))
    new, gone = rules.differences(SMALL, changed)
    assert (new.code, new.happened, gone.code, gone.happened) == ("SAL01", Happened.NEW, "A01", Happened.GONE)
    assert {wording.was for wording in new.words} == {""}
    assert {wording.now for wording in gone.words} == {""}
    (order,) = rules.template_words(SMALL, changed)
    assert order.was.startswith("Recognition: A01, A04\n")
    assert order.now.startswith("Recognition: SAL01, A04\n")


def test_what_two_versions_record_differs_by_title() -> None:
    old, new = replace(SMALL, attributes=("P07", "P11")), replace(SMALL, attributes=("P11", "Z05", "Z99"))
    (recorded,) = rules.template_words(old, new, {"P07": "Type of neglect", "Z05": "Age band"})
    assert (recorded.was, recorded.now) == ("Type of neglect", "Age band\nZ99")
    assert list(rules.what_differs(old, replace(SMALL, attributes=("P11", "P07")))) == ["attributes"], (
        "a file may not even put them into another order"
    )


@pytest.mark.parametrize(
    ("guidance", "seen", "is_kept"),
    [
        ([], "ofsted", True),
        (["good"], "ofsted", True),
        ([], "met", False),
        (["met"], "ofsted", False),
        (["good"], "", False),
    ],
)
def test_words_for_levels_are_kept_by_who_saw_the_levels(guidance: list[str], seen: str, is_kept: bool) -> None:
    assert (rules.why_not_levels(guidance, seen=seen, scale=SMALL.scale) is None) is is_kept


def test_a_template_records_what_the_library_has() -> None:
    assert rules.why_not_attributes(["P07"], known=["P07", "P11"]) is None
    assert rules.why_not_attributes([], known=["P07"]) is None
    assert rules.why_not_attributes(["A01"], known=["P07"])
