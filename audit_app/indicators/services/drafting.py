"""Deeds on a partnership's own templates as a whole: copying one, a new version, its words, publishing, discarding."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from audit_app.accounts.rules import Viewer
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.indicators import models, queries, rules
from audit_app.indicators.services.writing import added, draft_to_change, forget_content, write_guidance, write_version

FIELD_WORDS = {
    "title": "title",
    "description": "description",
    "minutes_per_child": "minutes for one child",
    "scale": "scale",
}
"""What history calls the words of a draft."""


def copy_template(version_id: int, *, title: str, by: Actor) -> models.AuditTemplateVersion:
    """Begin a template of one's own with all that a version asks, as draft version 1 under a title of its own.

    Raises:
        NotHere: there is no such version, or it is another partnership's.
        Refused: the title cannot be so (`field` names it).
    """
    copied, _its = queries.version_for_change(by.partnership_id, version_id)
    title = rules.one_line(title)
    if reason := rules.why_not_name(title, "The title"):
        raise Refused(reason, "title")
    code = rules.own_code(title, taken=queries.own_template_codes(by.partnership_id))
    row = added(models.AuditTemplate(partnership_id=by.partnership_id, code=code))
    draft = write_version(row, replace(queries.template_version(version_id), title=title, version=1), published_at=None)
    record("template_copied", by=by, of=draft, source=copied.history_name)
    db.session.flush()
    return draft


def start_version(code: str, *, by: Actor) -> models.AuditTemplateVersion:
    """Begin the next version of one's own template, as a draft of what was published last.

    Raises:
        NotHere: the partnership has no such template.
        Refused: it has a draft already.
    """
    row = queries.template_for_change(by.partnership_id, code)
    newest = queries.newest_published(row.id)
    is_published, has_draft = newest is not None, queries.has_draft(row.id)
    if reason := rules.why_not_start_version(is_own=True, is_published=is_published, has_draft=has_draft):
        raise Refused(reason)
    if newest is None:
        raise NotHere
    draft = write_version(
        row, replace(queries.template_version(newest.id), version=newest.version + 1), published_at=None
    )
    record("template_version_started", by=by, of=draft)
    db.session.flush()
    return draft


def change_draft(
    version_id: int,
    *,
    edition: int,
    title: str,
    description: str,
    minutes_per_child: int | None,
    scale: str,
    by: Actor,
) -> models.AuditTemplateVersion:
    """Change the words of a draft, or its scale by its code. `edition` is the save that the person saw.

    Indicators keep their words for the levels of the scale that they had until the draft is published: with that scale
    they have them again.

    Raises:
        NotHere: no such version.
        Refused: not a draft of one's own, or something cannot be so (`field` names it).
        Stale: someone else saved them meanwhile.
    """
    draft = draft_to_change(version_id, by)
    title = rules.one_line(title)
    if edition != draft.edition:
        raise Stale({"title": draft.title, "description": draft.description}, version=draft.edition)
    if reason := rules.why_not_name(title, "The title"):
        raise Refused(reason, "title")
    if refusal := rules.why_not_description(description=description, minutes_per_child=minutes_per_child):
        raise Refused(*refusal)
    scale_id = queries.scale_ids().get(scale)
    if scale_id is None:
        raise Refused("Choose one of the scales.", "scale")
    wanted = {"title": title, "description": description, "minutes_per_child": minutes_per_child, "scale_id": scale_id}
    changed = [name for name, value in wanted.items() if getattr(draft, name) != value]
    if not changed:
        return draft
    for name in changed:
        setattr(draft, name, wanted[name])
    draft.edition += 1
    fields = ", ".join(FIELD_WORDS[name.removesuffix("_id")] for name in changed)
    record("template_changed", by=by, of=draft, fields=fields)
    db.session.flush()
    return draft


def change_recorded(
    version_id: int, *, edition: int, attributes: Collection[str], by: Actor
) -> models.AuditTemplateVersion:
    """Change which case attributes a draft records, by their codes. `edition` is the save that the person saw.

    Raises:
        NotHere: no such version.
        Refused: not a draft of one's own, or something is none of the library's attributes (`field` names it).
        Stale: someone else saved the words of the draft meanwhile.
    """
    draft = draft_to_change(version_id, by)
    known = queries.case_attributes()
    if reason := rules.why_not_attributes(attributes, known=known):
        raise Refused(reason, "attributes")
    if set(attributes) == set(draft.attributes):
        return draft
    if edition != draft.edition:
        raise Stale({"attributes": ", ".join(draft.attributes)}, version=draft.edition)
    draft.attributes = [code for code in known if code in attributes]
    draft.edition += 1
    record("template_changed", by=by, of=draft, fields="what is recorded about each child")
    db.session.flush()
    return draft


def publish_draft(version_id: int, *, mark: str, note: str, by: Viewer, at: datetime) -> models.AuditTemplateVersion:
    """Publish a draft: rounds of the partnership may use it, and it never changes again.

    What it keeps for the levels of a scale that it had before is lost.

    `mark` is `rules.mark_of` the draft that the person checked, `note` says what has changed since the version before.

    Raises:
        NotHere: no such version.
        Refused: not a draft of one's own, something is missing in it, no note from version 2 on, or it was changed
            meanwhile.
    """
    draft = draft_to_change(version_id, by)
    found = queries.template_version(draft.id)
    missing = queries.missing_in(by.partnership_id, draft.template_id, found, by.terms)
    if refusal := rules.why_not_publish_draft(missing=missing, version=draft.version, note=note):
        raise Refused(*refusal)
    if mark != rules.mark_of(found):
        raise Refused("Someone changed this draft while you were checking it. Check it once more.")
    guidance = {indicator.code: indicator.guidance for indicator in rules.whole(found).indicators}
    level_ids = queries.level_ids(draft.scale_id)
    for row in queries.indicators_for_change(draft.id):
        write_guidance(row, guidance[row.code], level_ids)
    _forget_other_levels(draft)
    draft.published_at, draft.published_by_id, draft.note = at, by.id, note
    record("template_published", by=by, of=draft)
    db.session.flush()
    return draft


def _forget_other_levels(draft: models.AuditTemplateVersion) -> None:
    """Take away the words for levels that the scale of a draft does not have."""
    guidance, asked = models.TemplateGuidance, models.TemplateIndicator
    db.session.execute(
        delete(guidance).where(
            guidance.template_indicator_id.in_(select(asked.id).where(asked.version_id == draft.id)),
            guidance.level_id.not_in(queries.level_ids(draft.scale_id).values()),
        )
    )


def discard_draft(version_id: int, *, by: Actor) -> None:
    """Throw a draft away. A template that was never published goes with it; versions that were published stay.

    Raises:
        NotHere: no such version.
        Refused: not a draft of one's own.
    """
    draft = draft_to_change(version_id, by)
    record("template_discarded", by=by, of=draft)
    forget_content(draft.id)
    template_id, is_only = draft.template_id, queries.newest_published(draft.template_id) is None
    db.session.delete(draft)
    db.session.flush()
    if is_only:
        db.session.execute(delete(models.AuditTemplate).where(models.AuditTemplate.id == template_id))
