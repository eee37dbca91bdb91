"""Monthly trade: what only fetched figures give; all trade beside the e-commerce total, never one line."""

import streamlit as st

from dashboard import address, cached, frame, monthly, session
from dashboard.findings import over_time
from dashboard.panels import live

words, evidence = session.words(), session.evidence()
_ = words.gettext
frame.title(
    _("Monthly trade"),
    _(
        "Exports by goods and destination as the Customs Service gives them month by month, beside the total of e-commerce. "
        "The first is all trade, the second a small part of it: two pictures, never one line."
    ),
)

lines = cached.monthly_lines()
if lines.empty and not live.has_online_trade():
    live.how_to_fill()
    raise frame.NothingToDrawError

if not lines.empty:
    trade = lines[lines["dataset"] != "trass"]
    names = monthly.names(words)
    drawn = {}
    with st.container(horizontal=True, key="monthly-controls"):
        if not trade.empty:
            goods = live.choose_goods(trade)
            destination = live.choose_destination(trade[trade["hs_code"] == goods.replace(live.EVERY, "")])
            drawn = live.read_trade(goods, destination)
        view = address.segments(_("View"), list(names), "view", names.__getitem__)
    ecommerce = live.read_ecommerce()
    shown = monthly.of(view, drawn | ecommerce, evidence)
    if shown is None:
        st.info(monthly.why_empty(view, words))
    else:
        frame.chart(
            shown.heading,
            over_time.subtitle(
                shown.points, monthly.subtitle_parts(shown.measure, drawn, ecommerce, words), words
            ),
            shown.figure,
            shown.table,
            "monthly",
            notes=[
                over_time.formula_note(shown.formula, words),
                *monthly.notes(view, shown, drawn | ecommerce, words),
            ],
            cites=shown.cites,
        )
    if not ecommerce:
        live.how_to_import()

live.online_trade()
