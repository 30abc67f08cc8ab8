"""The room of a panel: one page for each part in it, what it sends, and what its screens ask every two seconds."""

from collections.abc import Callable, Mapping

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, no_activity
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases.rules import CaseState
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused
from audit_app.indicators.rules import level_alone
from audit_app.panels import queries, rules, services
from audit_app.panels.forms import RoomForm
from audit_app.panels.queries import Screen
from audit_app.panels.rules import RoomPart, RoomStep, VoteKind
from audit_app.panels.views.blueprint import SITS, blueprint
from audit_app.returns.rules import ANSWER_KIND_WORDS, AnswerKind

LOOKS = (Role.COORDINATOR, Role.SCRUTINEER, *SITS)


@blueprint.route("/panels/<int:panel_id>/room", methods=["GET", "POST"])
@allow(*LOOKS)
def room(panel_id: int) -> str | Response:
    viewer = current_actor()
    queries.moment_of(viewer, panel_id)
    form = RoomForm(request.form)
    if request.method == "POST":
        try:
            with transaction():
                said = DEEDS.get(form.do, _nothing)(panel_id, form, viewer)
            if said:
                flash(said, "success")
            return redirect(url_for("panels.room", panel_id=panel_id))
        except Refused as refusal:
            form.refuse(refusal)
    return _page("panels/room/room.html", panel_id, form)


@blueprint.get("/panels/<int:panel_id>/room/projector")
@allow(*LOOKS)
def projector(panel_id: int) -> str:
    return _page("panels/room/projector.html", panel_id, RoomForm({}), is_projector=True)


@blueprint.get("/panels/<int:panel_id>/room/now")
@no_activity
@allow(*LOOKS)
def room_now(panel_id: int) -> Response:
    """The page anew where the room changed; else that it did not, which costs one read."""
    viewer = current_actor()
    is_projector = "projector" in request.args
    response = Response(mimetype="text/html")
    roles = ".".join(sorted(role.value for role in viewer.roles))
    at = queries.moment_of(viewer, panel_id)
    response.set_etag(f"{panel_id}-{at.revision}-{at.mark}-{viewer.id}-{roles}-{int(is_projector)}")
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    g.keeps_notices = True  # they are for whoever pressed something, in the window where they did
    template = "panels/room/projector.html" if is_projector else "panels/room/room.html"
    response.set_data(_page(template, panel_id, RoomForm({}), is_projector=is_projector, at=at))
    return response


def _page(
    template: str, panel_id: int, form: RoomForm, *, is_projector: bool = False, at: queries.Moment | None = None
) -> str:
    screen = queries.screen(current_actor(), panel_id, is_projector=is_projector, at=at)
    levels = screen.case.template.as_read if screen.case else ()
    return render_template(
        template,
        layout="layouts/page.html" if at is None else "layouts/content.html",
        address=url_for("panels.room", panel_id=panel_id),
        screen=screen,
        room=screen.room,
        form=form,
        is_chair=screen.part is RoomPart.CHAIR,
        is_seated=screen.part in {RoomPart.CHAIR, RoomPart.NOTES, RoomPart.MEMBER},
        status=rules.status_in_words(_where(screen)),
        levels={level.id: level for level in levels},
        options=[(level.id, level_alone(level.letter, level.words)) for level in levels],
        no_answers=[(kind, ANSWER_KIND_WORDS[kind]) for kind in (AnswerKind.NOT_APPLICABLE, AnswerKind.NO_EVIDENCE)],
        seat_words=rules.SEAT_WORDS,
        fits=rules.what_fits(screen.room.timing, len(screen.cases)),
        not_a_level=rules.NOT_A_LEVEL,
        how_words=rules.AGREED_HOW_WORDS,
        rule_in_words=rules.rule_in_words,
        level_words={level.id: level.words for level in levels},
        abstain=VoteKind.ABSTAIN,
    )


