"""A refresh: says first what it will ask, keeps what passes, stops politely, goes on where it stopped, and loses nothing."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etl import refresh, vintages, watchlist
from etl.errors import (
    BuildError,
    BusyError,
    FormatError,
    QuotaError,
    RefusedError,
    RowError,
    SourceError,
    UnreachableError,
)
from etl.refresh import Order
from etl.settings import ROOT, Access, Settings
from etl.sources.source import Answer, Dataset, Request, Rows, Scope
from tests.etl.refreshing import NOW, Run

EVERYTHING = Access(dict.fromkeys(("A_KEY", "B_KEY"), "0123456789"))


def toy(dataset_id: str, publisher: str, queries: Sequence[str], **more: object) -> Dataset:
    """A data set whose answers are JSON of month -> value; the month "total" is its own control total."""

    def plan(scope: Scope) -> list[Request]:
        return [
            Request(
                dataset_id, "https://publisher.example/", (("q", query),), query, scope.since, scope.until
            )
            for query in queries
        ]

    def read(answer: Answer, _request: Request) -> Rows:
        months = json.loads(answer.body)
        total = {"value": months.pop("total")} if "total" in months else {}
        return Rows({"month": list(months), "value": list(months.values())}, frozenset(months), (), total)

    def check(rows: Rows, _request: Request, known: refresh._Known) -> list[str]:
        months = dict(zip(rows.columns["month"], rows.columns["value"], strict=True))
        found = (
            []
            if rows.totals.get("value", sum(months.values())) == sum(months.values())
            else ["the sum is wrong"]
        )
        wanted = {month: known[key] for month in months if (key := ("toy_total", month)) in known}
        return found + [
            f"{month} is not {value}" for month, value in wanted.items() if months[month] != value
        ]

    return replace(
        Dataset(
            dataset_id=dataset_id,
            publisher=publisher,
            name_ko=dataset_id,
            name_en=dataset_id,
            table=dataset_id,
            columns=("month", "value"),
            period_column="month",
            plan=plan,
            read=read,
            check=check,
            calls_per_second=2,
        ),
        **more,
    )


DETAIL = toy("toy_detail", "customs", ["a", "b", "c", "d"], key="A_KEY", apply_at="https://keys.example")


TOTAL = toy(
    "toy_total",
    "customs",
    [""],
    key="A_KEY",
    controls=lambda rows: dict(zip(rows.columns["month"], rows.columns["value"], strict=True)),
)


OTHER = toy("toy_other", "frankfurter", ["x", "y"])


TOYS = (DETAIL, TOTAL, OTHER)


GOOD = b'{"2026-10": 5}'


@dataclass
class Script:
    """A door that answers by query: bodies, errors, or a thing to do; by default what is good."""

    says: dict[str, bytes | SourceError | Callable[[], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    last: Answer | None = None

    def fetch(self, dataset: Dataset, request: Request) -> tuple[Answer, Rows]:
        self.asked.append(f"{dataset.dataset_id} {request.query}".strip())
        said = self.says.get(request.query, GOOD)
        if isinstance(said, SourceError):
            self.last = Answer(200, b"unreadable")
            raise said
        if not isinstance(said, bytes):
            said()
            said = GOOD
        self.last = answer = Answer(200, said)
        return answer, dataset.read(answer, request)


Go = Callable[..., Run]


@pytest.fixture
def go(tmp_path: Path) -> Go:
    settings = Settings(ROOT / "data" / "reference", tmp_path / "raw", tmp_path)

    def run(
        says: dict[str, bytes | SourceError | Callable[[], None]] | None = None,
        *,
        order: Order = Order(),  # noqa: B008 - frozen
        now: datetime = NOW,
        datasets: Sequence[Dataset] = TOYS,
        access: Access = EVERYTHING,
        anew: bool = False,
        max_calls: int | None = None,
        finished: bool = True,
    ) -> Run:
        planned = refresh.plan(order, settings, access, datasets, now, anew=anew)
        door, lines = Script(says or {}), list[str]()
        moments = iter(now + timedelta(seconds=number) for number in range(1000))
        result = refresh.run(
            planned, settings, door, lines.append, max_calls=max_calls, clock=lambda: next(moments)
        )
        if finished:
            refresh.finish(planned, settings, result)
        return Run(planned, result, lines, door.asked)

    return run


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


def bodies(raw: Path, dataset_id: str) -> list[bytes]:
    return [kept.answer().body for kept in vintages.kept(raw, dataset_id)]


def test_control_totals_go_first(go: Go):
    assert go().asked == [
        "toy_total",
        *(f"toy_detail {query}" for query in "abcd"),
        "toy_other x",
        "toy_other y",
    ]


def test_says_how_many_calls_before_the_first(go: Go):
    assert go().planned.summary() == [
        "customs: at most 5 calls",
        "frankfurter: at most 2 calls",
        "In all: at most 7 calls, those apart that must be repeated",
    ]
    many = toy("toy_many", "ecos", [f"{number}" for number in range(240)])
    assert go(datasets=[many]).planned.summary()[0] == "ecos: at most 240 calls, about 2 minutes"


def test_default_is_the_last_thirteen_months_of_the_watchlist(go: Go):
    scope = go().planned.scope
    usual = watchlist.read(ROOT / "data" / "reference")
    assert (scope.since, scope.until, scope.today) == ("2025-10", "2026-11", "2026-11-23")
    assert (scope.hs_codes, scope.destinations) == (usual.hs_codes, usual.destinations)
    assert 12 <= len(usual.hs_codes) <= 20
    assert 8 <= len(usual.destinations) <= 10


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Order(("customz",)), "“customz” is no source: choose from customs, frankfurter"),
        (Order(("trass",)), "import-trass"),
        (Order(("kosis_file",)), "import-kosis"),
        (Order(since="2024-13"), "--since: “2024-13” is no month"),
        (Order(since="2024"), "--since"),
        (Order(until="Nov"), "--until"),
        (Order(since="2027-01"), "future"),
        (Order(since="2024-05", until="2024-04"), "--until: 2024-04 lies before 2024-05"),
        (Order(hs_codes=("330",)), "“330” is no HS code"),
        (Order(hs_codes=("３３",)), "is no HS code"),
        (Order(hs_codes=("3304", "330499")), "330499 is part of 3304"),
        (Order(hs_codes=("3304", "3304")), "twice"),
        (Order(destinations=("USA",)), "“USA” is no destination"),
        (Order(destinations=("US", "US")), "twice"),
    ],
)
def test_order_that_means_nothing(go: Go, raw: Path, order: Order, words: str):
    with pytest.raises(BuildError) as caught:
        go(order=order)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not raw.exists()


def test_until_is_no_later_than_now(go: Go):
    assert go(order=Order(until="2030-01")).planned.scope.until == "2026-11"


def test_sources_by_publisher_or_data_set(go: Go):
    assert go(order=Order(("frankfurter",))).asked == ["toy_other x", "toy_other y"]
    later = NOW + timedelta(hours=1)
    assert go(order=Order(("toy_total", "toy_other")), now=later).asked == [
        "toy_total",
        "toy_other x",
        "toy_other y",
    ]


def test_publisher_without_its_key_is_left_out(go: Go):
    run = go(access=Access())
    assert run.asked == ["toy_other x", "toy_other y"]
    (note,) = run.planned.notes
    assert note == "customs: no key; get one at https://keys.example and set A_KEY (or write it into .env)"
    assert not run.result.failed
    # Who asks for it by name wants to know.
    assert go(access=Access(), order=Order(("customs",))).result.failed


def test_keys_that_are_set_reach_the_plan(go: Go):
    assert go().planned.scope.keys == {"A_KEY", "B_KEY"}


def test_what_came_is_kept_and_counted(go: Go, raw: Path):
    first = go()
    assert (first.result.kept, first.result.news, first.result.left, first.result.failed) == (7, 7, 0, False)
    assert bodies(raw, "toy_detail") == [GOOD] * 4
    assert vintages.kept(raw, "toy_detail")[0].rows == {"2026-10": 1}
    second = go({"b": b'{"2026-10": 5, "2026-09": 1}'}, now=NOW + timedelta(days=1))
    assert (second.result.kept, second.result.news) == (7, 1)
    assert second.lines == ["7 answers kept, 1 of them new or changed."]


def test_failed_check_keeps_the_old_slice(go: Go, raw: Path):
    go()
    run = go({"c": b'{"2026-10": 5, "total": 6}'}, now=NOW + timedelta(days=1))
    assert (run.result.kept, run.result.left, run.result.failed) == (6, 1, True)
    assert run.lines[0] == (
        "customs: toy_detail c 2025-10..2026-11: the sum is wrong; the older figures stay."
    )
    assert len([each for each in vintages.kept(raw, "toy_detail") if each.request.query == "c"]) == 1
    (rejected,) = (raw / "rejected" / "toy_detail").iterdir()
    head, body = gzip.decompress(rejected.read_bytes()).split(b"\n", 1)
    assert json.loads(head)["rejected"] == "the sum is wrong"
    assert body == b'{"2026-10": 5, "total": 6}'


def test_control_totals_are_known_at_once_and_later(go: Go):
    run = go({"": b'{"2026-10": 6}'}, order=Order(("customs",)))
    assert run.result.kept == 1
    assert "2026-10 is not 6" in run.text
    later = go(order=Order(("toy_detail",)), now=NOW + timedelta(days=1))
    assert later.result.kept == 0, "no total was asked for now, but one was kept"


def test_unreadable_total_of_old_controls_nothing(go: Go, raw: Path):
    request = Request("toy_total", "https://publisher.example/", (), "", "2026-10", "2026-10")

    def read(answer: Answer, _request: Request) -> Rows:
        raise FormatError(f"{answer.status}")

    vintages.keep(raw, request, Answer(200, b"?"), {}, NOW)
    assert go(datasets=[replace(TOTAL, read=read, plan=lambda _: []), DETAIL]).result.kept == 4


def test_same_words_are_said_once_and_many_are_summed_up(go: Go):
    many = toy("toy_many", "ecos", [f"{number}" for number in range(9)])
    run = go(dict.fromkeys(map(str, range(9)), b'{"2026-10": 5, "total": 6}'), datasets=[many])
    assert sum("the sum is wrong" in line for line in run.lines) == 5
    assert (
        "ecos: 4 more answers could not be used; all are in data/raw/rejected, each with its reason."
        in run.lines
    )


def test_notes_are_passed_on(go: Go):
    noted = replace(
        OTHER,
        read=lambda *_: Rows({"month": [], "value": []}, frozenset(), ("2026-10 is filled with zeros",)),
    )
    assert (
        "frankfurter: toy_other x 2025-10..2026-11: 2026-10 is filled with zeros."
        in go(datasets=[noted]).lines
    )


def test_quota_stops_its_publisher_only(go: Go, raw: Path):
    run = go({"b": QuotaError("no calls are left for today", "after midnight, Korean time")})
    assert run.asked == ["toy_total", "toy_detail a", "toy_detail b", "toy_other x", "toy_other y"]
    assert (
        "customs: no calls are left for today; go on after midnight, Korean time with the same command."
        in run.lines
    )
    assert (run.result.kept, run.result.left, run.result.failed) == (4, 3, True)
    assert run.lines[-1] == "3 calls left: the same command goes on there and repeats none that succeeded."
    assert bodies(raw, "toy_detail") == [GOOD]
    assert go(now=NOW + timedelta(hours=12)).asked == ["toy_detail b", "toy_detail c", "toy_detail d"]


def test_unreachable_is_one_sentence_a_source(go: Go):
    silent = UnreachableError("could not reach it (no connection)")
    run = go(dict.fromkeys(["", "a", "b", "c", "d", "x", "y"], silent))
    assert run.asked == ["toy_total", "toy_other x"]
    assert run.lines[:2] == [
        "customs: could not reach it (no connection).",
        "frankfurter: could not reach it (no connection).",
    ]
    assert run.result.failed


def test_refusal_stops_its_data_set_only(go: Go):
    """Each of the Customs Service's interfaces has to be applied for."""
    run = go({"": RefusedError("this key may not")})
    assert run.asked == [
        "toy_total",
        *(f"toy_detail {query}" for query in "abcd"),
        "toy_other x",
        "toy_other y",
    ]
    assert run.result.failed
    assert go({"a": RefusedError("no such country")}, now=NOW + timedelta(days=8)).asked[:3] == [
        "toy_total", "toy_detail a", "toy_other x",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [BusyError, FormatError])
