"""Who sees what of a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.cases.rules.visibility import BLIND, SEEN_FROM, CasePart, Stage, Thing, visible

SEEN_BY_LEADS = {Thing.FEEDBACK, Thing.CASE_ACTION, Thing.PANEL_FEEDBACK}
PARTS = st.sets(st.sampled_from(CasePart))


@pytest.mark.parametrize(
    ("parts", "thing", "first_seen"),
    [
        ({CasePart.COORDINATOR}, Thing.OTHER_RETURN, Stage.HANDED_OVER),
        ({CasePart.SCRUTINEER}, Thing.OTHER_RETURN, Stage.HANDED_OVER),
        ({CasePart.PANEL}, Thing.OTHER_RETURN, Stage.SHOWN),
        ({CasePart.PANEL}, Thing.PACK, Stage.RELEASED),
        ({CasePart.AUDITOR}, Thing.OTHER_RETURN, Stage.AGREED),
        ({CasePart.AUDITOR}, Thing.OWN_RETURN, Stage.WITH_AGENCIES),
        ({CasePart.COORDINATOR, CasePart.AUDITOR}, Thing.OTHER_RETURN, Stage.SHOWN),
        ({CasePart.COORDINATOR, CasePart.AUDITOR}, Thing.PACK, Stage.RELEASED),
        ({CasePart.COORDINATOR, CasePart.PANEL}, Thing.OTHER_RETURN, Stage.SHOWN),
        ({CasePart.AUDITOR, CasePart.PANEL}, Thing.OTHER_RETURN, Stage.SHOWN),
        ({CasePart.COORDINATOR, CasePart.PANEL}, Thing.CASE, Stage.SAMPLED),
        ({CasePart.COORDINATOR, CasePart.PANEL}, Thing.CONCERN, Stage.SAMPLED),
        ({CasePart.PRACTITIONER}, Thing.NAMED_RETURN, Stage.HANDED_OVER),
        ({CasePart.PRACTITIONER, CasePart.AUDITOR}, Thing.NAMED_RETURN, Stage.SHOWN),
        ({CasePart.AGENCY_LEAD}, Thing.FEEDBACK, Stage.AGREED),
        ({CasePart.AGENCY_LEAD}, Thing.CASE_ACTION, Stage.RELEASED),
        ({CasePart.AUDITOR}, Thing.CASE_ACTION, Stage.RELEASED),
        ({CasePart.COORDINATOR, CasePart.AUDITOR}, Thing.CASE_ACTION, Stage.RELEASED),
        ({CasePart.AGENCY_LEAD}, Thing.PANEL_FEEDBACK, Stage.AGREED),
        ({CasePart.AUDITOR}, Thing.PANEL_FEEDBACK, Stage.AGREED),
        ({CasePart.PANEL}, Thing.PANEL_FEEDBACK, Stage.RELEASED),
        ({CasePart.COORDINATOR}, Thing.PANEL_FEEDBACK, Stage.RELEASED),
        ({CasePart.SCRUTINEER}, Thing.PANEL_FEEDBACK, Stage.RELEASED),
        ({CasePart.BOARD_MEMBER}, Thing.COUNTS, Stage.PUBLISHED),
        ({CasePart.KEY_HOLDER}, Thing.IDENTITY_SHEET, Stage.SAMPLED),
    ],
)
def test_a_thing_is_seen_from_its_stage_on(parts: set[CasePart], thing: Thing, first_seen: Stage) -> None:
    seen = [stage for stage in Stage if visible(parts, thing, stage)]
    assert seen == [stage for stage in Stage if stage >= first_seen]


@pytest.mark.parametrize("thing", [thing for thing in Thing if thing is not Thing.COUNTS])
def test_board_members_and_administrators_never_see_a_case(thing: Thing) -> None:
    for part in (CasePart.BOARD_MEMBER, CasePart.ADMINISTRATOR, CasePart.AGENCY_LEAD):
        if part is not CasePart.AGENCY_LEAD or thing not in SEEN_BY_LEADS:
            assert not any(visible({part}, thing, stage) for stage in Stage)


def test_a_practitioner_sees_their_one_return_and_nothing_else_of_its_case() -> None:
    assert [thing for thing in Thing if CasePart.PRACTITIONER in SEEN_FROM[thing]] == [Thing.NAMED_RETURN]


def test_only_the_key_holder_and_the_asked_auditor_see_an_identity_sheet() -> None:
    assert set(SEEN_FROM[Thing.IDENTITY_SHEET]) == {CasePart.KEY_HOLDER, CasePart.AUDITOR}


@given(PARTS, st.sampled_from(CasePart), st.sampled_from(Thing), st.sampled_from(Stage))
def test_a_blind_part_never_opens_another_agencys_return_early(
    parts: set[CasePart], extra: CasePart, thing: Thing, stage: Stage
) -> None:
    if parts & BLIND and stage < Stage.SHOWN:
        assert not visible(parts | {extra}, Thing.OTHER_RETURN, stage)
    if parts & BLIND and stage < Stage.RELEASED:
        assert not visible(parts | {extra}, Thing.PACK, stage)
    if visible(parts, thing, stage) and stage >= Stage.SHOWN:
        assert visible(parts | {extra}, thing, stage)


@given(PARTS, st.sampled_from(Thing))
def test_what_is_seen_once_stays_seen_unless_one_was_blind(parts: set[CasePart], thing: Thing) -> None:
    seen = [visible(parts, thing, stage) for stage in Stage]
    assert seen == sorted(seen)
