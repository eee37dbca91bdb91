from typing import Any

import pandas as pd
import pytest

from dashboard.formats import MISSING
from dashboard.i18n import words_for
from dashboard.receipts import (
    Input,
    Kind,
    Number,
    Receipt,
    Version,
    bound_name,
    cited,
    column_names,
    derived,
    kind_name,
    number,
    published,
    quality_name,
    receipt_columns,
)

KO, EN = words_for("ko"), words_for("en")
VERSION = Version(data="0123456789ab", model="0.1.0")

ROW: dict[str, Any] = {
    "observation_id": "F001",
    "series_id": "kcs_total",
    "series_ko": "관세청 총계",
    "series_en": "Customs total",
    "metric_id": "cases",
    "metric_ko": "건수",
    "metric_en": "Cases",
    "destination_id": "JP",
    "destination_ko": "일본",
    "destination_en": "Japan",
    "item_id": "ALL",
    "item_ko": "전체",
    "item_en": "All items",
    "channel_id": "ALL",
    "channel_ko": "전체",
    "channel_en": "All channels",
    "period": "2021",
    "value": 20_700_000.0,
    "unit": "cases",
    "bound": "approximate",
    "quality": "press quoting official",
    "source_id": "ekn-2022-10-17",
    "publisher_ko": "",
    "publisher_en": "Energy Economy News",
    "title": "해외 역직구 4049만건",
    "url": "https://example.org/article",
    "published": "2022-10-17",
    "published_note_ko": None,
    "published_note_en": None,
    "note_ko": "",
    "note_en": "rounded",
}


def test_a_published_figure_carries_its_source() -> None:
    receipt = published(ROW, EN, VERSION)
    assert receipt == Receipt(
        kind="published",
        label="Customs total · Cases · Japan",
        value=20_700_000.0,
        unit="cases",
        formula=None,
        inputs=(
            Input(
                label="Customs total · Cases · Japan",
                value=20_700_000.0,
                unit="cases",
                period="2021",
                source_id="ekn-2022-10-17",
                publisher="Energy Economy News",
                title="해외 역직구 4049만건",
                url="https://example.org/article",
                published="17 October 2022",
                quality="press quoting official",
                note="approximate. rounded",
                figure_id="F001",
            ),
        ),
        assumptions=(),
        data_version="0123456789ab",
        model_version="0.1.0",
    )


def test_a_receipt_speaks_the_readers_language_and_english_where_there_is_no_other() -> None:
    line = cited(ROW, KO)
    assert line.label == "관세청 총계 · 건수 · 일본"
    assert line.publisher == "Energy Economy News"
    assert line.published == "2022년 10월 17일"
    assert line.quality == "공식 발표를 인용한 보도"
    assert line.note == "어림값. rounded"


def test_a_row_may_bring_its_own_name() -> None:
    limit = {"label_ko": "한도", "label_en": "Limit", "value": 2e6, "unit": "KRW", "period": "2014-07-30"}
    line = cited(
        {**limit, "source_id": "a", "channel_id": "simplified_declaration", "channel_ko": "간이"}, KO
    )
    assert (line.label, line.value, line.period, line.quality) == ("한도", 2e6, "2014-07-30", "")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_missing_is_missing(missing: Any) -> None:
    receipt = published({**ROW, "value": missing, "note_en": missing}, EN, VERSION)
    assert receipt.value is None
    assert number(missing, "cases", EN, receipt).text == MISSING
    assert receipt.as_frame(EN).loc[0, "Value"] == MISSING


def test_a_source_without_a_date_says_what_is_known_of_it() -> None:
    undated = {**ROW, "published": "", "published_note_en": "undated copy"}
    assert cited(undated, EN).published == "undated copy"
    assert cited({**ROW, "published": ""}, EN).published == ""


def test_a_row_without_a_source_is_a_mistake() -> None:
    sourceless = {name: value for name, value in ROW.items() if name != "source_id"}
    with pytest.raises(KeyError, match="source_id"):
        cited(sourceless, EN)


def test_a_number_is_its_text_and_keeps_its_receipt() -> None:
    receipt = published(ROW, KO, VERSION)
    made = number(20_700_000.0, "cases", KO, receipt, approximate=True)
    assert made == Number("약 2,070만 건", receipt)
    assert f"{made}" == "약 2,070만 건"
    assert number(20_700_000.0, "cases", EN, receipt, significant=2).text == "21 million cases"


@pytest.mark.parametrize(("value", "unit"), [(20_700_001.0, "cases"), (20_700_000.0, "KRW"), (None, "cases")])
def test_another_numbers_receipt_is_refused(value: float | None, unit: str) -> None:
    with pytest.raises(ValueError, match="is not what its receipt is for"):
        number(value, unit, EN, published(ROW, EN, VERSION))


