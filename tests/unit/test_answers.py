"""The simulator's answers on the real populations, with the receipts of what they rest on."""

from collections.abc import Callable

import duckdb
import pytest

from dashboard import answers, store
from dashboard.answers import Question
from dashboard.evidence import Evidence
from dashboard.i18n import LANGUAGES, Lang

Ask = Callable[..., Question]

CAP = 2_000_000
TOTAL_2021 = 1_745_187_000 * 1144.8911
DECLARED_2021 = 708_132_000 * 1144.8911


@pytest.fixture
def ask(warehouse: duckdb.DuckDBPyConnection) -> Ask:
    rows = {row["population_id"]: row for row in store.populations(warehouse).to_dict("records")}

    def question(
        population: str, old: int = 2_000_000, new: int = 4_000_000, share: float | None = None
    ) -> Question:
        return Question(rows[population], old, new, CAP, share)

    return question


@pytest.mark.parametrize(
    ("population", "old", "new", "free", "text"),
    [
        ("total-2024", 2_000_000, 4_000_000, 2_045_500, "2,045,500 cases"),
        ("total-2024", 4_000_000, 5_000_000, 1_022_750, "1,022,750 cases"),
        ("declared-2021", 2_000_000, 4_000_000, DECLARED_2021 / 2e6, "about 405,000 cases"),
        ("declared-2021", 4_000_000, 5_000_000, DECLARED_2021 / 4e6, "about 203,000 cases"),
        ("total-2021", 2_000_000, 4_000_000, TOTAL_2021 / 2e6, "about 999,000 cases"),
    ],
)
def test_the_bound_without_assumptions(
    ask: Ask, english: Evidence, population: str, old: int, new: int, free: float, text: str
):
    answer = answers.answer(ask(population, old, new, 0.5), "assumed", english)
    assert answer.assumption_free.receipt.value == pytest.approx(free)
    assert str(answer.assumption_free) == text


@pytest.mark.parametrize(
    ("population", "share", "capped"),
    [
        # nothing to take out
        ("declared-2021", None, DECLARED_2021 / 2e6),
        # published: all but the declared channel, 1,037.055M USD
        ("total-2021", None, DECLARED_2021 / 2e6),
        # assumed
        ("total-2024", 0.5, 4.091e12 * 0.5 / 2e6),
        ("total-2024", 0.7, 4.091e12 * 0.3 / 2e6),
        ("total-2024", 0.0, 4.091e12 / 2e6),
    ],
)
def test_list_clearance_taken_out(
    ask: Ask, english: Evidence, population: str, share: float | None, capped: float
):
    answer = answers.answer(ask(population, share=share), "assumed", english)
    assert answer.list_clearance_capped.receipt.value == pytest.approx(capped, rel=1e-4)
    assert answer.list_clearance_capped.text.startswith("about ")


def test_an_assumption_is_said_only_where_it_is_made(ask: Ask, english: Evidence):
    stated = {
        name: answers.answer(
            ask(name, share=0.5), "assumed share", english
        ).list_clearance_capped.receipt.assumptions
        for name in ("total-2024", "total-2021", "declared-2021")
    }
    assert stated == {"total-2024": ("assumed share",), "total-2021": (), "declared-2021": ()}
    assert [name for name in stated if ask(name).needs_list_share] == ["total-2024"]


def test_share_of_all_shipments(ask: Ask, english: Evidence):
    # 2,045,500 of 61.17 million
    answer = answers.answer(ask("total-2024", share=0.5), "assumed", english)
    assert answer.share_of_cases.receipt.value == pytest.approx(100 * 2_045_500 / 61_170_000)
    assert str(answer.share_of_cases) == "3.3%"


