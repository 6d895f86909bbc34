"""The stage: the running parts of one scenario run that a fault may touch."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Protocol

from harness.call import Operation
from harness.crew import Workers
from harness.errors import UsageError
from harness.history import HistoryEvent
from harness.points import Points
from harness.service import FakeService, Service
from harness.stream import Stream


class Part(StrEnum):
    """A part of the stage that is no service."""

    WORKERS = "workers"
    """The application's worker processes."""
    LINK = "link"
    """The wire between the workers and Temporal; the scenario's own client has another."""
    SERVER = "server"
    """The Temporal server."""


Target = Operation | type[Service] | Part
"""What a fault is aimed at: one operation of a fake, a service with the wire to it, or another part of the stage."""

HistoryHook = Callable[[HistoryEvent], Awaitable[None]]


class Direction(StrEnum):
    """Which way the bytes flow through a proxy, in Toxiproxy's words (its field `stream`)."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One client connection that a proxy carried, as the proxy's own journal tells it.

    Attributes:
        opened_at: When the client was accepted.
        closed_at: When the last of the two sockets was closed, None while it is open.
        toxics: Names of the toxics that acted on it, in the order in which they first did: a latency toxic when
            it delayed a chunk, a timeout toxic when it dropped one or closed the connection, and so on. A toxic
            that was merely present is not named.
        bytes_up: Bytes delivered to the upstream.
        bytes_down: Bytes delivered to the client.
        end: How it ended for the client: "fin", "rst", or None while it is open.
    """

    opened_at: datetime
    closed_at: datetime | None
    toxics: tuple[str, ...]
    bytes_up: int
    bytes_down: int
    end: str | None


class Proxy(Protocol):
    """One proxy in front of one service. The methods return when the change is in force, on live connections too."""

    @property
    def name(self) -> str:
        """The proxy's name on its Toxiproxy."""

    @property
    def address(self) -> str:
        """HOST:PORT on which clients reach the service through this proxy."""

    async def add_toxic(self, name: str, *, kind: str, direction: Direction, attributes: Mapping[str, int]) -> None:
        """Add a toxic of Toxiproxy type `kind`, toxicity 1.0: the choice which call it meets is ours."""

    async def update_toxic(self, name: str, *, attributes: Mapping[str, int]) -> None:
        """Change attributes of a toxic; those not named keep their value."""

    async def remove_toxic(self, name: str) -> None:
        """Take a toxic away, by a way that the server at hand survives (TX-130)."""

    async def disable(self) -> None:
        """Close the listener and every connection: new connects are refused (TX-031)."""

    async def enable(self) -> None:
        """Listen again on the same address; toxics apply at once."""

    async def connections(self) -> Sequence[Connection] | None:
        """Return the connections carried so far, oldest first, or None where the provider keeps no journal."""


class BreakableServer(Protocol):
    """A Temporal server of ours."""

    async def kill(self) -> None:
        """Kill it with SIGKILL, and wait until it is gone."""

    async def restart(self, *, unready_for: timedelta = timedelta(0)) -> None:
        """Start it again on the same port, with its data, and wait until it answers.

        Args:
            unready_for: How long it listens without answering, once it listens.

        Raises:
            EnvironmentUnavailable: It does not come up.
        """

    def pause(self) -> None:
        """Stop it in its tracks."""

    def resume(self) -> None:
        """Let it go on."""


class HistoryFeed:
    """Tells triggers of each event of the scenario's workflow, a few milliseconds after the server recorded it.

    Attributes:
        so_far: The events of all its runs, in order.
        run: To which run the last of them belongs, from 1: continue-as-new and a retry begin another.
    """

    def __init__(self) -> None:
        self.so_far: list[HistoryEvent] = []
        self.run = 1
        self._hooks: list[HistoryHook] = []

    @contextmanager
    def watched(self, hook: HistoryHook) -> Iterator[None]:
        """Await `hook` for every history event from now on."""
        self._hooks.append(hook)
        try:
            yield
        finally:
            self._hooks.remove(hook)

    async def publish(self, event: HistoryEvent, *, run: int) -> None:
        """Tell every hook, one after the other, of an event of the nth run."""
        self.run = run
        self.so_far.append(event)
        for hook in tuple(self._hooks):
            await hook(event)


@dataclass(kw_only=True)
class Stage:
    """The running parts of one scenario run.

    Attributes:
        stream: The run's events.
        services: Each service by its class.
        proxies: The proxy in front of each.
        history: The history of the scenario's workflow, as it grows.
        points: The named points that workers reach.
        server: The Temporal server, if it is this run's own to break.
        workers: The worker processes; None when the worker lives in this process, or before they are up.
        random: Where every choice of chance is drawn from.
    """

    stream: Stream
    services: Mapping[type[Service], Service]
    proxies: Mapping[type[Service] | Part, Proxy]
    history: HistoryFeed
    random: Random
    points: Points = field(default_factory=Points)
    server: BreakableServer | None = None
    workers: Workers | None = None

    def service(self, on: Target) -> Service:
        """Return the running service of an operation or of a service's class."""
        return self.services[service_of(on)]

    def fake(self, on: Target) -> FakeService:
        """Return the running fake of an operation or of a fake's class.

        Raises:
            UsageError: It is a real server, whose calls nobody sees.
        """
        service = self.service(on)
        if not isinstance(service, FakeService):
            raise UsageError(f"{service.name()} is no fake: its calls can be neither counted, held nor changed.")
        return service

    def proxy(self, on: Target) -> Proxy:
        """Return the proxy in front of a service, or on the link."""
        return self.proxies[on if isinstance(on, Part) else service_of(on)]

    def crew(self) -> Workers:
        """Return the worker processes.

        Raises:
            UsageError: The worker lives in this process.
        """
        if self.workers is None:
            raise UsageError("the worker lives in this process; declare `workers=WorkerProcesses()` to break it.")
        return self.workers

    def breakable(self) -> BreakableServer:
        """Return the Temporal server.

        Raises:
            UsageError: It is not this run's own.
        """
        if self.server is None:
            raise UsageError("the Temporal server is shared; declare `server=Server(breakable=True)` to break it.")
        return self.server


def service_of(on: Target) -> type[Service]:
    """Return the service that a target belongs to.

    Raises:
        UsageError: It is no service.
    """
    if isinstance(on, Part):
        raise UsageError(f"{on} is no service.")
    if not isinstance(on, Operation):
        return on
    assert on.owner is not None, f"{on!r} was taken from an instance, not from its class"  # noqa: S101 - cannot be
    return on.owner
