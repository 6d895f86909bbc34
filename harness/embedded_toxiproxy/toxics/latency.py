"""latency: every chunk leaves a fixed time after it was received, give or take the jitter (TX-085, TX-086)."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Timer, Toxic

# As many chunks as the real server queues for one direction of one connection (TX-081).
QUEUE = 1024


@dataclass(frozen=True, kw_only=True)
class Latency(Toxic):
    """Delays chunks; the connect and the end of the stream are not delayed themselves.

    Attributes:
        latency: Milliseconds; a delay that comes out negative is none.
        jitter: Milliseconds; a whole number from -jitter up to jitter - 1 is added to each chunk's delay.
    """

    latency: int = 0
    jitter: int = 0

    def problem(self) -> str | None:
        """Refuse a jitter whose double does not fit 64 bits: it ends the real server (TX-087)."""
        return "jitter must be less than 2^62" if self.jitter >= 2**62 else None

    def pipe(self, stub: Stub) -> Pipe:
        """Delay one direction of one connection."""
        return _Delay(stub, self)


class _Delay(Pipe):
    def __init__(self, stub: Stub, toxic: Latency) -> None:
        super().__init__(stub)
        self._toxic = toxic
        self._queue: deque[tuple[bytes, float]] = deque()
        self._due = 0.0
        self._timer: Timer | None = None
        self._eof = False

    @property
    def full(self) -> bool:
        return len(self._queue) >= QUEUE

    def feed(self, data: bytes, at: float) -> None:
        self._queue.append((data, at))
        if self._timer is None:
            self._await_head()

    def eof(self) -> None:
        self._eof = True
        if not self._queue:
            self.stub.end()

    def update(self, toxic: Latency) -> None:
        self._toxic = toxic
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            data, at = self._queue.popleft()
            self.stub.emit(data, at)
            self._await_head()

    def release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._queue:
            self.stub.emit(*self._queue.popleft())
        if self._eof:
            self.stub.end()

    def abandon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._queue.clear()

    def _await_head(self) -> None:
        """Emit what needs no waiting and set the timer for the first chunk that does."""
        while self._queue:
            data, at = self._queue[0]
            delay = self._delay()
            if delay > 0:
                self.stub.acted()
            self._due = at + delay
            if self._due > time.monotonic():
                self._timer = self.stub.at(self._due, self._head_is_due)
                return
            self._queue.popleft()
            self.stub.emit(data, self._due)
        if self._eof:
            self.stub.end()

    def _head_is_due(self) -> None:
        self._timer = None
        data, _ = self._queue.popleft()
        # The chunk's time moves on by its delay, so that two latencies in one chain add up (TX-075).
        self.stub.emit(data, self._due)
        self._await_head()

    def _delay(self) -> float:
        milliseconds = self._toxic.latency
        if self._toxic.jitter > 0:
            milliseconds += self.stub.random.randrange(-self._toxic.jitter, self._toxic.jitter)
        return max(milliseconds, 0) / 1000


KIND = Latency
