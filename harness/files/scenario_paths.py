"""The files that declare scenarios, by the scenarios' names; none is imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

APPLICATION = frozenset({"workflow", "activities"})
"""Modules of a pattern's folder that are the application under test."""


def scenario_paths(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name of each scenario in a folder of patterns, such as "saga/flight_declined", and its file; sorted."""
    for path in sorted(folder.glob("*/*.py")):
        if path.stem not in APPLICATION and not path.stem.startswith("_"):
            yield f"{path.parent.name}/{path.stem}", path
