"""A person without a mouse: everything is reached with Tab, and where the focus is can always be seen."""

import re
from datetime import date
from typing import Any, Self

from playwright.sync_api import ElementHandle, Locator, expect

from tests.journeys.walking import Walker

AT_MOST = 90
"""How often somebody presses Tab for one thing before they give up."""

WHERE_IT_IS = """
aim => {
  const YELLOW = "rgb(255, 221, 0)";
  const here = document.activeElement, before = window.focusedBefore, label = here.labels?.[0];
  const parts = [[here, null], [here, "::before"], ...(label ? [[label, "::before"]] : [])];
  const styles = parts.map(([element, part]) => getComputedStyle(element, part));
  const boxes = [...here.getClientRects()].filter(box => box.width && box.height);
  const places = boxes.flatMap(box => [0.1, 0.5, 0.9].map(part => [box.x + box.width / 2, box.y + box.height * part]));
  const isShownAt = ([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (here.contains(hit) || label?.contains(hit));
  };
  window.focusedBefore = here;
  return {
    what: here === document.body ? "" : here.outerHTML.slice(0, 200),
    isThere: here === aim || (here.type === "radio" && aim.type === "radio" && here.name === aim.name),
    isMarked: styles.some(one => [one.outline, one.backgroundColor, one.boxShadow, one.border].join().includes(YELLOW)),
    isInSight: places.some(isShownAt),
    isTrapped: here === before && here !== document.body,
    isFirst: here.matches(".govuk-skip-link"),
    skips: here.matches(".govuk-skip-link") && document.querySelector("main").contains(aim),
    isBack: Boolean(before?.isConnected && before !== document.body
      && before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_PRECEDING),
  };
}
"""
"""What Tab came to. The design system shows the focus in its yellow: beside a radio or a box, on what labels it."""


class KeyboardWalker(Walker):
    """Walks as `Walker` does and presses keys only. Each page is checked the first time it is come to."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.seen: set[str] = set()

    def look(self) -> Self:
        """Check the page that is open, unless one like it was checked."""
        where, parts = self.page.url.partition("#")[0], self.page.locator("h2").all_inner_texts()
        page = re.sub(r"\d+", "0", " ".join([where, self.page.title(), *parts]))
        was, self.is_looking = self.is_looking, self.is_looking and page not in self.seen
        self.seen.add(page)
        super().look()
        self.is_looking = was
        return self

    def tab_to(self, what: Locator, *, back: bool = False) -> Self:
        """Press Tab, or Shift and Tab, until a control has the focus; each stop on the way is shown and in order.

        What stands above the page's own content is skipped as the first link of the page lets one do.
        """
        what.wait_for(state="attached")
        aim, ends = what.element_handle(), 0
        for _ in range(AT_MOST):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            found = self._stop(aim, is_back=back)
            if found["isThere"]:
                return self
            if found["skips"]:
                self.page.keyboard.press("Enter")
            ends += not found["what"] or found["isFirst"]
            assert ends < 4, f"{what} cannot be reached on {self.page.url}"
        raise AssertionError(f"{what} is more than {AT_MOST} stops away on {self.page.url}")

    def _stop(self, aim: ElementHandle, *, is_back: bool) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(WHERE_IT_IS, aim)
        if found["what"]:
            where = f"{found['what']} on {self.page.url}"
            assert not found["isTrapped"], f"the focus is trapped in {where}"
            assert found["isMarked"], f"nothing shows that the focus is on {where}"
            assert found["isInSight"], f"the focus is behind something or outside the window: {where}"
            assert is_back or found["isFirst"] or not found["isBack"], f"the focus goes back to {where}"
        return found

    def press(self, button: str | re.Pattern[str], *, key: str = "Enter") -> Self:
        """Reach a button and press it with Enter or Space."""
        return self._leave_by(self.page.get_by_role("button", name=button, exact=True).first, key)

    def follow(self, link: str | re.Pattern[str]) -> Self:
        return self._leave_by(self.page.get_by_role("link", name=link, exact=True).first, "Enter")

    def _leave_by(self, what: Locator, key: str) -> Self:
        self.tab_to(what)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        return self.look()

    def write(self, label: str | re.Pattern[str], words: str, *, back: bool = False) -> Self:
        """Reach the field with this label and type over what stands in it."""
        self.tab_to(self.page.get_by_role("textbox", name=label, exact=True).first, back=back)
        self.page.keyboard.press("Control+A")
        return self.type(words)

    def type(self, words: str) -> Self:
        self.page.keyboard.type(words)
        return self

    def write_date(self, legend: str, day: date) -> Self:
        """Type a date into its three fields, from one to the next with Tab."""
        fields = self.page.get_by_role("group", name=legend).get_by_role("textbox")
        for field, number in zip(fields.all(), (day.day, day.month, day.year), strict=True):
            self.tab_to(field).page.keyboard.press("Control+A")
            self.type(str(number))
        return self

    def choose_one(self, label: str | re.Pattern[str], *, of: str | Locator, back: bool = False) -> Self:
        """Reach the radios of a question and go to one of them with the arrows."""
        question = self.page.get_by_role("group", name=of, exact=True) if isinstance(of, str) else of
        wanted = question.get_by_role("radio", name=label, exact=True)
        self.tab_to(wanted, back=back)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if wanted.is_checked():
                expect(wanted).to_be_focused()
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {label}")

    def tick_one(self, label: str | re.Pattern[str]) -> Self:
        """Reach a box and tick it with Space."""
        box = self.page.get_by_role("checkbox", name=label).first
        self.tab_to(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()
        return self

    def select(self, label: str, option: str) -> Self:
        """Reach a list and type the beginning of what is wanted."""
        box = self.page.get_by_role("combobox", name=label, exact=True)
        self.tab_to(box).type(option)
        expect(box.locator("option:checked")).to_have_text(option)
        return self
