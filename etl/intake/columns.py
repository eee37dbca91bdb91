"""What columns are called: Korean and English names, the exports of shops, and what a person says."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from etl.errors import InputError, NoValuesError
from etl.reference import read

ROLES = (
    "value",
    "currency",
    "date",
    "destination",
    "item",
    "channel",
    "order",
    "quantity",
    "line",
    "cancelled",
)
CURRENCIES = frozenset(
    {
        "KRW",
        "USD",
        "JPY",
        "CNY",
        "EUR",
        "GBP",
        "HKD",
        "TWD",
        "SGD",
        "AUD",
        "CAD",
        "NZD",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
    }
    | {
        "CZK",
        "HUF",
        "THB",
        "MYR",
        "IDR",
        "PHP",
        "VND",
        "INR",
        "BRL",
        "MXN",
        "RUB",
        "TRY",
        "AED",
        "SAR",
        "ILS",
        "ZAR",
        "KZT",
    }
    | {"MNT", "MOP"}
)
_MARKS = {
    "원": "KRW",
    "원화": "KRW",
    "won": "KRW",
    "₩": "KRW",
    "달러": "USD",
    "미화": "USD",
    "us$": "USD",
    "엔": "JPY",
    "円": "JPY",
}
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_SEPARATORS = re.compile(r"[\s_\-./·:#()\[\]*]+")


@dataclass(frozen=True)
class Preset:
    """The export of one shop.

    Attributes:
        value_per: "line" where each line has its own value, "order" where lines repeat (or leave blank) the order's.
        currency: of the values where no column and no cell says it; "" where unknown.
        required: the columns by which it is recognised.
        document: where its column names are documented.
    """

    preset: str
    name_ko: str
    name_en: str
    value_per: str
    currency: str
    required: tuple[str, ...]
    document: str
    note: str


@dataclass(frozen=True)
class Columns:
    """Which column of a file plays which role.

    Attributes:
        preset: the preset that was recognised or named, None for names alone.
        places: role -> position of its column, from 0.
        currency: of the values, as the name of the value's column or the preset says; "" where neither does.
    """

    preset: Preset | None
    places: dict[str, int]
    currency: str


@cache
def presets(folder: Path) -> dict[str, Preset]:
    """The presets of `shipment_presets.csv` by their id."""
    return {
        line.cells["preset"]: Preset(**{**line.cells, "required": tuple(line.cells["required"].split("|"))})  # type: ignore[arg-type]  # cells are text but for this one
        for line in read(folder / "shipment_presets.csv")
    }


@cache
def names(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Preset ("" for all files) -> role -> names in the order of preference, as `shipment_columns.csv` has them."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in read(folder / "shipment_columns.csv"):
        roles = found.setdefault(line.cells["preset"], {})
        roles.setdefault(line.cells["role"], []).append(line.cells["name"])
    return found


def folded(name: str) -> str:
    """A column's name without case, width, blanks and separators."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name).casefold().strip("\ufeff"))


def match(
    file: str, header: Sequence[str], said: Mapping[str, str], preset: str | None, folder: Path
) -> Columns:
    """Find the columns of a file; what a person `said` (role -> column, "" for none) goes before all else.

    Raises:
        InputError: an unknown preset or role, a named column that is missing or stands twice.
        NoValuesError: no column of values.
    """
    known = presets(folder)
    if preset is not None and preset not in known:
        raise InputError(f"There is no preset “{preset}”: take one of {', '.join(known)}")
    chosen = known[preset] if preset else recognised(header, folder)
    places = _by_name(header, names(folder)[chosen.preset]) if chosen else {}
    if chosen is None or "value" not in places:
        places = _by_name(header, names(folder)[""]) | places
    for role, column in said.items():
        if role not in ROLES:
            raise InputError(f"A column can be {', '.join(ROLES)}, not “{role}”")
        places.pop(role, None)
        if column:
            places[role] = _place(file, header, role, column)
    if "value" not in places:
        shown = ", ".join(f"“{name}”" for name in header if name) or "none"
        raise NoValuesError(
            f"{file} has no column of values that is known by name ({shown}): say which, as --column value=NAME",
            header,
        )
    currency = _currency_in(header[places["value"]]) or (chosen.currency if chosen else "")
    return Columns(chosen, places, currency)


def has_values(header: Sequence[str], said: Mapping[str, str], folder: Path) -> bool:
    """Whether a row looks like the header: it names a column of values."""
    if said.get("value"):
        return folded(said["value"]) in map(folded, header)
    return recognised(header, folder) is not None or "value" in _by_name(header, names(folder)[""])


def recognised(header: Sequence[str], folder: Path) -> Preset | None:
    """The preset of which all required columns are there."""
    there = set(map(folded, header))
    for preset in presets(folder).values():
        if {folded(name) for name in preset.required} <= there:
            return preset
    return None


def _by_name(header: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Role -> place of the first wanted name that is there; a unit behind the name does not matter."""
    exact = {folded(name): place for place, name in reversed(list(enumerate(header)))}
    bare = {_without_unit(name): place for place, name in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    for role, choices in wanted.items():
        for found in (exact, bare):
            place = next((found[folded(name)] for name in choices if folded(name) in found), None)
            if place is not None and place not in places.values():
                places[role] = place
                break
    return places


def _place(file: str, header: Sequence[str], role: str, column: str) -> int:
    places = [place for place, name in enumerate(header) if name.strip("\ufeff ") == column.strip()]
    places = places or [place for place, name in enumerate(header) if folded(name) == folded(column)]
    if not places:
        shown = ", ".join(f"“{name}”" for name in header if name)
        raise InputError(f"{file} has no column “{column}” for {role}: it has {shown}")
    if len(places) > 1:
        raise InputError(f"{file} has {len(places)} columns “{column}” for {role}: rename one of them")
    return places[0]


def _without_unit(name: str) -> str:
    return folded(_IN_BRACKETS.sub("", _before_code(name)))


def _before_code(name: str) -> str:
    head, _, tail = unicodedata.normalize("NFKC", name).strip().rpartition("_" if "_" in name else " ")
    return head if head and tail.upper() in CURRENCIES else name


def _currency_in(name: str) -> str:
    """The currency that a column's name says: 금액(원), amount_usd, FOB [USD]."""
    plain = unicodedata.normalize("NFKC", name).strip()
    words: list[str] = [*_IN_BRACKETS.findall(plain), *re.split(r"[\s_,()\[\]]+", plain)]
    for word in words:
        for part in (word, *word.split()):
            code = _MARKS.get(part.casefold(), part.upper())
            if code in CURRENCIES:
                return code
    return ""
