"""Bodies that nobody should send: hostile documents, cut ones, and any bytes at all are rows or an error of ours."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.errors import BusyError, FormatError, SourceError
from etl.sources.source import Answer
from etl.sources.xml_rows import _alike, _ends, read_items
from tests.etl.customs.bodies import (
    CASES,
    GATEWAY_BODY,
    HEAD,
    NATIONTRADE_BODY,
    NEWTRADE_BODY,
    REFUSED_BODY,
    read,
    request,
)

# Hostile XML


def test_entities_are_not_expanded() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE response [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(12)
    )
    started = time.perf_counter()
    with pytest.raises(FormatError, match="declares a document type"):
        read("newtrade", f"{bomb}]><response>&m;</response>".encode())

    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("encoding", ["cp037", "utf-16", "euc-kr", "no-such"])
def test_a_declared_encoding_changes_nothing(encoding: str) -> None:
    assert read("newtrade", NEWTRADE_BODY.replace(b"UTF-8", encoding.encode())) == read("newtrade")


def test_a_document_type_hides_in_no_other_encoding() -> None:
    text = f'<!DOCTYPE r [<!ENTITY a "b">]>{NEWTRADE_BODY.decode().partition("?>")[2]}'
    for encoding in ("utf-8", "utf-8-sig", "utf-16-le"):
        with pytest.raises(FormatError, match="declares a document type"):
            read("newtrade", text.encode(encoding))


def test_files_are_not_fetched_for_a_document() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><response>&x;</response>'
    )

    with pytest.raises(FormatError, match="declares a document type"):
        read("newtrade", body)


def test_many_levels_end_in_one_sentence() -> None:
    deep = b"<response>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</response>"

    with pytest.raises(FormatError, match="unknown result code"):
        read("newtrade", deep)


def test_a_body_without_end_is_not_read() -> None:
    with pytest.raises(FormatError, match="more than such an answer can have"):
        read("newtrade", b"<response>" + b"<a/>" * 4_000_001 + b"</response>")


# Any bytes


@pytest.mark.parametrize("case", CASES)
def test_a_body_cut_at_any_byte_is_a_fault_that_passes(case: str) -> None:
    body = CASES[case][1]
    for end in range(len(body)):
        with pytest.raises(BusyError):
            read(case, body[:end])


@pytest.mark.parametrize("body", [REFUSED_BODY, GATEWAY_BODY], ids=["refusal", "gateway"])
def test_an_error_cut_at_any_byte_is_a_fault_that_passes(body: bytes) -> None:
    for end in range(len(body)):
        with pytest.raises(BusyError):
            read("newtrade", body[:end])


def _sound(case: str, body: bytes, status: int) -> None:
    """Rows of equal length with a check that runs, or an error in one sentence."""
    dataset, _, scope = CASES[case]
    try:
        rows = read(case, body, status)
    except SourceError as error:
        sentences = [str(error)]
    else:
        assert tuple(rows.columns) == dataset.columns
        assert len({len(cells) for cells in rows.columns.values()}) == 1
        sentences = list(dataset.check(rows, request(dataset, scope), {}))
    assert not [each for each in sentences if "\n" in each or len(each) > 400]


cases = st.sampled_from(sorted(CASES))


statuses = st.sampled_from([200, 400, 401, 403, 404, 429, 500, 503])


@given(cases, st.binary(max_size=400), statuses)
@example("newtrade", b"<\0", 200)
@example("newtrade", b"\xef\xbb\xbf<response></response>", 200)
def test_any_bytes_are_rows_or_an_error_of_ours(case: str, body: bytes, status: int) -> None:
    _sound(case, body, status)


@given(cases, st.binary(max_size=60), statuses)
def test_any_bytes_that_look_like_markup_are_rows_or_an_error_of_ours(
    case: str, body: bytes, status: int
) -> None:
    _sound(case, b"<" + body, status)


TAGS = ("response", "header", "resultCode", "body", "items", "item", "year", "expDlr", "hsCd", "statCd")


@given(
    cases,
    st.recursive(
        st.sampled_from(["00", "99", "총계", "2024.01", "-", "5", "&amp;", "&x;", "", " "]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from(TAGS),
            st.lists(inner, max_size=4),
        ),
        max_leaves=25,
    ),
)
def test_any_tree_of_the_documents_own_tags_is_rows_or_an_error_of_ours(case: str, inner: str) -> None:
    _sound(case, f"<response>{inner}</response>".encode(), 200)
    _sound(case, f"{HEAD}<body><items>{inner}</items></body></response>".encode(), 200)


@given(
    cases,
    st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 30), st.binary(max_size=12)), min_size=1, max_size=6
    ),
)
def test_a_mutated_body_is_rows_or_an_error_of_ours(case: str, changes: list[tuple[int, int, bytes]]) -> None:
    body = CASES[case][1]
    for place, length, new in changes:
        start = place % (len(body) + 1)
        body = body[:start] + new + body[start + length :]
    _sound(case, body, 200)


fields = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(rows=st.lists(st.tuples(fields, fields, fields, fields), max_size=5), swapped=st.booleans())
def test_any_texts_in_well_formed_items_are_rows_or_an_error_of_ours(
    rows: list[tuple[str, str, str, str]], *, swapped: bool
) -> None:
    """With `swapped` every second item has its fields in another order, which is read in another way."""
    items = ""
    for place, (year, code, country, number) in enumerate(rows):
        texts = {
            "expDlr": number, "expWgt": "1", "hsCd": code, "impDlr": "2", "impWgt": "3", "statCd": country, "year": year,
        }  # fmt: skip
        names = sorted(texts, reverse=swapped and place % 2 == 1)
        escaped = {name: text.replace("&", "&amp;").replace("<", "&lt;") for name, text in texts.items()}
        items += "<item>" + "".join(f"<{name}>{escaped[name]}</{name}>" for name in names) + "</item>"
    _sound("nitemtrade", f"{HEAD}<body><items>{items}</items></body></response>".encode(), 200)


numbers = st.integers(-(10**18) + 1, 10**18 - 1)


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 9999), numbers, numbers), min_size=1, max_size=20)
)
def test_figures_come_out_as_they_went_in_and_add_up(rows: list[tuple[int, int, int, int]]) -> None:
    items = "".join(
        f"<item><expDlr>{exports}</expDlr><expWgt>1</expWgt><hsCd>330499{code:04}</hsCd><impDlr>{imports}</impDlr>"
        f"<impWgt>1</impWgt><statCd>US</statCd><year>2024.{month:02}</year></item>"
        for month, code, exports, imports in rows
    )
    found = read("nitemtrade", f"{HEAD}<body><items>{items}</items></body></response>".encode()).columns

    assert list(
        zip(found["month"], found["hs_code"], found["exports_usd"], found["imports_usd"], strict=True)
    ) == [
        (f"2024-{month:02}", f"330499{code:04}", exports, imports) for month, code, exports, imports in rows
    ]


def test_the_quick_way_and_the_careful_way_read_the_same() -> None:
    """An empty element sends the reader to the tree."""
    quick = read_items(Answer(200, NATIONTRADE_BODY), "here")
    careful = read_items(Answer(200, NATIONTRADE_BODY.replace(b"</items>", b"</items><x/>")), "here")

    assert len(quick) == len(careful) == 2
    assert _alike(_ends(NATIONTRADE_BODY, "here")), "the test needs a body that is read the quick way"
    for name in ("year", "statCd", "statCdCntnKor1", "expDlr", "impCnt"):
        assert quick.texts(name) == careful.texts(name)
