"""Keys come from the environment or from `.env`, and are shown to nobody."""

import os
from pathlib import Path

import pytest

from etl.errors import BuildError
from etl.settings import DATA_GO_KR_KEY, Access


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env").write_text(
        f"# keys\n{DATA_GO_KR_KEY}='ab%2Bcd%2Fef%3D%3D'\nYEOKJIKGU_KOSIS_KEY=kosis=$HOME=\nYEOKJIKGU_ECOS_KEY=\nOTHER=1\n",
        encoding="utf-8",
    )
    return tmp_path


def test_keys_of_a_file(folder: Path):
    access = Access.from_environment({}, (folder,))
    # As the gateway compares it; and what looks like a variable is a part of a key.
    assert access.keys == {DATA_GO_KR_KEY: "ab+cd/ef==", "YEOKJIKGU_KOSIS_KEY": "kosis=$HOME="}
    assert DATA_GO_KR_KEY not in os.environ


def test_environment_goes_before_the_file_and_the_first_file_before_the_second(folder: Path, tmp_path: Path):
    other = tmp_path / "project"
    other.mkdir()
    (other / ".env").write_text("YEOKJIKGU_KOSIS_KEY=of-the-project\nYEOKJIKGU_COMTRADE_KEY=only-there\n")
    access = Access.from_environment({DATA_GO_KR_KEY: "of-the-environment"}, (folder, other))
    assert access.keys == {
        DATA_GO_KR_KEY: "of-the-environment",
        "YEOKJIKGU_KOSIS_KEY": "kosis=$HOME=",
        "YEOKJIKGU_COMTRADE_KEY": "only-there",
    }


def test_emptied_in_the_environment_is_not_set(folder: Path):
    assert DATA_GO_KR_KEY not in Access.from_environment({DATA_GO_KR_KEY: ""}, (folder,)).keys


def test_working_folder_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(folder)
    assert Access.from_environment({}).keys[DATA_GO_KR_KEY] == "ab+cd/ef=="


def test_neither_file_nor_environment(tmp_path: Path):
    assert Access.from_environment({}, (tmp_path,)) == Access({}, "")


@pytest.mark.parametrize("key", ["ab cd", "key\u200b", "열쇠", "a\nb"])
def test_key_that_nobody_issued(key: str):
    with pytest.raises(BuildError) as caught:
        Access.from_environment({"YEOKJIKGU_ECOS_KEY": key}, ())
    assert "YEOKJIKGU_ECOS_KEY" in str(caught.value)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "base", ["127.0.0.1:8999", "ftp://127.0.0.1", "http://", "http://[::", "http://a:b", "http://a:99999"]
)
def test_address_that_is_none(base: str):
    with pytest.raises(BuildError, match="YEOKJIKGU_API_BASE is no address"):
        Access.from_environment({"YEOKJIKGU_API_BASE": base}, ())


def test_keys_are_not_shown(folder: Path):
    assert "ab+cd" not in repr(Access.from_environment({}, (folder,)))
