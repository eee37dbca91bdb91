"""The five series that share one name: which is which, and how far apart they are."""

from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd

from dashboard import formats
from dashboard.charts.side_by_side import Definition
from dashboard.evidence import Evidence
from dashboard.findings.headlines import Headline
from dashboard.i18n import Words
from dashboard.receipts import Number, Statement
from dashboard.tables import Table

# The definitions that are set side by side, with the codes that they carry on the page: the letter of the series, and a
# subscript where it has several. Left out: three early vintages of C, which disagree with one another, and parts of a series.
CODES: Mapping[str, str] = {
    "kcs_total": "A",
    "kcs_release_2019": "B",
    "kotra_declared": "C₁",
    "mss_all": "C₂",
    "mss_sme": "C₃",
    "mss_2021": "C₄",
    "kostat_old": "D₁",
    "kostat_new": "D₂",
    "bok_direct": "D₃",
    "nts_list": "E",
}
Row = dict[str, Any]

CURRENCIES = ("value_usd", "value_krw")

_Beside = Literal["left", "right", "above", "below"]
# Where on each line its code has room: which point, and on which side of it.
_LABELS: Mapping[str, tuple[int, _Beside]] = {
    "kcs_total": (-1, "above"),
    "kcs_release_2019": (0, "above"),
    "kotra_declared": (0, "left"),
    "mss_all": (-1, "above"),
    "mss_sme": (-1, "right"),
    "mss_2021": (0, "below"),
    "kostat_old": (0, "left"),
    "kostat_new": (-1, "right"),
    "bok_direct": (0, "below"),
    "nts_list": (0, "left"),
}
# What a letter is called where its definitions are not told apart.
_OF_LETTER: Mapping[str, str] = {
    "A": "kcs_total",
    "B": "kcs_release_2019",
    "C": "declared",
    "D": "direct",
    "E": "nts_list",
}
_COLUMNS = [
    "series_id", "letter", "period", "period_start", "period_end", "frequency",
    "value", "unit", "evidence", "formula", "input_ids",
]  # fmt: skip
_CONVERSION = "value at the period’s average rate"


def names(words: Words) -> dict[str, str]:
    """Short names of the definitions by series id, and of the two letters that have several."""
    _ = words.gettext
    return {
        "kcs_total": _("customs total"),
        "kcs_release_2019": _("customs release of 2019"),
        "kotra_declared": _("KOTRA, declared"),
        "mss_all": _("SME ministry, all firms"),
        "mss_sme": _("SME ministry, SMEs"),
        "mss_2021": _("SME ministry, old basis"),
        "kostat_old": _("direct sales, before 2025"),
        "kostat_new": _("direct sales, redesigned"),
        "bok_direct": _("direct sales without duty-free"),
        "nts_list": _("Tax Service, one month"),
        "declared": _("declared exports"),
        "direct": _("online direct sales"),
    }


def drawn(points: pd.DataFrame, metric_id: str) -> pd.DataFrame:
    """The points of one currency that are set side by side, in the order of their codes and of time."""
    chosen = points.loc[(points["metric_id"] == metric_id) & points["series_id"].isin(CODES), _COLUMNS]
    return chosen.assign(code=chosen["series_id"].map(CODES)).sort_values(["code", "period_start"])


def definitions(points: pd.DataFrame, words: Words) -> list[Definition]:
    """What `charts.side_by_side` draws, from the points that `drawn` gives; one colour a letter."""
    named = names(words)
    rows = [{**row, "is_implied": row["formula"] not in {"", _CONVERSION}} for row in _rows(points)]
    made = []
    for series_id, code in CODES.items():
        mine = [row for row in rows if row["series_id"] == series_id]
        at, beside = _LABELS[series_id]
        is_part = any(row["frequency"] != "year" for row in mine)
        hue = "ABCDE".index(code[0])
        made.append(Definition(code, named[series_id], hue, pd.DataFrame(mine), at, beside, hollow=is_part))
    return made


def years(points: pd.DataFrame) -> list[str]:
    """Years in which two definitions or more have a total, the earliest first."""
    counted = points[points["frequency"] == "year"].groupby("period")["series_id"].nunique()
    return [str(year) for year in counted[counted > 1].index]


def widest_year(points: pd.DataFrame) -> str:
    """The year in which the largest total is the most times the smallest."""
    by_year = points[points["period"].isin(years(points))].groupby("period")["value"]
    return str((by_year.max() / by_year.min()).idxmax())


def times_apart(points: pd.DataFrame, year: str, evidence: Evidence) -> Number:
    """How many times the largest total of a year is the smallest."""
    return _times_apart(*_ends(_rows(points), year), evidence)


def _times_apart(low: Row, high: Row, evidence: Evidence) -> Number:
    _ = evidence.words.gettext
    return evidence.derived(
        evidence.words.fill(
            _("largest / smallest, {period}"), period=formats.period(low["period"], evidence.words.lang)
        ),
        high["value"] / low["value"],
        "x",
        _("largest / smallest"),
        [*high["input_ids"], *low["input_ids"]],
        significant=3,
    )


