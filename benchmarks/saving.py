"""An auditor who saves the page of a domain again and again, each time with every answer changed."""

import re
from collections.abc import Callable, Mapping

from audit_app.returns import rules
from audit_app.returns.rules import Answer, AnswerKind
from benchmarks import client
from benchmarks.client import Browser
from benchmarks.world import SLUG

SEEN = re.compile(r'name="seen-(\d+)" value="(\d+)\.')
LEVEL = re.compile(r'name="answer-\d+"[^>]* value="(\d+)"')
EVIDENCE = (
    "The school noted on four days that the child came hungry and without a coat. The health visitor was told on the "
    "same day and went there within the week; the plan was changed, and the notes of the next visits show that it held."
)


class DomainSaver:
    """One auditor on one domain of one return. Knows the page as a browser does, from what the server showed."""

    def __init__(self, browser: Browser, case: str, agency_id: int, return_id: int) -> None:
        self._browser = browser
        self.path = f"/p/{SLUG}/cases/{case}/return/{agency_id}/domain/1"
        self._rating = f"/p/{SLUG}/cases/{case}/return/{agency_id}/rating"
        self._control = f"/control/{return_id}"
        self._answers: dict[int, Answer] = {}
        self._turn = 0
        page = browser.get(self.path).body.decode()
        self._versions = _versions(page)
        self._levels = sorted({int(level) for level in LEVEL.findall(page)})

    def open(self) -> client.Answer:
        """Look at the page."""
        return checked(self._browser.get(self.path), 200)

    def save(self) -> client.Answer:
        """Save twelve changed answers, as the page's button does."""
        fields = self._fields(self._seen)
        answer = checked(self._browser.post(self.path, fields), 302)
        self._versions = {indicator: version + 1 for indicator, version in self._versions.items()}
        return answer

    def save_by_control(self) -> client.Answer:
        """Post the same to the control."""
        return checked(self._browser.post(self._control, self._fields(lambda _: "1.0123456789abcdef")), 204)

    def save_one(self) -> client.Answer:
        """Save one answer with a longer text, as the page does by itself while somebody types."""
        indicator = list(self._versions)[self._turn % len(self._versions)]
        fields = self._fields(self._seen, indicator)
        answer = checked(self._browser.post_by_script(f"{self._rating}/{indicator}", fields), 200)
        self._versions[indicator] += 1
        return answer

    def save_one_by_control(self) -> client.Answer:
        """Post the same to the control."""
        indicator = list(self._versions)[self._turn % len(self._versions)]
        fields = self._fields(lambda _: "1.0123456789abcdef", indicator)
        return checked(self._browser.post(self._control, fields), 204)

    def check(self) -> None:
        """Make sure that every save so far was kept: each gave every rating a version."""
        if _versions(self._browser.get(self.path).body.decode()) != self._versions:
            raise RuntimeError(f"{self.path}: not every save was kept")

    def _seen(self, indicator: int) -> str:
        return rules.seen(self._answers.get(indicator, Answer()), self._versions[indicator])

    def _fields(self, seen: Callable[[int], str], *only: int) -> Mapping[str, str]:
        fields = {} if only else {"next": "2"}
        self._turn += 1
        for place, indicator in enumerate(only or self._versions):
            stands = self._answers[indicator].level_id if only and indicator in self._answers else None
            level = stands or self._levels[(self._turn + place) % len(self._levels)]
            answer = Answer(AnswerKind.LEVEL, level, evidence=f"{EVIDENCE} {self._turn}", where_on_file="Case notes")
            fields[f"seen-{indicator}"] = seen(indicator)
            fields[f"answer-{indicator}"] = str(level)
            fields[f"reason-{indicator}"] = ""
            fields[f"evidence-{indicator}"] = answer.evidence
            fields[f"where-{indicator}"] = answer.where_on_file
            self._answers[indicator] = answer
        return fields


def _versions(page: str) -> dict[int, int]:
    return {int(indicator): int(version) for indicator, version in SEEN.findall(page)}


def checked(answer: client.Answer, status: int) -> client.Answer:
    """The answer, if it is the one that was expected."""
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}:\n{answer.body[:3000].decode(errors='replace')}")
    return answer
