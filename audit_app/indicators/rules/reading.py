"""From the texts of the TOML files to one catalogue, or to every problem in them at once."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from audit_app.indicators.rules.catalogue import (
    OWN,
    AuditTemplate,
    Band,
    Catalogue,
    Indicator,
    Level,
    Scale,
    ScaleDirection,
    Strategy,
)
from audit_app.indicators.rules.drafts import why_not_ask
from audit_app.indicators.rules.file_shapes import (
    AnyShape,
    IndicatorShape,
    ScaleShape,
    StrategyShape,
    TemplateShape,
    shaped,
)
from audit_app.indicators.rules.problems import CatalogueProblems, Problem, cut, shown
from audit_app.indicators.rules.reading_requirements import REQUIREMENT_FILES, as_requirement, problems_of
from audit_app.indicators.rules.reading_templates import (
    problems_of_applies,
    problems_of_listed,
    problems_of_own_terms,
    problems_of_panel,
    template_of,
)
from audit_app.indicators.rules.requirements import Requirement, Source, Statement, is_local
from audit_app.indicators.rules.titles import key_of
from audit_app.indicators.rules.toml_texts import parsed
from audit_app.indicators.rules.whole import levels_without_words, twice

BANDS_BEST_FIRST = list(Band)


def read_catalogue(files: Mapping[str, str | bytes]) -> Catalogue:
    """The catalogue in `files`, whose keys are paths and whose values are TOML texts, or the bytes of files.

    `library.toml` and `reform.toml` hold indicators, `scales.toml` scales; `attributes.toml`, `tools.toml`,
    `measures.toml` and `requirements.toml` what else the strategies ask for. A file in a folder `strategies` is one
    strategy, any other one version of a template.

    Raises:
        CatalogueProblems: with every problem of every file.
    """
    reading = _Reading(files)
    catalogue = Catalogue(
        scales=reading.scales(),
        strategies=reading.strategies(),
        indicators=reading.indicators(),
        requirements=reading.requirements(),
        templates=reading.templates(),
        files=reading.files,
    )
    reading.check_statements()
    if reading.problems:
        order = {name: position for position, name in enumerate(files)}
        raise CatalogueProblems(sorted(reading.problems, key=lambda problem: order[problem.file]))
    return catalogue


class _Reading:
    """One pass over the files. A table that cannot be read is set aside, but its code counts as known."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.problems: list[Problem] = []
        self.parsed: dict[str, dict[str, Any]] = {}
        kinds = ("scale", "strategy", "indicator", "level", *REQUIREMENT_FILES)
        self.known: dict[str, set[str]] = {kind: set() for kind in kinds}
        self.read_scales: dict[str, Scale] = {}
        self.read_indicators: dict[str, Indicator] = {}
        self.read_strategies: list[tuple[str, Strategy]] = []
        self.files: dict[tuple[str, str | tuple[str, int]], str] = {}
        for name, text in files.items():
            try:
                self.parsed[name] = parsed(text)
            except ValueError as error:
                self.mend(name, "", str(error))

    def mend(self, file: str, place: str, mending: str) -> None:
        self.problems.append(Problem(file, place, mending))

    # --- the four kinds of file ---

    def scales(self) -> dict[str, Scale]:
        for file, shape in self._listed("scale", ScaleShape):
            place = f"scale {shape.code}"
            levels = tuple(
                Level(level.code, level.letter, level.words, level.rank, level.band, level.means)
                for level in sorted(shape.level, key=lambda level: level.rank)
            )
            scale = Scale(shape.code, shape.title, shape.direction, levels)
            for mending in _mending_of_levels(scale, self.known["level"]):
                self.mend(file, place, mending)
            self.known["level"] |= {level.code for level in levels}
            self.read_scales[shape.code] = scale
        return self.read_scales

    def strategies(self) -> dict[str, Strategy]:
        for file, shape in self._single("strategy", "key", StrategyShape):
            fields = shape.model_dump(exclude={"statement"})
            said = [statement.model_dump() for statement in shape.statement]
            statements = tuple(Statement(**{**one, "requirements": tuple(one["requirements"])}) for one in said)
            self.read_strategies.append((file, Strategy(**fields, statements=statements)))
        return {strategy.key: strategy for _file, strategy in self.read_strategies}

    def check_statements(self) -> None:
        """Look at statements once everything is read: what they carry out, and what they stand under, must be there."""
        codes = set().union(*(self.known[kind] for kind in REQUIREMENT_FILES))
        for file, strategy in self.read_strategies:
            headings = {statement.title for statement in strategy.statements}
            for statement in strategy.statements:
                place = f"statement {statement.reference}"
                for code in sorted(set(statement.requirements) - codes):
                    self.mend(file, f"{place}, requirements", f"{code} is in no file of requirements; correct it")
                if statement.under and statement.under not in headings:
                    self.mend(
                        file, f"{place}, under", f"{shown(statement.under)} is the title of no statement; correct it"
                    )

    def indicators(self) -> dict[str, Indicator]:
        for file, shape in self._listed("indicator", IndicatorShape):
            place = f"indicator {shape.code}"
            sources = self._sources(file, place, shape.code, shape.sources)
            for level in shape.guidance:
                if level not in self.known["level"]:
                    self.mend(file, f"{place}, guidance", f"{shown(level)} is no level of any scale; correct it")
            fields = shape.model_dump(exclude={"sources"})
            self.read_indicators[shape.code] = Indicator(**fields, sources=tuple(sources))
        return self.read_indicators

    def _sources(self, file: str, place: str, code: str, named: Mapping[str, list[str]]) -> list[Source]:
        for key in named:
            if key not in self.known["strategy"]:
                self.mend(file, f"{place}, sources", f"{shown(key)} is no strategy; add it to strategies or correct it")
        sources = [Source(key, reference) for key, listed in named.items() for reference in listed]
        for source in twice(sources):
            self.mend(file, f"{place}, sources", f"{source.strategy} {source.reference} stands here twice")
        if not sources and not is_local(code):
            self.mend(file, f"{place}, sources", "is missing; name a paragraph, or use a code of your own such as AB01")
        return sources

    def requirements(self) -> dict[str, Requirement]:
        read: dict[str, tuple[str, Requirement]] = {}
        for kind, (shape, words) in REQUIREMENT_FILES.items():
            for file, table in self._listed(kind, shape):
                self._sources(file, f"{kind} {table.code}", table.code, table.sources)
                if table.code in read or table.code in self.known["indicator"]:
                    self.mend(file, f"{kind} {table.code}", "has the code of something else; give it its own")
                read[table.code] = file, as_requirement(table, words)
        found = {code: requirement for code, (_file, requirement) in read.items()}
        for code, (file, requirement) in read.items():
            for place, mending in problems_of(requirement, strategies=self.known["strategy"], others=found):
                self.mend(file, f"{requirement.kind} {code}, {place}", mending)
        return found

    def templates(self) -> tuple[AuditTemplate, ...]:
        found: dict[tuple[str, int], AuditTemplate] = {}
        for file, shape in self._single("template", "", TemplateShape):
            if (shape.code, shape.version) in found:
                self.mend(
                    file,
                    "version",
                    f"{shape.code} version {shape.version} is in another file too; raise one of the two",
                )
            for place, mending in self._problems_of_template(shape):
                self.mend(file, place, mending)
            if shape.scale in self.read_scales:
                scale = self.read_scales[shape.scale]
                found[(shape.code, shape.version)] = template_of(shape, scale, self.read_indicators)
                self.files["template", (shape.code, shape.version)] = file
        return tuple(sorted(found.values(), key=lambda template: (template.position, template.code, template.version)))

    # --- tables and their codes ---

    def _listed(self, kind: str, shape: type[AnyShape]) -> Iterator[tuple[str, AnyShape]]:
        """The tables `[[kind]]` of the file that holds this kind."""
        for file, content in self.parsed.items():
            if _kind_of(file) != kind:
                continue
            for name in content.keys() - {kind}:
                self.mend(file, cut(name), f"is not known here; this file holds only [[{kind}]] tables")
            tables = content.get(kind, [])
            if not isinstance(tables, list) or not tables:
                self.mend(file, "", f"holds no [[{kind}]] table; add one")
                continue
            for number, table in enumerate(tables, 1):
                code = table.get("code") if isinstance(table, dict) else None
                named = cut(code) if code and isinstance(code, str) else f"number {number}"
                yield from self._one(file, kind, f"{kind} {named}", code, table, shape)

    def _single(self, kind: str, named_by: str, shape: type[AnyShape]) -> Iterator[tuple[str, AnyShape]]:
        """The files that are one table of this kind each."""
        for file, content in self.parsed.items():
            if _kind_of(file) == kind:
                yield from self._one(file, kind, "", content.get(named_by), content, shape)

    def _one(
        self, file: str, kind: str, place: str, code: object, table: Any, shape: type[AnyShape]
    ) -> Iterator[tuple[str, AnyShape]]:
        if isinstance(code, str) and kind in self.known:
            if code in self.known[kind]:
                self.mend(file, place, f"the code {code} is used twice; every {kind} has its own")
            self.known[kind].add(code)
            self.files.setdefault((kind, code), file)
        read, errors = shaped(shape, table if isinstance(table, dict) else {})
        for where, mending in errors:
            self.mend(file, f"{place}, {where}" if place else where, mending)
        if read:
            yield file, read

    # --- templates ---

    def _problems_of_template(self, shape: TemplateShape) -> Iterator[tuple[str, str]]:
        asked = [code for domain in shape.domain for code in domain.indicators]
        if reason := why_not_ask(len(asked)):
            yield "domain", reason  # alone: what else there is would hide it
            return
        if shape.code.startswith(OWN):
            yield "code", f"begins with {OWN}, as those of partnerships do; choose another beginning"
        if shape.scale not in self.known["scale"]:
            yield "scale", f"{shown(shape.scale)} is no scale of scales.toml; choose one of them"
        alike = set(twice([key_of(domain.title) for domain in shape.domain]))
        titles = {key_of(domain.title): domain.title for domain in reversed(shape.domain)}
        for title in (title for key, title in titles.items() if key in alike):
            yield f"domain {title}", "two domains have this title; rename one"
        for code in sorted(set(asked) - self.known["indicator"]):
            yield f"indicator {code}", "is not in the library; add it there or correct the code"
        for code in twice(asked):
            yield f"indicator {code}", "is asked twice; remove one"
        yield from self._levels_without_words(shape, asked)
        known = set(asked)
        yield from problems_of_panel(shape.panel_indicators, known)
        yield from problems_of_listed("in_words", shape.in_words, known)
        yield from problems_of_applies(shape.applies, known)
        yield from problems_of_own_terms(shape.words, shape.guidance, known, self.read_scales.get(shape.scale))
        for code in shape.attributes:
            if code not in self.known["attribute"]:
                yield "attributes", f"{code} is not in attributes.toml; add it there or correct the code"
        for code in twice(shape.attributes):
            yield "attributes", f"{code} is named twice; remove one"

    def _levels_without_words(self, shape: TemplateShape, asked: Iterable[str]) -> Iterator[tuple[str, str]]:
        scale = self.read_scales.get(shape.scale)
        for code in dict.fromkeys(asked):
            indicator = self.read_indicators.get(code)
            if not indicator or not scale or code in shape.in_words:
                continue
            for level in levels_without_words(scale, {**indicator.guidance, **shape.guidance.get(code, {})}):
                yield f"indicator {code}", f"has no guidance for {level.code}; write it in library.toml"


