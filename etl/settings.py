"""The environment, read once: where the figures are and where built files go."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]


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
