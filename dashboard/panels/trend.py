"""The parts of the Trends page: in which terms, compared with what, which events, the ranks of members."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard import address, cached, frame, law, naming, session, views
from dashboard.charts import EventMark
from dashboard.findings import newest
from dashboard.views import Choice, Terms


def choose_terms(of_series: pd.DataFrame, chosen: str, metric: str, frequency: str) -> Terms:
    """As published, at a constant exchange rate, or real; the last two ask for a base year."""
    words = session.words()
    _ = words.gettext
    plain = Terms(cached.yearly_rates(), cached.price_index())
    named, kinds = views.term_names(words), plain.offered(of_series, metric, frequency)
    if len(kinds) == 1:
        return plain
    kind = address.segments(
        _("Terms"), kinds, "terms", named.__getitem__, within=f"{chosen} {metric} {frequency}"
    )
    if kind == "current":
        return plain
    terms = Terms(plain.rates, plain.prices, kind)
    years = terms.bases(cached.trend(chosen, terms.source(metric), frequency=frequency))
    base = address.select(
        _("Base year"), years, "base", naming.period_name(words), within=f"{chosen} {metric} {kind}"
    )
    return Terms(plain.rates, plain.prices, kind, base)


def choose_split(measures: pd.DataFrame, chosen: str, metric: str, frequency: str) -> str:
    """The total, or the members of a dimension in panels where there are enough; `measures` are rows of the series."""
    words = session.words()
    _ = words.gettext
    offered, named = views.splits(measures, metric, frequency), naming.split_names(words)
    if len(offered) == 1:
        return offered[0]
    return address.segments(_("Panels"), offered, "panels", named.__getitem__, within=chosen)


def read_members(
    chosen: str, source: str, split: str, frequency: str, terms: Terms
) -> dict[str, pd.DataFrame]:
    """The lines of the members of a dimension in these terms, by id; none where the total is asked for."""
    if split == "total":
        return {}
    read = cached.members(chosen, source, split, frequency)
    return views.drawable({member: terms.of(line) for member, line in read.items()})


def choose_view(periods: list[str], frequency: str, *, is_split: bool) -> Choice:
    """The view, and what it needs: compared with what, the base of an index, both ends of an average."""
    words = session.words()
    _ = words.gettext
    named, period_name = views.names(words, len(periods), is_split=is_split), naming.period_name(words)
    view = address.segments(_("View"), list(named), "view", named.__getitem__)
    if view in {"growth", "change"}:
        against = views.against_names(words, frequency)
        if len(against) == 1:
            return Choice(view)
        code = address.segments(_("Compared with"), list(against), "against", against.__getitem__)
        return Choice(view, "before" if code == "before" else "year")
    if view == "index":
        return Choice(
            view,
            start=address.select(_("Base period"), periods[:-1], "from", period_name, default=periods[0]),
        )
    if view == "average":
        start = address.select(_("First period"), periods[:-1], "from", period_name, default=periods[0])
        later = periods[periods.index(start) + 1 :]
        end = address.select(_("Last period"), later, "to", period_name, default=later[-1])
        return Choice(view, start=start, end=end)
    return Choice(view)


def choose_neighbours(
    series: pd.DataFrame, chosen: str, source: str, frequency: str, terms: Terms
) -> dict[str, pd.DataFrame]:
    """Where the reader asks for them: the line of the series, with those before and after a break of definition, by id."""
    words = session.words()
    _ = words.gettext
    follows = naming.row(series, "series_id", chosen)["followed_by"]
    order = [*series[series["followed_by"] == chosen]["series_id"], chosen, *([follows] if follows else [])]
    read = {each: cached.trend(each, source, frequency=frequency) for each in order}
    lines = {each: terms.of(line) for each, line in read.items() if not line.empty}
    if len(lines) == 1 or not address.switch(_("Series before and after the break of definition"), "break"):
        return {}
    return {each: line for each, line in lines.items() if not line.empty}


def choose_axes() -> str:
    """Whether panels share their value axis."""
    _ = session.words().gettext
    named = {"shared": _("Shared"), "free": _("Free")}
    return address.segments(_("Value axes"), list(named), "axes", named.__getitem__)


def events(points: pd.DataFrame, *, is_on: bool) -> tuple[list[EventMark], pd.DataFrame]:
    """The marks of the events that a chart of these points shows, and their rows for `list_events`."""
    shown = law.events_within(cached.events(), points)
    shown = shown if is_on else shown.head(0)
    return law.event_marks(shown), shown


def list_events(shown: pd.DataFrame) -> None:
    """The events of the chart by their marks, with sources."""
    if shown.empty:
        return
    words = session.words()
    _ = words.gettext
    st.subheader(_("Events in the chart"), anchor=False)
    st.markdown(frame.safe("\n".join(f"- {line}" for line in law.event_lines(shown, words))))
    st.caption(
        _(
            "Dashed: announced. Solid: in effect. Events stand beside the line; that one caused a change cannot be read from it. "
            "A date known to the month or the year is drawn at its beginning."
        )
    )


def ranks(lines: Mapping[str, pd.DataFrame], dimension: str, measure: str, subtitle: str) -> None:
    """The members ranked in one period, with change and places moved since an earlier one."""
    words = session.words()
    _ = words.gettext
    periods, named = views.shared_periods(lines), naming.period_name(words)
    st.subheader(_("Ranks and their movement"), anchor=False)
    if len(periods) <= 1:
        st.info(
            _("Ranks need two periods in which at least two members have a figure; here there are fewer.")
        )
        return
    with st.container(horizontal=True, key="ranks"):
        now = address.select(
            _("Ranked in"), periods[1:], "ranked", named, default=periods[-1], within=dimension
        )
        before = periods[: periods.index(now)]
        earlier = address.select(
            _("Movement since"),
            before,
            "since",
            named,
            default=views.year_before(now, before),
            within=dimension,
        )
    frame.sheet(
        words.fill(_("Ranked in {period}, moved since {earlier}"), period=named(now), earlier=named(earlier)),
        newest.ranking(lines, (now, earlier), dimension, measure, session.evidence()),
        "ranks",
        note=words.fill(
            _(
                "{subtitle}. Only members with a figure published for the period are ranked; "
                "places moved are counted among those with a figure in both periods."
            ),
            subtitle=subtitle,
        ),
    )
