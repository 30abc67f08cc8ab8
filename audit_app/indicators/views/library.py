"""Looking at the indicator library and the strategies. Any member may."""

from typing import Any

from flask import abort, render_template, request, url_for

from audit_app.accounts.access import members
from audit_app.core.forms import whole_number
from audit_app.indicators import queries
from audit_app.indicators.rules import (
    AGE_BAND_WORDS,
    REQUIREMENT_KIND_WORDS,
    STATEMENT_KIND_WORDS,
    Requirement,
    RequirementKind,
    anchor_of,
    reference_in_words,
)
from audit_app.indicators.views.blueprint import blueprint


@blueprint.get("/indicators")
@members
def library() -> str:
    asked = request.args
    domain, strategy = asked.get("domain", ""), asked.get("strategy", "")
    shared_by = asked.get("shared", type=whole_number)
    found = queries.matrix(domain=domain, shared_by=shared_by, strategy=strategy)
    publishers = {one.key: one.publisher for one in found.strategies}
    shown = {
        "domain": domain,
        "shared": f"Asked for by {shared_by} of {len(found.strategies)}" if shared_by is not None else "",
        "strategy": publishers.get(strategy, ""),
    }
    on: dict[str, Any] = {name: asked[name] for name, words in shown.items() if words}
    return render_template(
        "indicators/library.html",
        matrix=found,
        domain=domain,
        shared_by=shared_by,
        strategy=strategy,
        chosen=[
            (shown[name], url_for("indicators.library", **{other: on[other] for other in on if other != name}))
            for name in on
        ],
    )


@blueprint.get("/strategies")
@members
def list_strategies() -> str:
    return render_template("indicators/list_strategies.html", strategies=queries.strategies().values())


@blueprint.get("/strategies/<key>")
@members
def show_strategy(key: str) -> str:
    return render_template(
        "indicators/show_strategy.html",
        page=queries.strategy_page(key),
        kinds=STATEMENT_KIND_WORDS,
        reference_in_words=reference_in_words,
        anchor_of=anchor_of,
    )


@blueprint.get("/requirements/<kind>")
@members
def list_requirements(kind: str) -> str:
    if kind not in set(RequirementKind):
        abort(404)
    groups: dict[str, list[Requirement]] = {}
    for one in queries.requirements().values():
        if one.kind == kind:
            groups.setdefault(one.group, []).append(one)
    publishers = {key: one.publisher for key, one in queries.strategies().items()}
    return render_template(
        "indicators/list_requirements.html",
        kind=RequirementKind(kind),
        kinds=REQUIREMENT_KIND_WORDS,
        groups=groups,
        publishers=publishers,
        ages=AGE_BAND_WORDS,
        reference_in_words=reference_in_words,
    )
