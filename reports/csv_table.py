"""A table of counts as a file for any spreadsheet program."""

import csv
import io

from reports.cells import looks_live, without_controls
from reports.counts import CountTable


def csv_of(table: CountTable) -> bytes:
    """The headings and rows as CSV, in UTF-8 with the mark by which Excel knows it; numbers stay numbers.

    CSV has no types, so text that a program would run begins with an apostrophe (OWASP, CSV injection).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_safe(heading) for heading in table.headers])
    writer.writerows([_safe(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    text = without_controls(value)
    return f"'{text}" if looks_live(text.lstrip()) else text
