"""A temporary folder for Unix sockets, whose paths may be no longer than about a hundred bytes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.files.temporary_folder import temporary_folder

_LONGEST = 60
"""A longer temporary folder leaves no room for our own names: macOS allows 104 bytes for all of it, Linux 108."""

_SHORT = "/tmp"  # noqa: S108 - a folder of a name that cannot be guessed is made in it


@contextmanager
def socket_folder() -> Iterator[str]:
    """Make a folder inside the context, in a short place where the temporary folder's own path is long."""
    place = tempfile.gettempdir()
    short = place if len(os.fsencode(place)) <= _LONGEST else _SHORT
    with temporary_folder(place=Path(short)) as folder:
        yield str(folder)
