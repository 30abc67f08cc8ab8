"""The workbook of everything against openpyxl alone: the same cells, written with nothing around them."""

import io
import time

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.client import Browser
from benchmarks.saving import checked
from benchmarks.server import Server
from benchmarks.world import COORDINATOR, SLUG

AT_MOST = 1.3
MIB_AT_MOST = 150


def print_whole_workbook(server: Server) -> None:
    """Download the workbook of everything from a server that did nothing else yet, and write its cells once more."""
    browser = Browser(server.port)
    browser.sign_in(COORDINATOR)
    server.forget_peak()
    began = time.perf_counter()
    content = checked(browser.post(f"/p/{SLUG}/workbook", {}), 200).body
    ours, peak = time.perf_counter() - began, server.peak_mib()
    cells, alone = write_alone(content)
    is_met = ours <= AT_MOST * alone and peak <= MIB_AT_MOST
    print(
        f"\nThe workbook of everything, {cells:,} cells, {len(content) / 1_000_000:.0f} MB: {ours:.1f} s and "
        f"{peak:.0f} MiB ({server.words}). openpyxl alone in write-only mode: {alone:.1f} s. "
        f"{ours / alone:.2f} times as long (at most {AT_MOST}; at most {MIB_AT_MOST} MiB): "
        f"{'met' if is_met else 'MISSED'}.",
        flush=True,
    )


def write_alone(content: bytes) -> tuple[int, float]:
    """How many cells a workbook holds, and how many seconds openpyxl takes to write them in write-only mode."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}
    began = time.perf_counter()
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(io.BytesIO())
    return sum(len(row) for rows in sheets.values() for row in rows), time.perf_counter() - began
