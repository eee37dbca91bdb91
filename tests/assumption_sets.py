"""Puts today's sets of assumptions on record, so that links made with them can be explained after the next change.

Run after a change of `data/reference/assumptions.csv`: `uv run python -m tests.assumption_sets`. It only adds rows.
"""

import csv
import sys
from operator import itemgetter

from dashboard.claims import digest
from etl.settings import ROOT

REFERENCE = ROOT / "data" / "reference"
RECORD = REFERENCE / "former_assumptions.csv"
SETS = ("default", "reference")
COLUMNS = ("digest", "set", "place", "parameter", "distribution", "p1", "p2", "p3", "low", "high")

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The rows of a reference file as text."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def not_on_record() -> dict[str, list[Row]]:
    """Today's sets that the record lacks, by digest, with their rows as the record has them."""
    there = {row["digest"] for row in rows(RECORD.name)}
    found = {}
    for name in SETS:
        # in the order in which the model reads them
        of_set = sorted(
            (row for row in rows("assumptions.csv") if row["set"] == name), key=itemgetter("assumption_id")
        )
        if (named := digest(of_set)) not in there:
            found[named] = [
                {column: row.get(column, "") for column in COLUMNS} | {"digest": named, "place": str(place)}
                for place, row in enumerate(of_set, start=1)
            ]
    return found


def main() -> None:
    """Add what is missing."""
    missing = not_on_record()
    with RECORD.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, COLUMNS, lineterminator="\n").writerows(
            row for each in missing.values() for row in each
        )
    sys.stdout.write(f"{len(missing)} sets put on record in {RECORD.name}\n")


if __name__ == "__main__":
    main()
