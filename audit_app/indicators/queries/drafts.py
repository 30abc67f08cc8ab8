"""Reading what a draft is made of: for its pages, and locked for the deeds that change it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from audit_app.accounts import queries as accounts
from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.core.db import db, row_for_change
from audit_app.core.errors import NotHere
from audit_app.indicators import models
from audit_app.indicators.queries.templates import last_version_asking, template_version
from audit_app.indicators.rules import AuditTemplate, Missing, TemplateIndicator, by_code, what_is_missing


@dataclass(frozen=True)
class DraftIndicator:
    """An indicator of a draft, as the list of its domain shows it."""

    code: str
    title: str
    question: str
    is_panel: bool
    is_narrative: bool


@dataclass(frozen=True)
class DraftDomain:
    """A domain of a draft."""

    id: int
    title: str
    edition: int
    indicators: tuple[DraftIndicator, ...]

    @property
    def codes(self) -> list[str]:
        """The codes of its indicators, in order."""
        return [one.code for one in self.indicators]


def draft_domains(version_id: int) -> Sequence[DraftDomain]:
    """The domains of a version with their indicators, in order. Two queries."""
    domain, asked = models.TemplateDomain, models.TemplateIndicator
    found: dict[int, list[DraftIndicator]] = defaultdict(list)
    for row in db.session.execute(
        select(asked.domain_id, asked.code, asked.title, asked.question, asked.is_panel, asked.is_narrative)
        .where(asked.version_id == version_id)
        .order_by(asked.position)
    ):
        found[row.domain_id].append(DraftIndicator(*row[1:]))
    rows = db.session.execute(
        select(domain.id, domain.title, domain.edition).where(domain.version_id == version_id).order_by(domain.position)
    )
    return [DraftDomain(*row, indicators=tuple(found[row.id])) for row in rows]


OWN_QUESTIONS = "Your own questions"
"""The part of what is offered that the partnership wrote itself."""


@dataclass(frozen=True)
class LibraryChoice:
    """An indicator of the library, or of another of the partnership's templates, that may be added to a draft."""

    code: str
    title: str
    domain: str


def not_asked(partnership_id: int, version_id: int) -> Sequence[LibraryChoice]:
    """The indicators that a version does not ask: those of the library in its order, then the partnership's own that it
    has published in other templates. Two queries."""
    row, asked = models.Indicator, models.TemplateIndicator
    known = select(asked.code).where(asked.version_id == version_id)
    query = select(row.code, row.title, row.domain).where(row.code.not_in(known)).order_by(row.id)
    offered = [LibraryChoice(*found) for found in db.session.execute(query)]
    written = _published_own(partnership_id).where(asked.code.not_in(known), asked.code.not_in(select(row.code)))
    newest = dict(db.session.execute(written.order_by(asked.code, asked.id)).all())
    return [*offered, *(LibraryChoice(code, title, OWN_QUESTIONS) for code, title in newest.items())]


def own_indicator(partnership_id: int, code: str) -> TemplateIndicator | None:
    """A partnership's own indicator as its template worded it that was published last, or None."""
    asking = last_version_asking(code, partnership_id)
    return by_code(template_version(asking.version_id))[code] if asking else None


def _published_own(partnership_id: int) -> Select[str, str]:
    """Code and title of everything that the partnership's own templates ask in published versions."""
    asked, version, template = models.TemplateIndicator, models.AuditTemplateVersion, models.AuditTemplate
    return (
        select(asked.code, asked.title)
        .join(version, version.id == asked.version_id)
        .join(template, template.id == version.template_id)
        .where(template.partnership_id == partnership_id, version.published_at.is_not(None))
    )


def code_of(version_id: int) -> str:
    """The code of the template that a version is of."""
    version, template = models.AuditTemplateVersion, models.AuditTemplate
    query = select(template.code).join(version, version.template_id == template.id).where(version.id == version_id)
    return db.session.scalars(query).one()


def indicator_edition(version_id: int, code: str) -> int:
    """Which save of an indicator stands in a version.

    Raises:
        NotHere: the version does not ask it.
    """
    row = models.TemplateIndicator
    found = db.session.scalar(select(row.edition).where(row.version_id == version_id, row.code == code))
    if found is None:
        raise NotHere
    return found


def words_of_other_scales(version_id: int) -> int:
    """How many texts a draft keeps for levels of a scale that it had before."""
    words, asked = models.TemplateGuidance, models.TemplateIndicator
    version, level = models.AuditTemplateVersion, models.ScaleLevel
    query = (
        select(func.count())
        .select_from(words)
        .join(asked, asked.id == words.template_indicator_id)
        .join(version, version.id == asked.version_id)
        .join(level, (level.id == words.level_id) & (level.scale_id != version.scale_id))
        .where(version.id == version_id)
    )
    return db.session.scalar(query) or 0


