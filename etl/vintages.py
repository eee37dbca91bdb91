"""Bodies as received, one compressed file an answer, kept for good: figures can be read again, and as of any day."""

import contextlib
import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.errors import BuildError
from etl.sources.source import Answer, Request

FILE = "file"  # the address of what a person handed in
_SUFFIX = ".gz"
_UNFINISHED = ".part"
_REJECTED = "rejected"
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_SLUG_LETTERS = 60
_HEADERS = frozenset(
    {
        "content-type",
        "date",
        "etag",
        "last-modified",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
    }
)
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was kept, without its body.

    Attributes:
        retrieved: when it came (UTC).
        rows: period -> number of rows, for each period that it is complete for.
        sha256: of the body.
    """

    path: Path
    request: Request
    retrieved: datetime
    rows: Mapping[str, int]
    sha256: str
    status: int
    headers: Mapping[str, str]

    def answer(self) -> Answer:
        """The answer with its body.

        Raises:
            BuildError: the file is damaged.
        """
        with _sound(self.path), gzip.open(self.path) as file:
            file.readline()
            body = file.read()
        if hashlib.sha256(body).hexdigest() != self.sha256:
            raise _damaged(self.path, "its body is not the one that was written")
        return Answer(self.status, body, self.headers)


def keep(
    folder: Path, request: Request, answer: Answer, rows: Mapping[str, int], retrieved: datetime
) -> Path:
    """Write an answer below `folder`; a process killed at any moment leaves the whole file or none.

    `request` and `answer` must be free of keys, as `etl.transport` hands them over. `rows`: period -> number of rows.
    """
    return _write(folder / request.dataset, request, answer, retrieved, {"rows": dict(rows)})


def reject(folder: Path, request: Request, answer: Answer, sentence: str, retrieved: datetime) -> Path:
    """Write an answer that failed a check where no build reads it, with what is wrong."""
    return _write(folder / _REJECTED / request.dataset, request, answer, retrieved, {"rejected": sentence})


def kept(folder: Path, dataset_id: str) -> list[Kept]:
    """All answers of a data set in order of time, repeats included.

    Raises:
        BuildError: a file is damaged.
    """
    found = [_head(path) for path in (folder / dataset_id).glob(f"*{_SUFFIX}")]
    return sorted(found, key=lambda each: (each.retrieved, each.path.name))


def distinct(answers: list[Kept]) -> Iterator[Kept]:
    """The answers in order of time, without those that say again what is the newest already.

    A body that came before is no repeat if another request to the same query has brought other figures since.
    """
    newest: dict[str, dict[Request, Kept]] = {}
    for each in answers:
        query = newest.setdefault(each.request.query, {})
        before = query.get(each.request)
        if before is not None and before.sha256 == each.sha256:
            continue
        for request in [request for request, other in query.items() if other.rows.keys() & each.rows.keys()]:
            del query[request]
        query[each.request] = each
        yield each


def as_of(answers: list[Kept], moment: datetime) -> list[Kept]:
    """What was known at `moment` (with a time zone)."""
    return [each for each in answers if each.retrieved <= moment]


def fingerprint(folder: Path) -> str:
    """Hash over what a build reads here: the names of the files, which are never written twice."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.glob(f"*/*{_SUFFIX}"))
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def sweep(folder: Path) -> None:
    """Remove what killed processes left half written. Only for the one process that may write here."""
    for path in folder.rglob(f"*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}{_UNFINISHED}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # else a power cut may leave the new name with nothing behind it
    unfinished.replace(path)


def _write(
    folder: Path, request: Request, answer: Answer, retrieved: datetime, more: Mapping[str, Any]
) -> Path:
    moment = retrieved.astimezone(UTC)
    digest = hashlib.sha256(answer.body).hexdigest()
    head = {
        "dataset": request.dataset,
        "query": request.query,
        "start": request.start,
        "end": request.end,
        "address": request.address,
        "params": [list(pair) for pair in request.params],
        "retrieved": moment.isoformat(timespec="microseconds"),
        "status": answer.status,
        "headers": {name: text for name, text in answer.headers.items() if name in _HEADERS},
        "sha256": digest,
        **more,
    }
    line = json.dumps(head, ensure_ascii=False).encode() + b"\n"
    path = folder / f"{_slug(request)} {moment.strftime(_STAMP)}{_SUFFIX}"
    write_whole(path, gzip.compress(line + answer.body, _GZIP_LEVEL, mtime=0))
    return path


def _slug(request: Request) -> str:
    """A file name that people can read, with a hash since letters are lost on the way."""
    words = re.sub(r"[^A-Za-z0-9=.-]+", "_", f"{request.query} {request.start}..{request.end}").strip("_")
    digest = hashlib.sha256(repr(request).encode()).hexdigest()
    return f"{words[:_SLUG_LETTERS]} {digest[:8]}"


def _head(path: Path) -> Kept:
    with _sound(path):
        with gzip.open(path) as file:
            head = json.loads(file.readline())
        request = Request(
            dataset=head["dataset"],
            address=head["address"],
            params=tuple((name, text) for name, text in head["params"]),
            query=head["query"],
            start=head["start"],
            end=head["end"],
        )
        return Kept(
            path=path,
            request=request,
            retrieved=datetime.fromisoformat(head["retrieved"]),
            rows=head["rows"],
            sha256=head["sha256"],
            status=head["status"],
            headers=head["headers"],
        )


@contextlib.contextmanager
def _sound(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, str(error) or type(error).__name__) from None
    except OSError as error:  # gzip's own complaint is one, too
        raise _damaged(path, error.strerror or str(error)) from None


def _damaged(path: Path, reason: str) -> BuildError:
    where = "/".join(path.parts[-3:])
    return BuildError(
        f"{where} cannot be read ({reason}): put it back from a copy, or delete it and run yeokjikgu refresh"
    )
