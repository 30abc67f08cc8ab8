"""How the sample of each round was drawn: what a scrutineer needs to repeat the draw (docs/sampling.md)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from audit_app.accounts.models import Person
from audit_app.accounts.rules import Viewer
from audit_app.core.db import db
from audit_app.exports.queries.answers import Of
from audit_app.rounds.models import Round
from audit_app.sampling.models import Draw, DrawStratum, PopulationImport
from audit_app.sampling.rules import DIMENSION_WORDS, POOL_WORDS, Dimension, kept_stratum_words
from reports.cells import day_in_words, moment_in_words

Line = tuple[str, str]
"""What it is about, and what was decided."""


def draw_lines(viewer: Viewer, of: Of) -> Mapping[int, Sequence[Line]]:
    """The draw of each round that has one, by the round's id, and those that were set aside before. Two queries."""
    confirmer = aliased(Person)
    query = (
        select(Draw, PopulationImport, Person.name, confirmer.name)
        .join(Round, and_(Round.partnership_id == Draw.partnership_id, Round.id == Draw.round_id))
        .join(
            PopulationImport,
            and_(PopulationImport.partnership_id == Draw.partnership_id, PopulationImport.id == Draw.import_id),
        )
        .outerjoin(Person, Person.id == Draw.drawn_by_id)
        .outerjoin(confirmer, confirmer.id == Draw.confirmed_by_id)
        .where(Draw.partnership_id == viewer.partnership_id, *of)
        .order_by(Draw.round_id, Draw.is_current.desc(), Draw.id)
    )
    strata = _strata(viewer, of)
    lines: dict[int, list[Line]] = defaultdict(list)
    for draw, population, drawn_by, confirmed_by in db.session.execute(query):
        if draw.is_current:
            lines[draw.round_id] += _current(draw, population, drawn_by or "", confirmed_by or "", strata[draw.id])
        else:
            lines[draw.round_id].append(("Sample set aside", _set_aside(draw, population, drawn_by or "")))
    return lines


def _strata(viewer: Viewer, of: Of) -> Mapping[int, Sequence[Line]]:
    """A line for each group of the draws that count, by the draw's id."""
    query = (
        select(DrawStratum, Draw.strata_by)
        .join(Draw, and_(Draw.partnership_id == DrawStratum.partnership_id, Draw.id == DrawStratum.draw_id))
        .join(Round, and_(Round.partnership_id == Draw.partnership_id, Round.id == Draw.round_id))
        .where(DrawStratum.partnership_id == viewer.partnership_id, Draw.is_current, *of)
        .order_by(DrawStratum.draw_id, DrawStratum.position)
    )
    lines: dict[int, list[Line]] = defaultdict(list)
    for row, strata_by in db.session.execute(query):
        group = kept_stratum_words(row.label, strata_by, viewer.terms)
        said = f"{group}: {row.population} in the population, {row.wanted} wanted, {row.drawn} drawn"
        lines[row.draw_id].append(("Sample group", f"{said}, {row.reserves} in reserve"))
    return lines


def _current(
    draw: Draw, population: PopulationImport, drawn_by: str, confirmed_by: str, strata: Sequence[Line]
) -> Iterator[Line]:
    yield "Population file, SHA-256", population.file_sha256
    yield "Population as at", day_in_words(population.as_at) if population.as_at else ""
    yield "Sample drawn", _by(moment_in_words(draw.drawn_at), drawn_by)
    yield "Sample confirmed", _by(moment_in_words(draw.confirmed_at), confirmed_by) if draw.confirmed_at else "Not yet"
    yield "Sample seed", draw.seed
    yield "Sample size", str(draw.size)
    yield "Reserves for each group", str(draw.reserves)
    yield "Who could be drawn", POOL_WORDS[draw.pool] + ("" if draw.is_with_ended else ", plan still open")
    yield "Children drawn from", str(draw.population)
    if draw.is_without_earlier:
        yield "Children of earlier rounds", f"Left aside: {draw.excluded}"
    by = ", ".join(DIMENSION_WORDS[Dimension(one)].lower() for one in draw.strata_by)
    yield "Sample divided by", by.capitalize() or "Not divided"
    if draw.strata_by:
        yield "How many from each group", _how_shared(draw)
    yield from strata


def _how_shared(draw: Draw) -> str:
    if draw.allocation is not None:
        return "Given as numbers"
    return "Shared by population" + (", at least one from each" if draw.is_at_least_one else "")


def _set_aside(draw: Draw, population: PopulationImport, drawn_by: str) -> str:
    drawn = _by(moment_in_words(draw.drawn_at), drawn_by)
    aside = moment_in_words(draw.discarded_at) if draw.discarded_at else ""
    return (
        f"Drawn {drawn}: size {draw.size}, seed {draw.seed}, file {population.file_sha256}. "
        f"Set aside {aside}: {draw.discarded_reason}"
    )


def _by(when: str, name: str) -> str:
    return f"{when} by {name}" if name else when
