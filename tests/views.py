"""The views that promises about every page are tested on: each page of the navigation, and what only one choice shows.

Pages are read from the navigation itself, so that a new one is tested the moment it is there.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import dashboard
from dashboard.i18n import LANGUAGES

_PAGE = re.compile(r'PAGES / "(?P<stem>\w+)\.py".*?url_path="(?P<path>[\w-]+)"', re.DOTALL)

# Path in the address -> name of the page's file.
PAGES: dict[str, str] = {
    found["path"]: found["stem"]
    for found in _PAGE.finditer(Path(dashboard.__file__).with_name("app.py").read_text(encoding="utf-8"))
}

# Pages that are several: a control and what each of its choices shows. They are tested as thoroughly as pages.
PANELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "simulator": (
        "panel",
        ("answer", "gains", "drivers", "saving", "assumptions", "compare", "history", "hearing"),
    ),
    "borders": ("borders", ("ladder", "parcel", "timeline")),
    "markets": ("markets", ("shortlist", "table", "ranking", "sizing", "beside")),
    "destinations": ("show", ("bars", "map", "treemap", "ranks", "value-and-cases")),
}
# A link of other figures and an unknown set, made with other versions.
FOLLOWED = {
    "panel": "saving", "data": "0123456789ab", "model": "0.0.9", "p05": "9000", "p50": "31000", "p95": "70000",
    "base_cases": "40000000", "base_value_krw": "3600000000000", "assumptions": "00000000",
}  # fmt: skip
# Other choices that change what a page says.
CHOICES: list[tuple[str, dict[str, str]]] = [
    ("overview", {"total": "cases"}),
    ("trends", {"view": "growth"}),
    ("trends", {"view": "change"}),
    ("trends", {"view": "index"}),
    ("trends", {"view": "average"}),
    ("trends", {"series": "kostat_old", "frequency": "quarter", "panels": "destination"}),
    ("trends", {"series": "kostat_old", "frequency": "quarter", "panels": "item", "axes": "free"}),
    ("trends", {"measure": "value_krw", "terms": "real"}),
    ("destinations", {"split": "item"}),
    ("destinations", {"split": "item", "show": "treemap"}),
    ("destinations", {"by": "share_cases_pct"}),
    ("markets", {"markets": "table", "columns": "rules"}),
    ("simulator", {"step": "own", "panel": "saving"}),
    ("simulator", FOLLOWED),
    *(("shipments", {"file": "example", "part": part}) for part in ("borders", "saving", "bunching", "file")),
    ("shipments", {"file": "example"}),
    ("shipments", {"file": "example", "from_krw": "2005000"}),
    ("borders", {"abroad": "US"}),
    ("borders", {"borders": "parcel", "basket": "3000000", "drawback": "1"}),
    ("borders", {"borders": "timeline", "abroad": "JP"}),
    ("storyboard", {"story": "example"}),
    *(
        ("sources", {"section": section})
        for section in (
            "sources",
            "freshness",
            "revisions",
            "contradictions",
            "limits",
            "facts",
            "assumptions",
            "dictionary",
            "downloads",
        )
    ),
]


@dataclass(frozen=True)
class View:
    """A page with choices away from their defaults; `path` is the page's own in the address."""

    path: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """Its choices as they stand in the address."""
        return dict(self.choices)

    @property
    def place(self) -> str:
        """Where it stands below the dashboard's address: the first page has the address itself."""
        return "" if self.path == next(iter(PAGES)) else self.path

    def address(self, server: str, lang: str) -> str:
        """Its whole address in a language."""
        query = "&".join(f"{name}={code}" for name, code in {**self.query, "lang": lang}.items())
        return f"{server}/{self.place}?{query}"

    @property
    def page(self) -> str:
        """The name of the page's file."""
        return PAGES[self.path]

    def __str__(self) -> str:
        return "-".join([self.path, *self.query.values()])

    @property
    def is_panel(self) -> bool:
        """Whether it is a page, or one of those that a page is made of."""
        control, _codes = PANELS.get(self.path, ("", ()))
        return set(self.query) <= {control}


def _views() -> list[View]:
    found = [View(path) for path in PAGES]
    for path, (control, codes) in PANELS.items():
        # the first code is what the plain page shows
        found += [View(path, ((control, code),)) for code in codes[1:]]
    return found + [View(path, tuple(query.items())) for path, query in CHOICES]


VIEWS = _views()


def always_tested(view: "View", lang: str) -> bool:
    """Whether a browser looks at this view in this language in every run: each page in one of them; the rest is slow."""
    return not view.query and lang == LANGUAGES[list(PAGES).index(view.path) % len(LANGUAGES)]
