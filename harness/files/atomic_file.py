"""Files that are there whole or not at all, also when the disk is full or somebody pulls the plug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Have a place beside a file to write to, which becomes the file when the context is left without an error.

    A file that is no regular one, such as /dev/stdout, is written to as it is.

    Raises:
        OSError: It cannot be written; what was there before is still there.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file, whole or not at all; what cannot be encoded is escaped.

    Raises:
        OSError: It cannot be written; what was there before is still there.
    """
    raw = content if isinstance(content, bytes) else content.encode(errors="backslashreplace")
    with whole_file(path) as beside:
        beside.write_bytes(raw)
