"""Files that are written completely or not at all, also when the disk is full or the machine loses power."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path beside a file; it replaces the file when the context is left without an error.

    A file that is not a regular one, such as /dev/stdout, is written to directly.

    Raises:
        OSError: The file cannot be written; its earlier content is unchanged.
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
    """Write a file completely or not at all; characters that cannot be encoded are escaped.

    Raises:
        OSError: The file cannot be written; its earlier content is unchanged.
    """
    raw = content if isinstance(content, bytes) else content.encode(errors="backslashreplace")
    with whole_file(path) as beside:
        beside.write_bytes(raw)
