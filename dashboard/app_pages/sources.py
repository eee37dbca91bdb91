"""Sources: every series, source, contradiction, limit, fact and table, with downloads and versions."""

import streamlit as st

from dashboard import address, cached, frame, naming, register, session
from dashboard.exports.csv_file import table_bytes
from dashboard.panels import live

words, version = session.words(), session.versions()
_ = words.gettext
frame.title(
    _("Sources"),
    _(
        "Where every figure is from, what each series means, where sources disagree, and the data to take along."
    ),
)

sections = {
    "series": _("Series"),
    "sources": _("Sources"),
    "freshness": _("Freshness"),
    "revisions": _("Revisions"),
    "contradictions": _("Contradictions"),
    "limits": _("Limits"),
    "facts": _("Facts"),
    "assumptions": _("Assumptions"),
    "dictionary": _("Data dictionary"),
    "downloads": _("Downloads"),
}
section = address.segments(_("Section"), list(sections), "section", sections.__getitem__)
st.header(sections[section], anchor=False)

if section == "series":
    st.markdown(
        frame.safe(
            _(
                "Five official series share one name. Points of different definitions are never joined into a line."
            )
        )
    )
    frame.listing(register.series(cached.series(), words), "series", sections[section])
elif section == "sources":
    frame.listing(register.sources(cached.sources(), words), "sources", sections[section])
elif section == "freshness":
    live.freshness()
elif section == "revisions":
    live.revisions()
elif section == "contradictions":
    st.markdown(
        frame.safe(
            _(
                "Where publications disagree, all figures stay; one is preferred and the reason stands beside it."
            )
        )
    )
    frame.listing(
        register.contradictions(cached.contradictions(), session.evidence()),
        "contradictions",
        sections[section],
    )
elif section == "limits":
    frame.listing(register.limits(cached.limits(), words), "limits", sections[section])
elif section == "facts":
    st.markdown(
        frame.safe(_("What is no statistic: notices and articles, fees, penalties, field counts, codes."))
    )
    frame.listing(register.facts(cached.facts(), words), "facts", sections[section])
elif section == "assumptions":
    frame.listing(register.assumptions(cached.assumptions(), words), "assumptions", sections[section])
elif section == "dictionary":
    frame.listing(register.dictionary(cached.dictionary(), words), "dictionary", sections[section])
else:
    st.markdown(
        frame.safe(
            words.fill(
                _(
                    "Data version {data}, model version {model}. Tables as published; the DuckDB file holds all of them and the derived views."
                ),
                data=version.data,
                model=version.model,
            )
        )
    )
    with st.container(horizontal=True, key="tables"):
        for name, label in naming.table_names(words).items():
            frame.download(
                label,
                table_bytes(cached.table(name)),
                f"yeokjikgu-{name}-{version.data}.csv",
                f"table-{name}",
            )
    frame.download(
        _("DuckDB file"),
        cached.data_file().read_bytes(),
        cached.data_file().name,
        "duckdb",
        mime="application/octet-stream",
    )
