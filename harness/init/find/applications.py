"""Finds the folders that hold an application each, such as those of a monorepo."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from harness.init.source import SKIPPED, ProjectSource

MARKS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt")
"""The files that make a folder a project of its own."""


def projects_below(root: Path) -> list[Path]:
    """Return the folders below a project that are projects themselves; not those inside of these."""
    return list(_below(root))


def _below(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        if here != root and any(one in files for one in MARKS):
            folders.clear()
            yield here
        folders[:] = sorted(
            one for one in folders if one[0] != "." and one not in SKIPPED and not (here / one / "pyvenv.cfg").exists()
        )


def project_above(folder: Path) -> Path | None:
    """Return the project of the same git repository that a folder without marks is a part of; None for none."""
    found = None
    for one in (folder, *folder.parents):
        if found is None and any((one / mark).exists() for mark in MARKS):
            if one == folder:
                return None
            found = one
        if (one / ".git").exists():
            return found
    return None


def script_folder(project: ProjectSource, place: Path) -> Path | None:
    """Return the folder that a file's imports start from, where that is its own folder and not the project's."""
    folder = place.parent
    if folder == Path():
        return None
    here = {path.stem for path in (project.root / folder).glob("*.py")} - {"__init__"}
    module = next(one for one in project.modules.values() if one.path == place)
    first = {name.partition(".")[0] for name in module.names.values()}
    known = {name.partition(".")[0] for name in project.modules}
    return folder if (first & here) - known else None