def test_three_unusable_answers_in_a_row_stop_a_data_set(go: Go, raw: Path, kind: type[SourceError]):
    run = go({query: kind("it is a page for people") for query in "abcd"})
    assert run.asked == [
        "toy_total",
        "toy_detail a",
        "toy_detail b",
        "toy_detail c",
        "toy_other x",
        "toy_other y",
    ]
    rejected = list((raw / "rejected").glob("toy_detail/*"))
    assert len(rejected) == (3 if kind is FormatError else 0)
    calm = go({query: kind("it is a page for people") for query in "abd"}, now=NOW + timedelta(days=8))
    assert "toy_detail d" in calm.asked


def test_stops_after_as_many_calls_as_told(go: Go):
    run = go(max_calls=2)
    assert len(run.asked) == 2
    assert (run.result.kept, run.result.left, run.result.failed) == (2, 5, False)
    assert "Stopped after 2 calls, as told." in run.lines
    rest = go(now=NOW + timedelta(hours=1))
    assert len(rest.asked) == 5
    assert rest.planned.summary()[0] == "customs: at most 3 calls (2 are made already)"


def interrupt() -> None:
    raise KeyboardInterrupt


def test_interrupted_goes_on_and_repeats_nothing(go: Go):
    with pytest.raises(KeyboardInterrupt):
        go({"c": interrupt})
    assert go(now=NOW + timedelta(days=2)).asked == [
        "toy_detail c",
        "toy_detail d",
        "toy_other x",
        "toy_other y",
    ]
    # Finished: from now on the same command asks for everything again.
    assert len(go(now=NOW + timedelta(days=3)).asked) == 7


