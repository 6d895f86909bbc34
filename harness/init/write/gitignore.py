"""Writes the entry for run folders into .gitignore."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.init.write.addition import Addition

ENTRY = "/runs/"


def write_gitignore(root: Path) -> Iterator[Addition]:
    """Yield the file with the entry, if it has none."""
    path = root / ".gitignore"
    text = path.read_bytes().decode(errors="surrogateescape") if path.exists() else ""
    if {line.strip().strip("/") for line in text.splitlines()} & {"runs", "**/runs", "runs/*", "runs/**"}:
        return
    end = "\r\n" if "\r\n" in text else "\n"
    between = "" if not text or text.endswith("\n") else end
    yield Addition(
        path=Path(".gitignore"),
        text=f"{text}{between}{ENTRY}{end}",
        what="run folders stay out of git",
        extends=bool(text),
    )
