"""Renamed parameters and pages: old addresses in today's words, and nothing else touched."""

import re
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.migrations import PAGES, PARAMETERS, Renamed, migrated
from tests.views import PAGES as TODAY

words = st.dictionaries(
    st.sampled_from(["old", "new", "step", "list_share", "assume", "lang"]), st.text(max_size=5)
)


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        # both limits and no step: limits of one's own
        (
            "simulator",
            {"old": "2500000", "new": "4000000"},
            {"old": "2500000", "new": "4000000", "step": "own"},
        ),
        # 55 percent is the fraction 0.55
        ("simulator", {"list_share": "55"}, {"assume": "list.value_share:0.55"}),
        # what is said in today's words already stays
        ("simulator", {"old": "1", "step": "2m-4m"}, {"old": "1", "step": "2m-4m"}),
        ("simulator", {"list_share": "55", "assume": ""}, {"assume": ""}),
        # other pages have nothing to do with it
        ("trends", {"old": "1"}, {"old": "1"}),
        ("", {"lang": "ko"}, {"lang": "ko"}),
    ],
)
def test_old_words_become_todays(page: str, old: dict[str, str], new: dict[str, str]):
    assert migrated(page, old) == new


@given(st.sampled_from(["", "simulator", "trends"]), words)
def test_todays_words_stay_as_they_are(page: str, query: dict[str, str]):
    once = migrated(page, query)
    assert migrated(page, once) == once
    assert set(query.values()) - set(once.values()) <= {query.get("list_share")}


def test_a_code_may_be_renamed_alone(monkeypatch: pytest.MonkeyPatch):
    rows = (
        Renamed("9.0.0", None, "size", "big", {"size": "large"}),
        Renamed("9.1.0", "trends", "size", None, {"extent": "*"}),
    )
    monkeypatch.setattr("dashboard.migrations.PARAMETERS", rows)
    assert migrated("series", {"size": "big"}) == {"size": "large"}
    assert migrated(None, {"size": "big"}) == {"size": "large"}
    assert migrated("series", {"size": "small"}) == {"size": "small"}
    # one row follows on the other
    assert migrated("trends", {"size": "big"}) == {"extent": "large"}


def test_the_table_names_what_is_there():
    for row in PARAMETERS:
        assert re.fullmatch(r"\d+\.\d+\.\d+", row.since)
        assert [int(n) for n in row.since.split(".")] <= [int(n) for n in version("yeokjikgu").split(".")[:3]]
        assert row.page is None or row.page in {"", *TODAY}
    assert {new for new in PAGES.values() if new} <= set(TODAY)
    # a page that is there is not led elsewhere, but for the first one, which Streamlit serves at the plain address
    assert set(PAGES) & set(TODAY) == {next(iter(TODAY))}
