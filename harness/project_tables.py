"""Where the settings of a project are: the nearest folder upwards that has some; they are read, and not validated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class ProjectTables:
    """The settings in one folder.

    Attributes:
        folder: The folder.
        own: The content of its harness.toml; None without that file.
        shared: `[tool.harness]` of its pyproject.toml; None without that table.
    """

    folder: Path
    own: Any
    shared: Any


def tables_in(folder: Path) -> ProjectTables | None:
    """Return the settings in a folder; None without any.

    Raises:
        UsageError: A file cannot be read.
    """
    own, shared = folder / "harness.toml", folder / "pyproject.toml"
    table = _read(shared).get("tool", {}).get("harness") if shared.is_file() else None
    if not own.is_file():
        return None if table is None else ProjectTables(folder=folder, own=None, shared=table)
    return ProjectTables(folder=folder, own=_read(own), shared=table)


def nearest_tables(start: Path) -> ProjectTables | None:
    """Return the settings of the nearest folder upwards that has some; None without any.

    Raises:
        UsageError: A file cannot be read.
    """
    return next((found for folder in (start, *start.parents) if (found := tables_in(folder))), None)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is not TOML: {error}.") from error
