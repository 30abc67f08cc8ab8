"""The counts of a round and of every round together, as charts, tables and files; and the cases behind a count."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import jsonify, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, may_use
from audit_app.accounts.rules import Role
from audit_app.core.errors import NotHere
from audit_app.core.forms import whole_number
from audit_app.findings import queries, rules
from audit_app.findings.queries import Asked, Frame
from audit_app.findings.rules import COUNTS_SEEN_BY
from audit_app.findings.views.blueprint import blueprint
from audit_app.findings.views.files import as_csv
from audit_app.returns.queries import voices_counted
from audit_app.returns.rules import ANSWER_KIND_WORDS, VOICE_OF_WORDS, AnswerKind, returns_missing
from reports.figures import Chart, agencies_chart, levels_chart

SEES_CASES = (Role.COORDINATOR, Role.SCRUTINEER, Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER)
NO_ANSWERS = (AnswerKind.NOT_APPLICABLE.value, AnswerKind.NO_EVIDENCE.value)
"""What the table of levels counts apart."""
OTHER_ANSWERS = {kind.value: words for kind, words in ANSWER_KIND_WORDS.items() if kind is not AnswerKind.LEVEL}


@blueprint.get("/rounds/<reference>/findings")
@allow(*COUNTS_SEEN_BY)
def thematic(reference: str) -> str:
    actor = current_actor()
    found = queries.round_to_read(actor, reference)
    frame = queries.frame_of(actor.partnership_id, found.id)
    agreed = queries.agreed_counts(actor.partnership_id, frame)
    graded = queries.graded(agreed)
    given = queries.agency_counts(actor.partnership_id, frame)
    cases = queries.cases_agreed(actor.partnership_id, found.id)
    return render_template(
        "findings/thematic.html",
        round=found,
        cases=cases,
        missing=returns_missing(queries.missing_returns(actor.partnership_id, found.id), cases),
        findings=queries.findings_of_round(actor.partnership_id, found.id),
        rests_on=queries.in_words(frame, agreed),
        kinds=rules.FINDING_KIND_WORDS,
        levels=levels_chart(frame.scale, graded) if graded else None,
        agencies=_agencies_chart(frame, given) if graded else None,
        recorded=queries.recorded_in_round(actor.partnership_id, found.id),
        voices=voices_counted(actor.partnership_id, found.id),
        voice_words=VOICE_OF_WORDS,
        in_words=[counts for counts in agreed if counts.is_narrative],
        answers=[*(level.code for level in frame.scale.levels), "", *NO_ANSWERS],
        codes=[one.code for one in frame.graded],
        agency_ids=[agency_id for agency_id, _ in given.agencies],
        may_write=actor.has(Role.COORDINATOR) and not rules.why_not_write(found.state),
        cases_at=url_for("findings.cases_behind", reference=reference) if may_use("findings.cases_behind") else "",
    )


@blueprint.get("/rounds/<reference>/findings/figures/<any(levels,agencies):figure>.json")
@allow(*COUNTS_SEEN_BY)
def round_figure(reference: str, figure: str) -> Response:
    return jsonify(_chart_of_round(reference, figure).figure)


@blueprint.get("/rounds/<reference>/findings/figures/<any(levels,agencies):figure>.csv")
@allow(*COUNTS_SEEN_BY)
def round_table(reference: str, figure: str) -> Response:
    return as_csv(_chart_of_round(reference, figure), f"{reference}-{figure}")


def _chart_of_round(reference: str, figure: str) -> Chart:
    actor = current_actor()
    found = queries.round_to_read(actor, reference)
    frame = queries.frame_of(actor.partnership_id, found.id)
    if not frame.graded:
        raise NotHere
    at = url_for("findings.cases_behind", reference=reference) if may_use("findings.cases_behind") else ""
    if figure == "levels":
        agreed = queries.graded(queries.agreed_counts(actor.partnership_id, frame))
        return levels_chart(frame.scale, agreed, address_of=_cases(at, "answer", lambda answer: answer))
    given = queries.agency_counts(actor.partnership_id, frame)
    ids = {name: agency_id for agency_id, name in given.agencies}
    behind = _cases(at, "agency", ids.__getitem__)
    return _agencies_chart(frame, given, address_of=lambda agency, code: behind(code, agency))


def _cases(at: str, what: str, value: Callable[[str], object]) -> Callable[[str, str], str | None]:
    """Where the cases behind a cell are, by the code of its indicator and its other end; nowhere for the board."""

    def address_of(code: str, end: str) -> str | None:
        return f"{at}?{urlencode({'indicator': code, what: value(end)})}" if at else None

    return address_of


def _agencies_chart(
    frame: Frame, given: queries.AgencyTable, address_of: Callable[[str, str], str | None] = lambda *_: None
) -> Chart:
    names = [name for _, name in given.agencies]
    indicators = [(one.code, one.title) for one in frame.graded]
    return agencies_chart(
        frame.scale, names, indicators, given.given, short_names=given.short_names, address_of=address_of
    )


@blueprint.get("/rounds/<reference>/findings/cases")
@allow(*SEES_CASES)
def cases_behind(reference: str) -> str:
    actor = current_actor()
    found = queries.round_to_look_behind(actor, reference)
    frame = queries.frame_of(actor.partnership_id, found.id)
    indicator = _asked(frame)
    if "agency" in request.args:
        agencies = dict(queries.agencies_of_round(actor.partnership_id, found.id))
        agency_id = request.args.get("agency", type=whole_number)
        if agency_id not in agencies:
            raise NotHere
        what, behind = agencies[agency_id], queries.rated_behind(actor, found.id, indicator.id, agency_id)
    else:
        what, said = _answer(frame)
        behind = queries.agreed_behind(actor, found.id, indicator.id, said)
    return render_template(
        "findings/cases_behind.html",
        round=found,
        indicator=indicator,
        what=what,
        behind=behind,
        is_of_agency="agency" in request.args,
        levels=len(frame.level_ids),
    )


def _asked(frame: Frame) -> Asked:
    """The indicator that the address names, or the first."""
    code = request.args.get("indicator", frame.indicators[0].code)
    found = next((one for one in frame.indicators if one.code == code), None)
    if found is None:
        raise NotHere
    return found


def _answer(frame: Frame) -> tuple[str, tuple[AnswerKind, int | None] | None]:
    """The answer that the address names, if any: its words, and its kind with the level's id."""
    wanted = request.args.get("answer")
    if not wanted:
        return "every answer", None
    if wanted in OTHER_ANSWERS:
        return OTHER_ANSWERS[wanted], (AnswerKind(wanted), None)
    for level, level_id in zip(frame.scale.levels, frame.level_ids, strict=True):
        if level.code == wanted:
            return level.words, (AnswerKind.LEVEL, level_id)
    raise NotHere


