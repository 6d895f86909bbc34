"""A chain of toxics can be changed under live connections, in order and without losing a byte (TX-075 to TX-077)."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from harness.embedded_toxiproxy.toxic import Pipe, Toxic

# A timer further off than this is as good as none; event loops take no bigger number.
FOR_EVER = 10 * 365 * 86400.0


@dataclass(kw_only=True)
class Placed:
    """A toxic as it stands on a proxy; its stubs on live connections read it from here.

    Attributes:
        name: Unique on its proxy.
        type: Its Toxiproxy type.
        stream: "upstream" or "downstream", in the case in which it came (TX-063).
        toxicity: The share of links it acts on.
        toxic: Its settings.
    """

    name: str
    type: str
    stream: str
    toxicity: float
    toxic: Toxic

    @property
    def downstream(self) -> bool:
        """Whether it acts on what flows to the client."""
        return self.stream.lower() == "downstream"

    def show(self) -> dict[str, Any]:
        """Return the object that Toxiproxy's API shows (TX-060)."""
        return {
            "attributes": self.toxic.attributes(),
            "name": self.name,
            "type": self.type,
            "stream": self.stream,
            "toxicity": self.toxicity,
        }


class Sink(Protocol):
    """What takes bytes: the next stub, or the end of the chain."""

    def feed(self, data: bytes, at: float) -> None:
        """Take bytes."""

    def eof(self) -> None:
        """Take the end."""


class Owner(Protocol):
    """What a stub asks of its link."""

    def room(self) -> None:
        """There may be room for more."""

    def acted(self, name: str) -> None:
        """A toxic made a difference."""

    def reset(self) -> None:
        """Both sockets are to close with RST."""

    def chance(self, name: str) -> Random:
        """Chance for one toxic on this link."""


class LinkStub:
    """The place of one toxic on one link. It rolls the dice, and carries the pipe while they are against the link."""

    __slots__ = ("_active", "_known", "_loop", "_owner", "_pipe", "_random", "ended", "next", "placed")

    def __init__(self, placed: Placed, owner: Owner, following: Sink, loop: asyncio.AbstractEventLoop) -> None:
        self.placed = placed
        self.next = following
        self.ended = False
        self._owner = owner
        self._loop = loop
        self._random: Random | None = None
        self._known = False
        self._pipe: Pipe = placed.toxic.pipe(self)
        self._active = False

    @property
    def full(self) -> bool:
        """Whether the source must not be read from."""
        return self._active and self._pipe.full

    @property
    def random(self) -> Random:
        """Chance of this stub's own."""
        if self._random is None:
            self._random = self._owner.chance(self.placed.name)
        return self._random

    def start(self) -> None:
        """Roll the dice and begin."""
        self._active = self._roll()
        if self._active:
            self._pipe.start()

    def update(self) -> None:
        """Roll again and go on with the settings as they are now."""
        was, self._active = self._active, self._roll()
        if was and self._active:
            self._pipe.update(self.placed.toxic)
        elif was:
            self._pipe.release()
        else:
            self._pipe.update(self.placed.toxic)
            if self._active:
                self._pipe.start()
            else:
                self._pipe.abandon()

    def neighbour_changed(self) -> None:
        """Roll again because the next toxic in the chain came or went (TX-077)."""
        was, self._active = self._active, self._roll()
        if was and not self._active:
            self._pipe.release()
        elif self._active and not was and not self.ended:
            self._pipe.start()

    def remove(self) -> None:
        """Let go of everything held: the toxic was deleted."""
        self._pipe.remove()

    def abandon(self) -> None:
        """Forget everything: the link is gone."""
        self.ended = True
        self._pipe.abandon()

    def feed(self, data: bytes, at: float) -> None:
        """Take bytes from the one before."""
        if self.ended:
            self._owner.room()
        elif self._active:
            self._pipe.feed(data, at)
        else:
            self.next.feed(data, at)

    def eof(self) -> None:
        """Take the end from the one before."""
        if self.ended:
            return
        if self._active:
            self._pipe.eof()
        else:
            self.end()

    def emit(self, data: bytes, at: float) -> None:
        """Hand bytes on."""
        self.next.feed(data, at)

    def end(self) -> None:
        """Hand the end on, once."""
        if not self.ended:
            self.ended = True
            self._pipe.abandon()
            self.next.eof()

    def room(self) -> None:
        """Say that there may be room again."""
        self._owner.room()

    def acted(self) -> None:
        """Tell the journal, once."""
        if not self._known:
            self._known = True
            self._owner.acted(self.placed.name)

    def reset(self) -> None:
        """Have the connection closed with RST."""
        self._owner.reset()

    def at(self, due: float, call: Callable[[], None]) -> Appointment:
        """Call at a time of `time.monotonic`, never before."""
        return Appointment(self._loop, min(due, time.monotonic() + FOR_EVER), call)

    def soon(self, call: Callable[[], None]) -> asyncio.Handle:
        """Call in the next turn of the loop."""
        return self._loop.call_soon(call)

    def _roll(self) -> bool:
        toxicity = self.placed.toxicity
        # Certain outcomes need no dice, so that the draws of the others do not depend on them.
        return toxicity >= 1 or (toxicity > 0 and self.random.random() < toxicity)


class Appointment:
    """A timer that is never early, whatever the grain of the event loop's own clock.

    uvloop rounds to whole milliseconds counted from the start of the current turn, so its timers can be early by that
    much: whoever is early waits for what is left.
    """

    __slots__ = ("_call", "_due", "_handle", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, due: float, call: Callable[[], None]) -> None:
        self._loop = loop
        self._due = due
        self._call = call
        self._arm(due - time.monotonic())

    def cancel(self) -> None:
        """Do not call."""
        self._handle.cancel()

    def _arm(self, seconds: float) -> None:
        self._handle = self._loop.call_later(max(math.ceil(seconds * 1000), 0) / 1000, self._ring)

    def _ring(self) -> None:
        left = self._due - time.monotonic()
        if left > 0:
            self._arm(left)
        else:
            self._call()
