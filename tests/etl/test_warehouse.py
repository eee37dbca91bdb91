"""Versions, checks and the way a new build comes into use: at once, whole, or not at all."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from etl import warehouse
from etl.errors import BuildError, CheckError
from etl.settings import ROOT, Settings
from etl.warehouse import Build, build, current, is_out_of_date

OBSERVATIONS = "observations.csv"
# A figure that one source only gives, before and after an edit.
FIGURE, OLD, NEW = "F064", 188_800_000_000, 188_700_000_000
Change = Callable[..., None]


def silent(_: str) -> None: ...


def read(path: Path) -> tuple[str, float]:
    """The data version, and a figure that the tests change along with it, as one reader sees them."""
    with duckdb.connect(path, read_only=True) as connection:
        version = connection.execute("SELECT data_version FROM mart.build").fetchone()
        figure = connection.execute(
            "SELECT value FROM mart.observation WHERE observation_id = $figure", {"figure": FIGURE}
        ).fetchone()
    assert version is not None
    assert figure is not None
    return version[0], figure[0]


def in_use(settings: Settings) -> Path:
    path = current(settings)
    assert path is not None
    return path


@pytest.fixture
def edited(settings: Settings, change: Change) -> Settings:
    """As `settings`, with another figure."""
    change(OBSERVATIONS, FIGURE, value=str(NEW))
    return settings


# ---- Versions


def test_the_same_figures_have_the_same_version(built: tuple[Settings, Build], tmp_path: Path):
    again = build(replace(built[0], built_dir=tmp_path / "new" / "folder"), silent)
    assert again.data_version == built[1].data_version
    assert again.path.name == built[1].path.name
    assert re.fullmatch(r"[0-9a-f]{12,}", again.data_version)


def test_a_second_build_uses_the_file_of_the_first(settings: Settings, built: tuple[Settings, Build]):
    before = {
        path.name: path.stat().st_ino for path in settings.built_dir.iterdir() if path.name != "current"
    }
    again = build(settings, silent)
    after = {path.name: path.stat().st_ino for path in settings.built_dir.iterdir() if path.name != "current"}
    assert after == before
    assert (again.data_version, again.rows) == (built[1].data_version, built[1].rows)


def test_the_order_of_rows_does_not_count(
    settings: Settings, built: tuple[Settings, Build], rewrite: Callable[..., None]
):
    def shuffle(rows: list[list[str]]) -> list[list[str]]:
        header, *rest = rows
        random.Random(1).shuffle(rest)  # noqa: S311 (an order, no secret)
        return [header, *rest]

    rewrite(OBSERVATIONS, shuffle)
    rewrite("sources.csv", shuffle)
    again = build(settings, silent)
    assert again.data_version == built[1].data_version
    assert again.path != built[1].path  # other inputs: nobody has to guess whether it was built again


def test_a_note_counts(settings: Settings, built: tuple[Settings, Build], change: Change):
    change(OBSERVATIONS, FIGURE, note_en="Read again")
    assert build(settings, silent).data_version != built[1].data_version


def test_the_steps_are_reported_and_the_version_is_in_the_file(
    settings: Settings, built: tuple[Settings, Build]
):
    steps: list[str] = []
    again = build(settings, steps.append)
    assert [step for step in steps if step.startswith("Read observations.csv: ")]
    assert steps[-1] == f"In use from now on: data version {built[1].data_version}"
    assert read(again.path)[0] == again.data_version
    assert again.rows > 900
    assert again.seconds > 0


# ---- What is in use


def test_nothing_is_in_use_before_the_first_build(tmp_path: Path):
    empty = Settings(ROOT / "data" / "reference", tmp_path / "raw", tmp_path / "none")
    assert current(empty) is None
    assert is_out_of_date(empty)


@pytest.mark.parametrize("pointer", ["", "\n", "yeokjikgu-000000000000-00000000.duckdb\n"])
def test_a_pointer_to_nothing_means_nothing_is_in_use(settings: Settings, pointer: str):
    (settings.built_dir / "current").unlink()
    (settings.built_dir / "current").write_text(pointer, encoding="utf-8")
    assert current(settings) is None
    assert is_out_of_date(settings)


def test_an_unchanged_checkout_is_not_out_of_date_and_an_edited_one_is(settings: Settings, change: Change):
    assert not is_out_of_date(settings)
    change("facts.csv", "F150", note_en="Read again")
    assert is_out_of_date(settings)
    build(settings, silent)
    assert not is_out_of_date(settings)


def test_a_file_that_is_missing_counts_as_out_of_date(settings: Settings, copied_reference: Path):
    (copied_reference / "events.csv").unlink()
    assert is_out_of_date(settings)


def test_what_is_edited_during_a_build_is_out_of_date_after_it(settings: Settings, change: Change):
    def edit(step: str) -> None:
        if step.startswith("Read observations.csv"):
            change(OBSERVATIONS, FIGURE, value=str(NEW))

    built = build(settings, edit)
    assert read(built.path) == (built.data_version, OLD)
    assert is_out_of_date(settings)
    assert read(build(settings, silent).path)[1] == NEW


@pytest.mark.skipif(os.name == "nt", reason="POSIX file modes")
def test_every_user_may_read_what_is_in_use(settings: Settings):
    build(settings, silent)
    assert (settings.built_dir / "current").stat().st_mode & 0o444 == 0o444


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(settings: Settings, tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(BuildError, match=r"^The data folder cannot be written: [^\n]+$"):
        build(replace(settings, built_dir=tmp_path / "taken"), silent)


def test_old_versions_and_what_killed_builds_left_go(
    settings: Settings, built: tuple[Settings, Build], change: Change
):
    litter = ["building-old.duckdb", "building-old.duckdb.wal", "current.old", "yeokjikgu-0-0.duckdb"]
    young = ["building-young.duckdb", "building-young.duckdb.wal", "current.young", "yeokjikgu-1-1.duckdb"]
    for name in litter + young:
        (settings.built_dir / name).touch()
    for name in litter:
        os.utime(settings.built_dir / name, (0, 0))
    os.utime(in_use(settings), (0, 0))  # the previous version stays, however old: a reader may be opening it
    change(OBSERVATIONS, FIGURE, value=str(NEW))
    newest = build(settings, silent)
    left = {path.name for path in settings.built_dir.iterdir()}
    assert left == {"current", built[1].path.name, newest.path.name, *young}


# ---- Checks

# Check -> the smallest edit that breaks it: fixture, file, keys and cells.
VIOLATIONS = {
    "at most one preferred observation per series, metric, member and period": (
        "change observations.csv F237 preferred=yes"
    ),
    "where sources give a figure, one of them is preferred": "change observations.csv F001 preferred=no",
    "where sources disagree, the preferred figure says why": "change observations.csv F238 reason_en=",
    "levels and shares are not negative, shares are at most 100": "change observations.csv F193 value=100.1",
    # beside 20.3 and 19.7
    "shares of one publication add up to at most 100, give or take rounding": (
        "change observations.csv F162 value=60.2"
    ),
    # of 40,497,000
    "a part is not more than its whole": "change observations.csv F046 value=40497001",
    # beside 31,269,000 of 40,497,000
    "parts do not add up to more than their whole": "change observations.csv F048 value=9528000",
    # of 61,170,000
    "a part of a year is not more than the year": "change observations.csv F018 value=61170001",
    "published in won and in dollars at once, the two imply a plausible exchange rate": (
        "change observations.csv F029 value=4591000000000"
    ),
    "one preferred exchange rate per period": "change exchange_rates.csv F393 preferred=yes",
    "a series is followed by another series of another definition": (
        "change series.csv kostat_old followed_by=kostat_old"
    ),
    "a price index is 100 in its base year": "change price_index.csv cpi-2020 index_value=100.1",
    "price indices of several bases share a year in which they can be linked": (
        "drop price_index.csv cpi-2020-old"
    ),
    "the limit in force is known for each channel and day": (
        "add limits.csv simplified-2024 other limit_krw=3000000"
    ),
    "a contradiction names at least two figures": "change contradictions.csv won-2024 observation_ids=F029",
    "every series, metric, item and source that is kept is used": (
        "add sources.csv ekn-2022-10-17 unused title=Unused"
    ),
    "numbers of a publication carry its quality or a weaker one": (
        "change observations.csv F001 quality=official"
    ),
    # the rate of 2021
    "the three full-year populations of the simulator are there with cases, value and rate": (
        "drop exchange_rates.csv F376"
    ),
    # no won rate of 2011 is kept
    "a currency is turned into won by a won rate of the same publication and year": (
        "change currency_rates.csv h10-JPY-2025 period=2011"
    ),
    "a rule that has ended says when": "change destination_rules.csv IN-gift valid_to=",
    # the next begins on 2026-01-01
    "rules of one destination, route and goods do not overlap": (
        "change destination_rules.csv TH-2024 valid_to=2026-01-01"
    ),
    "rules of one destination, route and goods leave no gap": (
        "change destination_rules.csv TH-2024 valid_to=2025-12-30"
    ),
    "facts of markets lie within what is possible": "change market_figures.csv internet-users-JP-2024 value=100.1",
    # of 11,431,000,000
    "exports of an item to one destination are not more than to all": (
        "change market_figures.csv cosmetics-exports-US-2025 value=11431000001"
    ),
    "figures of markets, rates and rules carry the quality of their publication or a weaker one": (
        "change market_figures.csv cosmetics-exports-US-2025 quality=official"
    ),
}
# Each row of the view has its own day by construction; only another view could break this one.
OF_THE_VIEW = "a line for a chart uses one frequency and one definition"


def test_each_check_is_tried():
    names = re.findall(r"^-- check: (.+)$", warehouse.sql("checks.sql"), re.MULTILINE)
    assert sorted(names) == sorted([*VIOLATIONS, OF_THE_VIEW])


@pytest.mark.parametrize("check", VIOLATIONS)
def test_each_check_can_fail(
    settings: Settings, check: str, request: pytest.FixtureRequest, built: tuple[Settings, Build]
):
    how, *words = VIOLATIONS[check].split()
    cells = dict(word.split("=") for word in words if "=" in word)
    request.getfixturevalue(how)(*(word for word in words if "=" not in word), **cells)
    before = {path.name for path in settings.built_dir.iterdir()}
    with pytest.raises(CheckError) as caught:
        build(settings, silent)
    assert str(caught.value).startswith(f"{check}: ")
    assert "\n" not in str(caught.value)
    assert {path.name for path in settings.built_dir.iterdir()} == before
    assert read(in_use(settings))[0] == built[1].data_version


def test_the_check_of_the_view_can_fail(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    original = warehouse.sql

    def doubled(name: str) -> str:
        twice = "ALTER VIEW mart.trend RENAME TO once; CREATE VIEW mart.trend AS FROM mart.once UNION ALL FROM mart.once;"
        return original(name) + (twice if name == "marts.sql" else "")

    monkeypatch.setattr(warehouse, "sql", doubled)
    with pytest.raises(CheckError, match=f"^{OF_THE_VIEW}: "):
        build(settings, silent)


def test_the_same_days_written_in_another_way_are_the_same_period(settings: Settings, add: Change):
    add(OBSERVATIONS, "F001", "Z001", period="2017-01..2017-12", source_id="fed-h10-2026-07-21")
    with pytest.raises(CheckError, match=r"^at most one preferred observation"):
        build(settings, silent)


# ---- Killed builds


def kill_after(settings: Settings, steps: int) -> str:
    """Run the command, kill it when it has printed so many lines, and return all that it printed."""
    environment = os.environ | {
        "YEOKJIKGU_BUILT_DIR": str(settings.built_dir),
        "YEOKJIKGU_REFERENCE_DIR": str(settings.reference_dir),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "dashboard.cli", "build"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline() for _ in range(steps)]
        process.send_signal(signal.SIGKILL)
        printed += process.stdout.readlines()
    assert all(printed), "the command ended before it had printed so many lines"
    return "".join(printed)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_build_killed_after_any_step_leaves_the_old_data_in_use(
    edited: Settings, built: tuple[Settings, Build], tmp_path: Path
):
    steps: list[str] = []
    expected = build(replace(edited, built_dir=tmp_path / "whole"), steps.append)
    old, new = (built[1].data_version, OLD), (expected.data_version, NEW)
    assert old[0] != new[0]

    def kill(step: int) -> None:
        folder = tmp_path / f"killed-{step}"
        folder.mkdir()
        for path in edited.built_dir.iterdir():
            os.link(path, folder / path.name)
        settings = replace(edited, built_dir=folder)
        printed = kill_after(settings, step)
        # Only a build that has written its file can have moved the pointer, and it moves it in one step.
        assert read(in_use(settings)) == old or ("Wrote " in printed and read(in_use(settings)) == new), (
            printed
        )
        assert "In use" not in printed or read(in_use(settings)) == new

    # The line after the last step is the version.
    with ThreadPoolExecutor(2) as killers:
        for done in [killers.submit(kill, step) for step in range(1, len(steps) + 2)]:
            done.result()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_the_next_build_succeeds_and_cleans_up(edited: Settings, built: tuple[Settings, Build]):
    for step in (5, 14):
        kill_after(edited, step)
    newest = build(edited, silent)
    assert read(in_use(edited)) == (newest.data_version, NEW)
    left = set(edited.built_dir.iterdir()) - {
        newest.path,
        edited.built_dir / built[1].path.name,
    }
    litter = left - {edited.built_dir / "current"}
    assert all(path.name.startswith("building-") for path in litter)
    for path in litter:
        os.utime(path, (0, 0))
    build(edited, silent)
    assert not {path for path in litter if path.exists()}


# ---- Readers and builders at the same time


def test_readers_see_one_version_at_a_time_and_then_the_newest(
    edited: Settings, built: tuple[Settings, Build]
):
    """Each reader does what a page does once a run: resolve the pointer, open that file, read, close."""
    variants = [edited, replace(edited, reference_dir=built[0].reference_dir)]
    whole = {OLD: built[1].data_version}
    seen: list[tuple[str, float]] = []
    done = threading.Event()

    def run() -> None:
        while not done.wait(0.02):
            seen.append(read(in_use(edited)))

    with (
        duckdb.connect(in_use(edited), read_only=True) as long_reader,
        ThreadPoolExecutor(2) as readers,
    ):
        running = [readers.submit(run) for _ in range(2)]
        try:
            for turn in range(5):
                newest = build(variants[turn % 2], silent)
                whole[(NEW, OLD)[turn % 2]] = newest.data_version
                assert read(in_use(edited)) == (newest.data_version, (NEW, OLD)[turn % 2])
        finally:
            done.set()
        for reader in running:
            reader.result()
        assert long_reader.execute("SELECT data_version FROM mart.build").fetchone() == (
            built[1].data_version,
        )
    assert {(version, figure) for figure, version in whole.items()} == set(seen)
    assert read(in_use(edited)) == (whole[NEW], NEW)


@pytest.mark.parametrize("same", [True, False], ids=["of the same figures", "of different figures"])
def test_two_builds_at_the_same_time_both_succeed(
    edited: Settings, built: tuple[Settings, Build], *, same: bool
):
    other = edited if same else replace(edited, reference_dir=built[0].reference_dir)
    wrote = threading.Barrier(2)

    def meet(step: str) -> None:
        if step.startswith("Wrote "):  # both files are there, none is in use: the worst moment
            wrote.wait(60)

    with ThreadPoolExecutor(2) as builders:
        first, second = (builders.submit(build, one, meet) for one in (edited, other))
        results = [first.result(), second.result()]
    assert len({result.data_version for result in results}) == (1 if same else 2)
    assert read(in_use(edited))[0] in {result.data_version for result in results}
    assert all(read(result.path)[0] == result.data_version for result in results)
    assert not list(edited.built_dir.glob("building-*"))
