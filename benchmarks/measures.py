"""What is measured: for each measure, what every client asks and how often."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks.client import Answer, Ask, Browser
from benchmarks.saving import DomainSaver, checked
from benchmarks.world import (
    AGENCIES,
    BOARD_MEMBER,
    CHAIR,
    COORDINATOR,
    GRID_COORDINATOR,
    GRID_ROUND,
    GRID_SLUG,
    SLUG,
    Size,
    auditor,
    reference,
    return_of,
)

PAGES = {1: 100, 8: 25, 32: 10}
"""How often each of that many clients asks for a page."""


class Visitors:
    """The people behind the clients, signed in once and then on as many connections as are wanted."""

    def __init__(self, port: int, size: Size) -> None:
        self.port = port
        self.size = size
        self._signed_in: dict[str, Browser] = {}

    def browser(self, email: str) -> Browser:
        """A new connection on which this person is signed in."""
        if email not in self._signed_in:
            self._signed_in[email] = Browser(self.port)
            self._signed_in[email].sign_in(email)
        return self._signed_in[email].another()

    @cached_property
    def savers(self) -> Sequence[DomainSaver]:
        """Auditors, each with a return of their own that is in progress."""
        found = []
        for number in range(self.size.auditors):
            case_id, case = self.size.open_cases()[number]
            for agency_id in range(1, len(AGENCIES) + 1):
                browser = self.browser(auditor(agency_id, number + 1))
                found.append(DomainSaver(browser, case, agency_id, return_of(case_id, agency_id)))
        return found


@dataclass(frozen=True)
class Measure:
    """Something that clients do: `asks` gives what each of so many clients does, `each` how often by their number."""

    name: str
    asks: Callable[[Visitors, int], Sequence[Ask]]
    each: Mapping[int, int]

    @property
    def is_long(self) -> bool:
        """Whether one answer takes most of a minute: it is run once, and with many clients only when asked."""
        return self.name == WHOLE_WORKBOOK


def page(name: str, email: str, path: str, *, slug: str = SLUG) -> Measure:
    """A page of the partnership, opened by one person on every connection. `{...}` are parts of the size's world."""

    def asks(visitors: Visitors, clients: int) -> Sequence[Ask]:
        size = visitors.size
        where = {"published": reference(size.a_published), "open": reference(size.rounds)}
        address = f"/p/{slug}{path.format(**where)}"

        def opening() -> Ask:
            browser = visitors.browser(email)
            return lambda: checked(browser.get(address), 200)

        return [opening() for _ in range(clients)]

    return Measure(name, asks, PAGES)


def workbook(name: str, path: str, each: Mapping[int, int]) -> Measure:
    """A workbook, downloaded by the coordinator."""

    def asks(visitors: Visitors, clients: int) -> Sequence[Ask]:
        address = f"/p/{SLUG}{path.format(published=reference(visitors.size.a_published))}"

        def downloading() -> Ask:
            browser = visitors.browser(COORDINATOR)
            return lambda: _is_workbook(checked(browser.post(address, {}), 200))

        return [downloading() for _ in range(clients)]

    return Measure(name, asks, each)


def _is_workbook(answer: Answer) -> Answer:
    if not answer.body.startswith(b"PK"):
        raise RuntimeError(f"Not a workbook: {answer.body[:500]!r}")
    return answer


def by_savers(name: str, deed: Callable[[DomainSaver], Callable[[], Answer]]) -> Measure:
    """What auditors do with the first domain of their own return."""
    return Measure(name, lambda visitors, clients: [deed(saver) for saver in visitors.savers[:clients]], PAGES)


ONE, ONE_CONTROL = "Automatic save: one indicator", "Control: one row alone"
SAVE, CONTROL, DOMAIN = "Save a domain: 12 ratings", "Control: the same rows alone", "Domain page: 12 indicators"
FINDINGS, EVERYTHING, BESIDE = "Findings of one round", "Findings over everything", "Two rounds compared"
BY_AGENCY = "All 132,000 ratings by agency"
ROUND_WORKBOOK, WHOLE_WORKBOOK = "Workbook of one round", "Workbook of everything"
LISTS = (
    page("List of rounds", COORDINATOR, "/rounds"),
    page("Cases of a round", COORDINATOR, "/rounds/{open}/cases"),
    page("Returns of a round", COORDINATOR, "/rounds/{open}/returns"),
    page("An auditor's returns", auditor(1, 1), "/returns"),
    page("A chair's panels", CHAIR, "/panels"),
    page("Action plan", COORDINATOR, "/actions"),
    page("Published rounds", BOARD_MEMBER, "/board"),
)
GRID = "Grid: 15 cases x 8 agencies x 69"
MEASURES = (
    by_savers(SAVE, lambda saver: saver.save),
    by_savers(CONTROL, lambda saver: saver.save_by_control),
    by_savers(ONE, lambda saver: saver.save_one),
    by_savers(ONE_CONTROL, lambda saver: saver.save_one_by_control),
    by_savers(DOMAIN, lambda saver: saver.open),
    page(FINDINGS, COORDINATOR, "/rounds/{published}/findings"),
    page(EVERYTHING, COORDINATOR, "/findings/all"),
    page(BESIDE, COORDINATOR, "/findings/compare?later={published}"),
    page(BY_AGENCY, COORDINATOR, "/findings/all/agencies"),
    page("Home", COORDINATOR, "/"),
    *LISTS,
    page(GRID, GRID_COORDINATOR, f"/rounds/{GRID_ROUND}/returns", slug=GRID_SLUG),
    workbook(ROUND_WORKBOOK, "/rounds/{published}/workbook", {1: 5, 8: 1, 32: 1}),
    workbook(WHOLE_WORKBOOK, "/workbook", {1: 1, 8: 1, 32: 1}),
)
