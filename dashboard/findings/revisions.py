"""What the revisions of fetched figures say."""

import pandas as pd

from dashboard.i18n import Words
from dashboard.tables import Table


def heading(table: Table, words: Words) -> str:
    """The largest revision, from its row of the table, which is the first."""
    _ = words.gettext
    what, period, first, now, change, *_rest = (cells[0] for cells in table.columns.values())
    return words.fill(
        _("Largest revision: {what}, {period}: from {first} to {now} ({change})"),
        what=what,
        period=period,
        first=first,
        now=now,
        change=change,
    )


def bars(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """What `charts.changes` draws of rows of `store.revisions`, named as in their table."""
    what, period, *_rest = table.columns.values()
    names = [f"{name} · {when}" for name, when in zip(what, period, strict=True)]
    return pd.DataFrame({"name": names, "value": rows["change_pct"].to_numpy()})
