"""What a plan needs, what it may be called, who sees which rounds, and of whom an indicator is asked."""

from dataclasses import replace
from datetime import date

import pytest

from audit_app.accounts.rules import AgencyKind, Role
from audit_app.indicators.rules import (
    AgeBand,
    AppliesBy,
    AuditTemplate,
    Band,
    PlanStatus,
    Rated,
    TemplateDomain,
    TemplateIndicator,
)
from audit_app.rounds.rules import (
    SEEN_BY_BOARD,
    FrozenDomain,
    FrozenIndicator,
    FrozenLevel,
    FrozenTemplate,
    Plan,
    PromptKind,
    Reach,
    RoundState,
    Section,
    applies,
    indicators_for,
    lines_of,
    missing_in,
    reach,
    states_seen_by,
    still_missing,
    suggested_reference,
    why_not_change_plan,
    why_not_dates,
    why_not_empty,
    why_not_move,
    why_not_open,
    why_not_past,
    why_not_reach,
    why_not_reference,
    why_not_withdraw,
)
from tests.factories.rounds import SMALL, an_indicator_asked

WHOLE = Plan(
    round_id=1,
    reference="N26",
    title="Neglect",
    state=RoundState.DRAFT,
    version=1,
    prompt_kind=PromptKind.REVIEW,
    prompt_detail="The review of 2025",
    body_id=1,
    theme="Under fives",
    terms_of_reference="What we look at",
    key_lines=("Is the child heard?",),
    look_back_months=12,
    agencies=((1, "Health"), (2, "Police")),
    template_version_id=1,
    returns_due_on=date(2026, 4, 1),
    panel_on=date(2026, 4, 20),
    report_due_on=date(2026, 5, 20),
)
TODAY = date(2026, 3, 4)
COMPLETE = {Section.NAME, Section.RETURNS, Section.PANELS}
"""Pages that lack nothing from the start: a round has a title, and the others are answered as delivered."""


def test_a_whole_plan_lacks_nothing_and_can_be_opened() -> None:
    assert (still_missing(WHOLE), missing_in(WHOLE), why_not_open(WHOLE, today=TODAY)) == ([], {}, None)


def test_an_empty_plan_says_what_each_of_its_pages_needs() -> None:
    missing = missing_in(Plan(1, "N26", "Neglect", RoundState.DRAFT, 1))
    assert list(missing) == [section for section in Section if section not in COMPLETE]
    assert missing[Section.DATES] == ["the date returns are due", "the date of the panel", "the date the report is due"]


def test_one_agency_is_too_few_unless_the_template_is_for_one_kind_of_agency() -> None:
    alone = replace(WHOLE, agencies=((1, "Health"),))
    assert still_missing(alone) == ["at least two agencies"]
    assert still_missing(replace(alone, agencies_needed=1)) == []
    assert still_missing(replace(alone, agencies=(), agencies_needed=1)) == ["an agency"]


def test_naming_what_prompted_it_without_saying_which_one_is_not_enough() -> None:
    assert still_missing(replace(WHOLE, prompt_detail="")) == ["what prompted it"]


def test_the_reason_against_opening_lists_everything_in_one_sentence() -> None:
    lacking = replace(WHOLE, theme="", look_back_months=None, panel_on=None)
    reason = "The plan still needs a theme, the look-back period and the date of the panel."
    assert why_not_open(lacking, today=TODAY) == reason


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (replace(WHOLE, state=RoundState.RETURNS), "opened already"),
        (replace(WHOLE, returns_due_on=TODAY), "has passed"),
        (replace(WHOLE, report_due_on=date(2026, 4, 20)), "after the panel"),
    ],
)
def test_a_round_cannot_be_opened(plan: Plan, reason: str) -> None:
    assert reason in (why_not_open(plan, today=TODAY) or "")


@pytest.mark.parametrize(
    ("returns", "panel", "report", "reason"),
    [
        (1, 2, 3, None),
        (2, 2, 3, "The panel must come after the day returns are due."),
        (1, 3, 3, "The report must be due after the panel."),
        (3, None, 2, "The report must be due after the returns."),
        (None, 3, 2, "The report must be due after the panel."),
        (3, None, None, None),
        (None, None, None, None),
    ],
)
def test_dates_come_in_order_as_far_as_they_are_known(
    returns: int | None, panel: int | None, report: int | None, reason: str | None
) -> None:
    dates = [date(2026, 4, day) if day else None for day in (returns, panel, report)]
    assert why_not_dates(*dates) == reason


