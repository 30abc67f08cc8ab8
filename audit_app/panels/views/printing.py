"""The pack of a case as a tagged PDF, where the round allows it. A post: it is written down."""

from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor
from audit_app.accounts.rules import Role
from audit_app.core.clock import now
from audit_app.core.db import transaction
from audit_app.core.web import PDF, download
from audit_app.panels import queries, services
from audit_app.panels.views.blueprint import SITS, blueprint


@blueprint.post("/panels/cases/<reference>/print")
@allow(Role.COORDINATOR, Role.SCRUTINEER, *SITS)
def print_pack(reference: str) -> Response:
    viewer = current_actor()
    pack = queries.pack(viewer, reference)
    content = services.pack_on_paper(pack, by=viewer, at=now())
    with transaction():
        services.note_pack_printed(pack, by=viewer)
    return download(content, f"{reference}-pack.pdf", PDF)
