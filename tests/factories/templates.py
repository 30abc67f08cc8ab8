"""A partnership's own templates for tests: a draft, copied from a delivered template, and a published one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from audit_app.accounts.models import Partnership
from audit_app.accounts.rules import Role, Viewer
from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.indicators import queries, rules, services
from audit_app.indicators.rules import AuditTemplate, TemplateIndicator
from tests.factories.accounts import a_member, as_actor
from tests.factories.rounds import SMALL, a_template


@dataclass(frozen=True)
class Draft:
    """A version of an own template, and the coordinator who made it."""

    version_id: int
    code: str
    version: int
    coordinator: Viewer

    @property
    def address(self) -> str:
        return f"/p/{self.coordinator.partnership.slug}/templates/{self.code}/{self.version}"

    @property
    def whole(self) -> AuditTemplate:
        return queries.template_version(self.version_id)

    @property
    def domains(self) -> dict[str, int]:
        """The ids of its domains by their titles, in order."""
        return {domain.title: domain.id for domain in queries.draft_domains(self.version_id)}

    def asked(self, code: str) -> TemplateIndicator:
        return rules.by_code(self.whole)[code]


def a_draft(
    partnership: Partnership,
    *,
    title: str = "Neglect here",
    template: AuditTemplate = SMALL,
    by: Viewer | None = None,
) -> Draft:
    """Draft version 1 of an own template that asks what `template` asks."""
    coordinator = by or as_actor(a_member(partnership, Role.COORDINATOR), partnership)
    copied = a_template(template)
    with transaction():
        made = services.copy_template(copied, title=title, by=coordinator)
        code = next(one.code for one in queries.own_templates(coordinator) if one.version_id == made.id)
    return Draft(made.id, code, 1, coordinator)


def published(draft: Draft, note: str = "") -> Draft:
    """The same version once it is published; its description says that somebody changed it."""
    description = f"Version {draft.version} of our own."
    edition = queries.version_seen_by(draft.coordinator, draft.code, draft.version).edition
    do(services.change_draft, draft.version_id, **words(draft, edition=edition, description=description))
    mark = rules.mark_of(draft.whole)
    do(services.publish_draft, draft.version_id, mark=mark, note=note, by=draft.coordinator, at=clock.now())
    return draft


def a_published_template(partnership: Partnership, **more: object) -> Draft:
    """Version 1 of an own template, published."""
    return published(a_draft(partnership, **more))  # type: ignore[arg-type]


def the_next_version(before: Draft) -> Draft:
    """The draft that follows a published version."""
    with transaction():
        made = services.start_version(before.code, by=before.coordinator)
    return replace(before, version_id=made.id, version=made.version)


def do(deed: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """Do one deed in a transaction of its own, and give what it gave."""
    with transaction():
        return deed(*args, **more)


def change(draft: Draft, wanted: TemplateIndicator, *, edition: int = 1, scale: str = "ofsted") -> None:
    """Change an indicator of a draft, as its coordinator does who saw it in this edition and with this scale."""
    seen: dict[str, Any] = {"edition": edition, "scale": scale}
    do(services.change_indicator, draft.version_id, wanted.code, **seen, wanted=wanted, by=draft.coordinator)


def words(draft: Draft, **changes: Any) -> dict[str, Any]:
    """The words of a draft as `change_draft` takes them, with some changed."""
    whole = draft.whole
    known = {
        "edition": 1,
        "title": whole.title,
        "description": whole.description,
        "minutes_per_child": whole.minutes_per_child,
        "scale": whole.scale.code,
        "by": draft.coordinator,
    }
    return known | changes


def codes(draft: Draft) -> dict[str, list[str]]:
    """The codes that a draft asks, by domain."""
    return {domain.title: [one.code for one in domain.indicators] for domain in draft.whole.domains}
