"""DataFrame -> plotly Figure, one function a chart: pure, no I/O, no Streamlit, nothing mutated."""

from dashboard.charts.apart import months_apart, seasons_apart
from dashboard.charts.band_sweep import band_sweep
from dashboard.charts.bars import ranked
from dashboard.charts.border_ladder import border_ladder
from dashboard.charts.bump import bump
from dashboard.charts.bunching import bunching
from dashboard.charts.changes import changes
from dashboard.charts.ladder import ladder
from dashboard.charts.lines import EventMark, Line, Mark, is_seen, over_time
from dashboard.charts.nested_bounds import nested_bounds
from dashboard.charts.quantile_dots import quantile_dots
from dashboard.charts.rank_certainty import rank_certainty
from dashboard.charts.rule_timeline import rule_timeline
from dashboard.charts.share_against_share import share_against_share
from dashboard.charts.side_by_side import Definition, side_by_side
from dashboard.charts.small_multiples import small_multiples
from dashboard.charts.tornado import tornado
from dashboard.charts.treemap import small, treemap
from dashboard.charts.value_distribution import value_distribution
from dashboard.charts.waterfall import waterfall
from dashboard.charts.who_gains import who_gains
from dashboard.charts.world_map import world

__all__ = [
    "Definition",
    "EventMark",
    "Line",
    "Mark",
    "band_sweep",
    "border_ladder",
    "bump",
    "bunching",
    "changes",
    "is_seen",
    "ladder",
    "months_apart",
    "nested_bounds",
    "over_time",
    "quantile_dots",
    "rank_certainty",
    "ranked",
    "rule_timeline",
    "seasons_apart",
    "share_against_share",
    "side_by_side",
    "small",
    "small_multiples",
    "tornado",
    "treemap",
    "value_distribution",
    "waterfall",
    "who_gains",
    "world",
]
