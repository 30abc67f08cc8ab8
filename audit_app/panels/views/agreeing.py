"""The page of a case at its panel: the returns side by side, and what is agreed.

A panel on paper enters on it what was agreed. For one with a room it is the pack, to read.
"""

from collections.abc import Sequence
from typing import Any

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
from audit_app.panels.queries import Pack, PackRead
from audit_app.panels.rules import AGREED_HOW_WORDS, ITEM_STATE_WORDS, NOT_A_LEVEL, Item
from audit_app.panels.views.blueprint import CASE_COLOURS, SITS, blueprint
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
    if not pack.is_on_paper:
        return _pack(pack, template)
    form = _form(pack, template)
    if request.method == "POST" and form.is_ready():
        try:
            with transaction():
                changed = services.agree_ratings(pack.id, form.wanted, by=viewer, at=now())
            flash(f"{plural(changed, 'rating')} recorded.", "success")
            form = form.left(_items(pack, template))
            if not form.has_more:
                return redirect(url_for("panels.score_case", reference=reference))
        except Refused as refusal:
            form = _form(pack, template)
            form.refuse(refusal)
    return _paper(pack, template, form)


def _form(pack: Pack, template: FrozenTemplate) -> ScoreForm:
    return ScoreForm(request.form, _items(pack, template))


def _items(pack: Pack, template: FrozenTemplate) -> Sequence[Item]:
    return queries.items_of_case(current_actor().partnership_id, pack.id, template, sight=pack.sight)


def _pack(pack: Pack, template: FrozenTemplate) -> str:
    if request.method == "POST":
        raise Refused("This panel agrees in its room, not on paper.")
    read = queries.read_pack(current_actor().partnership_id, pack, _items(pack, template))
    return render_template(
        "panels/pack.html",
        **_shown(pack, template, read),
        is_scoring=_why_not_agree(pack) is None,
        parts=rules.by_domain(read.items, template),
        ballots=read.ballots,
        vote_words=NOT_A_LEVEL,
        item_words=ITEM_STATE_WORDS,
    )


def _paper(pack: Pack, template: FrozenTemplate, form: ScoreForm) -> str:
    read = queries.read_pack(current_actor().partnership_id, pack, list(form.items.values()))
    return render_template(
        "panels/score_case.html",
        **_shown(pack, template, read),
        form=form,
        is_scoring=_why_not_agree(pack) is None or bool(form.posted),
        options=[(level.id, level_alone(level.letter, level.words)) for level in template.as_read],
        no_answers=[(kind, ANSWER_KIND_WORDS[kind]) for kind in (AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE)],
        people=[
            (str(pack.chair_id), pack.chair),
            *(
                (str(one.person_id), one.name)
                for one in queries.panel_members(current_actor().partnership_id, pack.panel_id)
                if one.agency_id is not None
            ),
        ],
    )


def _why_not_agree(pack: Pack) -> str | None:
    is_chair = rules.is_chair(current_actor(), pack.chair_id)
    return rules.why_not_agree(pack.state, round_state=pack.round_state, is_chair=is_chair)


def _shown(pack: Pack, template: FrozenTemplate, read: PackRead) -> dict[str, Any]:
    """What the page of a case shows, whether its panel meets on paper or in its room."""
    viewer = current_actor()
    return {
        "pack": pack,
        "items": read.items,
        "agreed_items": [item for item in read.items if item.agreed],
        "levels": {level.id: level for level in template.as_read},
        "recorded": read.recorded,
        "may_compare": viewer.has(Role.COORDINATOR, Role.SCRUTINEER, *SITS),
        "may_print": rules.why_not_print(is_printed=pack.is_printed, is_close=pack.is_close) is None,
        "voices": read.voices,
        "whose_words": VOICE_OF_WORDS,
        "consent_words": CONSENT_WORDS,
        "use_words": WORDS_USE_WORDS,
        "practice": read.practice,
        "prompts": PROMPT_WORDS,
        "returns": read.returns,
        "is_whole": read.is_whole,
        "no_return": no_return_from([one.agency for one in read.returns if one.state in NO_RETURN]),
        "return_words": RETURN_STATE_WORDS,
        "should_have_known_words": SHOULD_HAVE_KNOWN_WORDS,
        "state_words": CASE_STATE_WORDS,
        "colours": CASE_COLOURS,
        "how_words": AGREED_HOW_WORDS,
        "plan_words": viewer.terms.plan_statuses,
        "age_words": AGE_BAND_WORDS,
        "may_raise": queries.may_raise_case_action(viewer, pack.id),
        "actions": queries.case_actions_of_case(viewer, pack.id, today=today()),
    }
