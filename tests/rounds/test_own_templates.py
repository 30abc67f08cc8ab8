"""Rounds with a template of the partnership's own: who may choose it, and that no round changes with it."""

from dataclasses import replace

import pytest

from audit_app.core import clock
from audit_app.core.db import db, transaction
from audit_app.core.errors import Refused
from audit_app.rounds import queries, services
from audit_app.rounds.models import Round
from tests.factories.accounts import a_partnership
from tests.factories.indicators import the_templates
from tests.factories.rounds import a_planned_round, a_round
from tests.factories.templates import Draft, a_draft, a_published_template, change, published, the_next_version
from tests.pages import PageClient
from tests.rounds.conftest import Place


def choose(made: Round, template: Draft, place: Place) -> Round:
    with transaction():
        return services.change_plan(
            made.id, version=made.version, by=place.coordinator, template_version_id=template.version_id
        )


def plan_page(place: Place, made: Round) -> str:
    return f"{place.rounds}/{made.reference}/plan/template"


def test_the_partnerships_own_template_is_offered_and_chosen(place: Place, client: PageClient) -> None:
    template = a_published_template(place.partnership, by=place.coordinator)
    made = a_round(place.partnership)
    cora = client.as_(place.cora)
    page = cora.get(plan_page(place, made))
    assert "Neglect here, version 1, your own: 4 questions" in page.main
    cora.send(page, {"template_version_id": str(template.version_id)}, button="Save and continue")
    assert queries.plan_of(place.partnership.id, made.id).template == "Neglect here, version 1"


def test_a_draft_and_another_partnerships_template_are_refused_however_they_are_sent(
    place: Place, client: PageClient
) -> None:
    the_templates()
    draft, theirs = a_draft(place.partnership, by=place.coordinator), a_published_template(a_partnership())
    made = a_round(place.partnership)
    for forged in (draft, theirs):
        with pytest.raises(Refused, match="Choose one of the templates that are offered") as refused:
            choose(made, forged, place)
        assert refused.value.field == "template_version_id"
        cora = client.as_(place.cora)
        page = cora.get(plan_page(place, made))
        assert "Neglect here" not in page.main
        page = cora.send(page, {"template_version_id": str(forged.version_id)}, status=200, button="Save and continue")
        assert page.errors == ["Choose one of the answers shown."]
    assert db.session.get_one(Round, made.id).template_version_id is None


def test_a_new_version_never_touches_a_round_that_is_open(place: Place) -> None:
    template = a_published_template(place.partnership, by=place.coordinator)
    made = a_planned_round(place.partnership, template_version_id=template.version_id)
    with transaction():
        services.open_round(made.id, version=made.version, by=place.coordinator, at=clock.now())
    before = queries.frozen_template(place.partnership.id, made.id)
    assert [one.code for one in before.indicators] == ["A01", "A04", "B01", "H02"]
    second = the_next_version(template)
    wanted = replace(second.asked("A01"), question="Another question?")
    change(second, wanted)
    published(second, note="A01 asks something else.")
    assert queries.frozen_template(place.partnership.id, made.id) == before
    assert queries.plan_of(place.partnership.id, made.id).template == "Neglect here, version 1"


def test_the_template_of_a_round_changes_until_it_is_opened_and_then_no_more(place: Place, client: PageClient) -> None:
    first, other = (a_published_template(place.partnership, by=place.coordinator, title=one) for one in ("One", "Two"))
    made = a_planned_round(place.partnership, template_version_id=first.version_id)
    cora = client.as_(place.cora)
    page = cora.get(plan_page(place, made))
    made = choose(made, other, place)
    with transaction():
        services.open_round(made.id, version=made.version, by=place.coordinator, at=clock.now())
    with pytest.raises(Refused, match="The plan was frozen when the round was opened"):
        choose(made, first, place)
    page = cora.send(page, {"template_version_id": str(first.version_id)}, status=200, button="Save and continue")
    assert page.errors == ["The plan was frozen when the round was opened for sampling."]
    assert queries.plan_of(place.partnership.id, made.id).template == "Two, version 1"


def test_a_version_that_was_chosen_stays_chosen_when_a_newer_one_is_offered(place: Place, client: PageClient) -> None:
    first = a_published_template(place.partnership, by=place.coordinator)
    made = a_round(place.partnership, template_version_id=first.version_id)
    second = published(the_next_version(first), note="Another description.")
    page = client.as_(place.cora).get(plan_page(place, made))
    assert "Neglect here, version 1, as chosen before" in page.main
    form = page.form(button="Save and continue")
    assert form.values["template_version_id"] == [str(first.version_id)]
    made = choose(made, second, place)
    assert queries.plan_of(place.partnership.id, made.id).template == "Neglect here, version 2"
