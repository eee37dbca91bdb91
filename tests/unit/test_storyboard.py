"""A storyboard's file: what is written reads the same, and what is wrong is one sentence that names the entry."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.storyboard import (
    LARGEST,
    MOST_VIEWS,
    Storyboard,
    StoryboardError,
    View,
    as_address,
    example,
    read,
    write,
)
from tests.sentences import assert_names

views = st.builds(
    View,
    address=st.builds(
        as_address,
        st.sampled_from(["overview", "simulator", "two-borders"]),
        st.dictionaries(st.text(min_size=1), st.text(), max_size=4),
    ),
    key=st.from_regex(r"[a-z][a-z0-9_-]*", fullmatch=True),
    finding=st.text(),
    title=st.text(),
    note=st.text(),
)
boards = st.builds(
    Storyboard,
    title=st.text(),
    lang=st.sampled_from(["ko", "en"]),
    views=st.lists(views, max_size=5).map(tuple),
)


@given(boards)
def test_what_is_written_reads_the_same(board: Storyboard) -> None:
    assert read(write(board).encode()) == board


def test_quotes_line_ends_and_hangul_survive() -> None:
    note = 'He said "no".\r\n\'\'\' """ \\ \t # [[views]]\n한도 \u2028'
    board = Storyboard("'발표' \"둘\"", "ko", (View("simulator?assume=a%3D1&x=%22", "sweep", note=note),))
    assert read(write(board).encode()) == board
    # as an editor on Windows saves it
    assert read(b"\xef\xbb\xbf" + write(board).replace("\n", "\r\n").encode()) == board


def test_a_file_means_what_it_says() -> None:
    text = 'version = 1\n[[views]]\naddress = "simulator?step=4m-5m"\nkey = "sweep"\nnote = "둘째"\n'
    assert read(text.encode()) == Storyboard("", "ko", (View("simulator?step=4m-5m", "sweep", note="둘째"),))
    # what is empty is left out
    assert tomllib.loads(write(read(text.encode()))) == {
        "version": 1,
        "lang": "ko",
        "views": [{"address": "simulator?step=4m-5m", "key": "sweep", "note": "둘째"}],
    }


GOOD = 'address = "overview"\nkey = "total"\n'
ENTRY = f"[[views]]\n{GOOD}"


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("", "views = ["),
        ("", "a = " + "[" * 5_000),
        ("", b"\xff\xfe\x00"),
        ("", b"#" * (LARGEST + 1)),
        ("version", "title = 'x'"),
        ("version", "version = 2"),
        ("version", "version = true"),
        ("colour", "version = 1\ncolour = 'red'"),
        ("title", "version = 1\ntitle = 1"),
        ("lang", "version = 1\nlang = 'de'"),
        ("lang", "version = 1\nlang = ['ko']"),
        ("views", "version = 1\nviews = 'x'"),
        ("views", "version = 1\nviews = [1]"),
        ("views", "version = 1\n" + ENTRY * (MOST_VIEWS + 1)),
        ("views[1].address", "version = 1\n[[views]]\nkey = 'total'"),
        ("views[2].address", f"version = 1\n{ENTRY}[[views]]\naddress = 'http://x/y'\nkey = 'a'"),
        ("views[2].address", f"version = 1\n{ENTRY}[[views]]\naddress = '../x'\nkey = 'a'"),
        ("views[1].address", "version = 1\n[[views]]\naddress = 'a?b#c'\nkey = 'a'"),
        ("views[1].address", "version = 1\n[[views]]\naddress = 'javascript:alert(1)'\nkey = 'a'"),
        ("views[1].key", "version = 1\n[[views]]\naddress = 'overview'"),
        ("views[1].key", "version = 1\n[[views]]\naddress = 'overview'\nkey = '<b>'"),
        ("views[3].note", f"version = 1\n{ENTRY}{ENTRY}{ENTRY}note = 1"),
        ("views[2].colour", f"version = 1\n{ENTRY}{ENTRY}colour = 'red'"),
    ],
)
def test_a_wrong_file_is_named_by_its_entry(key: str, content: str | bytes) -> None:
    with pytest.raises(StoryboardError) as caught:
        read(content if isinstance(content, bytes) else content.encode())
    assert_names(caught.value, key)


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(StoryboardError, match="line 3"):
        read(b"version = 1\ntitle = 'x'\nviews = = 3\n")


A, B, C = (View("overview", key) for key in "abc")


@pytest.mark.parametrize(
    ("place", "to", "order"), [(0, 1, "bac"), (2, 1, "acb"), (0, 2, "bca"), (0, -1, "abc"), (2, 3, "abc")]
)
def test_moving_keeps_every_view(place: int, to: int, order: str) -> None:
    board = Storyboard(views=(A, B, C)).moved(place, to)
    assert "".join(view.key for view in board.views) == order


def test_arranging() -> None:
    board = Storyboard().with_view(A).with_view(B)
    assert board.has(View("overview", "a", "another finding", note="x"))
    assert not board.has(View("overview?total=cases", "a"))
    assert board.without(0).views == (B,)
    assert board.said(1, note="둘").views == (A, View("overview", "b", note="둘"))
    full = Storyboard(views=(A,) * MOST_VIEWS)
    with pytest.raises(StoryboardError, match="at most 40"):
        full.with_view(B)


def test_an_address_leaves_out_the_language() -> None:
    choices = {
        "lang": "ko",
        "step": "4m-5m",
        "assume": "shape.s=0.9",
        "alone": "sweep",
        "data": "0123456789ab",
    }
    assert as_address("simulator", choices) == "simulator?step=4m-5m&assume=shape.s%3D0.9&data=0123456789ab"
    assert as_address("series", {"lang": "ko"}) == "series"


def test_the_example_tells_the_same_in_both_languages_and_no_number_without_its_receipt() -> None:
    korean, english = example("ko"), example("en")
    assert [(view.address, view.key) for view in korean.views] == [
        (view.address, view.key) for view in english.views
    ]
    assert 5 <= len(korean.views) <= 6
    assert {"step=2m-4m", "step=4m-5m", "step=2m-5m"} <= {
        part for view in korean.views for part in view.address.split("&")
    }
    for board in (korean, english):
        for view in board.views:
            assert view.note
            assert not re.search(r"\d", view.note + view.finding + view.title)
            assert not view.title  # the chart's own finding, computed anew
