"""Deeds on the domains of a draft."""

from audit_app.core.actors import Actor
from audit_app.core.db import db
from audit_app.core.errors import Refused, Stale
from audit_app.history.services import record
from audit_app.indicators import models, queries, rules
from audit_app.indicators.services.writing import added, change_places, draft_to_change


def add_domain(version_id: int, *, title: str, by: Actor) -> models.TemplateDomain:
    """Add a domain to a draft; it comes last.

    Raises:
        NotHere: no such version.
        Refused: not a draft of one's own, or the title cannot be so (`field` names it).
    """
    draft, title = draft_to_change(version_id, by), rules.one_line(title)
    others = queries.domains_for_change(draft.id)
    _check_title(title, [other.title for other in others], is_new=True)
    position = others[-1].position + 1 if others else 1
    new = added(models.TemplateDomain(version_id=draft.id, position=position, title=title))
    record("template_domain_added", by=by, of=draft, domain=title)
    return new


def rename_domain(version_id: int, domain_id: int, *, edition: int, title: str, by: Actor) -> models.TemplateDomain:
    """Give a domain of a draft another title. `edition` is the save that the person saw.

    Raises:
        NotHere: no such version, or it has no such domain.
        Refused: not a draft of one's own, or the title cannot be so (`field` names it).
        Stale: someone else renamed it meanwhile.
    """
    draft, title = draft_to_change(version_id, by), rules.one_line(title)
    domain = queries.domain_for_change(draft.id, domain_id)
    if domain.title == title:
        return domain
    if edition != domain.edition:
        raise Stale({"title": domain.title}, version=domain.edition)
    others = [other.title for other in queries.domains_for_change(draft.id) if other.id != domain_id]
    _check_title(title, others, is_new=False)
    domain.title = title
    domain.edition += 1
    record("template_domain_renamed", by=by, of=draft, domain=title)
    db.session.flush()
    return domain


def move_domain(version_id: int, domain_id: int, *, is_up: bool, by: Actor) -> models.TemplateDomain:
    """Let a domain of a draft change places with the one before or after it. At an end nothing moves.

    Raises:
        NotHere: no such version, or it has no such domain.
        Refused: not a draft of one's own.
    """
    draft = draft_to_change(version_id, by)
    domain = queries.domain_for_change(draft.id, domain_id)
    if change_places(queries.domains_for_change(draft.id), domain, is_up=is_up):
        record("template_domain_moved", by=by, of=draft, domain=domain.title)
    return domain


def remove_domain(version_id: int, domain_id: int, *, move_to: int | None = None, by: Actor) -> None:
    """Remove a domain from a draft. Its indicators, where it has some, go to the end of the domain `move_to`.

    Raises:
        NotHere: no such version, or it has no such domain.
        Refused: not a draft of one's own, or it has indicators and no other domain is named for them.
    """
    draft = draft_to_change(version_id, by)
    domain = queries.domain_for_change(draft.id, domain_id)
    asked = [row for row in queries.indicators_for_change(draft.id) if row.domain_id == domain_id]
    others = {other.id for other in queries.domains_for_change(draft.id)} - {domain_id}
    taking = move_to if move_to in others else None
    if reason := rules.why_not_remove_domain(indicators=len(asked), move_to=taking):
        raise Refused(reason, "move_to")
    last = queries.last_position(draft.id)
    for position, row in enumerate(asked, last + 1):
        row.domain_id, row.position = taking or domain_id, position
    record("template_domain_removed", by=by, of=draft, domain=domain.title)
    db.session.flush()
    db.session.delete(domain)
    db.session.flush()


def _check_title(title: str, others: list[str], *, is_new: bool) -> None:
    if reason := rules.why_not_domain(title, others=others, is_new=is_new):
        raise Refused(reason, "title")
