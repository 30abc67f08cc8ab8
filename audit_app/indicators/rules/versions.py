"""What a published version is held to, which is that it never changes, and what differs between two versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit_app.accounts.rules import DELIVERED, Terms
from audit_app.indicators.rules.catalogue import (
    ANSWERED_WORDS,
    RATED_WORDS,
    AuditTemplate,
    Level,
    TemplateIndicator,
    applies_in_words,
)
from audit_app.indicators.rules.whole import by_code


class Happened(StrEnum):
    """What a newer version did to an indicator."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True)
class Wording:
    """One thing that an auditor reads, in two versions. `name` is the field, `asked` what people call it."""

    name: str
    asked: str
    was: str
    now: str


@dataclass(frozen=True)
class Difference:
    """What differs in one indicator. Of one that is new, or gone, the side on which it is missing is empty."""

    code: str
    title: str
    happened: Happened
    words: tuple[Wording, ...]


TEXTS = {
    "title": "Title",
    "question": "Question",
    "why": "Why we ask",
    "look_for": "What to look for",
    "example": "Evidence might read",
}


def why_not_publish(published: AuditTemplate | None, offered: AuditTemplate) -> str | None:
    """The reason a version of a template cannot be loaded over what is published under its number, or None."""
    if published is None or published == offered:
        return None
    changes = list(what_differs(published, offered))
    named = ", ".join(changes[:5]) + (f" and {len(changes) - 5} more" if len(changes) > 5 else "")
    return (
        f"{offered.version} is published and its file has changed ({named}); "
        f"make it {offered.version + 1}, or put the old words back"
    )


def what_differs(old: AuditTemplate, new: AuditTemplate) -> Iterator[str]:
    """Names what an auditor would see differently in `new`: a field of the template, or an indicator and its field."""
    names = [wording.name for wording in template_words(old, new) if wording.name != "domains"]
    yield from names
    yield from (name for name in ("scale", "attributes") if _differs(name, old, new) and name not in names)
    found = differences(old, new)
    yield from (f"{one.code} is gone" for one in found if one.happened is Happened.GONE)
    yield from (f"{one.code} is new" for one in found if one.happened is Happened.NEW)
    for one in found:
        if one.happened is Happened.CHANGED:
            yield from dict.fromkeys(f"{one.code} {wording.name}" for wording in one.words)
    if _order(old) != _order(new):
        yield "the order or the domains"


def _differs(name: str, old: AuditTemplate, new: AuditTemplate) -> bool:
    return bool(getattr(old, name) != getattr(new, name))


def template_words(
    old: AuditTemplate, new: AuditTemplate, attributes: Mapping[str, str] | None = None
) -> tuple[Wording, ...]:
    """What differs in two versions outside their indicators: title, description, minutes, scale, domains and order.

    `attributes` gives the titles of the case attributes by code. Of what is recorded about a child, each side names
    what the other does not record.
    """
    titles = attributes or {}
    pairs = (
        Wording("title", "Title", old.title, new.title),
        Wording("description", "Description", old.description, new.description),
        Wording("minutes_per_child", "Minutes for one child", str(old.minutes_per_child), str(new.minutes_per_child)),
        Wording("scale", "Scale", old.scale.title, new.scale.title),
        Wording(
            "attributes",
            "Recorded about each child only in this version",
            _only(old, new, titles),
            _only(new, old, titles),
        ),
        Wording("domains", "Domains and order", _order_in_words(old), _order_in_words(new)),
    )
    return tuple(wording for wording in pairs if wording.was != wording.now)


def _only(one: AuditTemplate, other: AuditTemplate, titles: Mapping[str, str]) -> str:
    """The titles of the case attributes that one version records and the other does not, a line each."""
    return "\n".join(titles.get(code, code) for code in one.attributes if code not in other.attributes)


def differences(old: AuditTemplate, new: AuditTemplate, terms: Terms = DELIVERED) -> list[Difference]:
    """What differs between two versions, indicator by indicator: those of the newer in its order, then what is gone.

    `terms` are the words in which the partnership that reads it says plans and kinds of agency.
    """
    said = _Said(old.scale.levels, new.scale.levels, terms)
    before, after = by_code(old), by_code(new)
    found = []
    for code, indicator in after.items():
        words = _wordings(before.get(code), indicator, said)
        if code not in before:
            found.append(Difference(code, indicator.title, Happened.NEW, words))
        elif words:
            found.append(Difference(code, indicator.title, Happened.CHANGED, words))
    for code, indicator in before.items():
        if code not in after:
            found.append(Difference(code, indicator.title, Happened.GONE, _wordings(indicator, None, said)))
    return found


@dataclass(frozen=True)
class _Said:
    """The levels of the older and the newer version, and the words of the partnership that reads."""

    before: tuple[Level, ...]
    after: tuple[Level, ...]
    terms: Terms


def _wordings(old: TemplateIndicator | None, new: TemplateIndicator | None, said: _Said) -> tuple[Wording, ...]:
    """What differs in one indicator of two versions."""
    was, now = _read(old, said.before, said.terms), _read(new, said.after, said.terms)
    both = dict.fromkeys([*now, *was])
    pairs = (Wording(name, asked, was.get((name, asked), ""), now.get((name, asked), "")) for name, asked in both)
    return tuple(wording for wording in pairs if wording.was != wording.now)


def _read(indicator: TemplateIndicator | None, levels: tuple[Level, ...], terms: Terms) -> dict[tuple[str, str], str]:
    """All that an auditor reads of an indicator, by field and by what people call it."""
    if indicator is None:
        return {}
    read = {(name, asked): str(getattr(indicator, name)) for name, asked in TEXTS.items()}
    read["rated", "What you rate"] = RATED_WORDS[indicator.rated]
    is_in_words = indicator.is_narrative or not levels
    read["is_narrative", "How it is answered"] = ANSWERED_WORDS[is_in_words]
    for level in () if is_in_words else levels:
        read["guidance", f"What “{level.words}” looks like"] = indicator.guidance.get(level.code) or level.means
    read["is_panel", "The panel always discusses it"] = "Yes" if indicator.is_panel else "No"
    read["applies", "Asked only for"] = "; ".join(applies_in_words(indicator.applies, terms))
    return read


def _order(template: AuditTemplate) -> list[tuple[str, list[str]]]:
    return [(domain.title, [indicator.code for indicator in domain.indicators]) for domain in template.domains]


def _order_in_words(template: AuditTemplate) -> str:
    return "\n".join(f"{title}: {', '.join(codes) or 'nothing'}" for title, codes in _order(template))
