"""A storyboard's slides: in order, titled and noted as the presenter wrote, and no view is ever lost."""

import io
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import pytest
from pptx import Presentation

from dashboard import store
from dashboard.evidence import Evidence
from dashboard.exports.pack import story
from dashboard.exports.pack.files import WRITERS
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.exports.pack.story import Seen
from dashboard.storyboard import Storyboard, View
from tests.packs import Packs, slide

URL = "https://board.example/exports"


@dataclass
class Pages:
    """Stands in for the dashboard: what each address shows, and which were opened."""

    packs: Packs
    opened: list[str] = field(default_factory=list)

    def __call__(self, address: str) -> Seen | str:
        self.opened.append(address)
        if not address.startswith("simulator"):
            return "there is no page “gone”."
        ignored = [("step", "9m")] if "9m" in address else []
        choices = {"step": "2m-4m", "lang": "en"}
        return Seen("Simulator", "", self.packs().slides, {}, choices, ignored)


@pytest.fixture
def tell(packs: Packs, warehouse: duckdb.DuckDBPyConnection, english: Evidence):
    def tell(*views: View, title: str = "Our story") -> tuple[Pack, Pages]:
        pages = Pages(packs)

        def read(name: str, *rest: Any) -> Any:
            return getattr(store, name)(warehouse, *rest)

        board = Storyboard(title, "en", views)
        made = story.pack(board, pages, read, english, base_url=URL, built="23 November 2026")
        return made, pages

    return tell


SWEEP = View("simulator?step=2m-4m", "sweep")


def test_titles_are_the_presenters_else_the_charts_own_finding(tell: Any, packs: Packs):
    own = replace(SWEEP, title="Our title", note="First line\n\nSecond line", finding="as it was")
    pack, pages = tell(own, replace(SWEEP, finding="as it was"), View("simulator?step=2m-4m", "dots"))
    cover, first, second, third = pack.slides
    assert cover.key == "cover"
    assert cover.shown.title == pack.title == "Our story"
    assert cover.said == tuple(each.shown.title for each in (first, second, third))
    assert first.shown.title == "Our title"
    assert first.said == ("First line", "Second line")
    assert second.shown.title == slide(packs(), "sweep").shown.title != "as it was"
    assert third.shown.title == slide(packs(), "dots").shown.title
    # one page for three views, and one chart twice under keys of their own
    assert pages.opened == ["simulator?step=2m-4m"]
    assert len({each.key for each in pack.slides}) == 4


def test_each_slide_leads_back_to_its_own_view(tell: Any):
    pack, _pages = tell(SWEEP)
    address = f"{URL}/simulator?step=2m-4m&lang=en&data=0123456789ab&model=0.1.0"
    assert pack.slides[1].address == address
    assert pack.address == f"{URL}/storyboard?lang=en"
    html = WRITERS[".html"](pack).decode()
    assert address.replace("&", "&amp;") in html
    show = Presentation(io.BytesIO(WRITERS[".pptx"](pack)))
    assert address in show.slides[1].notes_slide.notes_text_frame.text


def test_a_view_that_does_not_open_any_more_says_so_in_its_place(tell: Any):
    pack, _pages = tell(
        View("gone?x=1", "total", finding="Exports rose", note="say this"),
        View("simulator?a=1", "no-chart"),
        SWEEP,
    )
    _cover, gone, lacking, sweep = pack.slides
    assert gone.shown.title == "Exports rose"
    assert gone.said == ("This view does not open any more: there is no page “gone”.", "say this")
    assert gone.address == f"{URL}/gone?x=1"
    assert lacking.shown.title == "A view that is gone"
    assert "the page has no chart or table “no-chart”." in lacking.said[0]
    assert sweep.figure is not None
    for suffix, write in WRITERS.items():
        assert len(write(pack)) > 5_000, suffix
    assert len(Presentation(io.BytesIO(WRITERS[".pptx"](pack))).slides) == 4


def notes(slide: Slide) -> str:
    return " ".join(slide.shown.notes)


def test_a_choice_that_is_not_followed_and_other_data_are_said(tell: Any):
    pack, _pages = tell(
        SWEEP,
        replace(SWEEP, address="simulator?step=9m"),
        replace(SWEEP, address="simulator?data=ffffffffffff&model=0.1.0"),
        replace(SWEEP, address="simulator?data=0123456789ab"),
    )
    _cover, plain, unfollowed, older, same = pack.slides
    assert "step=9m" in notes(unfollowed)
    assert "not followed" in notes(unfollowed)
    assert (
        "Noted with data version ffffffffffff; the figures are those of data version 0123456789ab."
        in notes(older)
    )
    assert notes(plain) == notes(same)
    assert "Noted with" not in notes(plain)


def test_an_empty_title_is_no_empty_title(tell: Any):
    assert tell(SWEEP, title="")[0].title == "Storyboard"
