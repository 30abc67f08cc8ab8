"""The pages that say how far agencies agreed before they talked, and how far one lies from what was agreed."""

from flask import render_template

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.panels import queries
from audit_app.panels.rules import agreement as measures
from audit_app.panels.views.blueprint import blueprint
from audit_app.rounds import queries as rounds


@blueprint.get("/rounds/<reference>/agreement")
@allow(Role.COORDINATOR, Role.SCRUTINEER)
def agreement(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    given = queries.before_talking(viewer.partnership_id, found.id)
    template = rounds.frozen_template(viewer.partnership_id, found.id)
    agencies = [(one.id, one.name) for one in rounds.participating_agencies(viewer.partnership_id, found.id)]
    is_told = viewer.has(Role.COORDINATOR)
    return render_template(
        "panels/agreement.html",
        round=found,
        counted=queries.cases_counted(viewer.partnership_id, found.id),
        found=measures.agreement_of_round(given.votes, template, agencies),
        distances=measures.distances_of_round(given.placed, template, agencies) if is_told else None,
        told=lambda one: measures.told(one, measures.RATINGS_OF_CASES),
        as_cells=measures.as_cells,
        distance_in_words=measures.distance_in_words,
    )


@blueprint.get("/rounds/<reference>/agreement/own")
@allow(Role.AUDITOR, Role.AGENCY_LEAD)
def own_ratings(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    mine = viewer.agencies(Role.AUDITOR, Role.AGENCY_LEAD)
    given = queries.before_talking(viewer.partnership_id, found.id)
    taking_part = rounds.participating_agencies(viewer.partnership_id, found.id)
    return render_template(
        "panels/own_ratings.html",
        round=found,
        counted=queries.cases_counted(viewer.partnership_id, found.id),
        distances=measures.distances_of_round(
            given.placed,
            rounds.frozen_template(viewer.partnership_id, found.id),
            [(one.id, one.name) for one in taking_part if one.id in mine],
        ),
        distance_in_words=measures.distance_in_words,
    )
