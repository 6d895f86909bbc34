"""The journal tells of every connection what it met, what it carried and how it ended."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

# So many connections are remembered per proxy; the oldest closed ones go first.
REMEMBERED = 10_000


class Record:
    """One connection, kept up to date while it lives. Bytes are filled in when it ends, and read live before."""

    __slots__ = ("bytes_down", "bytes_up", "closed_at", "end", "number", "opened_at", "toxics")

    def __init__(self, number: int) -> None:
        self.number = number
        self.opened_at = time.time()
        self.closed_at: float | None = None
        self.toxics: list[str] = []
        self.bytes_up = 0
        self.bytes_down = 0
        self.end: str | None = None

    def show(self) -> dict[str, Any]:
        """Return the entry for the API; times are Unix seconds."""
        return {
            "number": self.number,
            "opened_at": self.opened_at,
            "closed_at": self.closed_at,
            "toxics": self.toxics,
            "bytes_up": self.bytes_up,
            "bytes_down": self.bytes_down,
            "end": self.end,
        }


class Journal:
    """The connections of one proxy, oldest first.

    Attributes:
        opened: How many there have been, remembered or not.
    """

    def __init__(self) -> None:
        self.opened = 0
        self.records: deque[Record] = deque(maxlen=REMEMBERED)

    def open(self) -> Record:
        """Begin the entry of a connection."""
        self.opened += 1
        record = Record(self.opened)
        self.records.append(record)
        return record
