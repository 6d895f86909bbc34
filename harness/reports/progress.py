"""One line on a terminal that says how far something is, written over until it is cleared; nothing elsewhere."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TextIO

EVERY = 0.1
"""Seconds between two changes of the line."""

_CLEAR = "\r\x1b[K"


class ProgressLine:
    """Says how far something is, and for how long it has been going on.

    Args:
        stream: Where to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._begun = time.monotonic()
        self._shown = self._begun

    def show(self, text: str) -> None:
        """Replace the line, where it has not just been replaced."""
        now = time.monotonic()
        if self._stream.isatty() and now >= self._shown + EVERY:
            self._shown = now
            self._stream.write(f"{_CLEAR}{text}  {timedelta(seconds=int(now - self._begun))}")
            self._stream.flush()

    def clear(self) -> None:
        """Leave nothing of it."""
        if self._stream.isatty():
            self._stream.write(_CLEAR)
            self._stream.flush()
