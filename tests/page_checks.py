"""What every page must be, checked each time a test fetches one."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

import html5lib

FIELDS = {"input", "select", "textarea"}
UNLABELLED_INPUTS = {"hidden", "submit", "button", "image", "reset"}
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")


def parse(html: str) -> Element:
    """The page as a tree, without namespaces."""
    root: Element = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return root


def words(element: Element | None) -> str:
    """The text inside an element, with single spaces."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def problems_of(html: str) -> list[str]:
    """Everything that is wrong with a page, one sentence each; nothing where all is well."""
    root = parse(html)
    parents = {child: parent for parent in root.iter() for child in parent}
    return [
        *_not_html(_without_what_changes(html)),
        *_headings(root),
        *_identifiers(root),
        *_fields(root, parents),
        *_forms(root),
        *_inline_code(root),
        *_links_and_pictures(root),
        *_tables(root),
    ]


def _without_what_changes(html: str) -> str:
    """The page without its nonce and tokens, so that one page is parsed for errors once."""
    html = re.sub(r'nonce="[^"]*"', 'nonce="x"', html)
    return re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1x", html)


@cache
def _not_html(html: str) -> tuple[str, ...]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    lines = html.splitlines()
    return tuple(
        f"not HTML ({code} {facts or ''} at line {line}): {lines[line - 1].strip()[:120] if line <= len(lines) else ''}"
        for (line, _column), code, facts in parser.errors
    )


def _headings(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "the page does not say its language"
    headings = list(root.iter("h1"))
    if len(headings) != 1:
        yield f"{len(headings)} h1 headings: {[words(heading) for heading in headings]}"
        return
    heading, title = words(headings[0]), words(root.find("head/title"))
    if not heading:
        yield "the h1 is empty"
    if not title.removeprefix("Error: ").startswith(heading):
        yield f"the title {title!r} does not begin with the h1 {heading!r}"


def _identifiers(root: Element) -> Iterator[str]:
    seen = Counter(element.get("id") for element in root.iter() if element.get("id") is not None)
    for identifier, times in seen.items():
        if times > 1:
            yield f"the id {identifier!r} is used {times} times"
    for element in root.iter():
        for attribute in POINTERS:
            for identifier in (element.get(attribute) or "").split():
                if identifier not in seen:
                    yield f"{attribute}={identifier!r} of a {element.tag} points at nothing"


def _fields(root: Element, parents: dict[Element, Element]) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if words(label)}
    for field in root.iter():
        if field.tag not in FIELDS or field.get("type") in UNLABELLED_INPUTS:
            continue
        is_labelled = (
            field.get("id") in labelled
            or field.get("aria-label")
            or field.get("aria-labelledby")
            or any(parent.tag == "label" for parent in _ancestors(field, parents))
        )
        if not is_labelled:
            yield f"the {field.tag} {field.get('name')!r} has no label"
        if field.get("type") == "radio" and not any(parent.tag == "fieldset" for parent in _ancestors(field, parents)):
            yield f"the choice {field.get('name')!r} is not in a fieldset with a legend"
    for fieldset in root.iter("fieldset"):
        if not words(fieldset.find("legend")) and not fieldset.get("aria-labelledby"):
            yield "a fieldset has no legend"


def _ancestors(element: Element, parents: dict[Element, Element]) -> Iterator[Element]:
    while element in parents:
        element = parents[element]
        yield element


def _forms(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        method = (form.get("method") or "get").lower()
        names = {field.get("name") for field in form.iter("input")}
        if method == "post" and "csrf_token" not in names:
            yield f"the form {form.get('action')!r} posts without a token"
        if method == "get" and "csrf_token" in names:
            yield f"the form {form.get('action')!r} puts its token into the address"
    for button in root.iter("button"):
        if not words(button) and not button.get("aria-label"):
            yield "a button has no words"


def _inline_code(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag == "script" and not element.get("src") and not element.get("nonce"):
            yield "an inline script"
        if element.tag == "style":
            yield "an inline style sheet"
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"{attribute}= on a {element.tag}"


def _links_and_pictures(root: Element) -> Iterator[str]:
    for link in root.iter("a"):
        href = link.get("href")
        if href is None:
            continue
        has_words = words(link) or link.get("aria-label") or any(picture.get("alt") for picture in link.iter("img"))
        if not has_words:
            yield f"the link to {href!r} has no words"
        if not href or href == "#" or href.lower().startswith("javascript:"):
            yield f"the link {words(link)!r} leads nowhere"
    for picture in root.iter("img"):
        if picture.get("alt") is None:
            yield f"the picture {picture.get('src')!r} has no alternative text"


def _tables(root: Element) -> Iterator[str]:
    for table in root.iter("table"):
        if not words(table.find("caption")):
            yield "a table has no caption"
        for header in table.iter("th"):
            if not header.get("scope"):
                yield f"the header cell {words(header)!r} has no scope"
