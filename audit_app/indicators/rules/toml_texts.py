"""From a text in TOML to its table, whatever somebody wrote into it."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

LARGEST_TOML = 1024 * 1024
"""Bytes. The longest that is delivered has some 150,000."""
DOTS_AT_MOST = 100
"""In one name. The reader of TOML needs time and memory by the square of them, and no name has more than three."""
DEPTH_AT_MOST = 100
VALUES_AT_MOST = 100_000
"""In one text. Something may be wrong with each of them, and each wrong takes memory."""

_PART = r"""(?:[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_MANY_DOTS = re.compile(rf"(?:^|[{{,])[ \t]*+\[*+[ \t]*+(?:{_PART}){{{DOTS_AT_MOST + 1}}}", re.MULTILINE)
_QUOTED = re.compile(r'"[^"]*"')
_PLACE = re.compile(r"\(at line (\d+), column \d+\)$")
_DECLARED_TWICE = re.compile(r"Cannot declare \('(\w+)',\) twice")
_ONE_TABLE = {"words", "applies", "guidance"}

TOO_LARGE = "is larger than 1 MB, and what belongs here is far smaller; choose the right file"
TOO_MANY_DOTS = f"has a name of more than {DOTS_AT_MOST} parts with dots between them; shorten it"
TOO_MUCH = f"holds more than {VALUES_AT_MOST:,} values, and what belongs here holds far fewer; choose the right file"
TOO_DEEP = "is not TOML that can be read: too many brackets stand inside each other"
NO_TEXT = "is not a text file in UTF-8; save it again and choose UTF-8 as the encoding"
NUL = "holds the character NUL, which no database keeps; take out what is written \\u0000"
UNREADABLE = "holds a number or a date that nobody can read; correct it, or put it in quotation marks"


def parsed(content: str | bytes) -> dict[str, Any]:
    """The table in a TOML file.

    Raises:
        ValueError: it is none. The message says what to mend.
    """
    if len(content) > LARGEST_TOML:
        raise ValueError(TOO_LARGE)
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(NO_TEXT) from None
    if _MANY_DOTS.search(text):
        raise ValueError(TOO_MANY_DOTS)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not TOML: {error}{_hint(str(error), text)}") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    except ValueError:  # a number of more digits than Python reads
        raise ValueError(UNREADABLE) from None
    if any("\0" in one for one in _texts(table)):
        raise ValueError(NUL)
    return table


def _hint(error: str, text: str) -> str:
    """What a person most likely did, where the reader's own words do not say it."""
    if (declared := _DECLARED_TWICE.search(error)) and declared[1] not in _ONE_TABLE:
        return f"; write [[{declared[1]}]] with two brackets"
    place, lines = _PLACE.search(error), text.split("\n")
    line = lines[int(place[1]) - 1] if place else next((one for one in reversed(lines) if one.strip()), "")
    return "; these are curly quotes; type straight ones" if re.search("[“”‘’]", _QUOTED.sub("", line)) else ""


def _texts(table: dict[str, Any]) -> Iterator[str]:
    """Every text in a table, however deep.

    Raises:
        ValueError: it is deeper, or holds more, than anything that belongs here.
    """
    count = 0
    waiting: list[tuple[int, Any]] = [(1, table)]
    while waiting:
        depth, value = waiting.pop()
        count += 1
        if count > VALUES_AT_MOST:
            raise ValueError(TOO_MUCH)
        if depth > DEPTH_AT_MOST:
            raise ValueError(TOO_DEEP)
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            waiting += ((depth + 1, inner) for inner in value.values())
        elif isinstance(value, list):
            waiting += ((depth + 1, inner) for inner in value)
