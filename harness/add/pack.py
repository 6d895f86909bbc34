"""Packs the reference code of a checkout into one file. It imports nothing else: a build runs it by its path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_NOT = ("scenarios/claims/", "fakes/__main__.py")
"""What belongs to this repository alone, besides recorded histories."""


def pack(root: Path, packed: Path) -> None:
    """Write the patterns, their scenarios and the fakes into a ZIP file, which is the same for the same code.

    Args:
        root: The checkout.
        packed: The file.
    """
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in _names(root):
            archive.writestr(ZipInfo(name), (root / name).read_bytes(), ZIP_DEFLATED)


def _names(root: Path) -> Iterator[str]:
    for top in ("fakes", "scenarios"):
        for file in sorted((root / top).rglob("*")):
            name = file.relative_to(root).as_posix()
            if file.suffix in {".py", ".md"} and "__pycache__" not in file.parts and not name.startswith(_NOT):
                yield name
