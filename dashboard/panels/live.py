"""The parts of the page of monthly trade: how to fill it, what to draw, the quarters of Statistics Korea."""

import pandas as pd
import streamlit as st

from dashboard import address, cached, charts, frame, naming, received, register, session, tables
from dashboard.findings import over_time
from dashboard.findings import revisions as findings_revisions

_SALES, _PURCHASES = "DT_1KE10081", "DT_1KE1009"
EVERY = "ALL"
_LARGEST = 8  # revisions in the picture


def how_to_fill() -> None:
    """What the page would show, the commands that fetch it, and the keys that they need."""
    words = session.words()
    _ = words.gettext
    st.info(
        frame.safe(
            _(
                "Nothing was fetched yet, so there is nothing to draw. The figures that come with this tool stay as they are on the other pages."
            )
        )
    )
    st.markdown(
        frame.safe(
            _(
                "With a free key of the public data portal this page shows, month by month, what Korea exports by goods and destination, "
                "as value, per working day, against the year before and by season. Beside it stands the monthly total of e-commerce exports, "
                "from a workbook that you download by hand (TRASS). Type in a second terminal window, then load this page again:"
            )
        )
    )
    st.code("uv run yeokjikgu refresh customs\nuv run yeokjikgu import-trass FILE.xlsx", language=None)
    st.markdown(
        frame.safe(
            _("Keys stand in the environment or in a file `.env` in the project’s folder, one a line:")
        )
    )
    st.code("YEOKJIKGU_DATA_GO_KR_KEY=…\nYEOKJIKGU_KOSIS_KEY=…\nYEOKJIKGU_ECOS_KEY=…", language=None)
    st.subheader(_("What can be fetched, and where to get a key"), anchor=False)
    frame.listing(register.how_to_get(cached.datasets(), words), "how-to-get", _("What can be fetched"))


def how_to_import() -> None:
    """How the e-commerce total comes beside all trade."""
    _ = session.words().gettext
    st.caption(
        frame.safe(
            _(
                "The monthly total of e-commerce exports is not here yet: download the workbook by hand (TRASS, after login), then type:"
            )
        )
    )
    st.code("uv run yeokjikgu import-trass FILE.xlsx", language=None)


def has_online_trade() -> bool:
    """Whether a table of Statistics Korea was fetched."""
    return any(not cached.online_members(table).empty for table in (_SALES, _PURCHASES))


def choose_goods(lines: pd.DataFrame) -> str:
    """The HS code of the goods, or all goods."""
    words = session.words()
    _ = words.gettext
    named = received.names(cached.watched(), words)
    codes = list(dict.fromkeys(lines["hs_code"]))
    return address.select(
        _("Goods"),
        [each or EVERY for each in codes],
        "goods",
        lambda code: received.goods_name(code.replace(EVERY, ""), named, words),
    )


def choose_destination(lines: pd.DataFrame) -> str:
    """The destination, or all of them together; `lines` are those of the goods."""
    words = session.words()
    _ = words.gettext
    watched = cached.watched()
    named = received.names(watched, words)
    own = watched[watched["kind"] == "destination"]["code"].tolist()
    there = [each for each in lines["destination_id"] if each]
    # Of the Customs Service's 240 countries those that are watched; whatever was asked for by HS code.
    listed = [each for each in there if each in own or lines["hs_code"].iloc[0]]
    everything = (
        _("All destinations fetched, together") if lines["hs_code"].iloc[0] else _("All destinations")
    )
    return address.select(
        _("Destination"),
        [EVERY, *listed],
        "to",
        lambda code: everything if code == EVERY else received.destination_name(code, named, words),
    )


def read_trade(goods: str, destination: str) -> dict[str, pd.DataFrame]:
    """The line of all trade in these goods to this destination, cited, by its name; none where none was fetched."""
    words = session.words()
    _ = words.gettext
    names = received.names(cached.watched(), words)
    hs_code = goods.replace(EVERY, "")
    where = "" if destination == EVERY else destination
    if hs_code:
        rows = cached.monthly_exports("nitemtrade", hs_code, where or None)
    else:
        rows = cached.monthly_exports("nationtrade" if where else "newtrade", "", where)
    if rows.empty:
        return {}
    named = received.goods_name(hs_code, names, words)
    place = (
        _("destinations fetched, together")
        if hs_code and not where
        else received.destination_name(where, names, words)
    )
    points = received.cited(rows, named, cached.datasets(), words, names)
    name = words.fill(_("All trade: {goods}, {destination}"), goods=named, destination=place)
    return {name: received.together(points)}


