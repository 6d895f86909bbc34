"""Temporary folders of which nothing is left, even if the process that made them is killed.

A folder is locked for as long as its process lives; the system unlocks it, however the process ends. Whoever makes the
next one removes those that nobody holds any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "harness-tmp-"
"""How their names begin."""


@contextmanager
def temporary_folder(*, prefix: str = PREFIX, place: Path | None = None) -> Iterator[Path]:
    """Have an empty folder inside the context, and remove those that killed processes have left in the same place.

    Args:
        prefix: How its name begins. Every unlocked folder of that name in the same place is removed.
        place: The folder that it is made in; None for the system's own for temporary files.
    """
    place = place or Path(tempfile.gettempdir())
    remove_stale(prefix=prefix, place=place)
    folder, lock = _made(prefix, place)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_stale(*, prefix: str = PREFIX, place: Path | None = None) -> None:
    """Remove the folders of processes that have ended without removing them."""
    with suppress(OSError), os.scandir(place or tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.is_dir(follow_symlinks=False):
                with suppress(OSError):  # somebody else's, or just being removed
                    _remove_unless_held(entry.path)


def _remove_unless_held(folder: str) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _made(prefix: str, place: Path) -> tuple[Path, int]:
    """Make a folder and hold it; make another one if a process that removes stale ones was faster."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        with suppress(FileNotFoundError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            with suppress(OSError):  # where nothing can be locked, nothing is removed either
                fcntl.flock(lock, fcntl.LOCK_EX)
            if folder.exists():
                return folder, lock
            os.close(lock)
