"""Files out. Each is a post, because it is written down who took one."""

import os
from typing import BinaryIO

from flask import send_file
from werkzeug.wrappers import Response

from audit_app.accounts.access import allow, current_actor, partnership_blueprint
from audit_app.accounts.rules import Role
from audit_app.core.clock import now, today
from audit_app.core.db import transaction
from audit_app.exports import services

bp = partnership_blueprint("exports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/rounds/<reference>/workbook")
@allow(Role.COORDINATOR, Role.SCRUTINEER)
def round_workbook(reference: str) -> Response:
    viewer = current_actor()
    file = services.round_workbook(reference, by=viewer, at=now())
    with transaction():
        services.note_round_workbook(reference, by=viewer)
    return _download(file, f"{reference}-audit-{today()}.xlsx")


@bp.post("/workbook")
@allow(Role.COORDINATOR, Role.SCRUTINEER)
def everything() -> Response:
    viewer = current_actor()
    file = services.everything_workbook(by=viewer, at=now())
    with transaction():
        services.note_everything_workbook(by=viewer)
    return _download(file, f"{viewer.partnership.slug}-all-audits-{today()}.xlsx")


def _download(file: BinaryIO, name: str) -> Response:
    """The file as a download that no browser or proxy keeps. It is closed, and so gone, when it was sent."""
    response = send_file(file, mimetype=XLSX, as_attachment=True, download_name=name, conditional=False, etag=False)
    response.content_length = file.seek(0, os.SEEK_END)
    file.seek(0)
    response.headers["Cache-Control"] = "no-store"
    return response
