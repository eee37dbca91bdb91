"""Your shipments: a file in, counts with receipts out; the made-up example; what cannot be read."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.i18n import LANGUAGES, Lang
from dashboard.receipts import Number

Visit = Callable[..., Any]

HEADER = "신고일자,목적국,품목,결제금액\n"
# Above 2M and at most 4M: 2,000,001 and 4,000,000, worth 6,000,001 won of 9,000,001 + 5,000,000.
ROWS = (
    "2024-03-01,일본,화장품,2000000\n"
    "2024-03-02,일본,화장품,2000001\n"
    "2024-04-05,미국,=HYPERLINK(1),4000000\n"
    "2024-04-06,미국,<b>의류</b>,1000000\n"
    "2024-04-07,미국,의류,5000000\n"
)


def upload(seen: Any, text: str, name: str = "orders.csv") -> Any:
    seen.app.file_uploader[0].set_value((name, text.encode(), "text/csv"))
    return seen.run()


def numbers(seen: Any) -> dict[str, Number]:
    return {each.receipt.label: each for each in seen.app.session_state["numbers_of_this_run"]}


def test_without_a_file_it_says_what_to_do(visit: Visit):
    seen = visit("shipments")
    assert seen.is_sound
    assert any("No file yet" in text for text in seen.texts)
    assert any("500 MB" in text for text in seen.texts)
    assert seen.alternatives == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_counted(visit: Visit, lang: Lang):
    seen = upload(visit("shipments", lang), HEADER + ROWS)
    assert seen.is_sound
    found = {"ko": "새로 대상이 되는 건수", "en": "Newly qualifying"}[lang]
    assert numbers(seen)[found].receipt.value in {2.0, 6_000_001.0}
    assert {"ko": "2건", "en": "2 cases"}[lang] in " ".join(seen.headlines)
    assert len(seen.alternatives) == 3
    assert not any("가상" in text or "made-up" in text.lower() for text in seen.texts if "예시를" not in text)


def test_a_number_cites_the_file_by_name_hash_and_months(visit: Visit):
    seen = upload(visit("shipments"), HEADER + ROWS)
    (line,) = numbers(seen)["Newly qualifying"].receipt.inputs
    digest = hashlib.sha256((HEADER + ROWS).encode()).hexdigest()
    assert line.title == f"orders.csv, SHA-256 {digest[:12]}"
    assert (line.publisher, line.value, line.period) == ("your own file", 5.0, "2024-03..2024-04")
    assert numbers(seen)["Newly qualifying"].receipt.kind == "derived"


def test_limits_between_the_steps_give_bounds_and_say_so(visit: Visit):
    # April, United States, clothing: the bin (3,990,000, 4,000,000] holds two shipments worth 7,990,000. Both may be worth
    # 3,995,000, which is not above it; or one 3,995,001 and the other 3,994,999: none or one. With the one of 4,000,000 (alone in
    # its item's bin, so its value is known) and the one of 5,000,000: 2 or 3.
    more = "2024-04-08,미국,의류,3992000\n2024-04-09,미국,의류,3998000\n"
    seen = upload(visit("shipments", from_krw="3995000", to_krw="5000000"), HEADER + ROWS + more)
    assert seen.is_sound
    sentence = next(text for text in seen.texts if "Of 7 cases" in text)
    assert "2 to 3 cases" in sentence
    assert "the least and the most are given" in sentence
    assert "not an estimate" not in sentence


def test_a_step_down_is_said(visit: Visit):
    seen = upload(visit("shipments", from_krw="4000000", to_krw="2000000"), HEADER + ROWS)
    (error,) = seen.app.error
    assert "must be higher" in error.value


def test_nonsense_in_the_address_is_named_and_the_default_shown(visit: Visit):
    seen = visit("shipments", file="somebody", from_krw="a lot", to_krw="-1")
    assert seen.address["file"] == "own"
    assert any("somebody" in each.value for each in seen.app.info)


def test_columns_are_mapped_by_hand(visit: Visit):
    seen = upload(visit("shipments"), "wann,was,wieviel\n2024-03-01,x,2500000\n")
    (error,) = seen.app.error
    assert "no column of values" in error.value
    by_label = {each.label: each for each in seen.app.selectbox}
    by_label["Value"].set_value("wieviel")
    seen.run()
    assert seen.is_sound
    assert "1 case" in " ".join(seen.headlines)
    {each.label: each for each in seen.app.selectbox}["Date"].set_value("wann")
    seen.run()
    (line,) = numbers(seen)["Newly qualifying"].receipt.inputs
    assert line.period == "2024-03"
    # no name of a column, and nothing else of the file, stands in the address
    assert set(seen.address) == {"lang", "file", "from_krw", "to_krw", "part"}
    assert "wieviel" not in str(seen.address)


def test_a_currency_and_its_rate_are_said_by_hand(visit: Visit):
    seen = upload(visit("shipments"), "date,amount\n2024-03-01,300000\n")
    {each.label: each for each in seen.app.selectbox}["Currency of the values"].set_value("JPY")
    seen.run()
    assert "cannot be counted" in seen.app.error[0].value
    rate = next(each for each in seen.app.text_input if each.label.startswith("Won per unit"))
    rate.set_value("JPY=9.4")
    seen.run()
    assert seen.is_sound
    # 300,000 yen at 9.4 won are 2,820,000 won
    assert numbers(seen)["Their value"].receipt.value == 2_820_000.0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_faulty_is_listed_and_nothing_counted_above_the_share(visit: Visit, lang: Lang):
    seen = upload(visit("shipments", lang), HEADER + ROWS + "2024-04-08,미국,의류,없음\n")
    assert len(seen.app.error) == 1
    assert not seen.app.exception
    assert seen.alternatives == []
    assert {"ko": "금액이 숫자가 아님", "en": "the value is no number"}[lang] in seen.cells
    assert "own-rejects" in [str(each.key) for each in seen.app.main.get("download_button")]
    allowed = next(each for each in seen.app.selectbox if str(each.key).startswith("own|most"))
    allowed.set_value("20")
    assert seen.run().is_sound


@pytest.mark.parametrize(
    ("text", "name"),
    [("", "a.csv"), (HEADER, "a.csv"), ("no,thing\n", "a.csv"), ("PK", "a.xlsx"), ("x", "a.parquet")],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_read_gives_advice_and_no_exception(visit: Visit, text: str, name: str, lang: Lang):
    seen = upload(visit("shipments", lang), text, name)
    assert not seen.app.exception
    assert len(seen.app.error) == 1
    assert seen.app.error[0].value.endswith(".")


def test_a_file_that_is_taken_out_is_forgotten(visit: Visit):
    seen = upload(visit("shipments"), HEADER + ROWS)
    assert "own file of this session" in seen.app.session_state
    seen.app.file_uploader[0].set_value(None)
    seen.run()
    assert "own file of this session" not in seen.app.session_state
    assert any("No file yet" in text for text in seen.texts)


def test_another_page_forgets_the_file(visit: Visit):
    seen = upload(visit("shipments"), HEADER + ROWS)
    seen.go("glossary")
    seen.go("shipments")
    assert any("No file yet" in text for text in seen.texts)
    assert "own file of this session" not in seen.app.session_state


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_is_labelled_everywhere(visit: Visit, lang: Lang):
    label = {"ko": "가상 예시", "en": "made-up example"}[lang]
    for part in ("answer", "borders", "saving", "bunching", "file"):
        seen = visit("shipments", lang, file="example", part=part)
        assert seen.is_sound
        headings = [str(each.value) for each in seen.app.main.get("subheader")]
        assert headings
        assert all(label in text.lower() for text in [*headings, *seen.alternatives]), part
        # a threshold of a destination and its rate are published ones
        ours = [
            each
            for each in seen.app.session_state["numbers_of_this_run"]
            if each.receipt.inputs and (part != "borders" or each.receipt.unit == "cases")
        ]
        assert ours
        assert all(label in each.publisher for number in ours for each in number.receipt.inputs)
        assert {number.receipt.kind for number in ours} <= {"assumed", "modelled"}


def test_too_few_shipments_tell_nothing_of_bunching(visit: Visit):
    seen = upload(visit("shipments", part="bunching"), HEADER + ROWS)
    assert seen.is_sound
    assert any("Cannot be told from this file" in text for text in seen.texts)
