"""Charts of counts, each with the finding in words and the tables behind it, all made from the same counts.

A figure is the plain dictionary that plotly.js draws: {"data": [...], "layout": {...}}, ready for JSON. It is written
by hand because Plotly's Python classes take longer to load and check every value on each request, only to arrive at the
same dictionary; the tests build those classes from it, so a misspelt attribute fails there.
"""

from reports.figures.agencies import agencies_chart, agencies_headline
from reports.figures.drawing import Chart
from reports.figures.levels import levels_chart, levels_headline
from reports.figures.pairs import pairs_chart

__all__ = ["Chart", "agencies_chart", "agencies_headline", "levels_chart", "levels_headline", "pairs_chart"]
