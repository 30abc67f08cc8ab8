"""The catalogue's own words, and what a published version is held to."""

from dataclasses import replace

import pytest

from audit_app.indicators.rules import (
    AppliesBy,
    Band,
    Level,
    Scale,
    ScaleDirection,
    applies_in_words,
    level_alone,
    reference_in_words,
    what_differs,
    why_not_publish,
)
from tests.factories.indicators import the_catalogue


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("1.2", "paragraph 1.2"),
        ("6.0 L141", "paragraph 6.0, line 141 of the text"),
        ("App I L169", "Appendix I, line 169 of the text"),
        ("Introduction L20", "Introduction, line 20 of the text"),
        ("8.1 (5th)", "paragraph 8.1 (5th)"),
        ("4.2 Context", "paragraph 4.2 Context"),
        ("5 Later", "paragraph 5 Later"),
    ],
)
def test_a_reference_is_said_as_a_reader_would(reference: str, said: str) -> None:
    assert reference_in_words(reference) == said


def test_limits_are_said_in_the_order_of_their_values() -> None:
    limits = {AppliesBy.AGE_BAND: frozenset({"5_to_9", "unborn"}), AppliesBy.AGENCY_KIND: frozenset({"police"})}
    assert applies_in_words(limits) == ["Police", "Unborn, 5 to 9"]
    assert applies_in_words({}) == []


def test_a_scale_is_read_from_its_own_end() -> None:
    best, worst = Level("ten", "10", "Ten", 1, Band.STRONG), Level("zero", "0", "Zero", 2, Band.WEAK)
    scale = Scale("zero-to-ten", "Zero to ten", ScaleDirection.WORST_FIRST, (best, worst))
    assert scale.as_read == (worst, best)
    assert replace(scale, direction=ScaleDirection.BEST_FIRST).as_read == (best, worst)


def test_a_level_that_has_a_number_is_never_named_without_it() -> None:
    assert level_alone("7", "Sound, with a few gaps") == "7: Sound, with a few gaps"
    assert level_alone("RI", "Requires improvement") == "Requires improvement"


def test_a_new_version_and_an_unchanged_one_may_be_published() -> None:
    core = the_catalogue().templates[0]
    assert why_not_publish(None, core) is None
    assert why_not_publish(core, replace(core, position=99)) is None


def test_what_changed_in_a_published_version_is_named() -> None:
    core = the_catalogue().templates[0]
    head, *others = core.domains
    a01, a04, a09 = head.indicators
    changed = replace(
        core,
        title="Core",
        domains=(replace(head, indicators=(replace(a04, is_panel=False), replace(a01, why="Because."))), *others),
    )
    assert list(what_differs(core, changed)) == [
        "title",
        f"{a09.code} is gone",
        "A04 is_panel",
        "A01 why",
        "the order or the domains",
    ]
    assert "make it 2" in (why_not_publish(core, changed) or "")


def test_a_long_list_of_changes_is_cut_short() -> None:
    core = the_catalogue().templates[0]
    reason = why_not_publish(core, replace(core, domains=core.domains[:1]))
    assert reason is not None
    assert "and 9 more" in reason