def own_template_codes(partnership_id: int) -> Collection[str]:
    """The codes of a partnership's own templates, whatever their state."""
    row = models.AuditTemplate
    return set(db.session.scalars(select(row.code).where(row.partnership_id == partnership_id)))


def library_codes() -> Collection[str]:
    """The codes of the library."""
    return set(db.session.scalars(select(models.Indicator.code)))


def codes_of_own_templates(partnership_id: int | None = None) -> Collection[str]:
    """The codes of all indicators in a partnership's own templates, in whatever version; for None, of every one's."""
    asked, version, template = models.TemplateIndicator, models.AuditTemplateVersion, models.AuditTemplate
    query = (
        select(asked.code)
        .join(version, version.id == asked.version_id)
        .join(template, template.id == version.template_id)
        .distinct()
    )
    owner = template.partnership_id
    return set(
        db.session.scalars(query.where(owner.is_not(None) if partnership_id is None else owner == partnership_id))
    )


def missing_in(
    partnership_id: int, template_id: int, draft: AuditTemplate, terms: Terms = DELIVERED
) -> Sequence[Missing]:
    """Everything that keeps a draft of a template from being published, in the order of its pages."""
    before = newest_published(template_id)
    return what_is_missing(
        draft,
        kinds={agency.kind.value for agency in accounts.agencies(partnership_id)},
        before=template_version(before.id) if before else None,
        terms=terms,
    )


def own_draft_id(partnership_id: int, code: str) -> int | None:
    """The id of the draft that a partnership's own template has, or None."""
    version, template = models.AuditTemplateVersion, models.AuditTemplate
    return db.session.scalar(
        select(version.id)
        .join(template, template.id == version.template_id)
        .where(template.partnership_id == partnership_id, template.code == code, version.published_at.is_(None))
    )


# --- for deeds ---


def version_for_change(
    partnership_id: int, version_id: int
) -> tuple[models.AuditTemplateVersion, models.AuditTemplate]:
    """A version that was delivered or is the partnership's own, with its template. Locked until the deed is done.

    Raises:
        NotHere: there is no such version, or it is another partnership's.
    """
    version, template = models.AuditTemplateVersion, models.AuditTemplate
    found = db.session.execute(
        select(version, template)
        .join(template, template.id == version.template_id)
        .where(version.id == version_id)
        .where(template.partnership_id.is_(None) | (template.partnership_id == partnership_id))
        .with_for_update(of=version)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotHere
    return found[0], found[1]


def template_for_change(partnership_id: int, code: str) -> models.AuditTemplate:
    """A partnership's own template, locked until the deed is done.

    Raises:
        NotHere: the partnership has no such template.
    """
    row = models.AuditTemplate
    return row_for_change(select(row).where(row.partnership_id == partnership_id, row.code == code))


def newest_published(template_id: int) -> models.AuditTemplateVersion | None:
    """The version of a template that was published last, or None."""
    row = models.AuditTemplateVersion
    return db.session.scalars(
        select(row)
        .where(row.template_id == template_id, row.published_at.is_not(None))
        .order_by(row.version.desc())
        .limit(1)
    ).first()


def domains_for_change(version_id: int) -> list[models.TemplateDomain]:
    """The domains of a version whose row is locked, in order."""
    row = models.TemplateDomain
    query = select(row).where(row.version_id == version_id).order_by(row.position)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def domain_for_change(version_id: int, domain_id: int) -> models.TemplateDomain:
    """One domain of a version whose row is locked.

    Raises:
        NotHere: the version has no such domain.
    """
    for row in domains_for_change(version_id):
        if row.id == domain_id:
            return row
    raise NotHere


def indicators_for_change(version_id: int) -> list[models.TemplateIndicator]:
    """The indicators of a version whose row is locked, by position."""
    row = models.TemplateIndicator
    query = select(row).where(row.version_id == version_id).order_by(row.position)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def indicator_for_change(version_id: int, code: str) -> models.TemplateIndicator:
    """One indicator of a version whose row is locked.

    Raises:
        NotHere: the version does not ask it.
    """
    for row in indicators_for_change(version_id):
        if row.code == code:
            return row
    raise NotHere


def level_ids(scale_id: int | None = None) -> dict[str, int]:
    """The ids of the levels of a scale by their codes; of every scale for None, since no two share a code."""
    row = models.ScaleLevel
    query = select(row.code, row.id)
    return dict(db.session.execute(query if scale_id is None else query.where(row.scale_id == scale_id)).all())


def scale_ids() -> dict[str, int]:
    """The ids of the scales by their codes."""
    return dict(db.session.execute(select(models.Scale.code, models.Scale.id)).all())


def last_position(version_id: int) -> int:
    """The position of the last indicator of a version; 0 where it asks none."""
    row = models.TemplateIndicator
    return db.session.scalar(select(func.max(row.position)).where(row.version_id == version_id)) or 0