@pytest.mark.parametrize(
    ("name", "chosen", "reason"),
    [
        ("returns_due_on", date(2020, 1, 1), "The day returns are due, 1 January 2020, has passed."),
        ("returns_due_on", TODAY, "The day returns are due, 4 March 2026, is today."),
        ("panel_on", date(2026, 3, 3), "The day of the panel, 3 March 2026, has passed."),
        ("report_due_on", date(2026, 3, 3), "The day the report is due, 3 March 2026, has passed."),
        ("panel_on", TODAY, None),
        ("returns_due_on", date(2026, 3, 5), None),
        ("returns_due_on", None, None),
    ],
)
def test_a_day_that_has_passed_is_named(name: str, chosen: date | None, reason: str | None) -> None:
    said = why_not_past(name, chosen, today=TODAY)
    assert said == (f"{reason} Choose a later date." if reason else None)


def test_a_day_is_left_empty_only_while_the_round_is_planned() -> None:
    assert why_not_empty("panel_on", None, RoundState.DRAFT) is None
    assert why_not_empty("panel_on", TODAY, RoundState.RETURNS) is None
    assert "The day of the panel is needed" in (why_not_empty("panel_on", None, RoundState.RETURNS) or "")


@pytest.mark.parametrize("reference", ["N26", "NE", "N26B", "AUDIT26A"])
def test_a_reference_is_short_and_plain(reference: str) -> None:
    assert why_not_reference(reference) is None


@pytest.mark.parametrize("reference", ["", "N", "26N", "n26", "N-26", "N 26", "new", "N26/1", "TOOLONG26", "N26\n"])
def test_a_reference_that_would_not_stand_in_an_address_is_refused(reference: str) -> None:
    assert why_not_reference(reference)


def test_the_next_reference_of_a_year_is_suggested() -> None:
    assert suggested_reference(2026, set()) == "N26"
    assert suggested_reference(2026, {"N26", "N26B", "N25"}) == "N26C"
    taken = {"N26", *(f"N26{letter}" for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ")}
    assert suggested_reference(2026, taken) == "N26AA"
    assert why_not_reference(suggested_reference(2009, taken)) is None


def test_key_lines_are_read_one_a_line_without_their_bullets() -> None:
    text = "- Is the child heard?\r\n\r\n  2. Do plans change anything?  \n•  Who sees the family?\n10 to 15 year olds"
    assert lines_of(text) == (
        "Is the child heard?",
        "Do plans change anything?",
        "Who sees the family?",
        "10 to 15 year olds",
    )


# states


def test_only_a_draft_can_be_changed() -> None:
    assert [state for state in RoundState if why_not_change_plan(state) is None] == [RoundState.DRAFT]
    assert "withdrawn" in (why_not_change_plan(RoundState.WITHDRAWN) or "")


def test_the_dates_can_be_changed_until_the_round_is_published() -> None:
    closed = {RoundState.PUBLISHED, RoundState.CLOSED, RoundState.WITHDRAWN}
    assert {state for state in RoundState if why_not_change_plan(state, ["panel_on", "report_due_on"])} == closed
    assert "published" in (why_not_change_plan(RoundState.PUBLISHED, ["panel_on"]) or "")
    assert "frozen" in (why_not_change_plan(RoundState.RETURNS, ["panel_on", "theme"]) or "")


def test_what_is_decided_about_panels_can_be_changed_until_a_case_is_released() -> None:
    names = ["agreement_rule", "is_pack_printed"]
    assert why_not_change_plan(RoundState.RETURNS, names) is None
    assert why_not_change_plan(RoundState.RETURNS, ["panel_on"], is_any_released=True) is None
    for asked in (names, [*names, "panel_on"]):
        reason = why_not_change_plan(RoundState.RETURNS, asked, is_any_released=True)
        assert "first case has been released" in (reason or "")
    assert "frozen" in (why_not_change_plan(RoundState.RETURNS, [*names, "theme"]) or "")
    assert "published" in (why_not_change_plan(RoundState.PUBLISHED, names) or "")


def test_a_round_cannot_jump() -> None:
    assert why_not_move(RoundState.SAMPLING, RoundState.RETURNS) is None
    assert why_not_move(RoundState.SAMPLING, RoundState.PUBLISHED) == (
        "A round that is at “Sampling” cannot go to “Published”."
    )


def test_a_round_can_be_withdrawn_until_it_is_published() -> None:
    kept = {state for state in RoundState if why_not_withdraw(state)}
    assert kept == {RoundState.PUBLISHED, RoundState.CLOSED, RoundState.WITHDRAWN}


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.AGENCY_LEAD])
def test_the_board_and_agency_leads_see_published_rounds_only(role: Role) -> None:
    assert states_seen_by({role}) == SEEN_BY_BOARD


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRACTITIONER])
def test_administrators_and_practitioners_see_no_round(role: Role) -> None:
    assert states_seen_by({role}) == frozenset()


