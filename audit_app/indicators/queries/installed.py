"""Reading what is loaded, for whoever loads the files or checks them."""

from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from audit_app.core.db import db
from audit_app.indicators import models
from audit_app.indicators.queries.drafts import codes_of_own_templates, library_codes
from audit_app.indicators.queries.library import scales
from audit_app.indicators.queries.templates import template_version, version_ids
from audit_app.indicators.rules import Catalogue, Loaded


def what_is_loaded(catalogue: Catalogue) -> Loaded:
    """What the service holds of what a catalogue speaks of. Five queries a template."""
    known = version_ids()
    wanted = [(template.code, template.version) for template in catalogue.templates]
    return Loaded(
        scales=scales(),
        library=library_codes(),
        own=codes_of_own_templates(),
        versions={key: template_version(known[key]) for key in wanted if key in known},
    )


def is_ready() -> bool:
    """Whether there is a database to read, with tables in it. Files are checked without one, too, and make none."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    try:
        return inspect(db.engine).has_table(models.Scale.__tablename__)
    except OperationalError:
        return False
