"""The environment and the file `.env`, read once: where the figures are, where built files go, which keys are set."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values

from etl.errors import BuildError

ROOT = Path(__file__).resolve().parents[1]

DATA_GO_KR_KEY = "YEOKJIKGU_DATA_GO_KR_KEY"
KEY_VARIABLES = (DATA_GO_KR_KEY, "YEOKJIKGU_KOSIS_KEY", "YEOKJIKGU_COMTRADE_KEY", "YEOKJIKGU_ECOS_KEY")
_API_BASE = "YEOKJIKGU_API_BASE"


@dataclass(frozen=True)
class Settings:
    """Folders in use.

    Attributes:
        reference_dir: figures as published, kept by people (`YEOKJIKGU_REFERENCE_DIR`).
        raw_dir: bodies fetched from publishers, not safe to delete (`YEOKJIKGU_RAW_DIR`).
        built_dir: built warehouse files and the pointer to the one in use, safe to delete (`YEOKJIKGU_BUILT_DIR`).
    """

    reference_dir: Path
    raw_dir: Path
    built_dir: Path
    root: Path = ROOT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from `environment`, the project's own folders by default."""

        def folder(variable: str, default: Path) -> Path:
            return Path(environment.get(variable) or default).expanduser().resolve()

        return cls(
            reference_dir=folder("YEOKJIKGU_REFERENCE_DIR", ROOT / "data" / "reference"),
            raw_dir=folder("YEOKJIKGU_RAW_DIR", ROOT / "data" / "raw"),
            built_dir=folder("YEOKJIKGU_BUILT_DIR", ROOT / "data"),
        )


@dataclass(frozen=True)
class Access:
    """What the publishers ask for. Only the commands that fetch read it: the dashboard never holds a key.

    Attributes:
        keys: variable -> key, those that are set only.
        api_base: scheme, host and port that stand in for every publisher's own, as a fake server needs; "" for none.
    """

    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_base: str = ""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, folders: tuple[Path, ...] | None = None
    ) -> Self:
        """Keys from `environment`, else from the file `.env` of the first of `folders` that names them.

        The folders are the working folder and the project's own by default. `os.environ` stays as it is, so that no
        process started from here inherits a key that stands in a file only.

        Raises:
            BuildError: a key that no publisher can have issued, or an address that is none.
        """
        found: dict[str, str | None] = {}
        for folder in reversed(folders if folders is not None else (Path.cwd(), ROOT)):
            found |= dotenv_values(folder / ".env", interpolate=False)  # a key may hold a dollar sign
        found |= environment
        keys = {name: _key(name, text) for name in KEY_VARIABLES if (text := (found.get(name) or "").strip())}
        return cls(keys, _base((found.get(_API_BASE) or "").strip()))


def _key(variable: str, text: str) -> str:
    """The key as the publisher compares it.

    data.go.kr shows each key in two forms, as it is and percent-encoded; base64 never holds a percent sign.
    """
    key = unquote(text) if variable == DATA_GO_KR_KEY and "%" in text else text
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BuildError(f"{variable} holds a blank or a letter that no key has: copy the key anew")
    return key


def _base(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if text and not is_address:
        raise BuildError(f"{_API_BASE} is no address: write it as http://127.0.0.1:8999")
    return text.rstrip("/")
