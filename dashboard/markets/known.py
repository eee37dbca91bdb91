"""What is known of each destination for one item and one parcel, as numbers with period, grade and receipt."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal

from dashboard import formats
from dashboard.borders import rules as read
from dashboard.borders.rules import Row
from dashboard.evidence import Evidence
from dashboard.i18n import Words
from dashboard.model.markets.landed import LEVIES, Levy, Rate, State, state
from dashboard.receipts import Number
from dashboard.tables import Cell, Table

Group = Literal["ecommerce", "item", "facts", "rules"]

# Items with figures of their own, and the goods that rules tell apart. Clothing has no yearly figures by destination.
ITEMS: Mapping[str, str] = {"cosmetics": "cosmetics", "food": "food", "recorded_media": "album"}
# How an ordinary parcel goes, the usual way first.
_ROUTES = ("express", "post", "registered", "platform", "personal", "sea")
_OF_ITEM = {"item_exports": "exports", "item_growth": "growth", "item_share": "share"}
_POINTS: Mapping[State, float] = {"free": 100.0, "depends": 50.0, "unknown": 50.0, "due": 0.0}


@dataclass(frozen=True)
class Asked:
    """The choices of the page: an item, a parcel in won, the day on which rules are read, and how far rates may be off (a share)."""

    item_id: str
    parcel_krw: float
    day: date
    fx_band: float


class Known:
    """The rows of `store.market`, thresholds and rates, looked at for one question."""

    def __init__(
        self,
        asked: Asked,
        market: Sequence[Row],
        rules: Sequence[Row],
        rates: Sequence[Row],
        evidence: Evidence,
    ) -> None:
        """`rules` is what `store.destination_rules` gives, `rates` what `store.currency_rates` does."""
        self.asked, self.evidence, self.words = asked, evidence, evidence.words
        self._cells = {(row["destination_id"], row["column_id"], row["item_id"]): row for row in market}
        self._rules = rules
        self.rates: Mapping[str, Row] = {row["currency"]: row for row in rates}
        lang = self.words.lang
        named = {row["destination_id"]: row[f"destination_{lang}"] for row in [*rules, *market]}
        self.names: Mapping[str, str] = dict(sorted(named.items(), key=lambda pair: pair[1]))

    def cell(self, destination_id: str, column: str) -> Row | None:
        """The row behind a cell of the table; None where nothing is known."""
        item = self.asked.item_id
        if column in _OF_ITEM:
            return self._cells.get((destination_id, f"{ITEMS[item]}_{_OF_ITEM[column]}", item))
        return self._cells.get((destination_id, column, item)) or self._cells.get(
            (destination_id, column, "ALL")
        )

    def value(self, destination_id: str, column: str) -> float | None:
        """The figure of a cell."""
        row = self.cell(destination_id, column)
        return None if row is None else float(row["value"])

    def is_newest(self, destination_id: str, column: str) -> bool:
        """Whether a figure is of the newest period that any destination has in its column."""
        periods = [str(row["period"]) for each in self.names if (row := self.cell(each, column))]
        row = self.cell(destination_id, column)
        return row is not None and str(row["period"]) == max(periods)

    def has(self, column: str) -> bool:
        """Whether a column is known of any destination."""
        return any(self.cell(each, column) for each in self.names)

    def number(self, destination_id: str, column: str) -> Number | None:
        """A figure with its receipt, without period and grade."""
        row = self.cell(destination_id, column)
        if row is None:
            return None
        label = f"{column_names(self.words, self.asked.item_id)[column]} · {self.names[destination_id]}"
        is_growth = column in {"item_growth", "ecommerce_growth"}
        return self.evidence.number(row, label, significant=4, signed=is_growth)

    def graded(self, destination_id: str, column: str) -> Cell:
        """A figure with its period and grade; an en dash where it is missing."""
        row, number = self.cell(destination_id, column), self.number(destination_id, column)
        if row is None or number is None:
            return formats.MISSING
        return replace(number, text=f"{number.text} ({self.when(row)}, {row['grade']})")

    def when(self, row: Row) -> str:
        """The period of a figure in words."""
        return formats.period(str(row["period"]), self.words.lang)

    @cached_property
    def on_day(self) -> Mapping[str, list[Row]]:
        """The rules of parcels that hold on the day, by destination."""
        found: dict[str, list[Row]] = {}
        for row in read.of_parcels(read.on_day(self._rules, self.asked.day)):
            found.setdefault(row["destination_id"], []).append(row)
        return found

    def rule(self, destination_id: str) -> Row | None:
        """The rule that an ordinary parcel of the item meets: one that says something, of its own goods, by the usual way of sending."""
        rows = [
            row
            for row in self.on_day.get(destination_id, [])
            if row["goods"] in {"ALL", self.asked.item_id} and row["status"] != "planned"
        ]
        order = [
            (
                all(row[f"{levy}_relief"] == "unknown" for levy in LEVIES),
                row["goods"] == "ALL",
                _ROUTES.index(row["route"]),
            )
            for row in rows
        ]
        return rows[min(range(len(rows)), key=order.__getitem__)] if rows else None

    def scheduled(self, destination_id: str) -> Row | None:
        """The next rule of parcels that begins after the day; drafts and plans count, and say so in their status."""
        later = [
            row
            for row in read.of_parcels(self._rules)
            if row["destination_id"] == destination_id
            and row["valid_from_day"] is not None
            and row["valid_from_day"] > self.asked.day
        ]
        return min(later, key=lambda row: row["valid_from_day"], default=None)

    def states(self, destination_id: str) -> Mapping[Levy, State]:
        """Whether the parcel is free of duty and of tax there; unknown where no rule is known."""
        rule = self.rule(destination_id)
        if rule is None:
            return dict.fromkeys(LEVIES, "unknown")
        found = self._states(rule)
        if rule["status"] == "disputed":
            found["duty"] = "unknown"  # on which the sources disagree
        if rule["status"] == "end_unconfirmed":
            # the plan that may have replaced it: known is only what both say
            plans = [row for row in self.on_day[destination_id] if row["status"] == "planned"]
            for plan in plans:
                other = self._states(plan)
                found = {levy: each if other[levy] == each else "unknown" for levy, each in found.items()}
        return found

    def _states(self, rule: Row) -> dict[Levy, State]:
        rate = self.rates.get(rule["currency"])
        known = Rate(rate["krw_per_unit"], self.asked.fx_band) if rate else None
        return {levy: state(self.asked.parcel_krw, read.terms(rule, levy), known) for levy in LEVIES}

    def ease(self, destination_id: str) -> float | None:
        """How much of duty and tax is not due on the parcel, in percent: 0, 25, 50, 75 or 100; None where neither is known."""
        found = self.states(destination_id).values()
        if set(found) == {"unknown"}:
            return None
        return sum(_POINTS[each] for each in found) / len(LEVIES)

    def ease_number(self, destination_id: str) -> Number | None:
        """The ease with the rule, the rate and the parcel that it follows from."""
        _ = self.words.gettext
        ease, rule = self.ease(destination_id), self.rule(destination_id)
        if ease is None or rule is None:
            return None
        cited = [f"{rule['rule_id']}:{levy}" for levy in LEVIES if rule[f"{levy}_relief"] == "up_to"]
        rate = self.rates.get(rule["currency"])
        inputs = [*cited, *(rate["input_ids"] if rate and cited else []), *self.parcel().receipt.lines()]
        return self.evidence.derived(
            f"{column_names(self.words, self.asked.item_id)['ease']} · {self.names[destination_id]}",
            ease,
            "percent",
            _("mean over duty and tax: 100 free, 50 not known or depending on the rate of the day, 0 due"),
            inputs,
            significant=None,
        )

    def parcel(self) -> Number:
        """The value of the parcel: the reader's choice."""
        _ = self.words.gettext
        return self.evidence.derived(
            _("Value of the parcel"), self.asked.parcel_krw, "KRW", "", significant=None, kind="assumed"
        )

    def table(self, group: Group, order: Iterable[str] | None = None) -> Table:
        """A row a destination with the columns of one group, the largest in the first column on top and what is missing last.

        A column that is known of none is left out; rules stand by name. `order` names other rows.
        """
        _ = self.words.gettext
        ids = list(order if order is not None else self._by_size(group))
        names = column_names(self.words, self.asked.item_id)
        head: dict[str, Sequence[Cell]] = {_("Destination"): [self.names[each] for each in ids]}
        if group == "rules":
            return Table(head | self._rule_columns(ids))
        wanted = [column for column in GROUPS[group] if self.has(column)]
        return Table(head | {names[column]: [self.graded(each, column) for each in ids] for column in wanted})

    def _by_size(self, group: Group) -> list[str]:
        """The destinations by the columns of a group, first to last; by name where nothing is known."""
        wanted = GROUPS.get(group, ())

        def place(destination_id: str) -> list[tuple[bool, float]]:
            found = [self.value(destination_id, column) for column in wanted]
            return [(each is None, -(each or 0.0)) for each in found]

        return sorted(self.names, key=place)

    def _rule_columns(self, ids: Sequence[str]) -> dict[str, Sequence[Cell]]:
        _ = self.words.gettext
        lang = self.words.lang

        def cells(say: Any) -> list[Cell]:
            return [formats.MISSING if (row := self.rule(each)) is None else say(row) for each in ids]

        def next_change(destination_id: str) -> str:
            row = self.scheduled(destination_id)
            if row is None:
                return formats.MISSING
            said = f"{read.dates(row, self.words)}: {read.both_texts(row, self.evidence)}"
            return f"{said} ({read.status(row, self.words)})"

        def threshold(levy: Levy) -> Any:
            def say(row: Row) -> Cell:
                if row[f"{levy}_relief"] == "up_to":
                    return read.threshold(row, levy, self.evidence)
                return read.terms_text(row, levy, self.evidence)

            return say

        levies = read.levy_names(self.words)
        return {
            **{
                self.words.fill(_("{levy}: free up to"), levy=name): cells(threshold(levy))
                for levy, name in levies.items()
            },
            _("Rule"): cells(lambda row: row[f"channel_{lang}"]),
            _("When"): cells(lambda row: read.dates(row, self.words)),
            _("Status"): cells(lambda row: read.status(row, self.words)),
            _("Next change"): [next_change(each) for each in ids],
            _("Grade"): cells(rule_grade),
            _("Source"): cells(lambda row: row[f"publisher_{lang}"]),
        }

    def side_by_side(self, chosen: Sequence[str]) -> Table:
        """A row a fact and a column a market: figures of all groups, then what the parcel meets at the border."""
        _ = self.words.gettext
        names = column_names(self.words, self.asked.item_id)
        columns = [column for group in GROUPS.values() for column in group if self.has(column)]
        texts = self.table("rules", chosen).columns
        border = [name for name in list(texts)[1:] if name != _("Grade")]
        rows = [*(names[each] for each in columns), names["ease"], *border]
        cells = {
            self.names[each]: [
                *(self.graded(each, column) for column in columns),
                self.ease_number(each) or formats.MISSING,
                *(texts[name][place] for name in border),
            ]
            for place, each in enumerate(chosen)
        }
        return Table({_("Fact"): rows, **cells})

    def grades(self, group: Group) -> Counter[str]:
        """How many cells of a group are of each grade."""
        return Counter(
            str(row["grade"])
            for column in GROUPS.get(group, ())
            for each in self.names
            if (row := self.cell(each, column))
        )


