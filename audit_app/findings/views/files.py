"""The table behind a chart as a file."""

from werkzeug.wrappers import Response

from reports.csv_table import csv_of
from reports.figures import Chart


def as_csv(chart: Chart, name: str) -> Response:
    """Every number of a chart, to be kept under this name."""
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv_of(chart.counts), content_type="text/csv; charset=utf-8", headers=named)
