"""bandwidth: no more than so many thousand bytes pass in a second, over any length of time (TX-088 to TX-091)."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Timer, Toxic

# Bytes of a slow direction leave in portions of this many milliseconds.
PORTION = 100
# A chunk that follows the last one within this time belongs to the same transfer: its wait is counted from when the
# last one should have left, so that the lateness of timers does not add up. Seconds.
SAME_TRANSFER = 0.010


@dataclass(frozen=True, kw_only=True)
class Bandwidth(Toxic):
    """Limits the rate of one direction. Bytes wait, they are not lost, and the sender feels it.

    Attributes:
        rate: Thousands of bytes per second; at 0 nothing passes and the connection stays open.
    """

    rate: int = 0

    def problem(self) -> str | None:
        """Refuse a negative rate: it ends the real server at the first byte (TX-090)."""
        return "rate must not be negative" if self.rate < 0 else None

    def pipe(self, stub: Stub) -> Pipe:
        """Limit one direction of one connection."""
        return _Meter(stub, self)


class _Meter(Pipe):
    def __init__(self, stub: Stub, toxic: Bandwidth) -> None:
        super().__init__(stub)
        self._rate = toxic.rate
        self._queue: deque[tuple[bytes, float]] = deque()
        self._left = 0.0
        self._due = 0.0
        self._timer: Timer | None = None
        self._eof = False

    @property
    def full(self) -> bool:
        return bool(self._queue)

    def feed(self, data: bytes, at: float) -> None:
        self._queue.append((data, at))
        if len(self._queue) == 1:
            now = time.monotonic()
            self._await_head(self._due if now - self._left < SAME_TRANSFER else now)

    def eof(self) -> None:
        self._eof = True
        if not self._queue:
            self.stub.end()

    def update(self, toxic: Bandwidth) -> None:
        # The real server lets the chunk pass that was waiting; those behind it meet the new rate.
        self._cancel()
        self._rate = toxic.rate
        if self._queue:
            self.stub.emit(*self._queue.popleft())
            self._next(time.monotonic())

    def release(self) -> None:
        self._cancel()
        while self._queue:
            self.stub.emit(*self._queue.popleft())
        if self._eof:
            self.stub.end()

    def abandon(self) -> None:
        self._cancel()
        self._queue.clear()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next(self, start: float) -> None:
        if self._queue:
            self._await_head(start)
        elif self._eof:
            self.stub.end()

    def _await_head(self, start: float) -> None:
        """Set the timer for the next portion, which may leave when its bytes had the time to pass since `start`."""
        self.stub.acted()
        if self._rate == 0:
            return
        portion = min(len(self._queue[0][0]), self._rate * PORTION)
        self._due = start + portion / (self._rate * 1000)
        self._timer = self.stub.at(self._due, self._portion_is_due)

    def _portion_is_due(self) -> None:
        self._timer = None
        data, at = self._queue.popleft()
        portion = self._rate * PORTION
        if len(data) > portion:
            self._queue.appendleft((data[portion:], at))
            data = data[:portion]
        self._left = time.monotonic()
        self.stub.emit(data, at)
        self._next(self._due)


KIND = Bandwidth