def test_with_two_roles_the_wider_one_counts() -> None:
    assert states_seen_by({Role.BOARD_MEMBER, Role.COORDINATOR}) == frozenset(RoundState)


# whom a template reaches


def asked_of(*kinds: AgencyKind) -> TemplateIndicator:
    asked = an_indicator_asked("A01", "Signs were seen")
    return replace(asked, applies={AppliesBy.AGENCY_KIND: frozenset(kinds)} if kinds else {})


def a_template_of(*indicators: TemplateIndicator) -> AuditTemplate:
    return replace(SMALL, domains=(TemplateDomain("Only", indicators),))


BOTH = {"Health": AgencyKind.HEALTH, "Police": AgencyKind.POLICE}


def test_an_agency_that_is_asked_nothing_is_named_and_keeps_the_round_from_opening() -> None:
    found = reach(a_template_of(asked_of(AgencyKind.HEALTH)), BOTH)
    assert found == Reach(idle=("Police",))
    assert why_not_reach(found) == (
        "Police is asked nothing by this template. Take it out of the round, or choose another template."
    )
    assert str(why_not_reach(Reach(idle=("Police", "Health", "School")))).startswith(
        "Police, Health and School are asked nothing by this template. Take them out"
    )


def test_a_question_that_nobody_there_is_asked_is_named_and_stops_nothing() -> None:
    education = asked_of(AgencyKind.EDUCATION)
    found = reach(a_template_of(asked_of(), education), BOTH)
    assert found == Reach(unanswered=(education,))
    assert why_not_reach(found) is None


# the frozen template


def indicator(code: str, limits: dict[AppliesBy, frozenset[str]] | None = None, **more: bool) -> FrozenIndicator:
    return FrozenIndicator(
        id=1,
        domain_id=1,
        position=1,
        code=code,
        title=code,
        question="?",
        why="",
        look_for="",
        example="",
        rated=Rated.OWN_WORK,
        is_panel=more.get("is_panel", False),
        is_narrative=False,
        guidance={},
        limits=limits or {},
    )


EVERYBODY = indicator("A01", is_panel=True)
BORN = indicator("B01", {AppliesBy.AGE_BAND: frozenset({"under_1", "1_to_4"})})
SCHOOL = indicator(
    "C09",
    {AppliesBy.AGENCY_KIND: frozenset({"education"}), AppliesBy.PLAN_STATUS: frozenset({"child_protection"})},
)
TEMPLATE = FrozenTemplate(
    levels=(FrozenLevel(1, "good", "G", "Good", 1, Band.STRONG, 1),),
    domains=(FrozenDomain(1, 1, "First", (EVERYBODY,)), FrozenDomain(2, 2, "Second", (BORN, SCHOOL))),
)


@pytest.mark.parametrize(
    ("one", "kind", "plan", "age", "is_asked"),
    [
        (EVERYBODY, AgencyKind.OTHER, PlanStatus.OTHER, AgeBand.UNBORN, True),
        (BORN, AgencyKind.HEALTH, PlanStatus.OTHER, AgeBand.UNDER_1, True),
        (BORN, AgencyKind.HEALTH, PlanStatus.OTHER, AgeBand.UNBORN, False),
        (SCHOOL, AgencyKind.EDUCATION, PlanStatus.CHILD_PROTECTION, AgeBand.FROM_16, True),
        (SCHOOL, AgencyKind.EDUCATION, PlanStatus.CHILD_IN_NEED, AgeBand.FROM_16, False),
        (SCHOOL, AgencyKind.POLICE, PlanStatus.CHILD_PROTECTION, AgeBand.FROM_16, False),
    ],
)
def test_an_indicator_is_asked_where_every_limit_allows_it(
    one: FrozenIndicator, kind: AgencyKind, plan: PlanStatus, age: AgeBand, is_asked: bool
) -> None:
    assert applies(one, kind, plan, age) is is_asked


def test_the_indicators_of_a_return_come_in_the_order_of_its_pages() -> None:
    asked = indicators_for(TEMPLATE, AgencyKind.EDUCATION, PlanStatus.CHILD_PROTECTION, AgeBand.UNDER_1)
    assert [one.code for one in asked] == ["A01", "B01", "C09"]
    assert indicators_for(TEMPLATE, AgencyKind.POLICE, PlanStatus.OTHER, AgeBand.UNBORN) == (EVERYBODY,)


def test_the_panels_indicators_are_those_marked_so() -> None:
    assert TEMPLATE.panel_indicators == (EVERYBODY,)