_KIND_OF = {
    "library.toml": "indicator",
    "reform.toml": "indicator",
    "scales.toml": "scale",
    **{f"{kind}s.toml": kind for kind in REQUIREMENT_FILES},
}


def _kind_of(file: str) -> str:
    path = PurePosixPath(file)
    if path.parent.name == "strategies":
        return "strategy"
    return _KIND_OF.get(path.name, "template")


def _mending_of_levels(scale: Scale, known: set[str]) -> Iterator[str]:
    levels = scale.levels
    if scale.direction is ScaleDirection.IN_WORDS:
        if levels:
            yield "has levels, and a scale in words has none; remove them, or give another direction"
    elif len(levels) < 2:
        yield f"has {'one level' if levels else 'no level'}; a scale needs at least two"
    for code in sorted({level.code for level in levels} & known):
        yield f"another scale has a level {code} too; give this one its own code"
    for part in ("code", "letter", "words"):
        for value in twice([getattr(level, part) for level in levels]):
            yield f"two levels have the {part} {shown(value)}; change one"
    if [level.rank for level in levels] != list(range(1, len(levels) + 1)):
        yield "the ranks do not run 1, 2, 3 and on; number the levels from the best, which is 1"
    bands = [BANDS_BEST_FIRST.index(level.band) for level in levels]
    if bands != sorted(bands):
        yield "a worse level stands in a better band; bands go strong, adequate, weak as ranks rise"
