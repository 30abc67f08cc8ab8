"""Templates as files: what a partnership sends, and what it makes of a file that another sent."""

from dataclasses import replace

from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused
from audit_app.history.services import record
from audit_app.indicators import models, queries, rules
from audit_app.indicators.rules import AuditTemplate, Known
from audit_app.indicators.services.writing import (
    added,
    draft_to_change,
    forget_content,
    write_content,
    write_version,
)
from reports.plain_workbook import write_plain_workbook

CHANGED_MEANWHILE = (
    "Someone changed this draft since you opened this page. Look at what it says now, then choose the file once more."
)


def workbook_of(template: AuditTemplate, known: Known) -> bytes:
    """A template as the bytes of a workbook that people fill in and send back."""
    return write_plain_workbook(template.title, rules.as_workbook(template, known))


def load_as_new(template: AuditTemplate, *, by: Actor) -> models.AuditTemplateVersion:
    """Begin a template of one's own with what a file says, as draft version 1. `template` is what was read from it."""
    code = rules.own_code(template.title, taken=queries.own_template_codes(by.partnership_id))
    row = added(models.AuditTemplate(partnership_id=by.partnership_id, code=code))
    draft = write_version(row, replace(template, version=1), published_at=None)
    record("template_loaded", by=by, of=draft)
    db.session.flush()
    return draft


def load_as_draft(code: str, template: AuditTemplate, *, mark: str, by: Actor) -> models.AuditTemplateVersion:
    """Make what a file says the draft of one's own template: of its next version, or in place of the draft it has.

    `mark` is `rules.mark_of` the draft that the person saw, or "" where there was none. Where a draft is replaced, the
    saves of all its parts count on, so that a page that was opened before cannot save over what is loaded.

    Raises:
        NotHere: the partnership has no such template.
        Refused: the draft is not as the person saw it.
    """
    draft_id = queries.own_draft_id(by.partnership_id, code)
    return _replace(draft_id, template, mark, by) if draft_id else _begin(code, template, mark, by)


def _replace(draft_id: int, template: AuditTemplate, mark: str, by: Actor) -> models.AuditTemplateVersion:
    try:
        draft = draft_to_change(draft_id, by)
    except NotHere:
        raise Refused(CHANGED_MEANWHILE) from None
    if mark != rules.mark_of(queries.template_version(draft.id)):
        raise Refused(CHANGED_MEANWHILE)
    editions = [one.edition for one in queries.domains_for_change(draft.id)]
    editions += [one.edition for one in queries.indicators_for_change(draft.id)]
    draft.edition = max(draft.edition, *editions, 0) + 1
    draft.title, draft.description = template.title, template.description
    draft.minutes_per_child, draft.attributes = template.minutes_per_child, list(template.attributes)
    draft.scale_id = queries.scale_ids()[template.scale.code]
    forget_content(draft.id)
    write_content(draft, template, edition=draft.edition)
    record("template_replaced", by=by, of=draft)
    db.session.flush()
    return draft


def _begin(code: str, template: AuditTemplate, mark: str, by: Actor) -> models.AuditTemplateVersion:
    row = queries.template_for_change(by.partnership_id, code)
    newest = queries.newest_published(row.id)
    if mark or newest is None or queries.has_draft(row.id):
        raise Refused(CHANGED_MEANWHILE)
    draft = write_version(row, replace(template, version=newest.version + 1), published_at=None)
    record("template_loaded", by=by, of=draft)
    db.session.flush()
    return draft
