"""Periods: what a person may write, and the days it stands for."""

import calendar
import itertools
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.periods import parse_date_as_known, parse_day, parse_period

years = st.integers(1, 9999).map("{:04}".format)
halves = st.builds("{}-H{}".format, years, st.integers(1, 2))
quarters = st.builds("{}-Q{}".format, years, st.integers(1, 4))
months = st.builds("{}-{:02}".format, years, st.integers(1, 12))
days = st.dates().map(date.isoformat)
single = st.one_of(years, halves, quarters, months, days)
almost = st.text(alphabet="0123456789-HQ. ０２年", max_size=24)


@pytest.mark.parametrize(
    ("text", "start", "end", "frequency"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30), "half"),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31), "half"),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "quarter"),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30), "quarter"),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31), "quarter"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), "month"),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31), "month"),
        ("2024-08-01", date(2024, 8, 1), date(2024, 8, 1), "span"),
        ("2020-01..2025-08", date(2020, 1, 1), date(2025, 8, 31), "span"),
        ("2021..2022", date(2021, 1, 1), date(2022, 12, 31), "span"),
        ("2024-08-01..2024", date(2024, 8, 1), date(2024, 12, 31), "span"),
        ("2024..2024", date(2024, 1, 1), date(2024, 12, 31), "span"),
        ("9999-12", date(9999, 12, 1), date(9999, 12, 31), "month"),
    ],
)
def test_periods_stand_for_days(text: str, start: date, end: date, frequency: str):
    assert parse_period(text) == (start, end, frequency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "02024",
        "0000",
        "2024-H0",
        "2024-H3",
        "2024-h1",
        "2024-Q5",
        "2024-13",
        "2024-00",
        "2024-6",
        "2024-02-30",
        "2024/06",
        "2024 ",
        " 2024",
        "2024\n",
        "2024년",
        "２０２４",
        "2024-",
        "..",
        "2024..",
        "..2024",
        "2024...2025",
        "2015..2016..2017",
        "20240801",
        "2024-W31-4",
        "2025..2024",
        "2024-06..2024-05",
    ],
)
def test_anything_else_is_refused_in_one_line(text: str):
    with pytest.raises(ValueError, match=r"is no period|is no date|ends before it starts") as refused:
        parse_period(text)
    assert text.strip() in str(refused.value) or ".." in text


@given(single)
def test_what_may_be_written_starts_before_it_ends(text: str):
    start, end, _ = parse_period(text)
    assert start <= end
    assert text.startswith(f"{start.year:04}")


@given(st.one_of(years, halves, quarters, months))
def test_periods_are_whole_months(text: str):
    start, end, _ = parse_period(text)
    assert start.day == 1
    assert end.day == calendar.monthrange(end.year, end.month)[1]


@given(years, st.sampled_from([("H", 2), ("Q", 4)]))
def test_the_parts_of_a_year_are_the_year(year: str, kind: tuple[str, int]):
    letter, count = kind
    parts = [parse_period(f"{year}-{letter}{part}") for part in range(1, count + 1)]
    assert (parts[0].start, parts[-1].end) == parse_period(year)[:2]
    for earlier, later in itertools.pairwise(parts):
        assert later.start == earlier.end + timedelta(days=1)


@given(single, single)
def test_a_span_is_both_ends_or_nothing(first: str, last: str):
    start, end = parse_period(first).start, parse_period(last).end
    if start <= end:
        assert parse_period(f"{first}..{last}") == (start, end, "span")
    else:
        with pytest.raises(ValueError, match="ends before it starts"):
            parse_period(f"{first}..{last}")


@given(almost)
def test_any_other_text_is_a_period_or_a_sentence(text: str):
    try:
        start, end, _ = parse_period(text)
    except ValueError as error:
        assert "“" in str(error)  # noqa: PT017 (most texts are refused, some are periods)
    else:
        assert start <= end
        assert text.isascii()


@given(st.dates())
def test_a_day_is_written_in_one_way(day: date):
    assert parse_day(day.isoformat()) == day
    with pytest.raises(ValueError, match="is no date"):
        parse_day(day.strftime("%Y%m%d"))


@pytest.mark.parametrize(
    ("text", "first"),
    [("2024", date(2024, 1, 1)), ("2024-08", date(2024, 8, 1)), ("2024-08-15", date(2024, 8, 15))],
)
def test_a_date_as_far_as_known(text: str, first: date):
    assert parse_date_as_known(text) == first


@pytest.mark.parametrize(
    "text",
    ["", "2024-13", "2024-02-30", "2024-08-", "2024-8", "17.10.2022", "2024-H1", "20240801", "２０２４"],
)
def test_a_date_that_does_not_exist_is_refused(text: str):
    with pytest.raises(ValueError, match="is no date"):
        parse_date_as_known(text)


def test_the_views_write_periods_as_people_do(connection: duckdb.DuckDBPyConnection):
    for year in (2016, 2024):
        texts = [str(year), f"{year}-H1", f"{year}-H2", *(f"{year}-Q{part}" for part in range(1, 5))]
        texts += [f"{year}-{month:02}" for month in range(1, 13)] + [f"{year}-07..{year + 1}-08"]
        for text in texts:
            written = connection.execute(
                "SELECT mart.period_label(?, ?, ?)", list(parse_period(text))
            ).fetchone()
            assert written == (text,)
