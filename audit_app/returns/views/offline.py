"""A return as a spreadsheet: downloading it, loading it back, looking at what it changes, and confirming that.

Its agency's auditors come through these doors, and coordinators for an agency that does not sign in.
"""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.web import XLSX, download, plural, refuse
from audit_app.returns import queries, rules, services
from audit_app.returns.forms import LoadReturnForm, SubmitForAgencyForm, TakeForm
from audit_app.returns.queries import ReturnShown, WaitingFile
from audit_app.returns.rules import workbooks
from audit_app.returns.rules.workbooks import Comparison, Paper, ReadReturn
from audit_app.returns.views.answering import hours, to_return
from audit_app.returns.views.blueprint import blueprint


@blueprint.get("/cases/<reference>/return/<int:agency_id>/offline")
@allow(Role.AUDITOR, Role.COORDINATOR)
def offline(reference: str, agency_id: int) -> str:
    return _page(queries.offline_return(current_actor(), reference, agency_id), LoadReturnForm())


@blueprint.post("/cases/<reference>/return/<int:agency_id>/offline/download")
@allow(Role.AUDITOR, Role.COORDINATOR)
def download_workbook(reference: str, agency_id: int) -> Response:
    viewer = current_actor()
    found = queries.offline_return(viewer, reference, agency_id)
    with transaction():
        content = services.workbook_taken(found, by=viewer)
    return download(content, f"{workbooks.file_name(reference, found.agency_short, 'return')}.xlsx", XLSX)


@blueprint.post("/cases/<reference>/return/<int:agency_id>/offline")
@allow(Role.AUDITOR, Role.COORDINATOR)
def load_workbook(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.offline_return(viewer, reference, agency_id)
    form = LoadReturnForm()
    if form.validate_on_submit():
        content = form.file.data.read(workbooks.LARGEST_RETURN_FILE + 1)
        try:
            workbooks.read_return(content, _paper(found))  # before the transaction: it takes a while
            with transaction():
                services.keep_return_file(found.id, content=content, by=viewer, at=now())
            return redirect(url_for("returns.preview_workbook", reference=reference, agency_id=agency_id))
        except Refused as refusal:
            refuse(form, Refused(refusal.reason, "file"))
    return _page(found, form)


@blueprint.route("/cases/<reference>/return/<int:agency_id>/offline/preview", methods=["GET", "POST"])
@allow(Role.AUDITOR, Role.COORDINATOR)
def preview_workbook(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.offline_return(viewer, reference, agency_id)
    waiting = queries.waiting_file(viewer, found.id, at=now())
    if waiting is None:
        flash(services.GONE)
        return redirect(url_for("returns.offline", reference=reference, agency_id=agency_id))
    _check_may_look(found)
    form = TakeForm(request.form)
    read, comparison = _compared(found, waiting)
    if form.validate_on_submit() and form.look_at(comparison):
        try:
            with transaction():
                taken = services.take_return_file(
                    found.id,
                    form.file_sha256.data or "",
                    read=read,
                    mark=form.mark.data or "",
                    stands=form.stands,
                    by=viewer,
                    at=now(),
                )
            flash(f"{plural(taken, 'answer')} from the spreadsheet {'is' if taken == 1 else 'are'} saved.", "success")
            if left := workbooks.left_in_words(comparison.unreadable):
                flash(left)
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
            read, comparison = _compared(found, waiting)
    form.file_sha256.data, form.mark.data = waiting.file_sha256, comparison.mark
    return render_template(
        "returns/preview_workbook.html", shown=found, form=form, comparison=comparison, waiting=waiting
    )


@blueprint.post("/cases/<reference>/return/<int:agency_id>/offline/set-aside")
@allow(Role.AUDITOR, Role.COORDINATOR)
def set_workbook_aside(reference: str, agency_id: int) -> Response:
    viewer = current_actor()
    found = queries.offline_return(viewer, reference, agency_id)
    with transaction():
        services.set_return_file_aside(found.id, by=viewer)
    flash("The spreadsheet was set aside and destroyed. Nothing was taken from it.", "success")
    return redirect(url_for("returns.offline", reference=reference, agency_id=agency_id))


@blueprint.route("/cases/<reference>/return/<int:agency_id>/offline/submit", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def submit_for_agency(reference: str, agency_id: int) -> str | Response:
    viewer = current_actor()
    found = queries.offline_return(viewer, reference, agency_id)
    if found.is_own:  # an auditor of the agency submits it as their own
        return redirect(url_for("returns.submit_return", reference=reference, agency_id=agency_id))
    form = SubmitForAgencyForm(**hours(found))
    if form.validate_on_submit():
        try:
            with transaction():
                services.submit_for_agency(
                    found.id,
                    is_declared=form.is_declared.data,
                    are_not_names=form.are_not_names.data,
                    minutes_spent=form.minutes_spent,
                    minutes_seen=form.minutes_seen,
                    by=viewer,
                    at=now(),
                )
            flash(f"The return on {reference} is submitted on behalf of {found.agency}.", "success")
            return to_return(found)
        except Refused as refusal:
            refuse(form, refusal)
    _check_may_look(found)
    needs = queries.needs_of_return(viewer.partnership_id, found.round_id, found.id)
    is_open = rules.why_not_rate(found.standing, terms=viewer.terms) is None
    its = {"case_id": found.case_id, "agency_id": agency_id}
    return render_template(
        "returns/submit_for_agency.html",
        shown=found,
        form=form,
        needs=needs,
        places=queries.places_of_names(viewer.partnership_id, found.id, **its) if is_open else (),
        why_not=rules.why_not_submit(found.standing, gaps=len(needs), terms=viewer.terms),
    )


def _page(found: ReturnShown, form: LoadReturnForm) -> str:
    viewer = current_actor()
    has_begun = not found.is_own and queries.has_agency_begun(viewer.partnership_id, found.id)
    return render_template(
        "returns/offline.html",
        shown=found,
        form=form,
        waiting=queries.waiting_file(viewer, found.id, at=now()),
        why_not=workbooks.AGENCY_HAS_BEGUN if has_begun else workbooks.why_not_load(found.standing, viewer),
        stood_in=queries.stood_in(viewer.partnership_id, found.id),
        is_editable=found.state in rules.EDITABLE,
        may_print=found.is_own or found.state in rules.HANDED_OVER,
    )


def _check_may_look(found: ReturnShown) -> None:
    """A coordinator sees nothing of a return once its agency has begun it: not by way of a file either."""
    if not found.is_own and queries.has_agency_begun(current_actor().partnership_id, found.id):
        raise Refused(workbooks.AGENCY_HAS_BEGUN)


def _paper(found: ReturnShown) -> Paper:
    return queries.paper_of(current_actor(), found.id, today=today())


def _compared(found: ReturnShown, waiting: WaitingFile) -> tuple[ReadReturn, Comparison]:
    paper = _paper(found)
    read = workbooks.read_return(waiting.content, paper)
    loaded = queries.loaded_before(current_actor(), found.id, read.origin.copy)
    return read, workbooks.compare(paper, read, loaded=loaded)
