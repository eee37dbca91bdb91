"""How long a file of shipments takes from the disk to its histogram.

Run: uv run python tests/benchmarks/bench_intake.py [rows]
Prints wall and processor time of a fresh process for each kind of file, the best of three.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

RUN = """
import resource, sys, time
from etl.intake.reading import Options, read
from etl.settings import ROOT
def used():
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime
began, before = time.perf_counter(), used()
with read(sys.argv[1:], Options(), ROOT / "data" / "reference") as intake:
    rows = intake.histogram().rows_counted
print(time.perf_counter() - began, used() - before, rows)
"""
TRIES = 3


def main() -> None:
    """Print one line a kind of file."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    chosen = random.Random(1)  # noqa: S311 - made-up orders
    body = [
        f"2024-{chosen.randint(1, 12):02d}-{chosen.randint(1, 28):02d},{chosen.choice(('JP', 'US', '미국', '일본'))},"
        f"{chosen.choice(('330499', '8517.12'))},{int(chosen.lognormvariate(11, 1)) + 1},목록통관,상품 {number % 1000}\n"
        for number in range(rows)
    ]
    header = "신고일자,목적국,HS,결제금액,통관구분,비고\n"
    orders = [f"O{number // 2},{line}" for number, line in enumerate(body)]
    middle = rows // 2
    kinds = {
        "plain": header + "".join(body),
        "lines of orders": "주문번호," + header + "".join(orders),
        "a note over two lines": header
        + "".join(body[:middle])
        + '2024-01-01,JP,1,5,,"a\nb"\n'
        + "".join(body[middle:]),
        "a row too short": header + "".join(body[:middle]) + "2024-01-01,JP\n" + "".join(body[middle:]),
    }
    with tempfile.TemporaryDirectory() as folder:
        for kind, text in kinds.items():
            path = Path(folder) / "orders.csv"
            path.write_text(text, encoding="utf-8")
            command = [sys.executable, "-c", RUN, str(path)]
            tries = [
                subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
                for _ in range(TRIES)
            ]
            wall, processor, counted = min(tries, key=lambda found: float(found[0]))
            print(  # noqa: T201 - its output is a table
                f"{kind:<22} {float(wall):5.1f} s, processor {float(processor):5.1f} s, {int(counted):,} rows"
            )


if __name__ == "__main__":
    main()
