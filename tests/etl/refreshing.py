"""A refresh that a test runs, and what it said."""

from dataclasses import dataclass
from datetime import UTC, datetime

from etl.refresh import Plan, Result

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Run:
    """What came of one refresh, and all that it said."""

    planned: Plan
    result: Result
    lines: list[str]
    asked: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)
