"""A TOML file of ours: its keys are taken one by one, and what is wrong with it is one sentence in both languages.

A file names its format by `version`; an older one is brought up step by step by migrations.
"""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.i18n import settle_particles
from dashboard.model.errors import ModelError

Migrations = Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]


class FileError(ModelError):
    """A file that cannot be read; `key` names the place in it, empty for all of it."""

    def __init__(self, key: str, ko: str, en: str) -> None:
        super().__init__(settle_particles(ko), en)
        self.key = key


@dataclass(frozen=True)
class Format:
    """What a kind of file is called, and the error that says what is wrong with one.

    `counts`: the tables of a list are named by their number, from one, where there are many alike.
    """

    ko: str
    en: str
    error: type[FileError]
    counts: bool = False


def read(text: str, of: Format, version: int, migrations: Migrations) -> "Table":
    """Read a file in its current format; FileError where it is no TOML or of an unknown version."""
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise of.error(
            "",
            f"{of.ko}을(를) TOML로 읽을 수 없습니다: {error}.",
            f"The {of.en} is no valid TOML: {error}.",
        ) from error
    return Table(_migrated(found, of, version, migrations), of)


def _migrated(found: dict[str, Any], of: Format, current: int, migrations: Migrations) -> dict[str, Any]:
    """Bring a file up to the current format and take its version off."""
    version = found.get("version")
    if type(version) is not int:
        raise of.error(
            "version",
            f"version = {current} 줄이 있어야 합니다.",
            f"The {of.en} needs a line version = {current}.",
        )
    while version != current:
        if version not in migrations:
            raise of.error(
                "version",
                f"version {version}은(는) 이 프로그램이 모르는 형식입니다({current}까지 압니다).",
                f"version {version} is a format that this program does not know (it knows up to {current}).",
            )
        found = migrations[version](found)
        version += 1
    return {key: value for key, value in found.items() if key != "version"}


def is_iso(text: str) -> bool:
    """Whether a text is a date as 2024-08-01."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Table:
    """One table of the file: its keys are taken one by one, and what is left over is unknown."""

    def __init__(self, values: Mapping[str, Any], of: Format, place: str = "") -> None:
        self._left = dict(values)
        self._of = of
        self._place = place

    def error(self, key: str, ko: str, en: str) -> FileError:
        """Say what is wrong with one key, named by its full path."""
        path = f"{self._place}{key}"
        return self._of.error(path, f"{path}: {ko}.", f"{path} {en}.")

    def nothing_left(self) -> None:
        """Refuse keys that nobody asked for: a misspelt one must not go unnoticed."""
        for key in self._left:
            raise self.error(key, "모르는 항목입니다", f"is no key of a {self._of.en}")

    def holds_table(self, key: str) -> bool:
        """Say whether a key holds a table rather than a value."""
        return isinstance(self._left.get(key), dict)

    def text(self, key: str, default: str) -> str:
        """Take a text."""
        value = self._left.pop(key, default)
        if not isinstance(value, str):
            raise self.error(key, "글이어야 합니다", "must be text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(key, "글의 목록이어야 합니다", "must be a list of texts")
        return tuple(values)

    def truth(self, key: str) -> bool:
        """Take true or false; false where it is not given."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "true 또는 false여야 합니다", "must be true or false")
        return value

    def date(self, key: str) -> str:
        """Take a date, as TOML writes it or as text; empty where it is not given."""
        value = self._left.pop(key, "")
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        if not isinstance(value, str) or (value and not is_iso(value)):
            raise self.error(key, "2024-08-01 같은 날짜여야 합니다", "must be a date such as 2024-08-01")
        return value

    def number(self, key: str, default: float | None) -> Any:
        """Take a finite number, or the default as it is."""
        return self._number(key, self._left.pop(key)) if key in self._left else default

    def required(self, key: str) -> float:
        """Take a number that must be there."""
        if key not in self._left:
            raise self.error(key, "값이 있어야 합니다", "is missing")
        return self._number(key, self._left.pop(key))

    def whole(self, key: str) -> int:
        """Take a whole number that must be there."""
        value = self.required(key)
        if value != int(value):
            raise self.error(key, "정수여야 합니다", "must be a whole number")
        return int(value)

    def numbers(self) -> dict[str, float]:
        """Take every key as a number."""
        return {key: self.required(key) for key in list(self._left)}

    def list_of_numbers(self, key: str) -> tuple[float, ...]:
        """Take a list of numbers."""
        values = self._left.pop(key, [])
        if not isinstance(values, list):
            raise self.error(key, "숫자의 목록이어야 합니다", "must be a list of numbers")
        return tuple(self._number(key, value) for value in values)

    def table(self, key: str) -> "Table":
        """Take a table; an empty one where it is not given."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "표([...])여야 합니다", "must be a table")
        return Table(value, self._of, f"{self._place}{key}.")

    def tables(self, key: str) -> list["Table"]:
        """Take a list of tables."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.error(key, "표([[...]])의 목록이어야 합니다", "must be a list of tables")
        if self._of.counts:
            return [
                Table(value, self._of, f"{self._place}{key}[{number}].")
                for number, value in enumerate(values, start=1)
            ]
        return [Table(value, self._of, f"{self._place}{key}.") for value in values]

    def _number(self, key: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            raise self.error(key, "숫자여야 합니다", "must be a number")
        return float(value)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond any double
        return False