def test_goes_on_with_the_day_it_was_begun(go: Go):
    """Else a plan of another month would ask for other windows, and nothing would be done already."""
    go(max_calls=3, now=datetime(2026, 11, 30, 12, tzinfo=UTC))
    later = go(now=datetime(2026, 12, 2, 12, tzinfo=UTC))
    assert later.planned.scope.today == "2026-11-30"
    assert len(later.asked) == 4


def test_another_command_has_its_own_plan(go: Go):
    go(max_calls=3)
    assert len(go(order=Order(since="2024-01"), now=NOW + timedelta(hours=1)).asked) == 7
    assert len(go(now=NOW + timedelta(hours=2)).asked) == 4


def test_killed_after_the_last_call_nothing_is_asked_again_until_it_is_built(go: Go):
    assert go(finished=False).result.kept == 7
    assert go(now=NOW + timedelta(hours=1)).asked == []
    assert len(go(now=NOW + timedelta(hours=2)).asked) == 7


def test_begins_anew_when_told_when_old_and_when_its_plan_is_unreadable(go: Go, raw: Path):
    go(max_calls=3)
    assert len(go(anew=True, now=NOW + timedelta(hours=1), max_calls=3).asked) == 3
    assert len(go(now=NOW + timedelta(hours=2), max_calls=1).asked) == 1
    assert go(now=NOW + timedelta(days=8), max_calls=3).asked[0] == "toy_total"
    unreadable = (b"", b"[]", b"{", b"\xff", b'{"started": "2026-11-23", "scope": {}}')
    for hour, content in enumerate(unreadable):
        (plan,) = (raw / "plans").iterdir()
        plan.write_bytes(content)
        assert go(now=NOW + timedelta(days=9, hours=hour), max_calls=3).asked[0] == "toy_total"