def read_ecommerce() -> dict[str, pd.DataFrame]:
    """The monthly e-commerce total, cited, by its name; none where no workbook was imported."""
    words = session.words()
    _ = words.gettext
    rows = cached.monthly_exports("trass")
    if rows.empty:
        return {}
    name = _("E-commerce only: all goods, all destinations")
    return {name: received.cited(rows, name, cached.datasets(), words)}


def online_trade() -> None:
    """Quarters of online direct sales or purchases by region and product, where they were fetched."""
    words, evidence = session.words(), session.evidence()
    _ = words.gettext
    tables_there = {
        table: cached.online_members(table)
        for table in (_SALES, _PURCHASES)
        if not cached.online_members(table).empty
    }
    if not tables_there:
        return
    named = {_SALES: _("Online overseas direct sales"), _PURCHASES: _("Online overseas direct purchases")}
    labels = naming.online_names(words)
    st.header(_("Quarterly online trade by region and product"), anchor=False)
    with st.container(horizontal=True, key="online-controls"):
        table = address.segments(_("Table"), list(tables_there), "table", named.__getitem__)
        members = tables_there[table]
        chosen = [
            address.select(
                label,
                list(dict.fromkeys(members[column])),
                key,
                lambda each: labels.get(each, each),
                within=table,
            )
            for label, column, key in (
                (_("Region"), "region", "region"),
                (_("Product"), "product", "product"),
                (_("Type of sale"), "sales_type", "type"),
            )
        ]
    rows = cached.online_trade(table, *chosen)
    if rows.empty:
        st.info(_("No quarter has this combination of region, product and type of sale. Choose another one."))
        return
    subject = ", ".join([named[table], *(labels.get(each, each) for each in chosen)])
    points = received.cited(rows, subject, cached.datasets(), words)
    is_new = points["period_start"] >= received.REVISED_FROM
    parts = {_("Definition until 2022"): points[~is_new], _("Definition since 2023"): points[is_new]}
    lines = [charts.Line(name, line) for name, line in parts.items() if not line.empty]
    axis = naming.measure_names(words)["value_krw"]
    frame.chart(
        over_time.total_title(lines[-1].points, named[table], evidence),
        over_time.subtitle(points, [subject, axis, _("quarterly")], words),
        charts.over_time(lines, [], axis, words),
        tables.lines([(line.name, line.points) for line in lines], evidence),
        "online-trade",
        notes=[
            _(
                "Regions and products were defined anew in 2023: the two lines are not joined. Never added to customs exports."
            ),
            over_time.hollow_note(points, words),
        ],
    )


def freshness() -> None:
    """How every series and every data set stands, and the commands that fetch what is due."""
    words, today = session.words(), session.today()
    _ = words.gettext
    st.markdown(
        frame.safe(
            _(
                "Fresh: the next figure is not expected yet. Due: it may be out, if it takes as long as the newest one took. "
                "Overdue: a whole period later. No longer followed: overdue by more than two years."
            )
        )
    )
    st.subheader(_("Series that come with this tool"), anchor=False)
    frame.listing(register.freshness(cached.freshness(), today, words), "freshness", _("Freshness"))
    st.subheader(_("Data sets that can be fetched"), anchor=False)
    datasets = cached.datasets()
    frame.listing(register.datasets(datasets, today, words), "datasets", _("Data sets that can be fetched"))
    st.markdown(frame.safe(_("To fetch what is due, type one of these:")))
    for command in register.commands(datasets):
        st.code(command, language=None)


def revisions() -> None:
    """First print against now: the largest revisions as a picture, all of them as a table."""
    words, evidence = session.words(), session.evidence()
    _ = words.gettext
    found = cached.revisions()
    if found.empty:
        st.info(
            _(
                "No fetched figure has been revised. Once a figure comes again with another value, its first print and its newest one stand here."
            )
        )
        return
    watched, datasets = received.names(cached.watched(), words), cached.datasets()
    largest = found.dropna(subset=["change_pct"]).head(_LARGEST)
    table = register.revisions(largest, datasets, watched, evidence)
    frame.chart(
        findings_revisions.heading(table, words),
        _("Change of the value from its first print to now, %, the largest first"),
        charts.changes(findings_revisions.bars(largest, table), "percent", _("Change (%)"), words),
        table,
        "largest-revisions",
    )
    st.subheader(_("All revisions"), anchor=False)
    frame.listing(register.revisions(found, datasets, watched, evidence), "revisions", _("Revisions"))
