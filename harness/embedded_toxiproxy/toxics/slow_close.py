"""slow_close: bytes pass untouched, only the close of the connection comes later (TX-092)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Timer, Toxic


@dataclass(frozen=True, kw_only=True)
class SlowClose(Toxic):
    """Delays the end of the stream.

    Attributes:
        delay: Milliseconds.
    """

    delay: int = 0

    def pipe(self, stub: Stub) -> Pipe:
        """Delay the end of one direction of one connection."""
        return _LateEnd(stub, self)


class _LateEnd(Pipe):
    def __init__(self, stub: Stub, toxic: SlowClose) -> None:
        super().__init__(stub)
        self._toxic = toxic
        self._timer: Timer | None = None

    def eof(self) -> None:
        if self._toxic.delay <= 0:
            self.stub.end()
            return
        self.stub.acted()
        self._timer = self.stub.at(time.monotonic() + self._toxic.delay / 1000, self._end)

    def update(self, toxic: SlowClose) -> None:
        self._toxic = toxic
        if self._timer is not None:
            self.abandon()
            self.eof()

    def release(self) -> None:
        if self._timer is not None:
            self.abandon()
            self.stub.end()

    def abandon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        self._timer = None
        self.stub.end()


KIND = SlowClose
