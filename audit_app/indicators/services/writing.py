"""Writing the rows of a version, for whichever deed makes one, and opening a draft for the deeds that change it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import delete, select

from audit_app.core.actors import Actor
from audit_app.core.db import Base, db
from audit_app.core.errors import Refused
from audit_app.indicators import models, queries
from audit_app.indicators.rules import AppliesBy, AuditTemplate, TemplateIndicator, why_not_edit

Row = TypeVar("Row", bound=Base)


class Placed(Protocol):
    """A row that has a place among others."""

    position: int


def write_version(
    row: models.AuditTemplate, template: AuditTemplate, *, published_at: datetime | None
) -> models.AuditTemplateVersion:
    """Write a whole version of a template; without a moment of publication it is a draft."""
    scale_id = queries.scale_ids()[template.scale.code]
    version = added(
        models.AuditTemplateVersion(
            template_id=row.id,
            version=template.version,
            title=template.title,
            description=template.description,
            minutes_per_child=template.minutes_per_child,
            attributes=list(template.attributes),
            scale_id=scale_id,
            published_at=published_at,
        )
    )
    write_content(version, template)
    return version


def write_content(version: models.AuditTemplateVersion, template: AuditTemplate, *, edition: int = 1) -> None:
    """Write the domains and indicators of a version that has none. Their saves are counted from `edition`."""
    level_ids = queries.level_ids(version.scale_id)
    position = 0
    for number, domain in enumerate(template.domains, 1):
        its = added(models.TemplateDomain(version_id=version.id, position=number, title=domain.title, edition=edition))
        for indicator in domain.indicators:
            position += 1
            write_asked(indicator, its, position, level_ids, edition=edition)
    db.session.flush()


def forget_content(version_id: int) -> None:
    """Take the domains and indicators from a draft, with all that belongs to them."""
    asked = select(models.TemplateIndicator.id).where(models.TemplateIndicator.version_id == version_id)
    for part in (models.TemplateGuidance, models.TemplateApplicability):
        db.session.execute(delete(part).where(part.template_indicator_id.in_(asked)))
    for table in (models.TemplateIndicator, models.TemplateDomain):
        db.session.execute(delete(table).where(table.version_id == version_id))


def write_asked(
    indicator: TemplateIndicator,
    domain: models.TemplateDomain,
    position: int,
    level_ids: Mapping[str, int],
    *,
    edition: int = 1,
) -> models.TemplateIndicator:
    """Write one indicator of a version."""
    row = added(
        models.TemplateIndicator(
            version_id=domain.version_id,
            domain_id=domain.id,
            position=position,
            code=indicator.code,
            title=indicator.title,
            question=indicator.question,
            why=indicator.why,
            look_for=indicator.look_for,
            example=indicator.example,
            rated=indicator.rated,
            is_panel=indicator.is_panel,
            is_narrative=indicator.is_narrative,
            edition=edition,
        )
    )
    write_guidance(row, indicator.guidance, level_ids)
    write_limits(row, indicator.applies)
    return row


def write_guidance(row: models.TemplateIndicator, guidance: Mapping[str, str], level_ids: Mapping[str, int]) -> None:
    """Put the words for each level, by its code, in the place of those that an indicator has. Empty ones go.

    `level_ids` are the levels whose words are replaced; those for the levels of another scale stay.
    """
    table = models.TemplateGuidance
    those = table.level_id.in_(level_ids.values())
    db.session.execute(delete(table).where(table.template_indicator_id == row.id, those))
    db.session.add_all(
        table(template_indicator_id=row.id, level_id=level_ids[level], words=words)
        for level, words in guidance.items()
        if words
    )


def write_limits(row: models.TemplateIndicator, applies: Mapping[AppliesBy, frozenset[str]]) -> None:
    """Put these limits in the place of those that an indicator has."""
    table = models.TemplateApplicability
    db.session.execute(delete(table).where(table.template_indicator_id == row.id))
    db.session.add_all(
        table(template_indicator_id=row.id, applies_by=by, value=value)
        for by, values in applies.items()
        for value in sorted(values)
    )


def draft_to_change(version_id: int, by: Actor) -> models.AuditTemplateVersion:
    """A draft of the actor's partnership, locked for the deed that is under way.

    Raises:
        NotHere: there is no such version, or it is another partnership's.
        Refused: it was delivered, or is published: either never changes.
    """
    version, template = queries.version_for_change(by.partnership_id, version_id)
    is_own, is_published = template.partnership_id is not None, version.published_at is not None
    if reason := why_not_edit(is_own=is_own, is_published=is_published):
        raise Refused(reason)
    return version


Ordered = TypeVar("Ordered", bound=Placed)


def change_places(rows: Sequence[Ordered], row: Ordered, *, is_up: bool) -> bool:
    """Let a row change places with the one before or after it. Gives whether it moved: at an end nothing does."""
    place = rows.index(row) + (-1 if is_up else 1)
    if not 0 <= place < len(rows):
        return False
    other = rows[place]
    here, there = row.position, other.position
    for moved, position in ((row, 0), (other, here), (row, there)):  # two never share a place
        moved.position = position
        db.session.flush()
    return True


def added(row: Row) -> Row:
    """A row once the database has given it its id."""
    db.session.add(row)
    db.session.flush()
    return row
