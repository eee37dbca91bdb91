"""The `yeokjikgu` command: build what is missing, serve the dashboard, open the browser, answer one question."""

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from dashboard import cli_live, cli_report, cli_shipments, scenarios, store, summary_text
from dashboard.ask import Asked, ask
from dashboard.i18n import Lang, settle_particles, words_for
from dashboard.model.errors import LimitError, ModelError
from dashboard.scenarios import Scenario, ScenarioError
from etl import warehouse
from etl.errors import BuildError
from etl.settings import Settings

_PORTS_TRIED = 100
_START_SECONDS = 90.0
_STOP_SECONDS = 5.0
_POLL_SECONDS = 0.1

_HELP = """Korea's cross-border e-commerce exports, and what a higher limit for their simplified declaration
changes.

Without a command: build the data if it is missing or out of date, start the dashboard, open the browser.
Ctrl-C stops it.
"""
_EPILOG = """\b
Examples:
  yeokjikgu                        all of it, on http://127.0.0.1:8501
  yeokjikgu --port 9000            on another port; a taken one gives way to the next free one
  yeokjikgu --no-browser           start it and open the address yourself
  yeokjikgu --host 0.0.0.0         let other machines in your network see it
  yeokjikgu build                  only build the data, and print its version
  yeokjikgu simulate --from 2000000 --to 4000000
                                   who newly qualifies when the limit moves, as text or (--json) as data
  yeokjikgu report --scenario f.toml --lang ko --out pack.pptx
                                   the board pack: slides, or .xlsx, or .html
  yeokjikgu sources                how each source stands, and which key it needs
  yeokjikgu refresh customs        fetch this month's figures (needs a free key)
  yeokjikgu import-trass FILE.xlsx, yeokjikgu import-kosis FILE.csv
                                   take a workbook or table downloaded by hand

\b
Where data lives (in the project's folder):
  data/reference/*.csv             the published figures; edit them, then build
  data/raw/                        what the publishers' interfaces answered; keep it
  data/yeokjikgu-VERSION.duckdb    built from these two; safe to delete
  data/current                     names the version in use
YEOKJIKGU_REFERENCE_DIR, YEOKJIKGU_RAW_DIR and YEOKJIKGU_BUILT_DIR put them elsewhere.
"""

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, help=_HELP, epilog=_EPILOG
)
app.add_typer(cli_shipments.app, name="shipments")
cli_live.register(app)


@dataclass(frozen=True)
class Address:
    """Where the dashboard listens: a host, a port, and the path that a proxy puts before every address."""

    host: str
    port: int
    base_path: str = ""

    @property
    def reachable_host(self) -> str:
        """The host to ask: a server listens on a wildcard, but nobody can go there."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def path(self) -> str:
        """The path of the first page, "/" or "/exports/"."""
        inner = self.base_path.strip("/")
        return f"/{inner}/" if inner else "/"

    @property
    def url(self) -> str:
        """What to type into the browser."""
        host = f"[{self.reachable_host}]" if ":" in self.reachable_host else self.reachable_host
        return f"http://{host}:{self.port}{self.path}".rstrip("/")


def _leave(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"yeokjikgu {version('yeokjikgu')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="First port to try.", min=1, max=65535)] = 8501,
    base_path: Annotated[
        str,
        typer.Option(
            help="Path before every address, as a proxy asks.", envvar="STREAMLIT_SERVER_BASE_URL_PATH"
        ),
    ] = "",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser.")] = True,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Start the dashboard, unless a command is named (its help is the text above)."""
    if context.invoked_subcommand is not None:
        return
    free = free_port(host, port)
    if free != port:
        typer.echo(f"Port {port} is not free: using {free}, the next one that is.")
    settings = Settings.from_environment()
    _make_ready(settings)
    _serve(settings, Address(host, free, base_path), browser=browser)


@app.command()
def build() -> None:
    """Build and check the data, and print its version.

    The data comes from data/reference and data/raw. A figure that cannot be right stops the build with its
    file, line and column, and the data built before stays in use.
    """
    with _one_sentence():
        built = warehouse.build(Settings.from_environment(), typer.echo)
    typer.echo(built.data_version)


