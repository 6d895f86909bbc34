"""The contract of a toxic: settings that can be printed, and what they do to one direction of a connection.

A toxic is one file in `toxics/`, named after its Toxiproxy type. It holds a `Toxic` (the attributes as a frozen
dataclass, all integers, all with a default of zero) under the module-level name `KIND`, and a `Pipe` that carries
bytes.
The smallest example is `toxics/noop.py`.

    source -> Stub -> Stub -> destination
               |        |
              Pipe     Pipe          one stub per toxic and connection; a stub whose dice spare it just passes on
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any, Protocol, Self

from harness.embedded_toxiproxy.go_json import BadBody, Fields


class Timer(Protocol):
    """A call that will be made unless it is cancelled before."""

    def cancel(self) -> None:
        """Do not make the call."""


class Stub(Protocol):
    """What a pipe sees of its place in the chain. Times are seconds of `time.monotonic`."""

    @property
    def random(self) -> Random:
        """Chance, from the server's seed: the same for the same toxic on the n-th connection of the same proxy."""

    def emit(self, data: bytes, at: float) -> None:
        """Hand bytes to the next in the chain; `at` is when they were received, moved on by latencies."""

    def end(self) -> None:
        """Close the connection behind this point once what was emitted has been delivered."""

    def room(self) -> None:
        """Say that `full` may have changed otherwise than by an `emit`: bytes were dropped, or a wait is over."""

    def acted(self) -> None:
        """Say that the toxic has made a difference to this connection, for the journal."""

    def at(self, due: float, call: Callable[[], None]) -> Timer:
        """Make a call at a time, never before it."""

    def soon(self, call: Callable[[], None]) -> Timer:
        """Make a call in the next turn of the loop, so that what was emitted before leaves as a packet of its own."""

    def reset(self) -> None:
        """Have both sockets of this connection closed with RST from now on, if a reset_peer was there at its start."""


class Pipe:
    """What a toxic does to one direction of one connection. This base passes everything on.

    Bytes come in by `feed` in chunks of 32 KiB at most, and leave by `stub.emit` in the same order.
    """

    def __init__(self, stub: Stub) -> None:
        self.stub = stub

    @property
    def full(self) -> bool:
        """Whether the source must not be read from for now: this is how backpressure reaches the sender."""
        return False

    def start(self) -> None:
        """Begin acting: at the start of the connection, at the toxic's addition, or when the dice turn against it."""

    def feed(self, data: bytes, at: float) -> None:
        """Take a chunk, received at this time."""
        self.stub.emit(data, at)

    def eof(self) -> None:
        """Take the end of the stream. Nothing is fed after it."""
        self.stub.end()

    def update(self, toxic: Any) -> None:
        """Go on with other settings, of the same type."""

    def release(self) -> None:
        """Stop acting and emit what is held, at once and in order, the end of the stream included."""

    def remove(self) -> None:
        """Leave the connection because the toxic was deleted."""
        self.release()

    def abandon(self) -> None:
        """Cancel every timer and forget what is held: the connection is gone."""


@dataclass(frozen=True, kw_only=True)
class Toxic:
    """Settings of a toxic, and one verb: `pipe`."""

    def problem(self) -> str | None:
        """Say what is wrong with the attributes, or None. Refused is only what breaks the real server."""
        return None

    def pipe(self, stub: Stub) -> Pipe:
        """Start acting on one direction of one connection."""
        raise NotImplementedError

    def changed(self, attributes: Any) -> Self:
        """Return these settings with some replaced; keys are found in any case, unknown ones ignored (TX-065, TX-069).

        Args:
            attributes: A decoded JSON object, or None for no change.

        Raises:
            BadBody: A value is no integer, or the settings would be such as `problem` refuses.
        """
        given = Fields(attributes)
        changed = replace(
            self, **{field.name: given.integer(field.name, getattr(self, field.name)) for field in fields(self)}
        )
        problem = changed.problem()
        if problem is not None:
            raise BadBody(problem)
        return changed

    def attributes(self) -> dict[str, int]:
        """Return the settings as Toxiproxy shows them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
