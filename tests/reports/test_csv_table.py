import csv
import io

from reports.counts import CountTable
from reports.csv_table import csv_of


def test_numbers_stay_numbers_and_text_that_a_program_would_run_does_not_run() -> None:
    table = CountTable("Levels", ("Code", "=Indicator", "Good"), (("E01", '@men, "all"', 2), ("H01", " -1+1\r\nx", -3)))
    saved = csv_of(table)
    assert saved.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(saved.decode("utf-8-sig"), newline=""))) == [
        ["Code", "'=Indicator", "Good"],
        ["E01", '\'@men, "all"', "2"],
        ["H01", "' -1+1\nx", "-3"],
    ]
