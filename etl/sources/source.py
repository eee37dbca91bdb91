"""What every publisher's module gives: requests to send, and a pure reader of their answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Columns = dict[str, list[str | float | int | None]]

KeyPlace = Literal["", "query", "header", "path"]


@dataclass(frozen=True, slots=True)
class Request:
    """One call, without its key.

    `query` says what is asked for apart from the time ("hs=3304 to=US", "" where there is no choice): with a period it
    names a slice, and the newest complete answer to a slice replaces the older ones as a whole.
    `start` and `end` are the first and the last period asked for, inclusive, as the project writes them (2024-01, 2024-Q1, 2024).
    """

    dataset: str
    address: str
    params: tuple[tuple[str, str], ...]
    query: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, body as bytes, and the headers that readers need, names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one answer, column by column, and what it says beyond them.

    `periods` are those that the answer is complete for: each of them is replaced as a whole, an absent one is not published yet
    (and not zero). `notes` say what a reader should know (a month dropped since it was filled with zeros).
    `totals` are the publisher's own total rows, column by column: no rows, but `Dataset.check` holds the sum against them.
    """

    columns: Columns
    periods: frozenset[str]
    notes: tuple[str, ...] = ()
    totals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a refresh asks for: months from `since` to `until` (2024-01, inclusive), HS codes, destinations (ISO alpha-2).

    `today` (2026-11-23) decides what can be published by now; nothing in this package looks at the clock.
    `keys` are the names of the variables that hold a key, for a publisher that can be asked with and without one.
    """

    since: str
    until: str
    hs_codes: tuple[str, ...]
    destinations: tuple[str, ...]
    today: str
    keys: frozenset[str] = frozenset()


# Control totals that other answers must agree with: (dataset, period) -> value, filled from what is kept already.
Known = Mapping[tuple[str, str], float]


# What `yeokjikgu refresh` calls a publisher -> how a sentence calls it.
PUBLISHERS: Mapping[str, str] = {
    "customs": "the Korea Customs Service",
    "kosis": "Statistics Korea (KOSIS)",
    "comtrade": "UN Comtrade",
    "ecos": "the Bank of Korea (ECOS)",
    "frankfurter": "Frankfurter",
    "worldbank": "the World Bank",
    "trass": "TRASS",
}


@dataclass(frozen=True)
class Dataset:
    """One data set of one publisher.

    `plan` gives the requests of a scope, at most one a slice; `read` turns an answer into rows, or raises one of `etl.errors`;
    `check` returns one sentence a contradiction (sum of the detail against the total, another HS chapter than asked for ...).
    `key` is the variable that holds the key, "" where none is needed; `key_in` and `key_name` say where it travels: under
    this name in the query or in a header, or in the path in the place of these letters ("SERVICE_KEY").
    `controls` gives the totals that an answer holds for `check` of other data sets: they arrive there as `Known`
    under (`dataset_id`, period).
    """

    dataset_id: str
    publisher: (
        str  # what `yeokjikgu refresh` calls it: customs, kosis, comtrade, ecos, frankfurter, worldbank
    )
    name_ko: str
    name_en: str
    table: str  # in the schema `core`
    columns: tuple[str, ...]  # of `Rows.columns`, in the order of the table
    period_column: str
    plan: Callable[[Scope], Sequence[Request]]
    read: Callable[[Answer, Request], Rows]
    check: Callable[[Rows, Request, Known], Sequence[str]]
    key: str = ""
    key_in: KeyPlace = ""
    key_name: str = ""
    key_optional: bool = False  # without a key it answers too, though less
    calls_per_second: float = 1.0
    licence_ko: str = ""
    licence_en: str = ""
    apply_at: str = ""  # where to get a key
    due_days: int = 0  # after the end of a period, when the next one is expected
    overdue_days: int = 0
    controls: Callable[[Rows], Mapping[str, float]] | None = None

    @property
    def publisher_name(self) -> str:
        """How a sentence calls the publisher."""
        return PUBLISHERS.get(self.publisher, self.publisher)
