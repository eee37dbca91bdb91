"""Bunching: what people did about a limit, read off a histogram of values.

`estimate(edges, counts, limit)` compares the counts with those that would be there without the limit. Orders that were
declared below their value pile up just below it, and orders that were split in two are missing just above it and come back as
parts at half their value.
"""

from dashboard.model.bunching.estimation import (
    BunchingEstimate,
    Estimated,
    Method,
    Picture,
    estimate,
    placebos,
)
from dashboard.model.bunching.grid import Options
from dashboard.model.bunching.made_up import MadeUp, Orders, made_up

__all__ = [
    "BunchingEstimate",
    "Estimated",
    "MadeUp",
    "Method",
    "Options",
    "Orders",
    "Picture",
    "estimate",
    "made_up",
    "placebos",
]
