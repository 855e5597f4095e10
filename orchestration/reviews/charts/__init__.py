"""Charts as inline SVG, a module a family, drawn without a network or a script.

Every function takes its name first (it makes ids unique on a page), then labels and values that
are already chosen and named, and returns the drawing. None reads data; the table behind a chart is
made where the chart is asked for.
"""

from orchestration.reviews.charts.comparisons import Row, bars, dots
from orchestration.reviews.charts.distributions import distribution
from orchestration.reviews.charts.look import NARROW, WIDE, Line
from orchestration.reviews.charts.maps import heat
from orchestration.reviews.charts.multiples import multiples
from orchestration.reviews.charts.paths import paths
from orchestration.reviews.charts.quadrants import quadrant
from orchestration.reviews.charts.sparks import spark
from orchestration.reviews.charts.trends import columns, intervals, lines

__all__ = [
    "NARROW",
    "WIDE",
    "Line",
    "Row",
    "bars",
    "columns",
    "distribution",
    "dots",
    "heat",
    "intervals",
    "lines",
    "multiples",
    "paths",
    "quadrant",
    "spark",
]