def test_receipts_name_the_total_the_rate_and_both_limits(ask: Ask, english: Evidence):
    receipt = answers.answer(ask("declared-2021"), "", english).assumption_free.receipt
    assert receipt.kind == "derived"
    assert receipt.formula == "value of all shipments / old limit"
    by_value = {line.value: line.kind for line in receipt.inputs}
    assert by_value[708_132_000] == "published"
    assert by_value[1144.8911] == "published"
    assert by_value[2_000_000] == "assumed"
    assert by_value[4_000_000] == "assumed"


def test_the_assumed_share_is_chosen_within_its_range(warehouse: duckdb.DuckDBPyConnection, ask: Ask):
    judged = (
        store.assumptions(warehouse).set_index("assumption_id").loc["list_clearance_value_share"].to_dict()
    )
    percents = answers.list_shares(judged)
    assert percents[0] == str(round(100 * judged["low"]))
    assert percents[-1] == str(round(100 * judged["high"]))
    assert len(percents) == len(set(percents)) == int(percents[-1]) - int(percents[0]) + 1
    assert answers.list_share_default(judged) in percents
    assert ask("total-2024").with_list_share(50).list_value_krw == pytest.approx(2.0455e12)


# --- the sweep ------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [(2_000_000, 4_000_000), (2_000_000, 2_100_000), (4_100_000, 5_000_000), (9_900_000, 10_000_000)],
)
def test_the_sweep_covers_all_new_limits(ask: Ask, old: int, new: int):
    swept = answers.sweep(ask("total-2024", old, new, 0.5))
    assert swept["new_krw"].is_monotonic_increasing
    assert swept["new_krw"].is_unique
    assert swept["new_krw"].iloc[0] > old
    assert swept["new_krw"].iloc[-1] == answers.HIGHEST_KRW
    assert new in swept["new_krw"].to_numpy()
    assert swept["assumption_free"].tolist() == pytest.approx([4.091e12 / old] * len(swept))
    assert swept["decreasing_density"].is_monotonic_increasing
    assert (swept["decreasing_density"] <= swept["assumption_free"] / 2 + 1e-6).all()
    assert (swept["list_clearance_capped"] <= swept["assumption_free"]).all()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("population", ["total-2024", "total-2021", "declared-2021"])
def test_the_table_is_the_sweep(ask: Ask, evidences: dict[str, Evidence], population: str, lang: Lang):
    question = ask(population, share=0.5 if population == "total-2024" else None)
    names = answers.bound_names(question, evidences[lang])
    table = answers.sweep_table(question, "assumed", evidences[lang])
    swept = answers.sweep(question)
    values = [number.receipt.value for number in table.numbers()]
    assert values == pytest.approx(swept[list(names)].to_numpy().ravel().tolist())
    assert len(table.columns) == 1 + len(names)
    assert ("list_clearance_capped" in names) == (population != "declared-2021")


def test_the_table_states_its_assumptions(ask: Ask, english: Evidence):
    table = answers.sweep_table(ask("total-2024", share=0.5), "assumed share", english)
    free, falling, capped = [number.receipt for number in table.numbers()[:3]]
    assert free.assumptions == ()
    assert "rarer" in falling.assumptions[0]
    assert capped.assumptions == ("assumed share",)


# --- words ------------------------------------------------------------


def test_the_title_is_the_finding(ask: Ask, evidences: dict[str, Evidence]):
    question = ask("total-2024", share=0.5)
    titles = {
        lang: answers.title(question, answers.answer(question, "", evidence), evidence)
        for lang, evidence in evidences.items()
    }
    assert "From KRW 2 million to KRW 4 million: at most 2,045,500 cases" in titles["en"]
    assert all(text in titles["ko"] for text in ("200만 원", "400만 원", "204만 5,500건"))


def test_populations_are_full_years(warehouse: duckdb.DuckDBPyConnection, english: Evidence):
    names = answers.population_names(store.populations(warehouse), english)
    assert set(names) == {"total-2024", "total-2021", "declared-2021"}
    assert next(iter(names)) == "total-2024"
    assert names["declared-2021"] == "declared channel 2021"
