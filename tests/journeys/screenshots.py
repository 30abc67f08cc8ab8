"""Pictures of the demonstration's main pages: whole ones into build/pictures/, some for reading into docs/pictures/."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from config import PROJECT
from tests.journeys.small_png import in_256_colours
from tests.journeys.walking import Service, Walker, launch, serve, stop, wait_until_it_answers

EVERY = PROJECT / "build" / "pictures"
KEPT = PROJECT / "docs" / "pictures"
LARGEST = 150_000
"""Bytes of a picture that is kept with the code."""

WIDE, NARROW = "", "-narrow"
WINDOWS = {NARROW: (390, 760), WIDE: (1280, 800)}
"""Sizes of windows, the wide one last: in it the chair of the room shows the ratings."""
FIRST_SAID = "section.app-item details:has(.app-side-by-side__item + .app-side-by-side__item)"
COORDINATOR = "imogen.tarrowby@partnership.saltmere.example"
AUDITOR = "farida.quennerly@health.saltmere.example"
CHAIR = "dorothea.vantrease@partnership.saltmere.example"
MEMBER = "priyanka.hollinmoor@council.saltmere.example"
BOARD_MEMBER = "hyacinth.pellowick@council.saltmere.example"
ROOM = "/panels/3/room"
SHOWN = "element => { element.open = true; (element.closest('section') ?? element).scrollIntoView(); }"


@dataclass(frozen=True)
class Shot:
    """One page to take pictures of, as somebody. `anchor` is what the kept pictures begin with, where not the top.

    `press` is a button to press first, in windows whose picture is kept; `height` that of its window, if it is higher.
    """

    name: str
    email: str
    path: str
    anchor: str = ""
    kept: tuple[str, ...] = ()
    press: str = ""
    height: int = 0


SHOTS = (
    Shot("home", COORDINATOR, "/"),
    Shot("round", COORDINATOR, "/rounds/SN2"),
    Shot("plan", COORDINATOR, "/rounds/SN3/plan"),
    Shot("population", "esme.fennimarsh@council.saltmere.example", "/rounds/SN1/population"),
    Shot("sample", COORDINATOR, "/rounds/SN1/sample"),
    Shot("returns", COORDINATOR, "/rounds/SN2/returns", kept=(WIDE,)),
    Shot("domain", AUDITOR, "/cases/SN2-01/return/2/domain/1", anchor="section.app-item", kept=(WIDE, NARROW)),
    Shot("panel", CHAIR, "/panels/cases/SN1-01", anchor=FIRST_SAID, kept=(WIDE,)),
    Shot("room-member", MEMBER, ROOM, anchor="#room-own", kept=(NARROW,)),
    Shot("room-wall", CHAIR, f"{ROOM}/projector", anchor="#room-status", kept=(WIDE,), height=1000),
    Shot("room", CHAIR, ROOM, anchor="#room-now", kept=(WIDE,), press="Show ratings", height=1000),
    Shot("practice-case", COORDINATOR, "/rounds/SQ1/practice-case"),
    Shot("agreement", COORDINATOR, "/rounds/SQ1/agreement"),
    Shot("findings", BOARD_MEMBER, "/rounds/SN1/findings", anchor="figure.app-chart", kept=(WIDE, NARROW)),
    Shot("actions", COORDINATOR, "/actions", kept=(WIDE,)),
    Shot("library", COORDINATOR, "/indicators"),
    Shot("strategy", COORDINATOR, "/strategies/herefordshire"),
    Shot("attributes", COORDINATOR, "/requirements/attribute"),
    Shot("measures", COORDINATOR, "/requirements/measure"),
    Shot("indicator", COORDINATOR, "/indicators/H01"),
    Shot("history", COORDINATOR, "/rounds/SN1/history"),
    Shot("people", "dafydd.orrowmere@partnership.saltmere.example", "/people"),
)


def take(browser: Browser, service: Service, ending: str) -> None:
    """Take every picture in windows of one size."""
    width, height = WINDOWS[ending]
    walkers: dict[str, Walker] = {}
    empty = browser.new_page()
    for shot in SHOTS:
        if shot.email not in walkers:
            walkers[shot.email] = Walker(browser, service, width=width, looks=False).sign_in(shot.email)
        page = walkers[shot.email].open(f"/p/saltmere{shot.path}").page
        if shot.press and ending in shot.kept:
            walkers[shot.email].press(shot.press)
        page.set_viewport_size({"width": width, "height": shot.height or height})
        page.wait_for_load_state("networkidle")
        page.screenshot(path=EVERY / f"{shot.name}{ending}.png", full_page=True)
        if ending in shot.kept:
            if shot.anchor:
                page.locator(shot.anchor).first.evaluate(SHOWN)
            small = in_256_colours(empty, page.screenshot())
            assert len(small) <= LARGEST, f"{shot.name}{ending} has {len(small)} bytes"
            (KEPT / f"{shot.name}{ending}.png").write_bytes(small)


def main() -> None:
    for pictures in (EVERY, KEPT):
        shutil.rmtree(pictures, ignore_errors=True)
        pictures.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = serve(Path(folder))
        try:
            wait_until_it_answers(service)
            browser = launch(playwright)
            for ending in WINDOWS:
                take(browser, service, ending)
            browser.close()
        finally:
            stop([service])


if __name__ == "__main__":
    main()
