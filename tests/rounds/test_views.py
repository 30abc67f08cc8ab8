"""The pages of a round's plan, as a coordinator meets them."""

import pytest

from audit_app.accounts.rules import Role
from audit_app.core.db import transaction
from audit_app.rounds import queries, rules, services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import RoundState, Section
from tests.factories.accounts import a_body, a_member, a_partnership, an_area
from tests.factories.indicators import the_templates
from tests.factories.rounds import a_planned_round, a_round, an_open_round
from tests.fixtures import Clock, CountQueries
from tests.pages import Page, PageClient
from tests.rounds.conftest import Place


@pytest.fixture
def cora(place: Place, client: PageClient) -> PageClient:
    return client.as_(place.cora)


def plan_page(place: Place, made: Round, page: str = "") -> str:
    return f"{place.rounds}/{made.reference}/plan{'/' if page else ''}{page}"


# the list


def test_without_rounds_the_list_offers_the_first_step(place: Place, cora: PageClient) -> None:
    page = cora.get(place.rounds)
    assert "No rounds yet" in page.main
    assert page.links["Start the first round"] == f"{place.rounds}/new"


def test_the_list_shows_each_rounds_state_theme_and_dates(place: Place, cora: PageClient) -> None:
    made = an_open_round(place.partnership, title="Autumn audit")
    assert cora.get(place.rounds).tables[0][1] == [
        f"{made.reference} Autumn audit",
        "Sampling",
        "Neglect of children under five",
        "2",
        "1 March 2100",
        "20 March 2100",
        "30 April 2100",
    ]


def test_a_scrutineer_reads_the_list_but_starts_nothing(place: Place, client: PageClient) -> None:
    a_round(place.partnership)
    scrutineer = client.as_(place.member(Role.SCRUTINEER))
    assert "Start a round" not in scrutineer.get(place.rounds).links
    scrutineer.get(f"{place.rounds}/new", status=403)


def test_the_list_costs_the_same_for_one_round_and_for_thirty(
    place: Place, cora: PageClient, count_queries: CountQueries
) -> None:
    counts = []
    for more in (1, 24):
        for _ in range(more):
            a_planned_round(place.partnership, [place.health, place.police])
        cora.get(place.rounds)
        with count_queries() as made:
            cora.get(place.rounds)
        counts.append(made.count)
    assert counts[0] == counts[1]


def test_a_long_list_goes_on_over_the_page(place: Place, cora: PageClient) -> None:
    for _ in range(26):
        a_round(place.partnership)
    assert len(cora.get(place.rounds, page=2).tables[0]) == 2
    assert len(cora.get(place.rounds, page="x").tables[0]) == 26


# starting


def test_a_round_is_started_with_the_reference_that_is_suggested(place: Place, cora: PageClient, clock: Clock) -> None:
    start = cora.get(f"{place.rounds}/new")
    assert start.form().values["reference"] == ["N26"]
    plan = cora.send(start, {"title": "Neglect audit, spring 2026"})
    assert (plan.h1, plan.path) == ("Plan this round", f"{place.rounds}/N26/plan")
    assert "N26 Neglect audit, spring 2026 Being planned" in plan.main
    assert cora.get(f"{place.rounds}/new").form().values["reference"] == ["N26B"]


def test_starting_without_a_title_or_with_a_taken_reference_keeps_what_was_typed(
    place: Place, cora: PageClient
) -> None:
    a_round(place.partnership, reference="N26")
    start = cora.get(f"{place.rounds}/new")
    assert cora.send(start, {"title": " "}, status=200).errors == ["Enter a title."]
    page = cora.send(start, {"title": "Neglect", "reference": "n26"}, status=200)
    assert page.errors == ["Another round has that reference. Choose another."]
    assert (page.form().values["title"], page.form().values["reference"]) == (["Neglect"], ["N26"])


# the pages of the plan


def test_a_plan_is_a_list_of_short_pages_that_says_what_each_still_needs(place: Place, cora: PageClient) -> None:
    page = cora.get(plan_page(place, a_round(place.partnership)))
    assert "3 of 11 parts complete" in page.main
    assert "Still needs the date returns are due, the date of the panel and the date the report is due" in page.main
    assert page.links["Key lines of enquiry"].endswith("/plan/enquiry")
    assert page.links["Continue"].endswith("/plan/why")


