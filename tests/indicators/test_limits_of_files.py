"""Files are held to what the editor and the database keep."""

from collections.abc import Callable

import pytest

from audit_app.indicators.rules import read_catalogue
from tests.indicators.test_reading import TEMPLATE, Table, first, problems_of, small, texts

TOO_MUCH: list[tuple[str, Callable[[dict[str, Table]], object], str]] = [
    (
        "a question that the editor would not keep",
        lambda files: first(files).update(question="x" * 4001),
        "library.toml: indicator A01, question: is 4001 characters long; shorten it to at most 4000",
    ),
    (
        "own guidance that the editor would not keep",
        lambda files: files[TEMPLATE].update(guidance={"A01": {"met": "x" * 4001}}),
        "templates/small.toml: guidance, A01, met: is 4001 characters long; shorten it to at most 4000",
    ),
    (
        "a paragraph's reference that no column holds",
        lambda files: first(files).update(sources={"somewhere": ["x" * 121]}),
        (
            "library.toml: indicator A01, sources, somewhere, number 1: is 121 characters long; "
            "shorten it to at most 120"
        ),
    ),
    (
        "more minutes than the editor takes",
        lambda files: files[TEMPLATE].update(minutes_per_child=6_000_000_000),
        "templates/small.toml: minutes_per_child: is 6000000000; it must be 600 or less",
    ),
    (
        "a version that no database counts to",
        lambda files: files[TEMPLATE].update(version=6_000_000_000),
        "templates/small.toml: version: is 6000000000; it must be 9,999 or less",
    ),
    (
        "more domains than the editor takes",
        lambda files: files[TEMPLATE].update(
            domain=[{"title": f"Page {number}", "indicators": ["A01"]} for number in range(41)]
        ),
        "templates/small.toml: domain: names 41; leave at most 40",
    ),
    (
        "more questions than the editor takes",
        lambda files: files[TEMPLATE]["domain"].append({"title": "Second", "indicators": ["A01"] * 199}),
        "templates/small.toml: domain: asks 201 questions; a template asks at most 200",
    ),
    (
        "a character that no database keeps",
        lambda files: first(files)["guidance"].update(met="a\0b"),
        "library.toml: holds the character NUL, which no database keeps; take out what is written \\u0000",
    ),
]


@pytest.mark.parametrize(("mistake", "sentence"), [case[1:] for case in TOO_MUCH], ids=[case[0] for case in TOO_MUCH])
def test_what_the_editor_would_refuse_is_refused_in_a_file_too(
    mistake: Callable[[dict[str, Table]], object], sentence: str
) -> None:
    files = small()
    mistake(files)
    assert sentence in problems_of(texts(files))


@pytest.mark.parametrize(
    "mistake",
    [
        lambda files: files[TEMPLATE].update(minutes_per_child=600),
        lambda files: first(files).update(question="x" * 4000, title="x" * 45),
        lambda files: files[TEMPLATE].update(version=9_999),
    ],
)
def test_as_much_as_the_editor_keeps_is_kept(mistake: Callable[[dict[str, Table]], object]) -> None:
    files = small()
    mistake(files)
    assert read_catalogue(texts(files)).templates


def test_a_file_in_another_encoding_says_how_to_save_it() -> None:
    broken = "title = 'Größe'".encode("latin-1")
    files: dict[str, str | bytes] = {**texts(small()), "templates/broken.toml": broken}
    assert problems_of(files) == [
        "templates/broken.toml: is not a text file in UTF-8; save it again and choose UTF-8 as the encoding"
    ]
