"""Ask the publishers for what is new: plan, say how many calls, ask, check, keep; stop politely and go on later."""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from etl import vintages, watchlist
from etl.errors import (
    BuildError,
    BusyError,
    FormatError,
    QuotaError,
    RefusedError,
    SourceError,
    UnreachableError,
)
from etl.settings import Access, Settings
from etl.sources.source import Answer, Dataset, Request, Rows, Scope

# Data sets that nobody can ask for over the network, and the command that takes their files.
IMPORTS = {"trass": "import-trass", "kosis_file": "import-kosis"}

_MONTHS_BACK = 13  # the Customs Service corrects past months; three are certain, a year and one is safe
_PLAN_DAYS = 7.0  # what is older than that is asked for anew
_PLANS = "plans"
_LOCK = "refresh.lock"
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_FAILURES_IN_A_ROW = 3
_FAILURES_SHOWN = 5

Report = Callable[[str], None]
Progress = Callable[[int, int, str], None]


class Door(Protocol):
    """What is asked of `etl.transport`."""

    last: Answer | None

    def fetch(self, dataset: Dataset, request: Request) -> tuple[Answer, Rows]:
        """Ask, and read what came."""


@dataclass(frozen=True)
class Order:
    """What a person asked for; what is left open follows from the day and the watchlist.

    Attributes:
        sources: publishers or data sets; all by default.
        since, until: months (2024-01), both included.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    hs_codes: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One request of one data set."""

    dataset: Dataset
    request: Request


@dataclass(frozen=True)
class Plan:
    """All calls of an order, those that were made already among them.

    Attributes:
        started: when the order was first given (UTC).
        done: requests that were answered since then.
        controls: data sets whose totals others are checked against, whether they are asked now or not.
        notes: what a reader should know before the first call: which publishers are left out, and why.
        failed: somebody asked for a publisher that cannot be asked.
    """

    order: Order
    scope: Scope
    started: datetime
    calls: tuple[Call, ...]
    controls: tuple[Dataset, ...] = ()
    done: frozenset[Request] = frozenset()
    notes: tuple[str, ...] = ()
    failed: bool = False

    @property
    def left(self) -> tuple[Call, ...]:
        """Calls still to make."""
        return tuple(call for call in self.calls if call.request not in self.done)

    def summary(self) -> list[str]:
        """One line a publisher: how many calls, and how long they take at the pace that it allows."""
        left = self.left
        lines = []
        for publisher in dict.fromkeys(call.dataset.publisher for call in self.calls):
            everything = sum(call.dataset.publisher == publisher for call in self.calls)
            now = [call for call in left if call.dataset.publisher == publisher]
            minutes = round(sum(1 / call.dataset.calls_per_second for call in now) / 60)
            pace = f", about {minutes:,} {'minute' if minutes == 1 else 'minutes'}" if minutes else ""
            made = f" ({everything - len(now):,} are made already)" if len(now) < everything else ""
            lines.append(f"{publisher}: at most {len(now):,} {_calls(len(now))}{pace}{made}")
        lines.append(f"In all: at most {len(left):,} {_calls(len(left))}, those apart that must be repeated")
        return lines


@dataclass
class Result:
    """What came of a refresh.

    Attributes:
        kept: answers kept; `news` of them say something new.
        left: calls that were not made or brought nothing.
        failed: something did not work, and a script should know.
    """

    kept: int = 0
    news: int = 0
    left: int = 0
    failed: bool = False


@dataclass
class _Publishers:
    """Who is not asked any more, and how often in a row each data set failed."""

    stopped: set[str] = field(default_factory=set)
    failures: Counter[str] = field(default_factory=Counter)