GROUPS: Mapping[Group, tuple[str, ...]] = {
    "ecommerce": (
        "ecommerce_value",
        "ecommerce_cases",
        "ecommerce_value_per_case",
        "ecommerce_share",
        "ecommerce_growth",
        "direct_sales",
    ),
    "item": ("item_exports", "item_share", "item_growth", "imports", "korea_share"),
    "facts": ("population", "gdp_per_head", "internet_users", "online_income"),
}


def rule_grade(row: Row) -> str:
    """The grade of a rule: as that of a published figure of its quality."""
    return {"official": "A", "press quoting official": "B"}.get(row["quality"], "C")


def column_names(words: Words, item_id: str) -> dict[str, str]:
    """Names of the columns."""
    _ = words.gettext
    item = item_names(words)[item_id]
    return {
        "ecommerce_value": _("E-commerce exports of Korea (customs total)"),
        "ecommerce_cases": _("Cases"),
        "ecommerce_value_per_case": _("Value per case"),
        "ecommerce_share": _("Share of the customs total"),
        "ecommerce_growth": _("Growth of e-commerce exports"),
        "direct_sales": _("Online overseas direct sales (Statistics Korea)"),
        "item_exports": words.fill(_("Exports of Korea, all channels: {item}"), item=item),
        "item_share": _("Share of Korea’s exports of the item"),
        "item_growth": _("Growth of these exports"),
        "imports": _("Imports of the item from the world"),
        "korea_share": _("Korea’s share of these imports"),
        "population": _("Population"),
        "gdp_per_head": _("GDP per head"),
        "internet_users": _("Internet users"),
        "online_income": _("Income of internet users"),
        "ease": _("Ease of entry"),
    }


def group_names(words: Words) -> dict[Group, str]:
    """Names of the groups of columns."""
    _ = words.gettext
    return {
        "ecommerce": _("E-commerce from Korea"),
        "item": _("The item"),
        "facts": _("The destination"),
        "rules": _("Import rules"),
    }


def item_names(words: Words) -> dict[str, str]:
    """Names of the items that have figures by destination."""
    _ = words.gettext
    return {"cosmetics": _("Cosmetics"), "food": _("Food"), "recorded_media": _("Albums")}


def grade_words(words: Words) -> str:
    """What the grades mean."""
    _ = words.gettext
    return _(
        "Grades: A is an official publication’s own figure; B is press quoting one, or computed from such figures; "
        "C is a secondary source or rests on an assumption. Missing is missing: no figure was found."
    )
