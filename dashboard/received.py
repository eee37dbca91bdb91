"""Figures that the publishers' interfaces gave: cited like published ones, each with its data set, vintage and day of retrieval."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from dashboard import formats, naming
from dashboard.i18n import Words
from dashboard.receipts import Input, bound_name

# Statistics Korea revised regions and goods of its tables: what lies on both sides is not one line.
REVISED_FROM = pd.Timestamp(2023, 1, 1)
_QUERY = re.compile(r"hs=(?P<hs>\d+)|to=(?P<to>\w+)")


Names = Mapping[tuple[str, str], str]  # (hs or destination, code) -> name


def names(watched: pd.DataFrame, words: Words) -> Names:
    """Names of goods and destinations, from what `store.watched` gives."""
    keys = zip(watched["kind"], watched["code"], strict=True)
    return dict(zip(keys, watched[f"name_{words.lang}"], strict=True))


def goods_name(hs_code: str, named: Names, words: Words) -> str:
    """What an HS code is called, with the code; the code alone where the watchlist does not name it."""
    _ = words.gettext
    if not hs_code:
        return _("All goods")
    code, name = f"HS {hs_code}", named.get(("hs", hs_code), "")
    return f"{name} ({code})" if name else code


def destination_name(destination_id: str, named: Names, words: Words) -> str:
    """What a destination is called; its code where the watchlist does not name it."""
    _ = words.gettext
    return named.get(("destination", destination_id), destination_id or _("All destinations"))


def query_name(query: str, dataset: Mapping[str, Any], named: Names, words: Words) -> str:
    """What was asked for, in words; the data set's own name where there was no choice."""
    if not _QUERY.search(query):
        return str(dataset[f"name_{words.lang}"])
    asked = {found.lastgroup: found[0].partition("=")[2] for found in _QUERY.finditer(query)}
    goods = goods_name(asked.get("hs", ""), named, words)
    return f"{goods}, {destination_name(asked.get('to', ''), named, words)}"


def cited(
    points: pd.DataFrame, label: str, datasets: pd.DataFrame, words: Words, named: Names | None = None
) -> pd.DataFrame:
    """Points that charts, transforms and receipts take: `bound`, `evidence`, `formula`, and `input_ids` that are the figures themselves.

    `points` are as `store.monthly_exports` and `store.online_trade` give them; `datasets` is what `store.datasets` gives.
    Where `named` is given, each figure's label goes on with its destination.
    """
    of = {each: naming.row(datasets, "dataset", each) for each in points["dataset"].unique()}
    rows = [{str(name): value for name, value in row.items()} for row in points.to_dict("records")]
    labels = {
        each: f"{label}, {destination_name(each, named, words)}" if named is not None else label
        for each in (points["destination_id"].unique() if named is not None else [""])
    }
    inputs = [
        [_input(row, labels[row["destination_id"] if named is not None else ""], of[row["dataset"]], words)]
        for row in rows
    ]
    return points.assign(
        bound=["provisional" if row["provisional"] else "exact" for row in rows],
        evidence="published",
        formula="",
        input_ids=pd.Series(inputs, index=points.index, dtype=object),
    )


def together(points: pd.DataFrame) -> pd.DataFrame:
    """The sum over all destinations of these points (cited), for the months that every one of them has; a month without one is left out."""
    wanted = points["destination_id"].nunique()
    months = points.groupby("period", sort=True)
    made = months.first().reset_index()
    made["value"] = months["value"].sum().to_numpy()
    made["input_ids"] = months["input_ids"].sum().to_numpy()
    made = made.assign(evidence="derived" if wanted > 1 else "published")
    made["formula"] = "sum of the destinations" if wanted > 1 else ""
    whole: pd.DataFrame = made[months["destination_id"].nunique().to_numpy() == wanted]
    return whole.reset_index(drop=True)


def printed(
    row: Mapping[str, Any], which: str, label: str, dataset: Mapping[str, Any], words: Words
) -> Input:
    """The first print or the newest one (`which` is first or newest) of a row of `store.revisions`."""
    vintage = 1 if which == "first" else row["vintages"]
    value, known = row[f"{which}_value"], row[f"{which}_known"]
    figure = {**row, "value": value, "vintage": vintage, "known_from": known, "provisional": False}
    return _input(figure, label, dataset, words)


def _input(row: Mapping[str, Any], label: str, dataset: Mapping[str, Any], words: Words) -> Input:
    _ = words.gettext
    day = f"{row['known_from']:%Y-%m-%d}"
    said = _retrieved(day, int(row["vintage"]), words)
    bound = bound_name("provisional" if row["provisional"] else "", words)
    return Input(
        label=label,
        value=float(row["value"]),
        unit=str(row["unit"]),
        period=str(row["period"]),
        source_id=str(dataset["dataset"]),
        publisher=naming.publisher_names(words)[str(dataset["publisher"])],
        title=str(dataset[f"name_{words.lang}"]),
        url=str(dataset["address"] or dataset["apply_at"]),
        quality=_("official"),
        note=". ".join(filter(None, [bound, said])),
    )


@cache
def _retrieved(day: str, vintage: int, words: Words) -> str:
    """When a figure came and which vintage it is: the same for hundreds of figures."""
    _ = words.gettext
    number = formats.amount(vintage, "", words.lang, significant=None)
    return words.fill(
        _("Retrieved on {day}, vintage {vintage}"), day=formats.date(day, words.lang), vintage=number
    )
