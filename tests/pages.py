"""A page as a test reads it, and the client that fetches pages and checks every one of them."""

import contextvars
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from flask import session as flask_session
from flask_login import login_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from audit_app.accounts.models import Person
from audit_app.core.db import db
from tests.page_checks import FIELDS, parse, problems_of, words

TOKEN = "csrf_token"
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """A form of a page, filled in as the page shows it."""

    action: str
    method: str
    values: dict[str, list[Any]]
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The words of each button that carries a name, with that name and its value."""


class Page:
    """An answer, read as a person reads it."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response, self.path = response, path
        self.status: int = response.status_code
        self.data: bytes = response.data
        self.headers = response.headers

    @property
    def is_html(self) -> bool:
        return bool(self.response.mimetype == "text/html" and self.data)

    @cached_property
    def html(self) -> str:
        return self.data.decode()

    @cached_property
    def told(self) -> str:
        """The page without what is drawn by lot or counted on, in which any few digits may turn up by chance.

        Those are a form's tokens, digests and the number in a partnership's address.
        """
        return re.sub(r'(?<=value=")[\w.-]{40,}(?=")|\b[0-9a-f]{40,}\b|/p/[\w-]+', "", self.html)

    @property
    def json(self) -> Any:
        return self.response.get_json()

    @cached_property
    def tree(self) -> Element:
        return parse(self.html)

    @cached_property
    def text(self) -> str:
        """All words of the page's body."""
        return words(self.tree.find("body"))

    @cached_property
    def main(self) -> str:
        """The words of the page's main part, without header, navigation and footer."""
        return words(next(self.tree.iter("main"), None))

    @property
    def h1(self) -> str:
        return words(next(self.tree.iter("h1"), None))

    @property
    def title(self) -> str:
        return words(self.tree.find("head/title"))

    @cached_property
    def links(self) -> dict[str, str]:
        """Addresses by the words of the link; of several with the same words, the first."""
        found: dict[str, str] = {}
        for link in self.tree.iter("a"):
            found.setdefault(words(link), link.get("href") or "")
        return found

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        """Each table as rows of cells, the header row first."""
        return [
            [[words(cell) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")]
            for table in self.tree.iter("table")
        ]

    @cached_property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [words(line) for line in self._of_class("govuk-error-summary__list", inside="li")]

    @cached_property
    def notices(self) -> list[str]:
        """What notification banners say."""
        return [words(banner) for banner in self._of_class("govuk-notification-banner__content")]

    def _of_class(self, name: str, inside: str | None = None) -> Iterator[Element]:
        for element in self.tree.iter():
            if name in (element.get("class") or "").split():
                yield from element.iter(inside) if inside else [element]

    @cached_property
    def forms(self) -> list[Form]:
        """The forms of the main part, in order."""
        return [_form(element, self.path) for main in self.tree.iter("main") for element in main.iter("form")]

    def form(self, *, action: str | None = None, button: str | None = None) -> Form:
        """The form that posts; with several, the one whose address ends so, or that has this button."""
        fitting = [
            form
            for form in self.forms
            if form.method == "post"
            and (action is None or form.action.endswith(action))
            and (button is None or button in form.buttons)
        ]
        assert len(fitting) == 1, f"{len(fitting)} forms fit on {self.path}: {[form.action for form in self.forms]}"
        return fitting[0]

    def __repr__(self) -> str:
        return f"<Page {self.path} {self.status} {self.main[:300] if self.is_html else self.response.mimetype!r}>"


def _form(element: Element, path: str) -> Form:
    values: dict[str, list[Any]] = {}
    buttons: dict[str, tuple[str, str]] = {}
    for item in element.iter():
        name = item.get("name") or ""
        if item.tag == "button":
            buttons[words(item)] = (name, item.get("value") or "")
        elif item.tag in FIELDS and name and item.get("disabled") is None:
            values.setdefault(name, []).extend(_values(item))
    return Form(element.get("action") or path, (element.get("method") or "get").lower(), values, buttons)


def _values(item: Element) -> Sequence[str]:
    if item.tag == "textarea":
        return ["".join(item.itertext()).removeprefix("\n")]
    if item.tag == "select":
        options = list(item.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        return [_option(option) for option in chosen or ([] if item.get("multiple") is not None else options[:1])]
    kind = item.get("type")
    if kind in {"radio", "checkbox"}:
        return [item.get("value") or "on"] if item.get("checked") is not None else []
    return [] if kind in {"file", "submit", "button", "image", "reset"} else [item.get("value") or ""]


def _option(option: Element) -> str:
    value = option.get("value")
    return words(option) if value is None else value


class PageClient:
    """A browser without a screen: one person's session. Every HTML answer it gets is checked, on SQLite's run.

    The other database gives the same markup: checking it twice took a fifth of the time of its run. Requests run
    outside the test's own application context, as on a server: nothing leaks between them.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.is_checking = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")

    def as_(self, person: Person) -> "PageClient":
        """A new browser in which this person is signed in; others stay as they are."""
        client = PageClient(self.app)
        client._carry(contextvars.Context().run(_session_of, self.app, person.id, client.browser.environ_base))
        return client

    def _carry(self, values: Mapping[str, Any]) -> None:
        def write() -> None:
            with self.browser.session_transaction() as session:
                session.update(values)

        contextvars.Context().run(write)

    def get(self, path: str, *, status: int = 200, **query: Any) -> Page:
        """Fetch a page. `query` goes into the address."""
        return self._open("GET", path, status, query_string=query or None)

    def post(self, path: str, data: Fields | None = None, *, status: int | None = None, **more: Any) -> Page:
        """Post a form. Without `status` the answer must lead on, and the page it leads to is given.

        With `status` exactly that answer is expected and given. `headers=` and the like go through to the test client.
        """
        answer = self._open("POST", path, status or 302, data={TOKEN: self.token(), **(data or {})}, **more)
        return answer if status else self.get(answer.headers["Location"])

    def send(self, page: Page, changes: Fields | None = None, *, button: str | None = None, **more: Any) -> Page:
        """Send a page's form as a browser would: with what it showed, changed by what the person typed or chose.

        `button` is the words of the button pressed; `action`, the end of the form's address, tells several forms apart.
        A change to None takes a field away. Answers as `post` does.
        """
        form = page.form(action=more.pop("action", None), button=button)
        filled: dict[str, Any] = {**form.values, **(changes or {})}
        if button is not None and form.buttons[button][0]:
            name, value = form.buttons[button]
            filled[name] = value
        return self.post(form.action, {name: value for name, value in filled.items() if value is not None}, **more)

    def ask(self, method: str, path: str, **more: Any) -> Page:
        """Ask without expecting any particular answer, for tests that walk over many addresses."""
        return self._open(method, path, None, **more)

    def token(self) -> str:
        """A valid token against forged posts for this session."""

        def read() -> str:
            with self.browser.session_transaction() as session:
                return str(session.setdefault(TOKEN, secrets.token_hex(20)))

        raw = contextvars.Context().run(read)
        return str(URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(raw))

    def _open(self, method: str, path: str, status: int | None, **more: Any) -> Page:
        session = db.session()
        is_changed = bool(session.new or session.dirty or session.deleted)
        assert not is_changed, "the test changed rows outside transaction()"
        session.rollback()  # ends the test's own read: what a request changes is seen afterwards
        response = contextvars.Context().run(self.browser.open, path, method=method, **more)
        page = Page(response, path)
        assert status in {None, page.status}, f"{method} {path} answered {page.status}, not {status}: {page!r}"
        if page.is_html and not 300 <= page.status < 400 and self.is_checking:
            assert not (problems := problems_of(page.html)), f"{method} {path}:\n" + "\n".join(problems)
        return page


def _session_of(app: Flask, person_id: int, browser: Mapping[str, Any]) -> dict[str, Any]:
    """What the session holds once a person has signed in with this browser."""
    with app.test_request_context(environ_base=dict(browser)):
        login_user(db.session.get_one(Person, person_id))
        return dict(flask_session)