def bound_of_2024(*, assumptions: tuple[str, ...] = ()) -> Receipt:
    total = Input("Total of 2024", 4.091e12, "KRW", "2024", source_id="a", title="A")
    limit = Input("Old limit", 2e6, "KRW", "2014-07-30", source_id="b", title="B")
    return derived(
        "Upper bound", 2_045_500.0, "cases", "total / limit", [total, limit], VERSION, assumptions=assumptions
    )


def test_a_derived_number_brings_the_inputs_of_its_inputs_once() -> None:
    bound = bound_of_2024(assumptions=("every shipment is worth the limit",))
    choice = derived("Chosen limit", 4e6, "KRW", "", [], VERSION, kind="assumed", assumptions=("chosen",))
    share = derived(
        "Share", 3.3, "percent", "bound / cases", [bound, bound, choice], VERSION, kind="modelled"
    )
    assert [line.label for line in share.inputs] == ["Total of 2024", "Old limit", "Chosen limit"]
    assert [line.kind for line in share.inputs] == ["published", "published", "assumed"]
    assert share.assumptions == ("every shipment is worth the limit", "chosen")
    assert (share.kind, share.formula, choice.formula) == ("modelled", "bound / cases", None)


def test_the_table_has_one_row_an_input_under_translated_names() -> None:
    frame = bound_of_2024().as_frame(KO)
    columns = ["항목", "값", "기간", "구분", "발표 기관", "제목", "주소", "발표일", "자료 등급", "비고"]
    assert list(frame.columns) == columns
    assert frame["값"].tolist() == ["4조 910억 원", "200만 원"]
    assert frame["기간"].tolist() == ["2024년", "2014년 7월 30일"]
    assert frame["구분"].tolist() == ["발표값", "발표값"]
    assert list(bound_of_2024().as_frame(EN).columns)[:2] == ["Figure", "Value"]


def test_a_number_that_rests_on_nothing_is_its_own_row() -> None:
    choice = derived("고른 한도", 4e6, "KRW", "", [], VERSION, kind="assumed")
    assert choice.as_frame(KO)[["항목", "값", "구분"]].to_numpy().tolist() == [
        ["고른 한도", "400만 원", "가정값"]
    ]


def test_the_rows_keep_numbers_as_numbers_under_the_same_names_in_both_languages() -> None:
    rows = published(ROW, KO, VERSION).as_rows()
    assert rows[0]["value"] == 20_700_000.0
    assert list(rows[0]) == list(published(ROW, EN, VERSION).as_rows()[0])


def test_what_is_true_of_the_number_itself() -> None:
    assert bound_of_2024(assumptions=("one", "two")).as_items(EN) == [
        ("Figure", "Upper bound"),
        ("Kind", "derived"),
        ("Value in detail", "2,045,500 cases"),
        ("Formula", "total / limit"),
        ("Assumption", "one"),
        ("Assumption", "two"),
        ("Data version", "0123456789ab"),
        ("Model version", "0.1.0"),
    ]
    assert "산식" not in dict(published(ROW, KO, VERSION).as_items(KO))


def test_receipts_stand_as_columns_beside_the_figures_of_a_file() -> None:
    columns = receipt_columns([published(ROW, EN, VERSION), bound_of_2024(assumptions=("one", "two"))])
    assert len(columns) == 2
    assert columns["receipt_figure_id"].tolist() == ["F001", ""]
    assert columns["receipt_kind"].tolist() == ["published", "derived"]
    assert columns["receipt_source_id"].tolist() == ["ekn-2022-10-17", "a | b"]
    assert columns["receipt_assumptions"].tolist() == ["", "one | two"]
    assert columns.loc[1, "receipt_inputs"] == (
        "Total of 2024: 4091000000000 KRW (2024) | Old limit: 2000000 KRW (2014-07-30)"
    )
    assert columns.loc[1, "receipt_url"] == ""
    assert set(columns["data_version"]) == {"0123456789ab"}
    assert "\n" not in columns.to_csv(index=False).strip().replace("\n", "", 2)


def test_every_column_of_a_receipt_has_a_name_of_its_own_in_both_languages() -> None:
    columns = published(ROW, EN, VERSION).as_columns()
    for words in (KO, EN):
        named = column_names(words)
        assert list(named) == list(columns)
        assert len(set(named.values())) == len(named)
    assert column_names(KO)["receipt_figure_id"] == "수치 번호"


def test_kinds_qualities_and_bounds_have_names_in_both_languages() -> None:
    kinds: list[Kind] = ["published", "derived", "assumed", "modelled"]
    assert [kind_name(kind, KO) for kind in kinds] == ["발표값", "산출값", "가정값", "모형값"]
    assert [kind_name(kind, EN) for kind in kinds] == kinds
    assert quality_name("official", KO) == "공식 발표"
    assert quality_name("hearsay", KO) == "hearsay"
    assert [bound_name(bound, KO) for bound in ("exact", "at_least", "at_most")] == ["", "이상", "이하"]
