"""A file taken in, and what became of its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from etl.intake.reading import Intake, Options, read
from etl.settings import ROOT

REFERENCE = ROOT / "data" / "reference"


HEADER = "신고일자,목적국,HS,결제금액,비고\n"


@contextmanager
def taken(*files: Path | str, **options: Any) -> Iterator[Intake]:
    with read(files, Options(**{"max_rejected": 1.0, **options}), REFERENCE) as intake:
        assert intake.rows_read == intake.rows_counted + intake.rows_rejected
        yield intake


def values(intake: Intake) -> list[int]:
    return [
        row[0] for row in intake.connection.execute("SELECT value_krw FROM shipments ORDER BY 1").fetchall()
    ]


def rows(intake: Intake) -> list[tuple[Any, ...]]:
    return intake.connection.execute(
        "SELECT CAST(date AS VARCHAR), destination, item, channel, value_krw FROM shipments ORDER BY ALL"
    ).fetchall()


def refused(intake: Intake) -> list[tuple[int, str]]:
    return [(line, reason) for _, line, reason, _, _ in intake.refusals()]
