"""slicer: chunks leave in pieces, with a pause after each (TX-105)."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from harness.embedded_toxiproxy.toxic import Pipe, Stub, Timer, Toxic


@dataclass(frozen=True, kw_only=True)
class Slicer(Toxic):
    """Cuts chunks into pieces; bytes and their order are kept.

    Attributes:
        average_size: Bytes; pieces come out between half of it and all of it, give or take the variation.
        size_variation: Bytes, less than average_size.
        delay: Microseconds after each piece.
    """

    average_size: int = 0
    size_variation: int = 0
    delay: int = 0

    def problem(self) -> str | None:
        """Refuse what ends the real server at the first byte (TX-106)."""
        if self.average_size <= 0:
            return "average_size must be positive"
        if self.size_variation > self.average_size:
            return "size_variation must not be more than average_size"
        return None

    def cut(self, size: int, random: Random) -> Iterator[int]:
        """Yield the sizes of the pieces of one chunk: it is halved, give or take, until the pieces are small enough."""
        todo = [size]
        while todo:
            piece = todo.pop()
            if piece - self.average_size <= max(self.size_variation, 0):
                yield piece
                continue
            left = piece // 2
            if self.size_variation > 0:
                left += random.randrange(-self.size_variation, self.size_variation)
            left = min(max(left, 1), piece - 1)
            todo += (piece - left, left)

    def pipe(self, stub: Stub) -> Pipe:
        """Slice one direction of one connection."""
        return _Blade(stub, self)


class _Blade(Pipe):
    def __init__(self, stub: Stub, toxic: Slicer) -> None:
        super().__init__(stub)
        self._toxic = toxic
        self._queue: deque[tuple[bytes, float]] = deque()
        self._pieces: Iterator[int] = iter(())
        self._cut = 0
        self._due = 0.0
        self._timer: Timer | None = None
        self._eof = False

    @property
    def full(self) -> bool:
        return self._timer is not None

    def feed(self, data: bytes, at: float) -> None:
        self._queue.append((data, at))
        if self._timer is None:
            self._due = time.monotonic()
            self._next_chunk()

    def eof(self) -> None:
        self._eof = True
        if self._timer is None:
            self.stub.end()

    def update(self, toxic: Slicer) -> None:
        self._toxic = toxic
        if self._timer is not None:
            self._flush_head()
            self._due = time.monotonic()
            self._next_chunk()

    def release(self) -> None:
        if self._timer is not None:
            self._flush_head()
        while self._queue:
            self.stub.emit(*self._queue.popleft())
        if self._eof:
            self.stub.end()

    def abandon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._queue.clear()

    def _flush_head(self) -> None:
        """Emit the rest of the chunk in hand as one piece."""
        self.abandon_timer()
        if self._queue and self._cut:
            data, at = self._queue.popleft()
            rest, self._cut = data[self._cut :], 0
            if rest:
                self.stub.emit(rest, at)

    def abandon_timer(self) -> None:
        """Cancel the pause."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _next_chunk(self) -> None:
        if not self._queue:
            if self._eof:
                self.stub.end()
            self.stub.room()
            return
        self._pieces = self._toxic.cut(len(self._queue[0][0]), self.stub.random)
        self._cut = 0
        self._next_piece()

    def _next_piece(self) -> None:
        """Emit one piece and pause; the pause follows the last piece of a chunk too."""
        self._timer = None
        data, at = self._queue[0]
        size = next(self._pieces, 0)
        if not size:
            self._queue.popleft()
            self._cut = 0
            self._next_chunk()
            return
        if size < len(data) or self._toxic.delay > 0:
            self.stub.acted()
        start, self._cut = self._cut, self._cut + size
        # Pieces keep to a time table, so that the grain of timers, a millisecond, does not add up over many pieces.
        self._due += max(self._toxic.delay, 0) / 1_000_000
        if self._toxic.delay > 0:
            self._timer = self.stub.at(self._due, self._next_piece)
        else:
            self._timer = self.stub.soon(self._next_piece)
        self.stub.emit(data[start : self._cut], at)


KIND = Slicer
