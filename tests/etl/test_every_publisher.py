"""What holds for every data set alike: its rows load into its table, its plan names each slice once, its key has one way."""

import io
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest
from openpyxl import Workbook

from etl.received import Received, fill
from etl.settings import KEY_VARIABLES
from etl.sources import kosis, trass
from etl.sources.registry import DATASETS
from etl.sources.source import PUBLISHERS, Answer, Dataset, Request
from etl.warehouse import sql
from tests.etl.desk import SCOPE, Desk

FILES = {trass.DATASET.dataset_id, kosis.FILE.dataset_id}
each_dataset = pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.dataset_id)


def by_hand(dataset: Dataset) -> bytes:
    """A file as a person would bring it."""
    if dataset is kosis.FILE:
        return "지역별,상품군별,판매유형별,시점,데이터\n미국,화장품,계,2024.1/4 p),7539".encode("cp949")
    workbook, file = Workbook(), io.BytesIO()
    workbook.worksheets[0].append(["연월", "수출건수", "수출금액", "수입건수", "수입금액"])
    workbook.worksheets[0].append(["2024.01", 1_000_000, 60_000_000, 15_000_000, 400_000_000])
    workbook.save(file)
    return file.getvalue()


def receive(dataset: Dataset, desk: Desk) -> list[Received]:
    """The first and the last answer of a plan, or a file."""
    when = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)
    if dataset.dataset_id in FILES:
        rows = dataset.read(
            Answer(200, by_hand(dataset)), Request(dataset.dataset_id, "file", (), "f", "", "")
        )
        return [Received("f", when, rows)]
    plan = dataset.plan(SCOPE)
    return [
        Received(each.query, when, desk.transport.fetch(dataset, each)[1]) for each in (plan[0], plan[-1])
    ]


@each_dataset
def test_its_rows_load_into_its_table_as_they_are(dataset: Dataset, desk: Desk):
    answers = receive(dataset, desk)
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS core; CREATE SCHEMA IF NOT EXISTS mart")
        connection.execute(sql("received.sql"))
        fill(connection, [dataset], lambda _: answers, lambda _: None)
        loaded = connection.table(f"core.{dataset.table}")
        assert set(loaded.columns) == {"query", "vintage", *dataset.columns}
        table = loaded.project(", ".join(dataset.columns)).fetchall()
    sent = [
        row
        for answer in answers
        for row in zip(*(answer.rows.columns[name] for name in dataset.columns), strict=True)
    ]
    assert sent
    assert sorted(map(repr, (tuple(map(_plain, row)) for row in table))) == sorted(
        map(repr, (tuple(map(_plain, row)) for row in sent))
    )


def _plain(cell: object) -> object:
    return float(cell) if isinstance(cell, int) else cell


@each_dataset
def test_its_plan_asks_for_each_slice_once(dataset: Dataset):
    plan = dataset.plan(replace(SCOPE, hs_codes=("3304", "330510"), destinations=("US", "JP", "VN")))
    assert (plan == ()) == (dataset.dataset_id in FILES)
    asked = Counter((request.query, request.start) for request in plan)
    assert set(asked.values()) <= {1}
    for request in plan:
        assert request.dataset == dataset.dataset_id
        assert request.start <= request.end
        assert request.address.startswith("https://")
        assert all(
            later.start > request.end
            for later in plan
            if later.query == request.query and later.start > request.start
        )


def test_queries_tell_the_data_sets_of_one_table_apart():
    queries: dict[str, dict[str, str]] = {}
    for dataset in DATASETS:
        for request in dataset.plan(SCOPE):
            owner = queries.setdefault(dataset.table, {}).setdefault(request.query, dataset.dataset_id)
            assert owner == dataset.dataset_id, request.query


@each_dataset
def test_it_says_who_publishes_it_and_how_its_key_travels(dataset: Dataset):
    assert dataset.publisher in PUBLISHERS
    assert dataset.name_ko
    assert dataset.name_en
    assert dataset.licence_ko
    assert dataset.licence_en
    assert dataset.due_days < dataset.overdue_days
    assert bool(dataset.key) == bool(dataset.key_in) == bool(dataset.key_name)
    if dataset.key:
        assert dataset.key in KEY_VARIABLES
        assert dataset.apply_at.startswith("https://")


ASKED = [
    dataset for dataset in DATASETS if dataset.dataset_id not in FILES and dataset.publisher != "customs"
]


@pytest.mark.parametrize(
    "fault", ["drop", "cut", "broken-off", "html", "text-500", "limit-429", "retry-after"]
)
@pytest.mark.parametrize("dataset", ASKED, ids=lambda dataset: dataset.dataset_id)
def test_a_fault_of_the_wire_passes_without_a_trace(dataset: Dataset, fault: str, desk: Desk):
    request = dataset.plan(SCOPE)[0]
    plain, _ = desk.send(dataset, request)
    desk.server.calls.clear()
    desk.faults.switch_on(fault, 1)
    rows, contradictions = desk.send(dataset, request)
    assert rows == plain
    assert not contradictions
    assert sum(desk.server.calls.values()) == 2
