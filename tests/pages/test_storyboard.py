"""The storyboard without a browser: views are added on other pages, arranged, loaded, and become slides."""

import pytest
from streamlit import runtime
from streamlit.testing.v1 import app_test

from dashboard import reproduce, storyboard
from dashboard.i18n import LANGUAGES
from dashboard.panels import story
from dashboard.storyboard import Storyboard, View
from tests.pages.conftest import Visit, Visitor


def add(visitor: Visitor, key: str) -> None:
    visitor.app.button(key=f"story-{key}").click()
    visitor.run()


def board_of(visitor: Visitor) -> Storyboard:
    found: Storyboard = visitor.app.session_state["storyboards_of_this_session"]["own"]
    return found


def press(visitor: Visitor, label: str, place: int) -> None:
    [each for each in visitor.app.button if each.label == label][place].click()
    visitor.run()


@pytest.fixture
def filled(visit: Visit) -> Visitor:
    visitor = visit("overview", "en", total="cases")
    add(visitor, "total")
    add(visitor, "destinations-2023")
    return visitor.go("storyboard", lang="en")


def test_what_is_added_on_one_page_stands_on_the_other_in_order(filled: Visitor):
    assert filled.is_sound
    shown = [text for text in filled.texts if text.startswith("**Overview**: ")]
    assert "Japan leads" in shown[1]
    first, second = board_of(filled).views
    assert (first.page, first.key) == ("overview", "total")
    # every choice, defaults too, and the versions; not the language
    assert "total=cases" in first.address
    assert "data=" in first.address
    assert "model=" in first.address
    assert "lang=" not in first.address
    assert first.finding in shown[0]
    assert second.key == "destinations-2023"


def test_a_view_is_added_once(visit: Visit):
    visitor = visit("overview", "en")
    add(visitor, "total")
    add(visitor, "total")
    assert len(board_of(visitor).views) == 1
    assert visitor.app.toast[0].value == "This view is on the storyboard already."


def test_order_titles_notes_and_removing(filled: Visitor):
    press(filled, "Up", 1)
    assert [view.key for view in board_of(filled).views] == ["destinations-2023", "total"]
    titles = [each for each in filled.app.text_input if each.label.startswith("Title (")]
    titles[0].set_value("Japan first")
    filled.run()
    filled.app.text_area[1].set_value("Line one\nLine two")
    filled.run()
    assert board_of(filled).views[0].title == "Japan first"
    assert board_of(filled).views[1].note == "Line one\nLine two"
    # texts go with their view
    press(filled, "Down", 0)
    titles = [each.value for each in filled.app.text_input if each.label.startswith("Title (")]
    assert titles == ["", "Japan first"]
    assert [each.value for each in filled.app.text_area] == ["Line one\nLine two", ""]
    press(filled, "Remove", 0)
    press(filled, "Remove", 0)
    assert filled.is_sound
    assert board_of(filled).views == ()
    assert "No view yet" in str(filled.app.info[0].value)


def load(visitor: Visitor, content: bytes) -> None:
    visitor.app.file_uploader[0].set_value(("story.toml", content, "application/toml"))
    visitor.run()


def test_a_file_is_loaded_and_a_wrong_one_refused_with_nothing_lost(filled: Visitor):
    load(filled, b"version = 1\n[[views]]\nkey = 'x'\n")
    assert [str(each.value) for each in filled.app.error] == [
        "views\\[1\\].address must be a page and its choices, such as simulator?step=4m-5m."
    ]
    assert len(board_of(filled).views) == 2
    load(filled, b'version = 1\n"![x](http://x/y.png)" = 1')
    assert "!\\[x\\](http" in str(filled.app.error[0].value)  # no picture is fetched
    loaded = Storyboard("발표", "ko", (View("series", "five-series", note="메모"), View("gone", "x")))
    load(filled, storyboard.write(loaded).encode())
    assert filled.is_sound
    assert board_of(filled) == loaded
    assert filled.controls["slides"].value == "ko"
    assert filled.app.text_area[0].value == "메모"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_of_the_example_opens(lang: str):
    for view in storyboard.example("ko").views:
        found = reproduce.seen(view.address, "ko" if lang == "ko" else "en")
        assert view.key in {slide.key for slide in found.slides}, view
        assert found.ignored == []
        hangul = any("가" <= letter <= "힣" for letter in found.slides[0].shown.title)
        assert hangul == (lang == "ko")


def test_what_does_not_open_says_why_in_the_language_of_the_slides():
    assert story._opened("gone?x=1", "en") == "there is no page “gone”."
    assert story._opened("gone", "ko") == "‘gone’ 화면이 없습니다."
    # a page that refuses says why itself
    address = "simulator?step=own&old=5000000&new=4000000"
    assert story._opened(address, "en") == "The old limit is above the new one."
    assert "한도" in str(story._opened(address, "ko"))


def test_a_view_that_only_the_session_holds_is_not_carried(visit: Visit):
    visitor = visit("shipments", "en", file="own")
    visitor.app.file_uploader[0].set_value(("mine.csv", b"value,date\n3000000,2024-05-01\n", "text/csv"))
    visitor.run()
    assert visitor.is_sound
    assert not [each for each in visitor.app.button if each.label == "Add to storyboard"]
    assert any("what only your session holds" in str(each.value) for each in visitor.app.caption)
    # and its files come in the language of the screen alone
    labels = [each.proto.label for each in visitor.app.main.get("download_button")]
    assert "Slides (PPTX), in English" in labels
    assert "Slides (PPTX), in Korean" not in labels
    example = visit("shipments", "en", file="example")
    assert [each for each in example.app.button if each.label == "Add to storyboard"]


def test_slides_are_made_beside_a_running_server(monkeypatch: pytest.MonkeyPatch):
    """AppTest takes the server's place and leaves none: every open session would lose its files."""
    server = app_test.MagicMock(spec=runtime.Runtime)
    server.media_file_mgr = app_test.MediaFileManager(app_test.MemoryMediaFileStorage("/media"))
    server.dataframe_source_mgr = app_test.DataframeSourceManager()
    server.cache_storage_manager = app_test.MemoryCacheStorageManager()
    components = app_test.BidiComponentManager()
    components.discover_and_register_components(start_file_watching=False)
    server.bidi_component_registry = components
    monkeypatch.setattr(runtime.Runtime, "_instance", server)
    found = reproduce.seen("series", "en")
    assert runtime.Runtime._instance is server
    assert {slide.key for slide in found.slides} == {"five-series", "five-questions"}
    with pytest.raises(reproduce.ViewError, match="no page 'gone'"):
        reproduce.seen("gone?x=1")
    assert runtime.Runtime._instance is server
    assert app_test.Runtime is runtime.Runtime
