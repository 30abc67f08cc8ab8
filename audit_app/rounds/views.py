"""The list of rounds, and the pages on which one is planned, checked, opened and withdrawn."""

from typing import Protocol

from flask import Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts import queries as accounts
from audit_app.accounts.access import allow, current_actor, may_use, members, partnership_blueprint
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.core.forms import whole_number
from audit_app.core.web import plural, refuse
from audit_app.indicators import queries as indicators
from audit_app.indicators.queries import OfferedTemplate
from audit_app.indicators.rules import RATED_WORDS, anchor_of, reference_in_words
from audit_app.rounds import queries, rules, services
from audit_app.rounds.forms import FORMS, CheckForm, PlanChoices, PlanForm, StartForm, WithdrawForm
from audit_app.rounds.rules import (
    AGREEMENT_RULE_WORDS,
    PRACTITIONER_ACCESS_WORDS,
    PROMPT_WORDS,
    ROUND_STATE_WORDS,
    SECTION_TITLES,
    TAG_COLOURS,
    Plan,
    Reach,
    RoundState,
    Section,
)

blueprint = partnership_blueprint("rounds", __name__)

TABS: tuple[tuple[str, str, frozenset[RoundState]], ...] = (
    ("Overview", "home.show_round", frozenset(RoundState)),
    ("Plan", "rounds.show_plan", frozenset(RoundState)),
    ("Sample", "sampling.sample", rules.OPENED),
    ("Cases", "cases.list_cases", rules.OPENED),
    ("Returns", "returns.round_returns", rules.BEGUN),
    ("Panels", "panels.my_panels", rules.BEGUN),
    ("Practice case", "panels.practice_case", rules.OPENED),
    ("Agreement", "panels.agreement", rules.BEGUN),
    ("Own ratings", "panels.own_ratings", rules.BEGUN),
    ("Moderation", "panels.moderation", frozenset({RoundState.MODERATION})),
    ("Accuracy check", "panels.accuracy", frozenset({RoundState.ACCURACY_CHECK})),
    ("Findings", "findings.thematic", rules.COUNTED),
    ("Action plan", "actions.plan", rules.COUNTED),
    ("History", "home.round_history", frozenset(RoundState)),
)
"""The pages of a round, and the states of a round in which each has something to show."""
OF_ALL_ROUNDS = {"panels.my_panels", "actions.plan"}
"""Pages among them that are not of one round, and take no reference."""


class Shown(Protocol):
    """A round as layouts/round.html needs it."""

    @property
    def reference(self) -> str: ...
    @property
    def state(self) -> RoundState: ...


def init_app(app: Flask) -> None:
    app.add_template_filter(ROUND_STATE_WORDS.__getitem__, "round_state")
    app.add_template_filter(TAG_COLOURS.__getitem__, "round_colour")
    app.add_template_global(round_tabs)


def round_tabs(shown: Shown) -> list[dict[str, object]]:
    """The links to the pages of a round that its state offers and this viewer may use."""
    if shown.state not in rules.states_seen_by(
        current_actor().roles
    ):  # a practice case is scored before a round begins
        return []
    current = _current_tab(request.endpoint or "")
    return [
        {
            "text": text,
            "href": url_for(endpoint) if endpoint in OF_ALL_ROUNDS else url_for(endpoint, reference=shown.reference),
            "is_current": endpoint == current,
        }
        for text, endpoint, states in TABS
        if shown.state in states and may_use(endpoint)
    ]


def _current_tab(asked: str) -> str:
    """The tab that a page belongs to: its own, else the first of its feature."""
    endpoints = [endpoint for _, endpoint, _ in TABS]
    feature = asked.split(".", maxsplit=1)[0]
    of_feature = (endpoint for endpoint in endpoints if feature != "home" and endpoint.startswith(f"{feature}."))
    return asked if asked in endpoints else next(of_feature, "")


@blueprint.get("/rounds")
@allow(Role.COORDINATOR, Role.SCRUTINEER, Role.KEY_HOLDER)
def list_rounds() -> str:
    page = max(1, request.args.get("page", 1, type=whole_number))
    return render_template(
        "rounds/list_rounds.html", rounds=queries.rounds_seen_by(current_actor(), page=page), page=page
    )


