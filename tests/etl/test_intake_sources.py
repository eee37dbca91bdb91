"""Which files are read: named, in folders, by patterns; what leads elsewhere or grows too far is refused."""

import gzip
import os
from pathlib import Path

import pyarrow as pa
import pytest

from etl.errors import InputError
from etl.intake.reading import Options, read
from etl.intake.sources import Limits, find
from etl.settings import ROOT

REFERENCE = ROOT / "data" / "reference"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "orders"
    (inside / "2024").mkdir(parents=True)
    for number, name in enumerate(("b.csv", "a.tsv", "2024/c.csv.gz", "notes.pdf", "d[1].csv")):
        path = inside / name
        text = f"value,x\n{number + 1},y\n".encode()
        path.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    return inside


def names(inputs: list[str | Path]) -> list[str]:
    return [path.name for path in find(inputs)]


def test_folders_patterns_and_files_each_once(folder: Path):
    assert names([folder]) == ["c.csv.gz", "a.tsv", "b.csv", "d[1].csv"]
    assert names([f"{folder}/*.csv"]) == ["b.csv", "d[1].csv"]
    assert names([f"{folder}/**/*.gz"]) == ["c.csv.gz"]
    assert names([folder / "d[1].csv"]) == ["d[1].csv"], "a name with brackets is a name first"
    assert names([folder / "b.csv", folder, f"{folder}/../orders/b.csv"]) == [
        "b.csv",
        "c.csv.gz",
        "a.tsv",
        "d[1].csv",
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.csv", "does not exist: check the name"),
        ("*.parquet", "holds no file that is read here"),
        ("notes.pdf", "is of a kind that is not read here"),
        ("old.xls", "Excel file of the old kind: save it as .xlsx"),
        ("x.parquet.gz", "is of a kind that is not read here"),
    ],
)
def test_what_cannot_be_read_is_said(folder: Path, name: str, message: str):
    for made in ("old.xls", "x.parquet.gz"):
        (folder / made).touch()
    with pytest.raises(InputError, match=message):
        find([folder / name])


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_refused_unless_named(folder: Path, tmp_path: Path):
    (tmp_path / "secret.csv").write_text("value,x\n5,y\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    for named in (folder, f"{folder}/*.csv"):
        with pytest.raises(InputError, match=r"link.csv leads out of .*: name the file itself"):
            find([named])
    assert names([folder / "link.csv"]) == ["link.csv"]
    (folder / "link.csv").unlink()
    (folder / "same.csv").symlink_to(folder / "b.csv")
    assert names([folder]) == ["c.csv.gz", "a.tsv", "b.csv", "d[1].csv"]


def test_the_same_content_twice_is_refused(folder: Path):
    (folder / "copy.csv").write_bytes((folder / "b.csv").read_bytes())
    with (
        pytest.raises(InputError, match=r"b.csv and .*copy.csv are the same file: name one of them"),
        read([folder], Options(), REFERENCE),
    ):
        pass


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path, packing: str):
    path = tmp_path / f"orders.csv.{packing}"
    content = b"value,x\n" + b"5,yyyyyyyyyyyyyyyy\n" * 1_000_000
    if packing == "gz":
        path.write_bytes(gzip.compress(content))
    else:
        with pa.CompressedOutputStream(str(path), "zstd") as packed:
            packed.write(content)
    limits = Limits(ratio=50, free_bytes=1 << 20)
    with (
        pytest.raises(InputError, match="grows more than 50 times when unpacked, as a zip bomb does"),
        read([path], Options(limits=limits), REFERENCE),
    ):
        pass
    with (
        pytest.raises(InputError, match="unpacks to more than 2 MiB"),
        read([path], Options(limits=Limits(unpacked_bytes=2 << 20)), REFERENCE),
    ):
        pass


def test_a_packed_file_cut_short_is_said(tmp_path: Path):
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(b"value,x\n" + os.urandom(5000).hex().encode())[:-300])
    with pytest.raises(InputError, match="is no whole gzip file"), read([path], Options(), REFERENCE):
        pass
