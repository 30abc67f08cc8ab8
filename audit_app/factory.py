"""The top: builds the application from its settings, registers the features and what every layout shows."""

import re
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Blueprint, Flask, current_app, g, request, url_for
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from audit_app.accounts.rules import Role
from audit_app.core.db import db
from audit_app.core.encryption import cipher_from
from audit_app.core.web import RequestInMemory, csp_nonce, init_web
from config import PROJECT, Settings

FEATURES = (
    "history",
    "accounts",
    "jobs",
    "messages",
    "indicators",
    "rounds",
    "cases",
    "sampling",
    "returns",
    "panels",
    "findings",
    "actions",
    "board",
    "exports",
    "home",
    "demo",
)


def create_app(settings: Settings | None = None) -> Flask:
    """An application for these settings (those of the environment, if none are given)."""
    settings = settings or Settings.from_environment()
    app = Flask("audit_app", root_path=str(PROJECT / "audit_app"), instance_path=str(settings.instance))
    app.request_class = RequestInMemory
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["cipher"] = cipher_from(settings.encryption_keys)
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("audit_app"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    db.init_app(app)
    Migrate(app, db, directory=str(PROJECT / "migrations"))
    CSRFProtect(app)
    WTFormsHelpers(app)
    init_web(app)
    app.context_processor(lambda: {"shell": Shell.of_request(settings)})
    for feature in FEATURES:
        _register(app, feature)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.is_testing,
        "IS_DEMONSTRATION": False,  # `flask serve` says so, for pages without a partnership
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "audits_session",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),  # idle ones end earlier, in accounts.access
        "SESSION_REFRESH_EACH_REQUEST": False,  # accounts.access says what keeps a session open
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 22 * 1024 * 1024,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=1),
    }


def _engine_options(url: str) -> dict[str, Any]:
    """An error that is logged never holds evidence or who a child is. What was used last is used next: it is warm."""
    both = {"hide_parameters": True, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        return {**both, "connect_args": {"check_same_thread": False}}
    return {**both, "pool_pre_ping": True, "pool_size": 20, "max_overflow": 20}


def _register(app: Flask, feature: str) -> None:
    """Register what a feature offers: its access's `init_app`, its views' blueprints, its cli's commands."""
    for room in ("models", "access", "views", "cli"):
        name = f"audit_app.{feature}.{room}"
        if find_spec(f"audit_app.{feature}") is None or find_spec(name) is None:
            continue
        module = import_module(name)
        if hasattr(module, "init_app"):
            module.init_app(app)
        for blueprint in (value for value in vars(module).values() if isinstance(value, Blueprint)):
            if blueprint.name not in app.blueprints:
                app.register_blueprint(blueprint)
        for group in getattr(module, "COMMANDS", ()):
            app.cli.add_command(group)


@dataclass(frozen=True)
class NavigationItem:
    """A link that every page of a partnership shows."""

    text: str
    href: str
    is_current: bool


EVERYONE = frozenset(Role)
NAVIGATION: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Home", "home.start", EVERYONE),
    ("Rounds", "rounds.list_rounds", frozenset({Role.COORDINATOR, Role.SCRUTINEER, Role.KEY_HOLDER})),
    ("My returns", "returns.my_returns", frozenset({Role.AUDITOR})),
    (
        "Panels",
        "panels.my_panels",
        frozenset({Role.COORDINATOR, Role.PANEL_CHAIR, Role.NOTE_TAKER, Role.PANEL_MEMBER}),
    ),
    (
        "Findings",
        "board.published",
        frozenset({Role.COORDINATOR, Role.BOARD_MEMBER, Role.SCRUTINEER, Role.AGENCY_LEAD}),
    ),
    (
        "Action plan",
        "actions.plan",
        frozenset({Role.COORDINATOR, Role.AGENCY_LEAD, Role.BOARD_MEMBER, Role.SCRUTINEER}),
    ),
    ("Audit templates", "indicators.list_templates", EVERYONE - {Role.ADMINISTRATOR, Role.PRACTITIONER}),
    ("People and settings", "accounts.people", frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})),
)


@dataclass(frozen=True)
class Shell:
    """What layouts show around a page. Everything in it was read before the page: it never queries."""

    service_name: str
    partnership_name: str = ""
    colour: str = ""
    slug: str = ""
    person_name: str = ""
    person_id: int = 0
    front_door: str = ""
    is_demonstration: bool = False
    is_mailing: bool = False
    idle_minutes: int = 0
    has_other_partnerships: bool = False
    navigation: tuple[NavigationItem, ...] = ()
    is_about_case: bool = False
    support_contact: str = ""
    csp_nonce: str = ""
    open_concerns: tuple[Any, ...] = ()  # those that the reader was told of: cases.access

    @classmethod
    def of_request(cls, settings: Settings) -> "Shell":
        """The shell of the page being answered."""
        nonce = csp_nonce()
        viewer = g.get("viewer")
        if viewer is None:
            name = current_user.name if current_user and current_user.is_authenticated else ""
            minutes = settings.idle_minutes if name else 0
            is_demonstration = current_app.config["IS_DEMONSTRATION"]
            return cls(
                service_name=settings.service_name,
                person_name=name,
                person_id=current_user.id if name else 0,
                is_demonstration=is_demonstration,
                is_mailing=settings.is_mailing,
                idle_minutes=minutes,
                csp_nonce=nonce,
            )
        partnership = viewer.partnership
        endpoints = g.setdefault("endpoints", frozenset(_endpoints()))
        navigation = tuple(
            NavigationItem(text, url_for(endpoint, slug=partnership.slug), _is_current(endpoint))
            for text, endpoint, roles in NAVIGATION
            if viewer.has(*roles) and endpoint in endpoints
        )
        return cls(
            service_name=settings.service_name,
            partnership_name=partnership.name,
            colour=partnership.colour,
            slug=partnership.slug,
            person_name=viewer.name,
            person_id=viewer.id,
            front_door=partnership.front_door_phone,
            is_demonstration=partnership.is_demonstration,
            is_mailing=settings.is_mailing,
            idle_minutes=settings.idle_minutes,
            has_other_partnerships=viewer.has_other_partnerships,
            navigation=navigation,
            is_about_case=is_about_case(request.url_rule.rule if request.url_rule else ""),
            support_contact=partnership.support_contact,
            csp_nonce=nonce,
            open_concerns=tuple(g.get("open_concerns", ())),
        )


ABOUT_CASES = re.compile(r"/(cases|case-actions|concerns|feedback|panels|returns)(/|$)")


def is_about_case(rule: str) -> bool:
    """Whether the page of a route is about a child's case, whatever feature it is of: it says so in its address."""
    return ABOUT_CASES.search(rule) is not None


def _endpoints() -> set[str]:
    return set(current_app.view_functions)


_LIES_BELOW = {
    **dict.fromkeys(("home.show_round", "home.round_history", "home.show_case"), "rounds"),
    "home.partnership_history": "accounts",
}
"""Pages that lie below another entry of the navigation than their feature's own."""


def _is_current(endpoint: str) -> bool:
    here = request.endpoint or ""
    return _LIES_BELOW.get(here, here.split(".")[0]) == endpoint.split(".", maxsplit=1)[0]
