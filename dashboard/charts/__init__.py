"""DataFrame -> plotly Figure, one function a chart: pure, no I/O, no Streamlit, nothing mutated."""

from dashboard.charts.bars import ranked
from dashboard.charts.lines import Line, Mark, over_time
from dashboard.charts.sweep import bounds

__all__ = ["Line", "Mark", "bounds", "over_time", "ranked"]
