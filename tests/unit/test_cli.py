"""The command line: what it says, how it ends, and that the data built before survives."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dashboard import cli
from etl.errors import BuildError

COMMAND = [sys.executable, "-m", "dashboard.cli"]
SENTENCE = "observations.csv, line 7, column value: '12x' is no number."


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[cli.Address]:
    """Addresses that would have been served."""
    addresses: list[cli.Address] = []
    monkeypatch.setattr(cli, "_serve", lambda _settings, address, *, browser: addresses.append(address))  # noqa: ARG005
    return addresses


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def warehouse(
    monkeypatch: pytest.MonkeyPatch,
    *,
    current: Path | None,
    out_of_date: bool = False,
    fails: Exception | None = None,
) -> list[str]:
    """Stand in for the pipeline; the list says what was asked of it."""
    asked: list[str] = []

    def build(_settings: Any, report: Callable[[str], None]) -> SimpleNamespace:
        asked.append("build")
        report("reading the figures")
        if fails is not None:
            raise fails
        return SimpleNamespace(data_version="0123456789ab")

    monkeypatch.setattr(cli.warehouse, "build", build)
    monkeypatch.setattr(cli.warehouse, "current", lambda _settings: current)
    monkeypatch.setattr(cli.warehouse, "is_out_of_date", lambda _settings: out_of_date)
    return asked


def in_one_sentence(result: Result) -> bool:
    return (
        result.exit_code == 1
        and isinstance(result.exception, SystemExit)
        and "Traceback" not in result.output
    )


def test_version():
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"yeokjikgu {version('yeokjikgu')}\n")


def test_help_teaches():
    text = run("--help").stdout
    for word in (
        "Examples:",
        "yeokjikgu build",
        "--host",
        "--port",
        "--no-browser",
        "data/reference",
        "Ctrl-C",
    ):
        assert word in text
    assert "data/reference" in run("build", "--help").stdout


def test_command_as_typed_shows_no_traceback():
    result = subprocess.run([*COMMAND, "--port", "http"], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "--port" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words", [("--port", "0"), ("--port", "65536"), ("--port", "x"), ("--colour", "red"), ("biuld",)]
)
def test_words_that_mean_nothing(words: tuple[str, ...], served: list[cli.Address]):
    assert run(*words).exit_code == 2
    assert served == []


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 300])
def test_host_that_cannot_be_bound(host: str, served: list[cli.Address]):
    result = run("--host", host)
    assert in_one_sentence(result), result.output
    assert len(result.stderr.splitlines()) == 1
    assert served == []


def test_host_that_nobody_knows(monkeypatch: pytest.MonkeyPatch, served: list[cli.Address]):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = run("--host", "dashboard.invalid")
    assert in_one_sentence(result)
    assert "'dashboard.invalid'" in result.stderr
    assert served == []


def test_free_port_is_kept(taken_port: int):
    free = cli.free_port("127.0.0.1", taken_port)
    assert free > taken_port
    assert cli.free_port("127.0.0.1", free) == free


def test_taken_port_gives_way(monkeypatch: pytest.MonkeyPatch, served: list[cli.Address], taken_port: int):
    warehouse(monkeypatch, current=Path("yeokjikgu-1.duckdb"))
    result = run("--port", str(taken_port))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0].startswith(f"Port {taken_port} is not free: using {served[0].port},")


def test_no_free_port(monkeypatch: pytest.MonkeyPatch, taken_port: int):
    monkeypatch.setattr(cli, "_PORTS_TRIED", 1)
    result = run("--port", str(taken_port))
    assert in_one_sentence(result)
    assert f"{taken_port}" in result.stderr


def test_data_up_to_date_is_not_built(monkeypatch: pytest.MonkeyPatch, served: list[cli.Address]):
    asked = warehouse(monkeypatch, current=Path("yeokjikgu-1.duckdb"))
    assert run("--base-path", "/exports/").exit_code == 0
    assert asked == []
    assert served[0].url.endswith("/exports")


@pytest.mark.parametrize(("current", "out_of_date"), [(None, True), (Path("yeokjikgu-1.duckdb"), True)])
def test_missing_or_old_data_is_built(
    monkeypatch: pytest.MonkeyPatch, served: list[cli.Address], current: Path | None, *, out_of_date: bool
):
    asked = warehouse(monkeypatch, current=current, out_of_date=out_of_date)
    result = run()
    assert (result.exit_code, asked, len(served)) == (0, ["build"], 1)
    assert "reading the figures" in result.stdout


def test_broken_figures_without_older_data(monkeypatch: pytest.MonkeyPatch, served: list[cli.Address]):
    warehouse(monkeypatch, current=None, out_of_date=True, fails=BuildError(SENTENCE))
    result = run()
    assert in_one_sentence(result)
    assert result.stderr == f"{SENTENCE}\n"
    assert served == []


def test_broken_figures_leave_older_data_in_use(monkeypatch: pytest.MonkeyPatch, served: list[cli.Address]):
    older = Path("yeokjikgu-1.duckdb")
    warehouse(monkeypatch, current=older, out_of_date=True, fails=BuildError(SENTENCE))
    result = run()
    assert result.exit_code == 0
    assert result.stderr == f"{SENTENCE} The data stays as it was: {older.name}.\n"
    assert len(served) == 1


def test_build_prints_its_version_last(monkeypatch: pytest.MonkeyPatch):
    warehouse(monkeypatch, current=None)
    result = run("build")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "0123456789ab")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (BuildError(SENTENCE), SENTENCE),
        (
            PermissionError(13, "Permission denied", "data/reference"),
            "Cannot use data/reference: Permission denied.",
        ),
    ],
)
def test_build_that_cannot_be(monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str):
    warehouse(monkeypatch, current=None, fails=error)
    result = run("build")
    assert in_one_sentence(result)
    assert result.stderr == f"{sentence}\n"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (cli.Address("127.0.0.1", 8501), "http://127.0.0.1:8501"),
        (cli.Address("0.0.0.0", 8501), "http://127.0.0.1:8501"),  # noqa: S104
        (cli.Address("::", 8501, "/a/b/"), "http://[::1]:8501/a/b"),
        (cli.Address("localhost", 80, "x"), "http://localhost:80/x"),
    ],
)
def test_address(address: cli.Address, url: str):
    assert address.url == url


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to another process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_server_stops_with_the_command(tmp_path: Path, number: signal.Signals, code: int):
    port = cli.free_port("127.0.0.1", 18501)
    with subprocess.Popen(
        [*COMMAND, "--no-browser", "--port", str(port)],
        cwd=tmp_path,  # the command works from any folder, and a relative one means this
        env={**os.environ, "YEOKJIKGU_BUILT_DIR": "data", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as command:
        assert command.stdout is not None
        lines = []
        try:
            for line in command.stdout:
                lines.append(line)
                if line.startswith("Yeokjikgu is at"):
                    break
            assert command.poll() is None, "".join(lines)
            assert f"http://127.0.0.1:{port} " in lines[-1]
            assert (tmp_path / "data" / "current").exists()
            assert "shows an error" not in "".join(lines)
            asked = time.monotonic()
        finally:
            command.send_signal(number)
        rest = command.stdout.read()
        assert command.wait() == code
    assert "Traceback" not in "".join(lines) + rest
    assert time.monotonic() - asked < 10
    assert cli.free_port("127.0.0.1", port) == port
