"""Measuring agreement in a table of ratings, for whoever wants to check ours. It reads a file and keeps nothing."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from audit_app.core.errors import Refused
from audit_app.panels.rules.agreement import (
    AS_IN_A_FILE,
    as_facts,
    in_words,
    measure,
    read_levels,
    read_ratings,
    why_no_coefficient,
)

panels = AppGroup("panels", help="What panels work with.")


@panels.command("agreement")
@click.argument("ratings", type=click.Path(path_type=Path))
@click.option("--levels", "listed", required=True, help="The levels from first to last, with commas: good,fair,poor.")
@click.option("--json", "is_json", is_flag=True, help="Print every figure, unrounded, as JSON.")
def agreement(ratings: Path, listed: str, *, is_json: bool) -> None:
    """Print how far the raters of a table agree.

    RATINGS is a CSV file in UTF-8: a row a unit, a column a rater, blank for missing. Its first row names the raters. A
    first column headed “unit” names the units; without it every column is a rater.
    """
    try:
        levels = read_levels(listed)
        file = read_ratings(_content(ratings), levels)
    except Refused as refusal:
        raise click.ClickException(refusal.reason) from None
    found = measure(file.ratings, len(levels))
    if is_json:
        click.echo(json.dumps({"levels": levels, "raters": file.raters} | as_facts(found), indent=2))
        return
    click.echo(f"{len(file.units)} units, {found.units} of them rated by two or more; {len(file.raters)} raters.")
    for said in in_words(found, AS_IN_A_FILE):
        click.echo(f"\n{said.name}: {said.figure}\n{said.sentence}\n{said.method}")
    if reason := why_no_coefficient(found, AS_IN_A_FILE):
        click.echo(f"\n{reason}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None


COMMANDS = (panels,)