def test_a_whole_plan_is_written_page_by_page(place: Place, cora: PageClient) -> None:
    body, area, core = a_body(place.partnership), an_area(place.partnership), the_templates()["core-16"]
    made = a_round(place.partnership)
    answers: dict[str, dict[str, object]] = {
        "why": {"prompt_kind": "inspection", "prompt_detail": "The inspection of March asked for it."},
        "body": {"body_id": body.id, "area_id": area.id},
        "terms": {"theme": "Under fives", "terms_of_reference": "Six agencies, nine children."},
        "enquiry": {"key_lines": "- Is the child heard?\r\n- Do plans change anything?"},
        "look-back": {"look_back_months": "12"},
        "agencies": {"agency_ids": [place.health.id, place.police.id], "is_showing_returns_when_agreed": "no"},
        "template": {"template_version_id": core},
        "dates": {
            "returns_due_on": ["1", "3", "2100"],
            "panel_on": ["20", "3", "2100"],
            "report_due_on": ["30", "4", "2100"],
        },
        "returns": {"remind_auditors_days": "5", "practitioners": "answer_below_good"},
        "panels": {"agreement_rule": "all", "is_showing_levels_in_pack": "yes", "is_pack_printed": "yes"},
    }
    for section, given in answers.items():
        shown = cora.send(cora.get(plan_page(place, made, section)), given)
        assert shown.h1 == "Plan this round"
        assert shown.notices
    assert "11 of 11 parts complete" in shown.main
    check = cora.get(shown.links["Check the plan"])
    for words in (
        "An inspection",
        "The inspection of March asked for it.",
        body.name,
        area.name,
        "Under fives",
        "Six agencies, nine children.",
        "Is the child heard?",
        "Do plans change anything?",
        "12 months",
        "Health",
        "Police",
        "Its auditors read only their own agency's return",
        "Core 16, version 1",
        "20 March 2100",
        "5 days before returns are due",
        "They read it, and answer where a rating is below good",
        "All who rate",
        "The pack shows what the agencies rated",
        "Members may take it away as a PDF",
    ):
        assert words in check.main
    opened = cora.send(check)
    assert f"{made.reference} is open for sampling" in opened.notices[0]
    assert len(queries.frozen_template(place.partnership.id, made.id).indicators) == 16


def test_each_page_shows_what_was_saved(place: Place, cora: PageClient) -> None:
    made = a_planned_round(place.partnership, [place.health, place.police])
    plan = queries.plan_of(place.partnership.id, made.id)
    shown = {section: cora.get(plan_page(place, made, section)).form().values for section in Section}
    assert shown[Section.WHY]["prompt_kind"] == ["review"]
    assert shown[Section.BODY]["body_id"] == [str(plan.body_id)]
    assert shown[Section.ENQUIRY]["key_lines"] == ["Is the child's voice in the record?"]
    assert shown[Section.LOOK_BACK]["look_back_months"] == ["12"]
    assert shown[Section.AGENCIES]["agency_ids"] == [str(place.health.id), str(place.police.id)]
    assert shown[Section.TEMPLATE]["template_version_id"] == [str(plan.template_version_id)]
    assert shown[Section.DATES]["panel_on"] == ["20", "3", "2100"]
    panels = {
        "agreement_rule": ["two_thirds"],
        "is_showing_levels_in_pack": ["no"],
        "is_pack_printed": ["no"],
        "is_moderated": ["no"],
    }
    assert {name: shown[Section.PANELS][name] for name in panels} == panels


def test_core_16_is_offered_first(place: Place, cora: PageClient) -> None:
    the_templates()
    page = cora.get(plan_page(place, a_round(place.partnership), "template"))
    assert page.main.index("Core 16, version 1: 16 questions") < page.main.index("Shared by the strategies")


def test_a_page_without_anything_to_choose_from_says_who_can_add_it(place: Place, cora: PageClient) -> None:
    page = cora.get(plan_page(place, a_round(place.partnership), "body"))
    assert "The partnership's administrator adds bodies" in page.main
    assert "Which area" not in page.main


