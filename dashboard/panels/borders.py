"""The panels of the Two borders page: a basket between both borders, a parcel through time, the rules ahead."""

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import address, cached, charts, frame, naming, session
from dashboard.borders import ladder, parcel, rules, timeline
from dashboard.i18n import Words
from dashboard.model.markets.regime import Parcel

_BASKET_KRW, _LOWEST_KRW = 45_000.0, 1.0
_FIRST = "JP"
_BANDS = ("0", "5", "10", "15", "20", "30")
_BAND = "10"
_TODAY = "today"


def panels(words: Words) -> dict[str, tuple[str, Callable[[], None]]]:
    """The panels by their code in the address: name and what draws them."""
    _ = words.gettext
    return {
        "ladder": (_("Landed-price ladder"), show_ladder),
        "parcel": (_("What changes for me?"), show_parcel),
        "timeline": (_("Timeline of rules"), show_timeline),
    }


def show_ladder() -> None:
    """A basket on its way to a destination on a day."""
    words, evidence = session.words(), session.evidence()
    _ = words.gettext
    with st.container(horizontal=True, key="ladder-controls"):
        destination_id, place = _choose_destination(words)
        basket = address.number(_("Value of the basket (KRW)"), "basket", _BASKET_KRW, _LOWEST_KRW)
        of_place = [row for row in cached.destination_rules() if row["destination_id"] == destination_id]
        day = _choose_day(of_place, words)
        band = address.select(_("Exchange rate, give or take"), _BANDS, "fx", _percent, default=_BAND)
    question = ladder.Question(destination_id, place, basket, day, float(band))
    on_day = rules.once(rules.on_day(of_place, day))
    asked = ladder.Ladder(question, on_day, cached.currency_rates(), cached.limits_in_force(), evidence)
    shown = asked.answer()
    for said in filter(None, [shown.above_all, "" if on_day else ladder.without_rules(question, evidence)]):
        st.info(frame.safe(said))
    frame.chart(
        shown.heading,
        shown.subtitle,
        charts.ladder(shown.bands, basket, shown.basket_label, words),
        shown.table,
        "ladder",
        notes=shown.notes,
        cites=shown.cites,
    )
    if on_day:
        frame.sheet(
            _("Rules in force on that day"),
            rules.register(on_day, evidence, this_basket=asked.this_basket()),
            "rules",
            note=rules.no_advice(words),
        )


def show_parcel() -> None:
    """A parcel before and after each change of the limit."""
    words = session.words()
    _ = words.gettext
    with st.container(horizontal=True, key="parcel-controls"):
        value = address.number(_("Value of the parcel (KRW, FOB)"), "basket", _BASKET_KRW, _LOWEST_KRW)
        drawback = address.switch(_("Duty is to be drawn back"), "drawback")
        confirmed = address.switch(_("Goods under confirmation by customs"), "confirmed")
    asked = Parcel(value, wants_drawback=drawback, needs_confirmation=confirmed)
    changes = parcel.Changes(asked, cached.limits_in_force(), cached.facts(), session.evidence())
    frame.sheet(changes.heading(), changes.table(), "changes", note=changes.note(), cites=[changes.value])
    frame.statements(_("What the law asks of it today"), changes.conditions(), "conditions")


def show_timeline() -> None:
    """Which borders change when, and what comes next."""
    words, evidence, today = session.words(), session.evidence(), session.today()
    _ = words.gettext
    destination_id, place = _choose_destination(words, with_all=True)
    listed = timeline.shown(cached.destination_rules(), destination_id, today)
    if not listed:
        st.info(_("No import rule of this destination is known here."))
        return
    bars = timeline.chart_rows(listed, today, evidence)
    frame.chart(
        timeline.heading(listed, destination_id, place, today, evidence),
        timeline.subtitle(destination_id, place, today, words),
        charts.rule_timeline(
            bars,
            timeline.span(bars, destination_id, today),
            pd.Timestamp(today),
            timeline.today_label(today, words),
            words,
        ),
        rules.register(listed, evidence, with_place=True),
        "timeline",
        notes=[timeline.legend(words), rules.no_advice(words)],
    )
    said = timeline.coming(listed, today, evidence)
    frame.statements(_("What comes next"), said or [timeline.nothing_ahead(words)], "next")


def _choose_destination(words: Words, *, with_all: bool = False) -> tuple[str, str]:
    """A destination of which a rule is known, and its name; `with_all` offers all of them together too."""
    _ = words.gettext
    names = {row["destination_id"]: row[f"destination_{words.lang}"] for row in cached.destination_rules()}
    offered = dict(sorted(names.items(), key=lambda each: (each[0] != _FIRST, each[1])))
    if with_all:
        offered = {timeline.ALL: _("All destinations, what lies ahead"), **offered}
    chosen = address.select(
        _("Destination"),
        list(offered),
        "abroad",
        offered.__getitem__,
        default=timeline.ALL if with_all else _FIRST,
    )
    return chosen, offered[chosen]


def _choose_day(of_place: Sequence[rules.Row], words: Words) -> date:
    """Today, or a day on which something changes on either border; between two of them nothing does."""
    _ = words.gettext
    limits = [day.date() for day in cached.limits_in_force()["valid_from"]]
    days = {day.isoformat(): day for day in rules.change_days(of_place, limits)}
    say = naming.day_name(words)
    chosen = address.select(
        _("On"),
        [_TODAY, *days],
        "on",
        lambda code: _("today") if code == _TODAY else words.fill(_("from {day}"), day=say(code)),
    )
    return session.today() if chosen == _TODAY else days[chosen]


def _percent(code: str) -> str:
    return f"± {code}%"
