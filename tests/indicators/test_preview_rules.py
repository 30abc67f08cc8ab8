"""Of whom a question is asked, and what the preview of a template therefore shows."""

from dataclasses import replace

import pytest

from audit_app.indicators import rules
from audit_app.indicators.rules import AppliesBy, TemplateDomain
from tests.factories.rounds import SMALL

UNBORN = {AppliesBy.AGE_BAND: "unborn"}
POLICE = {AppliesBy.AGENCY_KIND: "police"}


@pytest.mark.parametrize(
    ("limits", "of", "is_it"),
    [
        ({}, POLICE, True),
        ({AppliesBy.AGENCY_KIND: frozenset({"police"})}, POLICE, True),
        ({AppliesBy.AGENCY_KIND: frozenset({"health"})}, POLICE, False),
        ({AppliesBy.AGENCY_KIND: frozenset({"health"})}, {}, True),
        ({AppliesBy.AGENCY_KIND: frozenset({"health"})}, UNBORN, True),
        ({AppliesBy.AGE_BAND: frozenset({"under_1"})}, {**POLICE, **UNBORN}, False),
    ],
)
def test_a_question_is_asked_where_no_limit_keeps_it_out(
    limits: dict[AppliesBy, frozenset[str]], of: dict[AppliesBy, str], is_it: bool
) -> None:
    assert rules.is_asked(limits, of) is is_it


def test_a_preview_has_the_domains_of_a_return() -> None:
    draft = replace(SMALL, domains=(*SMALL.domains, TemplateDomain("Empty", ())))
    assert rules.preview_domains(draft, {}) == (1, 2, 3)
    assert rules.preview_domains(draft, POLICE) == (1, 2)
    assert rules.preview_domains(draft, {**POLICE, **UNBORN}) == (1,)
    assert [one.code for one in rules.preview_questions(SMALL, 2, POLICE)] == ["B01"]


def test_a_preview_asks_what_a_return_asks() -> None:
    questions = rules.preview_questions(SMALL, 1, {})
    assert [one.code for one in questions] == ["A01", "A04"]
    assert [level.words for level in rules.preview_levels(SMALL)] == [level.words for level in SMALL.scale.levels]
    assert questions[0].guidance == {
        level.rank: SMALL.indicators[0].guidance[level.code] for level in SMALL.scale.levels
    }