def plan(
    order: Order,
    settings: Settings,
    access: Access,
    datasets: Sequence[Dataset],
    now: datetime,
    *,
    anew: bool = False,
) -> Plan:
    """The calls of an order; one that was begun and not finished goes on where it stopped, unless `anew`.

    `now` has a time zone. Nothing is written.

    Raises:
        BuildError: a publisher, month or code that is none, or a damaged file among those kept.
    """
    wanted = _wanted(order.sources, datasets)
    begun = None if anew else _begun(settings, order, now)
    if begun is None:
        begun = now, _scope(order, settings, now)
    started, scope = begun
    scope = replace(scope, keys=frozenset(access.keys))
    calls: list[Call] = []
    keyless: dict[str, Dataset] = {}
    for dataset in wanted:
        if dataset.key and not dataset.key_optional and dataset.key not in access.keys:
            keyless.setdefault(dataset.publisher, dataset)
        else:
            calls += [Call(dataset, request) for request in dataset.plan(scope)]
    calls.sort(key=lambda call: call.dataset.controls is None)  # what others are checked against goes first
    notes = tuple(
        f"{publisher}: no key; get one at {dataset.apply_at} and set {dataset.key} (or write it into .env)"
        for publisher, dataset in keyless.items()
    )
    named = any(
        each.dataset_id in order.sources or each.publisher in order.sources for each in keyless.values()
    )
    done = frozenset(
        kept.request
        for dataset in {id(call.dataset): call.dataset for call in calls}.values()
        for kept in vintages.kept(settings.raw_dir, dataset.dataset_id)
        if kept.retrieved >= started
    )
    controls = tuple(dataset for dataset in datasets if dataset.controls is not None)
    return Plan(order, scope, started, tuple(calls), controls, done, notes, failed=named)


