"""Loading the library and checking files of one's own. Neither is a deed of a partnership, so neither asks for --as."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.indicators import queries, rules, services
from audit_app.indicators.rules import Catalogue, CatalogueProblems, Known, Problem, read_catalogue
from config import PROJECT

FOLDER = PROJECT / "audit_templates"

indicators = AppGroup("indicators", help="The indicator library and the audit templates.")


@indicators.command("load")
def load() -> None:
    """Load the library, the strategies, the scales and the templates from audit_templates/."""
    try:
        catalogue = read_catalogue(services.files_in(FOLDER))
        with transaction():
            changes = services.load_catalogue(catalogue, at=clock.now())
    except CatalogueProblems as found:
        raise _to_mend(found.problems) from None
    click.echo("\n".join(changes) or "Nothing has changed.")
    _say_what_stays(catalogue)


@indicators.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check FILES (or all in a folder) beside those in audit_templates/, and whether they can be loaded here.

    A workbook, or a TOML file with complete = true, is a template that was sent, and is checked as the page checks it.
    Names all that is wrong, changes nothing.
    """
    contents = {path: path.read_bytes() for path in _listed(files)}
    sent = {path: content for path, content in contents.items() if rules.is_exchanged(content)}
    others = {_name(path): content for path, content in contents.items() if path not in sent}
    try:
        catalogue = read_catalogue({**services.files_in(FOLDER), **others})
    except CatalogueProblems as found:
        raise _to_mend(found.problems) from None
    known, is_ready = rules.known_to(catalogue), queries.is_ready()
    problems = [problem for path, content in sent.items() for problem in _problems_of_sent(path, content, known)]
    if is_ready:
        problems += rules.why_not_load(catalogue, queries.what_is_loaded(catalogue))
    if problems:
        raise _to_mend(problems)
    templates = len(catalogue.templates) + len(sent)
    click.echo(f"All is well: {len(catalogue.indicators)} indicators, {templates} templates.")
    if is_ready:
        _say_what_stays(catalogue)
    else:
        click.echo("There is no database here yet, so only the files were checked, not whether they can be loaded.")


@indicators.command("coverage")
def coverage() -> None:
    """Print where everything that the strategies ask for stands: in which file, template, strategy or page."""
    try:
        placed = rules.coverage(read_catalogue(services.files_in(FOLDER)))
    except CatalogueProblems as found:
        raise _to_mend(found.problems) from None
    for one in placed:
        click.echo(f"{one.code}  {one.title}: {', '.join(one.places) or 'MISSING'}")
    counts = Counter(one.kind for one in placed)
    click.echo(f"{len(placed)} requirements: " + ", ".join(f"{kind.lower()} {n}" for kind, n in counts.items()) + ".")
    if missing := [one.code for one in placed if not one.places]:
        raise click.ClickException(f"{', '.join(missing)} stand nowhere.")
    click.echo("None is missing.")


def _name(path: Path) -> str:
    """A file of audit_templates/ stands in for itself; any other stands beside them under its own path."""
    where = path.resolve()
    return where.relative_to(FOLDER).as_posix() if where.is_relative_to(FOLDER) else str(path)


def _listed(files: tuple[Path, ...]) -> Iterator[Path]:
    """The files that are named, and all of a folder that is."""
    for path in files:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.suffix in {".toml", ".xlsx"} and one.is_file())
        else:
            yield path


def _problems_of_sent(path: Path, content: bytes, known: Known) -> Sequence[Problem]:
    """What keeps a template that was sent from being loaded."""
    try:
        rules.read_template(content, known, file=str(path))
    except CatalogueProblems as found:
        return found.problems
    except Refused as refusal:
        return [Problem(str(path), "", refusal.reason)]
    return ()


def _to_mend(problems: Sequence[Problem]) -> click.ClickException:
    """The end of a command that found problems: a line for each, then how many."""
    for problem in problems:
        click.echo(problem)
    return click.ClickException(f"{len(problems)} to mend.")


def _say_what_stays(catalogue: Catalogue) -> None:
    for sentence in rules.what_stays(catalogue, queries.what_is_loaded(catalogue)):
        click.echo(sentence)


COMMANDS = (indicators,)
