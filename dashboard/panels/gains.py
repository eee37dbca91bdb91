"""Who gains: by destination and by item, with what is already below and still above; the values behind it."""

from dashboard import address, cached, charts, frame, law, naming
from dashboard.answers import groups
from dashboard.exports.pack import plots
from dashboard.panels.run import Run


def show(run: Run) -> None:
    """Ranked destinations or items, then the distribution of shipment values."""
    words, modelled = run.words, run.modelled
    _ = words.gettext
    kinds = {"destination": (_("Destinations"), _("Destination")), "item": (_("Items"), _("Item"))}
    by = address.segments(_("Split by"), list(kinds), "gain", lambda kind: kinds[kind][0])
    rows = groups.split_frame(modelled, by, run.names[by])
    frame.chart(
        words.fill(_("Most newly qualify here: {name}"), name=rows["name"].iloc[0]),
        _(
            "Newly qualifying shipments a year: median and 90% interval; tick: the most that any distribution allows"
        ),
        charts.who_gains(rows, words),
        groups.split_table(rows, kinds[by][1], modelled),
        "gains",
        notes=[
            _("Electronics include K-pop CDs in customs figures. Shares by item are partly our judgement.")
            if by == "item"
            else ""
        ],
        plot=plots.gains(rows, words),
    )
    limits = cached.limits_in_force()
    bins = cached.kept("values", run.scenario, words.lang, lambda: groups.distribution(modelled))
    frame.chart(
        groups.distribution_title(modelled),
        _("Share of shipments by value, median of the draws; limits of the law as lines"),
        charts.value_distribution(bins, law.limit_labels(limits, 0, words), words),
        groups.distribution_table(bins, modelled),
        "distribution",
        cites=[run.evidence.limit(naming.plain(row)) for _place, row in law.in_force(limits).iterrows()],
    )
