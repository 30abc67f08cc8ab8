"""Planning a round, opening it, moving it on and taking it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from audit_app.accounts.models import Agency
from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.history.queries import deeds_of_round
from audit_app.indicators.models import TemplateGuidance, TemplateIndicator
from audit_app.indicators.rules import AgeBand, AppliesBy, Catalogue
from audit_app.indicators.services import load_catalogue
from audit_app.rounds import queries, services
from audit_app.rounds.models import Round
from audit_app.rounds.rules import PlanChanges, PromptKind, RoundState
from tests.factories.accounts import a_body, a_partnership, an_agency, an_area
from tests.factories.rounds import SMALL, a_planned_round, a_round, a_template, an_open_round
from tests.fixtures import CountQueries, Together
from tests.rounds.conftest import Place


def words_of_history(round_id: int, place: Place) -> list[str]:
    return [deed.words for deed in deeds_of_round(place.partnership.id, round_id)]


def open_it(made: Round, place: Place, *, version: int | None = None) -> Round:
    with transaction():
        return services.open_round(made.id, version=version or made.version, by=place.coordinator, at=clock.now())


# beginning


def test_a_new_round_is_a_draft_with_its_history(place: Place) -> None:
    with transaction():
        made = services.create_round(title="Neglect audit", reference="N26", by=place.coordinator, at=clock.now())
    assert (made.state, made.version, made.created_by_id) == (RoundState.DRAFT, 1, place.coordinator.id)
    assert words_of_history(made.id, place) == ["Cora began planning N26 Neglect audit"]


@pytest.mark.parametrize(
    ("title", "reference", "reason", "field"),
    [
        ("", "N26", "Enter a title", "title"),
        ("Neglect", "n 26", "2 to 8 capital letters", "reference"),
        ("Neglect", "T9", "Another round has that reference", "reference"),
    ],
)
def test_a_round_does_not_begin_with(title: str, reference: str, reason: str, field: str, place: Place) -> None:
    a_round(place.partnership, reference="T9")
    with pytest.raises(Refused, match=reason) as refused, transaction():
        services.create_round(title=title, reference=reference, by=place.coordinator, at=clock.now())
    assert refused.value.field == field


def test_two_partnerships_may_use_the_same_reference(place: Place) -> None:
    a_round(a_partnership(), reference="N26")
    with transaction():
        made = services.create_round(title="Neglect", reference="N26", by=place.coordinator, at=clock.now())
    assert queries.round_by_reference(place.partnership.id, "N26").id == made.id


# the plan


@pytest.mark.usefixtures("clock")
def test_every_part_of_a_plan_can_be_changed(place: Place) -> None:
    made, partnership = a_round(place.partnership), place.partnership
    body, area, agencies = a_body(partnership), an_area(partnership), [an_agency(partnership), an_agency(partnership)]
    template = a_template()
    with transaction():
        services.change_plan(
            made.id,
            version=1,
            by=place.coordinator,
            title="Neglect of the very young",
            reference="N27",
            prompt_kind=PromptKind.INSPECTION,
            prompt_detail="The inspection of March",
            body_id=body.id,
            area_id=area.id,
            theme="Under fives",
            terms_of_reference="What we look at.",
            key_lines=["Is the child heard?", "Do plans change anything?"],
            look_back_months=12,
            agency_ids=[agency.id for agency in agencies],
            is_showing_returns_when_agreed=False,
            template_version_id=template,
            returns_due_on=date(2026, 4, 1),
            panel_on=date(2026, 4, 20),
            report_due_on=date(2026, 5, 20),
        )
    plan = queries.plan_of(partnership.id, made.id)
    assert (plan.reference, plan.title, plan.version) == ("N27", "Neglect of the very young", 2)
    assert (plan.prompt_kind, plan.prompt_detail) == (PromptKind.INSPECTION, "The inspection of March")
    assert (plan.body, plan.area, plan.template) == (body.name, area.name, "Small template, version 1")
    assert (plan.theme, plan.terms_of_reference) == ("Under fives", "What we look at.")
    assert plan.key_lines == ("Is the child heard?", "Do plans change anything?")
    assert [agency_id for agency_id, _ in plan.agencies] == [agency.id for agency in agencies]
    assert (plan.look_back_months, plan.is_showing_returns_when_agreed) == (12, False)
    assert (plan.returns_due_on, plan.panel_on, plan.report_due_on) == (
        date(2026, 4, 1),
        date(2026, 4, 20),
        date(2026, 5, 20),
    )


def test_history_names_what_was_changed_once_and_never_what_was_not(place: Place) -> None:
    made = a_round(place.partnership, theme="Under fives")
    with transaction():
        services.change_plan(
            made.id,
            version=1,
            by=place.coordinator,
            theme="Under fives",
            prompt_kind=PromptKind.REVIEW,
            prompt_detail="Of 2025",
            key_lines=["One"],
        )
    assert words_of_history(made.id, place)[0].endswith(": why this audit and key lines of enquiry")


def test_saving_what_is_there_already_changes_nothing(place: Place) -> None:
    made = a_planned_round(place.partnership)
    plan = queries.plan_of(place.partnership.id, made.id)
    with transaction():
        services.change_plan(
            made.id,
            version=1,
            by=place.coordinator,
            key_lines=plan.key_lines,
            agency_ids={agency_id for agency_id, _ in plan.agencies},
            theme=plan.theme,
        )
    assert (queries.plan_of(place.partnership.id, made.id), words_of_history(made.id, place)) == (plan, [])


def test_a_stale_save_of_the_plan_is_refused(place: Place) -> None:
    made = a_round(place.partnership)
    with transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, theme="First")
    with pytest.raises(Refused, match="Someone else changed this plan"), transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, theme="Second")
    assert queries.plan_of(place.partnership.id, made.id).theme == "First"


def test_of_two_who_save_at_once_one_is_refused(place: Place, together: Together) -> None:
    made = a_round(place.partnership)

    def save(theme: str) -> None:
        with transaction():
            services.change_plan(made.id, version=1, by=place.coordinator, theme=theme)

    results = together(lambda: save("First"), lambda: save("Second"))
    assert sorted(str(type(result).__name__) for result in results) == ["NoneType", "Refused"]
    kept = ("First", "Second")[results.index(None)]
    assert queries.plan_of(place.partnership.id, made.id).theme == kept


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"title": ""}, "Enter a title", "title"),
        ({"reference": "new"}, "2 to 8 capital letters", "reference"),
        ({"look_back_months": 0}, "1 to 60 months", "look_back_months"),
        ({"look_back_months": 61}, "1 to 60 months", "look_back_months"),
        ({"panel_on": date(2026, 4, 1), "returns_due_on": date(2026, 4, 1)}, "panel must come after", "panel_on"),
        ({"panel_on": date(2026, 4, 1), "report_due_on": date(2026, 3, 1)}, "after the panel", "report_due_on"),
        ({"template_version_id": 12345}, "templates that are offered", "template_version_id"),
    ],
)
def test_a_plan_cannot_hold(changes: PlanChanges, reason: str, field: str, place: Place) -> None:
    made = a_round(place.partnership)
    with pytest.raises(Refused, match=reason) as refused, transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, **changes)
    assert refused.value.field == field
    assert queries.plan_of(place.partnership.id, made.id).version == 1


def test_a_plan_cannot_hold_what_belongs_to_another_partnership_or_has_ended(place: Place) -> None:
    made, other = a_round(place.partnership), a_partnership()
    ended = an_agency(place.partnership, ended_on=date(2026, 1, 1))
    wanted: list[tuple[PlanChanges, str]] = [
        ({"body_id": a_body(other).id}, "bodies"),
        ({"area_id": an_area(other).id}, "areas"),
        ({"agency_ids": [an_agency(other).id]}, "agencies"),
        ({"agency_ids": [ended.id]}, "agencies"),
    ]
    for changes, reason in wanted:
        with pytest.raises(Refused, match=reason), transaction():
            services.change_plan(made.id, version=1, by=place.coordinator, **changes)


def test_nobody_changes_another_partnerships_round(place: Place) -> None:
    theirs = a_planned_round(a_partnership())
    deeds: list[Callable[[], object]] = [
        lambda: services.change_plan(theirs.id, version=1, by=place.coordinator, theme="Ours"),
        lambda: services.open_round(theirs.id, version=1, by=place.coordinator, at=clock.now()),
        lambda: services.withdraw_round(theirs.id, reason="Ours", by=place.coordinator),
        lambda: services.move_round(theirs.id, to=RoundState.SAMPLING, by=place.coordinator),
    ]
    for deed in deeds:
        with pytest.raises(NotHere), transaction():
            deed()


# opening


def test_opening_a_round_freezes_its_template(place: Place) -> None:
    made = a_planned_round(place.partnership)
    opened = open_it(made, place)
    assert (opened.state, opened.opened_by_id) == (RoundState.SAMPLING, place.coordinator.id)
    frozen = queries.frozen_template(place.partnership.id, made.id)
    assert [level.code for level in frozen.levels] == ["outstanding", "good", "requires_improvement", "inadequate"]
    assert [(domain.position, domain.title) for domain in frozen.domains] == [(1, "Recognition"), (2, "The child")]
    assert [(it.position, it.code) for it in frozen.indicators] == [(1, "A01"), (2, "A04"), (3, "B01"), (4, "H02")]
    for copy, original in zip(frozen.indicators, SMALL.indicators, strict=True):
        for name in ("title", "question", "why", "look_for", "example", "rated", "is_panel"):
            assert getattr(copy, name) == getattr(original, name)
        assert {level.code: copy.guidance[level.id] for level in frozen.levels} == original.guidance
        assert copy.limits == original.applies
    assert AgeBand.UNBORN not in frozen.indicators[2].limits[AppliesBy.AGE_BAND]
    assert words_of_history(made.id, place)[0].endswith("the template Small template, version 1 was frozen")


def test_freezing_takes_five_inserts_whatever_the_template_holds(place: Place, count_queries: CountQueries) -> None:
    made = a_planned_round(place.partnership)
    with count_queries() as queries_made:
        open_it(made, place)
    inserted = [line for line in queries_made.statements if line.startswith("INSERT INTO round_")]
    assert len(inserted) == 5


def test_loading_the_library_again_never_alters_a_round(place: Place) -> None:
    made = a_planned_round(place.partnership)
    open_it(made, place)
    before = queries.frozen_template(place.partnership.id, made.id)
    first = replace(SMALL.domains[0].indicators[0], question="Something else altogether?")
    newer = replace(
        SMALL, version=2, domains=(replace(SMALL.domains[0], indicators=(first,)), *SMALL.domains[1:]), title="Smaller"
    )
    with transaction():
        load_catalogue(Catalogue({"ofsted": SMALL.scale}, {}, {}, {}, (newer,)), at=clock.now())
        db.session.query(TemplateGuidance).update({"words": "Rewritten"})
        db.session.query(TemplateIndicator).update({"question": "Rewritten"})
    assert queries.frozen_template(place.partnership.id, made.id) == before
    assert queries.plan_of(place.partnership.id, made.id).template == "Small template, version 1"


def test_a_round_that_lacks_something_is_not_opened(place: Place) -> None:
    made = a_planned_round(place.partnership, theme="", look_back_months=None)
    with pytest.raises(Refused, match=r"still needs a theme and the look-back period\."):
        open_it(made, place)
    assert queries.frozen_template(place.partnership.id, made.id).indicators == ()


def test_a_round_whose_dates_have_passed_is_not_opened(place: Place) -> None:
    made = a_planned_round(place.partnership, returns_due_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="returns are due has passed"):
        open_it(made, place)


def test_a_round_is_opened_with_the_plan_that_was_checked_or_not_at_all(place: Place) -> None:
    made = a_planned_round(place.partnership)
    with transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, theme="Changed meanwhile")
    with pytest.raises(Refused, match="Check it once more"):
        open_it(made, place, version=1)


def test_a_round_is_opened_once_even_when_two_open_it_at_the_same_time(place: Place, together: Together) -> None:
    made = a_planned_round(place.partnership)
    results = together(lambda: open_it(made, place), lambda: open_it(made, place))
    assert [result.reason for result in results if isinstance(result, Refused)] == [
        "This round has been opened already."
    ]
    assert len(queries.frozen_template(place.partnership.id, made.id).indicators) == 4


def test_the_plan_of_an_open_round_refuses_every_change(place: Place) -> None:
    made = an_open_round(place.partnership)
    with pytest.raises(Refused, match="frozen when the round was opened"), transaction():
        services.change_plan(made.id, version=made.version, by=place.coordinator, theme="Too late")


def test_the_dates_of_an_open_round_move_and_history_says_so(place: Place) -> None:
    made = an_open_round(place.partnership)
    later = date(2100, 3, 27)
    with transaction():
        services.change_plan(
            made.id,
            version=made.version,
            by=place.coordinator,
            panel_on=later,
            report_due_on=date(2100, 5, 7),
        )
    assert queries.plan_of(place.partnership.id, made.id).panel_on == later
    assert words_of_history(made.id, place)[0].endswith("date of the panel and date of the report")
    with pytest.raises(Refused, match="is needed"), transaction():
        services.change_plan(made.id, version=made.version, by=place.coordinator, panel_on=None)


@pytest.mark.parametrize("state", [RoundState.PUBLISHED, RoundState.CLOSED])
def test_the_dates_of_a_published_round_stay(state: RoundState, place: Place) -> None:
    made = a_round(place.partnership, state=state)
    with pytest.raises(Refused, match="has been published"), transaction():
        services.change_plan(made.id, version=1, by=place.coordinator, panel_on=date(2100, 1, 1))


# moving on, and back


def test_a_round_moves_along_its_arrows_only(place: Place) -> None:
    made = an_open_round(place.partnership)
    with transaction():
        assert services.move_round(made.id, to=RoundState.RETURNS, by=place.coordinator).state is RoundState.RETURNS
    assert words_of_history(made.id, place)[0].endswith("moved from Sampling to With agencies")
    with pytest.raises(Refused, match="cannot go to “Published”"), transaction():
        services.move_round(made.id, to=RoundState.PUBLISHED, by=place.coordinator)


def test_a_round_is_withdrawn_with_a_reason(place: Place) -> None:
    made = an_open_round(place.partnership)
    with transaction():
        services.withdraw_round(made.id, reason="The inspection takes its place.", by=place.coordinator)
    assert queries.plan_of(place.partnership.id, made.id).withdrawn_reason == "The inspection takes its place."
    assert "The inspection takes its place." in words_of_history(made.id, place)[0]


@pytest.mark.parametrize(
    ("state", "reason", "refusal"),
    [
        (RoundState.RETURNS, "", "Say why"),
        (RoundState.WITHDRAWN, "Again", "withdrawn already"),
        (RoundState.PUBLISHED, "Too late", "published round cannot be withdrawn"),
        (RoundState.CLOSED, "Too late", "published round cannot be withdrawn"),
    ],
)
def test_a_round_is_not_withdrawn(state: RoundState, reason: str, refusal: str, place: Place) -> None:
    made = a_round(place.partnership, state=state)
    with pytest.raises(Refused, match=refusal), transaction():
        services.withdraw_round(made.id, reason=reason, by=place.coordinator)


def test_an_agency_that_takes_part_in_nothing_is_not_among_those_that_do(place: Place) -> None:
    asked: list[Agency] = [an_agency(place.partnership, name="Zebra"), an_agency(place.partnership, name="Alpha")]
    an_agency(place.partnership, name="Not asked")
    made = an_open_round(place.partnership, asked)
    named = [agency.name for agency in queries.participating_agencies(place.partnership.id, made.id)]
    assert named == ["Alpha", "Zebra"]
