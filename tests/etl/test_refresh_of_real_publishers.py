"""A refresh of the Customs Service, played by a server: it fills the warehouse, revises, and survives being killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import duckdb
import pytest

from etl import refresh, vintages, warehouse
from etl.refresh import Order
from etl.settings import Access, Settings
from etl.sources.registry import DATASETS
from etl.sources.source import Request
from etl.transport import Transport
from tests.etl.desk import QUICK, Desk
from tests.etl.refreshing import NOW, Run
from tests.fake_apis import all_keys, serving

# With the publishers' own modules, over a real socket.


def real(desk: Desk, settings: Settings, order: Order, now: datetime = NOW) -> Run:
    access = Access(all_keys(), desk.server.base)
    planned = refresh.plan(order, settings, access, DATASETS, now)
    lines: list[str] = []
    moments = iter(now + timedelta(seconds=number) for number in range(10_000))
    before = sum(desk.server.calls.values())
    with Transport(access, QUICK, sleep=lambda _: None) as door:
        result = refresh.run(planned, settings, door, lines.append, clock=lambda: next(moments))
    refresh.finish(planned, settings, result)
    return Run(planned, result, lines, [""] * (sum(desk.server.calls.values()) - before))


SMALL = Order(("newtrade", "nationtrade", "nitemtrade"), "2026-01", "2026-10", ("3304", "6109"), ("US", "JP"))


def exports(settings: Settings, as_of: str | None = None) -> dict[str, int]:
    """Exports of all goods by month, as known now or at a time."""
    path = warehouse.build(settings, lambda _: None).path
    with duckdb.connect(path, read_only=True) as connection:
        rows = connection.execute(
            "SELECT t.month, t.exports_usd FROM core.trade_total AS t JOIN core.slice AS s ON s.dataset = 'newtrade' "
            "AND s.period = t.month AND s.vintage = t.vintage WHERE s.known_from <= coalesce($as_of::timestamp, 'infinity') "
            "ORDER BY t.month, t.vintage",
            {"as_of": as_of},
        ).fetchall()
    return dict(rows)


def test_refresh_fills_the_warehouse_and_asking_twice_changes_nothing(desk: Desk, settings: Settings):
    run = real(desk, settings, SMALL)
    assert (run.result.kept, run.result.failed, len(run.asked)) == (6, False, 6)
    first = warehouse.build(settings, lambda _: None)
    assert len(exports(settings)) == 10
    again = real(desk, settings, SMALL, NOW + timedelta(days=1))
    assert (again.result.kept, again.result.news) == (6, 0)
    assert warehouse.build(settings, lambda _: None).data_version == first.data_version


def test_revision_replaces_and_the_past_stays_queryable(desk: Desk, settings: Settings):
    real(desk, settings, SMALL)
    before = exports(settings)
    desk.faults.switch_on("customs.revision", 1)
    real(desk, settings, SMALL, NOW + timedelta(days=1))
    after = exports(settings)
    assert {month for month in before if before[month] != after[month]} == {"2026-08", "2026-09", "2026-10"}
    assert exports(settings, "2026-11-23 18:00:00") == before


@pytest.mark.parametrize(
    ("fault", "words", "kept"),
    [
        ("customs.wrong-total", "total", 1),
        ("customs.wrong-country-sum", "add up to", 5),
        ("customs.other-chapter", "do not start with 3304", 2),
        ("customs.mixed-levels", "several HS levels", 2),
    ],
)
def test_contradiction_keeps_the_old_figures(
    desk: Desk, settings: Settings, fault: str, words: str, kept: int
):
    real(desk, settings, SMALL)
    before = warehouse.build(settings, lambda _: None).data_version
    desk.faults.switch_on(fault)
    run = real(desk, settings, SMALL, NOW + timedelta(days=1))
    assert run.result.failed
    assert run.result.kept == kept, run.text
    assert words in run.text
    assert warehouse.build(settings, lambda _: None).data_version == before


def test_quota_of_the_gateway_stops_politely(desk: Desk, settings: Settings):
    desk.faults.switch_on("customs.quota", 3)
    run = real(desk, settings, SMALL)
    assert (run.result.kept, run.result.left, len(run.asked)) == (3, 3, 4)
    assert "go on after midnight, Korean time" in run.text
    desk.faults.switch_off("customs.quota")
    assert len(real(desk, settings, SMALL, NOW + timedelta(hours=9)).asked) == 3


HS_CODES = (
    "1902", "1905", "2106", "3303", "3304", "3305", "3307", "3401", "4202", "4901",
    "4911", "6109", "6110", "6204", "6402", "6404", "8517", "8523", "8543", "9503",
)  # fmt: skip


BACKFILL = [
    *("refresh", "customs", "--since", "2024-11", "--until", "2026-10"),
    *(word for code in HS_CODES for word in ("--hs", code)),
    *(word for code in ("US", "JP", "CN", "TW", "SG") for word in ("--to", code)),
]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_backfill_killed_three_times_ends_like_an_uninterrupted_one(reference: Path, tmp_path: Path):
    """24 months of 20 HS codes and 5 destinations: the same data version, and no call that succeeded is repeated."""
    moments = random.Random(20261123)  # noqa: S311 - calls after which to kill, told below if it fails
    today = datetime.now().astimezone().date().isoformat()
    versions, calls, kills = [], [], []
    succeeded: list[tuple[set[str], Counter[str]]] = []
    for name in ("killed", "uninterrupted"):
        raw = tmp_path / name / "raw"
        with serving(today=today) as server:
            environment = {
                **os.environ,
                **all_keys(),
                "YEOKJIKGU_API_BASE": server.base,
                "YEOKJIKGU_REFERENCE_DIR": str(reference),
                "YEOKJIKGU_RAW_DIR": str(raw),
                "YEOKJIKGU_BUILT_DIR": str(tmp_path / name),
            }
            command = [sys.executable, "-m", "dashboard.cli", *BACKFILL]
            for _ in range(3 if name == "killed" else 0):
                before = sum(server.calls.values())
                process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
                end = time.monotonic() + 60
                enough = before + moments.randint(5, 100)
                while sum(server.calls.values()) < enough and time.monotonic() < end:
                    time.sleep(0.001)
                assert process.poll() is None, "it must still be at work"
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
                kills.append(sum(server.calls.values()))
                succeeded.append((set(map(as_called, kept_of_customs(raw))), Counter(server.calls)))
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            versions.append(done.stdout.splitlines()[-1])
            calls.append(Counter(server.calls))
    killed, uninterrupted = calls
    assert versions[0] == versions[1], kills
    assert versions[0].startswith("Data version ")
    assert set(killed) == set(uninterrupted)
    assert len(uninterrupted) > 300
    assert set(uninterrupted.values()) == {1}
    for answered, counted in succeeded:
        assert answered
        assert {call: killed[call] for call in answered} == {call: counted[call] for call in answered}, kills
    # The answer on its way when the process died was never kept, so it is asked for again: one call a kill.
    assert sum(killed.values()) - sum(uninterrupted.values()) <= 3, kills
    assert not list((tmp_path / "killed" / "raw").rglob("*.part"))


def kept_of_customs(raw: Path) -> list[Request]:
    names = [dataset.dataset_id for dataset in DATASETS if dataset.publisher == "customs"]
    return [kept.request for name in names for kept in vintages.kept(raw, name)]


def as_called(request: Request) -> str:
    """A request as the fake server counts it."""
    return f"{urlsplit(request.address).path}?{urlencode(request.params)}"


def test_nobody_answers(settings: Settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        access = Access(all_keys(), f"http://127.0.0.1:{probe.getsockname()[1]}")  # bound, but nobody listens
        planned = refresh.plan(Order(), settings, access, DATASETS, NOW)
        lines: list[str] = []
        with Transport(access, QUICK) as door:
            result = refresh.run(planned, settings, door, lines.append)
    assert result.failed
    assert lines[:-2] == [
        "customs: could not reach the Korea Customs Service (no connection).",
        "kosis: could not reach Statistics Korea (KOSIS) (no connection).",
        "ecos: could not reach the Bank of Korea (ECOS) (no connection).",
        "frankfurter: could not reach Frankfurter (no connection).",
        "worldbank: could not reach the World Bank (no connection).",
        "comtrade: could not reach UN Comtrade (no connection).",
    ]