def test_a_partnership_without_areas_is_not_asked_for_one(place: Place, cora: PageClient) -> None:
    made, body = a_round(place.partnership), a_body(place.partnership)
    cora.send(cora.get(plan_page(place, made, "body")), {"body_id": body.id})
    assert queries.plan_of(place.partnership.id, made.id).body == body.name


@pytest.mark.parametrize(
    ("section", "given", "error"),
    [
        ("name", {"title": ""}, "Enter a title."),
        ("look-back", {"look_back_months": "a year"}, "Enter the number of months as a whole number, such as 12."),
        ("look-back", {"look_back_months": "99"}, "The look-back period must be 1 to 60 months."),
        (
            "dates",
            {"returns_due_on": ["30", "2", "2100"]},
            "The day returns are due must be a real date.",
        ),
        (
            "dates",
            {"returns_due_on": ["1", "3", "2100"], "panel_on": ["1", "3", "2100"]},
            "The panel must come after the day returns are due.",
        ),
        (
            "dates",
            {"returns_due_on": ["1", "1", "2020"], "panel_on": ["1", "3", "2100"]},
            "The day returns are due, 1 January 2020, has passed. Choose a later date.",
        ),
        ("terms", {"theme": "x" * 301}, "The theme must be 300 characters or fewer."),
        ("template", {"template_version_id": "77"}, "Choose one of the answers shown."),
        ("agencies", {"agency_ids": ["77"]}, "Choose from the answers shown."),
    ],
)
def test_a_refused_page_says_why_and_keeps_what_was_typed(
    section: str, given: dict[str, object], error: str, place: Place, cora: PageClient
) -> None:
    the_templates()
    made = a_round(place.partnership)
    page = cora.send(cora.get(plan_page(place, made, section)), given, status=200)
    assert page.errors == [error]
    assert page.title.startswith("Error: ")
    for name, value in given.items():
        if "77" not in value:  # type: ignore[operator]
            assert page.form().values[name] == (value if isinstance(value, list) else [value])
    assert queries.plan_of(place.partnership.id, made.id).version == 1


def test_a_stale_save_shows_both_texts_and_loses_nothing(place: Place, cora: PageClient, client: PageClient) -> None:
    made = a_round(place.partnership)
    other = client.as_(place.member(Role.COORDINATOR))
    mine, theirs = (one.get(plan_page(place, made, "terms")) for one in (cora, other))
    other.send(theirs, {"theme": "Theirs", "terms_of_reference": "Written by them."})
    page = cora.send(mine, {"theme": "Mine", "terms_of_reference": "Written by me."}, status=200)
    assert "Someone else changed this plan" in page.errors[0]
    assert page.tables[0][1:] == [
        ["Theme", "Theirs", "Mine"],
        ["Terms of reference", "Written by them.", "Written by me."],
    ]
    assert page.form().values["terms_of_reference"] == ["Written by me."]
    cora.send(page)
    assert queries.plan_of(place.partnership.id, made.id).terms_of_reference == "Written by me."


def test_a_stale_save_of_a_page_that_nobody_else_touched_says_so(place: Place, cora: PageClient) -> None:
    made = a_planned_round(place.partnership)
    page = cora.get(plan_page(place, made, "terms"))
    with transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, look_back_months=6)
    again = cora.send(page, status=200)
    assert "Another part of the plan was changed" in again.main
    assert cora.send(again).h1 == "Plan this round"


def test_a_save_without_a_version_is_stale_and_not_an_error(place: Place, cora: PageClient) -> None:
    page = cora.get(plan_page(place, a_round(place.partnership), "terms"))
    for version in (None, "abc", ""):
        assert "Someone else changed" in cora.send(page, {"theme": "x", "version": version}, status=200).errors[0]


def test_a_page_that_no_plan_has_is_not_there(place: Place, cora: PageClient) -> None:
    page = cora.get(plan_page(place, a_round(place.partnership), "weather"), status=404)
    assert page.h1 == "Page not found"


