"""Keeps what a process prints in a file instead, whoever prints it: Python, a library in C or Rust, another thread."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

STREAMS = (1, 2)
"""The file descriptors of what a process prints, and of its errors."""


@contextmanager
def kept_output(path: Path) -> Iterator[None]:
    """Append to a file what is printed inside the context.

    Args:
        path: The file; its folder is made if it is not there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        _flush()
        printed_to = [os.dup(one) for one in STREAMS]
        for one in STREAMS:
            os.dup2(file.fileno(), one)
    try:
        yield
    finally:
        _flush()
        for one, other in zip(STREAMS, printed_to, strict=True):
            os.dup2(other, one)
            os.close(other)


def still_printed() -> TextIO:
    """Return a stream to where this process prints now, whatever is kept from there later."""
    printed = sys.stdout
    try:
        number = printed.fileno()
    except (OSError, io.UnsupportedOperation):  # a stream without a file, as a test has
        return printed
    return os.fdopen(os.dup(number), "w", buffering=1, encoding=printed.encoding, errors=printed.errors)


def _flush() -> None:
    for one in (sys.stdout, sys.stderr):
        # Whoever reads may have gone.
        with suppress(OSError, ValueError):
            one.flush()
