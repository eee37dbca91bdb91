"""The stand-in for the publishers: started by hand it says what to set, counts calls, and always plays the same figures."""

import json
import shlex
import subprocess
import sys

import pytest
import requests

from etl.settings import ROOT
from etl.sources.customs import NATIONTRADE, NEWTRADE, NITEMTRADE
from etl.sources.source import Answer, Dataset, Scope
from tests.fake_apis import FakeServer, Faults, all_faults, all_keys, serving
from tests.fake_apis.customs import KEY


def test_started_by_hand_it_prints_what_to_set_and_counts_calls() -> None:
    command = [sys.executable, "-m", "tests.fake_apis", "--today", "2026-11-23", "--fault", "customs.late=1"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            lines = [server.stdout.readline() for _ in range(len(all_keys()) + 2)]
            exports = dict(shlex.split(line)[1].split("=", 1) for line in lines[:-1])
            base = exports.pop("YEOKJIKGU_API_BASE")
            params = {"serviceKey": KEY, "strtYymm": "202609", "endYymm": "202610"}
            body = requests.get(f"{base}/1220000/Newtrade/getNewtradeList", params, timeout=5).content
            calls = json.loads(requests.get(f"{base}/calls", timeout=5).content)
        finally:
            server.kill()

    assert exports == all_keys()
    assert b"2026.09" in body
    assert b"2026.10" not in body
    assert calls == {"/1220000/Newtrade/getNewtradeList?strtYymm=202609&endYymm=202610": 1}


def test_an_unknown_fault_is_refused() -> None:
    command = [sys.executable, "-m", "tests.fake_apis", "--fault", "customs.none"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "“customs.none” is no fault" in done.stderr


def test_every_fault_is_described_and_named_for_its_publisher() -> None:
    assert all(all_faults().values())
    assert {name.partition(".")[0] for name in all_faults() if "." in name} >= {"customs"}


def bodies(server: FakeServer, dataset: Dataset, scope: Scope) -> list[bytes]:
    return [
        requests.get(
            each.address.replace("https://apis.data.go.kr", server.base),
            [("serviceKey", KEY), *each.params],
            timeout=10,
        ).content
        for each in dataset.plan(scope)
    ]


@pytest.mark.parametrize(
    "dataset", [NEWTRADE, NATIONTRADE, NITEMTRADE], ids=lambda dataset: dataset.dataset_id
)
def test_two_servers_play_the_same_figures(dataset: Dataset) -> None:
    scope = Scope("2019-01", "2026-10", ("3304", "8523"), ("US", "JP"), "2026-11-23")
    with serving() as one, serving(Faults()) as other:
        assert bodies(one, dataset, scope) == bodies(other, dataset, scope)


def test_the_figures_are_plausible() -> None:
    scope = Scope("2019-01", "2026-10", ("3304",), ("US",), "2026-11-23")
    with serving() as server:
        trade: dict[str, int] = {}
        for body, request in zip(bodies(server, NITEMTRADE, scope), NITEMTRADE.plan(scope), strict=True):
            columns = NITEMTRADE.read(Answer(200, body), request).columns
            for month, value in zip(columns["month"], columns["exports_usd"], strict=True):
                trade[str(month)] = trade.get(str(month), 0) + int(value or 0)

    years = {
        year: sum(value for month, value in trade.items() if month[:4] == year) for year in ("2019", "2025")
    }
    assert len(trade) == 94
    assert 1.3 < years["2025"] / years["2019"] < 2.2, "cosmetics grow"
    assert 20e6 < trade["2024-12"] < 300e6, "in the order of the real 127 million dollars"
    assert trade["2024-02"] < trade["2024-11"], "with a season"
