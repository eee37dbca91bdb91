"""What is said, counted and drawn of a reader's own file."""

import ast
import csv
import io
import json
import re
import string
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import etl
from dashboard import charts, uploads
from dashboard.cli import app
from dashboard.evidence import Evidence
from dashboard.exports.csv_file import csv_bytes
from dashboard.i18n import LANGUAGES, Lang, words_for
from dashboard.own_shipments import borders, bunch, example, figures, sentences
from dashboard.own_shipments.figures import Counted
from dashboard.receipts import Version
from dashboard.uploads import Options, Taken, UnreadableError, take
from etl.histogram import EDGES
from etl.intake.reading import REASONS

ENGLISH = uploads.REASONS
CSV = "date,destination,item,value\n2024-01-02,JP,3304,2500000\n2024-01-03,US,=cmd,1000000\n2024-02-03,US,3304,x\n"
LIMITS = (2_000_000, 4_000_000)


def taken(text: str = CSV, name: str = "orders.csv", **options: object) -> Taken:
    return take(name, text.encode(), Options(**{"max_rejected": 1.0, **options}))  # type: ignore[arg-type]  # few of many


# --- sentences ------------------------------------------------------------

# Sentences that no upload can bring about: commands, engines, appending, several inputs, files of histograms.
OTHERS = re.compile(
    r"histogram|installed|engine|No column value_krw|The column (?:value_krw|date) is|The input |is not there, or is no file"
    r"|contradicts itself|newer version|has no column \{?', '|\{table\} has no column|needs a package|gave no answer"
)


def raised() -> Iterator[tuple[str, str]]:
    """Each sentence of the pipeline that may reach the page, with “0” for what fills it, and where it is raised."""
    folder = Path(etl.__file__).parent
    for file in [
        *sorted((folder / "intake").glob("*.py")),
        *(folder / name for name in ("counting.py", "histogram.py")),
    ]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"InputError", "NoValuesError"}:
                for said in sentences_of(node.args[0]):
                    yield said, f"{file.name}:{node.lineno}"


def sentences_of(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "0" for each in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from sentences_of(body)
            yield from sentences_of(orelse)


def test_every_sentence_of_the_pipeline_has_one_on_the_page():
    found = {place: said for said, place in raised()}
    assert len(found) > 40
    unknown = {
        place: said
        for place, said in found.items()
        if not sentences._recognised(said, sentences.FAULTS)[0] and not OTHERS.search(said)
    }
    assert unknown == {}


def test_every_reason_has_one_on_the_page():
    for lang in LANGUAGES:
        assert sentences.reasons(words_for(lang)).keys() == REASONS.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_can_be_filled(lang: Lang):
    words = words_for(lang)
    for template in sentences.FAULTS:
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name]
        said = sentences.fault(template.format(**dict.fromkeys(names, "q")), "orders.csv", words, ENGLISH)
        assert said
        assert "{" not in said
    assert sentences.fault("who knows", "a.csv", words_for("en"), ENGLISH) == "a.csv cannot be used."


# What is dropped, the name it has, and what the page says in English.
FAULTY = [
    ("", "orders.csv", "orders.csv is empty. Export it again and drop it here."),
    ("a,b\n1,2\n", "orders.csv", "has no column of values that is known by name"),
    ("PK", "orders.xlsx", "orders.xlsx is no whole workbook"),
    ("x", "orders.xls", "Excel file of the old kind"),
    ("x", "orders.pdf", "of a kind that is not read here"),
    ("x", "orders", "of a kind that is not read here"),
    ("PAR1", "orders.parquet", "cannot be read to its end"),
    ("x", "orders.csv.gz", "cannot be read to its end"),
    ("[]", "orders.jsonl", "does not begin with a JSON object"),
]


@pytest.mark.parametrize(("text", "name", "said"), FAULTY)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_read_is_said_in_one_sentence_without_a_path(
    text: str, name: str, said: str, lang: Lang
):
    with pytest.raises(UnreadableError) as error:
        taken(text, name)
    sentence = sentences.fault(str(error.value), name, words_for(lang), ENGLISH)
    if lang == "en":
        assert said in sentence
    assert name in sentence
    assert tempfile.gettempdir() not in sentence


def test_the_columns_of_a_file_without_known_names_are_handed_on():
    with pytest.raises(UnreadableError) as error:
        taken("a,b\n1,2\n")
    assert error.value.header == ("a", "b")
    assert taken("a,b\n1,2\n", columns={"value": "b"}).rows_counted == 1


