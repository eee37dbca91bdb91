"""DataFrame -> plotly Figure, one function a chart: pure, no I/O, no Streamlit, nothing mutated."""

from dashboard.charts.band_sweep import band_sweep
from dashboard.charts.bars import ranked
from dashboard.charts.lines import Line, Mark, over_time
from dashboard.charts.nested_bounds import nested_bounds
from dashboard.charts.quantile_dots import quantile_dots
from dashboard.charts.tornado import tornado
from dashboard.charts.value_distribution import value_distribution
from dashboard.charts.waterfall import waterfall
from dashboard.charts.who_gains import who_gains

__all__ = [
    "Line",
    "Mark",
    "band_sweep",
    "nested_bounds",
    "over_time",
    "quantile_dots",
    "ranked",
    "tornado",
    "value_distribution",
    "waterfall",
    "who_gains",
]
