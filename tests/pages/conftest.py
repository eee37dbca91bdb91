"""The app without a browser: open a page, change its controls, read what it says."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Self

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from tests.looking import Look, look
from tests.views import View

APP = Path(dashboard.__file__).with_name("app.py")
TEXTS = ("title", "header", "subheader", "markdown", "caption", "warning", "info", "error")


class Visitor:
    """One session of one reader."""

    def __init__(self, page: str = "", **query: str) -> None:
        self.app = AppTest.from_file(APP, default_timeout=30)
        if page:
            self.go(page, **query)
        else:
            self.run()

    def run(self) -> Self:
        self.app.run()
        return self

    def go(self, page: str, **query: str) -> Self:
        """Turn to a page by the name of its file, with these parameters in the address."""
        self.app.switch_page(f"app_pages/{page}.py")
        self.address.update(query)
        return self.run()

    @property
    def address(self) -> dict[str, Any]:
        return self.app.query_params

    @property
    def controls(self) -> dict[str, Any]:
        """The controls by their name in the address."""
        app = self.app
        choices = [*app.selectbox, *app.segmented_control, *app.select_slider, *app.multiselect]
        found = [*choices, *app.toggle, *app.number_input]
        return {str(each.key).partition("|")[0]: each for each in found}

    def choose(self, key: str, code: str) -> Self:
        """Change one control."""
        assert self.controls[key].value != code, "the test changes nothing"
        self.controls[key].set_value(code)
        return self.run()

    @property
    def title(self) -> str:
        (title,) = self.app.title
        return str(title.value)

    @property
    def finding(self) -> str:
        """The alternative text of the last chart: its finding, what is measured, for which series and period."""
        return self.alternatives[-1]

    @property
    def alternatives(self) -> list[str]:
        return [chart.proto.alt for chart in self.app.main.get("plotly_chart")]

    @property
    def headlines(self) -> list[str]:
        return [element.proto.body for element in self.app.main.get("html")]

    @property
    def cells(self) -> list[str]:
        """All cells of all tables."""
        tables = [element.value.reset_index() for element in self.app.main.get("table")]
        return [str(cell) for table in tables for row in table.to_numpy() for cell in row]

    @property
    def texts(self) -> list[str]:
        """All that the main part of the page says."""
        said = [str(element.value) for kind in TEXTS for element in self.app.main.get(kind)]
        return [*said, *self.headlines, *self.cells, *self.alternatives]

    @property
    def is_sound(self) -> bool:
        return not self.app.exception and not self.app.error


Visit = Callable[..., Visitor]
Looked = Callable[[View, str], Look]


@pytest.fixture(scope="module", autouse=True)
def _built_data(data_folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YEOKJIKGU_BUILT_DIR", str(data_folder))
        yield


@pytest.fixture
def visit() -> Visit:
    """`visit(page, lang, key=code, ...)` opens a page by the name of its file with these parameters in the address."""

    def open_(page: str, lang: str = "en", **query: str) -> Visitor:
        return Visitor(page, lang=lang, **query)

    return open_


@pytest.fixture
def first_visit() -> Callable[[], Visitor]:
    """Open the plain address."""
    return Visitor


@pytest.fixture(scope="session")
def looked() -> Looked:
    """`looked(view, lang)` gives what a view shows; all tests share one look at each."""
    return cache(look)
