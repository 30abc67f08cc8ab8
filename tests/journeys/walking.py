"""A running service, and a person who walks through it in a real browser."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Response, expect
from playwright.sync_api import TimeoutError as BrowserTimeout

from audit_app.demo.rules import OPEN_TO_ALL
from config import PROJECT
from tests.page_checks import problems_of

READY_WITHIN = 60
STANDARD = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
    "rules": {"region": {"enabled": False}},  # the design system puts the back link before <main>, to be skipped
}

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Service:
    """The running service."""

    url: str
    instance: Path
    process: subprocess.Popen[str]
    log: Path


StartService = Callable[..., Service]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serve(folder: Path, **environment: str) -> Service:
    """Start the service as `make run` does, on a free port, with an instance of its own in `folder`."""
    port, log = free_port(), folder / "log"
    known = {"PATH": os.environ["PATH"], "INSTANCE": str(folder / "instance"), "PORT": str(port)}
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=PROJECT,
            env={**known, **environment},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            text=True,
        )
    return Service(f"http://127.0.0.1:{port}", folder / "instance", process, log)


def stop(services: Sequence[Service]) -> None:
    """Stop services, all at the same time."""
    for service in services:
        if service.process.poll() is None:
            service.process.send_signal(signal.SIGTERM)
    for service in services:
        service.process.wait(timeout=20)


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium."""
    program = shutil.which("chromium")
    assert program, "Chromium is not installed. Run: apt-get install chromium"
    return playwright.chromium.launch(executable_path=program, args=CHROMIUM)


def wait_until_it_answers(service: Service) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        assert service.process.poll() is None, f"the service stopped: {service.log.read_text()[-2000:]}"
        try:
            urlopen(f"{service.url}/static/app.css", timeout=2).close()  # noqa: S310 - our own address
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer within {READY_WITHIN} seconds: {service.log.read_text()[-2000:]}")


def workers_of(service: Service) -> list[int]:
    """The processes that a service started."""
    children = Path(f"/proc/{service.process.pid}/task").glob("*/children")
    return [int(pid) for file in children for pid in re.findall(r"\d+", file.read_text())]


class Walker:
    """A person at a browser. Each page they come to is checked: HTML, accessibility, nothing blocked or broken."""

    def __init__(
        self, browser: Browser, service: Service, *, width: int = 1280, scripts: bool = True, looks: bool = True
    ) -> None:
        self.service = service
        self.context = browser.new_context(
            base_url=service.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.has_scripts = scripts
        self.is_looking = looks
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.document: Response | None = None
        self.page.on("response", self._note)

    def _hear(self, said: ConsoleMessage) -> None:
        is_about_the_page_itself = said.location.get("url") == self.page.url  # its status is looked at by itself
        if said.type == "error" and not is_about_the_page_itself:
            self.complaints.append(said.text)

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.request.method} {response.url} answered {response.status}")
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.document = response

    def open(self, path: str, *, status: int = 200) -> "Walker":
        """Go to an address."""
        self.page.goto(path)
        assert self.document
        assert self.document.status == status, f"{path} answered {self.document.status}"
        return self.look()

    def press(self, button: str | re.Pattern[str]) -> "Walker":
        """Press a button, or a link that is one to everybody, and come to the page it leads to."""
        return self._click(self.page.get_by_role("button", name=button, exact=True))

    def follow(self, link: str | re.Pattern[str]) -> "Walker":
        """Follow a link and come to the page it leads to."""
        return self._click(self.page.get_by_role("link", name=link, exact=True).first)

    def _click(self, what: Locator) -> "Walker":
        try:
            with self.page.expect_navigation():  # a click does not wait for the page that it asks for
                what.click()
        except BrowserTimeout as error:
            shown = self.page.locator("body").inner_text()
            raise AssertionError(f"{what} is not on {self.page.url}, which reads:\n{shown}") from error
        return self.look()

    def fill(self, **answers: str) -> "Walker":
        """Type into fields, by their names."""
        for name, value in answers.items():
            self.page.locator(f'[name="{name}"]').fill(value)
        return self

    def choose(self, **answers: str | Sequence[str]) -> "Walker":
        """Choose radios and tick boxes, by their names and values."""
        for name, values in answers.items():
            for value in [values] if isinstance(values, str) else values:
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
        return self

    def tick(self, *labels: str) -> "Walker":
        """Choose radios and tick boxes, by the words beside them."""
        for label in labels:
            self.page.get_by_label(label, exact=True).check()
        return self

    def date(self, name: str, day: date) -> "Walker":
        """Type a date into its three fields."""
        for field, number in zip(
            self.page.locator(f'input[name="{name}"]').all(), (day.day, day.month, day.year), strict=True
        ):
            field.fill(str(number))
        return self

    def reads(self, words: str) -> "Walker":
        """Find words on the page."""
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    @property
    def width_needed(self) -> int:
        """How wide the page is: more than its window where one has to scroll sideways."""
        needed: int = self.page.evaluate("document.documentElement.scrollWidth")
        return needed

    def look(self) -> "Walker":
        """Check the page that is open."""
        self.page.wait_for_load_state("load")
        where = self.page.url.removeprefix(self.service.url)
        assert self.complaints == [], f"{where}: the browser complains: {self.complaints}"
        if not self.is_looking:
            return self
        # The page is checked as it was sent, without what scripts add to it (the style attributes of a chart).
        if self.document and self.document.headers.get("content-type", "").startswith("text/html"):
            assert not (problems := problems_of(self.document.text())), f"{where}: {problems}"
        if self.has_scripts:
            found = Axe().run(self.page, options=STANDARD)
            assert found.violations_count == 0, f"{where}:\n{found.generate_report()}"
        return self

    def sign_in(self, email: str, password: str = OPEN_TO_ALL) -> "Walker":
        """Sign in with e-mail and password, that of the demonstration if no other."""
        self.open("/sign-in").fill(email=email, password=password)
        return self.press("Sign in")


Walk = Callable[..., Walker]
