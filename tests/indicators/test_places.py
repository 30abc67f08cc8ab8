"""After each deed on the page of a draft one goes on at the place it was about, which says what was done."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.factories.templates import Draft
from tests.indicators.conftest import save
from tests.page_checks import words
from tests.pages import Page, PageClient


def place_that_speaks(page: Page) -> tuple[str, str]:
    """The id of the one heading that can take the focus, and what is said with it."""
    (place,) = (one for one in page.tree.iter() if one.get("tabindex") == "-1" and one.tag in {"h2", "h3"})
    said = next(one for one in page.tree.iter() if one.get("id") == place.get("aria-describedby"))
    return place.get("id") or "", words(said)


@pytest.mark.parametrize(
    ("move", "says"),
    [
        ("questions/A04/move", "A04 Harm was weighed is now 1 of 2 in Recognition."),
        ("domains/{The child}/move", "The domain The child is now 1 of 2."),
    ],
)
def test_what_was_moved_says_where_it_is_now(draft: Draft, cora: PageClient, move: str, says: str) -> None:
    path = move.format_map(draft.domains)
    page = cora.send(cora.get(f"{draft.address}/edit"), {}, action=f"/{path}")
    code_or_id = path.split("/")[1]
    assert place_that_speaks(page) == (f"{'indicator' if 'questions' in path else 'domain'}-{code_or_id}", says)
    assert page.notices == [], "it is said once"
    assert not [one for one in cora.get(f"{draft.address}/edit").tree.iter() if one.get("class") == "app-said"]


@pytest.mark.parametrize(
    ("rest", "button", "answers", "says"),
    [
        ("questions/A01", "Save", {"title": "Seen"}, "A01 Seen is saved."),
        ("questions/A01/domain", "Move the question", {"domain_id": "{The child}"}, "is now 3 of 3 in The child."),
        ("domains/{The child}/add", "Add the question", {"code": "H01"}, "is added to The child."),
        ("domains/{The child}", "Save", {"title": "Voice"}, "The domain is now called Voice."),
        ("domains/new", "Add the domain", {"title": "Home"}, "The domain Home is added. Add its questions next."),
    ],
)
def test_what_was_saved_or_added_says_so_where_it_stands(
    draft: Draft, cora: PageClient, rest: str, button: str, answers: Mapping[str, str], says: str
) -> None:
    known = draft.domains
    page = cora.get(f"{draft.address}/{rest.format_map(known)}")
    changes: dict[str, Any] = {name: value.format_map(known) for name, value in answers.items()}
    page = save(cora, page, button, **changes)
    _place, said = place_that_speaks(page)
    assert said.endswith(says)


def test_what_another_page_shows_first_it_shows_at_its_top(draft: Draft, cora: PageClient) -> None:
    page = cora.get(f"{draft.address}/edit")
    cora.send(page, {}, action="/questions/A04/move", status=302)
    page = cora.get(f"{draft.address}/words")
    assert page.notices == ["A04 Harm was weighed is now 1 of 2 in Recognition."]
