"""How each data set stands: fresh, due or overdue, by the calendar of its publisher."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from etl import vintages
from etl.settings import Access, Settings
from etl.sources.customs import NEWTRADE
from etl.sources.source import Answer, Request
from etl.standing import Standing, standings

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MONTHLY = replace(NEWTRADE, dataset_id="toy", due_days=15, overdue_days=25)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "raw", tmp_path)


def keep(settings: Settings, rows: dict[str, int], query: str = "", days: int = 0) -> None:
    request = Request("toy", "https://publisher.example", (), query, min(rows), max(rows))
    vintages.keep(settings.raw_dir, request, Answer(200, b""), rows, NOON + timedelta(days=days))


def standing(settings: Settings, today: date = date(2026, 11, 23)) -> Standing:
    (found,) = standings([MONTHLY], settings, Access({NEWTRADE.key: "k"}), today)
    return found


def test_never_asked(settings: Settings):
    found = standing(settings)
    assert (found.state, found.last_success, found.rows, found.newest_period, found.due_on) == (
        "never asked", None, 0, "", None,
    )  # fmt: skip
    assert found.key_is_set


def test_newest_answer_to_each_slice_counts(settings: Settings):
    keep(settings, {"2026-08": 3, "2026-09": 3})
    keep(settings, {"2026-09": 2, "2026-10": 4}, days=1)
    keep(settings, {"2026-09": 5}, query="hs=3304")
    found = standing(settings)
    assert (found.rows, found.newest_period) == (3 + 2 + 4 + 5, "2026-10")
    assert found.last_success == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("newest", "due", "overdue"),
    [
        ("2026-10", date(2026, 12, 15), date(2026, 12, 25)),
        ("2026-12", date(2027, 2, 15), date(2027, 2, 25)),
        ("2024-01", date(2024, 3, 15), date(2024, 3, 25)),
        ("2026-Q2", date(2026, 10, 15), date(2026, 10, 25)),
        ("2025", date(2027, 1, 15), date(2027, 1, 25)),
        ("2026-11-22", date(2026, 12, 20), date(2026, 12, 30)),  # a week, by its first day
    ],
)
def test_fresh_due_overdue(settings: Settings, newest: str, due: date, overdue: date):
    keep(settings, {newest: 1})
    day = timedelta(days=1)
    assert standing(settings, due - day).state == "fresh"
    assert standing(settings, due).state == "due"
    assert standing(settings, overdue - day).state == "due"
    assert standing(settings, overdue).state == "overdue"
    assert standing(settings).due_on == due