def run(
    planned: Plan,
    settings: Settings,
    door: Door,
    report: Report,
    progress: Progress = lambda _done, _all, _words: None,
    *,
    max_calls: int | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Result:
    """Make the calls that are left, and keep what passes its checks.

    `report` gets one line for everything that a person should know, `progress` calls made, calls in all, and the next one.

    Raises:
        BuildError: another refresh is running, or the folder cannot be written.
    """
    result = Result(failed=planned.failed)
    try:
        with _alone(settings.raw_dir):
            vintages.sweep(settings.raw_dir)
            _write_plan(settings, planned)
            _make_calls(planned, settings.raw_dir, door, report, progress, result, max_calls, clock)
    except OSError as error:
        raise BuildError(f"{settings.raw_dir} cannot be written: {error.strerror or error}") from None
    return result


def finish(planned: Plan, settings: Settings, result: Result) -> None:
    """Forget an order of which no call is left, so that the same command asks anew: once its figures are built, not before.

    Killed while it builds, a refresh would make all its calls again.
    """
    if not result.left:
        _plan_file(settings, planned.order).unlink(missing_ok=True)


def month_back(day: date, months: int) -> str:
    """The month so many before that of a day: (2026-11-23, 13) -> 2025-10."""
    count = day.year * 12 + day.month - 1 - months
    return f"{count // 12:04}-{count % 12 + 1:02}"


def _make_calls(
    planned: Plan,
    folder: Path,
    door: Door,
    report: Report,
    progress: Progress,
    result: Result,
    max_calls: int | None,
    clock: Callable[[], datetime],
) -> None:
    left = planned.left
    known = _Known(folder, planned)
    sayings = _Sayings(report)
    publishers = _Publishers()
    made = 0
    for number, (dataset, request) in enumerate((call.dataset, call.request) for call in left):
        if publishers.stopped & {dataset.publisher, dataset.dataset_id}:
            result.left += 1
            continue
        if made == max_calls:
            result.left += len(left) - number
            report(f"Stopped after {made:,} {_calls(made)}, as told.")
            break
        progress(number, len(left), _words(request))
        made += 1
        door.last = None
        try:
            answer, rows = door.fetch(dataset, request)
            if wrong := dataset.check(rows, request, known):
                raise _CheckedError("; ".join(wrong))
        except SourceError as error:
            result.failed = True
            result.left += 1
            if door.last is not None and isinstance(error, (FormatError, _CheckedError)):
                vintages.reject(folder, request, door.last, str(error), clock())
            _stop(publishers, dataset, error)
            sayings.say(dataset, request, error)
            continue
        publishers.failures[dataset.dataset_id] = 0
        known.learn(dataset, rows)
        result.news += known.is_news(request, answer)
        counted = Counter(str(period) for period in rows.columns[dataset.period_column])
        vintages.keep(
            folder, request, answer, {each: counted[each] for each in sorted(rows.periods)}, clock()
        )
        result.kept += 1
        for note in rows.notes:
            sayings.note(dataset, request, note)
    progress(len(left), len(left), "")
    sayings.sum_up(result)


class _CheckedError(SourceError):
    """The rows contradict each other or what is known: the older figures stay."""


class _Known(dict[tuple[str, str], float]):
    """Control totals, (data set, period) -> value, and which body each request brought last."""

    def __init__(self, folder: Path, planned: Plan) -> None:
        super().__init__()
        self._bodies: dict[Request, str] = {}
        asked = [call.dataset for call in planned.calls]
        for dataset in {each.dataset_id: each for each in (*planned.controls, *asked)}.values():
            found = vintages.kept(folder, dataset.dataset_id)
            self._bodies |= {each.request: each.sha256 for each in found}
            if dataset.controls is not None:
                for each in vintages.distinct(found):
                    with suppress(
                        SourceError
                    ):  # an old answer that this version cannot read controls nothing
                        self.learn(dataset, dataset.read(each.answer(), each.request))

    def learn(self, dataset: Dataset, rows: Rows) -> None:
        if dataset.controls is not None:
            self.update(
                {(dataset.dataset_id, period): value for period, value in dataset.controls(rows).items()}
            )

    def is_news(self, request: Request, answer: Answer) -> bool:
        digest = sha256(answer.body).hexdigest()
        before, self._bodies[request] = self._bodies.get(request), digest
        return before != digest


class _Sayings:
    """Says what happened, each thing once, and not more of one kind than a person reads."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._said: set[str] = set()
        self._checks: Counter[str] = Counter()

    def say(self, dataset: Dataset, request: Request, error: SourceError) -> None:
        sentence = str(error).rstrip(".")
        if isinstance(error, QuotaError):
            sentence += f"; go on {error.resume} with the same command"
        elif isinstance(error, (FormatError, _CheckedError, BusyError)):
            sentence = f"{_words(request)}: {sentence}"
            if not isinstance(error, BusyError):
                sentence += "; the older figures stay"
            self._checks[dataset.publisher] += 1
            if self._checks[dataset.publisher] > _FAILURES_SHOWN:
                return
        self._once(f"{dataset.publisher}: {sentence}.")

    def note(self, dataset: Dataset, request: Request, note: str) -> None:
        self._once(f"{dataset.publisher}: {_words(request)}: {note.rstrip('.')}.")

    def sum_up(self, result: Result) -> None:
        for publisher, count in self._checks.items():
            if count > _FAILURES_SHOWN:
                self._report(
                    f"{publisher}: {count - _FAILURES_SHOWN:,} more answers could not be used; "
                    f"all are in data/raw/rejected, each with its reason."
                )
        answers = "answer" if result.kept == 1 else "answers"
        self._report(f"{result.kept:,} {answers} kept, {result.news:,} of them new or changed.")
        if result.left:
            self._report(
                f"{result.left:,} {_calls(result.left)} left: the same command goes on there and repeats none that succeeded."
            )

    def _once(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._report(line)


def _stop(publishers: _Publishers, dataset: Dataset, error: SourceError) -> None:
    """Decide whom not to ask again.

    A quota and a silent network concern the whole publisher. A refusal concerns the data set: on data.go.kr each of them
    has to be applied for.
    """
    if isinstance(error, (QuotaError, UnreachableError)):
        publishers.stopped.add(dataset.publisher)
    elif isinstance(error, RefusedError):
        publishers.stopped.add(dataset.dataset_id)
    elif not isinstance(error, _CheckedError):
        publishers.failures[dataset.dataset_id] += 1
        if publishers.failures[dataset.dataset_id] == _FAILURES_IN_A_ROW:
            publishers.stopped.add(dataset.dataset_id)


def _calls(number: int) -> str:
    return "call" if number == 1 else "calls"


def _words(request: Request) -> str:
    """A request as a sentence calls it."""
    span = request.start if request.start == request.end else f"{request.start}..{request.end}"
    return " ".join(filter(None, (request.dataset, request.query, span)))


def _wanted(sources: Sequence[str], datasets: Sequence[Dataset]) -> list[Dataset]:
    asked = [dataset for dataset in datasets if dataset.dataset_id not in IMPORTS]
    publishers = list(dict.fromkeys(dataset.publisher for dataset in asked))
    for source in sources:
        if source in IMPORTS:
            raise BuildError(
                f"{source} cannot be asked over the network: use yeokjikgu {IMPORTS[source]} FILE"
            )
        if source not in publishers and all(source != dataset.dataset_id for dataset in asked):
            raise BuildError(f"“{source}” is no source: choose from {', '.join(publishers)}")
    return [
        dataset for dataset in asked if not sources or {dataset.publisher, dataset.dataset_id} & set(sources)
    ]


def _scope(order: Order, settings: Settings, now: datetime) -> Scope:
    today = now.astimezone().date()
    newest = month_back(today, 0)
    since = order.since or month_back(today, _MONTHS_BACK)
    until = order.until or newest
    for name, month in (("--since", since), ("--until", until)):
        if not _MONTH.fullmatch(month):
            raise BuildError(f"{name}: “{month}” is no month; write it as 2024-01")
    if since > newest:
        raise BuildError(f"--since: {since} lies in the future, nothing can be published yet")
    if until < since:
        raise BuildError(f"--until: {until} lies before {since}")
    usual = None
    if not order.hs_codes or not order.destinations:
        usual = watchlist.read(settings.reference_dir)
    return Scope(
        since=since,
        until=min(until, newest),
        hs_codes=watchlist.hs_codes(order.hs_codes, "--hs") or (usual.hs_codes if usual else ()),
        destinations=watchlist.destinations(order.destinations, "--to")
        or (usual.destinations if usual else ()),
        today=today.isoformat(),
    )


def _plan_file(settings: Settings, order: Order) -> Path:
    """Each order has its own file: another one in between must not lose where a long one stopped."""
    digest = sha256(repr(order).encode()).hexdigest()
    return settings.raw_dir / _PLANS / f"{digest[:12]}.json"


def _write_plan(settings: Settings, planned: Plan) -> None:
    scope = asdict(planned.scope)
    del scope["keys"]  # a key may be set or taken away in between
    content = {"order": asdict(planned.order), "scope": scope, "started": planned.started.isoformat()}
    vintages.write_whole(_plan_file(settings, planned.order), json.dumps(content, indent=1).encode())


def _begun(settings: Settings, order: Order, now: datetime) -> tuple[datetime, Scope] | None:
    try:
        content = json.loads(_plan_file(settings, order).read_bytes())
        started = datetime.fromisoformat(content["started"])
        scope = content["scope"]
        found = Scope(
            since=scope["since"],
            until=scope["until"],
            hs_codes=tuple(scope["hs_codes"]),
            destinations=tuple(scope["destinations"]),
            today=scope["today"],
        )
        is_young = timedelta(0) <= now - started <= timedelta(days=_PLAN_DAYS)
    except (OSError, ValueError, KeyError, TypeError):  # none, or not ours: then it begins anew
        return None
    return (started, found) if is_young else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. The system lets go of it when a process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a+b") as file:
        try:
            if sys.platform == "win32":
                import msvcrt  # noqa: PLC0415 - only there

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl  # noqa: PLC0415 - not on Windows

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError("Another refresh is running: wait until it has ended") from None
        yield
