"""A panel as a file for calendars: what a calendar reads back is what was planned."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reports.calendar_file import OCTETS_A_LINE, Meeting, calendar_of

LONDON = ZoneInfo("Europe/London")
MEETING = Meeting(
    uid="panel-7@audits.example",
    sequence=3,
    written_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC),
    held_on=date(2026, 7, 2),
    starts=datetime(2026, 7, 2, 9, 30, tzinfo=LONDON),
    ends=datetime(2026, 7, 2, 12, 30, tzinfo=LONDON),
    summary="Audit panel N26",
    location="Town Hall, room 4; first floor",
    description="The panel's page: https://audits.example/p/saltmere/panels/7",
    url="https://audits.example/p/saltmere/panels/7",
)


def read(file: bytes) -> dict[str, str]:
    """The properties of the one event in a file, unfolded and without escapes, as a calendar reads them."""
    text = file.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    first, last = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    found = dict(line.split(":", 1) for line in lines[first + 1 : last])
    assert len(found) == last - first - 1
    return {name: plain(value) for name, value in found.items()}


def plain(value: str) -> str:
    out, escaped = "", False
    for character in value:
        if escaped:
            assert character in "\\;,n"
            out, escaped = out + ("\n" if character == "n" else character), False
        elif character == "\\":
            escaped = True
        else:
            out += character
    assert not escaped
    return out


def test_a_calendar_reads_when_and_where_and_nothing_else() -> None:
    assert read(calendar_of(MEETING)) == {
        "UID": "panel-7@audits.example",
        "SEQUENCE": "3",
        "DTSTAMP": "20260304T100000Z",
        "DTSTART": "20260702T083000Z",
        "DTEND": "20260702T113000Z",
        "SUMMARY": "Audit panel N26",
        "LOCATION": "Town Hall, room 4; first floor",
        "DESCRIPTION": "The panel's page: https://audits.example/p/saltmere/panels/7",
        "URL": "https://audits.example/p/saltmere/panels/7",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
    }


def test_in_winter_the_clocks_of_england_are_those_of_the_world() -> None:
    winter = replace(
        MEETING,
        starts=datetime(2026, 1, 8, 9, 30, tzinfo=LONDON),
        ends=datetime(2026, 1, 8, 12, 30, tzinfo=LONDON),
    )
    assert read(calendar_of(winter))["DTSTART"] == "20260108T093000Z"


def test_a_meeting_without_a_time_takes_the_whole_day() -> None:
    found = read(calendar_of(replace(MEETING, starts=None, ends=None, held_on=date(2026, 12, 31))))
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20261231", "20270101")


def test_a_meeting_without_a_place_has_none() -> None:
    assert "LOCATION" not in read(calendar_of(replace(MEETING, location="")))


def test_nothing_that_was_typed_becomes_a_property_of_its_own() -> None:
    found = read(
        calendar_of(replace(MEETING, location="Room 4\r\nATTENDEE:mailto:x@example.com", url="https://a\r\nX:1"))
    )
    assert found["LOCATION"] == "Room 4\nATTENDEE:mailto:x@example.com"
    assert found["URL"] == "https://aX:1"
    assert "ATTENDEE" not in found


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\\;,:\n\r\t é漢🧒"), max_size=300))
def test_any_text_comes_back_and_no_line_is_too_long(text: str) -> None:
    file = calendar_of(replace(MEETING, description=text))
    assert max(len(line) for line in file.split(b"\r\n")) <= OCTETS_A_LINE
    assert read(file)["DESCRIPTION"] == text.replace("\r\n", "\n").replace("\r", "\n")
