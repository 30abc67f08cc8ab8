"""Prints a return, or the pack of a case, as a tagged PDF (PDF/UA-1) with typst, which needs no program and no font of
the system.

The words go to the template as JSON and are never part of its text, so nobody can write into it. The fonts are those
that typst carries itself: Libertinus Serif. A tagged PDF must be able to show every character that it holds, so one
that this font cannot show is written as [?], and the first page says so.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reports.cells import moment_in_words, without_controls

_TEMPLATE = Path(__file__).parent / "pdf" / "return.typ"
_SHOWN = ((0x20, 0x7E), (0xA0, 0x24F), (0x388, 0x38A), (0x38E, 0x3A1), (0x3A3, 0x4FF), (0x1E00, 0x1EFF))
_SIGNS = ((0x2010, 0x2027), (0x2030, 0x203A), (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x22FF))
"""Characters that the font has: Latin, Greek and Cyrillic letters, and the signs of ordinary typing."""
NOT_SHOWN = "[?]"
_NOTE = f"Some characters cannot be printed. They are shown as {NOT_SHOWN}."


@dataclass(frozen=True, slots=True)
class PrintedAnswer:
    """One question. On an empty form `choices` are boxes to tick, `spaces` the labels of room to write with its height
    in millimetres, 0 for one line to write on, and `ticks` labels with boxes of their own."""

    code: str
    title: str
    question: str
    help: Sequence[str] = ()
    choices: Sequence[str] = ()
    answers: Sequence[tuple[str, str]] = ()
    spaces: Sequence[tuple[str, int]] = ()
    ticks: Sequence[tuple[str, Sequence[str]]] = ()


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A part of the return with its questions."""

    title: str
    note: str
    answers: Sequence[PrintedAnswer]


@dataclass(frozen=True, slots=True)
class PrintedReturn:
    """A return or a pack to print. `facts` are what the first page says of it, in pairs of words, under the heading
    `about`; a `mark` stands at the top of each page."""

    title: str
    case_reference: str
    agency: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[PrintedPart]
    printed_by: str
    printed_at: datetime
    about: str = "This return"
    mark: str = ""


def write_return_pdf(printed: PrintedReturn) -> bytes:
    """The return as the bytes of a tagged PDF."""
    import typst

    words, is_whole = asdict(printed), True

    def clean(text: str) -> str:
        nonlocal is_whole
        kept = _printable(text)
        is_whole = is_whole and kept.count(NOT_SHOWN) == text.count(NOT_SHOWN)
        return kept

    words["printed"] = f"Printed by {printed.printed_by}, {moment_in_words(printed.printed_at)}"
    words["made"] = printed.printed_at.timetuple()[:6]
    del words["printed_at"]
    words = _over_texts(words, clean)
    words["note"] = "" if is_whole else _NOTE
    return typst.compile(  # type: ignore[no-any-return,unused-ignore]
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"return": json.dumps(words)},
        ignore_system_fonts=True,
    )


def _printable(text: str) -> str:
    """A text in characters that the font can show; tabs are spaces, and every line ends in one way."""
    text = unicodedata.normalize("NFC", without_controls(text)).replace("\t", " ")
    if text.isascii():
        return text
    return "".join(one if one == "\n" or _is_shown(ord(one)) else _instead(one) for one in text)


def _is_shown(code: int) -> bool:
    return any(first <= code <= last for first, last in (*_SHOWN, *_SIGNS))


def _instead(character: str) -> str:
    """Nothing for what has no shape of its own, such as joiners; a space for any kind of space."""
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return "\n" if category in {"Zl", "Zp"} else " "
    return "" if category in {"Cf", "Mn", "Me"} else NOT_SHOWN


def _over_texts(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _over_texts(its, clean) for name, its in value.items()}
    return [_over_texts(its, clean) for its in value] if isinstance(value, list | tuple) else value