def test_a_name_leads_nowhere():
    read = taken(name="../../etc/passwd.csv")
    assert read.name == "../../etc/passwd.csv"
    assert read.rows_counted == 2


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read = taken()
    uploads.histogram_file(read.counted) if read.counted else pytest.fail("nothing counted")
    with pytest.raises(UnreadableError):
        taken("")
    assert list(tmp_path.iterdir()) == []


def test_too_many_faults_count_nothing_and_keep_the_rows():
    read = taken(max_rejected=0.05)
    assert read.counted is None
    said = sentences.fault(read.fault, read.name, words_for("en"), ENGLISH)
    # 1 of 3 rows is 33.3%
    assert "1 of 3 rows (33.3%) cannot be counted, more than 5%" in said
    assert "the value is no number (line 4)" in said
    korean = sentences.fault(read.fault, read.name, words_for("ko"), ENGLISH)
    assert "금액이 숫자가 아님(4행)" in korean


def test_rejects_are_in_the_readers_language_and_cannot_act():
    read = taken(CSV.replace(",x\n", ",=1+1\n"))
    rows = list(
        csv.reader(io.StringIO(sentences.rejects(read.rejects, words_for("ko"))().decode("utf-8-sig")))
    )
    assert rows[0][:3] == ["파일", "행 번호", "사유(코드)"]
    assert rows[1] == ["orders.csv", "4", "formula", "결과값이 없는 수식: Excel에서 열어 저장 필요", "'=1+1"]


# --- counts ------------------------------------------------------------


def test_the_answer_is_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(CSV, encoding="utf-8")
    read = taken()
    assert read.counted is not None
    ours = json.loads(uploads.as_json(uploads.count(read.counted, *LIMITS), read.counted))
    words = [
        "shipments",
        "count",
        "orders.csv",
        "--from",
        "2000000",
        "--to",
        "4000000",
        "--json",
        "--max-rejected",
        "1",
    ]
    assert ours == json.loads(CliRunner().invoke(app, words).stdout)
    assert ours["newly_qualifying"] == {
        "cases": 1, "value_krw": 2_500_000, "share_of_cases": 0.5, "share_of_value": 2_500_000 / 3_500_000,
    }  # fmt: skip


def test_the_histogram_is_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("orders.csv").write_text(CSV, encoding="utf-8")
    read = taken()
    assert read.counted is not None
    CliRunner().invoke(
        app, ["shipments", "reduce", "orders.csv", "-o", "ours.parquet", "--max-rejected", "1"]
    )
    assert uploads.histogram_file(read.counted) == Path("ours.parquet").read_bytes()


def test_a_cell_of_the_file_stays_text_in_what_is_downloaded():
    read = taken(CSV.replace("2500000", "2500000\n2024-01-02,JP,=cmd,2600000"))
    assert read.counted is not None
    evidence = Evidence(pd.DataFrame({"observation_id": []}), words_for("en"), Version("d", "m"))
    counted = Counted(read, uploads.count(read.counted, *LIMITS), evidence, {"destination": {}, "item": {}})
    table = figures.parts_table(counted.count.by_item, "item", counted)
    rows = list(csv.DictReader(io.StringIO(csv_bytes(table.columns).decode("utf-8-sig"))))
    assert {row["Item"] for row in rows} == {"3304", "'=cmd"}
    assert {row["receipt_publisher"] for row in rows} == {"your own file"}
    for row in rows:
        assert not any(cell.startswith(("=", "+", "@")) for cell in row.values()), row


# --- two borders ------------------------------------------------------------

RULE = {
    "rule_id": "JP-air", "destination_id": "JP", "route": "express", "goods": "ALL", "status": "in_force", "currency": "JPY",
    "channel_en": "by air", "valid_from_day": None, "valid_to_day": date(2028, 3, 31),
    "duty_relief": "up_to", "duty_free_up_to": 250_000.0, "tax_relief": "none", "tax_free_up_to": None,
}  # fmt: skip


