"""A return on paper, as a tagged PDF: the empty form, and what was answered. Each is a post: it is written down."""

from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.web import PDF, download
from audit_app.returns import queries, services
from audit_app.returns.rules.workbooks import file_name
from audit_app.returns.views.blueprint import blueprint


@blueprint.post("/cases/<reference>/return/<int:agency_id>/print/form")
@allow(Role.AUDITOR, Role.COORDINATOR)
def print_form(reference: str, agency_id: int) -> Response:
    viewer = current_actor()
    found = queries.return_shown(viewer, reference, agency_id)
    content = services.return_on_paper(found, is_empty=True, by=viewer, at=now())
    with transaction():
        services.note_printed(found, is_empty=True, by=viewer)
    return download(content, f"{file_name(reference, found.agency_short, 'form')}.pdf", PDF)


@blueprint.post("/cases/<reference>/return/<int:agency_id>/print")
@allow(Role.AUDITOR, Role.COORDINATOR, Role.SCRUTINEER, Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER)
def print_return(reference: str, agency_id: int) -> Response:
    viewer = current_actor()
    found = queries.return_to_print(viewer, reference, agency_id)
    content = services.return_on_paper(found, is_empty=False, by=viewer, at=now())
    with transaction():
        services.note_printed(found, is_empty=False, by=viewer)
    return download(content, f"{file_name(reference, found.agency_short, 'return')}.pdf", PDF)
