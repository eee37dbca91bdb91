"""Each import threshold that is shipped equals the row that was transcribed from its source, value by value.

`destination_rules_transcribed.csv` is a frozen copy of the transcription with its own columns, after two of ours: the rule that a row
became, or why it was left out.
"""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

HERE = Path(__file__).parent
TRANSCRIBED = list(
    csv.DictReader(
        (HERE / "destination_rules_transcribed.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    )
)
SHIPPED = [row for row in TRANSCRIBED if row["rule_id"]]
# The transcriber's words for the state of a rule, and our codes.
STATUS = {
    "in force": "in_force",
    "in force, abolition planned": "in_force",
    "in force, abolition announced": "in_force",
    "in force (guidance 2026-06-02)": "in_force",
    "in force (last seen 2026-02)": "in_force",
    "in force (last seen 2021-2023)": "in_force",
    "in force (not re-checked after 2019)": "in_force",
    "formula in force": "in_force",
    "in force (duty side disputed)": "disputed",
    "UNKNOWN RATE": "unknown_rate",
    "announced": "announced",
    "planned": "planned",
    "planned, start not confirmed": "planned",
    "draft": "draft",
    "ended": "ended",
    "ended (statutory)": "ended",
    "ended if the reform started": "end_unconfirmed",
}
PLAIN = {"in force", "announced", "planned", "draft", "ended"}  # states that need no further word
# "ALL": free at any value; "0": nothing is free; empty: not known.
RELIEF = {"ALL": ("all", None), "0": ("none", None), "": ("unknown", None)}

Rule = dict[str, Any]


@pytest.fixture(scope="session")
def rules(connection: duckdb.DuckDBPyConnection) -> dict[str, Rule]:
    """Each rule once, with all its routes."""
    found = connection.execute(
        "SELECT * EXCLUDE (route), list(route ORDER BY route) AS routes FROM mart.destination_rule GROUP BY ALL"
    )
    names = [column[0] for column in found.description or ()]
    return {row[names.index("rule_id")]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def test_nothing_is_shipped_that_was_not_transcribed_and_what_was_left_out_says_why(rules: dict[str, Rule]):
    assert Counter(list(rules)) == Counter(row["rule_id"] for row in SHIPPED)
    left = [(row["destination_iso2"], row["channel"]) for row in TRANSCRIBED if row["left_out"]]
    assert left == [("NZ", "low value goods levy (express)")]
    assert len(TRANSCRIBED) == len(SHIPPED) + len(left) == 88


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row["rule_id"])
def test_a_rule_is_what_was_transcribed(rules: dict[str, Rule], row: dict[str, str]):
    rule = rules[row["rule_id"]]
    relief = {
        levy: RELIEF.get(row[f"{levy}_free_up_to"], ("up_to", row[f"{levy}_free_up_to"]))
        for levy in ("duty", "tax")
    }
    published = re.match(r"[0-9-]*", row["published_date"])
    assert published is not None
    assert (rule["destination_id"], rule["currency"]) == (row["destination_iso2"], row["currency"])
    for levy, (kind, amount) in relief.items():
        assert rule[f"{levy}_relief"] == kind
        assert rule[f"{levy}_free_up_to"] == (float(amount) if amount else None)
    assert (rule["valid_from"], rule["valid_to"]) == (row["valid_from"], row["valid_to"])
    assert rule["status"] == STATUS[row["status"]]
    assert bool(rule["status_note_en"]) == (row["status"] not in PLAIN)
    assert (rule["url"], rule["quality"]) == (row["source_url"], row["quality"])
    assert rule["published"] == published[0]
    assert ("inferred" in row["published_date"]) == ("inferred" in rule["published_note_en"])


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row["rule_id"])
def test_every_percentage_of_the_transcription_stands_in_the_words_of_the_rule(
    rules: dict[str, Rule], row: dict[str, str]
):
    rule = rules[row["rule_id"]]
    for lang in ("ko", "en"):
        said = f"{rule[f'rate_{lang}']} {rule[f'note_{lang}']}"
        printed = re.findall(r"[0-9.]+(?=%)", row["tax_name_rate"])
        assert not [each for each in printed if each not in said], (lang, said)


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row["rule_id"])
def test_both_languages_say_the_same_percentages_and_are_empty_together(
    rules: dict[str, Rule], row: dict[str, str]
):
    rule = rules[row["rule_id"]]
    for column in ("basis", "status_note", "rate", "note"):
        korean, english = (rule[f"{column}_{lang}"] for lang in ("ko", "en"))
        assert bool(korean) == bool(english)
        assert sorted(re.findall(r"[0-9.]+(?=%)", korean)) == sorted(re.findall(r"[0-9.]+(?=%)", english))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # (as printed, first day, last day): an end known to the month only counts as the eve of it
        ("RU-2022", "2022-03-01", "2024-03-31"),
        ("RU-2020", "2020-01-01", "2022-02-28"),
        ("TW-2018", "2018-01-01", None),
        ("JP-sea", "2025-10-01", None),
        ("GB-2021", "2021-01-01", "2029-02-28"),
    ],
)
def test_dates_known_in_part_become_days(
    connection: duckdb.DuckDBPyConnection, text: str, first: str, last: str | None
):
    found = connection.execute(
        "SELECT DISTINCT valid_from_day::text, valid_to_day::text FROM core.destination_rule WHERE rule_id = $rule",
        {"rule": text},
    ).fetchall()
    assert found == [(first, last)]


def test_members_of_the_eu_carry_the_same_rules(rules: dict[str, Rule]):
    members = {"DE", "FR", "ES", "IT", "NL", "PL", "SE"}
    named = {each for each in rules if each[:2] in members and not each.endswith("national-fee")}
    assert named == {f"{member}-{rule}" for member in members for rule in ("2021", "2026", "handling-fee")}
    for rule in ("2021", "2026", "handling-fee"):
        same = {
            tuple(
                (name, str(value))
                for name, value in rules[f"{each}-{rule}"].items()
                if name not in {"rule_id", "iso3"} and not name.startswith("destination")
            )
            for each in members
        }
        assert len(same) == 1
