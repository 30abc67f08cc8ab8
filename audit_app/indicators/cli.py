"""Loading the library and checking files of one's own. Neither is a deed of a partnership, so neither asks for --as."""

from collections import Counter
from pathlib import Path

import click
from flask.cli import AppGroup

from audit_app.core import clock
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.indicators import rules, services
from audit_app.indicators.rules import CatalogueProblems, read_catalogue
from config import PROJECT

FOLDER = PROJECT / "audit_templates"

indicators = AppGroup("indicators", help="The indicator library and the audit templates.")


@indicators.command("load")
def load() -> None:
    """Load the library, the strategies, the scales and the templates from audit_templates/."""
    try:
        with transaction():
            changes = services.load_folder(FOLDER, at=clock.now())
    except (CatalogueProblems, Refused) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo("\n".join(changes) or "Nothing has changed.")


@indicators.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check FILES (or all in a folder) beside those in audit_templates/. Names all that is wrong, changes nothing."""
    files = tuple(one for path in files for one in (sorted(path.rglob("*.toml")) if path.is_dir() else [path]))
    try:
        catalogue = read_catalogue({**services.files_in(FOLDER), **{_name(path): _text(path) for path in files}})
    except CatalogueProblems as problems:
        for problem in problems.problems:
            click.echo(problem)
        raise click.ClickException(f"{len(problems.problems)} to mend.") from None
    click.echo(f"All is well: {len(catalogue.indicators)} indicators, {len(catalogue.templates)} templates.")


@indicators.command("coverage")
def coverage() -> None:
    """Print where everything that the strategies ask for stands: in which file, template, strategy or page."""
    try:
        placed = rules.coverage(read_catalogue(services.files_in(FOLDER)))
    except CatalogueProblems as problems:
        raise click.ClickException(str(problems)) from None
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


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not a text file in UTF-8. Save it as UTF-8 and try again.") from None


COMMANDS = (indicators,)
