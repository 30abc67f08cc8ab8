"""The ratings of a case as a spreadsheet, for a panel on paper: downloading it, loading it back, confirming it.

What the file says goes to the page that shows what it would change, and comes back from there: nothing of it is kept
before it is confirmed.
"""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import XLSX, day, download, plural, refuse
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import LoadRatingsForm, TakeRatingsForm
from audit_app.panels.queries import Pack
from audit_app.panels.rules import FilledRatings, RatingOutcome, RatingsPaper
from audit_app.panels.views.blueprint import blueprint
from audit_app.returns.rules.workbooks import LARGEST_RETURN_FILE, Unreadable
from audit_app.rounds import queries as rounds

MOVED = "Something was agreed on screen since you looked at this page. Look at what it says now, then confirm again."


@blueprint.get("/panels/cases/<reference>/spreadsheet")
@allow(Role.PANEL_CHAIR)
def offline_ratings(reference: str) -> str:
    return _page(_chaired(reference), LoadRatingsForm())


@blueprint.post("/panels/cases/<reference>/spreadsheet/download")
@allow(Role.PANEL_CHAIR)
def download_ratings(reference: str) -> Response:
    pack = _chaired(reference)
    paper = _paper(pack)
    with transaction():
        content = services.ratings_taken(pack.id, paper, by=current_actor())
    return download(content, f"{reference}-agreed-ratings.xlsx", XLSX)


@blueprint.post("/panels/cases/<reference>/spreadsheet")
@allow(Role.PANEL_CHAIR)
def load_ratings(reference: str) -> str:
    pack = _chaired(reference)
    form = LoadRatingsForm()
    if form.validate_on_submit():
        paper = _paper(pack)
        try:
            filled = rules.read_ratings(form.file.data.read(LARGEST_RETURN_FILE + 1), paper)
            outcomes, unreadable = rules.readable(filled, paper)
            return _preview(pack, TakeRatingsForm({}), outcomes, unreadable, filled)
        except Refused as refusal:
            refuse(form, Refused(refusal.reason, "file"))
    return _page(pack, form)


@blueprint.post("/panels/cases/<reference>/spreadsheet/take")
@allow(Role.PANEL_CHAIR)
def take_ratings(reference: str) -> str | Response:
    pack = _chaired(reference)
    paper, form = _paper(pack), TakeRatingsForm(request.form)
    outcomes = rules.outcomes_of(form.decisions, paper)
    if form.has_moved(outcomes):
        form.refusal = MOVED
    elif form.look_at(outcomes):
        try:
            return _take(pack, rules.chosen_to_stand(outcomes, form.stands, form.because))
        except Stale:
            form.refusal = MOVED
            outcomes = rules.outcomes_of(form.decisions, _paper(pack))
        except Refused as refusal:
            form.refusal = refusal.reason
    return _preview(pack, form, outcomes)


def _take(pack: Pack, decisions: Sequence[rules.Decision]) -> Response:
    with transaction():
        taken = services.load_ratings(pack.id, decisions, by=current_actor(), at=now())
    if taken:
        flash(f"{plural(taken, 'rating')} from the spreadsheet recorded.", "success")
    else:
        flash("Nothing of the spreadsheet was taken.")
    return redirect(url_for("panels.score_case", reference=pack.reference))


def _chaired(reference: str) -> Pack:
    """A case of a panel on paper that the viewer chairs."""
    viewer = current_actor()
    pack = queries.pack(viewer, reference)
    if not (pack.is_on_paper and rules.is_chair(viewer, pack.chair_id)):
        raise NotHere
    return pack


def _paper(pack: Pack) -> RatingsPaper:
    here = current_actor().partnership
    template = rounds.frozen_template(here.id, pack.round_id)
    return RatingsPaper(
        slug=here.slug,
        partnership=here.name,
        round_reference=pack.round_reference,
        round_title=pack.round_title,
        case_reference=pack.reference,
        panel=f"{day(pack.held_on)}, chaired by {pack.chair}",
        template=template,
        items=queries.items_of_case(here.id, pack.id, template, sight=pack.sight),
    )


def _page(pack: Pack, form: LoadRatingsForm) -> str:
    why_not = rules.why_not_agree(pack.state, round_state=pack.round_state, is_chair=True)
    return render_template("panels/offline_ratings.html", pack=pack, form=form, why_not=why_not)


def _preview(
    pack: Pack,
    form: TakeRatingsForm,
    outcomes: Sequence[RatingOutcome],
    unreadable: Sequence[Unreadable] = (),
    filled: FilledRatings | None = None,
) -> str:
    return render_template(
        "panels/preview_ratings.html",
        pack=pack,
        form=form,
        outcomes=outcomes,
        changes=[one for one in outcomes if not one.is_clash],
        clashes=[one for one in outcomes if one.is_clash],
        unreadable=unreadable,
        same=filled.same if filled else None,
    )