# once it is open


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (RoundState.SAMPLING, "The plan was frozen when the round was opened for sampling."),
        (RoundState.WITHDRAWN, "This round was withdrawn, so its plan cannot be changed."),
    ],
)
def test_what_was_typed_while_the_plan_was_frozen_comes_back_with_the_reason(
    state: RoundState, reason: str, place: Place, cora: PageClient
) -> None:
    made, written = a_planned_round(place.partnership), "What it covers. " * 600
    page = cora.get(plan_page(place, made, "terms"))
    with transaction():
        changed = services.change_plan(made.id, version=1, by=place.coordinator, theme="Theirs")
        changed.state = state
    page = cora.send(page, {"theme": "Mine", "terms_of_reference": written}, status=200)
    assert page.errors == [reason]
    assert (page.form().values["theme"], page.form().values["terms_of_reference"]) == (["Mine"], [written.strip()])
    assert "save again" not in page.main
    assert queries.plan_of(place.partnership.id, made.id).theme == "Theirs"


def test_an_open_rounds_plan_is_read_only_and_whole(place: Place, client: PageClient) -> None:
    made = an_open_round(place.partnership, [place.health, place.police])
    for role in (Role.COORDINATOR, Role.SCRUTINEER, Role.KEY_HOLDER):
        page = client.as_(place.member(role)).get(plan_page(place, made))
        assert "How well agencies recognise neglect" in page.main
        assert "Recommendation 4 of the review of 2025." in page.main
        assert "The plan was frozen when the round was opened for sampling." in page.main
        assert page.main.split().count("Change") == 3 * (role is Role.COORDINATOR)


def test_an_auditor_reads_the_plan_once_the_cases_are_with_agencies(place: Place, client: PageClient) -> None:
    made = an_open_round(place.partnership, [place.health, place.police])
    auditor = client.as_(place.member(Role.AUDITOR, agency=place.health))
    auditor.get(plan_page(place, made), status=404)
    with transaction():
        services.move_round(made.id, to=RoundState.RETURNS, by=place.coordinator)
    assert "Is the child's voice in the record?" in auditor.get(plan_page(place, made)).main
    auditor.get(plan_page(place, made, "terms"), status=403)


def test_another_partnerships_coordinator_finds_nothing(place: Place, client: PageClient) -> None:
    made = a_planned_round(place.partnership)
    elsewhere = a_partnership()
    stranger = client.as_(a_member(elsewhere, Role.COORDINATOR))
    for page in ("", "terms", "check"):
        address = plan_page(place, made, page)
        answers = [
            stranger.get(one, status=404)
            for one in (address, address.replace("/" + place.partnership.slug, "/" + elsewhere.slug))
        ]
        assert [answer.h1 for answer in answers] == ["Page not found", "Page not found"]


# withdrawing


def test_a_round_is_withdrawn_with_a_reason_that_stays_on_its_page(place: Place, cora: PageClient) -> None:
    made = an_open_round(place.partnership)
    page = cora.get(cora.get(plan_page(place, made)).links["Withdraw this round"])
    assert cora.send(page, status=200).errors == ["Say why the round is withdrawn."]
    shown = cora.send(page, {"reason": "The inspection takes its place."})
    assert "This round was withdrawn: The inspection takes its place." in shown.main
    assert "Withdraw this round" not in shown.links


@pytest.mark.parametrize("state", [RoundState.PUBLISHED, RoundState.WITHDRAWN])
def test_withdrawing_is_refused_on_its_page_too(state: RoundState, place: Place, cora: PageClient) -> None:
    made = a_round(place.partnership, state=state)
    page: Page = cora.get(f"{place.rounds}/{made.reference}/withdraw", status=409)
    assert "withdrawn" in page.main
    page = cora.post(f"{place.rounds}/{made.reference}/withdraw", {"reason": "The inspection."}, status=200)
    assert page.errors == [rules.why_not_withdraw(state)]
    assert page.form().values["reason"] == ["The inspection."]
    assert queries.plan_of(place.partnership.id, made.id).state is state


# the layout of every page inside a round


def test_the_way_through_a_round_offers_only_what_its_state_has_and_the_viewer_may_use(
    place: Place, cora: PageClient
) -> None:
    draft = cora.get(plan_page(place, a_round(place.partnership)))
    assert "Plan" in draft.links
    assert "Returns" not in draft.links
    current = [link for link in draft.tree.iter("a") if link.get("aria-current") == "page"]
    assert [link.get("href") for link in current] == [draft.links["Plan"]]
