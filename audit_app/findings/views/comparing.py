"""Two rounds side by side, on the indicators that both asked: as a page, a chart and a file."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

from flask import jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, may_use
from audit_app.core.errors import NotHere
from audit_app.findings import queries, rules
from audit_app.findings.queries import RoundsBeside, RoundToCompare
from audit_app.findings.rules import COUNTS_SEEN_BY, On
from audit_app.findings.views.blueprint import blueprint
from audit_app.findings.views.files import as_csv
from audit_app.indicators.queries import library_codes
from audit_app.indicators.rules import Rated
from reports.figures import Chart, pairs_chart


@blueprint.get("/findings/compare")
@allow(*COUNTS_SEEN_BY)
def compare() -> str:
    offered = queries.rounds_to_compare(current_actor())
    chosen = _chosen(offered)
    why_not = rules.why_not_pair(chosen[0].reference, chosen[1].reference) if chosen else None
    beside = _beside(*chosen) if chosen and not why_not else None
    return render_template(
        "findings/compare.html",
        offered=offered,
        chosen=chosen,
        why_not=why_not,
        beside=beside,
        charts=[(rated, _chart(beside, rated)) for rated, _ in beside.charts] if beside else [],
        cautions_on=partial(rules.cautions_on, terms=current_actor().terms),
        mark_words=rules.MARK_WORDS,
        library=library_codes() if beside and may_use("rounds.show_indicator") else (),
    )


@blueprint.get("/findings/compare/figures/<any(child_experience,own_work):rated>.json")
@allow(*COUNTS_SEEN_BY)
def comparison_figure(rated: str) -> Response:
    return jsonify(_chart(_beside_as_chosen(), Rated(rated)).figure)


@blueprint.get("/findings/compare/figures/<any(child_experience,own_work):rated>.csv")
@allow(*COUNTS_SEEN_BY)
def comparison_table(rated: str) -> Response:
    beside = _beside_as_chosen()
    return as_csv(_chart(beside, Rated(rated)), f"{beside.earlier.reference}-{beside.later.reference}-{rated}")


def _chosen(offered: Sequence[RoundToCompare]) -> tuple[RoundToCompare, RoundToCompare] | None:
    """The two rounds that the address names, the earlier first, or the natural pair where it leaves one out.

    A round that is not offered answers as its own findings would: not there, or not yet counted.
    """
    by_reference = {one.reference: one for one in offered}
    named = {end: request.args.get(end, "") for end in ("earlier", "later")}
    for reference in named.values():
        if reference and reference not in by_reference:
            queries.round_to_read(current_actor(), reference)
            raise NotHere
    pair = rules.pair_of(list(by_reference), **named)
    return (by_reference[pair[0]], by_reference[pair[1]]) if pair else None


def _beside(earlier: RoundToCompare, later: RoundToCompare) -> RoundsBeside:
    viewer = current_actor()
    return queries.rounds_beside(viewer.partnership_id, earlier, later, viewer.terms)


def _beside_as_chosen() -> RoundsBeside:
    chosen = _chosen(queries.rounds_to_compare(current_actor()))
    if chosen is None or rules.why_not_pair(chosen[0].reference, chosen[1].reference):
        raise NotHere
    return _beside(*chosen)


def _chart(beside: RoundsBeside, rated: Rated) -> Chart:
    """The chart of what rates this. A part of a bar leads those who see cases to its own, where it is of one level."""
    headline = dict(beside.charts).get(rated)
    if beside.scale is None or headline is None:
        raise NotHere
    leads = beside.basis.on is On.LEVELS and may_use("findings.cases_behind")

    def address_of(reference: str, code: str, answer: str) -> str | None:
        if not leads:
            return None
        at = url_for("findings.cases_behind", reference=reference)
        return f"{at}?{urlencode({'indicator': code, 'answer': answer})}"

    return pairs_chart(beside.scale, beside.pairs(rated), headline, address_of=address_of)
