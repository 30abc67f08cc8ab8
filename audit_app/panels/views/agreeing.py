"""The page of a case at its panel: the returns side by side, and what is agreed."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.cases.rules import CASE_STATE_WORDS
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import plural
from audit_app.indicators.rules import AGE_BAND_WORDS, level_alone
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import ScoreForm
from audit_app.panels.queries import Pack
from audit_app.panels.rules import AGREED_HOW_WORDS
from audit_app.panels.views.blueprint import CASE_COLOURS, SITS, blueprint
from audit_app.returns import queries as returns
from audit_app.returns.rules import (
    ANSWER_KIND_WORDS,
    CONSENT_WORDS,
    NO_RETURN,
    PROMPT_WORDS,
    RETURN_STATE_WORDS,
    SHOULD_HAVE_KNOWN_WORDS,
    VOICE_OF_WORDS,
    WORDS_USE_WORDS,
    AnswerKind,
    no_return_from,
)
from audit_app.rounds import queries as rounds
from audit_app.rounds.rules import FrozenTemplate


@blueprint.route("/panels/cases/<reference>", methods=["GET", "POST"])
@allow(Role.COORDINATOR, Role.SCRUTINEER, Role.AUDITOR, *SITS)
def score_case(reference: str) -> str | Response:
    viewer = current_actor()
    pack = queries.pack(viewer, reference)
    template = rounds.frozen_template(viewer.partnership_id, pack.round_id)
    form = _form(pack, template)
    if request.method == "POST" and form.is_ready():
        try:
            with transaction():
                changed = services.agree_ratings(pack.id, form.wanted, by=viewer, at=now())
            flash(f"{plural(changed, 'rating')} recorded.", "success")
            form = form.left(queries.items_of_case(viewer.partnership_id, pack.id, template, sight=pack.sight))
            if not form.has_more:
                return redirect(url_for("panels.score_case", reference=reference))
        except Refused as refusal:
            form = _form(pack, template)
            form.refuse(refusal)
    return _page(pack, template, form)


def _form(pack: Pack, template: FrozenTemplate) -> ScoreForm:
    items = queries.items_of_case(current_actor().partnership_id, pack.id, template, sight=pack.sight)
    return ScoreForm(request.form, items)


def _page(pack: Pack, template: FrozenTemplate, form: ScoreForm) -> str:
    viewer = current_actor()
    is_chair = rules.is_chair(viewer, pack.chair_id)
    said = returns.returns_of_case(viewer.partnership_id, pack.id)
    why_not = rules.why_not_agree(pack.state, round_state=pack.round_state, is_chair=is_chair)
    return render_template(
        "panels/score_case.html",
        pack=pack,
        form=form,
        is_scoring=why_not is None or bool(form.posted),
        levels={level.id: level for level in template.as_read},
        options=[(level.id, level_alone(level.letter, level.words)) for level in template.as_read],
        no_answers=[(kind, ANSWER_KIND_WORDS[kind]) for kind in (AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE)],
        recorded=returns.attributes_of_case(viewer.partnership_id, pack.id),
        may_compare=viewer.has(Role.COORDINATOR, Role.SCRUTINEER, *SITS),
        voices=returns.voices_of_case(viewer.partnership_id, pack.id),
        whose_words=VOICE_OF_WORDS,
        consent_words=CONSENT_WORDS,
        use_words=WORDS_USE_WORDS,
        practice=returns.practice_of_case(viewer.partnership_id, pack.id),
        prompts=PROMPT_WORDS,
        returns=said,
        no_return=no_return_from([one.agency for one in said if one.state in NO_RETURN]),
        return_words=RETURN_STATE_WORDS,
        should_have_known_words=SHOULD_HAVE_KNOWN_WORDS,
        state_words=CASE_STATE_WORDS,
        colours=CASE_COLOURS,
        how_words=AGREED_HOW_WORDS,
        plan_words=viewer.terms.plan_statuses,
        age_words=AGE_BAND_WORDS,
        may_raise=queries.may_raise_case_action(viewer, pack.id),
        actions=queries.case_actions_of_case(viewer, pack.id, today=today()),
    )