def apart(points: pd.DataFrame, year: str, evidence: Evidence) -> Statement:
    """How far apart the definitions are in one year, and which are the ends."""
    words = evidence.words
    _ = words.gettext
    named = names(words)
    low, high = _ends(_rows(points), year)
    least, most = (evidence.number(row, significant=4) for row in (low, high))
    times = _times_apart(low, high, evidence)
    text = words.fill(
        _(
            "In {period} figures of one name differ by up to {times}: {high} ({high_name}) against {low} "
            "({low_name})"
        ),
        period=formats.period(year, words.lang),
        times=times,
        low=least,
        low_name=f"{low['code']} {named[low['series_id']]}",
        high=most,
        high_name=f"{high['code']} {named[high['series_id']]}",
    )
    return Statement(text, (times, most, least))


def table(points: pd.DataFrame, evidence: Evidence) -> Table:
    """A row a period, a column a definition, and last how many times apart the years are."""
    words = evidence.words
    _ = words.gettext
    named, comparable = names(words), years(points)
    order = points.sort_values(["period_start", "period_end"], ascending=[True, False])
    rows, periods = _rows(points), list(dict.fromkeys(order["period"]))
    columns: dict[str, list[str | Number]] = {
        _("Period"): [formats.period(period, words.lang) for period in periods]
    }
    for series_id, code in CODES.items():
        mine = {row["period"]: row for row in rows if row["series_id"] == series_id}
        name = f"{code} {named[series_id]}"
        columns[name] = [
            evidence.number(mine[period], name) if period in mine else formats.MISSING for period in periods
        ]
    columns[_("largest / smallest")] = [
        _times_apart(*_ends(rows, period), evidence) if period in comparable else formats.MISSING
        for period in periods
    ]
    return Table(columns)


def in_the_news(points: pd.DataFrame, evidence: Evidence) -> list[Headline]:
    """How to tell which of the five a figure in the news is: one a letter, with its newest figure."""
    words = evidence.words
    _ = words.gettext
    recognised = {
        "A": _(
            "The Customs Service, or a member of parliament quoting it: a year’s dollars with millions of cases."
        ),
        "B": _("Articles on the customs release of February 2019: 2017 and 2018 only, billions of dollars."),
        "C": _("KOTRA, or the Ministry of SMEs on “online exports”: dollars, often small firms only."),
        "D": _(
            "Statistics Korea (now the Ministry of Data and Statistics) on online shopping: trillions of won."
        ),
        "E": _("The National Tax Service: “list clearance” of one month, in won."),
    }
    named, rows = names(words), _rows(points)
    made = []
    for letter, said in recognised.items():
        row = _newest(rows, "letter", letter)
        name = f"{letter} · {named[_OF_LETTER[letter]]}"
        detail = words.fill(
            _("{code}, {period}. {recognised}"),
            code=row["code"],
            period=formats.period(row["period"], words.lang),
            recognised=said,
        )
        made.append(Headline(f"five-{letter}", name, evidence.number(row, significant=4), detail))
    return made


def by_question(points: pd.DataFrame, evidence: Evidence) -> Table:
    """Which series answers which question, with its newest figure."""
    words = evidence.words
    _ = words.gettext
    asked = [
        (_("How much leaves Korea by e-commerce, to where, and what a limit changes"), "kcs_total"),
        (_("How much of it is declared"), "mss_all"),
        (_("How much small firms declare"), "mss_sme"),
        (_("How much Korean online shops sell abroad, duty-free shops included"), "kostat_new"),
        (_("The same without duty-free shops"), "bok_direct"),
        (_("How much leaves by list clearance in a month"), "nts_list"),
    ]
    named, known = names(words), _rows(points)
    rows = [_newest(known, "series_id", series_id) for _question, series_id in asked]
    return Table(
        {
            _("What you want to know"): [question for question, _series in asked],
            _("Series"): [f"{row['code']} {named[row['series_id']]}" for row in rows],
            _("Newest figure"): [evidence.number(row, significant=4) for row in rows],
            _("Period"): [formats.period(row["period"], words.lang) for row in rows],
        }
    )


def told(series: pd.DataFrame, words: Words) -> list[tuple[str, Row]]:
    """Each definition with its code, name and span as a title, and its row of `store.series`."""
    rows = {row["series_id"]: row for row in _rows(series)}
    made = []
    for series_id, code in CODES.items():
        row = rows[series_id]
        span = formats.period(f"{row['first_day']:%Y-%m}..{row['last_day']:%Y-%m}", words.lang)
        made.append((f"{code} {row[f'name_{words.lang}']}, {span}", row))
    return made


def _newest(rows: list[Row], column: str, wanted: str) -> Row:
    """The newest row with `wanted` in a column; of several the one with the last code."""
    return max(
        (row for row in rows if row[column] == wanted), key=lambda row: (row["period_end"], row["code"])
    )


def _ends(rows: list[Row], year: str) -> tuple[Row, Row]:
    """The smallest and the largest yearly total."""
    ranked = sorted(
        (row for row in rows if row["period"] == year and row["frequency"] == "year"),
        key=lambda row: float(row["value"]),
    )
    return ranked[0], ranked[-1]


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
