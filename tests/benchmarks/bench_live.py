"""How long 1,000 answers of 2,000 rows each take from bytes to the warehouse, and how much memory.

Run on demand: `uv run python tests/benchmarks/bench_live.py [answers]`; ends non-zero over budget.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl import received
from etl.received import Received
from etl.sources.customs import NITEMTRADE
from etl.sources.source import Answer, Request, Scope
from etl.warehouse import sql

ANSWERS = 1_000
MONTHS = 12
CODES = 167  # a month, so that an answer has 2,004 rows
DIFFERENT = 10  # bodies; the rest repeats them under other queries
BUDGET_SECONDS = 60
BUDGET_MEGABYTES = 500


def request(number: int) -> Request:
    """One year of one of many HS codes."""
    (asked,) = NITEMTRADE.plan(Scope("2024-01", "2024-12", (f"{number:04}",), ("US",), "2026-11-23"))
    return asked


def body(number: int) -> bytes:
    """An answer as the service writes it: total row first, fields in alphabetical order, one line."""
    exports = [
        (month, code, (month * 7919 + code * 104_729 + number * 1_299_709) % 900_000_007)
        for month in range(1, MONTHS + 1)
        for code in range(CODES)
    ]
    total = sum(value for *_, value in exports)
    rows = "".join(
        f"<item><balPayments>{value - value // 3}</balPayments><expDlr>{value}</expDlr><expWgt>{value // 7}</expWgt>"
        f"<hsCd>@@@@{code:06}</hsCd><impDlr>{value // 3}</impDlr><impWgt>{value // 11}</impWgt><statCd>US</statCd>"
        f"<statCdCntnKor1>미국</statCdCntnKor1><statKor>기타 &amp; 나머지</statKor><year>2024.{month:02}</year></item>"
        for month, code, value in exports
    )
    kilograms, imports, import_kilograms = (sum(value // by for *_, value in exports) for by in (7, 3, 11))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><response><header><resultCode>00</resultCode>'
        "<resultMsg>정상서비스.</resultMsg></header><body><items><item>"
        f"<balPayments>{total - imports}</balPayments><expDlr>{total}</expDlr><expWgt>{kilograms}</expWgt><hsCd>-</hsCd>"
        f"<impDlr>{imports}</impDlr><impWgt>{import_kilograms}</impWgt><statCd>-</statCd><statCdCntnKor1>-</statCdCntnKor1>"
        f"<statKor>-</statKor><year>총계</year></item>{rows}</items></body></response>"
    ).encode()


class Reader:
    """Reads and checks answers, and says how long that alone took."""

    def __init__(self, answers: int) -> None:
        self.answers = answers
        self.seconds = 0.0
        self.bytes = 0
        self._bodies = [body(number) for number in range(DIFFERENT)]

    def read(self) -> Iterator[Received]:
        """The answers, each read and checked when its turn comes."""
        now = datetime.now(UTC).replace(tzinfo=None)
        for number in range(self.answers):
            asked = request(number)
            raw = self._bodies[number % DIFFERENT].replace(b"@@@@", f"{number:04}".encode())
            started = time.perf_counter()
            rows = NITEMTRADE.read(Answer(200, raw), asked)
            contradictions = NITEMTRADE.check(rows, asked, {})
            self.seconds += time.perf_counter() - started
            self.bytes += len(raw)
            if contradictions:
                raise SystemExit(contradictions[0])
            yield Received(asked.query, now, rows)


def main() -> None:
    """Print seconds and memory; exit with 1 if a budget is broken."""
    reader = Reader(int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "bench.duckdb") as connection:
        for name in ("schema.sql", "received.sql"):
            connection.execute(sql(name))
        started, busy = time.perf_counter(), time.process_time()
        received.fill(connection, [NITEMTRADE], lambda _: reader.read(), lambda _: None)
        seconds, busy = time.perf_counter() - started, time.process_time() - busy
        (rows,) = connection.execute("SELECT count(*) FROM core.trade_month").fetchone() or (0,)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{reader.answers:,} answers, {rows:,} rows, {reader.bytes / 1e6:,.0f} MB of XML: {seconds:.1f} s "
        f"(budget {BUDGET_SECONDS} s; {busy:.1f} s of processor time; reading and checking {reader.seconds:.1f} s), "
        f"at most {megabytes:,.0f} MB (budget {BUDGET_MEGABYTES} MB)\n"
    )
    sys.exit(seconds > BUDGET_SECONDS or megabytes > BUDGET_MEGABYTES)


if __name__ == "__main__":
    main()