def _where(screen: Screen) -> rules.Where:
    """Where the room is, for the sentence that is read out."""
    at, case = screen.item, screen.case
    return rules.Where(
        is_open=screen.room.is_open,
        was_open=screen.room.opened_at is not None,
        reference=case.case.reference if case else "",
        step=screen.room.step,
        agreed=case.agreed if case else 0,
        items=case.items if case else 0,
        item=at.item.name if at else "",
        state=at.item.state if at else None,
        is_finished=case is not None and case.case.state is CaseState.AGREED,
        ballot=at.item.ballot if at else 0,
        rated=at.rated if at else 0,
        rates=at.rates if at else 0,
    )


def _nothing(_panel_id: int, _form: RoomForm, _by: Viewer) -> str:
    raise Refused("Press one of the buttons on this page.")


def _open(panel_id: int, form: RoomForm, by: Viewer) -> str:
    is_sure = form.text("is_nobody_recording") == "yes"
    services.open_room(panel_id, is_nobody_recording=is_sure, by=by, at=now())
    return "The room is open."


def _close(panel_id: int, _form: RoomForm, by: Viewer) -> str:
    services.close_room(panel_id, by=by, at=now())
    return "The room is closed. What was agreed is kept."


def _case(panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.open_case(panel_id, form.number("case"), by=by, at=now())
    return ""


def _look(panel_id: int, form: RoomForm, by: Viewer) -> str:
    step = form.text("step")
    if step not in set(RoomStep) - {RoomStep.ITEM}:
        raise Refused("Press one of the buttons on this page.")
    services.look_at(panel_id, RoomStep(step), by=by, at=now())
    return ""


def _timer(panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.hide_timer(panel_id, is_hidden=form.text("hide") == "yes", by=by)
    return ""


def _park(panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.park_point(panel_id, words=form.text("words"), by=by, at=now())
    return "The point is put aside."


def _take(panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.take_point(form.number("point"), panel_id=panel_id, where_to=form.text("where_to"), by=by)
    return "It is noted where the point was taken."


def _ask(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.ask_to_rate(form.number("item"), by=by)
    return ""


def _rate(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.give_rating(form.number("item"), ballot=form.number("ballot"), rating=form.own_rating(), by=by, at=now())
    return "Your rating is kept. Nobody else sees it until the chair shows the ratings."


def _show(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.show_ratings(form.number("item"), version=form.number("version"), by=by)
    return ""


def _again(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.rate_again(form.number("item"), version=form.number("version"), by=by)
    return ""


def _agree(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.agree_item(form.decision(), by=by, at=now())
    return "This is agreed."


def _reopen(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.reopen_item(form.number("item"), reason=form.text("reason"), version=form.number("version"), by=by)
    return "This is open again. What was agreed is kept."


def _pull_out(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.pull_out(form.number("item"), by=by)
    return "The panel talks about this one."


def _note(_panel_id: int, form: RoomForm, by: Viewer) -> str:
    services.note_item(
        form.number("item"),
        reason=form.text("reason"),
        better=form.text("better"),
        version=form.number("note"),
        by=by,
        at=now(),
    )
    return "What you noted is kept. The chair sees it."


def _together(panel_id: int, form: RoomForm, by: Viewer) -> str:
    chosen = form.together()
    screen = queries.screen(by, panel_id)
    if screen.case is None:
        raise NotHere
    if not chosen:
        raise Refused("Tick what you confirm.")
    services.agree_ratings(screen.case.case.id, chosen, by=by, at=now())
    return f"{len(chosen)} confirmed together."


DEEDS: Mapping[str, Callable[[int, RoomForm, Viewer], str]] = {
    "open": _open,
    "close": _close,
    "case": _case,
    "look": _look,
    "timer": _timer,
    "park": _park,
    "take": _take,
    "ask": _ask,
    "rate": _rate,
    "show": _show,
    "again": _again,
    "agree": _agree,
    "reopen": _reopen,
    "pull-out": _pull_out,
    "note": _note,
    "together": _together,
}
"""What a screen can send, by the word in its form. Each deed says itself who may do it; each gives what to tell."""
