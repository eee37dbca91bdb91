"""Board packs for the tests: built on the project's own figures, each once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.exports.pack import scenario as scenario_pack
from dashboard.exports.pack.known import Known
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.exports.pack.slides import pptx_bytes
from dashboard.i18n import Lang
from dashboard.model.behaviour import Switches
from dashboard.scenarios import STEPS, OwnBase, Scenario

URL = "https://board.example/exports"
PLAIN = Scenario()
# A name that a spreadsheet would run, and every switch.
EVERYTHING = Scenario(
    name='=HYPERLINK("http://x","y")',
    switches=Switches(exclusions=True, uptake=True, splitting=True, under_declaration=True, volume=True),
    excluded_items=("food",),
)
SCENARIOS = {
    "plain": PLAIN,
    "everything": EVERYTHING,
    "nothing": Scenario(from_krw=4e6, to_krw=4e6),
    "few": Scenario(population=OwnBase(1_000, 60_000_000, 2025)),
    "low": Scenario(from_krw=1e6, to_krw=2e6),
    "stacked": PLAIN.on(STEPS["2m-5m"]),
}


@dataclass
class Packs:
    """`packs(scenario, lang)`; the same one is built once."""

    connection: duckdb.DuckDBPyConnection
    evidences: dict[str, Evidence]
    _kept: dict[tuple[str, str], Pack] = field(default_factory=dict)
    _slides: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def __call__(self, name: str = "plain", lang: Lang = "en") -> Pack:
        if (name, lang) not in self._kept:
            read: Callable[..., object] = lambda what, *rest: getattr(store, what)(self.connection, *rest)  # noqa: E731
            self._kept[name, lang] = scenario_pack.pack(
                SCENARIOS[name],
                Known.of(read),
                self.evidences[lang],
                base_url=URL,
                built="23 November 2026",
            )
        return self._kept[name, lang]

    def pptx(self, name: str = "plain", lang: Lang = "en") -> bytes:
        """Its slides, written once."""
        if (name, lang) not in self._slides:
            self._slides[name, lang] = pptx_bytes(self(name, lang))
        return self._slides[name, lang]


def slide(pack: Pack, key: str) -> Slide:
    """The slide of that key."""
    (found,) = [each for each in pack.slides if each.key == key]
    return found
