"""One direction of one connection: bytes go from one socket through the chain of toxics to the other socket."""

from __future__ import annotations

import asyncio
import time
from random import Random
from typing import Any, Protocol, cast

from harness.embedded_toxiproxy.chain import LinkStub, Placed
from harness.embedded_toxiproxy.outlet import Outlet

# Toxics see chunks of at most this many bytes, as on the real server.
CHUNK = 32 * 1024
# What may wait for a destination that does not read, when toxics with a queue stand before it (TX-081).
QUEUE_BYTES = 1024 * CHUNK


class Carrier(Protocol):
    """What a link asks of its session."""

    def chance(self, purpose: str) -> Random:
        """Chance for one purpose on this connection."""

    def acted(self, name: str) -> None:
        """A toxic made a difference to this connection."""

    def reset(self) -> None:
        """Both sockets are to close with RST."""

    def finish(self, link: Link) -> None:
        """Everything has been delivered: close the destination."""


class Link:
    """Carries bytes from `source` to `destination`; without toxics it does so in one step.

    Attributes:
        received: Bytes read from the source.
        sent: Bytes written to the destination.
        failed: Whether the destination was lost before everything was delivered.
        counted: Whether the metrics know of it.
    """

    __slots__ = (
        "_carrier",
        "_destination",
        "_destination_full",
        "_destination_gone",
        "_done",
        "_early",
        "_early_eof",
        "_loop",
        "_lost",
        "_paused",
        "_plain",
        "_source",
        "_stubs",
        "counted",
        "direction",
        "failed",
        "received",
        "sent",
    )

    def __init__(self, direction: str, carrier: Carrier, loop: asyncio.AbstractEventLoop) -> None:
        self.direction = direction
        self.received = 0
        self.sent = 0
        self.failed = False
        self.counted = False
        self._carrier = carrier
        self._loop = loop
        # Set by `start`, before which nothing is written or read.
        self._source: asyncio.Transport | None = None
        self._destination = cast("Outlet", None)
        self._stubs: list[LinkStub] = []
        self._early: list[bytes] | None = []
        self._early_eof = False
        self._plain = False
        self._paused = False
        self._destination_full = False
        self._done = False
        self._lost = 0
        self._destination_gone = False

    @property
    def delivered(self) -> int:
        """Bytes that went out: what was written less what was still waiting when the destination was lost."""
        return self.sent - self._lost

    @property
    def paused(self) -> bool:
        """Whether the source is not being read from, so that its socket may hold unread bytes."""
        return self._paused

    def start(self, source: asyncio.Transport, destination: asyncio.Transport, toxics: list[Placed]) -> None:
        """Begin, with the toxics of this direction in their order."""
        self._source, self._destination = source, Outlet(destination)
        for placed in toxics:
            self._append(placed)
        for stub in self._stubs:
            stub.start()
        early, self._early = self._early, None
        self._replan()
        for data in early or ():
            self.receive(data)
        if self._early_eof:
            self.source_ended()

    def receive(self, data: bytes) -> None:
        """Take bytes from the source."""
        if self._plain:
            size = len(data)
            self.received += size
            self.sent += size
            self._destination.write(data)
        else:
            self._receive_through_chain(data)

    def source_ended(self) -> None:
        """Take the end of the source, whether by FIN or by RST (TX-080)."""
        if self._early is not None:
            self._early_eof = True
        elif not self._done:
            (self._stubs[0] if self._stubs else self).eof()

    def destination_filled(self, full: bool) -> None:  # noqa: FBT001 - positional, this is called from the data path
        """Take the destination's word on whether it can take more."""
        self._destination_full = full
        self.regulate()

    def destination_lost(self, waiting: int) -> None:
        """Stop: nothing can be delivered any more.

        Args:
            waiting: Bytes that were written but had not left when it was lost.
        """
        self._done = True
        self._plain = False
        if not self._destination_gone:
            self._destination_gone = True
            if self._early is None:
                self._destination.shut()
            self._lost = waiting
            self.failed = bool(waiting)
        for stub in self._stubs:
            stub.abandon()

    def add(self, placed: Placed) -> None:
        """Let a new toxic act, next to the destination."""
        if self._early is not None or self._done:
            return
        last = self._stubs[-1] if self._stubs else None
        stub = self._append(placed)
        self._replan()
        if last is not None and last.ended:
            stub.ended = True
            return
        if last is not None:
            last.neighbour_changed()
        stub.start()
        self.regulate()

    def update(self, placed: Placed) -> None:
        """Let a toxic go on with the settings it has now."""
        for stub in self._stubs:
            if stub.placed is placed and not stub.ended:
                stub.update()
        self.regulate()

    def remove(self, placed: Placed) -> None:
        """Take a toxic out; what it held goes on first."""
        for index, stub in enumerate(self._stubs):
            if stub.placed is placed:
                if not stub.ended:
                    stub.remove()
                if stub.ended and not self._done:
                    # It has closed the link behind it: what stands before it must go on seeing a closed end.
                    break
                del self._stubs[index]
                if index:
                    self._stubs[index - 1].next = stub.next
                    if not self._stubs[index - 1].ended:
                        self._stubs[index - 1].neighbour_changed()
                break
        self._replan()
        self.regulate()

    def feed(self, data: bytes, at: float) -> None:  # noqa: ARG002 - the end of the chain has no use for the time
        """Take bytes from the last toxic."""
        if self._done:
            return
        self.sent += len(data)
        self._destination.write(data)
        if self._paused:
            self.regulate()

    def eof(self) -> None:
        """Take the end from the last toxic."""
        if not self._done:
            self._done = True
            self._plain = False
            self._carrier.finish(self)

    def regulate(self) -> None:
        """Read from the source, or do not, as the destination and the toxics have room."""
        source = self._source
        if source is None or source.is_closing():
            return
        full = self._destination_full and (
            not self._stubs or self._destination.transport.get_write_buffer_size() > self._patience()
        )
        if not full:
            full = any(stub.full for stub in self._stubs)
        if full != self._paused:
            self._paused = full
            if full:
                source.pause_reading()
            else:
                source.resume_reading()

    def room(self) -> None:
        """Go on reading if that is what waited for a toxic."""
        if self._paused:
            self.regulate()

    def acted(self, name: str) -> None:
        """Tell the journal."""
        self._carrier.acted(name)

    def reset(self) -> None:
        """Have both sockets closed with RST."""
        self._carrier.reset()

    def chance(self, name: str) -> Random:
        """Give chance to one toxic."""
        return self._carrier.chance(f"{self.direction}/{name}")

    def _append(self, placed: Placed) -> LinkStub:
        stub = LinkStub(placed, self, self, self._loop)
        if self._stubs:
            self._stubs[-1].next = stub
        self._stubs.append(stub)
        return stub

    def _replan(self) -> None:
        self._plain = not self._stubs and not self._done and self._early is None

    def _patience(self) -> int:
        return QUEUE_BYTES if any(stub.placed.type == "latency" for stub in self._stubs) else 0

    def _receive_through_chain(self, data: bytes) -> None:
        if self._early is not None:
            # Not every event loop heeds `pause_reading` called before the first read.
            self._early.append(data)
            return
        self.received += len(data)
        if self._done:
            return
        now = time.monotonic()
        first: Any = self._stubs[0] if self._stubs else self
        if len(data) <= CHUNK:
            first.feed(data, now)
        else:
            for start in range(0, len(data), CHUNK):
                first.feed(data[start : start + CHUNK], now)
        self.regulate()