@app.command()
def simulate(
    *,
    from_krw: Annotated[str | None, typer.Option("--from", help="Old limit, KRW.", metavar="KRW")] = None,
    to_krw: Annotated[str | None, typer.Option("--to", help="New limit, KRW.", metavar="KRW")] = None,
    population: Annotated[
        str | None, typer.Option(help="Base: total-2024, total-2021 or declared-2021.")
    ] = None,
    assumptions: Annotated[str | None, typer.Option(help="Set of priors: default or reference.")] = None,
    scenario: Annotated[
        Path | None, typer.Option(help="A scenario file; the options above go before what it says.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    lang: Annotated[Lang, typer.Option(help="Language of the text.")] = "en",
) -> None:
    """Say how many shipments a year newly qualify when the limit moves.

    Without options: from KRW 2M to 4M on the customs total of 2024.
    """
    with _one_sentence(lang):
        asked = _read_scenario(scenario)
        if from_krw is not None:
            asked = replace(asked, from_krw=_won(from_krw), via_krw=())
        if to_krw is not None:
            asked = replace(asked, to_krw=_won(to_krw), via_krw=())
        if population is not None:
            asked = replace(asked, population=population)
        if assumptions is not None:
            asked = replace(asked, assumptions=assumptions)
        answer, data_version = _answer(asked)
    model_version = version("yeokjikgu")
    if as_json:
        told = answer.as_json(model_version, data_version, lang)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in summary_text.lines(answer, words_for(lang), model_version, data_version):
        typer.echo(line)


@app.command()
def report(
    *,
    out: Annotated[Path, typer.Option(help="File to write: .pptx, .xlsx or .html.")],
    scenario: Annotated[Path | None, typer.Option(help="A scenario file; else KRW 2M to 4M.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language of the pack.")] = "ko",
    url: Annotated[
        str, typer.Option(help="Where the dashboard answers, for links.")
    ] = "http://127.0.0.1:8501",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write the board pack of a scenario: slides, a workbook that recomputes, or one HTML file.

    A file that exists is kept unless --force is given. The same scenario on the same data gives the same bytes.
    """
    with _one_sentence(lang):
        cli_report.check(out, force=force)
        asked, words = _read_scenario(scenario), words_for(lang)
        with _data_file() as file:
            slides = cli_report.write(asked, file, out, words, model=version("yeokjikgu"), url=url)
    typer.echo(f"Wrote {out}: {slides} slides.")


def _read_scenario(file: Path | None) -> Scenario:
    if file is None:
        return Scenario()
    try:
        return scenarios.read(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ScenarioError("", f"{file}: UTF-8 글이 아닙니다.", f"{file} is no UTF-8 text.") from error


def _won(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        raise LimitError(
            f"한도는 원 단위의 숫자여야 합니다: {text!r}.", f"A limit must be a number of won, not {text!r}."
        ) from error


def _answer(scenario: Scenario) -> tuple[Asked, str]:
    """Ask the data in use, built first where it is missing, and say its version."""
    with _data_file() as file, store.connect(file) as connection:
        rows = store.population_rows(connection), store.assumption_rows(connection)
        data_version = store.data_version(connection)
    return ask(scenario, *rows), data_version


@contextlib.contextmanager
def _data_file() -> Iterator[Path]:
    """The data in use, built first where it is missing; a file that turns out to be unreadable is named."""
    settings = Settings.from_environment()
    _make_ready(settings, report=lambda _line: None)  # the answer alone belongs on the output
    file = warehouse.current(settings)
    if file is None:
        raise BuildError("The data is gone; run yeokjikgu build")
    try:
        yield file
    except store.UnreadableError as error:
        raise BuildError(f"Cannot read {file.name}: delete it and run yeokjikgu build") from error


def free_port(host: str, first: int) -> int:
    """Return the first port from `first` on that can be bound on `host`; leave where there is none."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, first, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        _leave(f"Cannot find the host {host!r}: take 127.0.0.1 (this machine only) or 0.0.0.0 (everyone).")
    last = min(first + _PORTS_TRIED, 65536) - 1
    for port in range(first, last + 1):
        with socket.socket(family, kind) as probe:
            if sys.platform != "win32":  # there the option lets two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address[0], port, *address[2:]))
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    _leave(f"Cannot listen on {host}: {error.strerror}.")
            else:
                return port
    _leave(f"No port from {first} to {last} is free on {host}.")


def _make_ready(settings: Settings, report: Callable[[str], None] = typer.echo) -> None:
    """Build the data if it is missing or out of date; keep to an older version where that fails."""
    with _one_sentence():
        older = warehouse.current(settings)
        if older is not None and not warehouse.is_out_of_date(settings):
            return
        try:
            warehouse.build(settings, report)
        except (BuildError, OSError) as error:
            if older is None:
                raise
            typer.echo(f"{_sentence(error)} The data stays as it was: {older.name}.", err=True)


@contextlib.contextmanager
def _one_sentence(lang: Lang = "en") -> Iterator[None]:
    """Leave with one sentence and exit code 1 where the question, the data or its folder is at fault."""
    try:
        yield
    except ModelError as error:
        sentence = " ".join(error.in_language(lang).split())
        _leave(settle_particles(sentence) if lang == "ko" else sentence)
    except (BuildError, OSError) as error:
        _leave(_sentence(error))


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"Cannot use {error.filename}: {error.strerror}."
    return f"{str(error).removesuffix('.')}."


def _serve(settings: Settings, address: Address, *, browser: bool) -> None:
    """Run the server until it ends or is told to, and open the browser once the first page has content."""
    flags = {
        "server.address": address.host,
        "server.port": str(address.port),
        "server.baseUrlPath": address.base_path,
        "server.headless": "true",
        "server.maxUploadSize": "500",  # MB: what a laptop holds in memory beside the rest; the page says so
        # Seconds that a session without its page is kept for a broken line to come back: with it goes what was uploaded.
        "server.disconnectedSessionTTL": "30",
        "server.scriptHealthCheckEnabled": "true",
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",  # on 0.0.0.0 it would ask another host for the outer address
    }
    command = [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("server.py"))]
    command += [word for name, value in flags.items() for word in (f"--{name}", value)]
    # The server starts in another folder, where a relative path would mean something else.
    folders = {
        "YEOKJIKGU_REFERENCE_DIR": str(settings.reference_dir),
        "YEOKJIKGU_RAW_DIR": str(settings.raw_dir),
        "YEOKJIKGU_BUILT_DIR": str(settings.built_dir),
    }
    for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, _stop)
    # In a group of its own: Ctrl-C reaches this process only, which then ends the server in order.
    with subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        command,
        cwd=settings.root,  # where .streamlit/config.toml is
        env={**os.environ, **folders},
        process_group=None if sys.platform == "win32" else 0,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    ) as server:
        try:
            _announce(server, address, browser=browser)
            code = server.wait()
        except KeyboardInterrupt:
            typer.echo("\nStopped.")
            return
        finally:
            _end(server)
    _leave(f"The server ended by itself (exit code {code}); its messages are above.")


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:  # an open page may hold its connection
        server.kill()


def _announce(server: subprocess.Popen[bytes], address: Address, *, browser: bool) -> None:
    in_order = _wait_for_content(server, address)
    if server.poll() is not None:
        return
    if not in_order:
        typer.echo("The first page shows an error; the messages above say which.", err=True)
    typer.echo(f"Yeokjikgu is at {address.url} (Ctrl-C stops it).")
    if browser and not webbrowser.open(address.url):
        typer.echo("No browser found here: open that address in one.")


def _wait_for_content(server: subprocess.Popen[bytes], address: Address) -> bool:
    """Wait until the server has run the first page, and say whether it did so without an error."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        # Not urllib: a proxy in the environment must not stand between this machine and itself.
        connection = HTTPConnection(address.reachable_host, address.port, timeout=_START_SECONDS)
        try:
            # Streamlit's health route runs the page; the plain one is content before there is any.
            connection.request("GET", f"{address.path}_stcore/script-health-check")
            return connection.getresponse().read() == b"ok"
        except (OSError, HTTPException):
            time.sleep(_POLL_SECONDS)
        finally:
            connection.close()
    return False


def main() -> None:
    """Run the command."""
    app()


if __name__ == "__main__":
    main()