def test_planning_writes_nothing(tmp_path: Path):
    settings = Settings(ROOT / "data" / "reference", tmp_path / "raw", tmp_path)
    refresh.plan(Order(), settings, EVERYTHING, TOYS, NOW)
    assert list(tmp_path.iterdir()) == []


HOLDER = """
import sys
from pathlib import Path
from etl.refresh import _alone
with _alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_refresh_at_a_time_and_a_killed_one_holds_nothing(go: Go, raw: Path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(raw)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(BuildError, match="Another refresh is running"):
            go()
        holder.kill()
        holder.wait()
        assert go().result.kept == 7


def test_folder_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "raw").write_text("a file where the folder should be")
    settings = Settings(ROOT / "data" / "reference", tmp_path / "raw", tmp_path)
    planned = refresh.plan(Order(), settings, EVERYTHING, TOYS, NOW)
    with pytest.raises(BuildError, match="cannot be written"):
        refresh.run(planned, settings, Script(), lambda _: None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "column kind"),
        ("kind,code\nhs,3304\n", "column name_ko: this column is missing"),
        ("kind,code,name_ko,name_en,item_id\nHS,3304,,,\n", "line 2, column kind"),
        ("kind,code,name_ko,name_en,item_id\nhs,33,,,\n", "no row is of the kind destination"),
        (
            "kind,code,name_ko,name_en,item_id\nhs,33,,,\nhs,3304,,,\ndestination,US,,,\n",
            "3304 is part of 33",
        ),
        (
            "kind,code,name_ko,name_en,item_id\nhs,33,,,\ndestination,us,,,\n",
            "“us” is no destination",
        ),
    ],
)
def test_watchlist_that_is_broken(tmp_path: Path, content: str, words: str):
    (tmp_path / watchlist.FILE).write_text(content, encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        watchlist.read(tmp_path)
    assert watchlist.FILE in str(caught.value)
    assert words in str(caught.value)


def test_watchlist_that_is_missing(tmp_path: Path):
    with pytest.raises(RowError, match=watchlist.FILE):
        watchlist.read(tmp_path)