@blueprint.get("/findings/all")
@allow(*COUNTS_SEEN_BY)
def everything() -> str:
    actor = current_actor()
    found = queries.levels_together(actor.partnership_id, rules.states_counted_for(actor.roles))
    if found is None:
        return render_template("findings/everything.html", together=None)
    together, agreed = found
    chart = levels_chart(together.scale, agreed)
    return render_template("findings/everything.html", together=together, chart=chart)


@blueprint.get("/findings/all/agencies")
@allow(*COUNTS_SEEN_BY)
def everything_by_agency() -> str:
    actor = current_actor()
    found = queries.agencies_together(actor.partnership_id, rules.states_counted_for(actor.roles))
    if found is None:
        return render_template("findings/everything_by_agency.html", together=None)
    together, given = found
    chart = agencies_chart(together.scale, given.agencies, given.indicators, given.given, short_names=given.short_names)
    return render_template("findings/everything_by_agency.html", together=together, chart=chart)


@blueprint.get("/findings/all/figures/<any(levels,agencies):figure>.json")
@allow(*COUNTS_SEEN_BY)
def figure_together(figure: str) -> Response:
    return jsonify(_chart_together(figure).figure)


@blueprint.get("/findings/all/figures/<any(levels,agencies):figure>.csv")
@allow(*COUNTS_SEEN_BY)
def table_together(figure: str) -> Response:
    return as_csv(_chart_together(figure), f"all-rounds-{figure}")


def _chart_together(figure: str) -> Chart:
    actor = current_actor()
    states = rules.states_counted_for(actor.roles)
    if figure == "levels":
        if (levels := queries.levels_together(actor.partnership_id, states)) is None:
            raise NotHere
        return levels_chart(levels[0].scale, levels[1])
    if (by_agency := queries.agencies_together(actor.partnership_id, states)) is None:
        raise NotHere
    together, given = by_agency
    return agencies_chart(together.scale, given.agencies, given.indicators, given.given, short_names=given.short_names)
