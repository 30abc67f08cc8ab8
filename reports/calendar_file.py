"""A meeting as a file for any calendar (RFC 5545)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

OCTETS_A_LINE = 75
"""The longest line, without its end, counted in octets (RFC 5545, 3.1)."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Meeting:
    """A meeting. `starts` and `ends` are moments with a zone; both None is a meeting that takes all of `held_on`.

    A calendar knows the meeting again by `uid`, and takes the copy with the higher `sequence` for the newer one.
    """

    uid: str
    sequence: int
    written_at: datetime
    held_on: date
    starts: datetime | None
    ends: datetime | None
    summary: str
    location: str
    description: str
    url: str


def calendar_of(meeting: Meeting) -> bytes:
    """The meeting as the bytes of an .ics file: one event, its moments in UTC.

    UTC needs no table of the zone's summers (RFC 5545, 3.3.5, form 2); whoever opens it sees their own clock.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Multi-agency audits of child neglect//Panels//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(meeting.uid)}",
        f"SEQUENCE:{meeting.sequence}",
        f"DTSTAMP:{_moment(meeting.written_at)}",
        *_when(meeting),
        f"SUMMARY:{_text(meeting.summary)}",
        *([f"LOCATION:{_text(meeting.location)}"] if meeting.location else []),
        f"DESCRIPTION:{_text(meeting.description)}",
        f"URL:{_plain(meeting.url)}",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _when(meeting: Meeting) -> list[str]:
    if meeting.starts is None or meeting.ends is None:
        following = meeting.held_on + timedelta(days=1)  # the end of a day is the day after it (3.6.1)
        return [f"DTSTART;VALUE=DATE:{meeting.held_on:%Y%m%d}", f"DTEND;VALUE=DATE:{following:%Y%m%d}"]
    return [f"DTSTART:{_moment(meeting.starts)}", f"DTEND:{_moment(meeting.ends)}"]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """A text as a value: what separates values is escaped, and lines are kept (3.3.11)."""
    kept = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(plain, escaped)
    return kept


def _plain(address: str) -> str:
    """An address as a value: it has no escapes, and never a line of its own."""
    return re.sub(r"\s", "", _UNWRITABLE.sub("", address))


def _folded(line: str) -> str:
    """A line cut where it grows too long, each further piece begun with a space. No character is cut in two."""
    pieces, length = [""], 0
    for character in line:
        octets = len(character.encode())
        if length + octets > OCTETS_A_LINE:
            pieces.append("")
            length = 1  # the space that it begins with
        pieces[-1] += character
        length += octets
    return "\r\n ".join(pieces)
