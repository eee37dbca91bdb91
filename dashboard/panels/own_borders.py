"""Two borders on one ladder: which of a reader's shipments the destination's own thresholds meet as well."""

import streamlit as st

from dashboard import address, cached, charts, frame, session
from dashboard.own_shipments import borders, figures
from dashboard.own_shipments.figures import Counted, titled


def show(counted: Counted) -> None:
    """The thresholds in force today on a route, beside both Korean limits, and the shipments above them."""
    words = session.words()
    _ = words.gettext
    routes = {"express": _("express"), "post": _("post")}
    route = address.segments(_("Sent by"), list(borders.ROUTES), "route", routes.__getitem__)
    rates = cached.currency_rates()
    rules = borders.in_force(cached.destination_rules(), route, session.today())
    found = borders.borders(counted, rules, rates)
    if not found:
        st.info(_("No import threshold is known for the destinations of this file."))
        return
    heading, numbers = borders.heading(found, counted)
    subtitle = words.fill(
        _(
            "Circle: free of duty up to here; diamond: free of VAT or consumption tax up to here; rules in force today for goods of no special "
            "kind, sent by {route}; log axis. {coverage}"
        ),
        route=routes[route],
        coverage=figures.coverage(counted),
    )
    notes = [
        _(
            "The value at the other border may include freight, and rates are yearly averages: near a threshold a shipment may fall on either "
            "side, so the least and the most are given. No legal advice."
        ),
        borders.from_the_first(found, counted),
        borders.unknown(found, counted),
    ]
    shown, table = borders.ladder_frame(found, counted), borders.table(found, rates, counted)
    if shown.empty:
        frame.sheet(titled(heading, counted), table, "own-borders", note=subtitle, cites=numbers)
        return
    figure = charts.border_ladder(shown, figures.limit_marks(counted), words)
    frame.chart(
        titled(heading, counted),
        titled(subtitle, counted),
        figure,
        table,
        "own-borders",
        notes=notes,
        cites=numbers,
    )
