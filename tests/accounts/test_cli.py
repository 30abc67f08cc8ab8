"""The commands of whoever runs the server."""

from flask import Flask

from audit_app.accounts import queries
from tests.factories.accounts import a_person
from tests.pages import PageClient

CREATE = ["accounts", "create-partnership", "saltmere", "Saltmere Partnership", "--administrator", "Ada Admin"]


def test_a_partnership_is_made_and_its_administrators_link_printed_once(app: Flask, client: PageClient) -> None:
    done = app.test_cli_runner().invoke(args=[*CREATE, "--email", "ada@saltmere.example"])
    assert done.exit_code == 0, done.output
    link = next(line for line in done.output.splitlines() if "/invitation/" in line)
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).h1 == "Choose a password"
    assert queries.partnership_named("saltmere").is_demonstration is False


def test_what_is_refused_is_said_in_one_sentence(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=[*CREATE, "--email", "no address"])
    assert done.exit_code == 1
    assert done.output.strip() == "Error: Enter an e-mail address in the correct format, like name@example.org."
    assert not queries.has_any_partnership()


def test_fresh_secrets_differ_each_time(app: Flask) -> None:
    first, second = (app.test_cli_runner().invoke(args=["secrets"]).output for _ in range(2))
    names = [line.partition("=")[0] for line in first.splitlines()]
    assert names == ["SECRET_KEY", "PASSWORD_SALT", "ENCRYPTION_KEYS", "TOKEN_KEY"]
    assert not set(first.splitlines()) & set(second.splitlines())


def test_a_link_for_a_new_password_is_printed_for_whoever_has_one(app: Flask, client: PageClient) -> None:
    person = a_person(password="a hash")
    done = app.test_cli_runner().invoke(args=["accounts", "password-link", person.email.upper()])
    assert client.get(done.output.strip().removeprefix("http://127.0.0.1:8000")).h1 == "Set your new password"


def test_and_for_nobody_else(app: Flask) -> None:
    person = a_person()
    for email in (person.email, "nobody@people.example"):
        done = app.test_cli_runner().invoke(args=["accounts", "password-link", email])
        assert done.exit_code == 1
        assert "Nobody with that e-mail address has a password." in done.output
