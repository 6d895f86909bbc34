"""Stand-ins that let a toxic, a chain and a link run without sockets, on a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random


class Clock:
    """Takes the place of the module `time`, and of the loop's timers.

    Attributes:
        now: Seconds.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.due: list[Appointed] = []

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    def at(self, due: float, call: Callable[[], None]) -> Appointed:
        """Remember a call."""
        appointed = Appointed(due, call)
        self.due.append(appointed)
        return appointed

    def move(self, seconds: float) -> None:
        """Let time pass, and make every call that falls due on the way, in order."""
        until = self.now + seconds
        while ready := [one for one in self.due if not one.cancelled and one.due <= until + 1e-9]:
            first = min(ready, key=lambda one: one.due)
            self.due.remove(first)
            self.now = max(self.now, first.due)
            first.call()
        self.now = until


class Appointed:
    """A call that will be made."""

    def __init__(self, due: float, call: Callable[[], None]) -> None:
        self.due = due
        self.call = call
        self.cancelled = False

    def cancel(self) -> None:
        """Do not make it."""
        self.cancelled = True


class FakeStub:
    """Records what a pipe does.

    Attributes:
        emitted: When what was emitted.
        ended: When the end was emitted, None before.
        times_acted: How often the pipe said that it had acted.
        was_reset: Whether it asked for RST.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.random = Random(3)  # noqa: S311 - reproducible on purpose
        self.emitted: list[tuple[float, bytes]] = []
        self.ended: float | None = None
        self.times_acted = 0
        self.was_reset = False

    def emit(self, data: bytes, at: float) -> None:
        """Record bytes."""
        self.emitted.append((round(self.clock.now - 1000, 6), data))

    def end(self) -> None:
        """Record the end."""
        if self.ended is None:
            self.ended = round(self.clock.now - 1000, 6)

    def room(self) -> None:
        """Nothing waits here for room."""

    def acted(self) -> None:
        """Count."""
        self.times_acted += 1

    def at(self, due: float, call: Callable[[], None]) -> Appointed:
        """Use the clock."""
        return self.clock.at(due, call)

    def soon(self, call: Callable[[], None]) -> Appointed:
        """Use the clock."""
        return self.clock.at(self.clock.now, call)

    def reset(self) -> None:
        """Record the wish."""
        self.was_reset = True


class _NoSocket:
    def fileno(self) -> int:
        return -1


class FakeTransport(asyncio.Transport):
    """Records what is written.

    Attributes:
        written: Everything that was.
        reading: Whether it is being read from.
        waiting: What it says is waiting in its buffer.
        closed: "" while open, else "closed" or "aborted".
    """

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.reading = True
        self.waiting = 0
        self.closed = ""

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Give a socket without a descriptor, so that bytes come to `write`."""
        return _NoSocket() if name == "socket" else default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Record bytes."""
        self.written += bytes(data)

    def write_eof(self) -> None:
        """Accept the end of writing."""

    def get_write_buffer_size(self) -> int:
        """Return what the test has set."""
        return self.waiting

    def pause_reading(self) -> None:
        """Record."""
        self.reading = False

    def resume_reading(self) -> None:
        """Record."""
        self.reading = True

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return bool(self.closed)

    def close(self) -> None:
        """Record."""
        self.closed = self.closed or "closed"

    def abort(self) -> None:
        """Record."""
        self.closed = "aborted"
