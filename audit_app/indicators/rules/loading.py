"""What the files are held to by what the service holds already: why they cannot be loaded, and what stays as it was."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from audit_app.indicators.rules.catalogue import AuditTemplate, Catalogue, Indicator, Level, Scale, TemplateIndicator
from audit_app.indicators.rules.problems import Problem
from audit_app.indicators.rules.versions import what_differs, why_not_publish
from audit_app.indicators.rules.whole import by_code

LIBRARY_WORDS = ("title", "question", "why", "look_for", "example", "rated")
"""What a template takes from the library where its file says nothing of its own."""


@dataclass(frozen=True)
class Loaded:
    """What the service holds: scales by code, the codes of the library and of partnerships' own indicators, and the
    versions of delivered templates by code and number."""

    scales: Mapping[str, Scale]
    library: Collection[str]
    own: Collection[str]
    versions: Mapping[tuple[str, int], AuditTemplate]


def why_not_load(catalogue: Catalogue, loaded: Loaded) -> list[Problem]:
    """Everything that keeps files, sound in themselves, from being loaded over what is loaded already."""
    return [
        *_problems_of_scales(catalogue, loaded),
        *_problems_of_indicators(catalogue, loaded),
        *_problems_of_templates(catalogue, loaded),
    ]


def what_stays(catalogue: Catalogue, loaded: Loaded) -> list[str]:
    """A sentence for each published version whose own file is unchanged, but not the library's words that it uses.

    Such a version keeps the words that it was published with.
    """
    said = []
    for template in catalogue.templates:
        published = loaded.versions.get((template.code, template.version))
        if published is None or why_not_publish(published, as_its_file_says(published, template, catalogue.indicators)):
            continue
        if changes := list(what_differs(published, replace(template, scale=published.scale))):
            named = ", ".join(changes[:5]) + (f" and {len(changes) - 5} more" if len(changes) > 5 else "")
            said.append(
                f"{template.title}, version {template.version}, keeps the words it was published with ({named}). "
                f"Make it version {template.version + 1} in its file to take the library's new ones."
            )
    return said


def as_its_file_says(
    published: AuditTemplate, offered: AuditTemplate, library: Mapping[str, Indicator]
) -> AuditTemplate:
    """`offered` with the words that it takes from `library` or its scale as they were when `published` was published.

    It differs from `published` in what its own file says differently, and in nothing else.
    """
    before = by_code(published)
    levels = offered.scale.levels
    return replace(
        offered,
        scale=published.scale if _is_same(published.scale, offered.scale) else offered.scale,
        domains=tuple(
            replace(
                domain,
                indicators=tuple(
                    _as_its_file_says(before.get(one.code), one, library.get(one.code), levels)
                    for one in domain.indicators
                ),
            )
            for domain in offered.domains
        ),
    )


def _as_its_file_says(
    was: TemplateIndicator | None, now: TemplateIndicator, of_library: Indicator | None, levels: tuple[Level, ...]
) -> TemplateIndicator:
    guidance = {level: words for level, words in now.guidance.items() if words}  # what is empty is not kept
    if was is None or of_library is None:
        return replace(now, guidance=guidance)
    taken = {level.code: of_library.guidance.get(level.code, level.means) for level in levels}
    for level, words in taken.items():
        if now.guidance.get(level, "") == words:
            guidance[level] = was.guidance.get(level, "")
    return replace(
        now,
        guidance={level: words for level, words in guidance.items() if words},
        **{name: getattr(was, name) for name in LIBRARY_WORDS if getattr(now, name) == getattr(of_library, name)},
    )


def _is_same(one: Scale, other: Scale) -> bool:
    return one.without_meanings == other.without_meanings


def _problems_of_scales(catalogue: Catalogue, loaded: Loaded) -> Iterator[Problem]:
    for code, scale in catalogue.scales.items():
        file, place = catalogue.files.get(("scale", code), "scales.toml"), f"scale {code}"
        known = loaded.scales.get(code)
        if known is None:
            codes = {level.code for level in scale.levels}
            for other, its in loaded.scales.items():
                for level in its.levels:
                    if level.code in codes:
                        mending = f"the scale {other}, which is loaded, has a level {level.code} too; "
                        yield Problem(file, place, f"{mending}give this one its own code")
        elif not _is_same(known, scale):
            yield Problem(
                file,
                place,
                "is in use and has changed; put the old words back, or give the changed scale a code of its own, and "
                "each of its levels too",
            )


def _problems_of_indicators(catalogue: Catalogue, loaded: Loaded) -> Iterator[Problem]:
    for code in catalogue.indicators:
        if code in loaded.own and code not in loaded.library:
            file = catalogue.files.get(("indicator", code), "library.toml")
            mending = "is the code of a partnership's own indicator; give this one another code"
            yield Problem(file, f"indicator {code}", mending)


def _problems_of_templates(catalogue: Catalogue, loaded: Loaded) -> Iterator[Problem]:
    for template in catalogue.templates:
        key = template.code, template.version
        published = loaded.versions.get(key)
        if published is None:
            continue
        if reason := why_not_publish(published, as_its_file_says(published, template, catalogue.indicators)):
            file = catalogue.files.get(("template", key), f"templates/{template.code}.toml")
            yield Problem(file, "version", reason)