@blueprint.route("/rounds/new", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def start_round() -> str | Response:
    actor = current_actor()
    suggested = rules.suggested_reference(today().year, queries.references(actor.partnership_id))
    form = StartForm(reference=suggested)
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.create_round(title=form.title.data, reference=form.reference.data, by=actor, at=now())
            return redirect(url_for("rounds.show_plan", reference=made.reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("rounds/start_round.html", form=form)


@blueprint.get("/rounds/<reference>/plan")
@allow(*rules.SEEN_BY)
def show_plan(reference: str) -> str:
    actor = current_actor()
    plan = queries.plan_of(actor.partnership_id, queries.round_seen_by(actor, reference).id)
    changed_later = [page for page in rules.CHANGED_LATER if not _why_not_change(plan, page)]
    return render_template(
        "rounds/show_plan.html",
        plan=plan,
        may_change=actor.has(Role.COORDINATOR) and not rules.why_not_change_plan(plan.state),
        changed_later=changed_later,
        may_change_later=changed_later if actor.has(Role.COORDINATOR) else [],
        access_words=PRACTITIONER_ACCESS_WORDS,
        rule_words=AGREEMENT_RULE_WORDS,
        may_withdraw=actor.has(Role.COORDINATOR) and not rules.why_not_withdraw(plan.state),
        titles=SECTION_TITLES,
        missing=rules.missing_in(plan),
        prompt_words=PROMPT_WORDS,
    )


@blueprint.route("/rounds/<reference>/plan/<section>", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def change_plan(reference: str, section: str) -> str | Response:
    actor, page, plan = current_actor(), _section(section), _plan(reference)
    if request.method == "GET" and (elsewhere := _where_frozen(plan, page)):
        return elsewhere  # once something was typed the deed itself refuses, in the form
    choices = _choices(actor.partnership_id)
    form, differences = FORMS[page](plan, choices), None
    if form.validate_on_submit():
        try:
            with transaction():
                saved = services.change_plan(plan.round_id, version=form.version.data, by=actor, **form.changes())
            _say_saved(queries.plan_of(actor.partnership_id, saved.id), page)
            back = "rounds.check_plan" if request.args.get("back") == "check" else "rounds.show_plan"
            return redirect(url_for(back, reference=saved.reference))
        except Refused as refusal:
            refuse(form, refusal)
        plan = queries.plan_of(actor.partnership_id, plan.round_id)
        differences = _differences(form, plan, choices, page)
    return render_template(
        "rounds/change_plan.html", plan=plan, form=form, title=SECTION_TITLES[page], differences=differences
    )


def _say_saved(plan: Plan, page: Section) -> None:
    """Say that a page of a plan is saved, and what it still needs."""
    title, lacks = SECTION_TITLES[page], rules.missing_in(plan).get(page)
    if lacks:
        flash(f"Saved. {title} is not complete yet: it still needs {rules.in_a_row(lacks)}.")
    else:
        flash(f"{title}: saved.", "success")


def _section(words: str) -> Section:
    try:
        return Section(words)
    except ValueError:
        raise NotHere from None


def _plan(reference: str) -> Plan:
    partnership_id = current_actor().partnership_id
    return queries.plan_of(partnership_id, queries.round_by_reference(partnership_id, reference).id)


def _why_not_change(plan: Plan, page: Section | None) -> str | None:
    names = rules.CHANGED_LATER.get(page, ()) if page else ()
    return rules.why_not_change_plan(plan.state, names, is_any_released=plan.is_any_released)


def _where_frozen(plan: Plan, page: Section | None = None) -> Response | None:
    """Where to go instead of changing a frozen plan: the page that shows it whole and says that it is frozen.

    Raises:
        Refused: something was sent. The sender, who typed nothing, learns that it was not done.
    """
    reason = _why_not_change(plan, page)
    if reason and request.method == "POST":
        raise Refused(reason)
    return redirect(url_for("rounds.show_plan", reference=plan.reference)) if reason else None


def _differences(form: PlanForm, plan: Plan, choices: PlanChoices, page: Section) -> list[tuple[str, str, str]] | None:
    """After a stale save: what is stored and what was typed. The next save is made in the knowledge of both.

    None where the form is of the version that is stored, and where no save can follow: the plan is frozen by now.
    """
    if form.version.data == plan.version or _why_not_change(plan, page):
        return None
    form.version.data = plan.version
    return form.differences(FORMS[page](plan, choices, formdata=None))


def _choices(partnership_id: int) -> PlanChoices:
    templates = indicators.templates_offered(partnership_id)
    return PlanChoices(
        bodies=[(str(body.id), body.name) for body in accounts.bodies(partnership_id)],
        areas=[(str(area.id), area.name) for area in accounts.areas(partnership_id)],
        agencies=[(str(agency.id), agency.name) for agency in accounts.agencies(partnership_id)],
        templates=[(str(one.version_id), _named(one)) for one in templates],
        template_hints={str(one.version_id): one.description for one in templates},
        terms=current_actor().terms,
    )


def _named(template: OfferedTemplate) -> str:
    """A template as one is chosen: two may have one title, since a copy may keep it."""
    whose = ", your own" if template.is_own else ""
    return f"{template.title}, version {template.version}{whose}: {plural(template.indicators, 'question')}"


def _reach(plan: Plan) -> Reach:
    """Where the plan's template and its agencies do not meet, as far as both are chosen."""
    if plan.template_version_id is None or not plan.agencies:
        return Reach()
    template = indicators.template_version(plan.template_version_id)
    return queries.reach_of(current_actor().partnership_id, plan.round_id, template)


@blueprint.route("/rounds/<reference>/plan/check", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def check_plan(reference: str) -> str | Response:
    actor, plan = current_actor(), _plan(reference)
    if elsewhere := _where_frozen(plan):
        return elsewhere
    form = CheckForm(version=plan.version)
    if form.validate_on_submit():
        try:
            with transaction():
                services.open_round(plan.round_id, version=form.version.data, by=actor, at=now())
            flash(
                f"{plan.reference} is open for sampling. "
                "Its questions and its plan, except dates, reminders and panels, are frozen.",
                "success",
            )
            return redirect(url_for("home.show_round", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
            form.version.data = plan.version
    reach = _reach(plan)
    return render_template(
        "rounds/check_plan.html",
        plan=plan,
        form=form,
        titles=SECTION_TITLES,
        missing=rules.missing_in(plan),
        why_not=rules.why_not_open(plan, today=today()) or rules.why_not_reach(reach),
        unanswered=reach.unanswered,
        prompt_words=PROMPT_WORDS,
        access_words=PRACTITIONER_ACCESS_WORDS,
        rule_words=AGREEMENT_RULE_WORDS,
    )


@blueprint.route("/rounds/<reference>/withdraw", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def withdraw_round(reference: str) -> str | Response:
    actor = current_actor()
    found = queries.round_by_reference(actor.partnership_id, reference)
    if request.method == "GET" and (reason := rules.why_not_withdraw(found.state)):
        raise Refused(reason)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.withdraw_round(found.id, reason=form.reason.data, by=actor)
            flash(f"{found.reference} is withdrawn.", "success")
            return redirect(url_for("rounds.show_plan", reference=reference))
        except Refused as refusal:
            refuse(form, refusal)
    return render_template("rounds/withdraw_round.html", round=found, form=form)


@blueprint.get("/indicators/<code>")
@members
def show_indicator(code: str) -> str:
    """An indicator with everything behind it and everything made of it: paragraphs, templates, rounds."""
    actor = current_actor()
    return render_template(
        "rounds/show_indicator.html",
        page=indicators.indicator_page(code, actor.partnership_id),
        rounds=queries.rounds_asking(actor, code),
        rated_words=RATED_WORDS,
        counted=rules.COUNTED,
        reference_in_words=reference_in_words,
        anchor_of=anchor_of,
    )
