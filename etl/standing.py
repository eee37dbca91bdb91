"""How each data set stands: when it last answered, what is kept of it, and whether the next period is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from etl import vintages
from etl.periods import parse_period
from etl.settings import Access, Settings
from etl.sources.source import Dataset

State = Literal["never asked", "fresh", "due", "overdue"]


@dataclass(frozen=True)
class Standing:
    """One data set.

    Attributes:
        last_success: when it last answered (UTC); None for never.
        rows: of the newest answer to each slice.
        newest_period: as the project writes it, "" for none.
        due_on: when the next period should be out; None where nothing is kept.
    """

    dataset: Dataset
    key_is_set: bool
    last_success: datetime | None
    rows: int
    newest_period: str
    due_on: date | None
    state: State


def standings(datasets: Sequence[Dataset], settings: Settings, access: Access, today: date) -> list[Standing]:
    """How the data sets stand on a day.

    Raises:
        BuildError: a kept file is damaged.
    """
    return [
        _standing(dataset, vintages.kept(settings.raw_dir, dataset.dataset_id), access.keys, today)
        for dataset in datasets
    ]


def _standing(
    dataset: Dataset, answers: Sequence[vintages.Kept], keys: Mapping[str, str], today: date
) -> Standing:
    slices: dict[tuple[str, str], int] = {}
    for each in answers:
        slices.update({(each.request.query, period): rows for period, rows in each.rows.items()})
    newest = max((period for _, period in slices), default="")
    due_on, overdue_on = _expected(dataset, newest) if newest else (None, None)
    state: State = "fresh"
    if due_on is None or overdue_on is None:
        state = "never asked"
    elif today >= overdue_on:
        state = "overdue"
    elif today >= due_on:
        state = "due"
    return Standing(
        dataset=dataset,
        key_is_set=dataset.key in keys,
        last_success=answers[-1].retrieved if answers else None,
        rows=sum(slices.values()),
        newest_period=newest,
        due_on=due_on,
        state=state,
    )


def _expected(dataset: Dataset, newest: str) -> tuple[date, date]:
    """When the period after `newest` should be out, and when it is late."""
    period = parse_period(newest)
    next_day = period.end + timedelta(days=1)
    if period.frequency == "span":  # the first day of a week
        end = period.start + timedelta(days=13)
    else:
        months = {"year": 12, "half": 6, "quarter": 3, "month": 1}[period.frequency]
        count = next_day.year * 12 + next_day.month - 1 + months
        end = date(count // 12, count % 12 + 1, 1) - timedelta(days=1)
    return end + timedelta(days=dataset.due_days), end + timedelta(days=dataset.overdue_days)
