"""Making a partnership, and what only whoever runs the server may do."""

import click
from flask.cli import AppGroup

from audit_app.accounts import queries, services
from audit_app.accounts.access import password_link as link_for
from audit_app.core.db import transaction
from audit_app.core.errors import Refused
from audit_app.core.settings import settings
from config import fresh_secrets

accounts = AppGroup("accounts", help="Partnerships and people.")


@accounts.command("create-partnership")
@click.argument("slug")
@click.argument("name")
@click.option("--administrator", required=True, help="The first administrator's name.")
@click.option("--email", required=True, help="The first administrator's e-mail address.")
def create_partnership(slug: str, name: str, administrator: str, email: str) -> None:
    """Make a partnership and invite its first administrator.

    SLUG is its short name in addresses, such as saltmere; NAME is its full name.
    """
    try:
        with transaction():
            _partnership, invited = services.create_partnership(
                slug=slug, name=name, administrator_name=administrator, administrator_email=email
            )
    except Refused as refusal:
        raise click.ClickException(refusal.reason) from None
    click.echo(f"{name} is at {settings().base_url}/p/{slug}/")
    if invited.link:
        click.echo(f"{invited.name} chooses a password here, once, within 7 days:\n{invited.link}")
    elif invited.is_mailed:
        click.echo(f"An invitation is on its way to {invited.email}.")
    else:
        click.echo(f"{invited.name} is known already and signs in with the password that they have.")


@accounts.command("password-link")
@click.argument("email")
def password_link(email: str) -> None:
    """Print a link with which someone chooses a new password, for an hour. For where no mail server is set."""
    person = queries.person_of_email(email.strip().lower())
    if person is None or person.password is None:
        raise click.ClickException("Nobody with that e-mail address has a password.")
    click.echo(link_for(person))


@click.command("secrets")
def secrets() -> None:
    """Print a fresh set of secrets for the settings."""
    for name, value in fresh_secrets().items():
        click.echo(f"{name.upper()}={value}")


COMMANDS = (accounts, secrets)
