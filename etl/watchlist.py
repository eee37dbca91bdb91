"""What a refresh asks for by default: HS codes that e-commerce sells, destinations, and the rules that both obey."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from etl.errors import BuildError, RowError

FILE = "watchlist.csv"
COLUMNS = ("kind", "code", "name_ko", "name_en", "item_id")
_HS_CODE = re.compile(r"[0-9]{2}([0-9]{2}){0,2}([0-9]{4})?")
_DESTINATION = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Watchlist:
    """HS codes (2, 4, 6 or 10 digits) and destinations (ISO alpha-2), in the order of the file."""

    hs_codes: tuple[str, ...]
    destinations: tuple[str, ...]


def read(reference_dir: Path) -> Watchlist:
    """The watchlist of the reference files.

    Raises:
        RowError: it is missing or a row is broken.
        BuildError: two codes overlap.
    """
    try:
        with (reference_dir / FILE).open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file, restkey="", restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RowError(FILE, 1, "", f"cannot be read ({error.__class__.__name__})") from None
    codes: dict[str, list[str]] = {"hs": [], "destination": []}
    for number, line in enumerate(lines, start=2):
        if missing := [name for name in COLUMNS if name not in line]:
            raise RowError(FILE, 1, missing[0], "this column is missing")
        if line["kind"] not in codes:
            raise RowError(FILE, number, "kind", f"“{line['kind']}” is neither hs nor destination")
        codes[line["kind"]].append(line["code"])
    for kind, found in codes.items():
        if not found:
            raise RowError(FILE, 1, "kind", f"no row is of the kind {kind}, so there is nothing to ask for")
    return Watchlist(hs_codes(codes["hs"], FILE), destinations(codes["destination"], FILE))


def hs_codes(codes: Iterable[str], where: str) -> tuple[str, ...]:
    """The codes, checked.

    No code may begin another: trade counted under both would be added up twice.

    Raises:
        BuildError: a code is none, stands twice or begins another; `where` is named.
    """
    found = tuple(codes)
    for code in found:
        if not _HS_CODE.fullmatch(code):
            raise BuildError(f"{where}: “{code}” is no HS code; write 2, 4, 6 or 10 digits, as in 3304")
    ordered = sorted(found)
    for first, second in pairwise(ordered):
        if first == second:
            raise BuildError(f"{where}: HS code {first} stands twice; leave one out")
        # Sorted, what begins with a code follows it at once.
        if second.startswith(first):
            raise BuildError(
                f"{where}: HS code {second} is part of {first} and would be counted twice; leave one out"
            )
    return found


def destinations(codes: Iterable[str], where: str) -> tuple[str, ...]:
    """The codes, checked.

    Raises:
        BuildError: a code is none or stands twice; `where` is named.
    """
    found = tuple(codes)
    for code in found:
        if not _DESTINATION.fullmatch(code):
            raise BuildError(f"{where}: “{code}” is no destination; write two capital letters, as in US")
        if found.count(code) > 1:
            raise BuildError(f"{where}: destination {code} stands twice; leave one out")
    return found
