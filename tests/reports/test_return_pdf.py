"""A return on paper: tagged, with a language and a title, and with nothing in it that anybody could run."""

import re
import zlib
from datetime import UTC, datetime

import pytest

from reports import return_pdf
from reports.return_pdf import PrintedAnswer, PrintedPart, PrintedReturn, write_return_pdf


def printed(*words: str) -> bytes:
    """A return with these answers, as a PDF."""
    answers = [
        PrintedAnswer(
            "A01",
            "Signs were seen",
            "How well?",
            answers=[("Judgement", text)],
            choices=["Good"],
            spaces=[("Why", 20), ("Where", 0)],
            ticks=[("Tag", ["Strength", "Concern"])],
        )
        for text in words
    ]
    return write_return_pdf(
        PrintedReturn(
            "Return on N26-07",
            "N26-07",
            "Health & Co",
            [("Case reference", "N26-07")],
            [PrintedPart("Recognition", "A note", answers)],
            "Ann Other",
            datetime(2026, 3, 4, 10, 5, tzinfo=UTC),
        )
    )


def inside(pdf: bytes) -> bytes:
    """The PDF with its compressed streams opened."""
    opened = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return pdf + b"\n".join(opened)


def characters_of(pdf: bytes) -> set[str]:
    """The characters of a PDF, by the tables of its fonts that say what each shape stands for."""
    tables = re.findall(rb"beginbfchar\s(.*?)endbfchar", inside(pdf), re.DOTALL)
    shapes = [shape for table in tables for shape in re.findall(rb"<[0-9A-Fa-f]{4}>\s*<([0-9A-Fa-f]+)>", table)]
    return {character for shape in shapes for character in bytes.fromhex(shape.decode()).decode("utf-16-be")}


def test_it_is_tagged_and_says_its_title_and_language() -> None:
    pdf = printed("Seen on 3 March.")
    whole = inside(pdf)
    assert whole.startswith(b"%PDF-")
    for sign in (
        b"/MarkInfo",
        b"/Marked true",
        b"/StructTreeRoot",
        b"(en-GB)",
        b"pdfuaid:part",
        b"/DisplayDocTitle true",
    ):
        assert sign in whole, sign
    for tag in (b"/H1", b"/H2", b"/H3", b"/Table", b"/TH", b"/P"):
        assert tag in whole, tag
    assert b"Return on N26-07" in whole
    assert set("SeenonMarch3") <= characters_of(pdf)


def test_its_font_is_the_one_that_typst_carries() -> None:
    fonts = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([A-Za-z-]+)", inside(printed("x")).replace(b" ", b"")))
    assert fonts
    assert all(font.startswith(b"LibertinusSerif") for font in fonts)


@pytest.mark.parametrize(
    "text", ["#panic()", '#read("/etc/passwd")', "$x$ *b* _i_ @ref <label> \\ // `raw`", "= Title"]
)
def test_what_is_typed_is_never_run(text: str) -> None:
    assert printed(text)


def test_what_cannot_be_shown_is_marked_and_said() -> None:
    whole = printed("😀 中文\x00\x0c\u200b\u2028\ufffe e\u0301 \u0915\u094d \t tab", "[?] typed")
    assert "?" in characters_of(whole)
    assert return_pdf._printable("😀 ok\u200b\u2028e\u0301") == "[?] ok\né"


def test_every_character_that_is_let_through_can_be_shown() -> None:
    every = "".join(
        chr(code) for first, last in (*return_pdf._SHOWN, *return_pdf._SIGNS) for code in range(first, last + 1)
    )
    assert printed(*(" ".join(every[start : start + 200]) for start in range(0, len(every), 200)))
