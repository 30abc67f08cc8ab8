"""Deeds on templates: loading what is delivered, and a partnership making its own."""

from audit_app.indicators.services.asked import (
    add_indicator,
    change_indicator,
    move_indicator,
    move_to_domain,
    remove_indicator,
    write_indicator,
)
from audit_app.indicators.services.domains import add_domain, move_domain, remove_domain, rename_domain
from audit_app.indicators.services.drafting import (
    change_draft,
    change_recorded,
    copy_template,
    discard_draft,
    publish_draft,
    start_version,
)
from audit_app.indicators.services.exchange import load_as_draft, load_as_new, workbook_of
from audit_app.indicators.services.loading import files_in, load_catalogue, load_folder

__all__ = [
    "add_domain",
    "add_indicator",
    "change_draft",
    "change_indicator",
    "change_recorded",
    "copy_template",
    "discard_draft",
    "files_in",
    "load_as_draft",
    "load_as_new",
    "load_catalogue",
    "load_folder",
    "move_domain",
    "move_indicator",
    "move_to_domain",
    "publish_draft",
    "remove_domain",
    "remove_indicator",
    "rename_domain",
    "start_version",
    "workbook_of",
    "write_indicator",
]
