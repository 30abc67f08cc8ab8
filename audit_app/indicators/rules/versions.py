"""What a published version of a template is held to: it never changes."""

from collections.abc import Iterator
from dataclasses import fields, replace

from audit_app.indicators.rules.catalogue import AuditTemplate, TemplateIndicator


def why_not_publish(published: AuditTemplate | None, offered: AuditTemplate) -> str | None:
    """The reason a version of a template cannot be loaded over what is published under its number, or None."""
    if published is None or published == offered:
        return None
    changes = list(what_differs(published, offered))
    named = ", ".join(changes[:5]) + (f" and {len(changes) - 5} more" if len(changes) > 5 else "")
    return (
        f"{offered.title}, version {offered.version}, is published and its file has changed ({named}). "
        f"Give the changed template version {offered.version + 1}, or put the old words back."
    )


def what_differs(old: AuditTemplate, new: AuditTemplate) -> Iterator[str]:
    """Names what an auditor would see differently in `new`: a field of the template, or an indicator and its field."""
    for name in ("title", "description", "minutes_per_child", "scale", "attributes"):
        if getattr(old, name) != getattr(new, name):
            yield name
    before = {indicator.code: indicator for indicator in old.indicators}
    after = {indicator.code: indicator for indicator in new.indicators}
    yield from (f"{code} is gone" for code in before if code not in after)
    yield from (f"{code} is new" for code in after if code not in before)
    for code, indicator in after.items():
        if code in before:
            yield from _fields_that_differ(before[code], indicator)
    if _order(old) != _order(new):
        yield "the order or the domains"


def _fields_that_differ(old: TemplateIndicator, new: TemplateIndicator) -> Iterator[str]:
    if old != new:
        for field in fields(new):
            if replace(old, **{field.name: getattr(new, field.name)}) != old:
                yield f"{new.code} {field.name}"


def _order(template: AuditTemplate) -> list[tuple[str, list[str]]]:
    return [(domain.title, [indicator.code for indicator in domain.indicators]) for domain in template.domains]
