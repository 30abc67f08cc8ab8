"""The open partnership's words in templates: filters over codes, so that no page keeps a delivered word of its own.

Each takes the context, which it does not need: Jinja works out any other filter over a constant when it compiles the
template, once, and every partnership would read the words of the one that asked first.
"""

from collections.abc import Callable

from flask import Flask, g
from jinja2 import pass_context
from jinja2.runtime import Context

from audit_app.accounts.rules import DELIVERED, PlanStatus, Role, Terms, Workforce


def terms_here() -> Terms:
    """The words of the open partnership; the delivered ones on pages that belong to none."""
    viewer = g.get("viewer")
    return viewer.terms if viewer else DELIVERED


def _begun(words: str, *, begins: bool) -> str:
    return words[:1].upper() + words[1:] if begins else words


@pass_context
def _role(_context: Context, code: str, begins: bool = False) -> str:
    return _begun(terms_here().said(Role(code)), begins=begins)


@pass_context
def _a_role(_context: Context, code: str, begins: bool = False) -> str:
    return _begun(terms_here().one(Role(code)), begins=begins)


@pass_context
def _roles(_context: Context, code: str, begins: bool = False) -> str:
    return _begun(terms_here().several(Role(code)), begins=begins)


@pass_context
def _plan_status(_context: Context, code: str) -> str:
    return terms_here().plan_statuses[PlanStatus(code)]


@pass_context
def _workforce(_context: Context, code: str) -> str:
    return terms_here().workforce[Workforce(code)]


FILTERS: dict[str, Callable[..., str]] = {
    "role": _role,
    "a_role": _a_role,
    "roles": _roles,
    "plan_status": _plan_status,
    "workforce": _workforce,
}
"""For a code in a template. Those of roles stand inside a sentence: {{ "key_holder" | role }} is “key holder”,
`a_role` “a key holder”, `roles` “key holders”; with `begins=true` they begin the sentence."""


def init_app(app: Flask) -> None:
    """Give templates the words of the open partnership."""
    app.jinja_env.filters.update(FILTERS)
