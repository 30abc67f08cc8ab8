"""The cases of a round, and their identity sheets."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role, Viewer
from audit_app.cases import queries, rules, services
from audit_app.cases.forms import IdentitySheetForm, SummaryForm
from audit_app.cases.queries import CaseRow
from audit_app.cases.rules import IdentitySheet
from audit_app.cases.views.blueprint import blueprint
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.core.web import day, refuse
from audit_app.indicators.rules import AGE_BAND_WORDS
from audit_app.rounds import queries as rounds


@blueprint.get("/rounds/<reference>/cases")
@allow(Role.COORDINATOR, Role.SCRUTINEER, Role.KEY_HOLDER, Role.AUDITOR)
def list_cases(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    return render_template(
        "cases/list_cases.html",
        round=found,
        cases=queries.cases_of_round(viewer, found.id),
        sheets_left=queries.incomplete_sheets(viewer.partnership_id, found.id),
        words=rules.CASE_STATE_WORDS,
        colours=rules.CASE_STATE_COLOURS,
        plans=viewer.terms.plan_statuses,
        ages=AGE_BAND_WORDS,
    )


@blueprint.get("/rounds/<reference>/identity")
@allow(Role.KEY_HOLDER, Role.COORDINATOR)
def identity_sheets(reference: str) -> str:
    viewer = current_actor()
    found = rounds.round_seen_by(viewer, reference)
    return render_template(
        "cases/identity_sheets.html", round=found, sheets=queries.sheet_statuses(viewer.partnership_id, found.id)
    )


@blueprint.get("/cases/<reference>/identity")
@allow(Role.KEY_HOLDER)
def identity_sheet(reference: str) -> str:
    """Says that there is a sheet. To see it is a deed of its own, which is recorded."""
    return render_template("cases/identity_closed.html", case=queries.case_by_reference(current_actor(), reference))


@blueprint.post("/cases/<reference>/identity/open")
@allow(Role.KEY_HOLDER)
def open_identity_sheet(reference: str) -> str:
    viewer = current_actor()
    case = queries.case_by_reference(viewer, reference)
    with transaction():
        kept = services.open_identity_sheet(case.id, by=viewer)
    form = IdentitySheetForm.showing(kept.sheet, missing_reason=kept.missing_reason, version=kept.version)
    return render_template("cases/identity_sheet.html", case=case, form=form, kept=kept, theirs={})


@blueprint.post("/cases/<reference>/identity")
@allow(Role.KEY_HOLDER)
def save_identity_sheet(reference: str) -> str | Response:
    viewer = current_actor()
    case = queries.case_by_reference(viewer, reference)
    form = IdentitySheetForm()
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.save_identity_sheet(
                    case.id,
                    sheet=form.sheet(),
                    missing_reason=form.missing_reason.data,
                    version=form.version_typed_on(),
                    by=viewer,
                    at=now(),
                )
            flash(f"The identity sheet of {case.reference} is saved.", "success")
            return redirect(url_for("cases.identity_sheets", reference=case.round_reference))
        except Stale as stale:
            refuse(form, stale)
            born_on = IdentitySheet(born_on=stale.theirs["born_on"]).born
            theirs = {**stale.theirs, "born_on": day(born_on)}
            form.version.data = str(stale.version)
        except Refused as refusal:
            refuse(form, refusal)
    with transaction():  # the page shows who the child is once more, and that is recorded once more
        kept = services.open_identity_sheet(case.id, by=viewer)
    return render_template("cases/identity_sheet.html", case=case, form=form, kept=kept, theirs=theirs)


STEPS = {"file": "returns.confirm_file"}
"""From which step of a return somebody looks at the sheet, and goes back to: never an address that was sent."""
CARRIED = ("seen", "is_right", "file_number", "own_part", "own_part_words")
"""What was typed at that step and not saved yet: it goes along, and is shown there again."""


@blueprint.post("/cases/<reference>/identity/look")
@allow(Role.AUDITOR)
def look_up_identity(reference: str) -> str:
    viewer = current_actor()
    case = queries.case_by_reference(viewer, reference)
    agency_id = request.form.get("agency", type=int) or _released_to(viewer, case)
    with transaction():
        sheet = services.look_up_identity(case.id, agency_id=agency_id, by=viewer)
        file_number = queries.file_number(viewer.partnership_id, case.id, agency_id)
    return render_template(
        "cases/look_up_identity.html",
        case=case,
        sheet=sheet,
        words=rules.SHEET_WORDS,
        agency_id=agency_id,
        file_number=file_number,
        step=STEPS.get(request.form.get("back", "")),
        carried={name: request.form[name] for name in CARRIED if name in request.form},
    )


def _released_to(viewer: Viewer, case: CaseRow) -> int:
    """The agency of the viewer to which the sheet was released."""
    mine = viewer.agencies(Role.AUDITOR) & queries.released_agencies(viewer.partnership_id, case.id)
    if not mine:
        raise NotHere
    return min(mine)


@blueprint.route("/cases/<reference>/summary", methods=["GET", "POST"])
@allow(Role.COORDINATOR)
def write_summary(reference: str) -> str | Response:
    viewer = current_actor()
    case = queries.case_by_reference(viewer, reference)
    form = SummaryForm(summary=case.summary, version=case.summary_version)
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            with transaction():
                services.write_summary(case.id, words=form.summary.data or "", version=form.version.data, by=viewer)
            flash(f"The summary of {reference} is saved.", "success")
            return redirect(url_for("home.show_case", reference=reference))
        except Stale as stale:
            refuse(form, stale)
            theirs, form.version.data = stale.theirs, stale.version
        except Refused as refusal:
            refuse(form, refusal)
    why_not = rules.why_not_write_summary(case.state)
    return render_template("cases/write_summary.html", case=case, form=form, theirs=theirs, why_not=why_not)