def test_the_other_border_is_counted_with_the_least_and_the_most():
    # 250,000 yen at 10 won are 2,500,000 won, a step of the count; 2,400,000 is below it, 2,600,000 and 4,500,000 above
    rows = "".join(f"2024-01-02,JP,3304,{krw}\n" for krw in (2_400_000, 2_600_000, 4_500_000))
    read = taken("date,destination,item,value\n" + rows + "2024-01-02,US,3304,3000000\n")
    assert read.counted is not None
    evidence = Evidence(pd.DataFrame({"observation_id": []}), words_for("en"), Version("d", "m"))
    counted = Counted(read, uploads.count(read.counted, *LIMITS), evidence, {"destination": {}, "item": {}})
    duty, tax = borders.borders(counted, [RULE], [{"currency": "JPY", "krw_per_unit": 10.0}])
    assert (duty.free_krw, duty.shipments) == (2_500_000.0, 3)
    assert duty.above is not None
    assert duty.newly is not None
    assert (duty.above.cases, duty.newly.cases) == ((2, 2), (1, 1))
    # without any relief all are above it, and the newly qualifying two
    assert tax.above is not None
    assert tax.newly is not None
    assert (tax.above.cases, tax.newly.cases) == ((3, 3), (2, 2))
    # between two steps: 2,605,000 cuts the bin (2,600,000, 2,610,000], which is empty; 2,595,000 cuts the one that holds 2,600,000
    cut = borders.borders(
        counted, [{**RULE, "duty_free_up_to": 259_500.0}], [{"currency": "JPY", "krw_per_unit": 10.0}]
    )
    assert cut[0].newly is not None
    assert cut[0].newly.cases == (1, 1)  # alone in its bin, its value is known: 2,600,000
    text, _numbers = borders.heading([duty, tax], counted)
    assert "2 cases of these" in text
    # without a rate nothing is said in won
    assert borders.borders(counted, [RULE], [])[0].free_krw is None


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"route": "post"}, False),
        ({"goods": "cosmetics"}, False),
        ({"status": "announced"}, False),
        ({"valid_from_day": date(2026, 11, 24)}, False),
        ({"valid_to_day": date(2026, 11, 22)}, False),
        ({"valid_to_day": date(2026, 11, 22), "status": "end_unconfirmed"}, True),
    ],
)
def test_only_rules_in_force_on_the_route_count(change: dict[str, object], holds: bool):  # noqa: FBT001 (a row of the table)
    assert bool(borders.in_force([{**RULE, **change}], "express", date(2026, 11, 23))) is holds


# --- the example ------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_says_what_it_is_in_each_of_its_rows(lang: Lang):
    read = take(example.file_name(lang), example.content(lang), Options())
    assert read.fault == ""
    assert read.counted is not None
    made_up = {"ko": "가상 예시", "en": "made-up example"}[lang]
    assert read.counted.table.column("channel").unique().to_pylist() == [made_up]
    table = pq.read_table(io.BytesIO(uploads.histogram_file(read.counted)))
    assert set(table.column("channel").to_pylist()) == {made_up}
    assert made_up.replace(" ", "-") in read.rejects.decode("utf-8-sig")
    told = json.loads(uploads.as_json(uploads.count(read.counted, *LIMITS), read.counted, "made up"))
    assert next(iter(told)) == "made_up"


def test_the_example_is_the_same_in_both_languages_and_every_time():
    one, other = (list(csv.reader(io.StringIO(example.content(lang).decode()))) for lang in LANGUAGES)
    assert [(row[0], row[1], row[4]) for row in one[1:]] == [(row[0], row[1], row[4]) for row in other[1:]]
    example.content.cache_clear()
    assert list(csv.reader(io.StringIO(example.content(LANGUAGES[0]).decode()))) == one


# --- bunching ------------------------------------------------------------


def test_bunching_is_found_in_the_example_and_drawn_whole():
    read = take("example.csv", example.content("en"), Options())
    assert read.counted is not None
    found = bunch.estimate(read.counted, 2_000_000)
    assert found.excess.low > 0
    assert found.missing is not None
    bins = bunch.picture(found)
    # bars of a fortieth of the limit between 0.4 and 2 times the limit
    assert len(bins) == 64
    assert set(bins["high_krw"] - bins["low_krw"]) == {50_000}
    assert 2_000_000 in set(bins["high_krw"])
    counts = uploads.cases_by_bin(read.counted)
    first, last = EDGES.index(800_000), EDGES.index(4_000_000)
    assert bins["observed"].sum() == sum(counts[first:last])
    assert np.isclose(bins["counterfactual"].sum(), found.picture.counterfactual.sum())
    figure = charts.bunching(bins, found.limit, found.window, "limit", words_for("en"))
    assert list(figure.data[0].y) == list(bins["observed"])
    assert list(figure.data[1].x) == list(bins["high_krw"])


def test_bars_meet_the_limit_where_the_reach_is_no_multiple_of_them():
    read = take("example.csv", example.content("en"), Options())
    assert read.counted is not None
    bins = bunch.picture(bunch.estimate(read.counted, 1_130_000))
    assert 1_130_000 in set(bins["high_krw"])
    assert bins["observed"].iloc[-1] == sum(
        uploads.cases_by_bin(read.counted)[
            EDGES.index(int(bins["low_krw"].iloc[-1])) : EDGES.index(int(bins["high_krw"].iloc[-1]))
        ]
    )
