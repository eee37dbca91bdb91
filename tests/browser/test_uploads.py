"""An upload belongs to one session: another reaches it neither by the page's address nor by those of its files.

What Streamlit gives, and what is therefore promised: uploads are taken in at an address that names the session and a random
id, and are read back at none. A download is made when it is asked for and stands at an address that is a hash of its
content; whoever is not told that address cannot know it, but it asks no one who they are. It goes with the session, which is
kept for half a minute after its page is closed and cleared away when the next one ends.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

Settled = Callable[[Page], None]

UNSEEN = "8675309"  # a value of the file that no page shows by itself
CONTENT = f"date,destination,item,value\n2024-03-01,JP,Heirloom of Kim,{UNSEEN}\n2024-03-02,US,Other,100000\n"
FILE = "my-own-orders.csv"


class Session:
    """A reader with a browser of their own, and every address that it asked."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(
            locale="ko-KR", viewport={"width": 1280, "height": 900}, accept_downloads=True
        )
        self.asked: list[tuple[str, str]] = []
        self.context.on("request", lambda request: self.asked.append((request.method, request.url)))
        self.page = self.context.new_page()

    def said(self) -> str:
        return self.page.locator('[data-testid="stMain"]').inner_text()


@pytest.fixture
def sessions(browser: Browser) -> Iterator[tuple[Session, Session]]:
    pair = Session(browser), Session(browser)
    yield pair
    for each in pair:
        each.context.close()


def drop(session: Session, server: str, settled: Settled) -> None:
    session.page.goto(f"{server}/shipments?lang=en&to_krw=10000000")
    settled(session.page)
    session.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": FILE, "mimeType": "text/csv", "buffer": CONTENT.encode()}
    )
    expect(session.page.get_by_text("Of 2 cases in the file")).to_be_visible()
    settled(session.page)


def test_a_second_session_reaches_no_upload(
    sessions: tuple[Session, Session], server: str, settled: Settled, tmp_path: Path
) -> None:
    owner, other = sessions
    drop(owner, server, settled)
    assert "Heirloom of Kim" in owner.page.locator('[data-testid="stMain"]').evaluate(
        "each => each.textContent"
    )

    # by the same address
    assert FILE not in owner.page.url
    assert UNSEEN not in owner.page.url
    other.page.goto(owner.page.url)
    settled(other.page)
    for word in (FILE, "Heirloom", UNSEEN):
        assert word not in other.page.content()
    assert "No file yet" in other.said()

    # by the address that the file was sent to: nothing is read back there
    (sent,) = [url for method, url in owner.asked if method == "PUT"]
    for session in (other, owner):
        answer = session.context.request.get(sent)
        assert UNSEEN not in answer.text()

    # what the owner downloads has an address that the other cannot derive; it was none before it was asked for
    assert [url for _, url in owner.asked if urlsplit(url).path.startswith("/media/")] == []
    with owner.page.expect_download() as waiting:
        owner.page.get_by_role("button", name="Answer (JSON)").click()
    saved = tmp_path / "answer.json"
    waiting.value.save_as(saved)
    assert UNSEEN in saved.read_text(encoding="utf-8")
    made = [url for _, url in owner.asked if urlsplit(url).path.startswith("/media/")]
    assert made
    name = urlsplit(made[0]).path.rpartition("/")[2].partition(".")[0]
    assert len(name) >= 32  # 128 bits or more, of the content
    assert other.context.request.get(made[0].replace(name, name[::-1])).status == 404


@pytest.mark.slow  # a session without its page is kept for 30 seconds
def test_what_a_session_made_goes_with_it(
    sessions: tuple[Session, Session], server: str, settled: Settled, tmp_path: Path
) -> None:
    owner, other = sessions
    drop(owner, server, settled)
    with owner.page.expect_download() as waiting:
        owner.page.get_by_role("button", name="Answer (JSON)").click()
    waiting.value.save_as(tmp_path / "answer.json")
    made = next(url for _, url in owner.asked if urlsplit(url).path.startswith("/media/"))
    assert other.context.request.get(made).status == 200  # the address asks no one who they are
    owner.page.close()
    other.page.wait_for_timeout(31_000)
    # Streamlit clears up when the next session ends
    other.page.goto(f"{server}/glossary")
    settled(other.page)
    other.page.goto("about:blank")
    for _ in range(100):
        if other.context.request.get(made).status == 404:
            return
        other.page.wait_for_timeout(200)
    pytest.fail("a download outlives the session that made it")


def test_an_upload_leaves_for_no_other_host(
    sessions: tuple[Session, Session], server: str, settled: Settled
) -> None:
    owner, _other = sessions
    drop(owner, server, settled)
    assert {urlsplit(url).hostname for _, url in owner.asked if urlsplit(url).hostname} == {"127.0.0.1"}


def test_another_language_keeps_the_upload(
    sessions: tuple[Session, Session], server: str, settled: Settled
) -> None:
    owner, _other = sessions
    drop(owner, server, settled)
    owner.page.get_by_test_id("stSidebar").get_by_role("radio", name="한국어").or_(
        owner.page.get_by_test_id("stSidebar").get_by_role("button", name="한국어")
    ).first.click()
    expect(owner.page.get_by_text("파일의 2건 가운데")).to_be_visible()
