"""The files that were named: found, held inside their folder, hashed once, unpacked within limits."""

import glob
import gzip
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from etl.errors import InputError

_PACKED = {".gz": "gzip", ".zst": "zstd"}
_KINDS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".duckdb": "duckdb",
    ".db": "duckdb",
}
_READS = "csv, tsv, xlsx, parquet, jsonl and duckdb, the text formats also as .gz or .zst"
_CHUNK = 1 << 20
_MIB = 1 << 20
_PATTERN = set("*?[")


@dataclass(frozen=True)
class Limits:
    """How far a file may grow when unpacked, and how long a line may be.

    Attributes:
        unpacked_bytes: the most that one file may unpack to.
        ratio: the most that it may grow, once it is past `free_bytes`.
        free_bytes: what it may unpack to whatever the ratio.
        line_chars: the longest line of a text file, in characters.
    """

    unpacked_bytes: int = 50 * 1024 * _MIB
    ratio: int = 500
    free_bytes: int = 64 * _MIB
    line_chars: int = _MIB

    def check(self, name: str, packed: int, unpacked: int) -> None:
        """Refuse what unpacks to more than a file of shipments can.

        Raises:
            InputError: too large, or grown too much.
        """
        if unpacked > self.unpacked_bytes:
            raise InputError(
                f"{name} unpacks to more than {self.unpacked_bytes // _MIB:,} MiB: "
                "unpack it yourself and name the unpacked file"
            )
        if unpacked > self.free_bytes and unpacked > packed * self.ratio:
            raise InputError(
                f"{name} grows more than {self.ratio} times when unpacked, as a zip bomb does: "
                "unpack it yourself if you trust it, and name the unpacked file"
            )


@dataclass(frozen=True)
class Source:
    """One file to read.

    Attributes:
        name: as the person named it, for messages.
        path: where its unpacked content is.
        kind: csv, xlsx, parquet, jsonl or duckdb.
        sha256: hash of the file as it was given, in hex digits.
    """

    name: str
    path: Path
    kind: str
    sha256: str


def find(inputs: Iterable[str | Path]) -> list[Path]:
    """The files that `inputs` name: files, folders (with what is below them) and patterns, each once, in order.

    Raises:
        InputError: nothing there, a kind that is not read, or a link in a folder that leads out of it.
    """
    found: dict[Path, Path] = {}
    for named in map(str, inputs):
        path = Path(named).expanduser()
        if path.is_file():
            _kind(path)
            files = [path]
        elif path.is_dir():
            files = [file for file in sorted(path.rglob("*")) if file.is_file() and _reads(file)]
            _stay_inside(path, files)
        elif _PATTERN & set(named):
            matching = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - pathlib knows no absolute pattern
            files = [file for file in map(Path, matching) if file.is_file()]
            _stay_inside(_fixed_part(path), files)
            for file in files:
                _kind(file)
        else:
            raise InputError(f"{named} does not exist: check the name")
        if not files:
            raise InputError(f"{named} holds no file that is read here: {_READS}")
        for file in files:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def open_all(files: Iterable[Path], folder: Path, limits: Limits) -> Iterator[Source]:
    """Hash each file and unpack it into `folder` where it is packed.

    Raises:
        InputError: the same content twice, not readable, or beyond the limits.
    """
    seen: dict[str, Path] = {}
    for number, file in enumerate(files):
        try:
            with file.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}") from None
        if sha256 in seen:
            raise InputError(f"{seen[sha256]} and {file} are the same file: name one of them")
        seen[sha256] = file
        packing, kind = _kind(file)
        path = file.resolve()
        if packing:
            path = folder / f"unpacked-{number}{Path(file.stem).suffix}"
            _unpack(file, packing, path, limits)
        yield Source(str(file), path, kind, sha256)


def _reads(file: Path) -> bool:
    suffix = Path(file.stem).suffix if file.suffix.lower() in _PACKED else file.suffix
    return suffix.lower() in _KINDS


def _kind(file: Path) -> tuple[str, str]:
    """How the file is packed ("" for not at all), and what is in it."""
    packing = _PACKED.get(file.suffix.lower(), "")
    suffix = (Path(file.stem).suffix if packing else file.suffix).lower()
    kind = _KINDS.get(suffix, "")
    if suffix == ".xls":
        raise InputError(f"{file} is an Excel file of the old kind: save it as .xlsx")
    if not kind or (packing and kind not in {"csv", "jsonl"}):
        raise InputError(f"{file} is of a kind that is not read here: it reads {_READS}")
    return packing, kind


def _stay_inside(folder: Path, files: Iterable[Path]) -> None:
    inside = folder.resolve()
    for file in files:
        if not file.resolve().is_relative_to(inside):
            raise InputError(f"{file} leads out of {folder}: name the file itself if you mean it")


def _fixed_part(pattern: Path) -> Path:
    """The folder before the first wildcard."""
    fixed = Path(pattern.anchor)
    for part in pattern.parts[1 if pattern.anchor else 0 : -1]:
        if _PATTERN & set(part):
            break
        fixed /= part
    return fixed


def _unpack(file: Path, packing: str, target: Path, limits: Limits) -> None:
    packed, unpacked = file.stat().st_size, 0
    try:
        with _opened(file, packing) as source, target.open("wb") as written:
            while chunk := source.read(_CHUNK):
                unpacked += len(chunk)
                limits.check(str(file), packed, unpacked)
                if shutil.disk_usage(target.parent).free < len(chunk) + 256 * _MIB:
                    raise InputError(f"{file} does not fit on the disk when unpacked: make room")
                written.write(chunk)
    except (OSError, EOFError, pa.ArrowException) as error:
        raise InputError(f"{file} is no whole {packing} file: pack or fetch it again") from error


def _opened(file: Path, packing: str) -> BinaryIO:
    if packing == "gzip":
        return gzip.open(file, "rb")  # type: ignore[return-value]  # typeshed: GzipFile reads bytes, but is no BinaryIO
    stream: BinaryIO = pa.input_stream(str(file), compression="zstd")
    return stream
