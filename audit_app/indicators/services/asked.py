"""Deeds on the indicators that a draft asks."""

from dataclasses import replace

from sqlalchemy import delete

from audit_app.accounts.queries import partnership_for_change
from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import NotHere, Refused, Stale
from audit_app.history.services import record
from audit_app.indicators import models, queries, rules
from audit_app.indicators.rules import Rated, TemplateIndicator
from audit_app.indicators.services.writing import (
    change_places,
    draft_to_change,
    write_asked,
    write_guidance,
    write_limits,
)


def add_indicator(version_id: int, domain_id: int, *, code: str, by: Actor) -> models.TemplateIndicator:
    """Add an indicator to a domain of a draft, where it comes last: one of the library in its words, or one that the
    partnership wrote itself, under the code it has, in the words that were published last.

    Raises:
        NotHere: no such version, or it has no such domain.
        Refused: not a draft of one's own, asked already, or there is no such code (`field` names it).
    """
    draft = draft_to_change(version_id, by)
    domain = queries.domain_for_change(draft.id, domain_id)
    wanted = _of_library(code) or queries.own_indicator(by.partnership_id, code)
    if wanted is None:
        raise Refused("Choose an indicator of the library.", "code")
    return _add(draft, domain, replace(wanted, is_panel=False, applies={}), by)


def _of_library(code: str) -> TemplateIndicator | None:
    found = queries.indicators(code).get(code)
    if found is None:
        return None
    words = {name: getattr(found, name) for name in ("title", "question", "why", "look_for", "example")}
    return TemplateIndicator(code=code, **words, rated=found.rated, guidance=found.guidance)


def write_indicator(version_id: int, domain_id: int, *, title: str, by: Actor) -> models.TemplateIndicator:
    """Begin an indicator of one's own in a domain of a draft, under the next code of the partnership's series.

    Raises:
        NotHere: no such version, or it has no such domain.
        Refused: not a draft of one's own, or the title cannot be so (`field` names it).
    """
    draft = draft_to_change(version_id, by)
    domain = queries.domain_for_change(draft.id, domain_id)
    slug = partnership_for_change(by.partnership_id).slug  # one code after another, in whichever draft
    ours = set(queries.codes_of_own_templates(by.partnership_id))
    library, everybodys = set(queries.library_codes()), set(queries.codes_of_own_templates())
    code = rules.next_code(slug, ours=ours, others=library | (everybodys - ours))
    wanted = TemplateIndicator(
        code=code,
        title=rules.one_line(title),
        question="",
        why="",
        look_for="",
        example="",
        rated=Rated.CHILD_EXPERIENCE,
        guidance={},
    )
    _check(wanted)
    return _add(draft, domain, wanted, by)


def _add(
    draft: models.AuditTemplateVersion, domain: models.TemplateDomain, wanted: TemplateIndicator, by: Actor
) -> models.TemplateIndicator:
    asked = {row.code for row in queries.indicators_for_change(draft.id)}
    if reason := rules.why_not_add(wanted.code, asked=asked):
        raise Refused(reason, "code")
    new = write_asked(wanted, domain, queries.last_position(draft.id) + 1, queries.level_ids())
    record("template_indicator_added", by=by, of=draft, indicator=f"{new.code} {new.title}")
    db.session.flush()
    return new


def change_indicator(
    version_id: int, code: str, *, edition: int, scale: str, wanted: TemplateIndicator, by: Actor
) -> models.TemplateIndicator:
    """Change anything about an indicator of a draft but its code.

    `edition` is the save that the person saw, `scale` the code of the scale about whose levels they were asked.

    Raises:
        NotHere: no such version, or it does not ask the indicator.
        Refused: not a draft of one's own, or something cannot be so (`field` names it).
        Stale: someone else saved it meanwhile, or gave the draft another scale.
    """
    draft = draft_to_change(version_id, by)
    row = queries.indicator_for_change(draft.id, code)
    wanted, stored = rules.tidied(wanted), queries.template_version(draft.id)
    theirs = {"title": row.title, "question": row.question}
    if reason := rules.why_not_levels(wanted.guidance, seen=scale, scale=stored.scale):
        raise Stale(theirs, version=row.edition, reason=reason)
    if wanted == rules.by_code(stored)[code]:
        return row
    if edition != row.edition:
        raise Stale(theirs, version=row.edition)
    _check(wanted)
    row.title, row.question, row.why = wanted.title, wanted.question, wanted.why
    row.look_for, row.example = wanted.look_for, wanted.example
    row.rated, row.is_panel, row.is_narrative = wanted.rated, wanted.is_panel, wanted.is_narrative
    row.edition += 1
    write_guidance(row, wanted.guidance, queries.level_ids(draft.scale_id))
    write_limits(row, wanted.applies)
    record("template_indicator_changed", by=by, of=draft, indicator=f"{row.code} {row.title}")
    db.session.flush()
    return row


def move_indicator(version_id: int, code: str, *, is_up: bool, by: Actor) -> models.TemplateIndicator:
    """Let an indicator of a draft change places with the one before or after it in its domain. At an end nothing moves.

    Raises:
        NotHere: no such version, or it does not ask the indicator.
        Refused: not a draft of one's own.
    """
    draft = draft_to_change(version_id, by)
    row = queries.indicator_for_change(draft.id, code)
    beside = [other for other in queries.indicators_for_change(draft.id) if other.domain_id == row.domain_id]
    if change_places(beside, row, is_up=is_up):
        record("template_indicator_moved", by=by, of=draft, indicator=f"{row.code} {row.title}")
    return row


def move_to_domain(version_id: int, code: str, *, domain_id: int, by: Actor) -> models.TemplateIndicator:
    """Take an indicator of a draft to the end of another domain.

    Raises:
        NotHere: no such version, or it does not ask the indicator.
        Refused: not a draft of one's own, or it has no such domain (`field` names it).
    """
    draft = draft_to_change(version_id, by)
    row = queries.indicator_for_change(draft.id, code)
    try:
        domain = queries.domain_for_change(draft.id, domain_id)
    except NotHere:
        raise Refused("Choose a domain of this template.", "domain_id") from None
    if row.domain_id == domain.id:
        return row
    row.domain_id, row.position = domain.id, queries.last_position(draft.id) + 1
    record("template_indicator_moved", by=by, of=draft, indicator=f"{row.code} {row.title}")
    db.session.flush()
    return row


def remove_indicator(version_id: int, code: str, *, by: Actor) -> None:
    """Retire an indicator: a draft no longer asks it. Versions that are published, and rounds, keep it.

    Raises:
        NotHere: no such version, or it does not ask the indicator.
        Refused: not a draft of one's own.
    """
    draft = draft_to_change(version_id, by)
    row = queries.indicator_for_change(draft.id, code)
    record("template_indicator_removed", by=by, of=draft, indicator=f"{row.code} {row.title}")
    for part in (models.TemplateGuidance, models.TemplateApplicability):
        db.session.execute(delete(part).where(part.template_indicator_id == row.id))
    db.session.delete(row)
    db.session.flush()


def _check(wanted: TemplateIndicator) -> None:
    if refusal := rules.why_not_indicator(wanted):
        raise Refused(*refusal)
