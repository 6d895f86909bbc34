"""timeout: nothing passes, and after a silence of the given length the connection is closed (TX-093, TX-094)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Timer, Toxic


@dataclass(frozen=True, kw_only=True)
class Timeout(Toxic):
    """Drops every byte of its direction.

    Attributes:
        timeout: Milliseconds without a chunk after which the connection is closed; at 0 or less it is held open.
    """

    timeout: int = 0

    def pipe(self, stub: Stub) -> Pipe:
        """Silence one direction of one connection."""
        return _Hole(stub, self)


class _Hole(Pipe):
    def __init__(self, stub: Stub, toxic: Timeout) -> None:
        super().__init__(stub)
        self._seconds = toxic.timeout / 1000
        self._since = 0.0
        self._timer: Timer | None = None

    def start(self) -> None:
        self.abandon()
        self._since = time.monotonic()
        self._arm()

    def feed(self, data: bytes, at: float) -> None:  # noqa: ARG002 - dropped, whatever it is
        self.stub.acted()
        self._since = time.monotonic()
        self.stub.room()

    def update(self, toxic: Timeout) -> None:
        self._seconds = toxic.timeout / 1000
        self.start()

    def release(self) -> None:
        self.abandon()

    def remove(self) -> None:
        self.abandon()
        self.stub.acted()
        self.stub.end()

    def abandon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        if self._seconds > 0:
            self._timer = self.stub.at(self._since + self._seconds, self._perhaps_end)

    def _perhaps_end(self) -> None:
        """End, unless a chunk has restarted the clock: cheaper than a new timer for every chunk."""
        self._timer = None
        if time.monotonic() < self._since + self._seconds:
            self._arm()
            return
        self.stub.acted()
        self.stub.end()


KIND = Timeout
